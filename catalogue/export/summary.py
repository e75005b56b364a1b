"""The summary for a board: two sheets of A4 that say what is recommended, why, at what cost and what risk.

Every list is cut to what fits, and says how much more there is; long texts are shortened between words. The
whole of it is in the other exports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from catalogue.export.board import Board
from catalogue.export.document import (
    Bullets,
    Document,
    Grid,
    Heading,
    Line,
    Paragraph,
    Part,
    facts,
    quote,
    strong,
)
from catalogue.export.html import render_html
from catalogue.export.markdown import render_markdown
from catalogue.export.values import Evidence, ExportTable, Purchase, Row
from catalogue.export.wording import (
    about_lines,
    listed,
    outcome_words,
    overview_headings,
    purchase_lines,
    ranked_overview,
    shortened,
    total_label,
    year_words,
)
from catalogue.needs import pounds
from catalogue.project import Requirement

#: How many of each are told, and how many characters of a text: so that the fullest record fits two sheets.
_SERVICES, _WHYS, _COSTS, _RISKS, _CAUTIONS, _OPEN, _GROUPS, _STEPS = 12, 3, 4, 4, 3, 3, 5, 3
_NAME, _CELL, _TEXT, _REASON = 50, 48, 140, 90
_FACTS = ("Organisation", "Goal", "Budget a year", "Approval", "Search", "Longlist", "Criteria", "Locked")
_AGAINST = ("strong-against", "weak-against")


def write_markdown_summary(board: Board) -> bytes:
    """The summary in Markdown."""
    return render_markdown(summary(board))


def write_html_summary(board: Board) -> bytes:
    """The summary as one accessible page that prints on two sheets."""
    return render_html(summary(board))


def summary(board: Board) -> Document:
    """What a board reads."""
    return Document(f"Summary for the board: {board.table.about.project}", tuple(_parts(board)), brief=True)


def _parts(board: Board) -> Iterator[Part]:
    table = board.table
    purchase = table.purchase
    for warning in (table.about.fictional, table.about.draft, table.about.informal):
        if warning:
            yield Paragraph((strong(warning),))
    if purchase is not None:
        yield Paragraph(_in_short(table, purchase))
        lines = dict(purchase_lines(purchase))
        yield facts((label, shortened(lines[label], 200)) for label in _FACTS if label in lines)
    yield Heading(2, "The shortlist", "shortlist")
    yield from _shortlist(table)
    yield from _section("Why these", "why", _whys(table))
    yield from _section("What they cost a year", "costs", _costs(table))
    yield from _section("Risks", "risks", _risks(table))
    yield from _section("Questions open", "questions", _questions(table))
    yield Heading(2, "What was rejected", "rejected")
    yield _rejected(purchase)
    yield from _section("How steady the ranking is", "stability", _stability(board))
    yield Heading(2, "The order to take them in", "order")
    yield from _order(board)
    yield Heading(2, "What this rests on", "about")
    yield facts(_about(table))


def _section(heading: str, id: str, items: Iterable[Line]) -> Iterator[Part]:
    yield Heading(2, heading, id)
    told = tuple(items)
    yield Bullets(told) if told else Paragraph("No service is on the shortlist.")


def _in_short(table: ExportTable, purchase: Purchase) -> Line:
    """The recommendation, or how the purchase ended, or what is missing."""
    ended = outcome_words(purchase)
    if ended is not None:
        return (strong(f"{shortened(ended, 330)}."),)
    first = [row for row in table.rows if row.place == 1]
    if not first:
        return "No service has all of its scores yet: nothing can be recommended."
    if len(first) > 1:
        names = listed([shortened(row.name, _NAME) for row in first], 4)
        return f"By the criteria these come first together: {names}."
    (row,) = first
    unit = "of 100 by the criteria" if total_label(purchase) == "Total of 100" else "pounds, the lowest price"
    return (
        "First: ",
        strong(shortened(row.name, _NAME)),
        f" of {shortened(row.supplier, _NAME)}, with {row.total:,} {unit}; "
        f"a year costs {year_words(row.year)}.",
    )


def _shortlist(table: ExportTable) -> Iterator[Part]:
    if not table.rows:
        yield Paragraph("No service is on it.")
        return
    if table.purchase is not None:
        # What it costs a year tells a board more than the price, and one line for each leaves room.
        headings = overview_headings(table.purchase)[:-1]
        numbers = frozenset((0, 3, 4, 5))
        rows = [ranked_overview(row)[:-1] for row in table.rows[:_SERVICES]]
    else:
        headings = ("Rank", "Service", "Supplier", "Score", "A year")
        numbers = frozenset((0, 3, 4))
        rows = [_informal(row) for row in table.rows[:_SERVICES]]
    yield Grid(
        "shortlist-table",
        "Services on the shortlist, the best first",
        headings,
        tuple(tuple(shortened(text, _CELL) for text in row) for row in rows),
        head=1,
        numbers=numbers,
    )
    if len(table.rows) > _SERVICES:
        yield Paragraph(f"{len(table.rows) - _SERVICES} more are in the other exports.")


def _informal(row: Row) -> list[str]:
    rank = "–" if row.rank is None else str(row.rank)
    score = "–" if row.score is None else f"{row.score:.1f}"
    return [rank, row.name, row.supplier, score, year_words(row.year)]


def _whys(table: ExportTable) -> Iterator[Line]:
    """For each of the best: why it is there, its best score, and the strongest words of its listing."""
    reasons = {}
    if table.purchase is not None:
        reasons = {each.row.service_id: each.because for each in table.purchase.dispositions}
    for row in table.rows[:_WHYS]:
        told = [shortened(reasons.get(row.service_id, ""), _TEXT), *_scored(table.purchase, row)]
        line = f": {'. '.join(filter(None, told)) or row.standing}."
        best, name = _strongest(row), strong(shortened(row.name, _NAME))
        if best is None or best.quote is None:
            yield (name, line)
        else:
            said = quote(shortened(best.quote, _TEXT))
            yield (name, f"{line} ", said, f" ({shortened(best.need, _NAME)})")
    yield from _more(table.rows, _WHYS)


def _scored(purchase: Purchase | None, row: Row) -> Iterator[str]:
    """The criterion that brings most points, with the evidence of its score."""
    total = next(
        (each for each in (purchase.totals if purchase else ()) if each.service_id == row.service_id), None
    )
    if purchase is None or total is None or not total.parts:
        return
    criteria = purchase.project.criteria
    if criteria is None or criteria.method != "best-value":
        return
    name, mean, points = max(total.parts, key=lambda part: part[2])
    evidence = next(
        score.evidence
        for score in purchase.project.scores
        if (score.service_id, score.criterion) == (row.service_id, name)
    )
    yield (
        f"{shortened(name, _NAME)}: {mean.normalize():f} of {criteria.scale}, {points.normalize():f} points, "
        f"{shortened(evidence, _REASON)}"
    )


def _strongest(row: Row) -> Evidence | None:
    """The finding for the service that counts most."""
    speaking = [each for each in row.evidence if each.verdict.endswith("-for") and each.quote is not None]
    return max(speaking, key=lambda each: each.points, default=None)


def _costs(table: ExportTable) -> Iterator[Line]:
    for row in table.rows[:_COSTS]:
        told = row.year.told if row.year else f"not worked out: {row.price or 'no price stated'}"
        yield (strong(shortened(row.name, _NAME)), f": {shortened(told, 180)}")
    yield from _more(table.rows, _COSTS)


def _risks(table: ExportTable) -> Iterator[Line]:
    """What an officer should know of the purchase, then what stands against each of the best."""
    cautions = table.purchase.cautions if table.purchase is not None else ()
    told: list[Line] = [shortened(each, _TEXT + 60) for each in cautions[:_CAUTIONS]]
    against = [line for row in table.rows[:_SERVICES] if (line := _against(row))]
    told += against[:_RISKS]
    if len(against) > _RISKS:
        told.append(f"Something stands against {len(against) - _RISKS} more; see the other exports.")
    judged = any(row.evidence for row in table.rows)
    if not against and table.rows:
        told.append("Nothing that was judged stands against them." if judged else "Nothing is judged yet.")
    yield from told


def _against(row: Row) -> Line | None:
    """The gravest of a service: a changed listing, words against a need, an answer that the prose denies."""
    name = strong(shortened(row.name, _NAME))
    if row.change:
        return (name, f": {row.change} when it was judged.")
    against = [each for verdict in _AGAINST for each in row.evidence if each.verdict == verdict]
    if against:
        first = against[0]
        said = f": {shortened(first.need, _NAME)}: {shortened(first.because, _REASON)}"
        return (
            (name, said)
            if first.quote is None
            else (name, said, ": ", quote(shortened(first.quote, _REASON)))
        )
    odd = next((flag for flag in row.flags if flag.kind == "contradiction"), None)
    if odd is None:
        return None
    return (name, f": {odd.sentence} ", quote(shortened(odd.quote or "", _REASON)))


def _questions(table: ExportTable) -> Iterator[Line]:
    asked = table.purchase.project.questions if table.purchase is not None else ()
    names = {row.service_id: row.name for row in table.rows}
    waiting = [each for each in asked if each.reply is None]
    for each in waiting[:_OPEN]:
        name = shortened(names.get(each.service_id, each.service_id), _NAME)
        yield (strong(f"Question {each.number}"), f" to {name}, {each.on}: {shortened(each.text, _TEXT)}")
    if len(waiting) > _OPEN:
        yield f"{len(waiting) - _OPEN} more wait for an answer."
    if asked and not waiting:
        yield f"None waits for an answer; {len(asked)} answered."
    elif not asked and table.purchase is not None:
        yield "None was put to a supplier."
    for each in [each for each in asked if each.reply is not None and _tells(each.reply.effect)][:2]:
        name = shortened(names.get(each.service_id, each.service_id), _NAME)
        effect = shortened(each.reply.effect if each.reply else "", _TEXT)
        yield (strong(f"Question {each.number}"), f" to {name} is answered, with this effect: {effect}")
    left: dict[str, list[str]] = {}
    for row in table.rows[:_OPEN]:
        if row.questions:
            left.setdefault(row.questions[0], []).append(shortened(row.name, _NAME))
    for text, of in left.items():
        yield (strong("Not asked"), f", and left open by {listed(of, 3)}: {shortened(text, _TEXT)}")


def _tells(effect: str) -> bool:
    """Whether something followed from an answer."""
    return effect.strip(" .").casefold() not in ("none", "no", "no effect", "nothing")


def _rejected(purchase: Purchase | None) -> Part:
    """The rejected in groups by the requirement that decided."""
    if purchase is None or purchase.project.frozen is None:
        return Paragraph("Not on record: nobody saved what else was found.")
    groups = [
        (requirement, [each.because for each in purchase.dispositions if each.requirement == requirement.key])
        for requirement in purchase.project.frozen.requirements
    ]
    groups = sorted((group for group in groups if group[1]), key=lambda group: -len(group[1]))
    if not groups:
        return Paragraph("No service was rejected.")
    shown, left = groups[:_GROUPS], groups[_GROUPS:]
    rows = [_group(requirement, reasons) for requirement, reasons in shown]
    if left:
        count = sum(len(reasons) for _, reasons in left)
        rows.append((f"{len(left)} other requirements", str(count), "See the longlist in the other exports."))
    return Grid(
        "rejected-table",
        f"{len(purchase.project.of_fate('rejected'))} services rejected, by the requirement that decided",
        ("Requirement", "Services", "Reasons"),
        tuple(rows),
        numbers=frozenset((1,)),
    )


def _group(requirement: Requirement, reasons: Sequence[str]) -> tuple[str, str, str]:
    different = [shortened(each, _REASON) for each in dict.fromkeys(reasons)]
    more = f" (and {len(different) - 1} other reasons)" if len(different) > 2 else ""
    told = different[0] + more if more else "; ".join(different)
    what = f"{requirement.key} ({requirement.priority}) {shortened(requirement.text, _REASON)}"
    return what, str(len(reasons)), told


def _stability(board: Board) -> Iterator[Line]:
    purchase = board.table.purchase
    if purchase is not None and board.others_first is not None:
        if board.others_first:
            for other in board.others_first[:3]:
                yield (
                    f"Weighing {shortened(other.criterion, _NAME)} {other.weight.normalize():f} instead of "
                    f"{other.instead_of.normalize():f} would put {shortened(other.name, _NAME)} first."
                )
        else:
            yield "By the criteria the first stays first with any one weight a quarter lower or higher."
    firm = [each for each in board.steady if each.best == each.worst]
    if board.steady:
        yield (
            "In the match, as the weight of any barrier moves by a quarter: "
            + "; ".join(
                f"{shortened(each.name, 36)} {_ranks(each.best, each.worst)}" for each in board.steady[:4]
            )
            + f". {len(firm)} of {len(board.steady)} keep their rank."
        )
    if board.others_first is None and not board.steady:
        yield "Nothing is scored yet, so that nothing can be said of it."


def _ranks(best: int, worst: int) -> str:
    return f"rank {best}" if best == worst else f"ranks {best} to {worst}"


def _order(board: Board) -> Iterator[Part]:
    """Steps, then what was passed over and what none covers."""
    if not board.order:
        yield Paragraph(
            "None is worked out: there is no match, or no service adds to the goal within the budget."
        )
        return
    yield Bullets(
        tuple(
            (
                strong(shortened(step.name, _NAME)),
                f" adds {step.adds:+.1f} points: {shortened(listed(step.covers, 3), _TEXT + 30)}",
                f" ({pounds(step.spent)} a year at the least so far)." if step.spent else ".",
            )
            for step in board.order[:_STEPS]
        ),
        numbered=True,
    )
    left = []
    if board.passed_over:
        name, because = board.passed_over[0]
        more = f", and {len(board.passed_over) - 1} more" if len(board.passed_over) > 1 else ""
        left.append(f"Passed over: {shortened(name, _NAME)}, because {because}{more}.")
    if board.uncovered:
        left.append(f"Covered by none of them: {shortened(listed(board.uncovered, 4), _TEXT + 60)}.")
    left.append("What several cover together a person must judge; each step is a purchase of its own.")
    yield Paragraph(" ".join(left))


def _about(table: ExportTable) -> Iterator[tuple[str, Line | None]]:
    """The same that other exports rest on, in fewer lines."""
    lines = dict(about_lines(table.about))
    yield (
        "Record",
        _beside(
            lines,
            ("Record as of", "as of "),
            ("Exported", "exported "),
            ("Locked", "locked "),
            ("Rules version", "rules version "),
        ),
    )
    yield "Weights of barriers", lines.get("Weights")
    yield "Catalogue", _beside(lines, ("Catalogue date", ""), ("Catalogue digest", ""))
    for label in ("Profile", "Requirements", "Records", "Ranking", "Audit trail"):
        yield label, lines.get(f"{label} digest")
    yield "Licence", lines.get("Licence")


def _beside(lines: Mapping[str, str], *labels: tuple[str, str]) -> str:
    """What is known of these, in a row."""
    return ", ".join(f"{word}{lines[label]}" for label, word in labels if label in lines)


def _more(rows: Sequence[Row], shown: int) -> Iterator[Line]:
    if len(rows) > shown:
        yield f"{len(rows) - shown} more are in the other exports."
