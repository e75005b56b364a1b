"""What differs between two states of one listing, field by field and question by question. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from catalogue.records import ServiceRecord, encode_record

#: The fields that are compared whole; sections are compared question by question.
_FIELDS = (
    "status",
    "name",
    "description",
    "price",
    "supplier",
    "framework",
    "lot",
    "categories",
    "features",
    "benefits",
    "documents",
    "structured",
    "url",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after, as text; ``None`` where it was not stated. ``question`` names an answer."""

    field: str
    before: str | None
    after: str | None
    question: str | None = None


def differences(old: ServiceRecord, new: ServiceRecord) -> list[Difference]:
    """Every difference; never empty for records that are not equal."""
    found = [
        Difference(name, _shown(getattr(old, name)), _shown(getattr(new, name)))
        for name in _FIELDS
        if getattr(old, name) != getattr(new, name)
    ]
    before, after = _answers(old), _answers(new)
    for label, section in {**after, **before}:
        was, now = before.get((label, section)), after.get((label, section))
        if was != now:
            found.append(Difference("answer", was, now, question=label))
    if not found and encode_record(old) != encode_record(new):
        found.append(Difference("sections", None, None))
    return found


def _answers(record: ServiceRecord) -> dict[tuple[str, str], str]:
    """The values under each label and section as text; a label that occurs twice is joined."""
    answers: dict[tuple[str, str], str] = {}
    for section in record.sections or ():
        for answer in section.answers:
            place = (answer.question, section.name)
            text = "\n".join(answer.values)
            answers[place] = f"{answers[place]}\n{text}" if place in answers else text
    return answers


def _shown(value: object) -> str | None:
    """A field as text for a reader: lists a line each, parts as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return "\n".join(_shown(item) or "" for item in value)
    plain = msgspec.to_builtins(value)
    if isinstance(plain, dict) and isinstance(plain.get("name"), str):
        return str(plain["name"])
    return msgspec.json.encode(plain).decode()
