"""The other sources from the command line: scrape, awards, agreements, show, profile new and doctor."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from catalogue.agreements import Agreement
from catalogue.awards import Award, Awarded
from catalogue.records import FrameworkRef, LotRef, ServiceRecord, SupplierRef
from db.agreements import keep_agreements
from db.awards import keep_awards
from db.catalogue import open_catalogue
from db.ingest import ingest
from tests import feeds
from tests.feeds import EmptyWindows, agreement, agreement_supplier, answer, organisation, package, release
from tests.loopback import Answer, Marketplace
from tui.commands.main import run

SEEN = datetime(2026, 11, 20, 3, 10, tzinfo=UTC)
RECORD = ServiceRecord(
    id="412003001000001",
    framework=FrameworkRef("g-cloud-15", "G-Cloud 15"),
    lot=LotRef("saas", "SaaS"),
    supplier=SupplierRef(name="Tidewater Ltd"),
    name="Tidewater Forms",
)
PROFILE = (
    '[organisation]\nname = "Fenmoor District Council"\nsector = "local-government"\naward_by = {award_by}\n'
)


@dataclass(frozen=True)
class Result:
    exit_code: int
    stdout: str
    stderr: str


Longlist = Callable[..., Result]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.db"
    with open_catalogue(path, create=True) as catalogue:
        ingest(catalogue, [RECORD], at=SEEN)
    return path


@pytest.fixture
def longlist(db: Path, capsys: pytest.CaptureFixture[str]) -> Longlist:
    def invoke(*arguments: object) -> Result:
        status = run(["--db", str(db), *map(str, arguments)])
        captured = capsys.readouterr()
        return Result(status, captured.out, captured.err)

    return invoke


@pytest.fixture
def site() -> Iterator[Marketplace]:
    with EmptyWindows().serving() as serving:
        rows = [
            organisation(f"b{n}", f"Department {n}", "Ministerial department", f"D{n}") for n in range(500)
        ]
        feeds.put_organisations(serving, rows)
        many = [agreement(f"RM{n}", "Lifts", pillar="B", category="") for n in range(20)]
        feeds.put_agreements(
            serving,
            [agreement("RM1557.15", "G-Cloud 15", ["2b"]), *many],
            {("RM1557.15", "2b"): [agreement_supplier("Tidewater Ltd")]},
        )
        yield serving


@pytest.fixture
def scrape(longlist: Longlist, site: Marketplace) -> Longlist:
    def invoke(source: str, *more: object) -> Result:
        return longlist("scrape", source, "--base-url", site.url, "--delay", 0, *more)

    return invoke


def keep(db: Path, *awards: Award) -> None:
    with open_catalogue(db) as catalogue:
        keep_awards(catalogue, awards)


def award(number: int, buyer: str, supplier: str = "TIDEWATER LIMITED") -> Award:
    return Award(
        "find-tender",
        f"x{number}",
        SEEN,
        f"Forms {number}",
        buyer,
        (Awarded(supplier),),
        awarded=date(2026, 11, number),
        url=f"https://notice.example/{number}",
    )


class TestScrape:
    def test_organisations_report_records_and_requests(self, scrape: Longlist) -> None:
        result = scrape("organisations")
        assert (result.exit_code, result.stdout) == (0, "")
        assert "25 pages of records answered, 26 requests; 500 records new" in result.stderr

    def test_the_report_may_be_json(self, scrape: Longlist) -> None:
        report = json.loads(scrape("agreements", "--json").stdout)
        assert (report["outcome"], report["counts"]["added"]) == ("finished", 22)

    def test_a_budget_stops_awards_and_says_what_is_left(self, site: Marketplace, scrape: Longlist) -> None:
        result = scrape("awards", "--budget", 3)
        assert result.exit_code == 0
        assert "budget of 3 requests is spent" in result.stderr
        assert "windows of time of this publisher are left" in result.stderr
        assert len(site.headers) == 3

    def test_another_shape_ends_with_4(self, site: Marketplace, scrape: Longlist) -> None:
        site.put("/api/organisations?page=1", answer({"bodies": []}))
        result = scrape("organisations")
        assert result.exit_code == 4
        assert "organisations.toml" in result.stderr

    def test_a_source_that_may_not_be_asked_is_a_failure(self, site: Marketplace, scrape: Longlist) -> None:
        site.put("/robots.txt", Answer(b"User-agent: *\nDisallow: /\n"))
        assert scrape("organisations").exit_code in (1, 3)

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["awards", "--ids", "-"], "--ids is for service pages"),
            (["awards", "--scope", "some"], "no scope 'some'"),
            (["organisations", "--delay", "0.01"], "every 0.1 seconds"),
            (["organisations"], "LONGLIST_CONTACT"),
        ],
    )
    def test_wrong_usage_is_told_before_anything_is_asked(
        self, arguments: list[str], message: str, longlist: Longlist
    ) -> None:
        result = longlist("scrape", *arguments)
        assert result.exit_code == 2
        assert message in result.stderr


class TestAwards:
    def test_show_lists_who_of_the_sector_bought(self, db: Path, longlist: Longlist) -> None:
        keep(db, award(1, "Fenmoor District Council"), award(2, "Marrow NHS Trust"))
        shown = longlist("show", RECORD.id, "--sector", "local-government").stdout
        part = shown.partition("Bought from this supplier")[2]
        assert "1 November 2026: Fenmoor District Council (local-government)" in part
        assert "TIDEWATER LIMITED (joined by name)" in part
        assert "Marrow" not in part
        assert "Bodies of other sectors or of none that is known: 1" in part
        assert "Never a part of the score" in part

    def test_show_takes_the_sector_of_a_profile(self, db: Path, longlist: Longlist, tmp_path: Path) -> None:
        keep(db, award(1, "Fenmoor District Council"), award(2, "Marrow NHS Trust"))
        profile = tmp_path / "p.toml"
        profile.write_text(PROFILE.format(award_by="2027-03-31"), encoding="utf-8")
        shown = longlist("show", RECORD.id, "--profile", profile).stdout
        assert "Fenmoor District Council" in shown
        assert "Marrow" not in shown
        assert longlist("show", RECORD.id, "--profile", profile, "--sector", "nhs").exit_code == 2

    def test_without_awards_show_is_the_page_alone(self, longlist: Longlist) -> None:
        assert "Bought" not in longlist("show", RECORD.id).stdout

    def test_the_record_as_json_stays_a_record(self, db: Path, longlist: Longlist) -> None:
        keep(db, award(1, "Fenmoor District Council"))
        assert "awards" not in json.loads(longlist("show", RECORD.id, "--json").stdout)

    @pytest.mark.parametrize("supplier", [RECORD.id, "Tidewater plc"])
    def test_awards_are_listed_by_service_or_name(self, supplier: str, db: Path, longlist: Longlist) -> None:
        keep(db, award(1, "Fenmoor District Council"), award(2, "Marrow NHS Trust"), award(3, "A", "Other"))
        lines = longlist("awards", supplier).stdout.splitlines()
        assert [line[:18] for line in lines if line.startswith("- ")] == [
            "- 2 November 2026:",
            "- 1 November 2026:",
        ]
        assert "  https://notice.example/2" in lines
        found = json.loads(longlist("awards", supplier, "--sector", "nhs", "--json").stdout)
        assert [(one["buyer"], one["awarded"]) for one in found] == [("Marrow NHS Trust", "2026-11-02")]

    def test_without_awards_it_says_how_to_fetch_them(self, longlist: Longlist) -> None:
        assert "longlist scrape awards" in longlist("awards", "Tidewater").stdout

    def test_awards_change_no_score(self, db: Path, longlist: Longlist, tmp_path: Path) -> None:
        profile = tmp_path / "p.toml"
        profile.write_text(PROFILE.format(award_by="2027-03-31"), encoding="utf-8")
        before = longlist("match", profile, "--json").stdout
        keep(db, award(1, "Fenmoor District Council"))
        assert longlist("match", profile, "--json").stdout == before

    def test_a_scraped_award_is_shown(
        self, site: Marketplace, scrape: Longlist, longlist: Longlist, root: Path, tmp_path: Path
    ) -> None:
        table = (root / "scrapers" / "sources" / "awards.toml").read_text(encoding="utf-8")
        before, _, rest = table.partition("[[publisher]]")
        history = f"[[publisher]]{rest.partition('[[publisher]]')[2]}"
        copy = tmp_path / "history.toml"
        copy.write_text(
            before + history.replace("since = 2022-11-01", "since = 2025-02-28"), encoding="utf-8"
        )
        window = feeds.contracts_finder("2025-02-28T00:00:00", "2025-03-01T00:00:00")
        site.put(window, answer(package([release(1, day="2025-02-28")])))
        assert scrape(str(copy)).exit_code == 0
        assert "28 February 2025: Fenmoor District Council" in longlist("awards", RECORD.id).stdout


class TestAgreements:
    def put(self, db: Path, *agreements: Agreement) -> None:
        with open_catalogue(db) as catalogue:
            keep_agreements(catalogue, agreements, at=SEEN)

    def test_agreements_are_listed_with_lots_and_dates(self, scrape: Longlist, longlist: Longlist) -> None:
        scrape("agreements")
        lines = longlist("agreements", "cloud", "--suppliers").stdout.splitlines()
        assert lines == [
            "RM1557.15  G-Cloud 15",
            "     Live, from 6 August 2026, until 5 August 2030; suppliers known: 1",
            "     Lot 2b: Lot 2b",
            "       Tidewater Ltd",
        ]
        (found,) = json.loads(longlist("agreements", "cloud", "--suppliers", "--json").stdout)
        assert (found["number"], found["ends"], found["suppliers"][0]["name"]) == (
            "RM1557.15",
            "2030-08-05",
            "Tidewater Ltd",
        )
        assert "suppliers" not in json.loads(longlist("agreements", "cloud", "--json").stdout)[0]

    def test_only_open_ones_may_be_asked_for(self, db: Path, longlist: Longlist) -> None:
        self.put(
            db,
            Agreement("RM1", "Open", status="Live"),
            Agreement("RM2", "Ended", status="Live", ends=date(2020, 1, 1)),
            Agreement("RM3", "Withdrawn", status="Expired"),
        )
        assert [line[:3] for line in longlist("agreements", "--open").stdout.splitlines()][::2] == ["RM1"]
        assert "ended 1 January 2020" in longlist("agreements").stdout

    def test_none_yet_and_none_that_fits_are_said(self, db: Path, longlist: Longlist) -> None:
        assert "longlist scrape agreements" in longlist("agreements").stderr
        self.put(db, Agreement("RM1", "Lifts"))
        assert "None of 1 agreements fits" in longlist("agreements", "cloud").stderr

    def test_expiry_is_shown_wherever_a_framework_is(self, db: Path, longlist: Longlist) -> None:
        self.put(db, Agreement("RM1557.15", "G-Cloud 15", ends=date(2031, 1, 2)))
        another = ServiceRecord(
            id="412003001000002",
            framework=RECORD.framework,
            lot=RECORD.lot,
            supplier=RECORD.supplier,
            name="Another",
        )
        with open_catalogue(db) as catalogue:
            ingest(catalogue, [another], at=SEEN)
        assert "Framework: G-Cloud 15 (" in longlist("show", RECORD.id).stdout
        assert "2 January 2031" in longlist("show", RECORD.id).stdout
        assert "2 January 2031" in longlist("search", "forms").stderr
        assert "2 January 2031" in longlist("compare", RECORD.id, another.id).stdout
        assert "2 January 2031" in longlist("doctor", "--offline").stdout

    def test_dates_that_differ_from_the_table_deserve_a_look(self, db: Path, longlist: Longlist) -> None:
        self.put(db, Agreement("RM1557.15", "G-Cloud 15", ends=date(2031, 1, 2)))
        out = longlist("doctor", "--offline").stdout
        assert "2030-08-05 in catalogue/frameworks.toml and on 2031-01-02" in out

    @pytest.mark.parametrize(("award_by", "is_late"), [("2030-08-05", False), ("2030-08-06", True)])
    def test_a_match_warns_of_an_award_after_the_last_day(
        self, award_by: str, is_late: bool, longlist: Longlist, tmp_path: Path
    ) -> None:
        profile = tmp_path / "p.toml"
        profile.write_text('goal = "Online forms"\n' + PROFILE.format(award_by=award_by), encoding="utf-8")
        result = longlist("match", profile)
        assert result.exit_code == 0
        assert ("can be called off until 5 August 2030 only" in result.stderr) is is_late
        assert "G-Cloud 15: " in result.stderr


class TestProfile:
    def test_a_name_is_completed_from_the_list_of_public_bodies(
        self, scrape: Longlist, longlist: Longlist
    ) -> None:
        scrape("organisations")
        result = longlist("profile", "new", "--name", "d7")
        assert result.exit_code == 0
        assert 'name = "Department 7"\nsector = "central-government"' in result.stdout
        assert "taken as Department 7" in result.stderr

    def test_a_name_that_may_mean_several_is_left_and_they_are_told(
        self, scrape: Longlist, longlist: Longlist
    ) -> None:
        scrape("organisations")
        result = longlist("profile", "new", "--name", "Department", "--sector", "charity")
        assert 'name = "Department"\nsector = "charity"' in result.stdout
        assert "Did you mean: Department 0 (D0), central-government;" in result.stderr

    def test_a_name_may_say_its_sector_by_itself(self, longlist: Longlist) -> None:
        result = longlist("profile", "new", "--name", "Fenmoor NHS Trust")
        assert 'sector = "nhs"' in result.stdout

    def test_without_a_sector_that_anything_says_it_is_asked_for(self, longlist: Longlist) -> None:
        for arguments in (["--name", "Tidewater"], []):
            result = longlist("profile", "new", *arguments)
            assert result.exit_code == 2
            assert "--sector is needed" in result.stderr
            assert "longlist scrape organisations" in result.stderr


class TestDoctor:
    def test_sources_are_asked_for_a_page_each(self, site: Marketplace, longlist: Longlist) -> None:
        result = longlist(
            "doctor", "--source", "organisations", "--source", "agreements", "--base-url", site.url
        )
        assert result.exit_code == 0
        assert "ok    organisations" in result.stdout
        assert site.asked == ["/api/organisations?page=1", f"{feeds.CCS}/frameworks?limit=20&page=1"]

    def test_a_source_that_changed_ends_with_4_and_says_what_to_edit(
        self, site: Marketplace, longlist: Longlist
    ) -> None:
        site.put("/api/organisations?page=1", answer({"bodies": []}))
        result = longlist("doctor", "--source", "organisations", "--base-url", site.url)
        assert result.exit_code == 4
        assert "fail  organisations" in result.stdout
        assert "base_url or organisations, in scrapers/sources/organisations.toml" in result.stdout

    def test_a_source_that_does_not_answer_ends_with_1(self, site: Marketplace, longlist: Longlist) -> None:
        site.put("/api/organisations?page=1", Answer(b"", 500))
        assert longlist("doctor", "--source", "organisations", "--base-url", site.url).exit_code == 1

    def test_without_a_contact_no_server_of_others_is_asked(self, longlist: Longlist) -> None:
        result = longlist("doctor", "--json")
        states = {check["name"]: check for check in json.loads(result.stdout)}
        for name in ("agreements", "awards", "marketplace", "organisations"):
            assert states[name]["state"] == "warn"
            assert "LONGLIST_CONTACT" in states[name]["detail"]

    def test_offline_asks_none(self, longlist: Longlist) -> None:
        assert "organisations" not in longlist("doctor", "--offline").stdout
