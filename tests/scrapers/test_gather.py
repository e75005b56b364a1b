"""Whole runs of the other sources against servers on this machine, with a clock that does not wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest

from catalogue.errors import LockHeld
from catalogue.runs import Outcome, RunKey
from db.agreements import agreements, suppliers_of
from db.catalogue import Catalogue
from db.feeds import FeedLog
from db.runs import RunLog, issues_of, runs
from scrapers.feed import Feed, Publisher, load
from scrapers.fetch import Fetcher
from scrapers.gather import gather
from scrapers.plan import Plan, Report
from tests import feeds
from tests.feeds import EmptyWindows, agreement, agreement_supplier, answer, organisation, package, release
from tests.loopback import Answer, Marketplace
from tests.scrapers.conftest import NOON, SlowClock

#: Of the clock's day: its windows that have ended, at Find a Tender.
LAST = ("2026-11-23T00:00:00", "2026-11-23T06:00:00")
BEFORE = ("2026-11-22T18:00:00", "2026-11-23T00:00:00")


@pytest.fixture
def site() -> Iterator[Marketplace]:
    with EmptyWindows().serving() as serving:
        yield serving


@dataclass
class Gatherer:
    """Runs a real gathering into a real catalogue, without waiting."""

    catalogue: Catalogue
    clock: SlowClock

    def feed(self, name: str, site: Marketplace) -> Feed:
        found = load(name, base_url=site.url)
        assert isinstance(found, Feed)
        return found

    def run(
        self,
        name: str,
        site: Marketplace,
        *,
        scope: str = "all",
        limit: int | None = None,
        budget: int | None = None,
        resume: bool = True,
        change: Callable[[Feed], Feed] = lambda feed: feed,
    ) -> Report:
        feed = change(self.feed(name, site))

        def open_fetcher(publisher: Publisher, left: int | None) -> Fetcher:
            agent = "longlist/test (+https://council.example)"
            return Fetcher(
                publisher.base_url, publisher.politeness, agent=agent, budget=left, clock=self.clock.clock
            )

        return gather(
            feed,
            Plan(scope, limit=limit, resume=resume),
            open_fetcher=open_fetcher,
            store=FeedLog(self.catalogue),
            now=self.clock.now,
            budget=budget,
        )

    def awards(self, site: Marketplace, days: int = 1, **how: Any) -> Report:
        """Find a Tender of the last so many days alone."""

        def recent(feed: Feed) -> Feed:
            first = feed.publishers[0]
            assert first.windows is not None
            since = replace(first.windows, since=date(2026, 11, 23 - days + 1))
            return replace(feed, publishers=(replace(first, windows=since),))

        return self.run("awards", site, change=recent, **how)

    def stored(self) -> set[str]:
        return {id_ for (id_,) in self.catalogue.rows("SELECT id FROM award")}


@pytest.fixture
def gatherer(catalogue: Catalogue, slow_clock: SlowClock) -> Gatherer:
    return Gatherer(catalogue, slow_clock)


def bodies(count: int) -> list[dict[str, Any]]:
    return [
        organisation(f"b{n}", f"Department for Thing {n}", "Ministerial department") for n in range(count)
    ]


def small(feed: Feed) -> Feed:
    """Bounds for lists of a test's size."""
    return replace(feed, bounds=replace(feed.bounds, least=1))


class TestLists:
    def test_a_list_is_followed_to_its_end_and_stored(self, gatherer: Gatherer, site: Marketplace) -> None:
        feeds.put_organisations(site, bodies(45))
        report = gatherer.run("organisations", site, change=small)
        assert (report.outcome, report.counts.added, report.counts.answered) == (Outcome.FINISHED, 45, 3)
        assert gatherer.catalogue.rows("SELECT count(*) FROM public_body") == [(45,)]
        again = gatherer.run("organisations", site, change=small)
        assert (again.counts.added, again.counts.unchanged) == (0, 45)

    def test_a_run_that_stopped_asks_for_no_page_twice(self, gatherer: Gatherer, site: Marketplace) -> None:
        feeds.put_organisations(site, bodies(65))
        stopped = gatherer.run("organisations", site, change=small, limit=2)
        assert (stopped.outcome, stopped.counts.added) == (Outcome.STOPPED, 40)
        report = gatherer.run("organisations", site, change=small)
        assert (report.run, report.outcome, report.counts.added) == (stopped.run, Outcome.FINISHED, 65)
        assert site.asked == [f"/api/organisations?page={page}" for page in (1, 2, 3, 4)]

    def test_a_budget_counts_every_request(self, gatherer: Gatherer, site: Marketplace) -> None:
        feeds.put_organisations(site, bodies(65))
        report = gatherer.run("organisations", site, change=small, budget=3)
        assert (report.outcome, report.counts.requests, len(site.headers)) == (Outcome.STOPPED, 3, 3)

    def test_a_list_with_too_few_is_not_the_list(self, gatherer: Gatherer, site: Marketplace) -> None:
        feeds.put_organisations(site, bodies(40))
        report = gatherer.run("organisations", site)
        assert report.outcome is Outcome.CHANGED
        assert "bounds.least" in report.reason
        gatherer.run("organisations", site, change=small)
        feeds.put_organisations(site, bodies(20))
        shrunk = gatherer.run("organisations", site, change=small)
        assert (shrunk.outcome, "shows 20, expected 32" in shrunk.reason) == (Outcome.CHANGED, True)

    def test_another_shape_ends_the_run_and_names_what_to_change(
        self, gatherer: Gatherer, site: Marketplace
    ) -> None:
        site.put("/api/organisations?page=1", answer({"bodies": []}))
        report = gatherer.run("organisations", site)
        assert report.outcome is Outcome.CHANGED
        assert "[[publisher]] gov-uk in scrapers/sources/organisations.toml" in report.reason

    def test_a_list_that_leads_in_a_circle_ends(self, gatherer: Gatherer, site: Marketplace) -> None:
        rows = bodies(2)
        site.put(
            "/api/organisations?page=1",
            answer({"results": rows, "next_page_url": "/api/organisations?page=1"}),
        )
        report = gatherer.run("organisations", site, change=small)
        assert (report.outcome, report.issues, report.partial) == (
            Outcome.FINISHED,
            {"listing-broken": 1},
            True,
        )

    def test_a_source_that_does_not_answer_is_a_failure_to_go_on_from(
        self, gatherer: Gatherer, site: Marketplace
    ) -> None:
        site.put("/api/organisations?page=1", Answer(b"", 500))
        report = gatherer.run("organisations", site)
        assert (report.outcome, report.issues) == (Outcome.FINISHED, {"fetch-failed": 1})
        assert report.partial
        site.put("/robots.txt", Answer(b"User-agent: *\nDisallow: /api\n"))
        refused = gatherer.run("organisations", site)
        assert (refused.outcome, refused.issues) == (Outcome.FINISHED, {"fetch-failed": 1})

    def test_one_run_at_a_time_works_on_a_catalogue(self, gatherer: Gatherer, site: Marketplace) -> None:
        log = RunLog(gatherer.catalogue)
        log.begin(RunKey("marketplace", "x", "x"), at=NOON, resume_since=None)
        with pytest.raises(LockHeld):
            gatherer.run("organisations", site)
        assert site.asked == []

    def test_an_interruption_keeps_what_was_fetched(self, gatherer: Gatherer, site: Marketplace) -> None:
        feeds.put_organisations(site, bodies(45))

        def press(path: str) -> None:
            if path.endswith("page=3"):
                raise KeyboardInterrupt

        def interrupting(self_: Any, url: str, expect: str = "html") -> Any:
            press(url)
            return real(self_, url, expect)

        real = Fetcher.get
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Fetcher, "get", interrupting)
            report = gatherer.run("organisations", site, change=small)
        assert (report.outcome, report.counts.added) == (Outcome.INTERRUPTED, 40)
        assert gatherer.run("organisations", site, change=small).counts.added == 45


class TestAgreements:
    def put(self, site: Marketplace, suppliers: dict[str, list[str]]) -> None:
        rows = [
            agreement("RM1", "Cloud things", ["1", "2"]),
            agreement("RM2", "Lifts", pillar="B", category=""),
        ]
        found = {
            ("RM1", lot): [agreement_supplier(name) for name in names] for lot, names in suppliers.items()
        }
        feeds.put_agreements(site, rows, found, suppliers_per_page=2)

    def run(self, gatherer: Gatherer, site: Marketplace) -> Report:
        return gatherer.run("agreements", site, scope="digital", change=small)

    def test_agreements_lots_and_suppliers_of_the_scope_are_stored(
        self, gatherer: Gatherer, site: Marketplace
    ) -> None:
        self.put(site, {"1": ["A Ltd", "B Ltd", "C Ltd"], "2": ["A Ltd"]})
        report = self.run(gatherer, site)
        assert (report.outcome, report.counts.added, report.issues) == (Outcome.FINISHED, 6, {})
        found = {seen.agreement.number: seen for seen in agreements(gatherer.catalogue)}
        assert (found["RM1"].suppliers, found["RM2"].suppliers) == (3, 0)
        assert [(one.lot, one.name) for one in suppliers_of(gatherer.catalogue, "RM1")] == [
            ("1", "A Ltd"),
            ("1", "B Ltd"),
            ("1", "C Ltd"),
            ("2", "A Ltd"),
        ]

    def test_a_supplier_that_left_is_removed_and_a_list_that_collapsed_removes_none(
        self, gatherer: Gatherer, site: Marketplace
    ) -> None:
        names = [f"Supplier {number}" for number in range(10)]
        self.put(site, {"1": names, "2": ["A Ltd"]})
        self.run(gatherer, site)
        self.put(site, {"1": names[:9], "2": ["A Ltd"]})
        self.run(gatherer, site)
        assert len([one for one in suppliers_of(gatherer.catalogue, "RM1") if one.lot == "1"]) == 9
        self.put(site, {"1": names[:2], "2": ["A Ltd"]})
        report = self.run(gatherer, site)
        assert report.issues == {"listing-incomplete": 1}
        assert len([one for one in suppliers_of(gatherer.catalogue, "RM1") if one.lot == "1"]) == 9

    def test_one_lot_that_is_not_there_does_not_end_the_run(
        self, gatherer: Gatherer, site: Marketplace
    ) -> None:
        self.put(site, {"1": ["A Ltd"]})
        report = self.run(gatherer, site)
        assert (report.outcome, report.issues, report.counts.added) == (
            Outcome.FINISHED,
            {"fetch-failed": 1},
            3,
        )
        assert report.partial


class TestAwards:
    def test_each_window_is_asked_once_ever_the_newest_first(
        self, gatherer: Gatherer, site: Marketplace
    ) -> None:
        site.put(feeds.find_tender(*LAST), answer(package([release(1)])))
        report = gatherer.awards(site)
        assert (report.outcome, gatherer.stored()) == (Outcome.FINISHED, {"ocds-x-000001/1"})
        assert site.asked == [feeds.find_tender(*LAST)]
        gatherer.clock.moment += 6 * 3600
        assert gatherer.awards(site).outcome is Outcome.FINISHED
        assert site.asked[1:] == [feeds.find_tender("2026-11-23T06:00:00", "2026-11-23T12:00:00")]

    def test_a_window_goes_on_from_its_cursor_after_a_stop(
        self, gatherer: Gatherer, site: Marketplace
    ) -> None:
        first = feeds.find_tender(*LAST)
        second = f"{first}&cursor=two"
        site.put(first, answer(package([release(1)], f"https://www.find-tender.service.gov.uk{second}")))
        site.put(second, answer(package([release(2)])))
        stopped = gatherer.awards(site, limit=1)
        assert (stopped.outcome, gatherer.stored()) == (Outcome.STOPPED, {"ocds-x-000001/1"})
        assert gatherer.awards(site).outcome is Outcome.FINISHED
        assert gatherer.stored() == {"ocds-x-000001/1", "ocds-x-000002/1"}
        assert site.asked == [first, second]

    def test_never_more_than_12_requests_in_2_minutes(self, gatherer: Gatherer, site: Marketplace) -> None:
        moments: list[float] = []
        site.before = lambda _path: moments.append(gatherer.clock.moment)
        report = gatherer.awards(site, days=15)
        assert (report.outcome, len(moments)) == (Outcome.FINISHED, 1 + 14 * 4 + 1)
        for at, moment in enumerate(moments):
            assert sum(1 for later in moments[at:] if later - moment < 120) <= 12

    def test_429_waits_as_long_as_it_asks_and_goes_on(self, gatherer: Gatherer, site: Marketplace) -> None:
        answers = [Answer(b"", 429, {"Retry-After": "120"}), answer(package([release(1)]))]
        site.put(feeds.find_tender(*LAST), lambda: answers.pop(0))
        report = gatherer.awards(site)
        assert (report.outcome, gatherer.stored()) == (Outcome.FINISHED, {"ocds-x-000001/1"})
        assert 120 in gatherer.clock.slept

    def contracts_finder(self, gatherer: Gatherer, site: Marketplace, **how: Any) -> Report:
        def history(feed: Feed) -> Feed:
            second = feed.publishers[1]
            assert second.windows is not None
            return replace(
                feed,
                publishers=(replace(second, windows=replace(second.windows, since=date(2025, 2, 28))),),
            )

        return gatherer.run("awards", site, change=history, **how)

    def test_403_of_contracts_finder_means_to_wait_five_minutes(
        self, gatherer: Gatherer, site: Marketplace
    ) -> None:
        answers = [Answer(b"", 403), answer(package([release(1)]))]
        site.put(feeds.contracts_finder("2025-02-28T00:00:00", "2025-03-01T00:00:00"), lambda: answers.pop(0))
        report = self.contracts_finder(gatherer, site)
        assert (report.outcome, gatherer.stored()) == (Outcome.FINISHED, {"ocds-x-000001/1"})
        assert 300 in gatherer.clock.slept

    def test_403_that_goes_on_leaves_the_window_for_the_next_run(
        self, gatherer: Gatherer, site: Marketplace
    ) -> None:
        path = feeds.contracts_finder("2025-02-28T00:00:00", "2025-03-01T00:00:00")
        site.put(path, Answer(b"", 403))
        report = self.contracts_finder(gatherer, site)
        assert report.issues == {"fetch-failed": 1}
        assert gatherer.clock.slept.count(300) == 3
        site.put(path, answer(package([release(1)])))
        assert self.contracts_finder(gatherer, site).counts.added == 1

    def test_a_pause_longer_than_a_run_waits_ends_that_publisher_and_not_the_other(
        self, gatherer: Gatherer, site: Marketplace
    ) -> None:
        site.put(feeds.find_tender(*LAST), Answer(b"", 429, {"Retry-After": "7200"}))
        site.put(
            feeds.contracts_finder("2025-02-28T00:00:00", "2025-03-01T00:00:00"),
            answer(package([release(1, day="2025-02-28")])),
        )

        def brief(feed: Feed) -> Feed:
            first, second = feed.publishers
            assert first.windows is not None
            assert second.windows is not None
            return replace(
                feed,
                publishers=(
                    replace(first, windows=replace(first.windows, since=date(2026, 11, 23))),
                    replace(
                        second,
                        base_url=second.base_url.replace("127.0.0.1", "localhost"),  # another server
                        windows=replace(second.windows, since=date(2025, 2, 28)),
                    ),
                ),
            )

        report = gatherer.run("awards", site, change=brief)
        assert (report.outcome, report.issues) == (Outcome.FAILED, {"source-busy": 1})
        assert gatherer.stored() == {"ocds-x-000001/1"}
        assert gatherer.run("awards", site, change=brief).run == report.run

    def test_a_newer_release_replaces_an_award_and_an_older_one_does_not(
        self, gatherer: Gatherer, site: Marketplace
    ) -> None:
        site.put(feeds.find_tender(*LAST), answer(package([release(1, amount=2, day="2026-11-21")])))
        site.put(
            feeds.find_tender(*BEFORE),
            answer(package([release(1, amount=1, day="2026-11-20"), release(2, amount=5, day="2026-11-20")])),
        )
        gatherer.awards(site, days=2)
        amounts = dict(gatherer.catalogue.rows("SELECT id, amount FROM award"))
        assert amounts == {"ocds-x-000001/1": "2", "ocds-x-000002/1": "5"}

    def test_a_window_is_asked_again_for_another_scope(self, gatherer: Gatherer, site: Marketplace) -> None:
        site.put(feeds.find_tender(*LAST), answer(package([release(1, title="Lifts", cpv="42416100")])))
        assert gatherer.awards(site, scope="digital").counts.added == 0
        assert gatherer.awards(site, scope="all").counts.added == 1

    def test_runs_of_every_source_are_in_one_log(self, gatherer: Gatherer, site: Marketplace) -> None:
        site.put(feeds.find_tender(*LAST), answer(package([release(1), {"ocid": "x", "awards": [{}]}])))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("scrapers.answers._ENOUGH_TO_JUDGE", 5)
            gatherer.awards(site)
        feeds.put_organisations(site, bodies(3))
        gatherer.run("organisations", site, change=small)
        log = runs(gatherer.catalogue)
        assert [(run.key.source, run.outcome) for run in log] == [
            ("organisations", Outcome.FINISHED),
            ("awards", Outcome.FINISHED),
        ]
        assert [issue.kind for issue, _ in issues_of(gatherer.catalogue, log[1].id)] == ["odd-record"]

    def test_the_memory_of_pages_goes_when_a_run_is_finished(
        self, gatherer: Gatherer, site: Marketplace
    ) -> None:
        feeds.put_organisations(site, bodies(45))
        gatherer.run("organisations", site, change=small, limit=1)
        assert gatherer.catalogue.rows("SELECT count(*) FROM run_listing") == [(1,)]
        gatherer.run("organisations", site, change=small)
        assert gatherer.catalogue.rows("SELECT count(*) FROM run_listing") == [(0,)]


def test_the_clock_of_these_tests_is_the_one_that_windows_are_counted_from(slow_clock: SlowClock) -> None:
    assert slow_clock.now() == NOON == datetime.fromisoformat("2026-11-23T12:00:00+00:00")
