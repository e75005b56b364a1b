"""``longlist match``: services ranked for a profile, each with the evidence for and against it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

import click

from catalogue.errors import UsageError
from catalogue.match import Excluded, Match, MatchResult, match_json
from catalogue.records import strip_controls
from catalogue.rules import Verdict
from catalogue.scoring import Finding
from db.catalogue import open_catalogue
from db.reading import known_ids, summary
from tui.commands.edge import Settings, pass_settings, print_json
from tui.matching import match_catalogue, read_profile

_SHOWN, _WIDTH = 10, 100
#: How a verdict is told in plain text, without colour.
SIGNS = {
    Verdict.STRONG_FOR: "++",
    Verdict.WEAK_FOR: "+ ",
    Verdict.SILENT: "? ",
    Verdict.WEAK_AGAINST: "- ",
    Verdict.STRONG_AGAINST: "--",
    Verdict.NOT_APPLICABLE: "  ",
}


@click.command()
@click.argument("profile", type=click.Path(path_type=Path))
@click.option(
    "--limit", type=click.IntRange(1), metavar="N", help="How many matches to print (10; all as JSON)."
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole result as JSON.")
@click.option("--explain", metavar="ID", help="Print everything that was found about one service.")
@pass_settings
def match(settings: Settings, profile: Path, limit: int | None, as_json: bool, explain: str | None) -> None:
    """Rank services for the organisation of PROFILE, with the evidence.

    Every point of a score belongs to a finding, and every finding quotes the listing. A must that names a
    question excludes a service that answers otherwise; one that does not answer it is kept, with a question
    to ask.
    """
    wanted = read_profile(profile)
    with open_catalogue(settings.db, read_only=True) as catalogue:
        if explain is not None and explain not in known_ids(catalogue, [explain]):
            raise UsageError(
                f"there is no service {explain!r} in the catalogue; find ids with: longlist search"
            )
        also = () if explain is None else (explain,)
        result = match_catalogue(catalogue, wanted, also=also, limit=limit if explain is None else None)
        about = summary(catalogue) if as_json else None
    if explain is not None:
        result = _only(result, explain)
    if about is not None:
        print_json(match_json(result, about))
        return
    lines = _explained(result, explain) if explain is not None else _ranking(result, limit or _SHOWN)
    click.echo(strip_controls("\n".join(lines)))


def _only(result: MatchResult, service: str) -> MatchResult:
    return MatchResult(
        result.profile,
        result.rules,
        tuple(found for found in result.matches if found.service.id == service),
        tuple(gone for gone in result.excluded if gone.service.id == service),
        result.considered,
    )


def _ranking(result: MatchResult, shown: int) -> Iterator[str]:
    profile = result.profile
    yield profile.organisation.name
    yield f"{result.considered:,} services judged, {len(result.excluded):,} of them excluded by a must"
    preset = f" (preset {profile.preset})" if profile.preset else ""
    yield "Weights: " + ", ".join(f"{name} {weight} %" for name, weight in profile.weights.items()) + preset
    for found in result.matches[:shown]:
        yield ""
        yield from _brief(found)
    if result.excluded:
        yield ""
        yield "Excluded:"
        yield from (f"  {_excluded(gone)}" for gone in result.excluded[:shown])
        if len(result.excluded) > shown:
            yield f"  and {len(result.excluded) - shown:,} more; all of them with --json"
    if result.matches:
        yield ""
        yield "Everything about one service: longlist match PROFILE --explain ID"


def _brief(found: Match) -> Iterator[str]:
    yield from _heading(found)
    findings = [finding for part in found.contributions for finding in part.findings if finding.quote]
    speaks_for = sorted((each for each in findings if each.verdict.side > 0), key=lambda each: -each.points)
    against = sorted((each for each in findings if each.verdict.side < 0), key=lambda each: each.points)
    for finding in (*speaks_for[:3], *against[:2]):
        yield from _finding(finding)
    for question in found.questions[:2]:
        yield _wrapped(f"Ask: {question}")


def _heading(found: Match) -> Iterator[str]:
    record = found.service.record
    yield f"{found.rank:>3}  {found.score:>5}  {_line(record.name)} ({_line(record.supplier.name)})"
    price = _line(record.price) if record.price else "price not stated"
    yield f"     {record.id}  {record.lot.slug}  {price}"
    yield "     " + ", ".join(f"{part.barrier} {part.points}" for part in found.contributions)


def _finding(finding: Finding) -> Iterator[str]:
    cited = (
        f" [{_line(finding.question)}] “{_line(finding.quote)}”" if finding.question and finding.quote else ""
    )
    yield _wrapped(f"{SIGNS[finding.verdict]} {finding.points:+}  {finding.need}: {finding.because}.{cited}")


def _explained(result: MatchResult, service: str) -> Iterator[str]:
    for gone in result.excluded:
        yield f"Excluded: {_excluded(gone)}"
    for found in result.matches:
        yield from _heading(found)
        yield f"     about the goal: {found.fit} of 1"
        for part in found.contributions:
            yield ""
            yield f"{part.barrier}: {part.points} of {result.profile.weights[part.barrier]}"
            for finding in part.findings:
                yield from _finding(finding)
                yield f"          rule {finding.rule}, {finding.verdict.value}"
        if found.questions:
            yield ""
            yield "To ask:"
            yield from (_wrapped(question) for question in found.questions)
    if not result.matches and not result.excluded:
        yield f"{service} is not live, and so it was not judged."


def _excluded(gone: Excluded) -> str:
    found = (
        "; ".join(_line(value) for value in gone.found)
        or "no answer, as the question before it is answered No"
    )
    name = _line(gone.service.record.name)
    return f"{gone.service.id} {name}: must be {gone.requirement.text!r}, found: {found}"


def _wrapped(text: str) -> str:
    return fill(_line(text), _WIDTH, initial_indent="     ", subsequent_indent=" " * 10)


def _line(text: str) -> str:
    """Text of a page on one line."""
    return " ".join(text.split())
