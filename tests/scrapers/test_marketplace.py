"""Reading service pages: our own pages in both markups, and pages that are no service pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.errors import SourceShapeError
from catalogue.questions import load_crosswalk
from catalogue.records import (
    Answer,
    Document,
    FrameworkRef,
    LotRef,
    Section,
    ServiceRecord,
    SupplierRef,
)
from scrapers.marketplace import parse_service
from scrapers.page import Page
from scrapers.table import BadValue
from tests import render

ID = "412003001000001"
URL = f"https://marketplace.example/g-cloud/services/{ID}"
BAND = "Less than £250,000"

RECORD = ServiceRecord(
    id=ID,
    url=URL,
    framework=FrameworkRef("g-cloud-15", "G-Cloud 15"),
    lot=LotRef("saas", "Software as a Service (SaaS)"),
    supplier=SupplierRef(id="700222", name="Tidewater & Daughters Ltd"),
    name="Tidewater <Forms>",
    description="Forms for councils.\nWith payments.",
    categories=(
        ("Applications", "Customer relationship management", "Self-service"),
        ("Applications", "Workflow"),
    ),
    features=("Forms without code", "Payments"),
    benefits=("Fewer calls",),
    price="£1.20 to £3.50 a user a month",
    documents=(
        Document("Pricing document", f"https://assets.example/g-cloud-15/documents/700222/{ID}-pricing.pdf"),
    ),
    sections=(
        Section(
            "Service scope",
            (
                Answer("Cloud deployment model", ("Public cloud", "Hybrid cloud")),
                Answer("Service constraints", ("Line one\n\nline two",)),
            ),
        ),
        Section("User support", (Answer("Phone support", ("Yes",)),)),
    ),
)


def page_of(record: ServiceRecord, **how: Any) -> Page:
    status = 200 if record.status == "live" else 410
    return Page(str(record.url), status, render.service_page(record, **how))


BOTH = pytest.mark.parametrize("markup", ["components", "loader"])
SHELLS = pytest.mark.parametrize("shell", ["a", "b"])


@BOTH
@SHELLS
@pytest.mark.parametrize("status", ["live", "withdrawn", "expired"])
def test_a_page_in_either_markup_and_shell_gives_the_same_record(
    markup: str, shell: str, status: str
) -> None:
    record = msgspec.structs.replace(RECORD, status=status)
    assert parse_service(page_of(record, markup=markup, shell=shell)).record == record


@BOTH
@SHELLS
def test_formula_bands_rates_and_social_value_are_kept_as_rows(markup: str, shell: str) -> None:
    rates = [
        {"family": "Data", "role": "Engineer", "level": "Senior", "uk": "£1,050", "offshore": None},
        {"family": "Data", "role": "Engineer", "level": "Lead", "uk": "£1,200", "offshore": "£800"},
        {"family": "Design", "role": "Designer", "level": "Designer", "uk": None, "offshore": None},
    ]
    terms = [
        {"operation": None, "name": "Baseline pricing", "value": "List price"},
        {"operation": "\u2212", "name": "Minimum discount", "value": "5.00%"},
        {"operation": "+", "name": "Onboarding", "value": ""},
    ]
    tree = [["Growth", "Fair work", "Living wage"], ["Growth", "Skills"], ["Climate"]]
    record = msgspec.structs.replace(
        RECORD,
        sections=(
            Section(
                "Social Value",
                (Answer("Social Value", ("Growth > Fair work > Living wage", "Growth > Skills", "Climate")),),
            ),
            Section(
                "Pricing",
                (
                    Answer(
                        "Public cloud pricing",
                        ("Baseline pricing: List price", "\u2212 Minimum discount: 5.00%", "+ Onboarding"),
                    ),
                    Answer("Discounts", (f"{BAND}: 1.5%", "Over £250,000: 2%")),
                    Answer(
                        "Rate card",
                        (
                            "Data | Engineer | Senior | £1,050 |",
                            "Data | Engineer | Lead | £1,200 | £800",
                            "Design | Designer | Designer |  |",
                        ),
                    ),
                ),
            ),
        ),
        structured={
            "social_value_tree": tree,
            "price_formula": [{"deployment_model": "Public cloud", "terms": terms}],
            "discount_bands": [
                {"band": BAND, "discount": "1.5%"},
                {"band": "Over £250,000", "discount": "2%"},
            ],
            "rate_card": rates,
        },
    )
    assert parse_service(page_of(record, markup=markup, shell=shell)).record == record


@BOTH
def test_a_list_and_headed_paragraphs_are_told_apart(markup: str) -> None:
    both = {
        "list": ["Climate", "Wellbeing"],
        "headed": [{"heading": "Climate", "text": "By train.\nAlways."}],
    }
    answer = Answer("Social Value", ("Climate", "Wellbeing", "Climate\nBy train.\nAlways."))
    record = msgspec.structs.replace(
        RECORD, sections=(Section("Social Value", (answer,)),), structured={"social_value": both}
    )
    assert parse_service(page_of(record, markup=markup)).record == record


@BOTH
def test_a_rate_card_may_stand_alone_below_its_heading(markup: str) -> None:
    rates = [
        {"family": "Data", "role": "Engineer", "level": "Senior", "uk": "£1,050", "offshore": None},
        {"family": "Design", "role": "Designer", "level": "Lead", "uk": "£900", "offshore": "£700"},
    ]
    record = msgspec.structs.replace(RECORD, structured={"rate_card": rates})
    assert parse_service(page_of(record, markup=markup)).record == record


def test_a_label_may_occur_twice_in_one_section() -> None:
    twice = (Answer("Cyber essentials", ("Yes",)), Answer("Cyber essentials", ("None of these",)))
    record = msgspec.structs.replace(RECORD, sections=(Section("Standards", twice),))
    assert parse_service(page_of(record)).record == record


def test_an_unknown_question_and_section_are_kept_and_reported() -> None:
    strange = Section("Quantum matters", (Answer("Qubits on offer", ("Twelve",)),))
    record = msgspec.structs.replace(RECORD, sections=(*(RECORD.sections or ()), strange))
    parsed = parse_service(page_of(record), load_crosswalk())
    assert parsed.record == record
    assert [(issue.kind, issue.details["question"]) for issue in parsed.issues] == [
        ("unknown-question", "Qubits on offer")
    ]


@pytest.mark.parametrize(
    ("framework", "lot", "kind"),
    [
        ("G-Cloud 16", "saas", "unknown-framework"),
        ("G-Cloud 15", "quantum", "unknown-lot"),
        ("G-Cloud 15", "cloud-software", "unknown-lot"),
    ],
)
def test_an_unknown_framework_or_lot_is_kept_and_reported(framework: str, lot: str, kind: str) -> None:
    slug = framework.lower().replace(" ", "-")
    record = msgspec.structs.replace(
        RECORD, framework=FrameworkRef(slug, framework), lot=LotRef(lot, lot), sections=()
    )
    parsed = parse_service(page_of(record))
    assert parsed.record == record
    assert [(issue.kind, issue.details) for issue in parsed.issues] == [
        (kind, {"framework": slug, "lot": lot})
    ]
    assert "catalogue/frameworks.toml" in parsed.issues[0].message


def test_a_value_that_is_known_to_be_wrong_is_read_as_the_right_one() -> None:
    wrong = msgspec.structs.replace(RECORD, lot=LotRef("SaaS", RECORD.lot.name))
    rows = (
        BadValue("lot.slug", "SaaS", "saas", "breadcrumbs in capitals"),
        BadValue("supplier.name", RECORD.supplier.name, "Tidewater Group", "renamed"),
    )
    parsed = parse_service(page_of(wrong), bad_values=rows)
    assert (parsed.record.lot, parsed.record.supplier.name) == (RECORD.lot, "Tidewater Group")


def test_a_table_of_no_known_kind_is_kept_as_values_and_reported() -> None:
    head = "<tr><th>Region</th><th>Zones</th><th>Since</th></tr>"
    table = f"<table>{head}<tr><td>UK</td><td>3</td><td>2019</td></tr></table>"
    text = render.service_page(RECORD).replace("<p>\n  Yes\n</p>", table)
    parsed = parse_service(Page(URL, 200, text))
    values = [
        a.values for s in parsed.record.sections or () for a in s.answers if a.question == "Phone support"
    ]
    assert values == [("Region | Zones | Since", "UK | 3 | 2019")]
    assert [issue.kind for issue in parsed.issues] == ["unread-structure"]


def test_a_heading_with_nothing_that_can_be_read_below_it_is_reported() -> None:
    text = render.service_page(RECORD).replace("</main>", "<h2>Carbon label</h2><p>B+</p></main>")
    assert [issue.message for issue in parse_service(Page(URL, 200, text)).issues] == [
        "section 'Carbon label': a heading without questions"
    ]


@pytest.mark.parametrize("price", ["See pricing", "See the pricing document", ""])
def test_a_price_line_without_a_figure_is_no_price(price: str) -> None:
    record = msgspec.structs.replace(RECORD, price=price)
    assert parse_service(page_of(record)).record.price is None


def test_a_page_that_shows_no_features_states_an_empty_list_of_them() -> None:
    record = msgspec.structs.replace(
        RECORD, features=(), benefits=(), documents=(), categories=(), supplier=SupplierRef(name="Tidewater")
    )
    assert parse_service(page_of(record)).record == record


def test_pages_of_older_iterations_do_not_state_categories() -> None:
    record = msgspec.structs.replace(
        RECORD, framework=FrameworkRef("g-cloud-12", "G-Cloud 12"), categories=None
    )
    assert parse_service(page_of(record)).record == record


def test_no_break_and_zero_width_spaces_are_text_and_other_space_is_not() -> None:
    text = render.service_page(RECORD).replace("Fewer calls", "Fewer\u00a0\r\n \t calls\u200b ")
    assert parse_service(Page(URL, 200, text)).record.benefits == ("Fewer\u00a0 calls\u200b",)


def test_curly_apostrophes_and_capitals_in_headings_do_not_matter() -> None:
    text = render.service_page(RECORD).replace("<h2>Features</h2>", "<h2>\u00a0FEATURES </h2>")
    assert parse_service(Page(URL, 200, text)).record == RECORD


def test_html_typed_by_a_supplier_stays_text() -> None:
    record = msgspec.structs.replace(RECORD, benefits=("<b>bold</b> &amp; <script>alert(1)</script>",))
    assert parse_service(page_of(record)).record == record


def test_escape_characters_do_not_get_in() -> None:
    text = render.service_page(RECORD).replace("Fewer calls", "Fewer \x1b[31mcalls\x07")
    assert parse_service(Page(URL, 200, text)).record.benefits == ("Fewer [31mcalls",)


def test_a_link_that_is_no_address_does_not_stop_the_page() -> None:
    text = render.service_page(RECORD).replace(
        "<li>Free trial available</li>", '<li><a href="http://[x">Trial</a></li>'
    )
    assert parse_service(Page(URL, 200, text)).record == RECORD


def test_no_contact_of_a_person_is_in_the_record() -> None:
    text = msgspec.json.encode(parse_service(page_of(RECORD)).record).decode()
    assert "Robin Example" in render.service_page(RECORD)
    assert not any(part in text for part in ("Robin", "01632", "mailto", "bids@"))


def test_a_withdrawn_page_without_its_banner_is_withdrawn_and_reported() -> None:
    parsed = parse_service(Page(URL, 410, render.service_page(RECORD)))
    assert parsed.record.status == "withdrawn"
    assert [issue.kind for issue in parsed.issues] == ["unknown-banner"]


# ---- pages that are no service pages


def refusal(text: str, **how: Any) -> SourceShapeError:
    with pytest.raises(SourceShapeError) as raised:
        parse_service(Page(URL, 200, text, **how))
    return raised.value


@pytest.mark.parametrize("text", ["", "   \n", "<html></html>", "plain words", "{}"])
def test_an_empty_page_is_refused_with_what_was_expected(text: str) -> None:
    error = refusal(text)
    assert (error.selector, error.expected) == ("</main>", "a whole page")


def test_a_truncated_page_is_refused_wherever_it_ends() -> None:
    whole = render.service_page(RECORD)
    for end in range(0, whole.index("</main>") + 1, 97):
        assert refusal(whole[:end]).selector == "</main>"


def test_a_page_about_trouble_is_refused_by_the_name_it_gives_itself() -> None:
    error = refusal(
        "<html><body><main><h1>Sorry, there is a problem</h1><p>Try later</p></main></body></html>"
    )
    assert "Sorry, there is a problem" in error.found
    assert "Service ID" in error.selector


@pytest.mark.parametrize(
    ("part", "instead", "selector"),
    [
        ("<h1>", "<h1>Two</h1><h1>", "main h1"),
        ("<h2>Framework</h2>", "<h2>Frame</h2>", "h2 'Framework' + p"),
        ("lot=saas", "plot=saas", "ol a[href*='lot=']"),
        ("Service ID", "Identity", "h2 'Service ID' + p"),
        (" ".join(ID), "unknown", "h2 'Service ID' + p"),
        (" ".join(ID), "4 1 2", "h2 'Service ID'"),
    ],
)
def test_a_service_page_without_a_part_that_all_have_names_the_part(
    part: str, instead: str, selector: str
) -> None:
    assert refusal(render.service_page(RECORD).replace(part, instead)).selector == selector


def test_a_redirect_to_the_login_page_is_neither_a_service_nor_a_missing_one() -> None:
    error = refusal("<main></main>", final_url="https://marketplace.example/user/login?next=%2Fg-cloud")
    assert (error.selector, error.found) == ("Location", "a redirect to /user/login")


def test_recorded_pages_of_other_kinds_are_refused(shared: Path) -> None:
    recorded = [
        *sorted((shared / "real" / "dos-pages").glob("*.html")),
        *(
            shared / "marketplace-pages" / "pages" / name
            for name in (
                "g12/home.html",
                "g12/search.html",
                "g12/supplier_700000.html",
                "g12/suppliers.html",
                "g12-buyer/results.html",
                "g15-inferred/login.html",
                "g15-inferred/maintenance_209381000232505.html",
                "g15-inferred/services_999999999999999.html",
            )
        ),
    ]
    assert len(recorded) == 16
    for file in recorded:
        error = refusal(file.read_text(encoding="utf-8"))
        assert error.found
        assert error.expected


# ---- any record at all

_line = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")), min_size=1, max_size=40)
    .map(lambda text: " ".join(text.split(" ")).strip(" "))
    .map(lambda text: " ".join(part for part in text.split(" ") if part))
    .filter(bool)
)
_text = st.lists(_line, min_size=1, max_size=3).map("\n".join)
_own = {"features", "benefits", "pricing", "service documents", "framework", "service id", "contact"}
_label = _line.filter(lambda text: text.strip().casefold() not in _own and "pricing" not in text.casefold())
_answers = st.builds(Answer, _label, st.lists(_text, min_size=1, max_size=4).map(tuple))
_sections = st.lists(
    st.builds(Section, _label, st.lists(_answers, min_size=1, max_size=4).map(tuple)), max_size=4
).map(tuple)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=_line,
    supplier=_line,
    description=st.none() | _text,
    features=st.lists(_text, max_size=3).map(tuple),
    benefits=st.lists(_text, max_size=3).map(tuple),
    price=st.none() | st.integers(0, 99999).map(lambda pounds: f"£{pounds:,} a unit a year"),
    documents=st.lists(_line, max_size=3),
    sections=_sections,
    status=st.sampled_from(["live", "withdrawn", "expired"]),
    markup=st.sampled_from(["components", "loader"]),
    shell=st.sampled_from(["a", "b"]),
)
def test_reading_a_page_undoes_writing_it(
    name: str,
    supplier: str,
    documents: list[str],
    markup: str,
    shell: str,
    **parts: Any,
) -> None:
    record = msgspec.structs.replace(
        RECORD,
        name=name,
        supplier=SupplierRef(id="700222" if documents else None, name=supplier),
        documents=tuple(
            Document(title, f"https://assets.example/g-cloud-15/documents/700222/{at}.pdf")
            for at, title in enumerate(documents)
        ),
        **parts,
    )
    assert parse_service(page_of(record, markup=markup, shell=shell)).record == record
