"""The service record: what a service page shows, faithfully, before any interpretation.

One JSON object a line. Absent and ``null`` both mean *not stated*; an empty list or string is a fact of its
own. A record never holds personal contact details.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, Literal, TypeVar

import msgspec

from catalogue.errors import RecordError

Status = Literal["live", "withdrawn", "expired"]


class _Shape(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Common options of the record's parts: immutable, and no key that FORMATS does not name."""


class FrameworkRef(_Shape, frozen=True):
    """The framework iteration of a listing, such as ``g-cloud-15``."""

    slug: str
    name: str | None = None


class LotRef(_Shape, frozen=True):
    """The lot of a listing, such as ``saas``."""

    slug: str
    name: str | None = None


class SupplierRef(_Shape, frozen=True, kw_only=True):
    """The supplier of a listing; ``id`` is the marketplace's, and some pages do not show it."""

    id: str | None = None
    name: str


class Document(_Shape, frozen=True):
    """A linked document: never fetched, only named."""

    name: str
    url: str


class Answer(_Shape, frozen=True):
    """One question as labelled on the page, and its values in page order."""

    question: str
    values: tuple[str, ...]


class Section(_Shape, frozen=True):
    """A headed group of answers in page order. A label may occur twice in one section."""

    name: str
    answers: tuple[Answer, ...]


class ServiceRecord(_Shape, frozen=True, kw_only=True):
    """One service as its page shows it."""

    id: str
    url: str | None = None
    status: Status = "live"
    framework: FrameworkRef
    lot: LotRef
    supplier: SupplierRef
    name: str
    description: str | None = None
    categories: tuple[tuple[str, ...], ...] | None = None
    features: tuple[str, ...] | None = None
    benefits: tuple[str, ...] | None = None
    price: str | None = None
    documents: tuple[Document, ...] | None = None
    sections: tuple[Section, ...] | None = None
    #: What a page shows as a table or formula: price_formula, discount_bands, rate_card, social value.
    #: Kept as given; absent from the JSON when there is none.
    structured: dict[str, Any] | None = None


_decoder = msgspec.json.Decoder(ServiceRecord)
_encoder = msgspec.json.Encoder()
_UNSTRUCTURED = b',"structured":null}'
_T = TypeVar("_T")

#: Control and escape characters that a page may carry and a terminal would obey. Line feed and tab stay.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
#: The same as they can occur in a line of JSON: written as escapes, or C1 controls as UTF-8 bytes.
#: Patterns that begin with one byte are searched for many times as quickly as one of them all.
_ESCAPED_IN_JSON = re.compile(rb"\\(?:u00[0189][0-9a-fA-F]|u007[fF]|[bfr])")
_C1_IN_JSON = re.compile(rb"\xc2[\x80-\x9f]")


def decode_record(line: bytes | str, *, ignored: list[str] | None = None) -> ServiceRecord:
    """Read one line of JSON as a record, stripped of control characters.

    A key that FORMATS does not name is an error, unless ``ignored`` is given: then it is left out and its
    path is appended there. Raises `RecordError` naming the key, what was found and what was expected; the
    caller adds the line number.
    """
    raw = line.encode() if isinstance(line, str) else line
    try:
        try:
            record = _decoder.decode(raw)
        except msgspec.ValidationError as error:
            if ignored is None or "unknown field" not in str(error):
                raise
            record = msgspec.convert(_known_keys(msgspec.json.decode(raw), ignored), ServiceRecord)
    except msgspec.ValidationError as error:
        raise RecordError(_explain(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordError(f"not a JSON object: {error}; expected one service record on this line") from None
    if b"\x7f" in raw or _ESCAPED_IN_JSON.search(raw) or _C1_IN_JSON.search(raw):
        record = strip_controls(record)
    for key, value in (
        ("id", record.id),
        ("framework.slug", record.framework.slug),
        ("lot.slug", record.lot.slug),
        ("supplier.name", record.supplier.name),
        ("name", record.name),
    ):
        if not value.strip():
            raise RecordError(f"{key} is empty; expected text, as it is one of the required keys")
    return record


def encode_record(record: ServiceRecord) -> bytes:
    """Write a record as one line of JSON without its line feed, keys in the order of FORMATS.

    What is not stated is written as ``null``; ``structured`` is left out when there is none.
    """
    raw = _encoder.encode(record)
    # It is the last field.
    return raw if record.structured is not None else raw.removesuffix(_UNSTRUCTURED) + b"}"


def record_digest(record: ServiceRecord) -> str:
    """SHA-256 of the record as dumped, in hexadecimal: equal records have equal digests."""
    return hashlib.sha256(encode_record(record)).hexdigest()


def strip_controls(value: _T) -> _T:
    """The same record (or string, or container of them) without control and escape characters.

    Carriage returns become line feeds; everything else in C0 (but tab and line feed), DEL and C1 goes.
    """
    return msgspec.convert(_strip(msgspec.to_builtins(value)), type(value))


def _strip(value: Any) -> Any:
    if isinstance(value, str):
        return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, dict):
        return {_strip(key): _strip(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_strip(item) for item in value]
    return value


#: What each key that holds an object (or a list of them) is made of.
_PARTS: dict[str, type[_Shape]] = {
    "framework": FrameworkRef,
    "lot": LotRef,
    "supplier": SupplierRef,
    "documents": Document,
    "sections": Section,
    "answers": Answer,
}


def _known_keys(value: Any, ignored: list[str], shape: type[_Shape] = ServiceRecord, place: str = "") -> Any:
    """The decoded JSON without the keys that ``shape`` does not have; their paths go to ``ignored``."""
    if isinstance(value, list):
        return [_known_keys(item, ignored, shape, place) for item in value]
    if not isinstance(value, dict):
        return value
    ignored += [f"{place}{key}" for key in value if key not in shape.__struct_fields__]
    return {
        key: _known_keys(item, ignored, _PARTS[key], f"{place}{key}.") if key in _PARTS else item
        for key, item in value.items()
        if key in shape.__struct_fields__
    }


def _explain(message: str) -> str:
    """Turn msgspec's message into one that ends with the place, in the words of FORMATS."""
    problem, _, place = message.partition(" - at `$")
    where = place.rstrip("`").lstrip(".") or "the record"
    return f"{where}: {problem}; see the service record in the documentation"
