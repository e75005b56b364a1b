"""Short names for what a list has little room for."""

from __future__ import annotations

from catalogue.records import ServiceRecord

#: As officers say them; a lot that is not here is shown by its own name.
_LOTS = {
    "saas": "SaaS",
    "isaas": "Infrastructure SaaS",
    "iaas-and-paas": "IaaS and PaaS",
    "cloud-support": "Cloud support",
    "cloud-software": "Cloud software",
    "cloud-hosting": "Cloud hosting",
}


def short_lot(slug: str) -> str:
    """The lot in a word or two."""
    return _LOTS.get(slug, slug)


def framework_name(record: ServiceRecord) -> str:
    """The framework iteration as its page names it."""
    return record.framework.name or record.framework.slug


def lot_name(record: ServiceRecord) -> str:
    """The lot as its page names it."""
    return record.lot.name or short_lot(record.lot.slug)
