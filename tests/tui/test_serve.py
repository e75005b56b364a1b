"""The interface in a browser: who may come in, and a whole visit in a real one where there is one."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock
from urllib.error import HTTPError

import pytest

from catalogue.errors import UsageError
from tests.browser import browser, chromium
from tests.interface import NOON
from tui.commands.demo import build_sample
from tui.commands.edge import ExitCode, Settings
from tui.commands.main import run
from tui.commands.paths import default_paths, remembered_in
from tui.serving.doors import Doors, is_loopback, origin_of

PROXY = "https://longlist.council.example"


class TestDoors:
    @pytest.mark.parametrize("asked", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "LOCALHOST"])
    def test_a_server_on_loopback_goes_by_the_names_of_this_machine(self, asked: str) -> None:
        assert Doors("127.0.0.1").refusal({"Host": asked}, visit=False) is None

    @pytest.mark.parametrize("asked", ["evil.example", "127.0.0.1.evil.example:8000", "", "[", "localhost@x"])
    def test_it_goes_by_no_other_name(self, asked: str) -> None:
        refusal = Doors("127.0.0.1").refusal({"Host": asked}, visit=False)
        assert refusal is not None
        assert "does not go by the name" in refusal

    @pytest.mark.parametrize(
        ("origin", "comes_in"),
        [
            ("http://127.0.0.1:8000", True),
            ("http://127.0.0.1:9000", False),  # another program's page on this machine
            ("https://evil.example", False),
            ("null", False),
            ("", False),
        ],
    )
    def test_a_visit_begins_on_its_own_page_alone(self, origin: str, comes_in: bool) -> None:
        headers = {"Host": "127.0.0.1:8000", "Origin": origin}
        assert (Doors("127.0.0.1").refusal(headers, visit=True) is None) is comes_in

    def test_behind_a_proxy_a_visit_comes_from_the_proxys_page(self) -> None:
        doors = Doors("127.0.0.1", PROXY)
        asked_by_proxy = {"Host": "127.0.0.1:8000", "Origin": PROXY}
        assert doors.refusal(asked_by_proxy, visit=True) is None
        assert doors.refusal({**asked_by_proxy, "Host": "longlist.council.example"}, visit=True) is None
        assert doors.refusal({**asked_by_proxy, "Origin": "https://evil.example"}, visit=True) is not None

    def test_a_server_for_every_network_goes_by_any_name(self) -> None:
        assert Doors("0.0.0.0").refusal({"Host": "fenmoor-7:8000"}, visit=False) is None

    @pytest.mark.parametrize("name", ["", "   ", "x" * 101, "Ines\x1b[31m", "Ines\u202e"])
    def test_nobody_comes_in_without_the_name_that_a_proxy_gives(self, name: str) -> None:
        doors = Doors("127.0.0.1", PROXY, "X-Remote-User")
        refusal = doors.refusal({"Host": "127.0.0.1", "X-Remote-User": name}, visit=False)
        assert refusal is not None
        assert "X-Remote-User" in refusal

    def test_a_name_may_have_letters_of_any_language(self) -> None:
        sent = "Zoë Nwạkụ".encode().decode("latin-1")
        assert Doors("127.0.0.1", PROXY, "X-User").actor({"X-User": f" {sent} "}) == "Zoë Nwạkụ"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *((host, True) for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost")),
        *((host, False) for host in ("0.0.0.0", "::", "192.0.2.7", "localhost.evil.example", "")),
    ],
)
def test_which_hosts_are_this_machine_alone(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_the_origin_of_an_address_is_what_a_browser_sends() -> None:
    assert origin_of("HTTPS://Longlist.Council.example:443/") == PROXY
    assert origin_of("http://[::1]:81") == "http://[::1]:81"


@pytest.mark.parametrize(
    "url",
    ["longlist.council.example", "ftp://x.example", f"{PROXY}/longlist", "https://", "https://x:y", "//x"],
)
def test_an_address_that_is_no_site_of_its_own_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="a site of its own"):
        origin_of(url)


class TestCommand:
    @pytest.fixture
    def sample(self, tmp_path: Path) -> Path:
        path = tmp_path / 'it\'s a "catalogue" & more $HOME.db'
        build_sample(path, at=NOON)
        return path

    def test_another_host_must_be_meant(self, sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["serve", "--db", str(sample), "--host", "0.0.0.0"]) == ExitCode.USAGE
        said = capsys.readouterr().err
        assert "--expose" in said
        assert "docs/serving.md" in said

    def test_exposing_it_warns_of_what_others_can_do(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        absent = str(tmp_path / "none.db")
        assert run(["serve", "--db", absent, "--host", "0.0.0.0", "--expose"]) == ExitCode.FAILED
        said = capsys.readouterr().err
        assert said.startswith("Warning: whoever reaches port 8000 of this machine can use Longlist")
        assert "none.db" in said

    def test_names_come_from_a_proxy_that_is_named(
        self, sample: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["serve", "--db", str(sample), "--actor-header", "X-User"]) == ExitCode.USAGE
        assert "--public-url" in capsys.readouterr().err

    def test_without_the_extra_it_says_what_to_install(
        self, sample: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tui.commands.serve.find_spec", lambda _name: None)
        assert run(["serve", "--db", str(sample)]) == ExitCode.FAILED
        assert "uv tool install '.[serve]'" in capsys.readouterr().err

    def test_a_port_in_use_is_told(self, sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
        server = pytest.importorskip("tui.serving.server", reason="the extra serve is not installed")
        with server.listen("127.0.0.1", 0) as taken:
            port = taken.getsockname()[1]
            assert run(["serve", "--db", str(sample), "--port", str(port)]) == ExitCode.FAILED
        assert f"port {port}" in capsys.readouterr().err


class TestNames:
    @pytest.fixture(autouse=True)
    def started_by(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LONGLIST_ACTOR", "Whoever started it")

    @staticmethod
    def environment(tmp_path: Path, doors: Doors, actor: str | None) -> dict[str, str]:
        """What the process of a visitor is given."""
        server = pytest.importorskip("tui.serving.server", reason="the extra serve is not installed")
        made = server.LonglistServer(server.Offer(Settings(db=tmp_path / "c.db"), doors, 0, 1))
        visit = server.Visit(made.arguments(), made.environment(actor), Mock(), Mock())
        found: dict[str, str] = visit._build_environment(80, 24)
        return found

    def test_at_this_machine_alone_the_name_is_that_of_whoever_started_it(self, tmp_path: Path) -> None:
        assert self.environment(tmp_path, Doors("127.0.0.1"), None)["LONGLIST_ACTOR"] == "Whoever started it"

    def test_behind_a_proxy_it_is_the_one_who_signed_on(self, tmp_path: Path) -> None:
        doors = Doors("127.0.0.1", PROXY, "X-Remote-User")
        assert self.environment(tmp_path, doors, "Ines Tolland")["LONGLIST_ACTOR"] == "Ines Tolland"

    @pytest.mark.parametrize("doors", [Doors("127.0.0.1", PROXY), Doors("0.0.0.0")])
    def test_visitors_without_a_name_do_not_work_in_somebody_elses(
        self, tmp_path: Path, doors: Doors
    ) -> None:
        assert "LONGLIST_ACTOR" not in self.environment(tmp_path, doors, None)

    def test_what_one_visitor_leaves_no_other_finds(self, tmp_path: Path) -> None:
        doors = Doors("127.0.0.1", PROXY, "X-Remote-User")
        ines, rowan, again = (
            self.environment(tmp_path, doors, name)["LONGLIST_STATE"]
            for name in ("Ines Tolland", "../Rowan/Pell", "Ines Tolland")
        )
        assert ines == again != rowan
        assert Path(rowan).parent == tmp_path / "longlist-home" / "visitors"

    @pytest.mark.parametrize(
        ("doors", "remembered"),
        [(Doors("127.0.0.1"), True), (Doors("127.0.0.1", PROXY), False), (Doors("0.0.0.0"), False)],
    )
    def test_nothing_is_remembered_of_visitors_without_a_name(
        self, tmp_path: Path, doors: Doors, remembered: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given = self.environment(tmp_path, doors, None)
        monkeypatch.setattr(os, "environ", given)
        paths = default_paths()
        assert remembered_in(paths) == (paths.state if remembered else None)

    def test_a_page_is_drawn_although_the_servers_terminal_is_plain(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LONGLIST_PLAIN", "1")
        assert "LONGLIST_PLAIN" not in self.environment(tmp_path, Doors("127.0.0.1"), None)

    def test_it_knows_catalogue_and_home(self, tmp_path: Path, own_home: Path) -> None:
        given = self.environment(tmp_path, Doors("127.0.0.1"), None)
        assert given["LONGLIST_DB"] == str(tmp_path / "c.db")
        assert given["LONGLIST_HOME"] == str(own_home)


class TestServer:
    @pytest.fixture
    def url(self, tmp_path: Path, root: Path) -> Iterator[str]:
        """A server of the sample in a process of its own, stopped as a service is."""
        pytest.importorskip("textual_serve", reason="the extra serve is not installed")
        folder = tmp_path / 'it\'s a "folder" & more $HOME'
        folder.mkdir()
        build_sample(folder / "sample.db", at=NOON)
        process = subprocess.Popen(
            [sys.executable, "-m", "tui", "serve", "--db", "sample.db", "--port", "0", "--visitors", "1"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(root), "NO_PROXY": "*"},
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stderr is not None
            said = process.stderr.readline()
            assert "http://" in said, said
            yield said.split()[-1]
            process.send_signal(signal.SIGTERM)
            _, rest = process.communicate(timeout=60)
            assert process.returncode == 0, rest
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()

    def test_its_page_loads_nothing_from_elsewhere(self, url: str) -> None:
        with urllib.request.urlopen(url) as answer:
            page = answer.read().decode()
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "https://" not in page
        assert "//fonts" not in page

    def test_it_does_not_answer_to_the_name_of_somebody_elses_site(self, url: str) -> None:
        request = urllib.request.Request(url, headers={"Host": "evil.example"})
        with pytest.raises(HTTPError) as refused:
            urllib.request.urlopen(request)
        refused.value.close()
        assert refused.value.code == 403

    def test_a_visit_in_a_browser(self, url: str, tmp_path: Path) -> None:
        program = chromium()
        if program is None:
            pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
        downloads = tmp_path / "downloads"

        async def visit() -> tuple[list[str], str]:
            async with browser(program, tmp_path / "browser") as page:
                await page.open(url)
                await page.until_shown("66 services", "1 of 5: Search")  # a first visit begins with the tour
                await page.until_still()
                await page.key("Escape", code=27)
                await page.until_gone("1 of 5: Search")
                await page.type("norhtgate revs")  # no click first: the terminal has the keyboard
                await page.until_shown(
                    "Assumed you meant northgate", "Ferrantine Revenues and Benefits Cloud"
                )
                await page.download_to(downloads)
                await page.until_still()
                await page.key("ArrowDown", code=40)
                await page.until_shown("space Mark")
                await page.key("Enter", code=13)
                await page.until_shown("s Summary", "Turnpike Revenues Consulting Ltd")
                await page.until_still()
                await page.type("v")  # its tab of evidence, which a profile would fill
                await page.until_shown("profile")
                await page.until_still()
                await page.type(" ")
                await page.until_shown("★ 1")
                await page.key("Escape", code=27)
                await page.until_shown("Assumed you meant northgate")
                await page.type("3")
                await page.until_shown("Capita Academy", "e exports it")
                await page.type("e")
                await page.until_shown("Download")
                while "Download" in await page.until_still():  # from the formats to the name, and on
                    await page.key("Enter", code=13)
                written = (await page.downloaded(downloads / "shortlist.csv")).decode("utf-8-sig")
                with pytest.raises(HTTPError) as full:  # one visitor at a time is what this server takes
                    await asyncio.to_thread(urllib.request.urlopen, url)
                assert full.value.code == 503
                assert b"in use by 1" in full.value.read()
                full.value.close()
                await page.key("q", code=81, control=True)
                await page.until("document.body.classList.contains('-closed')")
                return page.asked, written

        asked, written = asyncio.run(visit())
        assert [address for address in asked if url.removeprefix("http://") not in address] == []
        assert "Capita Academy" in written
