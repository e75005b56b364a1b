"""Fetching one large file of which size and digest are known: resumed where it stopped, checked before use.

The connection is treated as hostile and as unreliable: nothing off the host that was named (or allowed) is
asked, nothing is read beyond the size that was announced, and what arrives counts only by its digest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx

from catalogue.errors import FetchRefused
from scrapers.fetch import Clock, FetchFailed, retry_after

T = TypeVar("T")

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS = 5
#: A manifest has a kilobyte.
_TEXT_LIMIT = 1_000_000
#: An attempt that brings less than this in one time-out is given up; and one that brought less is in vain.
_LEAST = 16 * 1024
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on: seconds for a piece, attempts in a row without gain, and the waits between them."""

    timeout_seconds: float = 30.0
    attempts: int = 4
    back_off_seconds: float = 1.0
    longest_wait_seconds: float = 120.0


class Downloader:
    """A connection to one server, and to others that it may redirect to. Used as a context manager."""

    def __init__(
        self,
        agent: str,
        *,
        allowed_hosts: Collection[str] = (),
        patience: Patience | None = None,
        clock: Clock | None = None,
        transport: httpx.BaseTransport | None = None,
        local: bool = False,
    ) -> None:
        """``local`` says that the server is this machine: then no proxy stands between."""
        self._allowed = frozenset(host.lower() for host in allowed_hosts)
        self._patience = patience or Patience()
        self._clock = clock or Clock()
        self._client = httpx.Client(
            transport=transport,
            timeout=self._patience.timeout_seconds,
            follow_redirects=False,
            # The bytes as they are stored, so that they can be counted, resumed and checked.
            headers={"User-Agent": agent, "Accept-Encoding": "identity"},
            trust_env=not local,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def text(self, url: str) -> str:
        """A small file as text. Raises `FetchFailed` for no answer, `FetchRefused` for what may not be."""

        def read() -> str:
            with self._asked(url, {}) as response:
                self._check_status(url, response, (200,))
                body = bytearray()
                for piece in self._pieces(response):
                    body += piece
                    if len(body) > _TEXT_LIMIT:
                        raise FetchRefused(f"{url}: longer than {_TEXT_LIMIT:,} bytes; no manifest is")
                return body.decode("utf-8", "replace")

        return self._patiently(url, read, lambda: 0)

    def file(
        self,
        url: str,
        part: Path,
        *,
        size: int,
        digest: str,
        on_progress: Callable[[int], None] = lambda _: None,
    ) -> BinaryIO:
        """Fetch a file of ``size`` bytes with this SHA-256 into ``part``, going on with what is there.

        Gives the file open for reading, at its start. What arrived stays in ``part`` when the fetch fails, to
        be gone on with, unless it is not what was announced. Raises as `text` does.
        """
        part.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
        file = part.open("r+b")
        try:
            resumed = part.stat().st_size > 0
            self._fill(url, file, size, on_progress)
            found = _digest(file)
            if found != digest and resumed:  # what was there may have been of another file, or damaged
                file.truncate(0)
                self._fill(url, file, size, on_progress)
                found = _digest(file)
            if found != digest:
                file.truncate(0)
                raise FetchRefused(
                    f"{url}: what arrived is not what was published (SHA-256 {found[:16]}…, expected "
                    f"{digest[:16]}…); it was thrown away and nothing was changed. Try again, and if that "
                    f"does not help, ask for it to be published again"
                )
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file

    def _fill(self, url: str, file: BinaryIO, size: int, on_progress: Callable[[int], None]) -> None:
        """Ask for what is missing of the file until it is whole."""
        if _length(file) > size:
            file.truncate(0)

        def go_on() -> None:
            at = _length(file)
            if at == size:
                return
            with self._asked(url, {"Range": f"bytes={at}-"} if at else {}) as response:
                if response.status_code == 416 or (at and _starts_elsewhere(response, at)):
                    file.truncate(0)
                    raise httpx.RemoteProtocolError("the server cannot go on where the transfer stopped")
                self._check_status(url, response, (200, 206) if at else (200,))
                if response.status_code == 200:
                    at = 0
                    file.truncate(0)
                file.seek(at)
                for piece in self._pieces(response):
                    at += len(piece)
                    if at > size:
                        file.truncate(0)
                        raise FetchRefused(f"{url}: longer than the {size:,} bytes that were announced")
                    file.write(piece)
                    on_progress(at)
                file.flush()
            if at < size:
                raise httpx.RemoteProtocolError(f"ended after {at:,} of {size:,} bytes")

        def gained() -> int:
            file.flush()
            return _length(file)

        self._patiently(url, go_on, gained)

    def _patiently(self, url: str, work: Callable[[], T], gained: Callable[[], int]) -> T:
        """Do the work again after passing failures; attempts count only while nothing is gained."""
        failures, have = 0, gained()
        while True:
            pause = 0.0
            try:
                return work()
            except _Passing as failure:
                problem, pause = str(failure), failure.pause
            except httpx.TransportError as error:
                problem = f"{type(error).__name__}: {error}".rstrip(": ")
            now = gained()
            failures = 0 if now - have >= _LEAST else failures + 1
            have = now
            if failures >= self._patience.attempts:
                raise FetchFailed(
                    f"{url}: no answer after {self._patience.attempts} attempts; the last: {problem}. Check "
                    f"the address and the connection; what arrived is kept, and the catalogue is as it was"
                ) from None
            self._clock.sleep(max(pause, self._patience.back_off_seconds * 2 ** max(failures - 1, 0)))

    @contextmanager
    def _asked(self, url: str, headers: dict[str, str]) -> Iterator[httpx.Response]:
        """The answer to one request, after the redirects that may be followed."""
        at = url
        for _ in range(_MAX_REDIRECTS + 1):
            try:
                request = self._client.build_request("GET", at, headers=headers)
            except (httpx.InvalidURL, ValueError) as error:
                raise FetchRefused(f"{url}: {at[:200]!r} is no address: {error}") from None
            response = self._client.send(request, stream=True)
            try:
                target = response.headers.get("location")
                if response.status_code not in _REDIRECTS or not target:
                    yield response
                    return
            finally:
                response.close()
            at = self._followed(url, at, target)
        raise FetchRefused(f"{url}: more than {_MAX_REDIRECTS} redirects, last to {at}; given up")

    def _followed(self, url: str, at: str, target: str) -> str:
        """Where a redirect leads. Raises `FetchRefused` for another host, or from HTTPS to HTTP."""
        try:
            to = urljoin(at, target)
            there, here = urlsplit(to), urlsplit(url)
            host = (there.hostname or "").lower()
        except ValueError:
            raise FetchRefused(f"{url}: redirected to {target[:200]!r}, which is no address") from None
        if there.scheme not in ("http", "https") or (here.scheme == "https" and there.scheme != "https"):
            raise FetchRefused(
                f"{url}: redirected from {here.scheme} to {there.scheme or 'nothing'} ({to}); not followed, "
                f"as anybody on the way could change what arrives"
            )
        if host != (here.hostname or "").lower() and host not in self._allowed:
            raise FetchRefused(
                f"{url}: redirected to another server, {host}; not followed. If this is how it is published, "
                f"allow it with --allow-host {host}"
            )
        return to

    def _check_status(self, url: str, response: httpx.Response, expected: Collection[int]) -> None:
        status = response.status_code
        coding = response.headers.get("content-encoding", "identity").strip().lower()
        if status in expected:
            if coding not in ("", "identity"):
                raise FetchRefused(
                    f"{url}: sent with content coding {coding!r}; expected the file as it is. Switch that "
                    f"off for this folder of the server"
                )
            return
        if status == 429 or status >= 500:
            pause = retry_after(response.headers.get("retry-after"), self._clock.now())
            if pause > self._patience.longest_wait_seconds:
                raise FetchFailed(
                    f"{url}: the server asks for a pause of {pause:.0f} seconds; try again then"
                )
            raise _Passing(f"status {status}", pause)
        meaning = {401: "asks for a password", 403: "does not allow it", 404: "has nothing at this address"}
        raise FetchRefused(
            f"{url}: the server {meaning.get(status, f'answered with status {status}')}; expected a "
            f"catalogue that longlist publish wrote. The catalogue here is as it was"
        )

    def _pieces(self, response: httpx.Response) -> Iterator[bytes]:
        """The body as it comes. Raises when it comes so slowly that it might never end."""
        since, got = self._clock.monotonic(), 0
        for piece in response.iter_raw():
            yield piece
            got += len(piece)
            moment = self._clock.monotonic()
            if moment - since > self._patience.timeout_seconds:
                if got < _LEAST:
                    raise httpx.ReadTimeout(f"only {got} bytes in {moment - since:.0f} seconds")
                since, got = moment, 0


class _Passing(Exception):
    """A failure that may be over at the next attempt, after a pause in seconds."""

    def __init__(self, problem: str, pause: float) -> None:
        self.pause = pause
        super().__init__(problem)


def is_local(url: str) -> bool:
    """Whether an address is of this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def _starts_elsewhere(response: httpx.Response, at: int) -> bool:
    """Whether a part of a file was sent that is not the part asked for."""
    if response.status_code != 206:
        return False
    place = re.match(r"bytes (\d+)-", response.headers.get("content-range", ""))
    return place is None or int(place[1]) != at


def _length(file: BinaryIO) -> int:
    return file.seek(0, 2)


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = sha256()
    while piece := file.read(1024 * 1024):
        digest.update(piece)
    return digest.hexdigest()
