"""The prepared table puts marks, listings and the match together, and explains what has no rank."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from catalogue.export import WRITERS
from catalogue.export.prepare import FICTIONAL, prepare
from catalogue.export.values import ExportTable
from catalogue.match import MatchResult, match
from catalogue.model import CatalogueSummary
from catalogue.profile import parse_profile
from catalogue.project import Mark, Project, profile_text
from catalogue.read import read_service
from catalogue.records import Answer, FrameworkRef, LotRef, Section, ServiceRecord, SupplierRef, record_digest

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PROFILE = """
goal = "Put council tax online end to end"
[organisation]
name = "Fenmoor\\u001b[31m District Council"
[[legacy]]
system = "NEC Revenues & Benefits"
purpose = "revenues and benefits"
interfaces = ["api"]
[[requirement]]
text = "Connected to HSCN"
priority = "must"
barrier = "legacy"
question = "Connected networks"
includes = ["Health and Social Care Network (HSCN)"]
"""


def record(
    id: str, network: str = "Health and Social Care Network (HSCN)", **changes: object
) -> ServiceRecord:
    made = ServiceRecord(
        id=id,
        url=f"https://marketplace.example/services/{id}",
        framework=FrameworkRef("g-cloud-14", "G-Cloud 14"),
        lot=LotRef("cloud-software", "Cloud software"),
        supplier=SupplierRef(name="Tidewater Ltd"),
        name=f"Tidewater Council Tax {id}",
        features=("Certified connector for NEC Revenues & Benefits", "Council tax online"),
        price="£100 a unit a month",
        sections=(
            Section("Public sector networks", (Answer("Connection to public sector networks", ("Yes",)),)),
            Section("Public sector networks", (Answer("Connected networks", (network,)),)),
        ),
    )
    return msgspec.structs.replace(made, **changes)


RECORDS = {
    "1": record("1", features=("Council tax online",)),
    "2": record("2"),
    "3": record("3", network="Joint Academic Network (JANET)"),
    "4": record("4", status="withdrawn"),
    "5": record("5"),
}
SUMMARY = CatalogueSummary(
    services=5, live=4, by_lot=(), by_framework=(), newest=NOON, digest="sha256:c0ffee", fictional=True
)


def mark(id: str, note: str = "", digest: str | None = None) -> Mark:
    return Mark(id, note, NOON, digest or record_digest(RECORDS[id]))


@pytest.fixture(scope="module")
def result() -> MatchResult:
    """Of the services, 4 is withdrawn and 5 was not called for."""
    services = [read_service(RECORDS[id])[0] for id in ("1", "2", "3")]
    return match(parse_profile(PROFILE), services)


def prepared(result: MatchResult | None, *marks: Mark) -> ExportTable:
    profile = profile_text(PROFILE, "fenmoor.toml") if result else None
    return prepare(Project("Council tax", NOON, profile), marks, RECORDS, result, SUMMARY, at=NOON)


def test_ranked_services_come_first_and_the_others_in_the_order_of_marking(result: MatchResult) -> None:
    table = prepared(result, mark("5"), mark("3"), mark("1"), mark("2"))
    assert [(row.service_id, row.rank) for row in table.rows] == [
        ("2", 1),
        ("1", 2),
        ("5", None),
        ("3", None),
    ]


def test_what_has_no_rank_says_why(result: MatchResult) -> None:
    table = prepared(result, mark("2"), mark("3"), mark("4"), mark("5"))
    assert [row.standing for row in table.rows] == [
        "rank 1 of 3 assessed",
        "excluded: Connected to HSCN (found: Joint Academic Network (JANET))",
        "not assessed: withdrawn",
        "not assessed: not among the 3 services that the profile calls for",
    ]


def test_without_a_profile_there_are_listings_and_notes_only() -> None:
    table = prepared(None, mark("1", note="cheap"))
    (row,) = table.rows
    assert (row.standing, row.note) == ("not assessed: the project has no profile", "cheap")
    assert (row.rank, row.score, row.points, row.evidence) == (None, None, (), ())
    assert (table.about.profile_digest, table.about.rules, table.about.weights) == (None, None, ())
    for write in WRITERS.values():
        assert write(table)


def test_points_add_up_to_the_score_and_quotes_are_of_the_listing(result: MatchResult) -> None:
    row = prepared(result, mark("2")).rows[0]
    assert row.score == pytest.approx(sum(points for _, points in row.points))
    for barrier, points in row.points:
        findings = [item.points for item in row.evidence if item.barrier == barrier]
        assert points == pytest.approx(sum(findings))
    quotes = [item.quote for item in row.evidence if item.question == "Service features" and item.quote]
    assert quotes
    assert all(any(quote in feature for feature in RECORDS["2"].features or ()) for quote in quotes)


def test_a_listing_that_changed_since_it_was_marked_says_so(result: MatchResult) -> None:
    same, changed = prepared(result, mark("2"), mark("1", digest="another")).rows
    assert (same.change, changed.change) == (None, "the listing is not as it was")


def test_what_the_table_rests_on_is_named(result: MatchResult) -> None:
    about = prepared(result, mark("1")).about
    assert about.profile_digest == parse_profile(PROFILE).digest
    assert about.rules == result.rules
    assert sum(weight for _, weight in about.weights) == pytest.approx(100)
    assert (about.catalogue_digest, about.catalogue_services) == ("sha256:c0ffee", 5)
    assert about.fictional == FICTIONAL


def test_no_control_character_of_a_profile_or_note_is_left(result: MatchResult) -> None:
    table = prepared(result, mark("1", note="a\x1b]0;title\x07b"))
    assert table.about.profile_name == "Fenmoor[31m District Council"
    assert table.rows[0].note == "a]0;titleb"


@pytest.mark.parametrize("kind", WRITERS)
def test_the_same_inputs_give_the_same_bytes(kind: str, result: MatchResult) -> None:
    assert WRITERS[kind](prepared(result, mark("1"), mark("3"))) == WRITERS[kind](
        prepared(result, mark("1"), mark("3"))
    )
