"""Fetching, politely: one connection, robots.txt obeyed, a wait between requests, nothing off the host.

Everything that an unfriendly answer can do is bounded here: size (also after decompression), redirects,
attempts, and the time that a ``Retry-After`` may ask for. Clock, sleep and transport are passed in.
"""

from __future__ import annotations

import random
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urljoin, urlsplit

import httpx
from protego import Protego

from catalogue.errors import FetchRefused, LonglistError, SourceShapeError
from scrapers.page import Page, decoded
from scrapers.source import Politeness

Expected = Literal["html", "json", "text"]
_TYPES: dict[Expected, tuple[str, ...]] = {
    "html": ("text/html", "application/xhtml+xml"),
    "json": ("application/json", "text/json"),
    "text": ("text/plain",),
}
_TOO_MANY = 429
#: How many times the time-out for a piece of an answer the whole of it may take.
_WHOLE_ANSWER = 4
#: Answers whose body is a page to read; others are told by their status alone.
_READABLE = frozenset({200, 410})


class FetchFailed(LonglistError):
    """The source did not answer a request, after all attempts; it may answer later."""


class SourceBusy(FetchFailed):
    """The source asks for a longer pause, in seconds, than a run should wait; run again later."""

    def __init__(self, message: str, pause_seconds: float) -> None:
        super().__init__(message)
        self.pause_seconds = pause_seconds


class SourceSilent(LonglistError):
    """So many requests in a row failed that asking on would be of no use; run again later."""


class BudgetSpent(LonglistError):
    """The run has made as many requests as it was allowed."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as a fetcher uses it, so that tests need not wait."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    #: A number from 0 to 1, for jitter; not for secrets.
    chance: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class _Answer:
    url: str
    status: int
    headers: httpx.Headers
    body: bytes


def user_agent(version: str, contact: str | None) -> str:
    """The name that the source sees: the tool, its version, and where its user can be reached."""
    return f"longlist/{version} (+{contact})" if contact else f"longlist/{version}"


class Fetcher:
    """One polite connection to one server. Used as a context manager."""

    def __init__(
        self,
        base_url: str,
        politeness: Politeness,
        *,
        agent: str,
        budget: int | None = None,
        clock: Clock | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.base_url = base_url
        self.politeness = politeness
        self.budget = budget
        #: Requests made so far, attempts and robots.txt included.
        self.requests = 0
        #: Seconds from asking to the end of the answer, over all answers.
        self.answering_seconds = 0.0
        #: Whether the source has asked for fewer requests, with 429 or a pause; each time doubles the delay.
        self.slowed = False
        self.clock = clock or Clock()
        self.agent = agent
        self._robots: Protego | None = None
        self._last_request: float | None = None
        host = urlsplit(base_url).hostname or ""
        self._client = httpx.Client(
            transport=transport,
            timeout=politeness.timeout_seconds,
            follow_redirects=False,
            verify=urlsplit(base_url).scheme == "https",  # reading certificates takes time, and http has none
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            headers={"User-Agent": agent, "Accept-Encoding": "gzip", "Accept-Language": "en-GB, en"},
            trust_env=host not in ("localhost", "127.0.0.1", "::1"),  # no proxy between us and ourselves
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, url: str, expect: Expected = "html") -> Page:
        """Fetch one page as text, following redirects within the server.

        Raises `FetchRefused` for what politeness or safety forbids, `FetchFailed` when the source does not
        answer, `SourceShapeError` when it answers with another type of content, `BudgetSpent` at the budget.
        """
        self._check_robots(url)
        answer = self._follow(url, check_robots=True)
        content_type = answer.headers.get("content-type", "")
        if answer.status in _READABLE:
            media = content_type.partition(";")[0].strip().lower()
            if media and media not in _TYPES[expect]:
                raise SourceShapeError(url, "Content-Type", media, " or ".join(_TYPES[expect]))
        return decoded(url, answer.status, answer.body, content_type, answer.url)

    def slow_to(self, seconds: float) -> None:
        """Let so much time pass between two requests from now on, if it is more than passes now."""
        if seconds > self.politeness.delay_seconds:
            self.politeness = replace(self.politeness, delay_seconds=seconds)

    def _slow_down(self) -> None:
        """Ask half as often, down to what the source's table has as the slowest."""
        self.slowed = True
        politeness = self.politeness
        doubled = max(2 * politeness.delay_seconds, politeness.minimum_delay_seconds)
        self.slow_to(min(doubled, politeness.slowest_seconds))

    def _follow(self, url: str, *, check_robots: bool) -> _Answer:
        at = url
        for _ in range(self.politeness.max_redirects + 1):
            answer = self._attempts(at)
            target = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or not target:
                return answer
            try:
                at = urljoin(at, target)
            except ValueError:  # such as "http://["
                raise FetchRefused(f"{url}: redirected to {target!r}, which is no address") from None
            if _origin(at) != _origin(self.base_url):
                raise FetchRefused(
                    f"{url}: redirected to another server, {_origin(at)}; not followed. "
                    f"If the source has moved there, change addresses.base_url"
                )
            if check_robots:
                self._check_robots(at)
        raise FetchRefused(
            f"{url}: more than {self.politeness.max_redirects} redirects, last to {at}; given up"
        )

    def _attempts(self, url: str) -> _Answer:
        """Ask until there is an answer that is no passing failure, waiting longer each time."""
        problem = ""
        for attempt in range(1, self.politeness.attempts + 1):
            asked_pause = 0.0
            try:
                answer = self._request(url)
            except (httpx.TransportError, zlib.error) as error:
                problem = f"{type(error).__name__}: {error}".rstrip(": ")
            else:
                slow_down = answer.status in (_TOO_MANY, self.politeness.slow_down_status)
                if not slow_down and answer.status < 500:
                    return answer
                problem = f"status {answer.status}"
                asked_pause = self._asked_pause(url, answer)
                if slow_down and not asked_pause:
                    asked_pause = self.politeness.slow_down_seconds
            if attempt < self.politeness.attempts:
                jitter = 0.75 + self.clock.chance() / 2
                back_off = self.politeness.back_off_seconds * 2 ** (attempt - 1) * jitter
                self.clock.sleep(max(asked_pause, back_off))
        raise FetchFailed(f"{url}: no answer after {self.politeness.attempts} attempts; the last: {problem}")

    def _asked_pause(self, url: str, answer: _Answer) -> float:
        seconds = retry_after(answer.headers.get("retry-after"), self._their_time(answer))
        if seconds or answer.status in (_TOO_MANY, self.politeness.slow_down_status):
            self._slow_down()
        cap = self.politeness.retry_after_cap_seconds
        if seconds > cap:
            raise SourceBusy(
                f"{url}: the source asks for a pause of {seconds:.0f} seconds with status {answer.status}; "
                f"a run waits {cap:.0f} at most. Run again later: it goes on where it stopped",
                seconds,
            )
        return seconds

    def _their_time(self, answer: _Answer) -> datetime:
        """When the source answered by its own clock, which its dates are told by; else by ours."""
        try:
            told = parsedate_to_datetime(answer.headers.get("date", ""))
        except (ValueError, OverflowError):
            return self.clock.now()
        return told if told.tzinfo else told.replace(tzinfo=UTC)

    def _request(self, url: str) -> _Answer:
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise FetchRefused(f"{url[:200]!r} is no address: {error}") from None
        if _origin(url) != _origin(self.base_url):
            raise FetchRefused(
                f"{url}: not on {self.base_url}, the only server that this source may be asked at"
            )
        if self.budget is not None and self.requests >= self.budget:
            raise BudgetSpent(f"the budget of {self.budget} requests is spent")
        self._wait()
        self.requests += 1
        self._last_request = self.clock.monotonic()
        with self._client.stream("GET", address) as response:
            self._client.cookies.clear()  # each request is that of a new visitor
            body = b"".join(self._limited(url, response))
        self.answering_seconds += self.clock.monotonic() - self._last_request
        return _Answer(url, response.status_code, response.headers, body)

    def _wait(self) -> None:
        """Let the agreed time pass since the last request."""
        if self._last_request is None:
            return
        delay, jitter = self.politeness.delay_seconds, self.politeness.jitter
        delay *= 1 - jitter + 2 * jitter * self.clock.chance()
        left = self._last_request + delay - self.clock.monotonic()
        if left > 0:
            self.clock.sleep(left)

    def _limited(self, url: str, response: httpx.Response) -> Iterator[bytes]:
        """The body, decompressed piece by piece and never more than the limit."""
        limit = self.politeness.max_bytes
        declared = response.headers.get("content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared) > limit:
            raise FetchRefused(f"{url}: {declared} bytes long; expected {limit} at most, not fetched")
        coding = response.headers.get("content-encoding", "identity").strip().lower()
        if coding not in ("identity", "", "gzip"):
            raise FetchRefused(f"{url}: content coding {coding!r}; only gzip was offered")
        inflate = zlib.decompressobj(wbits=31) if coding == "gzip" else None
        length = 0
        longest = _WHOLE_ANSWER * self.politeness.timeout_seconds
        since = self._last_request or 0.0
        for piece in response.iter_raw():
            if self.clock.monotonic() - since > longest:  # each piece comes in time, but the last never does
                raise httpx.ReadTimeout(f"still not whole after {longest:g} seconds")
            if inflate is None:
                length += len(piece)
                yield piece
            else:
                plain = inflate.decompress(piece, limit - length + 1)
                length += len(plain)
                yield plain
            if length > limit:
                raise FetchRefused(f"{url}: longer than {limit} bytes; not read to its end")
        if inflate is not None and not inflate.eof and length:
            raise httpx.RemoteProtocolError("the compressed answer ends too early")

    def open(self) -> None:
        """Read robots.txt, if it has not been read yet. Raises `FetchRefused` while it cannot be had."""
        if self._robots is None:
            self._robots = self._read_robots()
            asked = self._robots.crawl_delay(self.agent)
            cap = self.politeness.retry_after_cap_seconds
            if asked is not None and asked > cap:
                raise FetchRefused(
                    f"robots.txt of {self.base_url} asks for {asked:g} seconds between two requests; a run "
                    f"waits {cap:g} at most (politeness.retry_after_cap_seconds), so nothing is fetched"
                )
            if asked is not None and asked > self.politeness.delay_seconds:
                self.politeness = replace(self.politeness, delay_seconds=float(asked))

    def _check_robots(self, url: str) -> None:
        self.open()
        if self._robots is not None and not self._robots.can_fetch(url, self.agent):
            raise FetchRefused(f"{url}: robots.txt of {self.base_url} asks programs not to fetch this")

    def _read_robots(self) -> Protego:
        """The server's robots.txt; where there is none everything is allowed, where it fails nothing is."""
        url = f"{self.base_url}/robots.txt"
        try:
            answer = self._follow(url, check_robots=False)
        except SourceBusy:
            raise
        except FetchFailed as error:
            raise FetchRefused(f"{error}. Without robots.txt nothing is fetched; run again later") from None
        return Protego.parse(answer.body.decode("utf-8", "replace") if answer.status == 200 else "")


def retry_after(value: str | None, now: datetime) -> float:
    """The pause in seconds that a ``Retry-After`` asks for, as a number or an HTTP date; 0 if unreadable."""
    if not value:
        return 0.0
    if value.strip().isascii() and value.strip().isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return 0.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
