"""What is to be done to a system is found in whatever words listings tell it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from catalogue.model import SearchQuery
from catalogue.records import ServiceRecord
from catalogue.vocabulary import load_vocabulary
from db.asking import understand
from db.catalogue import Catalogue
from db.ingest import ingest
from db.links import GOES, JOINS, link_by_place, link_of, links_told
from db.search import search

MakeRecord = Callable[..., ServiceRecord]


def best(catalogue: Catalogue, text: str) -> str:
    return search(catalogue, SearchQuery(text)).hits[0].id


class TestWhatIsAsked:
    @pytest.mark.parametrize(
        ("typed", "link"),
        [
            (("replacement",), GOES),
            (("get", "rid", "of"), GOES),
            (("interface",), JOINS),
            (("bolt", "on"), JOINS),
            (("casework",), ""),
        ],
    )
    def test_words_ask_for_it(self, typed: tuple[str, ...], link: str) -> None:
        assert link_of(typed) == link

    @pytest.mark.parametrize(
        ("before", "after", "to_another", "link"),
        [
            ("", " to SharePoint", True, GOES),
            ("", " to something cheaper", False, GOES),
            ("", " to student app", False, ""),
            ("claims straight into ", "", False, JOINS),
            ("login infront of ", "", False, JOINS),
            ("", " contacts", False, ""),
        ],
    )
    def test_the_place_of_the_name_asks_for_it(
        self, before: str, after: str, to_another: bool, link: str
    ) -> None:
        assert link_by_place(before, after, to_another=to_another) == link

    def test_what_nobody_said_finds_nothing_by_itself(self, catalogue: Catalogue) -> None:
        asked = understand(catalogue, "siebel licensing", load_vocabulary())
        assert [thing.typed for thing in asked.things] == ["siebel", "licensing"]
        assert [thing.link for thing in asked.presumed] == [JOINS]

    def test_nothing_is_presumed_where_it_is_said_or_no_system_is_named(self, catalogue: Catalogue) -> None:
        for text in ("siebel replacement", "licensing portal"):
            assert understand(catalogue, text, load_vocabulary()).presumed == ()


class TestWhatIsTold:
    @pytest.mark.parametrize(
        ("text", "links"),
        [
            ("Siebel loader for agencies", {GOES}),
            ("People come nightly from Siebel over an interface", {JOINS}),
            ("We know Siebel", set()),
        ],
    )
    def test_a_passage_tells_it(self, text: str, links: set[str]) -> None:
        start = text.index("Siebel")
        assert links_told(text, (start, start + 6)) == links

    def test_a_replacement_is_found_without_the_word(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        knows = make_record("knows", description="Siebel health check for agencies.")
        loads = make_record("loads", description="Casework with a Siebel loader for agencies.")
        filling = [make_record(number, name="Bin lorries", supplier="X") for number in range(20)]
        ingest(catalogue, [knows, loads, *filling], at=seen)
        assert best(catalogue, "siebel replacement") == "loads"

    def test_what_takes_the_place_of_a_system_is_no_connector_to_it(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        leaves = make_record("leaves", description="Casework. Agencies leaving Siebel bring their cases.")
        joins = make_record("joins", description="Casework. Cases appear in Siebel as they are made.")
        filling = [make_record(number, name="Bin lorries", supplier="X") for number in range(20)]
        ingest(catalogue, [leaves, joins, *filling], at=seen)
        assert best(catalogue, "casework siebel connector") == "joins"
        assert best(catalogue, "casework siebel") == "joins"
        assert best(catalogue, "siebel to something newer") == "leaves"


class TestNames:
    def test_a_name_with_a_possessive_is_found_under_another_name(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        ingest(catalogue, [make_record("edge", description="Raiser's Edge importer.")], at=seen)
        page = search(catalogue, SearchQuery("RE NXT"), relax=False)
        assert [hit.id for hit in page.hits] == ["edge"]

    def test_the_part_of_a_name_that_is_no_other_systems_is_known_alone(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        named = make_record("named", description="Planning with an M3 importer for districts.")
        vendor = make_record("vendor", description="Planning for districts by the makers of Northgate.")
        filling = [make_record(number, name="Bin lorries", supplier="X") for number in range(20)]
        ingest(catalogue, [named, vendor, *filling], at=seen)
        assert best(catalogue, "northgate m3 planning") == "named"
