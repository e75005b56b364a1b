"""Every error that Longlist raises on purpose, as one tree.

The message of each says what is wrong, where, what was found, what was expected and what to do next.
Only the edges (commands, screens, a run's loop) catch them; the exit status of each kind is decided by
``tui.commands.edge``.
"""

from __future__ import annotations


class LonglistError(Exception):
    """Anything that a user can be told in a sentence or two, without a traceback."""


class UsageError(LonglistError):
    """The user asked for something that cannot be, such as an unknown lot; exit status 2."""


class RecordError(LonglistError):
    """A service record breaks FORMATS: names the key, what was found and what was expected."""


class ProfileError(LonglistError):
    """A profile has mistakes; ``problems`` holds all of them, each a sentence."""

    def __init__(self, source: str, problems: list[str]) -> None:
        self.source = source
        self.problems = problems
        noun = "problem" if len(problems) == 1 else "problems"
        super().__init__(f"{source}: {len(problems)} {noun}\n" + "\n".join(f"  - {p}" for p in problems))


class DataFileError(LonglistError):
    """A row of a shipped table (questions, rules, vocabulary, sources) is wrong; names file and row."""


class CatalogueError(LonglistError):
    """The catalogue cannot be used: missing, not one of ours, too new, locked, or the disk is full."""


class CatalogueBusyError(CatalogueError):
    """Another program writes to the catalogue; it can be used when that has ended."""


class SourceShapeError(LonglistError):
    """A page no longer has the shape that the parser was written for; the source moved (exit status 4)."""

    def __init__(self, url: str, selector: str, found: str, expected: str, advice: str = "") -> None:
        self.url, self.selector, self.found, self.expected = url, selector, found, expected
        message = f"{url}: selector {selector!r} found {found}, expected {expected}"
        super().__init__(f"{message}. {advice}" if advice else message)


class FetchRefused(LonglistError):
    """A request that politeness or safety forbids: robots.txt, another host, a page too large."""


class LockHeld(LonglistError):
    """Another run works on this catalogue (exit status 5)."""
