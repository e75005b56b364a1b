"""Unattended commands: what they said is in the log, and somebody hears of a failure."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scrapers.fetch import FetchFailed
from scrapers.webhook import post_json
from tests.loopback import Marketplace, marketplace_of
from tests.static import Reply, StaticSite
from tests.tui.commands.conftest import Command
from tests.tui.commands.test_scrape import RECORDS
from tui.commands.log import log_entry


@pytest.fixture
def site() -> Iterator[Marketplace]:
    with marketplace_of(RECORDS).serving() as serving:
        yield serving


@pytest.fixture
def hook() -> Iterator[StaticSite]:
    with StaticSite().serving() as serving:
        serving.files["/hook"] = b"ok"
        yield serving


@pytest.fixture
def log(own_home: Path) -> Path:
    return own_home / "longlist.log"


def scraped(command: Command, site: Marketplace, *more: object) -> int:
    arguments = ("scrape", "--base-url", site.url, "--scope", "all", "--delay", 0, *more)
    return command(*arguments).status


def note_to(path: Path, status: int = 0) -> str:
    """A command that writes what it is given to a file."""
    program = (
        "import os, sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read()); "
        "print(os.environ['LONGLIST_STATUS']); sys.exit(int(sys.argv[2]))"
    )
    return shlex.join([sys.executable, "-c", program, str(path), str(status)])


def close(site: Marketplace) -> None:
    """From now on the marketplace shows something else."""
    for path in [path for path in site.answers if path.startswith("/g-cloud/")]:
        site.answers.pop(path)


def test_what_a_run_said_is_in_the_log_from_begin_to_end(
    command: Command, site: Marketplace, log: Path
) -> None:
    assert scraped(command, site) == 0
    lines = log.read_text("utf-8").splitlines()
    assert "scrape begins, catalogue" in lines[0]
    assert any("Run 1 finished: 4 service pages answered" in line for line in lines)
    assert lines[-1].endswith("scrape ends with status 0")
    assert all(line[:2] == "20" and "longlist[" in line for line in lines)


def test_the_log_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.commands.log._MOST_BYTES", 1000)
    log = tmp_path / "logs" / "longlist.log"
    for number in range(200):
        assert log_entry(log, f"entry {number} {'x' * 80}")
    files = list(log.parent.iterdir())
    assert len(files) == 6
    assert max(path.stat().st_size for path in files) <= 1000
    assert "entry 199" in log.read_text("utf-8")


def test_a_log_that_cannot_be_written_stops_nothing(command: Command, site: Marketplace, log: Path) -> None:
    log.mkdir(parents=True)
    assert not log_entry(log, "x")
    assert scraped(command, site) == 0


def test_a_webhook_hears_of_a_failure_with_the_report(
    command: Command, site: Marketplace, hook: StaticSite
) -> None:
    close(site)
    assert scraped(command, site, "--webhook", f"{hook.url}/hook") == 4
    (posted,) = map(json.loads, hook.posted)
    assert (posted["command"], posted["status"]) == ("scrape", 4)
    assert posted["text"].startswith("longlist scrape on ")
    assert "ended with status 4: " in posted["text"]
    assert "\n" not in posted["text"]
    assert posted["run"]["run"] == 1
    assert any("The listing has moved" in line for line in posted["said"])


def test_nobody_is_told_of_a_run_that_went_well_or_in_part(
    command: Command, site: Marketplace, hook: StaticSite
) -> None:
    assert scraped(command, site, "--webhook", f"{hook.url}/hook") == 0
    site.answers.pop(f"/g-cloud/services/{RECORDS[0].id}")
    scraped(command, site, "--webhook", f"{hook.url}/hook")
    assert hook.posted == []


def test_wrong_usage_and_a_lock_are_failures_of_a_schedule(command: Command, hook: StaticSite) -> None:
    asked = ("scrape", "--base-url", "https://marketplace.example", "--webhook", f"{hook.url}/hook")
    assert command(*asked).status == 2
    (posted,) = map(json.loads, hook.posted)
    assert "LONGLIST_CONTACT" in posted["text"]
    assert posted["run"] is None


def test_a_command_gets_the_report_on_its_standard_input(
    command: Command, site: Marketplace, tmp_path: Path
) -> None:
    close(site)
    assert scraped(command, site, "--on-failure", note_to(tmp_path / "note.json")) == 4
    assert json.loads((tmp_path / "note.json").read_text("utf-8"))["status"] == 4


def test_who_is_told_may_be_in_the_settings_file(
    command: Command, site: Marketplace, hook: StaticSite, own_home: Path, tmp_path: Path
) -> None:
    own_home.mkdir()
    note = note_to(tmp_path / "note.json")
    settings = f"webhook = {json.dumps(hook.url + '/hook')}\non_failure = {json.dumps(note)}\n"
    (own_home / "settings.toml").write_text(settings, encoding="utf-8")
    close(site)
    assert scraped(command, site) == 4
    assert len(hook.posted) == 1
    assert (tmp_path / "note.json").exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--webhook", "{hook}/gone"), "the webhook at 127.0.0.1 answered with status 404"),
        (("--webhook", "not an address"), "the webhook is no address"),
        (("--on-failure", "no-such-command-anywhere"), "could not be run"),
        (("--on-failure", "'unfinished"), "could not be run"),
        (("--on-failure", ""), ""),
        (("--on-failure", f"{sys.executable} -c 'raise SystemExit(7)'"), "ended with status 7"),
    ],
)
def test_a_message_that_cannot_be_delivered_changes_nothing_and_is_logged(
    more: tuple[str, ...], words: str, command: Command, site: Marketplace, hook: StaticSite, log: Path
) -> None:
    close(site)
    assert scraped(command, site, *(part.format(hook=hook.url) for part in more)) == 4
    assert words in log.read_text("utf-8")


def test_a_secret_in_the_address_of_a_webhook_is_not_told(hook: StaticSite) -> None:
    hook.faults["/secret"] = [Reply(b"", 302, {"Location": f"{hook.url}/hook"})]
    with pytest.raises(FetchFailed, match="status 302") as failure:
        post_json(f"{hook.url}/secret", {"text": "x"}, agent="longlist/test")
    assert "secret" not in str(failure.value)
    assert len(hook.posted) == 1


def test_a_pull_is_watched_too(command: Command, hook: StaticSite) -> None:
    assert command("pull", f"{hook.url}/none", "--webhook", f"{hook.url}/hook").status == 1
    assert len(hook.posted) == 1


def test_data_on_standard_output_is_not_mixed_with_what_a_command_prints(
    command: Command, site: Marketplace, tmp_path: Path
) -> None:
    close(site)
    told = command(
        *("scrape", "--base-url", site.url, "--scope", "all", "--delay", 0, "--json"),
        *("--on-failure", note_to(tmp_path / "note.json")),
    )
    assert json.loads(told.out)["listing_moved"] is True
