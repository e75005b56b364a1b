"""Every format says the same, reads back, and does nothing with what a supplier wrote."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from catalogue.export import WRITERS
from catalogue.export.cells import CELL_UNITS, safe_text
from catalogue.export.markdown import escape
from catalogue.export.prepare import ATTRIBUTION, FICTIONAL
from catalogue.export.values import About, Evidence, ExportTable, Row
from catalogue.records import strip_controls

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
#: What begins a formula, also behind what some readers trim.
FORMULA = re.compile(r"[\s\x00-\x1f\u200b\u200e\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
HOSTILE = [
    '=HYPERLINK("https://evil.example","click")',
    "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\ufeff=1", "\u200b@x",
    "＝1", "＋1", "－1", "＠A1",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</style></td><b>", "&lt;b&gt;",
    "[bold red]rich[/]", "[link](javascript:alert(1))", "![x](https://evil.example/x.png)", "| a | b |",
    "`code`", "# no", "1. no", "- no", "> no", "a\n\n# b\n| --- |", "***", "~~~", "    code",
    "https://evil.example", "www.evil.example", "a@evil.example", "https://evil.example/><script>",
    "\x1b[2J\x1b]0;title\x07", "a\x00b", "\u202etxt.exe", "\uffff", "a\r\nb", 'say "x", y; z', "' quoted",
]  # fmt: skip


def evidence(**changes: object) -> Evidence:
    made = Evidence(
        barrier="legacy",
        need="connect to Harbour Revenues",
        verdict="strong-for",
        points=30.0,
        question="Service features",
        quote="Certified connector for Harbour Revenues",
        rule="legacy.connects",
        because="a feature names the system",
    )
    return replace(made, **changes)


def row(**changes: object) -> Row:
    made = Row(
        rank=1,
        service_id="100000000000001",
        name="Tidewater Forms",
        supplier="Tidewater Ltd",
        framework="G-Cloud 15",
        lot="Software as a Service (SaaS)",
        status="live",
        price="£1.20 to £3.50 a user a month",
        url="https://marketplace.example/services/100000000000001",
        score=81.4,
        standing="ranked",
        points=(("legacy", 36.1), ("resources", 20.0), ("skills", 15.3), ("customers", 10.0)),
        evidence=(evidence(), evidence(verdict="weak-against", points=-2.5, quote=None, question=None)),
        questions=("Is there a licence fee for the connector?",),
        note="seen at the fair",
        marked=NOON,
        change=None,
    )
    return replace(made, **changes)


def table(*rows: Row, **changes: object) -> ExportTable:
    about = About(
        project="Council tax 2027",
        exported=NOON,
        catalogue_digest="sha256:c0ffee",
        catalogue_services=68,
        catalogue_newest=NOON,
        profile_name="Fenmoor District Council",
        profile_digest="sha256:beef",
        rules="2026.1",
        weights=(("legacy", 40.0), ("resources", 25.0), ("skills", 20.0), ("customers", 15.0)),
        attribution=ATTRIBUTION,
        fictional=None,
    )
    return ExportTable(replace(about, **changes), rows)


def hostile_table(text: str) -> ExportTable:
    """A table as prepared, with the text wherever a supplier, an officer or a profile may write."""
    text = strip_controls(text)
    finding = evidence(need=text, question=text, quote=text, rule="r", because=text)
    unquoted = replace(finding, quote=None)
    silent = replace(unquoted, verdict="silent", points=0.0)
    line = row(
        name=text, supplier=text, framework=text, lot=text, price=text, url=text, note=text, standing=text,
        questions=(text, text), evidence=(finding, unquoted, silent), change=text, service_id=text,
    )  # fmt: skip
    return table(line, row(rank=None, score=None, points=(), evidence=(), questions=()), profile_name=text)


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(data: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: [[cell.value for cell in cells] for cells in sheet.iter_rows()] for sheet in book}


def read_ods(data: bytes) -> dict[str, list[list[object]]]:
    office, text, tables = (
        f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "text", "table")
    )

    def content(paragraph: ElementTree.Element) -> str:
        # As OpenDocument has it: white space is one space, and none where a paragraph begins.
        found = re.sub(r"[ \t\n]+", " ", paragraph.text or "").lstrip(" ")
        for child in paragraph:
            gap = "\t" if child.tag == f"{text}tab" else " " * int(child.get(f"{text}c", "1"))
            found += gap + re.sub(r"[ \t\n]+", " ", child.tail or "")
        return found

    def value(cell: ElementTree.Element) -> object:
        kind = cell.get(f"{office}value-type")
        if kind == "float":
            return float(cell.get(f"{office}value", ""))
        return "\n".join(map(content, cell.iter(f"{text}p"))) if kind else None

    root = ElementTree.fromstring(ZipFile(io.BytesIO(data)).read("content.xml"))
    return {
        sheet.get(f"{tables}name", ""): [
            [value(cell) for cell in line.iter(f"{tables}table-cell")]
            for line in sheet.iter(f"{tables}table-row")
        ]
        for sheet in root.iter(f"{tables}table")
    }


READERS: dict[str, Callable[[bytes], dict[str, list[list[object]]]]] = {"xlsx": read_xlsx, "ods": read_ods}


class TestSpreadsheets:
    @given(st.text(max_size=30) | st.sampled_from(HOSTILE))
    @settings(suppress_health_check=[HealthCheck.too_slow])
    def test_no_cell_of_a_csv_begins_like_a_formula(self, text: str) -> None:
        for line in read_csv(WRITERS["csv"](hostile_table(text))):
            assert not [cell for cell in line if FORMULA.match(cell)]

    @pytest.mark.parametrize("text", HOSTILE)
    @pytest.mark.parametrize("kind", READERS)
    def test_no_text_of_a_workbook_begins_like_a_formula(self, kind: str, text: str) -> None:
        found = READERS[kind](WRITERS[kind](hostile_table(text)))
        for rows in found.values():
            for line in rows:
                assert not [cell for cell in line if isinstance(cell, str) and FORMULA.match(cell)]

    @given(st.text())
    @example("-")
    def test_neutralising_twice_is_the_same_as_once(self, text: str) -> None:
        assert safe_text(safe_text(text)) == safe_text(text)

    @given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
    def test_text_that_begins_like_no_formula_is_left_alone(self, text: str) -> None:
        if not FORMULA.match(text):
            assert safe_text(text) == text

    def test_a_text_longer_than_a_cell_is_cut_and_says_so(self) -> None:
        cut = safe_text("🙂" * CELL_UNITS)
        assert len(cut.encode("utf-16-le")) <= 2 * 32_767
        assert cut.endswith("see the JSON export]")

    def test_csv_begins_with_a_byte_order_mark_and_ends_its_lines_with_cr_lf(self) -> None:
        data = WRITERS["csv"](table(row()))
        assert data.startswith(b"\xef\xbb\xbfRank,")
        assert data.endswith(b"\r\n")
        assert data.count(b"\r\n") == 2

    def test_csv_has_one_row_a_service_with_all_that_is_known_of_it(self) -> None:
        heading, first = read_csv(WRITERS["csv"](table(row(), fictional=FICTIONAL)))
        assert len(set(heading)) == len(heading)
        found = dict(zip(heading, first, strict=True))
        assert found["Rank"] == "1"
        assert found["Score"] == "81.4"
        assert found["Points: legacy"] == "36.1"
        assert found["Price"] == "£1.20 to £3.50 a user a month"
        assert "strongly for: connect to Harbour Revenues: “Certified connector" in found["Evidence"]
        assert found["Questions to ask"] == "Is there a licence fee for the connector?"
        assert found["Catalogue digest"] == "sha256:c0ffee"
        assert found["Profile digest"] == "sha256:beef"
        assert found["Rules version"] == "2026.1"
        assert found["Exported"] == "2026-11-23T12:00:00Z"
        assert found["Licence"] == ATTRIBUTION

    @pytest.mark.parametrize("kind", READERS)
    def test_a_workbook_has_shortlist_evidence_and_about(self, kind: str) -> None:
        sheets = READERS[kind](WRITERS[kind](table(row())))
        assert list(sheets) == ["shortlist", "evidence", "about"]
        shortlist = dict(zip(*sheets["shortlist"], strict=True))
        assert shortlist["Score"] == 81.4
        assert shortlist["Service ID"] == "100000000000001"
        verdicts = [line[sheets["evidence"][0].index("Verdict")] for line in sheets["evidence"][1:]]
        points = [line[sheets["evidence"][0].index("Points")] for line in sheets["evidence"][1:]]
        assert (verdicts, points) == (["strongly for", "weakly against"], [30.0, -2.5])
        assert ["Licence", ATTRIBUTION] in sheets["about"]

    def test_the_type_of_an_ods_stands_first_and_uncompressed(self) -> None:
        first = ZipFile(io.BytesIO(WRITERS["ods"](table(row())))).infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)

    def test_lines_and_gaps_within_a_cell_of_an_ods_are_kept(self) -> None:
        sheets = read_ods(WRITERS["ods"](table(row(note=" a  b\tc\nd"))))
        assert dict(zip(*sheets["shortlist"], strict=True))["Note"] == " a  b\tc\nd"


class Tags(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


class TestPages:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_html_has_the_same_elements_whatever_a_supplier_wrote(self, text: str) -> None:
        page = Tags(WRITERS["html"](hostile_table(text)).decode())
        plain = Tags(WRITERS["html"](hostile_table("plain")).decode())
        assert [tag for tag in page.tags if tag != "a"] == [tag for tag in plain.tags if tag != "a"]
        links = [value or "" for name, value in page.attributes if name == "href"]
        assert all(link.startswith(("#service-", "#about", "https://", "http://")) for link in links)
        assert len([link for link in links if link[0] != "#"]) <= 2, "only a service's page is a link"
        assert not {name for name, _ in page.attributes} & {"onerror", "onclick", "src"}

    def test_html_names_its_language_title_and_headings(self) -> None:
        page = WRITERS["html"](table(row())).decode()
        assert '<html lang="en-GB">' in page
        assert "<title>Shortlist: Council tax 2027</title>" in page
        assert {"main", "h1", "caption", "th", "dl"} <= set(Tags(page).tags)
        assert ATTRIBUTION in page

    @pytest.mark.parametrize("text", HOSTILE)
    def test_markdown_shows_hostile_text_as_text(self, text: str) -> None:
        reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])

        def kinds(source: str) -> list[str]:
            tokens = reader.parse(WRITERS["md"](hostile_table(source)).decode())
            inline = [child.type for token in tokens for child in token.children or []]
            return [token.type for token in tokens] + [kind for kind in inline if kind != "text"]

        links = {"link_open", "link_close"}
        assert [kind for kind in kinds(text) if kind not in links] == [
            kind for kind in kinds("plain") if kind not in links
        ]
        assert kinds(text).count("link_open") <= 2, "only the address of a service's page is a link"

    @given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]), max_size=40))
    @example("*a* _b_ `c` [d](e) <f> & | ~~g~~ #h 1) 2. -")
    def test_markdown_gives_back_the_words_that_it_was_given(self, text: str) -> None:
        children = [
            child
            for token in MarkdownIt("commonmark")
            .enable(["table", "strikethrough"])
            .parse(f"- {escape(text)}")
            for child in token.children or []
        ]
        assert {child.type for child in children} <= {"text", "text_special"}
        assert "".join(child.content for child in children) == " ".join(text.split())

    def test_markdown_links_the_service_page(self) -> None:
        assert (
            "<https://marketplace.example/services/100000000000001>" in WRITERS["md"](table(row())).decode()
        )


class TestEveryFormat:
    @pytest.mark.parametrize("kind", WRITERS)
    def test_the_same_table_gives_the_same_bytes(self, kind: str) -> None:
        assert WRITERS[kind](table(row())) == WRITERS[kind](table(row()))

    @pytest.mark.parametrize("kind", WRITERS)
    @pytest.mark.parametrize("text", HOSTILE)
    def test_no_escape_sequence_reaches_a_reader(self, kind: str, text: str) -> None:
        data = WRITERS[kind](hostile_table(text))
        if kind not in {"xlsx", "ods"}:
            assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", data)

    @pytest.mark.parametrize("kind", ["csv", "md", "html"])
    def test_needs_of_which_a_listing_says_nothing_are_told_together(self, kind: str) -> None:
        silent = [
            evidence(need=need, verdict="silent", points=0.0, question=None, quote=None)
            for need in ("a phone line", "a free trial")
        ]
        unasked = evidence(need="training", verdict="not-applicable", points=0.0, question=None, quote=None)
        cited = evidence(need="within budget", verdict="silent", points=0.0, quote="Price on request")
        text = WRITERS[kind](table(row(evidence=(*silent, unasked, cited)))).decode()
        text = re.sub(r"\*\*|</?strong>", "", text)
        assert "The listing does not say: a phone line; a free trial" in text
        assert "Not asked in this lot: training" in text
        assert "Price on request" in text

    @pytest.mark.parametrize("kind", ["csv", "md", "html", "json"])
    def test_a_fictional_sample_is_called_one(self, kind: str) -> None:
        assert FICTIONAL in WRITERS[kind](table(row(), fictional=FICTIONAL)).decode("utf-8-sig")

    def test_json_holds_every_field_as_data(self) -> None:
        found = json.loads(WRITERS["json"](table(row())))
        first = found["shortlist"][0]
        assert first["points"] == {"legacy": 36.1, "resources": 20.0, "skills": 15.3, "customers": 10.0}
        assert first["evidence"][1] == {
            "barrier": "legacy", "need": "connect to Harbour Revenues", "verdict": "weak-against",
            "points": -2.5, "question": None, "quote": None, "rule": "legacy.connects",
            "because": "a feature names the system",
        }  # fmt: skip
        assert found["about"]["exported"] == "2026-11-23T12:00:00Z"
        assert found["about"]["weights"]["legacy"] == 40.0
