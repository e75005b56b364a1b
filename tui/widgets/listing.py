"""A service record as text: facts at a glance, the listing itself, and its answers by section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rich.cells import cell_len
from textual.content import Content

from catalogue.agreements import Dates, late_award, standing_of
from catalogue.frameworks import load_frameworks
from catalogue.records import ServiceRecord
from tui.widgets.highlight import Sought
from tui.widgets.names import framework_name, lot_name
from tui.widgets.plain import counted, fitted, one_line, paragraph
from tui.widgets.prose import Block, Part, bullet, labelled, titled


def facts_of(
    record: ServiceRecord, today: date, dates: Dates | None = None, award_by: date | None = None
) -> list[Part]:
    """Price, supplier, framework with its standing, and where the listing and its documents are.

    ``dates`` are those of agreements, as their source gives them; ``award_by`` is the day of the profile by
    which the award is planned.
    """
    facts: list[tuple[str, Content]] = [
        ("Price", paragraph(one_line(record.price)) if record.price else paragraph("not stated", "$muted")),
        ("Supplier", paragraph(one_line(record.supplier.name))),
        ("Lot", paragraph(one_line(lot_name(record)))),
        ("Framework", paragraph(one_line(framework_name(record)))),
        *_standing(record, today, dates, award_by),
        ("Listing", _status(record)),
        ("Service ID", paragraph(record.id)),
        ("Page", paragraph(one_line(record.url)) if record.url else paragraph("not stated", "$muted")),
    ]
    return [labelled(name, value) for name, value in facts]


def _status(record: ServiceRecord) -> Content:
    if record.status == "live":
        return Content("live")
    return Content.styled(record.status, "bold $text-error")


def _standing(
    record: ServiceRecord, today: date, dates: Dates | None, award_by: date | None
) -> list[tuple[str, Content]]:
    """Whether the framework is open to buyers, until when, and how long a call-off may be."""
    framework = load_frameworks().get(record.framework.slug)
    standing = standing_of(record.framework.slug, today, dates)
    if framework is None or standing is None:
        return []
    if standing.open:
        style = "$text-success"
    elif standing.starts is not None and today < standing.starts:
        style = "$text-warning"
    else:
        style = "bold $text-error"
    facts = [("", Content.styled(standing.sentence(today), style))]
    if late := late_award(award_by, standing):
        facts.append(("Too late", Content.styled(late, "bold $text-error")))
    facts.append(("Agreement", paragraph(framework.agreement)))
    months = framework.call_off_months(record.lot.slug)
    if months:
        facts.append(("Call-off", paragraph(f"up to {' + '.join(str(part) for part in months)} months")))
    return facts


def text_of(record: ServiceRecord, sought: Sought) -> list[Part]:
    """Description, features, benefits, categories and documents."""
    parts: list[Part] = []
    if record.description:
        parts.append(sought.mark(record.description))
    else:
        parts.append(paragraph("No description", "$muted"))
    for title, points in (("Features", record.features), ("Benefits", record.benefits)):
        parts += ["", titled(title)]
        if points:
            parts += [bullet(sought.mark(one_line(point))) for point in points]
        else:
            parts.append(paragraph("None stated", "$muted"))
    if record.categories:
        parts += ["", titled("Categories")]
        parts += [bullet(sought.mark(" › ".join(map(one_line, path)))) for path in record.categories]
    if record.documents:
        parts += ["", titled("Documents")]
        for document in record.documents:
            parts.append(bullet(paragraph(one_line(document.name))))
            parts.append(Block(paragraph(one_line(document.url), "$muted"), Content("  ")))
    return parts


#: What a page may show as a table: key in the record, heading, and the columns in the order they are read.
_TABLES = (
    ("discount_bands", "Discount by spend", ("band", "discount")),
    ("rate_card", "Day rates", ("role", "level", "uk", "offshore", "family")),
)


def tables_of(structured: Mapping[str, Any]) -> list[Part]:
    """Price formula, discounts and day rates, as far as a page shows them."""
    parts: list[Part] = []
    for formula in _rows(structured.get("price_formula")):
        title = one_line(str(formula.get("deployment_model") or ""))
        parts += ["", titled("Price formula" + (f": {title}" if title else ""))]
        for term in _rows(formula.get("terms")):
            sign = one_line(str(term.get("operation") or " "))
            value = one_line(str(term.get("value") or "")) or "not stated"
            parts.append(paragraph(f"{sign} {one_line(str(term.get('name') or ''))}: {value}"))
    for key, title, columns in _TABLES:
        rows = _rows(structured.get(key))
        if rows:
            parts += ["", titled(title), *_table(rows, columns)]
    return parts


def _rows(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list of the record; anything else there is not a table."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list | tuple) else []


def _table(rows: list[Mapping[str, Any]], columns: Iterable[str]) -> list[Content]:
    names = [name for name in columns if any(row.get(name) for row in rows)]
    cells = [[one_line(str(row.get(name) or "–")) for name in names] for row in rows]
    heads = [{"uk": "UK", "band": "Spend"}.get(name, name.capitalize()) for name in names]
    widths = [
        min(40, max(cell_len(head), *(cell_len(row[at]) for row in cells))) for at, head in enumerate(heads)
    ]
    return [
        Content.styled("  ".join(map(fitted, heads, widths)), "$muted"),
        *(paragraph("  ".join(map(fitted, row, widths))) for row in cells),
    ]


def answers_of(record: ServiceRecord, wanted: str, sought: Sought) -> tuple[list[Part], str]:
    """The answers by section, only those with every word ``wanted``, and how many in words."""
    words = one_line(wanted).casefold().split()
    parts: list[Part] = []
    shown = total = 0
    for section in record.sections or ():
        found: list[Part] = []
        for answer in section.answers:
            total += 1
            text = " ".join((section.name, answer.question, *answer.values)).casefold()
            if not all(word in text for word in words):
                continue
            shown += 1
            values = [value for value in answer.values if value.strip()]
            found.append(sought.mark(one_line(answer.question), "$muted"))
            found += [Block(sought.mark(value), Content("  ")) for value in values] or [
                Block(paragraph("left blank", "italic $muted"), Content("  "))
            ]
        if found:
            parts += [titled(one_line(section.name)), *found, ""]
    if not total:
        return [paragraph("This listing answers no questions.", "$muted")], ""
    if not shown:
        return [paragraph("No answer has these words. Use fewer, or clear the box.", "$muted")], "0 answers"
    count = counted(total, "answer") if shown == total else f"{shown} of {counted(total, 'answer')}"
    return parts[:-1], count
