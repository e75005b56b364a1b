"""A large file over a connection that breaks, lies, dawdles and leads elsewhere."""

from __future__ import annotations

import random
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from catalogue.errors import FetchRefused
from scrapers.download import Downloader, Patience
from scrapers.fetch import FetchFailed
from tests.scrapers.conftest import SlowClock
from tests.static import Reply, StaticSite, cut_after, part

BODY = random.Random(1).randbytes(300_000)
DIGEST = sha256(BODY).hexdigest()


@pytest.fixture
def files() -> Iterator[StaticSite]:
    with StaticSite().serving() as site:
        site.files["/copy"] = BODY
        yield site


@pytest.fixture
def downloader(slow_clock: SlowClock) -> Iterator[Downloader]:
    with Downloader(
        "longlist/test", patience=Patience(attempts=3), clock=slow_clock.clock, local=True
    ) as one:
        yield one


def fetch(downloader: Downloader, files: StaticSite, path: Path, *, digest: str = DIGEST) -> bytes:
    with downloader.file(f"{files.url}/copy", path, size=len(BODY), digest=digest) as file:
        return file.read()


def test_a_file_arrives_whole(downloader: Downloader, files: StaticSite, tmp_path: Path) -> None:
    assert fetch(downloader, files, tmp_path / "new" / "part") == BODY
    assert files.asked == [("/copy", None)]


def test_a_broken_transfer_is_gone_on_with_where_it_stopped(
    downloader: Downloader, files: StaticSite, tmp_path: Path
) -> None:
    files.faults["/copy"] = [cut_after(100_000), cut_after(50_000)]
    assert fetch(downloader, files, tmp_path / "part") == BODY
    assert files.asked == [("/copy", None), ("/copy", "bytes=100000-"), ("/copy", "bytes=150000-")]


def test_what_an_earlier_process_left_is_gone_on_with(
    downloader: Downloader, files: StaticSite, tmp_path: Path
) -> None:
    (tmp_path / "part").write_bytes(BODY[:1234])
    assert fetch(downloader, files, tmp_path / "part") == BODY
    assert files.asked == [("/copy", "bytes=1234-")]


def test_a_file_that_is_there_already_is_not_asked_for(
    downloader: Downloader, files: StaticSite, tmp_path: Path
) -> None:
    (tmp_path / "part").write_bytes(BODY)
    assert fetch(downloader, files, tmp_path / "part") == BODY
    assert files.asked == []


def test_a_server_without_ranges_begins_anew(
    downloader: Downloader, files: StaticSite, tmp_path: Path
) -> None:
    files.faults["/copy"] = [cut_after(100_000), Reply(BODY)]
    assert fetch(downloader, files, tmp_path / "part") == BODY


@pytest.mark.parametrize(
    "answer",
    [
        Reply(b"", 416),
        Reply(BODY[7:], 206, {"Content-Range": f"bytes 7-{len(BODY) - 1}/{len(BODY)}"}),
        Reply(BODY[7:], 206),
    ],
    ids=["416", "another part", "no place"],
)
def test_a_part_that_was_not_asked_for_is_no_part(
    answer: Reply, downloader: Downloader, files: StaticSite, tmp_path: Path
) -> None:
    (tmp_path / "part").write_bytes(BODY[:1234])
    files.faults["/copy"] = [answer]
    assert fetch(downloader, files, tmp_path / "part") == BODY
    assert files.asked == [("/copy", "bytes=1234-"), ("/copy", None)]


def test_a_damaged_part_is_thrown_away_and_fetched_again(
    downloader: Downloader, files: StaticSite, tmp_path: Path
) -> None:
    (tmp_path / "part").write_bytes(b"x" * 1234)
    assert fetch(downloader, files, tmp_path / "part") == BODY
    assert files.asked == [("/copy", "bytes=1234-"), ("/copy", None)]


def test_a_part_that_is_too_long_is_thrown_away(
    downloader: Downloader, files: StaticSite, tmp_path: Path
) -> None:
    (tmp_path / "part").write_bytes(BODY + b"x")
    assert fetch(downloader, files, tmp_path / "part") == BODY


def test_what_is_not_what_was_published_is_refused_and_not_kept(
    downloader: Downloader, files: StaticSite, tmp_path: Path
) -> None:
    with pytest.raises(FetchRefused, match="not what was published"):
        fetch(downloader, files, tmp_path / "part", digest="0" * 64)
    assert (tmp_path / "part").stat().st_size == 0


def test_more_than_was_announced_is_refused(
    downloader: Downloader, files: StaticSite, tmp_path: Path
) -> None:
    files.files["/copy"] = BODY + b"x" * 5_000_000
    with pytest.raises(FetchRefused, match="longer than the 300,000 bytes"):
        fetch(downloader, files, tmp_path / "part")
    assert (tmp_path / "part").stat().st_size <= len(BODY)


def test_attempts_count_only_while_nothing_is_gained(
    downloader: Downloader, files: StaticSite, tmp_path: Path
) -> None:
    files.faults["/copy"] = [cut_after(20_000)] * 12
    assert fetch(downloader, files, tmp_path / "part") == BODY


def test_a_connection_that_brings_nothing_is_given_up_and_what_arrived_is_kept(
    downloader: Downloader, files: StaticSite, tmp_path: Path, slow_clock: SlowClock
) -> None:
    files.faults["/copy"] = [cut_after(100_000), *[cut_after(10)] * 9]
    with pytest.raises(FetchFailed, match="no answer after 3 attempts"):
        fetch(downloader, files, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == BODY[:100_030]
    assert slow_clock.slept == [1.0, 1.0, 2.0]


def test_a_server_at_its_limit_is_waited_for(
    downloader: Downloader, files: StaticSite, tmp_path: Path, slow_clock: SlowClock
) -> None:
    files.faults["/copy"] = [Reply(b"", 429, {"Retry-After": "60"}), Reply(b"", 503)]
    assert fetch(downloader, files, tmp_path / "part") == BODY
    assert slow_clock.slept == [60.0, 2.0]


def test_a_pause_that_is_too_long_is_told(downloader: Downloader, files: StaticSite, tmp_path: Path) -> None:
    files.faults["/copy"] = [Reply(b"", 429, {"Retry-After": "3600"})]
    with pytest.raises(FetchFailed, match="a pause of 3600 seconds"):
        fetch(downloader, files, tmp_path / "part")


@pytest.mark.parametrize(
    ("status", "words"), [(404, "has nothing"), (403, "does not allow"), (401, "password")]
)
def test_an_address_without_the_file_is_told_at_once(
    status: int, words: str, downloader: Downloader, files: StaticSite, tmp_path: Path
) -> None:
    files.faults["/copy"] = [Reply(b"", status)]
    with pytest.raises(FetchRefused, match=words):
        fetch(downloader, files, tmp_path / "part")
    assert len(files.asked) == 1


def test_a_coding_on_the_way_is_refused(downloader: Downloader, files: StaticSite, tmp_path: Path) -> None:
    files.faults["/copy"] = [Reply(BODY, headers={"Content-Encoding": "gzip"})]
    with pytest.raises(FetchRefused, match="content coding 'gzip'"):
        fetch(downloader, files, tmp_path / "part")


def test_nobody_there_is_told_in_words(downloader: Downloader, tmp_path: Path) -> None:
    with StaticSite().serving() as gone:
        url = gone.url
    with pytest.raises(FetchFailed, match="Check the address and the connection"):
        downloader.text(f"{url}/catalogue.json")


def test_a_manifest_without_end_is_refused(downloader: Downloader, files: StaticSite) -> None:
    files.files["/catalogue.json"] = b" " * 2_000_000
    with pytest.raises(FetchRefused, match="longer than"):
        downloader.text(f"{files.url}/catalogue.json")


def answering(answers: dict[str, tuple[int, str]], asked: list[str]) -> httpx.MockTransport:
    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        status, target = answers.get(str(request.url), (200, ""))
        headers = {"Location": target} if target else {}
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(b"ok"))

    return httpx.MockTransport(handle)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("https://elsewhere.example/x", "another server, elsewhere.example"),
        ("http://team.example/x", "from https to http"),
        ("//elsewhere.example/x", "another server"),
        ("https://team.example@elsewhere.example/x", "another server, elsewhere.example"),
        ("file:///etc/passwd", "from https to file"),
        ("http://[", "no address"),
        ("/a", "more than 5 redirects"),
    ],
)
def test_redirects_that_lead_astray_are_not_followed(target: str, words: str) -> None:
    asked: list[str] = []
    answers = {"https://team.example/a": (302, target)}
    with (
        Downloader("longlist/test", transport=answering(answers, asked)) as downloader,
        pytest.raises(FetchRefused, match=words),
    ):
        downloader.text("https://team.example/a")
    assert {httpx.URL(url).host for url in asked} == {"team.example"}


@pytest.mark.parametrize(
    "target", ["https://store.example/x?signature=1", "/elsewhere", "https://team.example:8443/x"]
)
def test_redirects_to_the_same_or_an_allowed_server_are_followed(target: str) -> None:
    answers = {"https://team.example/a": (307, target)}
    with Downloader(
        "longlist/test", transport=answering(answers, []), allowed_hosts=("Store.example",)
    ) as downloader:
        assert downloader.text("https://team.example/a") == "ok"


def test_bytes_that_dawdle_are_given_up(slow_clock: SlowClock, tmp_path: Path) -> None:
    class Dawdling(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                slow_clock.moment += 20.0
                yield b"x"

    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Dawdling()))
    with (
        Downloader(
            "longlist/test", transport=transport, clock=slow_clock.clock, patience=Patience(attempts=2)
        ) as downloader,
        pytest.raises(FetchFailed, match="only 2 bytes in 40 seconds"),
    ):
        downloader.file("https://team.example/a", tmp_path / "part", size=1000, digest=DIGEST)


def test_the_server_of_the_tests_answers_ranges_as_servers_do() -> None:
    assert part(b"abc", "bytes=1-").body == b"bc"
    assert part(b"abc", "bytes=3-").status == 416
