"""``longlist publish`` into a folder, any static server before it, ``longlist pull`` on another machine."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue.manifest import MANIFEST
from catalogue.records import FrameworkRef, LotRef, ServiceRecord, SupplierRef
from catalogue.runs import RunKey
from db.catalogue import open_catalogue
from db.ingest import ingest
from db.projects import ProjectStore
from db.reading import summary
from db.runs import RunLog
from scrapers.fetch import Clock
from tests.static import Reply, StaticSite, cut_after
from tests.tui.commands.conftest import Command, Told

SEEN = datetime(2026, 11, 20, 3, 10, tzinfo=UTC)


def service(number: int, name: str = "Forms") -> ServiceRecord:
    return ServiceRecord(
        id=str(number),
        framework=FrameworkRef("g-cloud-15"),
        lot=LotRef("saas"),
        supplier=SupplierRef(name="Tidewater Ltd"),
        name=f"{name} {number}",
    )


def fill(path: Path, *records: ServiceRecord, at: datetime = SEEN) -> None:
    with open_catalogue(path, create=True) as catalogue:
        ingest(catalogue, records, at=at)


class Team:
    """A catalogue that is published into a folder, and a server before the folder."""

    def __init__(self, command: Command, folder: Path, site: StaticSite) -> None:
        self.command, self.folder, self.site = command, folder, site
        self.db = folder.parent / "team.db"
        fill(self.db, *map(service, range(1, 41)))

    def publish(self) -> Told:
        told = self.command("publish", self.folder, db=self.db.name)
        self.serve()
        return told

    def serve(self) -> None:
        self.site.files = {f"/catalogue/{path.name}": path.read_bytes() for path in self.folder.iterdir()}

    @property
    def url(self) -> str:
        return f"{self.site.url}/catalogue/"

    @property
    def manifest(self) -> dict[str, object]:
        found: dict[str, object] = json.loads((self.folder / MANIFEST).read_bytes())
        return found

    @property
    def path(self) -> str:
        """Of the packed copy on the server."""
        return f"/catalogue/{self.manifest['file']}"

    def change_manifest(self, **changes: object) -> None:
        self.site.files[f"/catalogue/{MANIFEST}"] = json.dumps(self.manifest | changes).encode()


@pytest.fixture
def team(command: Command, tmp_path: Path) -> Iterator[Team]:
    with StaticSite().serving() as site:
        yield Team(command, tmp_path / "www", site)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrapers.download.Clock", lambda: Clock(sleep=lambda _seconds: None))


def digest(path: Path) -> str:
    with open_catalogue(path, read_only=True) as catalogue:
        return summary(catalogue).digest


class TestPublish:
    def test_it_writes_a_copy_and_a_manifest_that_says_what_it_is(self, team: Team) -> None:
        told = team.publish()
        assert told.status == 0
        assert "40 services published" in told.err
        packed = team.folder / str(team.manifest["file"])
        assert packed.stat().st_size == team.manifest["size"]
        assert team.manifest["catalogue"] == {
            "digest": digest(team.db),
            "services": 40,
            "live": 40,
            "newest": "2026-11-20T03:10:00Z",
        }
        assert sorted(path.name for path in team.folder.iterdir()) == [packed.name, MANIFEST]
        assert packed.stat().st_mode & 0o777 == (team.folder / MANIFEST).stat().st_mode & 0o777

    def test_the_manifest_is_printed_as_json(self, team: Team) -> None:
        told = team.command("publish", team.folder, "--json", db="team.db")
        assert json.loads(told.out) == team.manifest

    def test_the_copy_before_stays_for_those_who_are_fetching_it(self, team: Team) -> None:
        files = []
        for number in (41, 42, 43):
            team.publish()
            files.append(team.manifest["file"])
            fill(team.db, service(number))
        assert sorted(path.name for path in team.folder.iterdir()) == sorted([*map(str, files[1:]), MANIFEST])

    def test_the_same_catalogue_is_the_same_copy(self, team: Team) -> None:
        team.publish()
        before = team.manifest
        team.publish()
        assert team.manifest["sha256"] == before["sha256"]

    def test_an_empty_catalogue_is_not_published(self, command: Command, tmp_path: Path) -> None:
        open_catalogue(tmp_path / "empty.db", create=True).close()
        told = command("publish", tmp_path / "www", db="empty.db")
        assert told.status == 1
        assert "nothing to publish" in told.err
        assert not (tmp_path / "www").exists()

    def test_nothing_private_is_left_in_the_cache(self, team: Team, own_home: Path) -> None:
        team.publish()
        assert list((own_home / "cache").iterdir()) == []


class TestPull:
    def test_a_second_machine_gets_the_catalogue(self, team: Team, tmp_path: Path, own_home: Path) -> None:
        team.publish()
        told = team.command("pull", team.url)
        assert told.status == 0
        assert "40 new, 0 changed, 0 as before" in told.err
        assert digest(tmp_path / "catalogue.db") == digest(team.db)
        assert list((own_home / "cache" / "pull").iterdir()) == []
        assert "40 live" in team.command("health").out

    def test_the_address_may_be_the_manifest_and_is_remembered(self, team: Team) -> None:
        team.publish()
        assert team.command("pull", f"{team.url}{MANIFEST}").status == 0
        fill(team.db, service(1, "Renamed"), at=SEEN.replace(day=21))
        team.publish()
        told = team.command("pull")
        assert told.status == 0
        assert "0 new, 1 changed, 39 as before" in told.err
        assert "name was “Forms 1”, now “Renamed 1”" in team.command("changes").out

    def test_a_copy_that_is_here_already_is_not_fetched_again(self, team: Team) -> None:
        team.publish()
        team.command("pull", team.url)
        team.site.asked.clear()
        told = team.command("pull", team.url, "--json")
        assert told.status == 0
        assert json.loads(told.out)["taken"] is None
        assert [path for path, _ in team.site.asked] == [f"/catalogue/{MANIFEST}"]

    def test_a_transfer_that_broke_is_gone_on_with_by_the_next_pull(self, team: Team) -> None:
        team.publish()
        team.site.faults[team.path] = [cut_after(2000), *[cut_after(0)] * 9]
        told = team.command("pull", team.url)
        assert told.status == 1
        assert "the catalogue is as it was" in told.err
        team.site.faults.clear()
        team.site.asked.clear()
        assert team.command("pull", team.url).status == 0
        assert (team.path, "bytes=2000-") in team.site.asked

    def test_what_killed_pulls_left_long_ago_is_removed(self, team: Team, own_home: Path) -> None:
        folder = own_home / "cache" / "pull"
        for name, days in (("unpacked-old", 2), ("unpacked-new", 0), ("old.part", 15), ("new.part", 2)):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.mkdir() if name.startswith("unpacked") else path.touch()
            moment = datetime.now(UTC).timestamp() - days * 86_400
            os.utime(path, (moment, moment))
        team.publish()
        assert team.command("pull", team.url).status == 0
        assert sorted(path.name for path in folder.iterdir()) == ["new.part", "unpacked-new"]

    def test_projects_stay_and_their_changed_services_are_flagged(self, team: Team, tmp_path: Path) -> None:
        team.publish()
        team.command("pull", team.url)
        with open_catalogue(tmp_path / "catalogue.db") as mine:
            store = ProjectStore(mine, clock=lambda: SEEN.replace(hour=9))
            store.create("forms")
            store.mark("forms", "7")
        fill(team.db, service(7, "Renamed"), at=SEEN.replace(day=21))
        team.publish()
        assert team.command("pull").status == 0
        assert "changed since, 2026-11-21: name was" in team.command("project", "show", "forms").out

    def test_whoever_has_the_catalogue_open_goes_on(self, team: Team, tmp_path: Path) -> None:
        fill(tmp_path / "catalogue.db", service(99))
        team.publish()
        with open_catalogue(tmp_path / "catalogue.db", read_only=True) as reader:
            assert summary(reader).services == 1
            assert team.command("pull", team.url).status == 0
            assert summary(reader).services == 41
            with open_catalogue(tmp_path / "catalogue.db") as writer:
                ProjectStore(writer).create("forms")
            assert [project.name for project in ProjectStore(reader).list()] == ["forms"]

    def test_a_run_at_work_is_not_disturbed(self, team: Team, tmp_path: Path) -> None:
        team.publish()
        fill(tmp_path / "catalogue.db", service(99))
        with open_catalogue(tmp_path / "catalogue.db") as mine:
            RunLog(mine).begin(RunKey("x", "x", "x"), at=datetime.now(UTC), resume_since=None)
        assert team.command("pull", team.url).status == 5

    @pytest.mark.parametrize(
        ("changes", "status", "words"),
        [
            ({"sha256": "0" * 64}, 4, "another SHA-256"),
            ({"file": "../../etc/passwd"}, 4, "longlist publish wrote"),
            ({"file": "https://elsewhere.example/catalogue-0000000000000000.db.xz"}, 4, "longlist publish"),
            ({"size": 0}, 4, "a size of 0 bytes"),
            ({"size": "large"}, 4, "expected the catalogue.json"),
            ({"format": 2}, 1, "a newer version of Longlist (format 2"),
            ({"format": 2, "size": None}, 1, "a newer version of Longlist (format 2"),
            ({"schema": ["m0999_future"]}, 1, "change m0999_future"),
            ({"unpacked": 10**15}, 1, "no catalogue does"),
            ({"size": 10**15, "unpacked": 10**15}, 1, "are free"),
            ({"unpacked": 5000}, 1, "unpacks to more than the 5,000 bytes"),
            ({"unpacked": 10**6}, 1, "not to the 1,000,000"),
        ],
    )
    def test_a_manifest_that_is_wrong_or_lies_changes_nothing(
        self, changes: dict[str, object], status: int, words: str, team: Team, tmp_path: Path
    ) -> None:
        team.publish()
        team.change_manifest(**changes)
        told = team.command("pull", team.url)
        assert told.status == status
        assert words in told.err
        assert not (tmp_path / "catalogue.db").exists()

    def test_a_page_for_signing_in_is_no_manifest(self, team: Team) -> None:
        team.site.files[f"/catalogue/{MANIFEST}"] = b"<!doctype html><h1>Sign in</h1>"
        told = team.command("pull", team.url)
        assert told.status == 4
        assert "the address of the folder" in told.err

    def test_a_copy_that_is_another_file_is_refused(self, team: Team, tmp_path: Path) -> None:
        team.publish()
        team.site.files[team.path] = b"x" * int(str(team.manifest["size"]))
        told = team.command("pull", team.url)
        assert told.status == 1
        assert "not what was published" in told.err
        assert not (tmp_path / "catalogue.db").exists()

    def test_a_redirect_to_another_server_needs_leave(self, team: Team) -> None:
        team.publish()
        moved = Reply(b"", 302, {"Location": f"http://localhost:1/{MANIFEST}"})
        team.site.faults[f"/catalogue/{MANIFEST}"] = [moved]
        told = team.command("pull", team.url)
        assert told.status == 1
        assert "--allow-host localhost" in told.err

    def test_nobody_at_the_address_is_told_in_words(self, team: Team) -> None:
        with StaticSite().serving() as gone:
            url = gone.url
        told = team.command("pull", url)
        assert told.status == 1
        assert "Check the address and the connection" in told.err
        assert "Traceback" not in told.err

    def test_an_address_without_a_catalogue_is_told(self, team: Team) -> None:
        told = team.command("pull", f"{team.site.url}/elsewhere")
        assert told.status == 1
        assert "has nothing at this address" in told.err

    @pytest.mark.parametrize(
        ("url", "words"),
        [
            ("catalogue.db", "expected the address"),
            ("ftp://team.example/x", "expected the address"),
            ("https://", "expected the address"),
            ("https://me:secret@team.example/", "user name or password"),
            ("https://team.example/?x=1", "without ? or #"),
            ("https://team.example:99999/", "expected the address"),
        ],
    )
    def test_what_is_no_address_is_wrong_usage(self, url: str, words: str, team: Team) -> None:
        told = team.command("pull", url)
        assert told.status == 2
        assert words in told.err

    def test_without_an_address_there_must_have_been_one(self, team: Team) -> None:
        assert team.command("pull").status == 2
        assert team.command("pull", db="team.db").status == 2
