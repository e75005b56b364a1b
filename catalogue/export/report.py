"""The whole of an export as a document: what a person reads who wants to check it."""

from __future__ import annotations

from collections.abc import Iterator

from catalogue.export.document import (
    Bullets,
    Document,
    Facts,
    Grid,
    Heading,
    Line,
    Paragraph,
    Part,
    Words,
    facts,
    page,
    quote,
    strong,
)
from catalogue.export.html import render_html
from catalogue.export.markdown import render_markdown
from catalogue.export.values import Disposition, Evidence, ExportTable, Purchase, Row
from catalogue.export.wording import (
    OVERVIEW,
    PAGE,
    about_lines,
    overview,
    overview_headings,
    purchase_lines,
    ranked_overview,
    search_words,
    service_lines,
    telling,
    title,
    unsaid_lines,
    verdict_words,
)

#: So much of a digest is enough to find it by.
_DIGEST = 23


def write_markdown(table: ExportTable) -> bytes:
    """The export as a report in Markdown."""
    return render_markdown(report(table))


def write_html(table: ExportTable) -> bytes:
    """The export as one accessible page."""
    return render_html(report(table))


def report(table: ExportTable) -> Document:
    """The shortlist, the record of the purchase where there is one, each service, and what all rests on."""
    return Document(title(table), tuple(_parts(table)))


def _parts(table: ExportTable) -> Iterator[Part]:
    about, purchase = table.about, table.purchase
    for warning in (about.fictional, about.draft):
        if warning:
            yield Paragraph((strong(warning),))
    if purchase is None:
        yield _overview(table)
        if about.informal:
            yield Paragraph(about.informal)
    else:
        yield Heading(2, "Shortlist", "shortlist")
        if table.rows:
            yield _ranked(table, purchase)
        else:
            yield Paragraph("No service is on the shortlist.")
        yield from _record(purchase)
    for number, row in enumerate(table.rows, start=1):
        yield from _service(number, row)
    if purchase is not None:
        yield from _trail(purchase)
        yield from _order_form(purchase)
    yield Heading(2, "About this export", "about")
    yield facts(about_lines(about))


def _overview(table: ExportTable) -> Grid:
    return Grid(
        "overview",
        "Services and their points by barrier",
        OVERVIEW,
        tuple(_linked(number, overview(row)) for number, row in enumerate(table.rows, start=1)),
        head=1,
        numbers=frozenset((0, *range(3, len(OVERVIEW) - 1))),
    )


def _ranked(table: ExportTable, purchase: Purchase) -> Grid:
    return Grid(
        "overview",
        "Services on the shortlist, ranked by the criteria",
        overview_headings(purchase),
        tuple(_linked(number, ranked_overview(row)) for number, row in enumerate(table.rows, start=1)),
        head=1,
        numbers=frozenset((0, 3, 4)),
    )


def _linked(number: int, texts: list[str]) -> tuple[Line, ...]:
    rank, name, *rest = texts
    return (rank, (Words(name, "jump", f"service-{number}"),), *rest)


def _record(purchase: Purchase) -> Iterator[Part]:
    yield Heading(2, "The purchase", "purchase")
    yield facts(purchase_lines(purchase))
    if purchase.cautions:
        yield Heading(3, "What to know of it", "cautions")
        yield Bullets(purchase.cautions)
    yield from _requirements(purchase)
    yield from _searches(purchase)
    yield from _longlist(purchase)
    yield from _questions(purchase)
    yield from _scores(purchase)


def _requirements(purchase: Purchase) -> Iterator[Part]:
    frozen = purchase.project.frozen
    if frozen is None:
        return
    yield Heading(2, "Requirements", "requirements")
    yield Grid(
        "requirements-table",
        "Requirements as they were frozen before the search",
        ("Key", "Priority", "Requirement", "From"),
        tuple((each.key, each.priority, each.text, each.source) for each in frozen.requirements),
    )


def _searches(purchase: Purchase) -> Iterator[Part]:
    yield Heading(2, "Search", "search")
    for number, search in enumerate(purchase.project.searches, start=1):
        yield Paragraph(f"{search_words(search)}.")
        if search.filters:
            yield Grid(
                f"filters-{number}",
                "Filters in their order, each with the requirement that it serves",
                ("Filter", "Value", "Requirement", "Before", "After"),
                tuple(
                    (each.kind, each.value, each.requirement, f"{each.before:,}", f"{each.after:,}")
                    for each in search.filters
                ),
                head=1,
                numbers=frozenset((3, 4)),
            )


def _longlist(purchase: Purchase) -> Iterator[Part]:
    yield Heading(2, "Longlist and dispositions", "longlist")
    yield Grid(
        "longlist-table",
        "Every service that the search found, in its order, and what became of it",
        ("No.", "Service", "Supplier", "Fate", "For", "Reason", "Decided"),
        tuple(_disposition(each) for each in purchase.dispositions),
        head=1,
        numbers=frozenset((0,)),
    )


def _disposition(each: Disposition) -> tuple[Line, ...]:
    row = each.row
    changed = f" ({row.change})" if row.change else ""
    reason = "\n".join(filter(None, (each.because, f"Note: {row.note}" if row.note else "")))
    decided = f"{each.actor or 'not named'}, {row.marked:%Y-%m-%d}" if each.fate != "open" else ""
    return (
        str(each.number),
        f"{row.name} ({row.service_id}){changed}",
        row.supplier,
        each.fate,
        each.requirement or "",
        reason,
        decided,
    )


def _questions(purchase: Purchase) -> Iterator[Part]:
    yield Heading(2, "Questions to suppliers", "questions")
    asked = purchase.project.questions
    if not asked:
        yield Paragraph("None was asked.")
        return
    names = {each.row.service_id: each.row.name for each in purchase.dispositions}
    yield Grid(
        "questions-table",
        "Clarification questions, their answers and what followed",
        ("No.", "Service", "Question", "Asked", "Answer", "Answered", "Effect"),
        tuple(
            (
                str(each.number),
                f"{names.get(each.service_id, '')} ({each.service_id})",
                each.text,
                f"{each.on}, {each.channel}",
                each.reply.text if each.reply else "none yet",
                f"{each.reply.on}, {each.reply.channel}" if each.reply else "",
                each.reply.effect if each.reply else "",
            )
            for each in asked
        ),
    )


def _scores(purchase: Purchase) -> Iterator[Part]:
    project = purchase.project
    criteria = project.criteria
    yield Heading(2, "Criteria, weights and scores", "scores")
    if criteria is None:
        yield Paragraph("Not fixed yet: no score is given or shown before.")
        return
    scored = f"Scored 0 to {criteria.scale}" if criteria.method == "best-value" else "By the lowest price"
    yield Paragraph(
        f"{scored}; fixed by {criteria.by.actor or 'somebody not named'} on {criteria.by.time:%Y-%m-%d}."
    )
    yield Grid(
        "criteria-table",
        "Criteria and their weights, fixed before the first score",
        ("Criterion", "Weight"),
        tuple((each.name, f"{each.weight:f}") for each in criteria.criteria),
        numbers=frozenset((1,)),
    )
    names = {each.row.service_id: each.row.name for each in purchase.dispositions}
    if project.scores:
        order = {total.service_id: place for place, total in enumerate(purchase.totals)}
        by_criterion = {each.name: place for place, each in enumerate(criteria.criteria)}
        scores = sorted(
            project.scores,
            key=lambda each: (order.get(each.service_id, len(order)), by_criterion.get(each.criterion, 0)),
        )
        yield Grid(
            "scores-table",
            "Scores, each with its evidence",
            ("Service", "Criterion", "Score", "Scorer", "Evidence", "Note"),
            tuple(
                (
                    names.get(each.service_id, each.service_id),
                    each.criterion,
                    f"{each.value:,f}",
                    f"{each.scorer}, {each.by.time:%Y-%m-%d}",
                    each.evidence,
                    each.note,
                )
                for each in scores
            ),
            numbers=frozenset((2,)),
        )


def _service(number: int, row: Row) -> Iterator[Part]:
    place = row.rank if row.place is None else row.place
    yield Heading(2, row.name if place is None else f"{place}. {row.name}", f"service-{number}")
    yield Facts(tuple((label, page(text) if label == PAGE else text) for label, text in service_lines(row)))
    if row.evidence:
        yield Heading(3, "Evidence", f"evidence-{number}")
        unsaid = ((strong(label), f": {needs}") for label, needs in unsaid_lines(row))
        yield Bullets((*(_evidence(item) for item in telling(row)), *unsaid))
    if row.questions:
        yield Heading(3, "Questions to ask", f"ask-{number}")
        yield Bullets(row.questions)


def _evidence(item: Evidence) -> Line:
    said = item.because if item.quote is None else quote(item.quote)
    asked = "" if item.question is None else f" ({item.question})"
    return (
        strong(verdict_words(item)),
        f" ({item.barrier}, {item.points:+.1f}): {item.need}: ",
        said,
        asked,
    )


def _trail(purchase: Purchase) -> Iterator[Part]:
    yield Heading(2, "Audit trail", "trail")
    yield Grid(
        "trail-table",
        "What was done, in order; each digest covers the entry and the one before it",
        ("No.", "Time", "Who", "Action", "What", "Digest"),
        tuple(
            (
                str(each.number),
                each.time,
                each.actor or "not named",
                each.action,
                each.told,
                f"{each.digest[:_DIGEST]}…",
            )
            for each in purchase.trail
        ),
        numbers=frozenset((0,)),
        head=3,
    )


def _order_form(purchase: Purchase) -> Iterator[Part]:
    yield Heading(2, "Order form, as far as it is known", "order-form")
    yield Grid(
        "order-form-table",
        "Fields of the order form: what is empty is not on record",
        ("Section", "Field", "Known", "Note"),
        tuple((each.section, each.field, each.value or "", each.note) for each in purchase.order_form),
        head=1,
    )
