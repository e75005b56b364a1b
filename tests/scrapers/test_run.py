"""One run from end to end, against a marketplace on this machine: what it finds, keeps and refuses."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from catalogue.errors import FetchRefused, LockHeld
from catalogue.records import Answer as GivenAnswer
from catalogue.records import Section, ServiceRecord
from catalogue.runs import Outcome, RunCounts, RunKey
from db.projects import ProjectStore
from db.runs import RunLog, issues_of, runs
from scrapers.discovery import ids_in
from tests import render
from tests.loopback import HTML, NOT_FOUND, Answer, Marketplace, marketplace_of, page
from tests.scrapers.records import path, service

LOGIN = "<html><body><main><h1>Log in</h1><form></form></main></body></html>"


def many(count: int, **how: Any) -> list[ServiceRecord]:
    return [service(number, **how) for number in range(1, count + 1)]


@pytest.fixture
def sited() -> Any:
    """Serve records as a marketplace; gives a function that may be called once."""
    open_sites: list[Any] = []

    def serve(records: list[ServiceRecord], **how: Any) -> Marketplace:
        serving = marketplace_of(records, **how).serving()
        open_sites.append(serving)
        site: Marketplace = serving.__enter__()
        return site

    yield serve
    for serving in open_sites:
        serving.__exit__(None, None, None)


Sited = Callable[..., Marketplace]


def kinds(report: Any) -> dict[str, int]:
    found: dict[str, int] = report.issues
    return found


# ---- finding


def test_a_run_finds_every_service_of_every_lot_and_stores_it_as_shown(sited: Sited, scraper: Any) -> None:
    records = [*many(65), *other_lots()]
    site = sited(records)
    report = scraper.run(site)
    assert scraper.dumped() == {record.id: record for record in records}
    assert (report.outcome, report.partial, kinds(report)) == (Outcome.FINISHED, False, {})
    assert (report.counts.listed, report.counts.added, report.counts.left) == (68, 68, 0)


def test_a_second_run_changes_nothing_and_says_so(sited: Sited, scraper: Any) -> None:
    site = sited(all_lots())
    scraper.run(site)
    report = scraper.run(site)
    assert (report.counts.added, report.counts.changed, report.counts.unchanged) == (0, 0, 4)


def other_lots() -> list[ServiceRecord]:
    lots = ("iaas-and-paas", "isaas", "cloud-support")
    return [service(number, lot=lot) for number, lot in enumerate(lots, 900)]


def all_lots() -> list[ServiceRecord]:
    lots = ("iaas-and-paas", "isaas", "saas", "cloud-support")
    return [service(number, lot=lot) for number, lot in enumerate(lots, 1)]


def test_a_scope_asks_for_what_its_words_name_in_its_lots(sited: Sited, scraper: Any) -> None:
    records = [*all_lots(), service(10, name="Payroll"), service(11, lot="cloud-support", name="Firewall")]
    site = sited(records)
    scraper.run(site, scope="self-service")
    assert {record.name for record in scraper.dumped().values()} == {"Forms 2", "Forms 3", "Forms 4"}
    assert "/g-cloud/search?lot=iaas-and-paas" not in site.asked


def test_lots_of_older_iterations_are_found_when_the_new_ones_are_not_there(
    sited: Sited, scraper: Any
) -> None:
    records = [
        service(n, lot=lot) for n, lot in enumerate(("cloud-hosting", "cloud-software", "cloud-support"), 1)
    ]
    report = scraper.run(sited(records))
    assert set(scraper.dumped()) == {record.id for record in records}
    assert not report.partial


def test_fragments_of_json_are_read_where_pages_are_not_to_be_had(sited: Sited, scraper: Any) -> None:
    records = many(2)
    site = sited([])
    for record in records:
        site.put(path(record), page(render.service_page(record)))
    listing = render.listing_page(records[:1], 2, "/g-cloud/search?page=2&lot=saas")
    rest = render.listing_page(records[1:], 2, None)
    for query, html in (("lot=saas", listing), ("page=2&lot=saas", rest)):
        body = msgspec.json.encode({"results": {"html": html, "selector": "#results"}})
        address = f"/g-cloud/search?{query}&live-results=true"
        site.put(address, Answer(body, headers={"Content-Type": "application/json"}))
    scraper.run(site, scope="all")
    assert set(scraper.dumped()) == {record.id for record in records}


def test_a_listing_that_has_moved_is_told_and_known_services_are_refreshed(
    sited: Sited, scraper: Any
) -> None:
    records = all_lots()
    site = sited(records)
    scraper.run(site)
    for address in list(site.answers):
        if "search" in address:
            site.put(address, NOT_FOUND)
    changed = msgspec.structs.replace(records[0], name="Forms anew")
    site.put(path(changed), page(render.service_page(changed)))

    report = scraper.run(site)

    assert report.moved
    assert kinds(report) == {"listing-moved": 3}  # one for each way that was tried
    assert report.counts.changed == 1
    assert scraper.dumped()[changed.id].name == "Forms anew"


def test_a_listing_without_links_has_moved_too(sited: Sited, scraper: Any) -> None:
    site = sited([])
    for lot in ("iaas-and-paas", "isaas", "saas", "cloud-support", "cloud-hosting", "cloud-software"):
        site.put(f"/g-cloud/search?lot={lot}", page("<main><h1>Welcome to the new catalogue</h1></main>"))
    report = scraper.run(site)
    assert report.moved
    assert "Welcome to the new catalogue" in report.failures[0].message


def test_an_empty_lot_is_no_loss(sited: Sited, scraper: Any) -> None:
    site = sited(all_lots()[1:])
    site.put("/g-cloud/search?lot=iaas-and-paas", page(render.listing_page([], 0, None)))
    assert not scraper.run(site).partial


def test_a_listing_that_breaks_off_keeps_what_it_gave(sited: Sited, scraper: Any) -> None:
    site = sited([*many(61), *other_lots()])
    site.put(render.listing_path("saas", 3), page("<main>", 200))
    report = scraper.run(site)
    assert report.partial
    assert kinds(report) == {"listing-broken": 1}
    assert report.counts.added == 63


def test_a_listing_whose_next_pages_bring_nothing_new_is_left(sited: Sited, scraper: Any) -> None:
    records = many(3)
    site = sited(all_lots())
    for number in range(1, 9):
        text = render.listing_page(records, 3, render.listing_path("saas", number + 1))
        site.put(render.listing_path("saas", number), page(text))
    for record in records:
        site.put(path(record), page(render.service_page(record)))
    report = scraper.run(site)
    assert site.asked.count(render.listing_path("saas", 3)) == 1
    assert render.listing_path("saas", 4) not in site.asked
    assert not report.partial


@pytest.mark.parametrize("total", ["3", "many"])
def test_a_listing_without_end_is_left(
    total: str, sited: Sited, scraper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrapers.discovery.MOST_PAGES", 20)
    site = sited(all_lots())
    shown = [0]

    def another() -> Answer:
        shown[0] += 1
        text = render.listing_page([service(100 + shown[0])], 3, render.listing_path("saas", shown[0] + 1))
        return page(text.replace(">3<", f">{total}<"))

    for number in range(1, 100):
        site.put(render.listing_path("saas", number), another)
    report = scraper.run(site, limit=None)
    assert kinds(report)["listing-broken"] == 1
    assert shown[0] <= 20


def test_a_listing_that_shrank_beyond_belief_publishes_nothing(sited: Sited, scraper: Any) -> None:
    site = sited([*many(40), *other_lots()])
    scraper.run(site)
    site.put("/g-cloud/search?lot=saas", page(render.listing_page(many(3), 3, None)))
    before = len(site.asked_services())
    report = scraper.run(site)
    assert report.outcome is Outcome.CHANGED
    assert "bounds.listed_low" in report.reason
    assert len(site.asked_services()) == before


def test_ids_may_come_from_a_file_of_ids_addresses_or_rows() -> None:
    lines = [
        "412003001000001",
        "https://x.example/g-cloud/services/412003001000002?a=1",
        '"412003001000001",Forms',
        "n",
    ]
    assert ids_in(lines) == ("412003001000001", "412003001000002")


# ---- order and bounds


def test_shortlisted_services_come_first_then_new_ones_then_the_longest_unseen(
    sited: Sited, scraper: Any, catalogue: Any
) -> None:
    records = many(4)
    ids = [record.id for record in records]
    site = sited(records)
    scraper.run(site, ids=(ids[1],))
    scraper.clock.moment += 60
    scraper.run(site, ids=(ids[0], ids[2]))
    projects = ProjectStore(catalogue)
    projects.create("Forms")
    projects.mark("Forms", ids[2])
    site.asked.clear()
    scraper.run(site)
    assert site.asked_services() == [ids[2], ids[3], ids[1], ids[0]]


def test_a_limit_ends_a_run_and_the_next_one_goes_on(sited: Sited, scraper: Any) -> None:
    site = sited([*many(40), *other_lots()])
    first = scraper.run(site, limit=10)
    assert (first.outcome, len(scraper.dumped())) == (Outcome.STOPPED, 10)
    assert not first.partial
    second = scraper.run(site, limit=10)
    assert second.run == first.run
    assert len(scraper.dumped()) == 20
    scraper.run(site)
    assert len(scraper.dumped()) == 43
    assert len(site.asked) == len(set(site.asked))


def test_a_budget_ends_a_run_and_the_next_one_goes_on(sited: Sited, scraper: Any) -> None:
    records = [*many(40), *other_lots()]
    site = sited(records)
    reports = [scraper.run(site, budget=12) for _ in range(5)]
    assert {report.run for report in reports} == {1}
    assert [report.outcome for report in reports] == [*[Outcome.STOPPED] * 4, Outcome.FINISHED]
    assert set(scraper.dumped()) == {record.id for record in records}
    assert len(site.asked) == len(set(site.asked))


def test_without_resume_a_run_begins_anew(sited: Sited, scraper: Any, catalogue: Any) -> None:
    site = sited(all_lots())
    scraper.run(site, limit=2)
    scraper.run(site, resume=False)
    assert [run.outcome for run in runs(catalogue)] == [Outcome.FINISHED, Outcome.ABANDONED]
    assert len(site.asked_services()) == 6


def test_an_old_unfinished_run_is_not_gone_on_with(sited: Sited, scraper: Any) -> None:
    site = sited(all_lots())
    first = scraper.run(site, limit=2)
    scraper.clock.moment += 15 * 24 * 3600
    assert scraper.run(site).run != first.run


# ---- interruption


def test_ctrl_c_keeps_what_was_fetched_and_no_page_is_asked_twice(
    sited: Sited, scraper: Any, monkeypatch: pytest.MonkeyPatch, catalogue: Any
) -> None:
    records = [*many(8), *other_lots()]
    site = sited(records)
    sleeps = scraper.clock.sleep

    def sleep(seconds: float) -> None:
        sleeps(seconds)
        if len(site.asked_services()) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(scraper.clock, "sleep", sleep)
    report = scraper.run(site)
    assert (report.outcome, report.partial) == (Outcome.INTERRUPTED, True)
    assert len(scraper.dumped()) == 5

    monkeypatch.undo()
    again = scraper.run(site)

    assert again.run == report.run
    assert again.outcome is Outcome.FINISHED
    assert set(scraper.dumped()) == {record.id for record in records}
    assert len(site.asked) == len(set(site.asked))


def test_ctrl_c_while_listings_are_read_asks_none_of_them_twice(
    sited: Sited, scraper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = sited([*many(95), *other_lots()])
    sleeps = scraper.clock.sleep

    def sleep(seconds: float) -> None:
        sleeps(seconds)
        if len(site.asked) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(scraper.clock, "sleep", sleep)
    assert scraper.run(site).outcome is Outcome.INTERRUPTED
    monkeypatch.undo()
    assert scraper.run(site).outcome is Outcome.FINISHED
    assert len(scraper.dumped()) == 98
    assert len(site.asked) == len(set(site.asked))


def test_a_kill_loses_nothing_and_its_lock_is_known_to_be_left_behind(
    sited: Sited, scraper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Stands for the end of the process: nothing of ours runs after it."""

    site = sited(all_lots())
    sleeps = scraper.clock.sleep

    def sleep(seconds: float) -> None:
        sleeps(seconds)
        if len(site.asked_services()) == 3:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(scraper.clock, "sleep", sleep)
        patch.setattr("scrapers.run._Run.give_up", lambda *_: None)
        with pytest.raises(Killed):
            scraper.run(site)
    assert scraper.dumped() == {}

    report = scraper.run(site)
    assert (report.run, report.outcome) == (1, Outcome.FINISHED)
    assert set(scraper.dumped()) == {record.id for record in all_lots()}
    assert (report.counts.answered, report.counts.added, report.counts.left) == (4, 4, 0)
    assert len(site.asked) == len(set(site.asked))


def test_an_error_of_the_store_ends_the_run_as_failed_and_is_not_hidden(
    sited: Sited, scraper: Any, monkeypatch: pytest.MonkeyPatch, catalogue: Any
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(RunLog, "in_order", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            scraper.run(sited(all_lots()))
    assert [(run.outcome, run.reason) for run in runs(catalogue)] == [(Outcome.FAILED, "division by zero")]


# ---- what pages may answer


def test_withdrawn_and_expired_services_are_kept_as_such(sited: Sited, scraper: Any) -> None:
    records = [service(1, status="withdrawn"), service(2, status="expired"), service(3)]
    report = scraper.run(sited(records), ids=tuple(record.id for record in records))
    assert [record.status for record in scraper.dumped().values()] == ["withdrawn", "expired", "live"]
    assert (report.counts.withdrawn, report.counts.expired) == (1, 1)


def test_an_unknown_service_is_told_and_not_stored(sited: Sited, scraper: Any) -> None:
    records = many(1)
    report = scraper.run(sited(records), ids=(records[0].id, "999999999999999"))
    assert set(scraper.dumped()) == {records[0].id}
    assert kinds(report) == {"not-found": 1}
    assert report.partial


def test_a_known_service_that_two_runs_miss_stays_as_withdrawn(sited: Sited, scraper: Any) -> None:
    records = [*many(9), *other_lots()]
    site = sited(records)
    scraper.run(site)
    site.put(path(records[0]), NOT_FOUND)
    first = scraper.run(site)
    assert scraper.dumped()[records[0].id].status == "live"
    assert (kinds(first), first.counts.gone, first.partial) == ({"missing": 1}, 0, False)

    second = scraper.run(site)
    assert scraper.dumped()[records[0].id] == msgspec.structs.replace(records[0], status="withdrawn")
    assert (kinds(second), second.counts.gone, second.partial) == ({"gone": 1}, 1, False)


def test_a_service_that_was_missing_once_is_as_before_when_it_answers_again(
    sited: Sited, scraper: Any
) -> None:
    records = many(9)
    ids = tuple(record.id for record in records)
    site = sited(records)
    scraper.run(site, ids=ids)
    for answer in (NOT_FOUND, page(render.service_page(records[0])), NOT_FOUND):
        site.put(path(records[0]), answer)
        report = scraper.run(site, ids=ids)
    assert kinds(report) == {"missing": 1}
    assert scraper.dumped()[records[0].id].status == "live"


def test_the_parts_of_one_run_miss_a_service_once(sited: Sited, scraper: Any) -> None:
    records = many(9)
    ids = tuple(record.id for record in records)
    site = sited(records)
    scraper.run(site, ids=ids)
    site.put(path(records[0]), NOT_FOUND)
    parts = [scraper.run(site, ids=ids, limit=3) for _ in range(3)]
    assert len({part.run for part in parts}) == 1
    assert [kinds(part) for part in parts] == [{"missing": 1}, {}, {}]
    assert scraper.dumped()[records[0].id].status == "live"


def test_a_page_that_says_itself_that_it_is_withdrawn_needs_no_second_run(sited: Sited, scraper: Any) -> None:
    records = many(3)
    ids = tuple(record.id for record in records)
    site = sited(records)
    scraper.run(site, ids=ids)
    gone = msgspec.structs.replace(records[0], status="withdrawn")
    site.put(path(gone), page(render.service_page(gone), 410))
    scraper.run(site, ids=ids)
    assert scraper.dumped()[gone.id] == gone


def test_very_many_services_gone_at_once_are_an_outage(sited: Sited, scraper: Any) -> None:
    records = many(9)
    ids = tuple(record.id for record in records)
    site = sited(records)
    scraper.run(site, ids=ids)
    for record in records[:4]:
        site.put(path(record), NOT_FOUND)
    report = scraper.run(site, ids=ids)
    assert report.outcome is Outcome.CHANGED
    assert "looks like an outage" in report.reason
    assert {record.status for record in scraper.dumped().values()} == {"live"}


def test_an_outage_ends_the_run_before_it_has_asked_for_everything(sited: Sited, scraper: Any) -> None:
    records = many(30)
    ids = tuple(record.id for record in records)
    site = sited(records)
    scraper.run(site, ids=ids)
    site.asked.clear()
    for record in records:
        site.put(path(record), NOT_FOUND)
    assert scraper.run(site, ids=ids).outcome is Outcome.CHANGED
    assert len(site.asked) == 20


def test_one_page_of_another_kind_is_an_issue_and_the_stored_record_stays(sited: Sited, scraper: Any) -> None:
    records = many(9)
    ids = tuple(record.id for record in records)
    site = sited(records)
    scraper.run(site, ids=ids)
    site.put(path(records[4]), page("<main><h1>Sorry, we are busy</h1></main>"))
    report = scraper.run(site, ids=ids)
    assert report.outcome is Outcome.FINISHED
    assert kinds(report) == {"broken-page": 1}
    assert scraper.dumped() == {record.id: record for record in records}


@pytest.mark.parametrize(
    "instead",
    [
        page("<main><h1>Sorry, we are busy</h1></main>"),
        page(""),
        Answer(b"", 302, {"Location": "/user/login"}),
        Answer(b"{}", headers={"Content-Type": "application/json"}),
        page("<main>" + "<div>" * 3000 + "</main>"),
    ],
    ids=["maintenance", "empty", "login", "json", "nested"],
)
def test_a_source_that_shows_something_else_from_the_first_page_on_ends_the_run(
    instead: Answer, sited: Sited, scraper: Any
) -> None:
    records = many(12)
    site = sited(records)
    site.put("/user/login", page(LOGIN))
    for record in records:
        site.put(path(record), instead)
    report = scraper.run(site, ids=tuple(record.id for record in records))
    assert report.outcome is Outcome.CHANGED
    assert scraper.dumped() == {}
    assert len(site.asked_services()) == 5


def test_a_source_that_changes_on_the_way_ends_the_run(sited: Sited, scraper: Any) -> None:
    records = many(60)
    site = sited(records)
    for record in records[30:]:
        site.put(path(record), page(LOGIN))
    report = scraper.run(site, ids=tuple(record.id for record in records))
    assert report.outcome is Outcome.CHANGED
    assert scraper.dumped() == {}
    assert len(site.asked) < 45


def test_a_single_page_asked_for_that_is_no_service_page_is_a_changed_source(
    sited: Sited, scraper: Any
) -> None:
    site = sited([])
    site.put("/g-cloud/services/412003001000001", page(LOGIN))
    report = scraper.run(site, ids=("412003001000001",))
    assert report.outcome is Outcome.CHANGED
    assert "Log in" in report.reason


def test_a_page_that_fails_is_asked_again_by_the_next_run_of_the_plan(sited: Sited, scraper: Any) -> None:
    records = many(3)
    ids = tuple(record.id for record in records)
    site = sited(records)
    site.put(path(records[1]), page("", 500))
    report = scraper.run(site, ids=ids)
    assert (kinds(report), report.counts.failed) == ({"fetch-failed": 1}, 1)
    site.put(path(records[1]), page(render.service_page(records[1])))
    scraper.run(site, ids=ids)
    assert set(scraper.dumped()) == set(ids)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (page("", 503), "fetch-failed"),
        (page("", 403), "fetch-failed"),
        (Answer(b"", 302, {"Location": "https://elsewhere.example/"}), "fetch-refused"),
        (page("x" * 6_000_000), "fetch-refused"),
    ],
)
def test_a_source_that_stops_answering_ends_the_run_which_can_be_gone_on_with(
    answer: Answer, kind: str, sited: Sited, scraper: Any
) -> None:
    records = many(12)
    ids = tuple(record.id for record in records)
    site = sited(records)
    for record in records[2:]:
        site.put(path(record), answer)
    report = scraper.run(site, ids=ids)
    assert (report.outcome, kinds(report)) == (Outcome.FAILED, {kind: 5})
    for record in records:
        site.put(path(record), page(render.service_page(record)))
    again = scraper.run(site, ids=ids)
    assert (again.run, again.outcome) == (report.run, Outcome.FINISHED)
    assert set(scraper.dumped()) == set(ids)


def test_a_source_that_asks_for_a_long_pause_stops_the_run(sited: Sited, scraper: Any) -> None:
    records = many(3)
    site = sited(records)
    site.put(path(records[1]), Answer(b"", 429, {"Content-Type": HTML, "Retry-After": "7200"}))
    report = scraper.run(site, ids=tuple(record.id for record in records))
    assert report.outcome is Outcome.STOPPED
    assert "7200 seconds" in report.reason
    assert report.partial
    assert kinds(report) == {"source-busy": 1}
    assert set(scraper.dumped()) == {records[0].id}


def test_nothing_is_done_while_robots_cannot_be_read(sited: Sited, scraper: Any, catalogue: Any) -> None:
    site = sited(many(1))
    site.put("/robots.txt", page("", 500))
    with pytest.raises(FetchRefused):
        scraper.run(site)
    assert site.asked == []
    assert [run.outcome for run in runs(catalogue)] == [Outcome.FAILED]


def test_what_robots_forbids_is_not_asked_for(sited: Sited, scraper: Any) -> None:
    site = sited(all_lots())
    site.put("/robots.txt", Answer(b"User-agent: *\nDisallow: /g-cloud/search\n"))
    report = scraper.run(site)
    assert site.asked == []
    assert set(kinds(report)) == {"listing-failed"}
    assert report.outcome is Outcome.FAILED
    assert "robots.txt" in report.reason


def test_services_of_the_catalogue_are_refreshed_when_no_listing_answers(sited: Sited, scraper: Any) -> None:
    site = sited(all_lots())
    scraper.run(site)
    site.put("/robots.txt", Answer(b"User-agent: *\nDisallow: /g-cloud/search\n"))
    report = scraper.run(site)
    assert report.outcome is Outcome.FINISHED
    assert report.counts.unchanged == len(all_lots())
    assert report.partial


def test_the_record_carries_the_public_address_whichever_server_was_asked(sited: Sited, scraper: Any) -> None:
    record = service(1)
    site = sited([])
    text = render.service_page(msgspec.structs.replace(record, url=None))
    site.put(path(record), page(text))
    scraper.run(site, ids=(record.id,))
    public = "https://www.applytosupply.digitalmarketplace.service.gov.uk/g-cloud/services/"
    assert scraper.dumped()[record.id].url == public + record.id


# ---- the run log


def test_the_run_log_keeps_counts_and_issues(sited: Sited, scraper: Any, catalogue: Any) -> None:
    records = many(2)
    report = scraper.run(sited(records), ids=(*(record.id for record in records), "999999999999999"))
    (run,) = runs(catalogue)
    assert (run.id, run.outcome, run.counts, run.issues) == (
        report.run,
        Outcome.FINISHED,
        report.counts,
        {"not-found": 1},
    )
    assert [(issue.kind, times) for issue, times in issues_of(catalogue, run.id)] == [("not-found", 1)]


def test_an_issue_that_many_pages_share_is_kept_once_and_counted(
    sited: Sited, scraper: Any, catalogue: Any
) -> None:
    odd = Section("Depth", (GivenAnswer("How deep does it go", ("Very",)),))
    records = [service(number, sections=(odd,)) for number in range(1, 4)]
    report = scraper.run(sited(records), ids=tuple(record.id for record in records))
    assert [(issue.kind, times) for issue, times in issues_of(catalogue, report.run)] == [
        ("unknown-question", 3)
    ]


KEY = RunKey("marketplace", "http://x", "all")


def test_two_runs_at_once_are_kept_apart_however_long_one_of_them_is_silent(
    scraper: Any, catalogue: Any
) -> None:
    with scraper.archive() as mine, scraper.archive() as yours:
        RunLog(catalogue, mine, process=7).begin(KEY, at=scraper.clock.now(), resume_since=None)
        scraper.clock.moment += 24 * 3600
        with pytest.raises(LockHeld, match=r"run 1 works on this catalogue \(process 7 on"):
            RunLog(catalogue, yours).begin(KEY, at=scraper.clock.now(), resume_since=None)


def test_a_lock_goes_with_its_process_even_when_its_number_belongs_to_another(
    scraper: Any, catalogue: Any
) -> None:
    with scraper.archive() as mine:
        log = RunLog(catalogue, mine, process=os.getpid())  # the number of a process that lives
        log.begin(KEY, at=scraper.clock.now(), resume_since=None)
    with scraper.archive() as yours:
        RunLog(catalogue, yours).begin(KEY, at=scraper.clock.now(), resume_since=None)


@pytest.mark.parametrize(
    ("minutes", "is_held"), [(14, True), (16, False), (-14, True), (-16, False), (-60 * 24 * 365, False)]
)
def test_a_lock_of_another_machine_is_left_behind_when_it_was_not_renewed_or_is_of_a_wrong_clock(
    minutes: int, is_held: bool, scraper: Any, catalogue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scraper.archive() as theirs, monkeypatch.context() as patch:
        patch.setattr("platform.node", lambda: "elsewhere")
        RunLog(catalogue, theirs).begin(KEY, at=scraper.clock.now(), resume_since=None)
    scraper.clock.moment += 60 * minutes
    with scraper.archive() as mine:
        log = RunLog(catalogue, mine)
        if is_held:
            with pytest.raises(LockHeld, match="on elsewhere"):
                log.begin(KEY, at=scraper.clock.now(), resume_since=None)
        else:
            log.begin(KEY, at=scraper.clock.now(), resume_since=None)


def test_a_beat_keeps_the_lock_of_another_machine_young(
    scraper: Any, catalogue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scraper.archive() as theirs, monkeypatch.context() as patch:
        patch.setattr("platform.node", lambda: "elsewhere")
        log = RunLog(catalogue, theirs)
        run = log.begin(KEY, at=scraper.clock.now(), resume_since=None)
        scraper.clock.moment += 14 * 60
        log.beat(run, RunCounts(answered=3), at=scraper.clock.now())
    scraper.clock.moment += 14 * 60
    with scraper.archive() as mine, pytest.raises(LockHeld):
        RunLog(catalogue, mine).begin(KEY, at=scraper.clock.now(), resume_since=None)
    assert runs(catalogue)[0].counts.answered == 3


def test_a_source_may_be_changed_for_one_run(sited: Sited, scraper: Any) -> None:
    def one_failure(source: Any) -> Any:
        return dataclasses.replace(source, bounds=dataclasses.replace(source.bounds, failures_in_a_row=1))

    site = sited([])
    site.put("/g-cloud/services/412003001000001", page("", 500))
    report = scraper.run(site, ids=("412003001000001", "412003001000002"), change=one_failure)
    assert report.outcome is Outcome.FAILED
    assert site.asked_services() == ["412003001000001"] * 2
