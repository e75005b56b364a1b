"""A purchase on the record is exported whole: fates with reasons, scores, trail, and nothing that runs."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import get_args
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from catalogue.errors import DataFileError, UsageError
from catalogue.export import SUMMARIES, WRITERS
from catalogue.export.cells import sheet
from catalogue.export.csv_ import write_csv_sheet
from catalogue.export.layout import lines, pages_wide, widths
from catalogue.export.order_form import load_order_form, read_order_form
from catalogue.export.sheets import SHEETS, sheet_of
from catalogue.export.telling import sentence
from catalogue.export.values import ExportTable
from catalogue.export.wording import shortened
from catalogue.project import Action, actions
from catalogue.project.actions import kind_of
from tests.catalogue.export.recorded import Recorded, awarded_board, recorded
from tests.catalogue.export.test_writers import FORMULA, HOSTILE, READERS, Tags, read_csv
from tests.purchase import START, award, score

#: Enough of the hostile texts to run the whole of a purchase with each.
TRIED = [text for text in HOSTILE if "\uffff" not in text]


def cells(table: ExportTable, name: str) -> list[dict[str, object]]:
    """The rows of a sheet by their headings."""
    found = sheet_of(table, name)
    return [dict(zip(map(str, found.heading), row, strict=True)) for row in found.rows]


class TestSheets:
    @pytest.mark.parametrize("kind", READERS)
    def test_a_workbook_has_every_sheet_of_the_record(self, kind: str) -> None:
        assert tuple(READERS[kind](WRITERS[kind](awarded_board().table))) == SHEETS

    def test_xlsx_and_ods_say_the_same(self) -> None:
        table = awarded_board().table
        xlsx, ods = (
            {
                name: [[cell or None for cell in row if cell not in (None, "")] for row in rows]
                for name, rows in READERS[kind](WRITERS[kind](table)).items()
            }
            for kind in ("xlsx", "ods")
        )
        assert xlsx == ods

    def test_each_service_found_has_its_fate_and_its_reason_with_the_requirement(self) -> None:
        rows = cells(awarded_board().table, "longlist")
        assert [(row["Service ID"], row["Fate"], row["Requirement"]) for row in rows] == [
            ("1", "shortlisted", None),
            ("2", "shortlisted", None),
            ("3", "rejected", "R2"),
            ("4", "rejected", "R1"),
            ("5", "rejected", "R2"),
        ]
        assert rows[3]["Text of the requirement"] == "The service has an API"
        assert rows[3]["Reason"] == "lacks it 4"
        assert rows[3]["Decided by"] == "Ines Tolland"

    def test_the_marketplace_sheet_has_the_eight_columns_and_no_contacts(self) -> None:
        found = sheet_of(awarded_board().table, "marketplace")
        assert found.heading == (
            "Supplier name", "Service name", "Service description", "Price", "Service page URL",
            "Contact name", "Telephone", "Email",
        )  # fmt: skip
        assert len(found.rows) == 5
        assert {row[5:] for row in found.rows} == {(None, None, None)}
        lead = {str(row[0]): row[1] for row in found.lead if row}
        assert lead["Framework"] == "G-Cloud 15"
        assert lead["Search ended"] == "2026-11-23T09:18:00Z"
        assert "8 found, 5 after filters" in str(lead["Search summary"])
        assert "not stored" in str(lead["Note"])

    def test_as_csv_the_marketplace_sheet_is_those_columns_alone_under_its_head(self) -> None:
        rows = read_csv(write_csv_sheet(awarded_board().table, "marketplace"))
        assert rows[0] == ["Framework", "G-Cloud 15"]
        assert [len(row) for row in rows if row[:1] == ["Supplier name"]] == [8]

    @pytest.mark.parametrize(
        "name", [name for name in SHEETS if name not in ("marketplace", "order form", "about")]
    )
    def test_any_other_sheet_as_csv_carries_where_it_comes_from_in_each_row(self, name: str) -> None:
        board = awarded_board()
        rows = list(
            csv.DictReader(io.StringIO(write_csv_sheet(board.table, name).decode("utf-8-sig"), newline=""))
        )
        assert rows
        for row in rows:
            assert row["Audit trail digest"] == f"{board.table.about.head} (entry 20)"
            assert row["Locked"] == "2026-11-23T09:18:00Z"
            assert "Open Government Licence" in row["Licence"]

    def test_the_trail_sheet_is_the_chain(self) -> None:
        table = awarded_board().table
        rows = cells(table, "audit trail")
        assert [row["Previous"] for row in rows[1:]] == [row["Digest"] for row in rows[:-1]]
        assert rows[-1]["Digest"] == table.about.head
        assert rows[-1]["What"] == "Awarded: 2, £48,000, 2027-01-01 to 2027-12-31, Fenmoor: why"

    def test_scores_stand_beside_their_weights_means_and_evidence(self) -> None:
        found = recorded().searched().decided().scored()
        rows = cells(found.table(), "weights and scores")
        assert [
            (row["Service ID"], row["Criterion"], row["Weight"], row["Score"], row["Points"]) for row in rows
        ] == [
            ("2", "Fit", Decimal(60), Decimal(5), Decimal(60)),
            ("2", "Cost", Decimal(40), Decimal(3), Decimal(24)),
            ("1", "Fit", Decimal(60), Decimal(3), Decimal(36)),
            ("1", "Cost", Decimal(40), Decimal(5), Decimal(40)),
        ]
        assert {row["Evidence"] for row in rows} == {"seen"}

    def test_a_criterion_that_is_not_scored_yet_has_a_row_that_says_so(self) -> None:
        found = recorded().searched().decided()
        criteria = actions.SetCriteria(method="lowest-price", criteria=())
        found.purchase.do(criteria)
        found.purchase.do(score("1", "Price", Decimal("12000")))
        rows = cells(found.table(), "weights and scores")
        assert [(row["Rank"], row["Price scored (£)"], row["Evidence"]) for row in rows] == [
            (1, Decimal("12000.00"), "Seen in the demonstration"),
            (None, None, "not scored yet"),
        ]

    def test_questions_are_answered_waiting_or_not_asked(self) -> None:
        rows = cells(awarded_board().table, "questions")
        assert [row["State"] for row in rows[:2]] == ["answered", "waiting"]
        assert (rows[0]["Answer"], rows[0]["Effect"]) == ("that", "dearer")
        assert {row["State"] for row in rows[2:]} == {"not asked"}

    def test_requirements_tell_how_many_were_rejected_for_them_and_which_filter_served_them(self) -> None:
        rows = {row["Key"]: row for row in cells(awarded_board().table, "requirements")}
        assert [rows[key]["Rejected for it"] for key in ("R1", "R2", "R3")] == [1, 2, 0]
        assert rows["R1"]["Filters that served it"] == "answer API=Yes: 5 of 8 left"

    def test_evidence_is_of_all_that_were_judged_the_shortlist_first(self) -> None:
        fates = [row["Fate"] for row in cells(awarded_board().table, "evidence")]
        assert set(fates) == {"shortlisted", "rejected"}
        assert fates == sorted(fates, reverse=True)


class TestOrderForm:
    def known(self, found: Recorded) -> dict[str, str | None]:
        return {row.field: row.value for row in found.table().purchase.order_form}  # type: ignore[union-attr]

    def test_before_the_outcome_it_knows_the_purchase_and_no_service(self) -> None:
        found = recorded().searched().decided().scored().locked()
        form = {row.field: row for row in found.table().purchase.order_form}  # type: ignore[union-attr]
        assert form["Framework agreement"].value == "G-Cloud 15 (RM1557.15)"
        assert form["Longest term"].value == "48 months + 24 months"
        assert form["Buyer"].value == "Fenmoor District Council"
        assert form["Supplier"].value is None
        assert form["Start date"].note == "Known once the outcome is recorded"

    def test_after_an_award_it_knows_winner_dates_and_value(self) -> None:
        known = self.known(recorded().searched().decided().scored().locked().awarded())
        assert known["Service ID number"] == "2"
        assert known["Supplier"] == "Tidewater Ltd"
        assert (known["Start date"], known["Expiry date"]) == ("2027-01-01", "2027-12-31")
        assert known["Call-off contract value"] == "£48,000"
        assert known["Documents of the supplier"] == "Pricing: https://marketplace.example/pricing.pdf"

    def test_answers_of_the_winner_are_to_rely_on(self) -> None:
        found = recorded().searched().decided().scored().locked()
        found.purchase.do(award("1", because="Cheaper to run"))
        assert (
            self.known(found)["Answers of the supplier to rely on"] == "1. what?\nthat (2026-11-23, letter)"
        )

    def test_its_rows_are_checked(self) -> None:
        assert load_order_form()
        with pytest.raises(DataFileError, match="row 'Colour': known is 'hue'; expected one of title"):
            read_order_form('[[row]]\nsection = "a"\nfield = "Colour"\nnote = ""\nknown = "hue"')
        with pytest.raises(DataFileError, match="not TOML"):
            read_order_form("[[row")
        with pytest.raises(DataFileError, match="missing required field `note`"):
            read_order_form('[[row]]\nsection = "a"\nfield = "b"')


class TestWhatItRestsOn:
    @pytest.mark.parametrize("kind", WRITERS)
    def test_the_same_record_gives_the_same_bytes(self, kind: str) -> None:
        found = recorded().searched().decided().scored().locked()
        assert WRITERS[kind](found.table()) == WRITERS[kind](found.table())

    @pytest.mark.parametrize("kind", ["xlsx", "ods"])
    def test_no_date_in_a_workbook_is_of_a_clock(self, kind: str) -> None:
        archive = ZipFile(io.BytesIO(WRITERS[kind](awarded_board().table)))
        assert {info.date_time[:3] for info in archive.infolist()} == {(1980, 1, 1)}

    @pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind not in ("xlsx", "ods")])
    def test_digests_dates_rules_and_licence_are_on_each(self, kind: str) -> None:
        table = awarded_board().table
        text = WRITERS[kind](table).decode("utf-8-sig")
        about = table.about
        for known in (
            about.head,
            about.profile_digest,
            about.requirements_digest,
            about.records_digest,
            about.rules,
        ):
            assert known is not None
            assert known in text
        for known in ("sha256:catalogue", "2026-11-23T09:18:00Z", "Open Government Licence"):
            assert known in text

    def test_a_draft_says_so_and_a_locked_project_when_it_was(self) -> None:
        found = recorded().searched().decided().scored()
        draft = found.table().about
        locked = found.locked().table().about
        assert draft.draft is not None
        assert draft.locked is None
        assert locked.draft is None
        assert locked.locked == START + timedelta(minutes=18)

    def test_no_score_is_in_it_before_the_criteria_are_fixed(self) -> None:
        table = recorded().searched().decided().table()
        assert {row.score for row in table.rows} == {None}
        assert {row.standing for row in table.rows} == {"no score is shown before the criteria are fixed"}
        assert not any(row.evidence for row in table.rows)
        assert "Not fixed yet" in WRITERS["md"](table).decode()

    def test_a_ranking_that_comes_out_otherwise_than_noted_is_told(self) -> None:
        found = recorded().searched().decided().scored()
        noted = found.purchase.state.ranking
        assert noted is not None
        assert found.table().about.ranking == f"{noted.digest}, as noted in the trail on 2026-11-23"
        found.purchase.project = replace(found.purchase.state, ranking=replace(noted, digest="sha256:other"))
        told = found.table().about.ranking
        assert told is not None
        assert told.startswith("noted in the trail: sha256:other")
        assert "differently here" in told

    def test_where_none_was_suitable_the_record_is_exported_without_a_shortlist(self) -> None:
        found = recorded().searched()
        found.purchase.do(
            actions.Reject(services=found.results(1, 2, 3, 4, 5), requirement="R1", because="No API")
        )
        found.purchase.do(actions.SetLock())
        found.purchase.do(actions.Conclude(kind="none-suitable", because="None has an API"))
        for write in WRITERS.values():
            assert write(found.table())
        text = SUMMARIES["md"](found.board()).decode()
        assert "None suitable; recorded by Ines Tolland on 2026-11-23; None has an API" in text
        assert "| R1 (must) The service has an API | 5 | No API |" in text
        assert "<ul>\n</ul>" not in SUMMARIES["html"](found.board()).decode()

    def test_a_record_that_was_not_kept_is_named(self) -> None:
        found = recorded().searched()
        found.records = {}
        with pytest.raises(UsageError, match="records of 1, 2, 3 as they were judged are not kept"):
            found.table()

    def test_json_tells_the_longlist_once_and_no_text_of_the_profile(self) -> None:
        found = json.loads(WRITERS["json"](awarded_board().table))
        assert [each["fate"] for each in found["longlist"]] == ["shortlisted"] * 2 + ["rejected"] * 3
        assert found["longlist"][0]["service"]["name"] == "Council tax online 1"
        assert "longlist" not in found["project"]
        assert "text" not in found["project"]["profile"]
        assert found["trail"][-1]["details"]["winner"] == "2"
        assert found["totals"][0]["total"] == "84.00"


class TestBoard:
    def test_the_best_is_named_with_its_total_and_cost(self) -> None:
        text = SUMMARIES["md"](recorded().searched().decided().scored().locked().board()).decode()
        assert "First: **Council tax online 2** of Tidewater Ltd, with 84.00 of 100 by the criteria;" in text

    def test_after_an_award_the_outcome_is_told(self) -> None:
        text = SUMMARIES["md"](awarded_board()).decode()
        assert "**Awarded to Council tax online 2 (2) for £48,000 without VAT" in text

    def test_whose_place_hangs_on_a_weight_is_told(self) -> None:
        others = awarded_board().others_first
        assert others is not None
        assert [(other.criterion, other.weight, other.name) for other in others] == [
            ("Fit", Decimal("45.00"), "Council tax online 1"),
            ("Cost", Decimal("50.00"), "Council tax online 1"),
        ]

    def test_a_first_that_stays_first_is_told(self) -> None:
        found = recorded().searched().decided().scored()
        found.purchase.do(score("1", "Cost", Decimal(3)))
        board = found.board()
        assert board.others_first == ()
        assert "stays first with any one weight a quarter lower or higher" in SUMMARIES["md"](board).decode()

    def test_rejected_services_are_in_groups_by_requirement_the_largest_first(self) -> None:
        text = SUMMARIES["md"](awarded_board()).decode()
        assert text.index("| R2 (want) Residents pay council tax online | 2 |") < text.index("| R1 (must)")

    def test_sections_are_those_that_a_board_asks_for(self) -> None:
        text = SUMMARIES["md"](awarded_board()).decode()
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
            "The shortlist", "Why these", "What they cost a year", "Risks", "Questions open",
            "What was rejected", "How steady the ranking is", "The order to take them in",
            "What this rests on",
        ]  # fmt: skip

    def test_before_there_are_scores_nothing_is_recommended(self) -> None:
        text = SUMMARIES["md"](recorded().searched().decided().board()).decode()
        assert "nothing can be recommended" in text
        assert "Nothing is scored yet" in text
        assert "Nothing is judged yet" in text

    @given(st.text(), st.integers(2, 80))
    def test_a_shortened_text_is_no_longer_than_asked_and_begins_alike(self, text: str, most: int) -> None:
        short = shortened(text, most)
        assert len(short) <= most
        assert " ".join(text.split()).startswith(short.removesuffix("…"))


class TestHostileText:
    @pytest.mark.parametrize("text", TRIED)
    @pytest.mark.parametrize("kind", READERS)
    def test_no_text_of_a_workbook_begins_like_a_formula(self, kind: str, text: str) -> None:
        for rows in READERS[kind](WRITERS[kind](awarded_board(text).table)).values():
            for row in rows:
                assert not [cell for cell in row if isinstance(cell, str) and FORMULA.match(cell)]

    @pytest.mark.parametrize("text", TRIED)
    def test_no_cell_of_any_csv_begins_like_a_formula(self, text: str) -> None:
        for name in SHEETS:
            for row in read_csv(write_csv_sheet(awarded_board(text).table, name)):
                assert not [cell for cell in row if FORMULA.match(cell)]

    @pytest.mark.parametrize("text", TRIED)
    def test_html_has_the_same_elements_whatever_was_written(self, text: str) -> None:
        for write in (lambda board: WRITERS["html"](board.table), SUMMARIES["html"]):
            page, plain = (
                Tags(write(awarded_board(text)).decode()),
                Tags(write(awarded_board("plain")).decode()),
            )
            kept = {
                "main",
                "section",
                "table",
                "tr",
                "th",
                "td",
                "h1",
                "h2",
                "h3",
                "ul",
                "li",
                "dl",
                "dt",
                "dd",
            }
            assert set(page.tags) <= set(plain.tags) | {"a"}
            assert [tag for tag in page.tags if tag in kept - {"li"}] == [
                tag for tag in plain.tags if tag in kept - {"li"}
            ]
            assert not {name for name, _ in page.attributes} & {"onerror", "onclick", "src", "style"}
            links = [value or "" for name, value in page.attributes if name == "href"]
            assert all(link.startswith(("#", "https://marketplace.example/services/")) for link in links)

    @pytest.mark.parametrize("text", TRIED)
    def test_markdown_shows_it_as_text(self, text: str) -> None:
        reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        for write in (lambda board: WRITERS["md"](board.table), SUMMARIES["md"]):
            tokens = reader.parse(write(awarded_board(text)).decode())
            plain = reader.parse(write(awarded_board("plain")).decode())
            found, expected = (
                {token.type for token in parsed}
                | {child.type for token in parsed for child in token.children or []}
                for parsed in (tokens, plain)
            )
            assert found <= expected | {"text_special"}
            links = [
                child.attrs["href"]
                for token in tokens
                for child in token.children or []
                if child.type == "link_open"
            ]
            assert all(str(link).startswith("https://marketplace.example/services/") for link in links)

    @pytest.mark.parametrize("text", TRIED)
    def test_no_escape_sequence_reaches_a_reader(self, text: str) -> None:
        board = awarded_board(text)
        texts = [WRITERS[kind](board.table) for kind in ("csv", "json", "md", "html")]
        for data in (*texts, *(write(board) for write in SUMMARIES.values())):
            assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", data)


class TestTellingTheTrail:
    def test_there_is_a_sentence_for_every_action(self) -> None:
        found = recorded().searched().decided().scored().locked().awarded().purchase
        told = {entry.action for entry in found.entries}
        others = [
            actions.CarryOver(name="Old", created=START),
            actions.Withdraw(text="Colour"),
            actions.MarkService(service=actions.Result("1", "d"), note="cheap"),
            actions.Unmark(service_id="1"),
            actions.Reconsider(services=("1",), because="new answer"),
            actions.Reopen(because="an error"),
            actions.Delete(because="no longer needed"),
        ]
        assert told | {kind_of(action) for action in others} == {
            str(kind.__struct_config__.tag) for kind in get_args(Action)
        }
        assert [sentence(action) for action in others] == [
            "Taken over with 0 marks from a catalogue without a trail",
            "Taken out: Colour",
            "Marked 1: cheap",
            "Taken off: 1",
            "1: new answer",
            "A new version: an error",
            "Deleted: no longer needed",
        ]

    def test_of_many_services_the_first_are_named_and_the_others_counted(self) -> None:
        services = tuple(actions.Result(str(number), "d") for number in range(1500))
        told = sentence(actions.Reject(services=services, requirement="R1", because="No API"))
        assert told.endswith("18, 19 and 1,480 more for R1: No API")


class TestLayout:
    def test_a_column_is_as_wide_as_its_texts_and_can_be_read(self) -> None:
        found = sheet("a", ("Key", "Reason"), (("R1", "word " * 40), ("R2", "short")))
        assert widths(found) == (8, 48)
        assert [lines(row, widths(found)) for row in (found.heading, *found.rows)] == [1, 5, 1]

    def test_a_very_wide_sheet_is_printed_on_several_pages_side_by_side(self) -> None:
        assert pages_wide((48,) * 5) == 1
        assert pages_wide((48,) * 6) == 2

    def test_no_row_is_higher_than_a_spreadsheet_allows(self) -> None:
        assert lines(("a\n" * 500,), (8,)) * 15 <= 409
