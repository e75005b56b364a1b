"""Writing a profile that starts half filled in: TOML with a comment beside every proposal."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator
from decimal import Decimal

from catalogue.profile import BARRIERS, CUSTOMERS_NEEDS, PRESET, RESOURCES_GAPS, SKILLS_GAPS, SURVEY_2018
from catalogue.records import strip_controls
from catalogue.starting.values import Body, Starting, StartingRequirement, StartingSystem

_WIDTH = 110

#: Each list of words that gaps belong to: its key in the profile, and the words it may hold.
LISTS = {
    "skills": ("gaps", SKILLS_GAPS),
    "resources": ("gaps", RESOURCES_GAPS),
    "customers": ("needs", CUSTOMERS_NEEDS),
}


def propose(
    starting: Starting,
    body: Body,
    *,
    name: str | None = None,
    staff_users: int | None = None,
    residents: int | None = None,
    budget: Decimal | int | None = None,
) -> str:
    """A profile in order for a body of this kind, as TOML with a comment beside every proposal.

    Numbers that are ``None`` are left as commented lines; without a name a placeholder stands in its place.
    """
    size, reckoned = starting.size(body, staff_users, residents)
    lines = [
        *_opening(starting, body, size, reckoned),
        *_organisation(body, name, staff_users, residents, budget),
        *_weights(),
    ]
    lines += _heading("Barrier 1: legacy systems, those that stay, go, or must be connected to")
    lines += _comment(
        "One [[legacy]] block for each system. intent: connect (it stays, and data goes to and fro), keep "
        "(it stays, nothing may take its place), replace (something new takes over), retire (it goes, its "
        "data is moved). interfaces: what the OLD system can do: api files database screen none. aliases: "
        "its other names, old ones too."
    )
    lines += _comment("For each block ask: does this body run it? Delete the block if not.")
    for system in starting.systems:
        if system.suits(body, size):
            lines += ["", *_about(system), *system_lines(system)]
    lines += _gaps(starting, body, size)
    lines += _heading("Requirements: write and agree them before you search")
    lines += _comment(
        'priority: must or want. A "must" that names a question excludes services that answer otherwise; '
        "one in your own words never does, and raises a question to the supplier where the listing is "
        "silent. includes: any of these answers; equals: exactly this one. Delete what you do not need: few "
        "musts leave a choice."
    )
    for requirement in starting.requirements:
        if requirement.suits(body, size):
            lines += ["", *_comment(f"To check: {requirement.why}."), *requirement_lines(requirement)]
    return "\n".join(lines) + "\n"


def _opening(starting: Starting, body: Body, size: str, reckoned: str) -> Iterator[str]:
    why = next(row.why for row in starting.sizes if row.id == size)
    yield from _comment(
        f"A profile that starts half filled in, for {body.called} of {size} size ({reckoned}). "
        f"At that size {why}."
    )
    others = [other.kind for other in starting.bodies if other.sector == body.sector and other is not body]
    if others:
        yield from _comment(f"Other kinds of this sector: --kind {', '.join(str(kind) for kind in others)}.")
    yield "#"
    yield from _comment(
        "Everything below is a PROPOSAL: what such bodies usually run, lack and need. Nothing is known here "
        "of yours. Go through it once from top to bottom, delete what is not so, add what is missing. What "
        "stands after a # is a note to you and is not read; to use a line that begins with #, take the # "
        "away."
    )
    yield "#"
    yield "# Then:   longlist profile check FILE     finds mistakes and vague words"
    yield "#         longlist match FILE             ranks the catalogue"
    yield ""
    yield from _comment(
        "To check: what you are after, in one sentence. Its words decide which services are about the matter."
    )
    yield f"goal = {_quoted(body.goal)}"


def _organisation(
    body: Body,
    name: str | None,
    staff_users: int | None,
    residents: int | None,
    budget: Decimal | int | None,
) -> Iterator[str]:
    given = " ".join(strip_controls(name or "").split())
    yield ""
    yield "[organisation]"
    if given:
        yield f"name = {_quoted(given)}"
    else:
        what = body.called.partition(" ")[2]
        yield f"name = {_quoted(f'Name of the {what}')}   # write yours"
    yield f"sector = {_quoted(body.sector)}"
    yield from _comment(
        "These counts turn prices for each user or resident into yearly figures; without them such prices "
        "are shown as not comparable, never guessed."
    )
    yield _number("staff_users", staff_users, "250", "people who would work with it")
    yield _number("residents", residents, "100000", "people served")
    yield _number("budget_per_year", budget, "50000", "pounds, without VAT")
    yield _number("contract_years", None, "2", "")
    yield _number("award_by", None, "2027-03-31", "a date, without quotation marks")


def _weights() -> Iterator[str]:
    yield from _heading("How much each of the four barriers matters HERE")
    yield from _comment(
        "Any positive numbers: they are turned into percentages. Equal until you say otherwise. Without a "
        f"[weights] table the preset {PRESET} is used."
    )
    yield "[weights]"
    yield from (f"{barrier} = 25" for barrier in BARRIERS)
    yield ""
    yield from _comment(
        f"The preset {PRESET}: how common each barrier is among public bodies, not how grave it is for you. "
        "(Percentages of bodies that named it.) To use it, delete the [weights] table, or write its numbers "
        "there:"
    )
    yield from (f"# {barrier} = {SURVEY_2018[barrier]}" for barrier in BARRIERS)


def _gaps(starting: Starting, body: Body, size: str) -> Iterator[str]:
    headings = {
        "skills": "Barrier 2: skills that you do not have in house",
        "resources": "Barrier 3: money and time that you do not have",
        "customers": "Barrier 4: what the people who use the service need",
    }
    for key, (plural, allowed) in LISTS.items():
        yield from _heading(headings[key])
        yield from _comment("To check: delete what is no gap here; take the # away from what is.")
        yield f"[{key}]"
        yield f"{plural} = ["
        for word in allowed:
            why = next(
                (
                    gap.why
                    for gap in starting.gaps
                    if (gap.list, gap.word) == (key, word) and gap.suits(body, size)
                ),
                None,
            )
            entry = f"{_quoted(word)},"
            yield f"  {entry:<22} # {why}" if why else f"  # {entry}"
        yield "]"
        if key == "skills":
            yield '# team = "one web officer; nobody writes code"     # who is there, in your words'


def _about(row: StartingSystem) -> Iterator[str]:
    first = row.function[0].upper() + row.function[1:]
    others = (
        f" Or is it: {'; '.join(row.others)}? Then write that name, and its aliases." if row.others else ""
    )
    yield from _comment(f"{first}: {row.why}. To check: does this body run it?{others}")


def system_lines(row: StartingSystem) -> Iterator[str]:
    """The table of a system, without comments."""
    yield "[[legacy]]"
    yield f"system = {_quoted(row.system)}"
    if row.aliases:
        yield f"aliases = {toml_list(row.aliases)}"
    yield f"purpose = {_quoted(row.function)}"
    yield f"intent = {_quoted(row.intent)}"
    yield f"interfaces = {toml_list(row.interfaces)}"


def requirement_lines(row: StartingRequirement) -> Iterator[str]:
    """The table of a requirement, without comments."""
    yield "[[requirement]]"
    yield f"text = {_quoted(row.text)}"
    yield f"priority = {_quoted(row.priority)}"
    yield f"barrier = {_quoted(row.barrier)}"
    if row.question is not None:
        yield f"question = {_quoted(row.question)}"
    if row.includes:
        yield f"includes = {toml_list(row.includes)}"
    if row.equals is not None:
        yield f"equals = {_quoted(row.equals)}"


def _heading(text: str) -> list[str]:
    return ["", f"# --- {text} ".ljust(_WIDTH, "-")]


def _comment(text: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent="# ",
        subsequent_indent="# ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _number(key: str, value: Decimal | int | None, example: str, note: str) -> str:
    line = f"# {key} = {example}" if value is None else f"{key} = {value}"
    return f"{line:<27} # {note}".rstrip() if note else line


def _quoted(text: str) -> str:
    """A TOML string. A name from a command line may hold what is no character; it becomes a question mark."""
    return json.dumps(text.encode("utf-8", "replace").decode("utf-8"), ensure_ascii=False)


def toml_list(texts: Iterable[str]) -> str:
    """A TOML list of strings."""
    return f"[{', '.join(_quoted(text) for text in texts)}]"
