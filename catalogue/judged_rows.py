"""How services do for one organisation, as rows of a comparison: musts, score, verdicts by barrier, cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from catalogue.comparison import Cell, Row
from catalogue.costs import cost_of, cost_sentence
from catalogue.demands import Outcome, gate
from catalogue.match import Excluded, Match, MatchResult
from catalogue.model import Service
from catalogue.profile import BARRIERS, Requirement
from catalogue.quality import flags_of
from catalogue.questions import Crosswalk
from catalogue.rules import Verdict
from catalogue.scoring import Finding
from catalogue.sentences import VERDICTS, excluded_sentence, line

MUSTS, SCORES, BESIDE = "Musts of the profile", "Score", "Beside the score"

_OUTCOMES = {
    Outcome.MET: Verdict.STRONG_FOR,
    Outcome.NOT_MET: Verdict.STRONG_AGAINST,
    Outcome.NOT_STATED: Verdict.SILENT,
}
_Found = Mapping[str, Match | Excluded]
_NOT_LIVE = "not live, and so not judged"
_NOT_JUDGED = "not judged"


def judged_rows(services: Sequence[Service], result: MatchResult, crosswalk: Crosswalk) -> tuple[Row, ...]:
    """The rows of services that were judged together; one that was not is told so in its cells."""
    found: dict[str, Match | Excluded] = {each.service.id: each for each in result.excluded}
    found |= {each.service.id: each for each in result.matches}
    return (
        *_musts(services, result, found, crosswalk),
        *_scores(services, result, found),
        *_verdicts(services, found),
        *_beside(services, result),
    )


def _musts(
    services: Sequence[Service], result: MatchResult, found: _Found, crosswalk: Crosswalk
) -> Iterator[Row]:
    for requirement in result.profile.requirements:
        if requirement.priority == "must":
            cells = (_must(requirement, each, found.get(each.id), crosswalk) for each in services)
            yield Row(MUSTS, requirement.text, tuple(cells))


def _must(
    requirement: Requirement, service: Service, found: Match | Excluded | None, crosswalk: Crosswalk
) -> Cell:
    """Met, not met or not stated, with the words that it rests on."""
    findings = list(_findings(found, requirement.barrier, requirement.text))
    against = next((each for each in findings if each.verdict.side < 0), None)
    if requirement.gates:
        held = gate(requirement, service, crosswalk)
        told = "; ".join(map(line, held.found))
        if held.outcome is Outcome.NOT_MET:
            told = told or "no answer, as the question before it is answered No"
        cell = f"{held.outcome.value}: {told}" if told else held.outcome.value
        if held.outcome is Outcome.MET and against is not None:
            return Cell(
                (f"{cell}, but {against.because}{_quoted(against)}",), verdicts=(Verdict.WEAK_AGAINST,)
            )
        return Cell((cell,), verdicts=(_OUTCOMES[held.outcome],))
    if not isinstance(found, Match):
        return Cell(("another must excludes it" if found else _NOT_LIVE,), verdicts=(Verdict.NOT_APPLICABLE,))
    best = against or next((each for each in findings if each.verdict.side > 0), None)
    if best is None:
        return Cell((Outcome.NOT_STATED.value,), verdicts=(Verdict.SILENT,))
    outcome = Outcome.MET if best.verdict.side > 0 else Outcome.NOT_MET
    partly = " in part" if best.verdict is Verdict.WEAK_FOR else ""
    return Cell((f"{outcome.value}{partly}{_quoted(best)}",), verdicts=(best.verdict,))


def _scores(services: Sequence[Service], result: MatchResult, found: _Found) -> Iterator[Row]:
    matches = [found.get(service.id) for service in services]

    def row(label: str, told: Sequence[str | None]) -> Row:
        return Row(SCORES, label, tuple(Cell((each or _NOT_JUDGED,)) for each in told))

    def standing(each: Match | Excluded | None) -> str:
        if isinstance(each, Match):
            return f"{each.rank} of {len(result.matches)}"
        return f"excluded, {excluded_sentence(each)}" if each else _NOT_LIVE

    yield row("Rank", [standing(each) for each in matches])
    yield row("Score", [f"{each.score} of 100" if isinstance(each, Match) else None for each in matches])
    for barrier in BARRIERS:
        points = [
            next((part.points for part in each.contributions if part.barrier == barrier), None)
            if isinstance(each, Match)
            else None
            for each in matches
        ]
        whole = result.profile.weights[barrier]
        yield row(
            f"Points for {barrier}", [None if each is None else f"{each} of {whole}" for each in points]
        )


def _verdicts(services: Sequence[Service], found: _Found) -> Iterator[Row]:
    """Each need with the verdict on every service, in the order of the rules."""
    matches = [found.get(service.id) for service in services]
    for barrier in BARRIERS:
        needs = dict.fromkeys(
            each.need
            for match in matches
            if isinstance(match, Match)
            for part in match.contributions
            if part.barrier == barrier
            for each in part.findings
            if not _from_another(each, match, barrier)
        )
        for need in needs:
            cells = (
                _verdict(list(_findings(match, barrier, need)))
                if isinstance(match, Match)
                else Cell((_NOT_JUDGED,), verdicts=(Verdict.NOT_APPLICABLE,))
                for match in matches
            )
            yield Row(f"For and against: {barrier}", need, tuple(cells))


def _from_another(finding: Finding, match: Match, barrier: str) -> bool:
    """Whether a finding stands here only because it bears on every barrier, and is told under its own."""
    before = BARRIERS[: BARRIERS.index(barrier)]
    return any(
        each.need == finding.need and each.rule == finding.rule
        for part in match.contributions
        if part.barrier in before
        for each in part.findings
    )


def _verdict(findings: Sequence[Finding]) -> Cell:
    """The first finding of each side in words, what counts more before what counts less."""
    told: dict[int, Finding] = {}
    for finding in findings:
        told.setdefault(finding.verdict.side, finding)
    sides = [told[side] for side in (-1, 1) if side in told] or list(told.values())
    if not sides:
        return Cell((VERDICTS[Verdict.SILENT],), verdicts=(Verdict.SILENT,))
    sides.sort(key=lambda each: -abs(each.points))
    return Cell(
        tuple(f"{VERDICTS[each.verdict]}{_points(each)}{_quoted(each)}" for each in sides),
        verdicts=tuple(each.verdict for each in sides),
    )


def _beside(services: Sequence[Service], result: MatchResult) -> Iterator[Row]:
    profile = result.profile
    costs = (line(cost_sentence(profile, cost_of(profile, service))) for service in services)
    yield Row(BESIDE, "A year", tuple(Cell((cost,)) for cost in costs))
    flags = [tuple(flag.sentence for flag in flags_of(service)) for service in services]
    if any(flags):
        yield Row(BESIDE, "Read with care", tuple(Cell(each) for each in flags))


def _findings(found: Match | Excluded | None, barrier: str, need: str) -> Iterator[Finding]:
    for part in found.contributions if isinstance(found, Match) else ():
        if part.barrier == barrier:
            yield from (each for each in part.findings if each.need == need)


def _points(finding: Finding) -> str:
    return f" {finding.points:+}" if finding.points else ""


def _quoted(finding: Finding) -> str:
    return f": “{line(finding.quote)}”" if finding.quote else ""
