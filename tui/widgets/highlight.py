"""Marking in a supplier's text the words that were looked for: why a service was found, seen at a glance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content

from catalogue.model import SearchPage
from catalogue.text import tokens_with_spans, words
from tui.widgets.plain import shown

#: Underlined too, so that the mark does not rest on colour.
MARK = "bold underline $text-accent"
#: Endings taken off before two words are compared; search stems in the same spirit.
_ENDINGS = ("ations", "ation", "ings", "ing", "ers", "er", "ies", "es", "ed", "s", "e", "y")
EVERYDAY = frozenset(
    (
        *("a", "an", "and", "as", "at", "be", "by", "for", "from"),
        *("in", "is", "it", "of", "on", "or", "the", "to"),
    )
) | {"with"}


#: Stemmed words next to each other.
Run = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search looked for: each a run of stemmed words, of one word for plain words.

    ``text`` is as typed; ``assumed`` has the words that were read as others, ``others`` the other names and
    related words that were looked for in place of something typed.
    """

    runs: frozenset[Run] = frozenset()
    text: str = ""
    assumed: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where it occurs in the text; the longest run wins."""
        return [(start, end) for _, start, end in self._found(text)]

    def runs_in(self, text: str) -> frozenset[Run]:
        """What of it occurs in the text."""
        return frozenset(run for run, _, _ in self._found(text))

    def _found(self, text: str) -> list[tuple[Run, int, int]]:
        tokens = [(stem(word), start, end) for word, start, end in tokens_with_spans(text)]
        lengths = sorted({len(run) for run in self.runs}, reverse=True)
        found: list[tuple[Run, int, int]] = []
        at = 0
        while at < len(tokens):
            for length in lengths:
                part = tokens[at : at + length]
                run = tuple(word for word, _, _ in part)
                if len(part) == length and run in self.runs:
                    found.append((run, part[0][1], part[-1][2]))
                    at += length
                    break
            else:
                at += 1
        return found

    def mark(self, text: str, style: str = "") -> Content:
        """The text as content, with what was sought marked in it."""
        plain = shown(text)
        content = Content.styled(plain, style) if style else Content(plain)
        for start, end in self.spans(plain):
            content = content.stylize(MARK, start, end)
        return content


def other_names(page: SearchPage) -> list[str]:
    """The other names that a search took in, each once. A search gives those of one word in one string."""
    return list(dict.fromkeys(name for _, others in page.aliases for name in others.split(", ")))


def stem(word: str) -> str:
    """The word without a common English ending, where at least three letters stay."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def sought_by(text: str, page: SearchPage | None = None) -> Sought:
    """What a query's text looks for, with the words assumed, other names and related words of the search."""
    names: list[str] = [text]
    if page is not None:
        names += [assumed.meant for assumed in page.assumed]
        names += other_names(page)
        names += [word for _, related in page.related for word in related]
    if page is None:
        return Sought(frozenset(_runs(names)), text)
    others = [(typed, tuple(also.split(", "))) for typed, also in page.aliases]
    return Sought(
        frozenset(_runs(names)),
        text,
        tuple((assumed.typed, assumed.meant) for assumed in page.assumed),
        (*others, *page.related),
    )


def _runs(names: Iterable[str]) -> Iterable[tuple[str, ...]]:
    for at, name in enumerate(names):
        run = tuple(stem(word) for word in words(name))
        if at:
            if run:
                yield run
            continue
        yield from ((stem(word),) for word in words(name) if word not in EVERYDAY)
