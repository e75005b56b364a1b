"""Fetching is polite, and bounded against everything that an answer may do."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import FetchRefused, SourceShapeError
from scrapers.charset import decode
from scrapers.fetch import BudgetSpent, Fetcher, FetchFailed, SourceBusy, retry_after, user_agent
from scrapers.source import load_source
from tests.loopback import HTML, Answer, Marketplace, page

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PATH = "/g-cloud/services/412003001000001"
POLITENESS = load_source("marketplace").politeness


@pytest.fixture
def fetcher(site: Marketplace, slow_clock: Any) -> Iterator[Fetcher]:
    with fetching(site, slow_clock) as opened:
        yield opened


@contextmanager
def fetching(site: Marketplace, slow_clock: Any, **changes: Any) -> Iterator[Fetcher]:
    budget = changes.pop("budget", None)
    transport = changes.pop("transport", None)
    agent = user_agent("1.0", "https://council.example/contact")
    with Fetcher(
        site.url or "http://127.0.0.1:9",
        replace(POLITENESS, **changes),
        agent=agent,
        budget=budget,
        clock=slow_clock.clock,
        transport=transport,
    ) as opened:
        yield opened


def in_turn(*answers: Answer) -> Callable[[], Answer]:
    """Give these answers one after the other, and the last one for ever."""
    left = list(answers)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def test_how_long_answers_took_is_counted(site: Marketplace, slow_clock: Any, fetcher: Fetcher) -> None:
    def second_passes() -> None:
        slow_clock.moment += 1

    site.put(PATH, Answer(b"<p>", drip=second_passes))
    fetcher.get(site.url + PATH)
    assert fetcher.answering_seconds == 3


def test_a_page_comes_with_its_status_text_and_type(site: Marketplace, fetcher: Fetcher) -> None:
    site.put(PATH, page("<main>Tŷ Ŵyr</main>", 410))
    fetched = fetcher.get(site.url + PATH)
    assert (fetched.status, fetched.text, fetched.content_type) == (410, "<main>Tŷ Ŵyr</main>", HTML)


def test_each_request_names_the_tool_its_version_and_a_contact(site: Marketplace, fetcher: Fetcher) -> None:
    site.put(PATH, page("x"))
    fetcher.get(site.url + PATH)
    agents = {headers["User-Agent"] for headers in site.headers}
    assert agents == {"longlist/1.0 (+https://council.example/contact)"}


def test_cookies_are_not_sent_back(site: Marketplace, fetcher: Fetcher) -> None:
    site.put(PATH, Answer(b"x", headers={"Content-Type": HTML, "Set-Cookie": "session=1"}))
    fetcher.get(site.url + PATH)
    fetcher.get(site.url + PATH)
    assert not any("Cookie" in headers for headers in site.headers)


# ---- etiquette


def test_requests_keep_the_agreed_distance(site: Marketplace, fetcher: Fetcher, slow_clock: Any) -> None:
    site.put(PATH, page("x"))
    for _ in range(3):
        fetcher.get(site.url + PATH)
    assert slow_clock.slept == [2.0, 2.0, 2.0]  # before each but the first, which was for robots.txt


def test_the_distance_is_jittered_around_the_delay(site: Marketplace, slow_clock: Any) -> None:
    site.put(PATH, page("x"))
    with fetching(site, slow_clock) as fetcher:
        chances = iter([0.0, 1.0])
        fetcher.clock = replace(fetcher.clock, chance=lambda: next(chances))
        fetcher.get(site.url + PATH)
        fetcher.get(site.url + PATH)
    assert slow_clock.slept == [1.5, 2.5]


@pytest.mark.parametrize("seconds", ["86400", "1e12"])
def test_a_source_that_asks_for_days_between_requests_is_not_asked(
    seconds: str, site: Marketplace, fetcher: Fetcher
) -> None:
    site.put("/robots.txt", robots(f"User-agent: *\nCrawl-delay: {seconds}\n"))
    with pytest.raises(FetchRefused, match="between two requests; a run waits 600 at most"):
        fetcher.get(site.url + PATH)
    assert site.asked == []


def test_a_crawl_delay_in_robots_is_kept_when_it_is_longer(
    site: Marketplace, fetcher: Fetcher, slow_clock: Any
) -> None:
    site.put("/robots.txt", robots("User-agent: *\nCrawl-delay: 7\n"))
    site.put(PATH, page("x"))
    fetcher.get(site.url + PATH)
    assert slow_clock.slept == [7.0]


def robots(text: str) -> Answer:
    return Answer(text.encode(), headers={"Content-Type": "text/plain"})


def test_robots_is_read_once_and_obeyed(site: Marketplace, fetcher: Fetcher) -> None:
    site.put("/robots.txt", robots("User-agent: *\nDisallow: /admin\nDisallow: /g-cloud/search\n"))
    site.put(PATH, page("x"))
    fetcher.get(site.url + PATH)
    with pytest.raises(FetchRefused, match=r"robots\.txt"):
        fetcher.get(f"{site.url}/g-cloud/search?lot=saas")
    assert site.asked == [PATH]


def test_robots_may_speak_to_this_tool_by_name(site: Marketplace, fetcher: Fetcher) -> None:
    site.put("/robots.txt", robots("User-agent: *\nAllow: /\n\nUser-agent: longlist\nDisallow: /\n"))
    with pytest.raises(FetchRefused, match=r"robots\.txt"):
        fetcher.get(site.url + PATH)
    assert site.asked == []


def test_no_robots_allows_everything(site: Marketplace, fetcher: Fetcher) -> None:
    site.put("/robots.txt", page("gone", 410))
    site.put(PATH, page("x"))
    assert fetcher.get(site.url + PATH).status == 200


def test_nothing_is_fetched_while_robots_fails(site: Marketplace, fetcher: Fetcher) -> None:
    site.put("/robots.txt", page("trouble", 503))
    site.put(PATH, page("x"))
    with pytest.raises(FetchRefused, match=r"Without robots\.txt nothing is fetched"):
        fetcher.get(site.url + PATH)
    assert site.asked == []


def test_the_budget_counts_every_request_and_is_kept(site: Marketplace, slow_clock: Any) -> None:
    site.put(PATH, in_turn(page("trouble", 500), page("x")))
    with fetching(site, slow_clock, budget=3) as fetcher:
        fetcher.get(site.url + PATH)  # robots.txt, a failure, and the page
        with pytest.raises(BudgetSpent):
            fetcher.get(site.url + PATH)
        assert fetcher.requests == 3


# ---- failures that pass


def test_server_errors_are_asked_again_with_growing_pauses(
    site: Marketplace, fetcher: Fetcher, slow_clock: Any
) -> None:
    site.put(PATH, in_turn(page("", 500), page("", 502), page("", 503), page("x")))
    assert fetcher.get(site.url + PATH).text == "x"
    assert slow_clock.slept == [2.0, 5.0, 10.0, 20.0]


def test_attempts_end(site: Marketplace, fetcher: Fetcher) -> None:
    site.put(PATH, page("", 500))
    with pytest.raises(FetchFailed, match="no answer after 4 attempts; the last: status 500"):
        fetcher.get(site.url + PATH)
    assert site.asked == [PATH] * 4


@pytest.mark.parametrize("value", ["300", "Mon, 23 Nov 2026 12:05:02 GMT"])
def test_retry_after_is_kept_as_seconds_or_as_a_date(
    value: str, site: Marketplace, fetcher: Fetcher, slow_clock: Any
) -> None:
    site.date = "Mon, 23 Nov 2026 12:00:02 GMT"
    busy = Answer(b"", 429, {"Content-Type": HTML, "Retry-After": value})
    site.put(PATH, in_turn(busy, page("x")))
    assert fetcher.get(site.url + PATH).text == "x"
    assert slow_clock.slept == [2.0, 300.0]


def test_a_date_to_wait_for_is_told_by_the_clock_of_the_source(
    site: Marketplace, fetcher: Fetcher, slow_clock: Any
) -> None:
    site.date = "Tue, 24 Nov 2026 12:00:00 GMT"  # a day ahead of ours
    busy = Answer(b"", 429, {"Content-Type": HTML, "Retry-After": "Tue, 24 Nov 2026 12:01:00 GMT"})
    site.put(PATH, in_turn(busy, page("x")))
    assert fetcher.get(site.url + PATH).text == "x"
    assert slow_clock.slept == [2.0, 60.0]


def test_each_answer_that_says_too_often_halves_how_often_is_asked(
    site: Marketplace, fetcher: Fetcher, slow_clock: Any
) -> None:
    busy = Answer(b"", 429, {"Content-Type": HTML})
    site.put(PATH, in_turn(busy, busy, page("x")))
    fetcher.get(site.url + PATH)
    slow_clock.slept.clear()
    fetcher.get(site.url + PATH)
    assert (slow_clock.slept, fetcher.slowed) == ([8.0], True)


def test_a_source_is_never_asked_more_slowly_than_its_table_says(site: Marketplace, slow_clock: Any) -> None:
    site.put(PATH, Answer(b"", 429, {"Content-Type": HTML}))
    with fetching(site, slow_clock, attempts=9) as fetcher:
        with pytest.raises(FetchFailed):
            fetcher.get(site.url + PATH)
        assert fetcher.politeness.delay_seconds == POLITENESS.slowest_seconds


def test_a_source_that_asks_for_too_long_a_pause_ends_the_run(site: Marketplace, fetcher: Fetcher) -> None:
    site.put(PATH, Answer(b"", 429, {"Retry-After": "86400"}))
    with pytest.raises(SourceBusy, match="pause of 86400 seconds"):
        fetcher.get(site.url + PATH)
    assert site.asked == [PATH]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, 0),
        ("", 0),
        ("soon", 0),
        ("-5", 0),
        ("²", 0),
        ("120", 120),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("Mon, 23 Nov 2026 11:00:00 +99999999999999999999", 0),
        ("Fri, 31 Dec 9999 23:59:59 -9999", 0),
    ],
)
def test_a_retry_after_that_says_nothing_is_no_pause(value: str | None, seconds: float) -> None:
    assert retry_after(value, NOON) == seconds


def test_a_broken_connection_is_asked_again(site: Marketplace, fetcher: Fetcher) -> None:
    site.put(PATH, in_turn(Answer(b"<main>whole page</main>", cut=5), page("whole")))
    assert fetcher.get(site.url + PATH).text == "whole"
    assert site.asked == [PATH, PATH]


def test_an_answer_that_never_ends_is_given_up(slow_clock: Any) -> None:
    class Drops(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                slow_clock.moment += POLITENESS.timeout_seconds - 1
                yield b"x"

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/robots.txt":
            return httpx.Response(404, stream=httpx.ByteStream(b""))
        return httpx.Response(200, headers={"Content-Type": HTML}, stream=Drops())

    with (
        fetching(Marketplace(), slow_clock, transport=httpx.MockTransport(answer)) as opened,
        pytest.raises(FetchFailed, match=r"after 4 attempts; the last: .*still not whole after"),
    ):
        opened.get("http://127.0.0.1:9" + PATH)


def test_a_time_out_is_asked_again(site: Marketplace, slow_clock: Any) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if asked == ["/robots.txt", PATH]:
            raise httpx.ReadTimeout("too slow", request=request)
        return httpx.Response(200, headers={"Content-Type": HTML}, stream=httpx.ByteStream(b"x"))

    with fetching(site, slow_clock, transport=httpx.MockTransport(answer)) as fetcher:
        assert fetcher.get(site.url + PATH).text == "x"
    assert asked == ["/robots.txt", PATH, PATH]


# ---- answers that are too much, or something else


def test_a_page_longer_than_the_limit_is_refused(site: Marketplace, fetcher: Fetcher) -> None:
    site.put(PATH, page("x" * 10_000_000))
    with pytest.raises(FetchRefused, match="10000000 bytes long; expected 5000000 at most"):
        fetcher.get(site.url + PATH)


def test_a_small_page_that_unpacks_to_a_huge_one_is_refused(site: Marketplace, fetcher: Fetcher) -> None:
    bomb = gzip.compress(b"x" * 60_000_000)
    assert len(bomb) < 100_000
    site.put(PATH, Answer(bomb, headers={"Content-Type": HTML, "Content-Encoding": "gzip"}))
    with pytest.raises(FetchRefused, match="longer than 5000000 bytes"):
        fetcher.get(site.url + PATH)


def test_a_compressed_page_is_unpacked(site: Marketplace, fetcher: Fetcher) -> None:
    site.put(PATH, Answer(gzip.compress(b"<main>x</main>"), headers={"Content-Encoding": "gzip"}))
    assert fetcher.get(site.url + PATH).text == "<main>x</main>"


@pytest.mark.parametrize(
    "body", [gzip.compress(b"<main>" * 900, mtime=0)[:-20], b"no gzip at all"], ids=["cut", "no gzip"]
)
def test_a_damaged_compressed_page_is_a_passing_failure(
    body: bytes, site: Marketplace, fetcher: Fetcher
) -> None:
    damaged = Answer(body, headers={"Content-Type": HTML, "Content-Encoding": "gzip"})
    site.put(PATH, in_turn(damaged, page("x")))
    assert fetcher.get(site.url + PATH).text == "x"


def test_a_coding_that_was_not_offered_is_refused(site: Marketplace, fetcher: Fetcher) -> None:
    site.put(PATH, Answer(b"?", headers={"Content-Encoding": "br"}))
    with pytest.raises(FetchRefused, match="'br'"):
        fetcher.get(site.url + PATH)


@pytest.mark.parametrize(
    "target",
    ["http://elsewhere.example/x", "//elsewhere.example/x", "https://127.0.0.1/x", "ftp://127.0.0.1/x"],
)
def test_a_redirect_off_the_server_is_not_followed(target: str, site: Marketplace, fetcher: Fetcher) -> None:
    site.put(PATH, Answer(b"", 302, {"Location": target}))
    with pytest.raises(FetchRefused, match=r"another server.*addresses\.base_url"):
        fetcher.get(site.url + PATH)
    assert site.asked == [PATH]


@pytest.mark.parametrize("target", ["http://[", "//["])
def test_a_redirect_to_what_is_no_address_is_refused(
    target: str, site: Marketplace, fetcher: Fetcher
) -> None:
    site.put(PATH, Answer(b"", 302, {"Location": target}))
    with pytest.raises(FetchRefused, match="redirected to"):
        fetcher.get(site.url + PATH)


@pytest.mark.parametrize("end", ["?page=\x01", "?page=\x7f", "?page=" + "9" * 70_000, "?[\x00"])
def test_what_is_no_address_is_not_asked_for(end: str, site: Marketplace, fetcher: Fetcher) -> None:
    with pytest.raises(FetchRefused, match="no address"):
        fetcher.get(site.url + PATH + end)
    assert site.asked == []


def test_a_redirect_within_the_server_is_followed_and_told(site: Marketplace, fetcher: Fetcher) -> None:
    site.put(PATH, Answer(b"", 302, {"Location": "/user/login?next=x"}))
    site.put("/user/login?next=x", page("log in"))
    fetched = fetcher.get(site.url + PATH)
    assert (fetched.url, fetched.final_url) == (site.url + PATH, f"{site.url}/user/login?next=x")


def test_a_redirect_to_what_robots_forbids_is_not_followed(site: Marketplace, fetcher: Fetcher) -> None:
    site.put("/robots.txt", robots("User-agent: *\nDisallow: /user\n"))
    site.put(PATH, Answer(b"", 302, {"Location": "/user/login"}))
    with pytest.raises(FetchRefused, match=r"/user/login: robots\.txt"):
        fetcher.get(site.url + PATH)


def test_redirects_in_a_circle_end(site: Marketplace, fetcher: Fetcher) -> None:
    site.put(PATH, Answer(b"", 301, {"Location": PATH}))
    with pytest.raises(FetchRefused, match="more than 5 redirects"):
        fetcher.get(site.url + PATH)
    assert len(site.asked) == 6


def test_only_the_source_s_own_server_is_asked(fetcher: Fetcher) -> None:
    with pytest.raises(FetchRefused, match="the only server"):
        fetcher.get("http://elsewhere.example/g-cloud/services/1")


def test_html_where_json_was_expected_names_both(site: Marketplace, fetcher: Fetcher) -> None:
    site.put(PATH, page("<main></main>"))
    with pytest.raises(SourceShapeError, match=r"'Content-Type' found text/html, expected application/json"):
        fetcher.get(site.url + PATH, "json")


def test_json_where_html_was_expected_names_both(site: Marketplace, fetcher: Fetcher) -> None:
    site.put(PATH, Answer(b"{}", headers={"Content-Type": "application/json"}))
    with pytest.raises(SourceShapeError, match=r"found application/json, expected text/html"):
        fetcher.get(site.url + PATH)


# ---- charsets


@pytest.mark.parametrize(
    ("body", "content_type", "text", "told"),
    [
        ("Tŷ £5".encode(), HTML, "Tŷ £5", False),
        ("Tŷ £5".encode(), "text/html", "Tŷ £5", False),
        ("£5".encode("latin-1"), "text/html; charset=iso-8859-1", "£5", False),
        ("“£5”".encode("cp1252"), "text/html; charset=iso-8859-1", "“£5”", False),
        ("“£5”".encode("cp1252"), HTML, "“£5”", True),
        ("Tŷ £5".encode(), "text/html; charset=iso-8859-1", "Tŷ £5", True),
        (b"<meta charset=windows-1252>\xa35", "text/html", "<meta charset=windows-1252>£5", False),
        ("Tŷ £5 café".encode() + b"\xff", HTML, "Tŷ £5 café\ufffd", True),
        (b"\xef\xbb\xbfplain", HTML, "plain", False),
        ("Tŷ".encode("utf-16"), HTML, "Tŷ", False),
        (b"plain", "text/html; charset=klingon", "plain", False),
        (b"\xa35", "text/html; charset=klingon", "£5", True),
    ],
)
def test_a_wrong_charset_is_read_all_the_same_and_told(
    body: bytes, content_type: str, text: str, told: bool
) -> None:
    found, problem = decode(body, content_type)
    assert (found, problem is not None) == (text, told)


def test_a_wrong_charset_is_an_issue_of_the_page(site: Marketplace, fetcher: Fetcher) -> None:
    site.put(PATH, Answer("£5".encode("cp1252"), headers={"Content-Type": HTML}))
    assert [issue.kind for issue in fetcher.get(site.url + PATH).issues] == ["wrong-charset"]


@given(st.binary(max_size=200), st.sampled_from(["", HTML, "text/html; charset=latin-1", "charset="]))
def test_any_bytes_become_text(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type)[0], str)
