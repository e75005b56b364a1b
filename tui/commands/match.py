"""``longlist match``: services ranked for a profile, each with the evidence for and against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import click

from catalogue.agreements import Dates, late_award, standing_of
from catalogue.collecting import nothing_collected
from catalogue.costs import cost_of
from catalogue.errors import UsageError
from catalogue.groups import Group, groups_of
from catalogue.match import Excluded, Match, MatchResult
from catalogue.quality import flags_of
from catalogue.report import report_json
from catalogue.rules import Verdict
from catalogue.scoring import Finding
from catalogue.sentences import excluded_sentence, line, sum_sentence
from catalogue.sequence import sequence_of
from catalogue.stability import stability_of
from db.agreements import agreement_dates
from db.catalogue import open_catalogue
from db.passes import part_of_a_pass
from db.reading import known_ids, summary
from tui.commands.edge import Settings, is_plain, pass_settings, print_json, say, tell
from tui.commands.plain import labelled
from tui.commands.telling import (
    cost_line,
    flag_lines,
    order_lines,
    seller_lines,
    spoken_finding,
    steadiness_lines,
    wrapped,
)
from tui.matching import match_catalogue, read_profile

#: Matches printed, flags of each (the gravest), and services whose steadiness is told.
_SHOWN, _FLAGS, _STEADY = 10, 2, 20
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
@click.option("--stability", is_flag=True, help="Print how ranks change as each weight moves.")
@click.option("--order", is_flag=True, help="Print which service to take first, and what each adds.")
@click.option("--all", "unfolded", is_flag=True, help="Print every seller of the same product by itself.")
@pass_settings
@nothing_collected()
def match(
    settings: Settings,
    profile: Path,
    *,
    limit: int | None,
    as_json: bool,
    explain: str | None,
    stability: bool,
    order: bool,
    unfolded: bool,
) -> None:
    """Rank services for the organisation of PROFILE, with the evidence.

    Every point of a score belongs to a finding, and every finding quotes the listing. A must that names a
    question excludes a service that answers otherwise; one that does not answer it is kept, with a question
    to ask. The same product from several sellers is told once, at its best rank.
    """
    if explain is not None and (stability or order):
        raise UsageError("--explain is about one service; leave out --stability and --order")
    wanted = read_profile(profile)
    with open_catalogue(settings.db, read_only=True) as catalogue:
        if explain is not None and explain not in known_ids(catalogue, [explain]):
            raise UsageError(
                f"there is no service {explain!r} in the catalogue; find ids with: longlist search"
            )
        result = match_catalogue(catalogue, wanted, also=() if explain is None else (explain,))
        about = summary(catalogue, counted=False) if as_json else None
        dates = agreement_dates(catalogue)
        part = part_of_a_pass(catalogue)
    if part is not None:
        say(f"Note: {part}.")
    _tell_dates(result, dates, datetime.now(UTC).date())
    if about is not None:
        print_json(report_json(result, about, limit=limit, only=explain, stability=stability, order=order))
        return
    lines = list(_head(result))
    if explain is not None:
        lines = list(_explained(result, explain))
    elif stability or order:
        if stability:
            lines += ["", *steadiness_lines(stability_of(result, limit or _STEADY))]
        if order:
            lines += ["", *order_lines(wanted, sequence_of(result, groups_of(result)))]
    else:
        lines += _ranking(result, limit or _SHOWN, unfolded=unfolded)
    tell("\n".join(lines))


def _tell_dates(result: MatchResult, dates: Dates, today: date) -> None:
    """Until when the frameworks of the matches can be called off, and whether the award comes too late."""
    for slug in dict.fromkeys(found.service.record.framework.slug for found in result.matches):
        standing = standing_of(slug, today, dates)
        if standing is None:
            continue
        say(f"{standing.framework}: {standing.sentence(today)}.")
        if late := late_award(result.profile.organisation.award_by, standing):
            say(f"Warning: {late}.")


def _head(result: MatchResult) -> Iterator[str]:
    profile = result.profile
    yield f"{'Organisation: ' if is_plain() else ''}{profile.organisation.name}"
    yield f"{result.considered:,} services judged, {len(result.excluded):,} of them excluded by a must"
    yield "Weights: " + ", ".join(f"{name} {weight} %" for name, weight in profile.weights.items())
    if profile.preset:
        yield f"The weights are those of the preset {profile.preset}."


def _ranking(result: MatchResult, shown: int, *, unfolded: bool) -> Iterator[str]:
    groups = {group.head: group for group in groups_of(result)}
    folded = {service for group in groups.values() for service in group.others}
    told = [found for found in result.matches if unfolded or found.service.id not in folded]
    for found in told[:shown]:
        yield ""
        yield from _brief(found, result, groups)
    if result.excluded:
        yield ""
        yield "Excluded:"
        yield from (wrapped(_excluded(gone), 2, 5) for gone in result.excluded[:shown])
        if len(result.excluded) > shown:
            yield f"  and {len(result.excluded) - shown:,} more; all of them with --json"
    if result.matches:
        yield ""
        yield "Everything about one service: longlist match PROFILE --explain ID"


def _brief(found: Match, result: MatchResult, groups: Mapping[str, Group]) -> Iterator[str]:
    yield from _heading(found)
    yield cost_line(result.profile, cost_of(result.profile, found.service))
    yield from seller_lines(groups.get(found.service.id), found.service.id, result)
    findings = [finding for part in found.contributions for finding in part.findings if finding.quote]
    speaks_for = sorted((each for each in findings if each.verdict.side > 0), key=lambda each: -each.points)
    against = sorted((each for each in findings if each.verdict.side < 0), key=lambda each: each.points)
    for finding in (*speaks_for[:3], *against[:2]):
        yield from _finding(finding)
    yield from flag_lines(flags_of(found.service)[:_FLAGS])
    for question in found.questions[:2]:
        yield wrapped(f"Ask: {question}")


def _heading(found: Match) -> Iterator[str]:
    record = found.service.record
    unranked = "" if record.status == "live" else f"{record.status}, and so in no ranking"
    if is_plain():
        yield from labelled(
            [
                ("Rank", f"none: {unranked}" if unranked else str(found.rank)),
                ("Service", line(record.name)),
                ("Supplier", line(record.supplier.name)),
                ("Score", f"{found.score} of 100"),
                *((f"Points for {part.barrier}", str(part.points)) for part in found.contributions),
                ("Price", line(record.price) if record.price else "not stated"),
                ("Lot", record.lot.slug),
                ("Service id", record.id),
            ]
        )
        return
    place = f"{'-' if unranked else found.rank:>3}  {found.score:>5}  "
    yield place + wrapped(f"{record.name} ({record.supplier.name})", len(place), len(place))[len(place) :]
    price = line(record.price) if record.price else "price not stated"
    yield wrapped(f"{record.id}, {record.lot.slug}, {price}")
    if unranked:
        yield wrapped(unranked)
    yield "     " + ", ".join(f"{part.barrier} {part.points}" for part in found.contributions)


def _finding(finding: Finding) -> Iterator[str]:
    if is_plain():
        yield from spoken_finding(finding, points=True)
        return
    cited = (
        f" [{line(finding.question)}] “{line(finding.quote)}”" if finding.question and finding.quote else ""
    )
    yield wrapped(f"{SIGNS[finding.verdict]} {finding.points:+}  {finding.need}: {finding.because}.{cited}")


def _explained(result: MatchResult, service: str) -> Iterator[str]:
    found = result.judged[service]
    if isinstance(found, Excluded):
        yield wrapped(f"Excluded: {_excluded(found)}", 0, 5)
        return
    groups = {id: group for group in groups_of(result) for id in (group.head, *group.others)}
    yield from _heading(found)
    yield f"     about the goal: {found.fit} of 1"
    yield cost_line(result.profile, cost_of(result.profile, found.service), whole=True)
    yield from seller_lines(groups.get(service), service, result)
    yield from flag_lines(flags_of(found.service))
    for part in found.contributions:
        yield ""
        yield f"{part.barrier}: {part.points} of {result.profile.weights[part.barrier]}"
        for finding in part.findings:
            yield from _finding(finding)
            label = "Rule: " if is_plain() else "          rule "
            yield f"{label}{finding.rule}, {finding.verdict.value}"
    yield ""
    yield f"Together: {sum_sentence(found)}"
    if found.questions:
        yield ""
        yield "To ask:"
        yield from (wrapped(question) for question in found.questions)


def _excluded(gone: Excluded) -> str:
    return f"{gone.service.id} {line(gone.service.record.name)}: {excluded_sentence(gone)}"
