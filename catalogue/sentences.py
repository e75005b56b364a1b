"""What is known of a match, in sentences: the same words in a command, on a screen and in a copied text.

Texts of listings stand in them as they are, on one line; who shows them makes them safe for the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from catalogue.groups import Group
from catalogue.match import Excluded, Match, MatchResult
from catalogue.profile import Profile
from catalogue.rules import Verdict
from catalogue.sequence import PassedOver, Sequence, Step
from catalogue.stability import Move, Steadiness

#: A verdict as people say it.
VERDICTS = {
    Verdict.STRONG_FOR: "strongly for",
    Verdict.WEAK_FOR: "weakly for",
    Verdict.SILENT: "silent",
    Verdict.WEAK_AGAINST: "weakly against",
    Verdict.STRONG_AGAINST: "strongly against",
    Verdict.NOT_APPLICABLE: "not asked in this lot",
}
#: What stands above the steadiness of the first ranks, the order, and what stays open after it.
STEADY_ABOUT = (
    "How steady the first ranks are, as each weight moves a quarter either way and the others keep their "
    "proportions:"
)
ORDER_ABOUT = "One at a time, each for what it adds to those before it:"
NO_ORDER = "No service adds enough to begin with."
UNCOVERED = "Stays uncovered; nothing in this order speaks for it:"
PARTLY = "Covered in part, or with something said against it:"


def line(text: str) -> str:
    """Text of a page on one line."""
    return " ".join(text.split())


def named(found: Match | Excluded) -> str:
    """A service with who sells it."""
    record = found.service.record
    return f"{line(record.name)} ({line(record.supplier.name)})"


def found_sentence(gone: Excluded) -> str:
    """What an excluded service answered to the must that it does not meet."""
    return (
        "; ".join(line(value) for value in gone.found)
        or "no answer, as the question before it is answered No"
    )


def excluded_sentence(gone: Excluded) -> str:
    """Which must a service does not meet, and what was found."""
    return f"must be {gone.requirement.text!r}, found: {found_sentence(gone)}"


def sellers_sentence(group: Group | None, service: str, result: MatchResult) -> str | None:
    """Who else sells the product of a service, each with rank and id."""
    if group is None:
        return None
    known = {found.service.id: found for found in result.matches}
    sellers = "; ".join(
        f"{line(known[id].service.record.supplier.name)} (rank {known[id].rank}, {id})"
        for id in (group.head, *group.others)
        if id != service
    )
    return f"Also sold by: {sellers}"


def sum_sentence(found: Match) -> str:
    """How a score is the sum of its parts."""
    return f"{' + '.join(str(part.points) for part in found.contributions)} = {found.score}"


def range_sentence(steady: Steadiness) -> str:
    """The ranks that a service has while any weight moves."""
    return _ranks(steady.best, steady.worst)


def steady_sentences(steady: Steadiness) -> Iterator[str]:
    """Which weight moves a service by how much, and when it leaves the top five."""
    if steady.best != steady.worst:
        for move in steady.moves:
            if move.best != move.worst:
                yield (
                    f"rank {move.best} to {move.worst} while {move.barrier} moves from "
                    f"{move.lowest:f} to {move.highest:f} %"
                )
    for move in steady.moves:
        yield from _leaving(move)


def _ranks(best: int, worst: int) -> str:
    return f"rank {best} throughout" if best == worst else f"rank {best} to {worst}"


def _leaving(move: Move) -> Iterator[str]:
    """When a service of the top five is no longer among them."""
    if move.below is not None:
        yield f"leaves the top five when {move.barrier} falls to {move.below:f} %"
    if move.above is not None:
        yield f"leaves the top five when {move.barrier} rises to {move.above:f} %"


def adds_sentence(step: Step) -> str:
    """What a service adds to those before it."""
    return f"adds {step.adds} points, together {step.together} of 100"


def spending_sentence(profile: Profile, order: Sequence, number: int) -> str:
    """What the first ``number`` services come to in a year, and what that leaves out."""
    step = order.steps[number - 1]
    unknown = sum(not each.counted for each in order.steps[:number])
    least = "at least " if unknown else ""
    budget = profile.organisation.budget_per_year
    of = "" if budget is None else f" of £{budget:,}"
    told = f"So far a year: {least}£{step.spent:,}{of}, at the lowest prices."
    if unknown:
        noun = "price does" if unknown == 1 else "prices do"
        told += f" {unknown} {noun} not compare and may cost more; ask."
    return told


def passed_sentence(passed: PassedOver) -> str:
    """Which service would have added more, and why it was not taken."""
    return f"Passed over: {named(passed.match)}, as {passed.because}."


def questions_text(matches: Iterable[Match]) -> str:
    """What to ask each supplier, as text to paste into a message."""
    blocks = [
        "\n".join((f"{named(found)}, {found.service.id}", *(f"- {line(each)}" for each in found.questions)))
        for found in matches
        if found.questions
    ]
    return "\n\n".join(blocks)
