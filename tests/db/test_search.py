"""Search: what words, other names, typing errors and filters find, and that no text makes it fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.errors import UsageError
from catalogue.model import Assumed, SearchQuery
from catalogue.records import Answer, FrameworkRef, LotRef, Section, ServiceRecord, SupplierRef
from db.catalogue import Catalogue, open_catalogue
from db.columns_on_demand import NO_OPTION, asked_questions
from db.ingest import ingest
from db.search import FILTERS, count_filter, search

MakeRecord = Callable[..., ServiceRecord]


def found(catalogue: Catalogue, text: str = "", **filters: object) -> list[str]:
    return [hit.id for hit in search(catalogue, SearchQuery(text, **filters)).hits]  # type: ignore[arg-type]


@pytest.fixture
def filled(catalogue: Catalogue, make_record: MakeRecord, seen: datetime) -> Catalogue:
    """A dozen services, among them the ones that the tests look for."""
    services = [
        make_record(
            "revenues",
            name="Ledgerlight",
            description="Council tax billing with a connector for NEC Revenues & Benefits.",
            supplier="Ledgerlight Software Ltd",
            categories=(("Applications", "Finance", "Billing"),),
            answers=(("APIs", "API", ("Yes",)), ("Scope", "Service constraints", ("Needs Windows 11",))),
        ),
        make_record(
            "permits",
            name="Kerbside Permits",
            description="Blue badge applications and parking permits.",
            features=("Blue badge eligibility checks", "Payments by card"),
            supplier="Kerbside Ltd",
            categories=(("Applications", "Customer relationship management"),),
            answers=(("APIs", "API", ("No",)), ("User support", "Phone support", ("Yes",))),
        ),
        make_record(
            "repairs",
            name="Housing repairs online",
            description="Tenants report repairs and choose appointments.",
            supplier="Tidewater Ltd",
            answers=(("APIs", "API", ("Yes",)), ("User support", "Phone support", ("Yes, at extra cost",))),
        ),
        make_record(
            "migration",
            name="Database migration",
            lot="cloud-support",
            description="We move databases from old servers to the cloud.",
            supplier="Old Harbour LLP",
            categories=(("Cloud support services", "Migration"),),
        ),
        make_record("gone", name="Parking permits of yesterday", status="withdrawn", supplier="Kerbside Ltd"),
        make_record("old", name="Blue badge register", framework="g-cloud-12", lot="cloud-software"),
        *(
            make_record(f"other{number}", name=f"Assorted thing {number}", description="For public bodies.")
            for number in range(14)
        ),
    ]
    ingest(catalogue, services, at=seen)
    return catalogue


class TestWords:
    def test_every_word_has_to_occur_in_some_field(self, filled: Catalogue) -> None:
        assert found(filled, "ledgerlight council") == ["revenues"]

    def test_words_match_in_any_form(self, filled: Catalogue) -> None:
        assert found(filled, "databases migrating") == ["migration"]

    def test_case_and_accents_do_not_matter(self, filled: Catalogue) -> None:
        assert found(filled, "HOUSING RÉPAIRS")[0] == "repairs"

    def test_a_phrase_must_stand_together(self, filled: Catalogue) -> None:
        assert found(filled, '"parking permits"') == ["permits"]
        assert found(filled, '"permits parking"') == []

    def test_a_word_in_the_name_outranks_one_in_the_prose(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        prose = make_record("prose", description="Does payroll among other things.")
        name = make_record("name", name="Payroll", description="For finance teams.")
        ingest(catalogue, [prose, name, *(make_record(number) for number in range(9))], at=seen)
        assert found(catalogue, "payroll") == ["name", "prose"]

    def test_services_with_the_rare_words_follow_where_too_few_have_all(self, filled: Catalogue) -> None:
        page = search(filled, SearchQuery("kerbside permits for public houses"))
        assert page.relaxed
        assert page.hits[0].id == "permits"

    def test_withdrawn_services_are_left_out_unless_asked_for(self, filled: Catalogue) -> None:
        assert found(filled, '"parking permits"', statuses=("live", "withdrawn")) == ["gone", "permits"]
        assert found(filled, '"of yesterday"') == []

    def test_results_come_in_windows_of_one_order(self, filled: Catalogue) -> None:
        whole = found(filled)
        page = search(filled, SearchQuery(), limit=5, offset=5)
        assert page.total == len(whole) == 19
        assert [hit.id for hit in page.hits] == whole[5:10]
        assert search(filled, SearchQuery(), limit=5, offset=100).hits == ()

    def test_equal_services_are_not_in_the_order_of_names(self, filled: Catalogue) -> None:
        alike = found(filled, "assorted")
        assert len(alike) == 14
        assert alike != sorted(alike)
        assert alike != sorted(alike, reverse=True)

    def test_a_hit_says_what_a_list_shows(self, filled: Catalogue) -> None:
        hit = search(filled, SearchQuery("kerbside")).hits[0]
        assert (hit.name, hit.supplier, hit.framework, hit.lot, hit.status, hit.price) == (
            "Kerbside Permits",
            "Kerbside Ltd",
            "g-cloud-15",
            "saas",
            "live",
            None,
        )
        assert hit.score > 0

    def test_what_was_changed_is_found_by_its_new_words_alone(
        self, filled: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        assert found(filled, "tenants") == ["repairs"]
        ingest(filled, [make_record("repairs", name="Lettings")], at=seen)
        assert found(filled, "lettings") == ["repairs"]
        assert found(filled, '"tenants report"') == []


class TestClosestFirst:
    """What stands before what, where several services have something of what was asked for."""

    def test_related_words_do_not_hide_what_names_the_system(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        services = [
            make_record("leaver", name="Casework", description="Import of Lagan cases and contacts."),
            make_record("other", name="Replacement windows", description="Windows replaced in a day."),
            *(make_record(number, description="For public bodies.") for number in range(9)),
        ]
        ingest(catalogue, services, at=seen)
        page = search(catalogue, SearchQuery("replace lagan"))
        assert [hit.id for hit in page.hits][:2] == ["leaver", "other"]
        assert page.relaxed
        assert "import" in " ".join(word for _, words in page.related for word in words)

    def test_words_of_one_sentence_come_before_the_same_words_apart(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        together = make_record("together", description="Connector for Quillstone. Reports for managers.")
        apart = make_record("apart", description="Quillstone is welcome. Reports and a connector for maps.")
        ingest(catalogue, [together, apart], at=seen)
        assert found(catalogue, "quillstone connector") == ["together", "apart"]

    def test_one_of_a_long_row_of_names_comes_after_the_one_that_is_named_alone(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        row = "Lagan, Jadu, GOSS, Firmstep, Siebel, Agresso, iTrent, Spydus"
        stuffed = make_record("stuffed", name="Anything", description=row, features=(row,))
        plain = make_record("plain", name="Something", description="Reads Spydus loans.")
        ingest(catalogue, [stuffed, plain], at=seen)
        assert found(catalogue, "spydus") == ["plain", "stuffed"]

    def test_a_listing_that_begins_with_a_row_of_ten_names_comes_after_others_wherever_it_says_it(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        row = "Lagan, Jadu, GOSS, Firmstep, Siebel, Agresso, iTrent, Niche, Athena, SIMS, Datix: all in one"
        stuffed = make_record("stuffed", name="All in One", description=row, features=("Spydus loans",))
        plain = make_record("plain", name="Something", description="Reads Spydus loans.")
        ingest(catalogue, [stuffed, plain], at=seen)
        assert found(catalogue, "spydus loans") == ["plain", "stuffed"]

    def test_an_everyday_word_beside_what_is_done_to_systems_is_the_system(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        services = [
            make_record("clothes", name="Uniform replacement", description="Shirts for officers."),
            make_record(
                "planning", name="Greenfields", description="Takes Idox Uniform planning cases over."
            ),
            *(make_record(number, description="For public bodies.") for number in range(9)),
        ]
        ingest(catalogue, services, at=seen)
        page = search(catalogue, SearchQuery("uniform to dynamics 365"))
        assert "planning" in [hit.id for hit in page.hits]
        assert ("uniform", "Idox Uniform, Enterprise for Uniform") in page.aliases
        assert search(catalogue, SearchQuery("uniform for officers")).hits[0].id == "clothes"

    def test_saying_a_word_many_times_in_a_field_gains_nothing(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        once = make_record("once", description="Payroll for trusts.")
        often = make_record("often", description="Payroll payroll payroll for trusts.")
        ingest(catalogue, [once, often], at=seen)
        scores = {hit.id: hit.score for hit in search(catalogue, SearchQuery("payroll")).hits}
        assert scores["once"] == scores["often"]

    def test_what_is_denied_or_only_planned_comes_after_what_is_said(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        services = [
            make_record("planned", description="The Spydus connector is on our roadmap."),
            make_record("denied", description="There is no connector to Spydus."),
            make_record("said", description="The Spydus connector is part of the price."),
        ]
        ingest(catalogue, services, at=seen)
        assert found(catalogue, "spydus connector")[0] == "said"

    def test_an_ambiguous_name_is_found_in_the_company_of_its_trade(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        services = [
            make_record("police", description="Occurrences go to Niche, and custody records come back."),
            make_record("audience", description="Find niche audiences for your campaign."),
            *(make_record(number, description="For public bodies.") for number in range(9)),
        ]
        ingest(catalogue, services, at=seen)
        assert found(catalogue, "niche rms")[0] == "police"
        assert "audience" not in found(catalogue, "niche rms")[:1]

    def test_a_name_written_with_a_capital_in_a_sentence_is_taken_for_the_system(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        services = [
            make_record("system", description="Snap a photograph for Confirm and see it fixed."),
            make_record("verb", description="Snap a photograph to confirm what was fixed."),
        ]
        ingest(catalogue, services, at=seen)
        assert found(catalogue, "brightly confirm")[0] == "system"

    def test_an_abbreviation_is_found_by_the_words_of_its_family(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        services = [
            make_record("students", description="Extensions and extenuating circumstances."),
            *(make_record(number, description="For public bodies.") for number in range(9)),
        ]
        ingest(catalogue, services, at=seen)
        page = search(catalogue, SearchQuery("mit circs"))
        assert [hit.id for hit in page.hits] == ["students"]
        assert page.aliases[0][0] == "mit circs"

    def test_a_word_itself_comes_before_its_relatives(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        services = [
            make_record("related", description="Residents reserve a slot."),
            make_record("itself", description="Residents choose an appointment."),
            *(make_record(number, description="For public bodies.") for number in range(9)),
        ]
        ingest(catalogue, services, at=seen)
        assert found(catalogue, "appointment") == ["itself", "related"]

    def test_an_answer_of_yes_has_what_its_question_asks(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        services = [
            make_record(yes, name="Forms", answers=(("Pricing", "Free trial available", (yes,)),))
            for yes in ("Yes", "No")
        ]
        ingest(catalogue, services, at=seen)
        assert found(catalogue, "forms free trial") == ["Yes", "No"]

    def test_words_of_a_question_are_not_looked_for(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        services = [
            make_record("care", description="Estimates the cost of care."),
            make_record("chatter", description="How much will you, I or they do?"),
        ]
        ingest(catalogue, services, at=seen)
        assert found(catalogue, "how much will I pay for care")[0] == "care"

    def test_what_shares_the_rarer_words_of_the_best_follows_them(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        words = "Brigades visit homes, fit alarms and note hazards"
        services = [
            make_record("named", description=f"{words} for safe and well."),
            make_record("alike", description=f"{words} for households."),
            *(make_record(number, description="For public bodies of any size.") for number in range(30)),
        ]
        ingest(catalogue, services, at=seen)
        page = search(catalogue, SearchQuery("safe and well"))
        assert [hit.id for hit in page.hits] == ["named", "alike"]
        assert page.relaxed

    def test_services_that_only_chose_an_option_with_the_word_are_found_too(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        chosen = (("User support", "Onsite support", ("Yes, at extra cost",)),)
        services = [
            *(make_record(f"yes{number}", description="Orchards.", answers=chosen) for number in range(2)),
            *(make_record(number) for number in range(9)),
        ]
        ingest(catalogue, services, at=seen)
        assert set(found(catalogue, "extra")) == {"yes0", "yes1"}

    def test_what_is_quoted_is_never_left_out(self, filled: Catalogue) -> None:
        assert found(filled, '"parking permits" blue badges for old houses') == ["permits"]

    def test_the_order_does_not_depend_on_that_of_import(
        self, tmp_path: Path, make_record: MakeRecord, seen: datetime
    ) -> None:
        services = [
            make_record(number, description=f"Blue badge permits, {'and appeals' * (number % 2)}.")
            for number in range(30)
        ]
        orders = []
        for name, records in (("one", services), ("two", services[::-1])):
            with open_catalogue(tmp_path / name, create=True) as catalogue:
                ingest(catalogue, records, at=seen)
                orders.append(found(catalogue, "blue badge appeal"))
        assert orders[0] == orders[1]

    def test_pages_of_results_are_cut_from_one_order(self, filled: Catalogue) -> None:
        query = SearchQuery("public things for blue badges")
        whole = [hit.id for hit in search(filled, query).hits]
        pages = [search(filled, query, limit=4, offset=start).hits for start in range(0, len(whole), 4)]
        assert [hit.id for page in pages for hit in page] == whole
        assert len(set(whole)) == len(whole)

    def test_scores_fall_from_first_to_last(self, filled: Catalogue) -> None:
        scores = [hit.score for hit in search(filled, SearchQuery("public things")).hits]
        assert scores == sorted(scores, reverse=True)


class TestOtherNames:
    def test_another_name_of_a_product_is_looked_for(self, filled: Catalogue) -> None:
        page = search(filled, SearchQuery("northgate iworld"))
        assert [hit.id for hit in page.hits] == ["revenues"]
        assert page.aliases[0][0] == "northgate iworld"
        assert "NEC Revenues & Benefits" in page.aliases[0][1]

    def test_short_forms_are_understood(self, filled: Catalogue) -> None:
        assert found(filled, "revs and bens") == ["revenues"]


class TestTypingErrors:
    @pytest.mark.parametrize(
        ("typed", "meant", "service"),
        [
            ("kerbsdie", "kerbside", "permits"),
            ("databse", "database", "migration"),
            ("appointmnets", "appointments", "repairs"),
            ("tennants", "tenants", "repairs"),
        ],
    )
    def test_a_mistyped_word_is_taken_for_the_nearest_and_said(
        self, filled: Catalogue, typed: str, meant: str, service: str
    ) -> None:
        page = search(filled, SearchQuery(typed))
        assert [hit.id for hit in page.hits] == [service]
        assert page.assumed == (Assumed(typed, meant),)

    def test_a_name_that_was_heard_is_found_however_it_is_written(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        others = [make_record(number, name="Tablet hire") for number in range(3)]
        ingest(catalogue, [make_record("heard", name="Tablewright"), *others], at=seen)
        page = search(catalogue, SearchQuery("tablewrite"))
        assert ([hit.id for hit in page.hits], page.assumed) == (
            ["heard"],
            (Assumed("tablewrite", "tablewright"),),
        )
        assert search(catalogue, SearchQuery("cablewrite")).total == 0

    def test_neighbours_decide_between_corrections(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        badge = [make_record(number, name="Blue badge") for number in range(3)]
        barge = [make_record(f"b{number}", name="Narrow barge hire") for number in range(4)]
        ingest(catalogue, [*badge, *barge], at=seen)
        assert search(catalogue, SearchQuery("blue bage")).assumed == (Assumed("bage", "badge"),)
        assert search(catalogue, SearchQuery("narrow bage")).assumed == (Assumed("bage", "barge"),)

    def test_a_corrected_word_is_then_known_by_its_other_names(self, filled: Catalogue) -> None:
        page = search(filled, SearchQuery("nothgate revenues"))
        assert page.assumed == (Assumed("nothgate", "northgate"),)
        assert page.hits[0].id == "revenues"

    def test_a_word_that_occurs_is_never_corrected(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        rare, common = make_record("rare", name="Lagan"), make_record("common", name="Logan")
        ingest(catalogue, [rare, common], at=seen)
        page = search(catalogue, SearchQuery("lagan"))
        assert ([hit.id for hit in page.hits], page.assumed) == (["rare"], ())

    def test_three_letters_are_never_corrected(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        ingest(catalogue, [make_record(name="HRM for schools")], at=seen)
        assert search(catalogue, SearchQuery("hrn")).total == 0

    def test_a_short_common_word_is_no_correction(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        ingest(catalogue, [make_record(number, name="Civic portal") for number in range(50)], at=seen)
        page = search(catalogue, SearchQuery("civica"))
        assert (page.total, page.assumed) == (0, ())

    def test_a_product_that_nobody_lists_is_not_mistaken_for_a_word(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        ingest(catalogue, [make_record(name="Firmstop fire stopping")], at=seen)
        assert search(catalogue, SearchQuery("firmstep")).assumed == ()

    def test_a_mistyped_system_is_known_even_where_a_listing_mistypes_it_too(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        typo = make_record("typo", name="Seibel archive")
        ingest(
            catalogue, [typo, *(make_record(number, name="Leaves Siebel") for number in range(4))], at=seen
        )
        page = search(catalogue, SearchQuery("seibel"))
        assert page.assumed == (Assumed("seibel", "siebel"),)
        assert page.hits[0].id == "typo"
        assert page.total == 5

    def test_a_mistyped_word_with_the_same_stem_is_read_like_the_word(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        ingest(catalogue, [make_record(1, name="Digital evidence"), make_record(2, name="Digital")], at=seen)
        hits = search(catalogue, SearchQuery("digital evidance")).hits
        assert hits[0].id == "1"
        assert hits[0].score > 1.5

    def test_the_beginning_of_the_last_word_is_enough(self, filled: Catalogue) -> None:
        page = search(filled, SearchQuery("housing appoi"))
        assert page.hits[0].id == "repairs"
        assert page.assumed == (Assumed("appoi", "appointments"),)

    def test_a_word_written_apart_finds_it_written_as_one(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        ingest(catalogue, [make_record(1, name="Quillstone archive"), make_record(2)], at=seen)
        assert found(catalogue, "quill stone") == ["1"]
        assert found(catalogue, "archive quillstone") == ["1"]

    def test_a_word_written_as_one_finds_it_written_apart(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        ingest(catalogue, [make_record(1, name="Quill stone archive"), make_record(2)], at=seen)
        assert found(catalogue, "quillstone") == ["1"]


class TestFilters:
    def test_lot_and_framework_by_slug_or_name(self, filled: Catalogue) -> None:
        assert found(filled, lots=("cloud-support",)) == ["migration"]
        assert found(filled, lots=("Cloud Support",)) == ["migration"]
        assert found(filled, frameworks=("g-cloud-12",)) == ["old"]

    def test_values_of_one_filter_are_alternatives_and_filters_add_up(self, filled: Catalogue) -> None:
        lots = ("cloud-support", "cloud-software")
        assert set(found(filled, lots=lots)) == {"migration", "old"}
        assert found(filled, "badge", lots=lots) == ["old"]

    def test_supplier_by_name_or_by_a_word_of_it(self, filled: Catalogue) -> None:
        assert found(filled, suppliers=("kerbside ltd",)) == ["permits"]
        assert found(filled, suppliers=("harbour",)) == ["migration"]

    def test_a_category_holds_those_below_it(self, filled: Catalogue) -> None:
        assert set(found(filled, categories=("Applications",))) == {"revenues", "permits"}
        assert found(filled, categories=("billing",)) == ["revenues"]
        assert found(filled, categories=("Applications > Finance",)) == ["revenues"]

    def test_an_option_is_matched_whole_and_prose_in_part(self, filled: Catalogue) -> None:
        assert found(filled, answers=(("Phone support", "Yes"),)) == ["permits"]
        assert found(filled, answers=(("phone-support", "Yes, at extra cost"),)) == ["repairs"]
        assert found(filled, answers=(("Service constraints", "windows"),)) == ["revenues"]

    def test_all_answers_are_required(self, filled: Catalogue) -> None:
        both = (("API", "Yes"), ("Phone support", "Yes, at extra cost"))
        assert found(filled, answers=both) == ["repairs"]

    def test_a_question_outside_the_crosswalk_is_found_by_its_label(
        self, catalogue: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        asked = (("Odd section", "A question nobody ever asked", ("On Tuesdays",)),)
        ingest(catalogue, [make_record(1, answers=asked), make_record(2)], at=seen)
        assert found(catalogue, answers=(("a question nobody ever asked", "tuesday"),)) == ["1"]

    @pytest.mark.parametrize(
        ("filters", "message"),
        [
            ({"lots": ("sas",)}, "no lot 'sas'; nearest: saas"),
            ({"frameworks": ("g-cloud-99",)}, "no framework 'g-cloud-99'"),
            ({"suppliers": ("Kerbsyde",)}, "no supplier 'Kerbsyde'; nearest: kerbside ltd"),
            ({"categories": ("Biling",)}, "no category 'Biling'; nearest: billing"),
            ({"answers": (("Fone support", "Yes"),)}, "no question 'Fone support'; nearest: .*Phone support"),
        ],
    )
    def test_a_filter_that_names_nothing_says_what_is_near(
        self, filled: Catalogue, filters: dict[str, object], message: str
    ) -> None:
        with pytest.raises(UsageError, match=message):
            found(filled, **filters)

    def test_a_lot_without_services_is_no_mistake(self, filled: Catalogue) -> None:
        assert found(filled, lots=("iaas-and-paas",)) == []


class TestCounts:
    def test_each_filter_is_counted_as_if_it_were_not_set(self, filled: Catalogue) -> None:
        query = SearchQuery("badge", lots=("saas",))
        lots = {each.value: each.count for each in count_filter(filled, query, "lots")}
        assert lots == {"saas": 1, "cloud-software": 1}
        frameworks = {each.value: each.count for each in count_filter(filled, query, "frameworks")}
        assert frameworks == {"g-cloud-15": 1}
        suppliers = count_filter(filled, query, "suppliers")
        assert [(each.name, each.count) for each in suppliers] == [("Kerbside Ltd", 1)]

    def test_a_category_counts_those_below_it_once(self, filled: Catalogue) -> None:
        counts = {each.value: each.count for each in count_filter(filled, SearchQuery(), "categories")}
        assert counts["Applications"] == 2
        assert counts["Applications > Finance > Billing"] == 1

    @pytest.mark.parametrize("name", FILTERS)
    def test_a_count_is_what_its_filter_finds(self, filled: Catalogue, name: str) -> None:
        counts = count_filter(filled, SearchQuery(), name)
        assert counts
        for each in counts:
            assert len(found(filled, **{name: (each.value,)})) == each.count

    def test_what_is_no_filter_and_no_question_is_refused(self, filled: Catalogue) -> None:
        with pytest.raises(UsageError, match="no question 'colours'"):
            count_filter(filled, SearchQuery(), "colours")


@pytest.fixture
def priced(catalogue: Catalogue, make_record: MakeRecord, seen: datetime) -> Catalogue:
    """Services of known prices, suppliers and ages; the youngest is "late"."""
    early = [
        make_record("mid", name="beta", supplier="Zeta Ltd", price="£7 a user a month"),
        make_record("dear", name="Alpha", supplier="Yarn Ltd", price="£4,000 a unit a year"),
        make_record("none", name="Gamma", supplier="Alder Ltd"),
        make_record("odd", name="Delta", supplier="Birch Ltd", price="by the moon"),
    ]
    ingest(catalogue, early, at=seen)
    late = make_record("late", name="Epsilon", supplier="Yarn Ltd", price="£0.50 a user a month")
    ingest(catalogue, [late], at=seen + timedelta(days=1))
    return catalogue


class TestPrices:
    def test_bands_are_counted_below_what_the_price_is_for_cheapest_first(self, priced: Catalogue) -> None:
        counts = count_filter(priced, SearchQuery(), "prices")
        users = [(each.name, each.count) for each in counts if each.value.startswith("a user a month >")]
        assert users == [("under £1", 1), ("£5 up to £10", 1)]
        whole = {each.value: each.count for each in counts if " > " not in each.value}
        assert whole == {
            "a user a month": 2,
            "a unit a year": 1,
            "Not stated": 1,
            "Not in the usual words": 1,
        }

    def test_a_count_is_what_its_filter_finds(self, priced: Catalogue) -> None:
        for each in count_filter(priced, SearchQuery(), "prices"):
            assert len(found(priced, prices=(each.value,))) == each.count

    def test_an_unknown_price_says_what_there_is(self, priced: Catalogue) -> None:
        with pytest.raises(UsageError, match=r"no price 'a song'; there are: .*a user a month"):
            found(priced, prices=("a song",))


class TestOrders:
    @pytest.mark.parametrize(
        ("sort", "ids"),
        [
            ("name", ["dear", "mid", "odd", "late", "none"]),
            ("supplier", ["none", "odd", "dear", "late", "mid"]),
        ],
    )
    def test_names_are_in_order_whatever_their_case(
        self, priced: Catalogue, sort: str, ids: list[str]
    ) -> None:
        assert found(priced, sort=sort) == ids

    def test_the_lowest_price_is_first_and_no_price_last(self, priced: Catalogue) -> None:
        ids = found(priced, sort="price")
        assert ids[:3] == ["late", "mid", "dear"]
        assert set(ids[3:]) == {"none", "odd"}

    def test_the_newest_is_first(self, priced: Catalogue) -> None:
        assert found(priced, sort="newest")[0] == "late"

    def test_windows_are_of_one_order(self, priced: Catalogue) -> None:
        page = search(priced, SearchQuery(sort="name"), limit=2, offset=2)
        assert [hit.id for hit in page.hits] == ["odd", "late"]

    def test_what_has_only_some_of_the_words_is_no_match_in_another_order(self, filled: Catalogue) -> None:
        assert "permits" in found(filled, "housing repairs badge")
        assert found(filled, "housing repairs", sort="name") == ["repairs"]

    def test_an_unknown_order_is_refused(self, priced: Catalogue) -> None:
        with pytest.raises(UsageError, match="no order 'moon'; there are: relevance, name"):
            found(priced, sort="moon")


class TestOptions:
    def test_options_are_counted_in_their_order_with_those_that_ticked_none(self, filled: Catalogue) -> None:
        counts = count_filter(filled, SearchQuery(), "api")
        assert [(each.value, each.count) for each in counts] == [("yes", 2), ("no", 1), (NO_OPTION, 16)]

    def test_one_of_several_options_is_enough_and_every_question_counts(self, filled: Catalogue) -> None:
        api = ("api", ("yes", "no"))
        assert sorted(found(filled, options=(api,))) == ["permits", "repairs", "revenues"]
        assert found(filled, options=(api, ("phone-support", ("yes",)))) == ["permits"]

    def test_a_question_is_counted_as_if_it_were_not_asked(self, filled: Catalogue) -> None:
        query = SearchQuery(options=(("api", ("no",)), ("phone-support", ("yes",))))
        assert {each.value: each.count for each in count_filter(filled, query, "api")} == {"no": 1}
        assert {each.value: each.count for each in count_filter(filled, query, "phone-support")} == {"yes": 1}

    def test_an_unknown_option_is_refused(self, filled: Catalogue) -> None:
        with pytest.raises(UsageError, match="no option of 'API' 'perhaps'"):
            found(filled, options=(("api", ("perhaps",)),))

    def test_only_questions_that_services_were_asked_are_offered(self, filled: Catalogue) -> None:
        assert asked_questions(filled) == {"api", "phone-support", "service-constraints"}

    def test_a_changed_answer_is_counted_anew(
        self, filled: Catalogue, make_record: MakeRecord, seen: datetime
    ) -> None:
        count_filter(filled, SearchQuery(), "api")
        ingest(filled, [make_record("other1", answers=(("APIs", "API", ("No",)),))], at=seen)
        assert {each.value: each.count for each in count_filter(filled, SearchQuery(), "api")}["no"] == 2


HOSTILE = [
    '"',
    '"""',
    "'",
    "(",
    ")(",
    "NEAR(a b)",
    "AND OR NOT",
    "a AND",
    "* ** a*",
    "name: x",
    "-a ^b",
    "{name}: x",
    "\x00",
    "a\x00b",
    "🏛️",
    "\ud800",
    "'; DROP TABLE service; --",
    "%_%",
    "c++ r&b as/400 24/7 .net",
    "x" * 10_000,
    "word " * 2_000,
    '"phrase ' * 1_000,
    "ǅ ß İ ﬁ",
    "\u202e\u200b\u0301",
]


@pytest.mark.parametrize("text", HOSTILE, ids=[f"{number}" for number in range(len(HOSTILE))])
def test_no_text_makes_search_fail(filled: Catalogue, text: str) -> None:
    page = search(filled, SearchQuery(text))
    assert page.total >= len(page.hits)


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    path: Path = tmp_path_factory.mktemp("search") / "c.db"
    with open_catalogue(path, create=True) as catalogue:
        records = [
            ServiceRecord(
                id=str(number),
                framework=FrameworkRef("g-cloud-15"),
                lot=LotRef("saas"),
                supplier=SupplierRef(name="Kerbside Ltd"),
                name=f"Blue badge permits {number}",
                sections=(Section("APIs", (Answer("API", ("Yes",)),)),),
            )
            for number in range(20)
        ]
        ingest(catalogue, records, at=datetime.fromisoformat("2026-11-20T03:10:00Z"))
        yield catalogue


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=60)
    | st.lists(st.sampled_from([*'"*()^:{}+-.', "NEAR", "blue", "bage", " "])).map("".join)
)
def test_any_text_gives_a_page(fixed: Catalogue, text: str) -> None:
    page = search(fixed, SearchQuery(text))
    assert 0 <= page.total <= 20
    assert len(page.hits) == min(page.total, 50)
