"""The words that every format shares: verdicts, headings and labelled lines, not yet escaped for any."""

from __future__ import annotations

import re

from catalogue.export.prepare import About, Evidence, ExportTable, Row
from catalogue.instants import instant
from catalogue.profile import BARRIERS

VERDICTS = {
    "strong-for": "strongly for",
    "weak-for": "weakly for",
    "silent": "silent",
    "weak-against": "weakly against",
    "strong-against": "strongly against",
    "not-applicable": "not asked in this lot",
}
#: Verdicts that rest on nothing in the listing, and what is said of all such needs together.
_UNSAID = {"silent": "The listing does not say", "not-applicable": "Not asked in this lot"}
#: The label of the one line whose text may become a link.
PAGE = "Page"
#: An address that no format can take for anything else.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9./_~%?=&#:+,;-]*")

OVERVIEW = ("Rank", "Service", "Supplier", "Score", *(barrier.capitalize() for barrier in BARRIERS), "Price")


def title(table: ExportTable) -> str:
    """What the export is called."""
    return f"Shortlist: {table.about.project}"


def verdict_words(evidence: Evidence) -> str:
    """The verdict as people say it."""
    return VERDICTS[evidence.verdict]


def telling(row: Row) -> list[Evidence]:
    """The findings that cite something or count, in the order of the match."""
    return [item for item in row.evidence if item.quote is not None or item.verdict not in _UNSAID]


def unsaid_lines(row: Row) -> list[tuple[str, str]]:
    """The other findings, as a labelled text for each reason: there is nothing but the needs to say."""
    left = [item for item in row.evidence if item.quote is None]
    return [
        (label, "; ".join(needs))
        for verdict, label in _UNSAID.items()
        if (needs := [item.need for item in left if item.verdict == verdict])
    ]


def evidence_line(evidence: Evidence) -> str:
    """One finding as a sentence: what is needed, which way it points, and the words that say so."""
    line = f"{verdict_words(evidence)}: {evidence.need}: "
    line += evidence.because if evidence.quote is None else f"“{evidence.quote}”"
    if evidence.question is not None:
        line += f" ({evidence.question})"
    return line


def overview(row: Row) -> list[str]:
    """The texts under the headings of `OVERVIEW`; a dash where the match gave no number."""
    points = dict(row.points)
    numbers = [row.score, *(points.get(barrier) for barrier in BARRIERS)]
    return [
        "–" if row.rank is None else str(row.rank),
        row.name,
        row.supplier,
        *("–" if number is None else f"{number:.1f}" for number in numbers),
        row.price or "not stated",
    ]


def service_lines(row: Row) -> list[tuple[str, str]]:
    """What is known of a service, as labelled texts; an empty note and the like are left out."""
    lines: list[tuple[str, str | None]] = [
        ("Standing", row.standing),
        ("Supplier", row.supplier),
        ("Framework and lot", f"{row.framework}, {row.lot}"),
        ("Status", row.status),
        ("Price", row.price or "not stated"),
        ("Service ID", row.service_id),
        (PAGE, row.url),
        ("Note", row.note),
        ("Marked", instant(row.marked)),
        ("Changed since marked", row.change),
    ]
    return [(label, text) for label, text in lines if text]


def about_lines(about: About) -> list[tuple[str, str]]:
    """What the rows rest on, as labelled texts; what is not known is left out."""
    lines: list[tuple[str, str | None]] = [
        ("Warning", about.fictional),
        ("Project", about.project),
        ("Exported", instant(about.exported)),
        ("Catalogue date", instant(about.catalogue_newest) if about.catalogue_newest else None),
        ("Catalogue services", str(about.catalogue_services)),
        ("Catalogue digest", about.catalogue_digest),
        ("Profile", about.profile_name),
        ("Profile digest", about.profile_digest),
        ("Rules version", about.rules),
        ("Weights", ", ".join(f"{barrier} {weight:g} %" for barrier, weight in about.weights)),
        ("Licence", about.attribution),
    ]
    return [(label, text) for label, text in lines if text]


def is_page_address(label: str, text: str) -> bool:
    """Whether a labelled text is the address of a service's page, and safe to make a link of."""
    return label == PAGE and _ADDRESS.fullmatch(text) is not None
