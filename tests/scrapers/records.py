"""Small service records for the tests of runs, and a marketplace that shows them."""

from __future__ import annotations

from typing import Any

import msgspec

from catalogue.records import Answer, FrameworkRef, LotRef, Section, ServiceRecord, SupplierRef

LOTS = ("iaas-and-paas", "isaas", "saas", "cloud-support")


def service(number: int, lot: str = "saas", name: str = "Forms", **changes: Any) -> ServiceRecord:
    """A service of G-Cloud 15 that answers nothing."""
    id_ = f"{412003001000000 + number}"
    record = ServiceRecord(
        id=id_,
        url=f"https://marketplace.example/g-cloud/services/{id_}",
        framework=FrameworkRef("g-cloud-15", "G-Cloud 15"),
        lot=LotRef(lot, lot),
        supplier=SupplierRef(name="Tidewater Ltd"),
        name=f"{name} {number}",
        description="For councils.",
        categories=(),
        features=(),
        benefits=(),
        documents=(),
        sections=(),
    )
    return msgspec.structs.replace(record, **changes)


def asked(**answers: str) -> tuple[Section, ...]:
    """One section; keys are labels with ``_`` for a space."""
    given = tuple(Answer(label.replace("_", " "), (value,)) for label, value in answers.items())
    return (Section("About", given),)


def path(record: ServiceRecord) -> str:
    """The address of a service page."""
    return f"/g-cloud/services/{record.id}"
