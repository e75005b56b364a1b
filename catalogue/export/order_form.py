"""The order form, filled with what the record knows: a draft for whoever writes the call-off contract."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

import msgspec

from catalogue.errors import DataFileError
from catalogue.export.values import FormField
from catalogue.frameworks import load_frameworks
from catalogue.needs import pounds
from catalogue.project import Project
from catalogue.records import ServiceRecord

_TABLE = "order_form.toml"
#: What a row of the table may name as ``known``.
KNOWN = (
    "title",
    "goal",
    "buyer",
    "budget",
    "approval",
    "requirements",
    "framework",
    "lot",
    "term",
    "service-id",
    "service",
    "supplier",
    "price",
    "documents",
    "answers",
    "start",
    "end",
    "value",
)
#: What is known of no service before the outcome.
_AFTER_AWARD = frozenset(
    ("service-id", "service", "supplier", "price", "documents", "answers", "start", "end", "value")
)
_UNDECIDED = "Known once the outcome is recorded"


class FormRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One field of the form: see the table."""

    section: str
    field: str
    note: str
    known: str | None = None


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    row: tuple[FormRow, ...]


@cache
def load_order_form() -> tuple[FormRow, ...]:
    """The table that ships with Longlist."""
    return read_order_form(resources.files("catalogue.export").joinpath(_TABLE).read_text("utf-8"))


def read_order_form(text: str, source: str = _TABLE) -> tuple[FormRow, ...]:
    """Read a table of fields. Raises `DataFileError` naming the row, what was found and what was expected."""
    try:
        rows = msgspec.convert(tomllib.loads(text), _Table).row
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{source}: not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise DataFileError(f"{source}: {error}") from None
    for row in rows:
        if row.known is not None and row.known not in KNOWN:
            raise DataFileError(
                f"{source}: row {row.field!r}: known is {row.known!r}; expected one of {', '.join(KNOWN)}"
            )
    return rows


def order_form(project: Project, goal: str | None, winner: ServiceRecord | None) -> tuple[FormField, ...]:
    """Every field with what the record knows of it. ``winner`` is the record of the service that won."""
    known = dict(_of_purchase(project, goal))
    if winner is not None:
        known |= _of_winner(project, winner)
    return tuple(_field(row, known, awarded=winner is not None) for row in load_order_form())


def _field(row: FormRow, known: Mapping[str, str], *, awarded: bool) -> FormField:
    value = known.get(row.known) if row.known else None
    note = row.note
    if value is None and row.known in _AFTER_AWARD and not awarded:
        note = f"{_UNDECIDED}. {note}".rstrip(". ") if note else _UNDECIDED
    return FormField(row.section, row.field, value or None, note)


def _of_purchase(project: Project, goal: str | None) -> Iterator[tuple[str, str]]:
    award = project.outcome.award if project.outcome is not None else None
    yield "title", project.name
    yield "goal", goal or ""
    yield "buyer", award.buyer if award is not None else project.profile.name if project.profile else ""
    if project.frozen is not None:
        yield "approval", project.frozen.approval
        if project.frozen.budget is not None:
            yield "budget", pounds(project.frozen.budget)
        yield (
            "requirements",
            "\n".join(f"{row.key} ({row.priority}) {row.text}" for row in project.frozen.requirements),
        )
    if not project.searches:
        return
    search = project.searches[-1]
    framework = load_frameworks().get(search.framework)
    yield "framework", f"{framework.name} ({framework.agreement})" if framework else search.framework
    lot = framework.lot(search.lot) if framework else None
    yield "lot", f"{lot.number} {lot.name}" if lot else search.lot
    months = framework.call_off_months(search.lot) if framework else ()
    if months:
        first, *extensions = months
        yield "term", " + ".join([f"{first} months", *(f"{each} months" for each in extensions)])


def _of_winner(project: Project, record: ServiceRecord) -> dict[str, str]:
    award = project.outcome.award if project.outcome is not None else None
    answered = [
        f"{each.number}. {each.text}\n{each.reply.text} ({each.reply.on}, {each.reply.channel})"
        for each in project.questions
        if each.service_id == record.id and each.reply is not None
    ]
    known = {
        "service-id": record.id,
        "service": "\n".join(filter(None, (record.name, record.description, record.url))),
        "supplier": record.supplier.name,
        "price": record.price or "",
        "documents": "\n".join(f"{each.name}: {each.url}" for each in record.documents or ()),
        "answers": "\n".join(answered),
    }
    if award is not None:
        known |= {
            "start": award.start.isoformat(),
            "end": award.end.isoformat(),
            "value": pounds(award.value),
        }
    return known
