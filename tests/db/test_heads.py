"""What a text is mainly after leads, under whatever of its names; what only says more of it comes after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from catalogue.concepts import stems_of
from catalogue.model import SearchQuery
from catalogue.records import ServiceRecord
from catalogue.vocabulary import load_vocabulary
from db.asking import Asked, understand
from db.catalogue import Catalogue
from db.ingest import ingest
from db.search import search

MakeRecord = Callable[..., ServiceRecord]


def asked(catalogue: Catalogue, text: str) -> Asked:
    return understand(catalogue, text, load_vocabulary())


def beside(catalogue: Catalogue, text: str) -> list[str]:
    return [thing.typed for thing in asked(catalogue, text).things if thing.beside]


class TestWhatIsWanted:
    def test_it_leads_over_whom_it_is_for_and_how_it_should_be(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        named = make_record("named", name="Brook Learning", description="Moodle, hosted for you.")
        other = make_record("other", name="Tallow", description="Cheap technicians for every sixth form.")
        filling = [make_record(number, name="Bin lorries", supplier="X") for number in range(20)]
        ingest(catalogue, [named, other, *filling], at=seen)
        hits = search(catalogue, SearchQuery("VLE for sixth form cheap")).hits
        assert [hit.id for hit in hits][:2] == ["named", "other"]

    def test_what_follows_a_preposition_says_more_unless_only_a_carrier_stands_before_it(
        self, catalogue: Catalogue
    ) -> None:
        assert beside(catalogue, "grants for museums") == ["museums"]
        assert beside(catalogue, "form for museums") == []

    def test_what_follows_a_comma_says_more(self, catalogue: Catalogue) -> None:
        assert beside(catalogue, "museum catalogue, hosted") == ["hosted"]
        assert beside(catalogue, "hosted museum catalogue") == []

    def test_a_system_is_meant_wherever_it_stands(self, catalogue: Catalogue) -> None:
        assert beside(catalogue, "invoices for Siebel") == []

    def test_a_quality_says_more_wherever_it_stands(self, catalogue: Catalogue) -> None:
        assert beside(catalogue, "cheap timetables") == ["cheap"]


class TestNames:
    def test_another_name_of_the_same_thing_is_looked_for_as_the_thing(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        ingest(catalogue, [make_record("hits", name="Cymraeg first: bilingual forms")], at=seen)
        page = search(catalogue, SearchQuery("welsh"))
        assert ([hit.id for hit in page.hits], page.relaxed) == (["hits"], False)

    def test_a_system_is_known_where_its_name_is_written_apart(self, catalogue: Catalogue) -> None:
        (thing,) = asked(catalogue, "pro solution").things
        assert (thing.typed, thing.is_system) == ("pro solution", True)

    def test_what_is_another_name_is_not_told_as_a_related_word_again(self, catalogue: Catalogue) -> None:
        for text in ("licence application", "it support helpdesk", "pre populated annual return"):
            found = asked(catalogue, text)
            names = [name for _, others in found.aliases for name in others.split(", ")]
            related = [word for _, others in found.related for word in others]
            assert not {*map(stems_of, names)} & {*map(stems_of, related)}
            assert len({*map(stems_of, related)}) == len(related)

    def test_a_word_for_whatever_there_is_has_no_other_name(self, catalogue: Catalogue) -> None:
        assert "programme" not in [typed for typed, _ in asked(catalogue, "tree planting programme").aliases]
        assert "programmers" in [typed for typed, _ in asked(catalogue, "java programmers").aliases]

    def test_two_names_of_one_system_are_one_thing(self, catalogue: Catalogue) -> None:
        assert len(asked(catalogue, "northgate iworld sx3").things) == 1

    def test_an_everyday_word_is_not_corrected_to_another(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        ingest(catalogue, [make_record(name="Paying for parking")], at=seen)
        assert asked(catalogue, "paving").assumed == ()

    def test_a_word_spelt_the_american_way_is_the_one_that_listings_have(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        ingest(catalogue, [make_record(name="Digitised theatre catalogues")], at=seen)
        meant = [each.meant for each in asked(catalogue, "digitized theater catalogs").assumed]
        assert meant == ["digitised", "theatre", "catalogues"]

    def test_unless_it_is_many_times_as_rare_as_the_other(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        ingest(catalogue, [make_record(name="Planning for districts")], at=seen)
        (assumed,) = asked(catalogue, "planing").assumed
        assert assumed.meant == "planning"
