"""The sheets that only a purchase on the record has: what was found, asked, wanted, scored and done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from catalogue.export.cells import Cell, Sheet, sheet
from catalogue.export.columns import SERVICE, YEAR
from catalogue.export.values import Disposition, ExportTable, Purchase
from catalogue.export.wording import framework_and_lot, search_words, total_label
from catalogue.instants import instant
from catalogue.project import Score

#: Columns of the official export, in its order.
MARKETPLACE = (
    "Supplier name",
    "Service name",
    "Service description",
    "Price",
    "Service page URL",
    "Contact name",
    "Telephone",
    "Email",
)
_NO_CONTACTS = (
    "Contact name, telephone and e-mail are left empty: contact details of people are not stored. They are "
    "on the page of each service."
)


def _longlist(_table: ExportTable, purchase: Purchase) -> Sheet:
    frozen = purchase.project.frozen
    texts = {each.key: each for each in frozen.requirements} if frozen else {}

    def cells(each: Disposition) -> Iterator[Cell]:
        row, tied = each.row, texts.get(each.requirement or "")
        yield each.number
        yield each.fate
        yield each.requirement
        yield tied.text if tied else None
        yield each.because
        yield each.actor if each.fate != "open" else None
        yield instant(row.marked) if each.fate != "open" else None
        yield row.note
        yield from (value(row) for _, value in (*SERVICE, *YEAR))
        yield row.rank
        yield row.score
        yield row.standing
        yield row.change
        yield each.digest
        yield row.url

    return sheet(
        "longlist",
        (
            *(
                "No.",
                "Fate",
                "Requirement",
                "Text of the requirement",
                "Reason",
                "Decided by",
                "Decided",
                "Note",
            ),
            *(heading for heading, _ in (*SERVICE, *YEAR)),
            *("Match rank", "Match score", "Standing", "Changed since judged", "Record digest"),
            "Service page URL",
        ),
        map(cells, purchase.dispositions),
    )


def _questions(table: ExportTable, purchase: Purchase) -> Sheet:
    """What was asked with its answers, then what the listings of the shortlist leave open."""
    of_service = {each.row.service_id: each.row for each in purchase.dispositions}
    rows: list[list[Cell]] = []
    for asked in purchase.project.questions:
        row, reply = of_service.get(asked.service_id), asked.reply
        rows.append(
            [
                asked.number,
                "answered" if reply else "waiting",
                asked.service_id,
                row.name if row else None,
                row.supplier if row else None,
                asked.text,
                asked.on.isoformat(),
                asked.channel,
                asked.by.actor,
                *(
                    (reply.text, reply.on.isoformat(), reply.channel, reply.effect, reply.by.actor)
                    if reply
                    else (None,) * 5
                ),
            ]
        )
    rows += [
        [None, "not asked", row.service_id, row.name, row.supplier, question, *(None,) * 8]
        for row in table.rows
        for question in row.questions
    ]
    return sheet(
        "questions",
        (
            *(
                "No.",
                "State",
                "Service ID",
                "Service name",
                "Supplier name",
                "Question",
                "Asked on",
                "By way of",
            ),
            *("Asked by", "Answer", "Answered on", "Answered by way of", "Effect", "Noted by"),
        ),
        rows,
    )


def _requirements(_table: ExportTable, purchase: Purchase) -> Sheet:
    """Each requirement with how many services were rejected for it, and the filters that served it."""
    project = purchase.project
    rejected = [each.requirement for each in project.of_fate("rejected")]
    filters = [each for search in project.searches for each in search.filters]
    return sheet(
        "requirements",
        ("Key", "Priority", "Requirement", "From", "Rejected for it", "Filters that served it"),
        (
            (
                each.key,
                each.priority,
                each.text,
                each.source,
                rejected.count(each.key),
                "\n".join(
                    f"{one.kind} {one.value}: {one.after} of {one.before} left"
                    for one in filters
                    if one.requirement.casefold() == each.key.casefold()
                ),
            )
            for each in (project.frozen.requirements if project.frozen else ())
        ),
    )


def _scores(_table: ExportTable, purchase: Purchase) -> Sheet:
    """A row for each score; a criterion without one has a row that says so."""
    return sheet(
        "weights and scores",
        (
            *(
                "Rank",
                "Service ID",
                "Service name",
                total_label(purchase),
                "Criterion",
                "Weight",
                "Mean score",
            ),
            *("Points", "Score", "Scorer", "Scored", "Evidence", "Note"),
        ),
        _score_rows(purchase),
    )


def _score_rows(purchase: Purchase) -> Iterator[Sequence[Cell]]:
    criteria = purchase.project.criteria
    if criteria is None:
        return
    names = {each.row.service_id: each.row.name for each in purchase.dispositions}
    if not purchase.totals:
        for each in criteria.criteria:
            yield (*(None,) * 4, each.name, each.weight, *(None,) * 7)
    for total in purchase.totals:
        parts: dict[str, tuple[Decimal, Decimal]] = {
            name: (mean, points) for name, mean, points in total.parts
        }
        for each in criteria.criteria:
            mean, points = parts.get(each.name, (None, None))
            given: list[Score | None] = [
                score
                for score in purchase.project.scores
                if (score.service_id, score.criterion) == (total.service_id, each.name)
            ]
            for score in given or [None]:
                yield (
                    total.rank,
                    total.service_id,
                    names.get(total.service_id),
                    total.total,
                    each.name,
                    each.weight,
                    mean,
                    points,
                    *(
                        (score.value, score.scorer, instant(score.by.time), score.evidence, score.note)
                        if score
                        else (None, None, None, "not scored yet", None)
                    ),
                )


def _trail(_table: ExportTable, purchase: Purchase) -> Sheet:
    return sheet(
        "audit trail",
        ("No.", "Time", "Who", "Action", "What", "Rests on", "Contents", "Previous", "Digest"),
        (
            (
                each.number,
                each.time,
                each.actor,
                each.action,
                each.told,
                "\n".join(f"{name}: {digest}" for name, digest in each.inputs),
                each.contents,
                each.previous,
                each.digest,
            )
            for each in purchase.trail
        ),
    )


def _marketplace(table: ExportTable, purchase: Purchase) -> Sheet:
    """Every service that was found, in the columns of the official export, under a head like its own."""
    searches, locked = purchase.project.searches, purchase.project.locked
    frameworks = dict.fromkeys(framework_and_lot(each)[0] for each in searches)
    return sheet(
        "marketplace",
        MARKETPLACE,
        (
            (row.supplier, row.name, each.description, row.price, row.url, None, None, None)
            for each in purchase.dispositions
            for row in (each.row,)
        ),
        lead=(
            ("Framework", ", ".join(frameworks)),
            ("Search ended", instant(locked.by.time) if locked else "Not yet: a draft"),
            ("Search summary", "\n".join(map(search_words, searches))),
            ("Services", len(purchase.dispositions)),
            ("Record", table.about.head),
            ("Licence", table.about.attribution),
            ("Note", _NO_CONTACTS),
            *((("Warning", table.about.fictional),) if table.about.fictional else ()),
            (),
        ),
    )


def _order_form(table: ExportTable, purchase: Purchase) -> Sheet:
    return sheet(
        "order form",
        ("Section", "Field", "Known", "Note"),
        ((each.section, each.field, each.value, each.note) for each in purchase.order_form),
        lead=(
            ("Note", "A draft to copy from: check it against the order form of the framework agreement."),
            ("Record", table.about.head),
            (),
        ),
    )


#: Sheet -> what makes it, in the order in which a workbook shows them.
RECORD_SHEETS: Mapping[str, Callable[[ExportTable, Purchase], Sheet]] = MappingProxyType(
    {
        "longlist": _longlist,
        "questions": _questions,
        "requirements": _requirements,
        "weights and scores": _scores,
        "audit trail": _trail,
        "marketplace": _marketplace,
        "order form": _order_form,
    }
)
