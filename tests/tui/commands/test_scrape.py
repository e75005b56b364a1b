"""The commands ``scrape`` and ``runs``, against a marketplace on this machine."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue.records import FrameworkRef, LotRef, ServiceRecord, SupplierRef
from catalogue.runs import RunKey
from db.archive import Archive, archive_path
from db.catalogue import open_catalogue
from db.reading import dump_records
from db.runs import RunLog
from scrapers.plan import Progress
from tests.loopback import NOT_FOUND, Answer, Marketplace, marketplace_of, page
from tui.commands.main import run
from tui.commands.progress import lines

LOTS = ("iaas-and-paas", "isaas", "saas", "cloud-support")


def service(number: int, lot: str) -> ServiceRecord:
    return ServiceRecord(
        id=f"{412003001000000 + number}",
        framework=FrameworkRef("g-cloud-15", "G-Cloud 15"),
        lot=LotRef(lot, lot),
        supplier=SupplierRef(name="Tidewater Ltd"),
        name=f"Forms {number}",
    )


RECORDS = [service(number, lot) for number, lot in enumerate(LOTS, 1)]


@pytest.fixture
def site() -> Iterator[Marketplace]:
    with marketplace_of(RECORDS).serving() as serving:
        yield serving


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "new" / "catalogue.db"


@dataclass(frozen=True)
class Result:
    exit_code: int
    stdout: str
    stderr: str


Longlist = Callable[..., Result]


@pytest.fixture
def longlist(db: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Longlist:
    """The command line on a catalogue of its own."""

    def invoke(*arguments: object, given: str = "") -> Result:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        status = run(["--db", str(db), *(str(argument) for argument in arguments)])
        captured = capsys.readouterr()
        return Result(status, captured.out, captured.err)

    return invoke


@pytest.fixture
def scrape(longlist: Longlist, site: Marketplace) -> Longlist:
    """``longlist scrape`` of the marketplace on this machine, without waiting."""

    def invoke(*more: object, **how: str) -> Result:
        return longlist("scrape", "--base-url", site.url, "--delay", 0, *more, **how)

    return invoke


def test_a_scrape_makes_the_catalogue_and_reports_on_standard_error(db: Path, scrape: Longlist) -> None:
    result = scrape("--scope", "all")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "4 service pages answered" in result.stderr
    assert "4 services new" in result.stderr
    with open_catalogue(db, read_only=True) as catalogue:
        assert [record.name for record in dump_records(catalogue)] == [record.name for record in RECORDS]


def test_the_report_may_be_json_on_standard_output(scrape: Longlist) -> None:
    report = json.loads(scrape("--scope", "all", "--json").stdout)
    assert report["outcome"] == "finished"
    assert report["counts"]["added"] == 4


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e12", "-1", "soon"])
def test_a_delay_is_a_time_that_can_be_waited(seconds: str, site: Marketplace, longlist: Longlist) -> None:
    assert longlist("scrape", "--base-url", site.url, "--delay", seconds).exit_code == 2
    assert site.asked == []


def test_a_source_that_may_not_be_read_at_all_is_a_failure(site: Marketplace, scrape: Longlist) -> None:
    site.put("/robots.txt", Answer(b"User-agent: *\nDisallow: /\n"))
    result = scrape("--scope", "all")
    assert result.exit_code == 1
    assert "robots.txt" in result.stderr


def test_a_source_that_asks_to_wait_leaves_the_run_done_in_part(site: Marketplace, scrape: Longlist) -> None:
    path = f"/g-cloud/services/{RECORDS[2].id}"
    site.put(path, Answer(b"", 429, {"Retry-After": "7200"}))
    assert scrape("--scope", "all").exit_code == 3


def test_a_budget_is_kept_and_the_rest_comes_next_time(site: Marketplace, scrape: Longlist) -> None:
    first = scrape("--scope", "all", "--budget", 6)
    assert first.exit_code == 0
    assert "run the same command again" in first.stderr
    assert scrape("--scope", "all").exit_code == 0
    assert sorted(site.asked_services()) == [record.id for record in RECORDS]


def test_ids_may_be_given_in_a_file_or_on_standard_input(
    site: Marketplace, tmp_path: Path, scrape: Longlist
) -> None:
    file = tmp_path / "ids.txt"
    file.write_text(f"# saved\n{site.url}/g-cloud/services/{RECORDS[1].id}\n", encoding="utf-8")
    assert scrape("--ids", file).exit_code == 0
    assert scrape("--ids", "-", given=RECORDS[2].id).exit_code == 0
    assert site.asked_services() == [RECORDS[1].id, RECORDS[2].id]


def test_a_file_without_ids_is_wrong_usage(site: Marketplace, scrape: Longlist) -> None:
    result = scrape("--ids", "-", given="nothing here\n")
    assert result.exit_code == 2
    assert site.asked == []


def test_a_listing_that_moved_names_the_key_to_change_and_the_other_ways(
    site: Marketplace, scrape: Longlist
) -> None:
    for path in [path for path in site.answers if "search" in path]:
        site.put(path, NOT_FOUND)
    result = scrape()
    assert result.exit_code == 4
    for word in (
        "The listing has moved",
        "discovery.template",
        "marketplace.toml",
        "--ids",
        "longlist import",
    ):
        assert word in result.stderr


def test_a_source_that_shows_something_else_ends_with_4(site: Marketplace, scrape: Longlist) -> None:
    for record in RECORDS:
        site.put(f"/g-cloud/services/{record.id}", page("<main><h1>Closed</h1></main>"))
    result = scrape("--scope", "all")
    assert result.exit_code == 4
    assert "Closed" in result.stderr


def test_a_page_that_fails_is_listed_and_ends_with_3(site: Marketplace, scrape: Longlist) -> None:
    site.put(f"/g-cloud/services/{RECORDS[0].id}", page("", 403))
    result = scrape("--scope", "all")
    assert result.exit_code == 3
    assert f"{RECORDS[0].id}" in result.stderr


def test_a_catalogue_at_work_ends_with_5(db: Path, scrape: Longlist) -> None:
    assert scrape("--scope", "all").exit_code == 0
    with open_catalogue(db) as catalogue, Archive(archive_path(db)) as archive:
        RunLog(catalogue, archive).begin(RunKey("x", "x", "x"), at=datetime.now(UTC), resume_since=None)
        result = scrape("--scope", "all")
    assert result.exit_code == 5
    assert "works on this catalogue" in result.stderr


def test_ctrl_c_ends_in_order_with_3(monkeypatch: pytest.MonkeyPatch, scrape: Longlist) -> None:
    def press(_self: object, service_id: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("scrapers.run._Run.fetch", press)
        result = scrape("--scope", "all")
    assert result.exit_code == 3
    assert "interrupted; run again to go on" in result.stderr
    assert scrape("--scope", "all").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "no source 'nowhere'"),
        (["--scope", "some"], "no scope 'some'"),
        (["--base-url", "x"], "--base-url"),
        (["--base-url", "https://marketplace.example", "--delay", "0.1"], "every 0.5 seconds"),
        (["--limit", "0"], "--limit"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_asked(
    arguments: list[str], message: str, db: Path, longlist: Longlist
) -> None:
    result = longlist("scrape", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not db.exists()


def test_servers_of_others_are_asked_only_with_a_contact(own_home: Path, longlist: Longlist) -> None:
    result = longlist("scrape", "--base-url", "https://marketplace.example")
    assert result.exit_code == 2
    assert "LONGLIST_CONTACT" in result.stderr
    assert str(own_home / "settings.toml") in result.stderr


def test_the_contact_may_be_written_into_the_settings(
    site: Marketplace, own_home: Path, scrape: Longlist
) -> None:
    own_home.mkdir()
    (own_home / "settings.toml").write_text('contact = "https://council.example"\n', encoding="utf-8")
    scrape("--limit", 1)
    assert all("+https://council.example" in headers["User-Agent"] for headers in site.headers)


def test_runs_lists_what_was_done_and_one_run_with_its_issues(
    site: Marketplace, scrape: Longlist, longlist: Longlist
) -> None:
    site.put(f"/g-cloud/services/{RECORDS[0].id}", page("", 403))
    scrape("--scope", "all")
    listed = longlist("runs")
    assert listed.exit_code == 0
    assert "marketplace all\tfinished\tpublished whole\t3 pages, 3 new" in listed.stdout
    one = longlist("runs", 1)
    assert "fetch-failed\t" in one.stdout
    as_json = json.loads(longlist("runs", "--json").stdout)
    assert [(run["run"], run["issues"]) for run in as_json] == [(1, {"fetch-failed": 1})]
    detail = json.loads(longlist("runs", 1, "--json").stdout)
    assert detail["issues"][0]["kind"] == "fetch-failed"
    assert longlist("runs", 7).exit_code == 2


def test_progress_without_a_terminal_is_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    moments = iter([0.0, 10.0, 31.0, 32.0])
    report = lines(lambda: next(moments))
    report(Progress("listing", 30, None, 2))
    report(Progress("services", 1, 9, 3))
    report(Progress("services", 2, 9, 4))
    report(Progress("services", 9, 9, 11))
    assert capsys.readouterr().err.splitlines() == [
        "30 services listed, 2 requests",
        "2 of 9 service pages, 4 requests",
        "9 of 9 service pages, 11 requests",
    ]


def test_a_part_of_a_pass_is_told_until_it_is_whole(
    scrape: Longlist, longlist: Longlist, tmp_path: Path
) -> None:
    profile = tmp_path / "profile.toml"
    profile.write_text('[organisation]\nname = "Fenwick Borough Council"\n', encoding="utf-8")
    first = scrape("--scope", "all", "--limit", 2)
    assert (first.exit_code, "Published in part" in first.stderr) == (0, True)
    told = "run 1 of marketplace (all)"
    assert told in longlist("match", profile).stderr
    assert any(told in line and line.startswith("warn") for line in longlist("doctor").stdout.splitlines())
    assert json.loads(longlist("runs", "--json").stdout)[0]["published"] == "partial"
    assert "Published: the catalogue has all of it" in scrape("--scope", "all").stderr
    assert told not in longlist("match", profile).stderr


def test_a_breach_is_told_with_two_pages_and_ends_with_4(
    site: Marketplace, scrape: Longlist, longlist: Longlist
) -> None:
    scrape("--scope", "all")
    for record in RECORDS:
        site.put(f"/g-cloud/services/{record.id}", page("<main><h1>Technical difficulties</h1></main>"))
    result = scrape("--scope", "all", "--json")
    assert result.exit_code == 4
    assert "Out of bounds: none of 4 pages was a service page" in result.stderr
    assert result.stderr.count("Technical difficulties") >= 2
    assert "Nothing was published: the catalogue is as it was." in result.stderr
    report = json.loads(result.stdout)
    assert report["published"] == "nothing"
    assert [len(breach["examples"]) for breach in report["breaches"]] == [2]


def test_reparse_reads_the_archive_without_asking_anybody(
    site: Marketplace, scrape: Longlist, longlist: Longlist
) -> None:
    scrape("--scope", "all")
    site.asked.clear()
    result = longlist("reparse", "--json")
    assert (result.exit_code, site.asked) == (0, [])
    report = json.loads(result.stdout)
    assert (report["counts"]["answered"], report["counts"]["unchanged"]) == (4, 4)
    assert "marketplace reparse\tfinished\tpublished whole" in longlist("runs").stdout
    assert longlist("reparse", "--source", "nowhere").exit_code == 2
