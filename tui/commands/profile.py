"""``longlist profile``: begin and look after the file that says who buys and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from catalogue.bodies import BodySuggestion, sector_of
from catalogue.errors import ProfileError, UsageError
from catalogue.profile import SECTORS, Profile, parse_profile
from catalogue.profile.advice import Advice
from catalogue.starting import load_starting, propose
from catalogue.vague import advise
from db.bodies import body_named, suggest_bodies
from db.catalogue import open_catalogue
from tui.commands.edge import ExitCode, Settings, pass_settings, print_json, say, stop, tell
from tui.commands.output import write_whole
from tui.matching import read_profile_text


@click.group()
def profile() -> None:
    """Begin and check the profile of an organisation."""


@profile.command()
@click.option(
    "--sector",
    type=click.Choice(SECTORS),
    help="What the organisation is. Left out: as the name says, or the list of public bodies.",
)
@click.option(
    "--kind",
    metavar="KIND",
    help="Of local-government: district, county, unitary or london-borough; of nhs: trust, gp or icb; "
    "of education: school, college or university. Left out: unitary, trust, school.",
)
@click.option(
    "--name",
    metavar="NAME",
    help="The organisation's name, or its initials where the list of public bodies knows them.",
)
@click.option("--staff-users", type=click.IntRange(1, 5_000_000), help="People who would work with it.")
@click.option("--residents", type=click.IntRange(1, 100_000_000), help="People served.")
@click.option("--budget", type=click.IntRange(1, 10**11), help="Pounds a year, without VAT.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, allow_dash=True),
    default=Path("-"),
    metavar="FILE",
    help="Where to write it; - (the default) is standard output.",
)
@click.option("--force", is_flag=True, help="Replace FILE where it exists.")
@pass_settings
def new(
    settings: Settings,
    *,
    sector: str | None,
    kind: str | None,
    name: str | None,
    staff_users: int | None,
    residents: int | None,
    budget: int | None,
    out: Path,
    force: bool,
) -> None:
    """Write a profile that starts half filled in.

    It proposes the systems, gaps, needs and requirements that bodies of this sector and size usually have,
    each with its reason, so that you only delete and add. Nothing in it is known of your organisation: check
    it all. With a list of public bodies (longlist scrape organisations) the name is completed to the official
    one.
    """
    name, sector = _named(settings, name, sector)
    starting = load_starting()
    body = starting.body(sector, kind)
    text = propose(starting, body, name=name, staff_users=staff_users, residents=residents, budget=budget)
    if str(out) != "-" and out.is_file() and not force:
        raise UsageError(f"{out} exists already; choose another name, or replace it with --force")
    write_whole(out, text.encode("utf-8"))
    size, why = starting.size(body, staff_users, residents)
    say(f"Proposals for {body.called} of {size} size ({why}).")
    if str(out) != "-":
        say(f"Written to {out}. Go through it, then: longlist profile check {out}")


def _named(settings: Settings, name: str | None, sector: str | None) -> tuple[str | None, str]:
    """The official name and the sector, as far as the list of public bodies or the name itself says them."""
    if name is not None and name.strip():
        official, near = _looked_up(settings, name)
        if official is not None:
            if official.name != name:
                say(f"{name}: taken as {official.name}, from the list of public bodies.")
            name, sector = official.name, sector or official.sector
        elif near:
            say(f"Did you mean: {'; '.join(_suggested(body) for body in near)}?")
        sector = sector or sector_of(name)
    if sector is None:
        known = ", ".join(SECTORS)
        raise UsageError(
            f"--sector is needed, as the name does not say it; expected one of {known}. The list of public "
            "bodies may know: longlist scrape organisations"
        )
    return name, sector


def _looked_up(settings: Settings, name: str) -> tuple[BodySuggestion | None, list[BodySuggestion]]:
    """The body of this name in the catalogue, or those that may be meant; none without a catalogue."""
    if not settings.db.is_file():
        return None, []
    with open_catalogue(settings.db, read_only=True) as catalogue:
        official = body_named(catalogue, name)
        return official, [] if official is not None else suggest_bodies(catalogue, name, limit=3)


def _suggested(body: BodySuggestion) -> str:
    initials = f" ({body.abbreviation})" if body.abbreviation else ""
    return f"{body.name}{initials}" + (f", {body.sector}" if body.sector else "")


@profile.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@pass_settings
def check(_settings: Settings, file: Path, as_json: bool) -> None:
    """Check FILE, reporting every mistake at once, and say how it was understood.

    Words that say nothing a supplier could be held to, musts that could name a question of the catalogue, and
    names by which a system cannot be told, are pointed out as advice. With advice alone the exit status is 0,
    with mistakes it is 2.
    """
    found: Profile | None = None
    advice: Sequence[Advice] = ()
    mistakes: ProfileError | None = None
    try:
        text = read_profile_text(file)
        advice = advise(text)
        found = parse_profile(text, str(file))
    except ProfileError as error:
        mistakes = error
    if as_json:
        print_json(
            {
                "file": str(file),
                "profile": found and {"name": found.organisation.name, "digest": found.digest},
                "mistakes": mistakes.problems if mistakes else [],
                "advice": [asdict(piece) for piece in advice],
            }
        )
        if mistakes:
            stop(ExitCode.USAGE)
        return
    told = [*_understood(found)] if found else []
    told += [f"Advice: {piece}" for piece in advice]
    if told:
        tell("\n".join(told))
    if mistakes:
        raise mistakes


def _understood(found: Profile) -> Iterator[str]:
    organisation = found.organisation
    yield f"{organisation.name}: the profile is in order"
    preset = f" (none given: preset {found.preset})" if found.preset else ""
    yield "Weights: " + ", ".join(f"{name} {weight} %" for name, weight in found.weights.items()) + preset
    for system in found.legacy:
        also = f" (also {', '.join(system.aliases)})" if system.aliases else ""
        yield f"System to {system.intent}: {system.system}{also}"
    for requirement in found.requirements:
        kind = "Must" if requirement.priority == "must" else "Want"
        if requirement.question is None:
            how = "judged by what the listing says; never excludes"
        else:
            needed = " or ".join(requirement.accepted)
            effect = (
                "excludes a service that answers otherwise" if requirement.gates else "counts, never excludes"
            )
            how = f"{requirement.question.label} = {needed}; {effect}"
        yield f"{kind} ({requirement.barrier}): {requirement.text} [{how}]"
    yield f"Digest: {found.digest}"
