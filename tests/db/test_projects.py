"""Projects and marks live in the catalogue's file and outlast what happens to the services."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from catalogue.errors import CatalogueError, ProfileError, UsageError
from catalogue.records import FrameworkRef, LotRef, ServiceRecord, SupplierRef, record_digest
from db.catalogue import Catalogue, open_catalogue
from db.ingest import ingest
from db.projects import ProjectStore

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PROFILE = '[organisation]\nname = "Fenmoor District Council"\n'


def service(id: str, **changes: object) -> ServiceRecord:
    made = ServiceRecord(
        id=id,
        framework=FrameworkRef("g-cloud-15"),
        lot=LotRef("saas"),
        supplier=SupplierRef(name="Tidewater Ltd"),
        name=f"Tidewater {id}",
    )
    return msgspec.structs.replace(made, **changes)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with open_catalogue(tmp_path / "catalogue.db", create=True) as made:
        ingest(made, [service("1"), service("2"), service("3")], at=NOON)
        yield made


@pytest.fixture
def store(catalogue: Catalogue) -> ProjectStore:
    times = iter(NOON + timedelta(minutes=minute) for minute in range(100))
    return ProjectStore(catalogue, clock=lambda: next(times))


@pytest.fixture
def profile_path(tmp_path: Path) -> Path:
    path = tmp_path / "fenmoor.toml"
    path.write_text(PROFILE)
    return path


class TestProjects:
    def test_a_project_is_found_again_in_any_case(self, store: ProjectStore) -> None:
        made = store.create("Council Tax")
        assert store.get("council tax") == made
        assert (made.created, made.profile) == (NOON, None)

    def test_projects_are_listed_in_the_order_they_were_begun(self, store: ProjectStore) -> None:
        for name in ("zebra", "ant", "Middle"):
            store.create(name)
        assert [project.name for project in store.list()] == ["zebra", "ant", "Middle"]

    def test_what_is_no_text_names_no_project_and_no_mark(self, store: ProjectStore) -> None:
        store.create("Council Tax")
        with pytest.raises(UsageError, match="no project"):
            store.get("a\udcff")
        with pytest.raises(UsageError, match="is not marked"):
            store.unmark("Council Tax", "1\udcff")
        with pytest.raises(UsageError, match="no service"):
            store.mark("Council Tax", "1\udcff")

    def test_a_name_that_is_taken_is_refused(self, store: ProjectStore) -> None:
        store.create("Council Tax")
        with pytest.raises(UsageError, match="'Council Tax' exists already"):
            store.create("COUNCIL  tax")

    def test_an_unknown_project_is_answered_with_those_there_are(self, store: ProjectStore) -> None:
        with pytest.raises(UsageError, match="longlist project new"):
            store.get("Rents")
        store.create("Council Tax")
        with pytest.raises(UsageError, match="there are 'Council Tax'"):
            store.get("Rents")

    def test_the_profile_stays_when_its_file_is_gone(self, store: ProjectStore, profile_path: Path) -> None:
        store.create("Council Tax", profile_path)
        profile_path.unlink()
        kept = store.get("Council Tax").profile
        assert kept is not None
        assert (kept.name, kept.text) == ("Fenmoor District Council", PROFILE)

    def test_a_profile_with_mistakes_begins_no_project(self, store: ProjectStore, profile_path: Path) -> None:
        profile_path.write_text("[organisation]\nnam = 'x'\n")
        with pytest.raises(ProfileError):
            store.create("Council Tax", profile_path)
        assert store.list() == ()

    def test_a_profile_that_is_not_text_or_not_there_is_named(
        self, store: ProjectStore, profile_path: Path
    ) -> None:
        profile_path.write_bytes(b"\xff\xfe")
        with pytest.raises(ProfileError, match=r"fenmoor\.toml.*\n.*not UTF-8"):
            store.create("Council Tax", profile_path)
        profile_path.unlink()
        with pytest.raises(ProfileError, match="cannot be read"):
            store.create("Council Tax", profile_path)

    def test_the_digest_is_that_of_the_file_whatever_its_line_ends(
        self, store: ProjectStore, profile_path: Path
    ) -> None:
        profile_path.write_bytes(PROFILE.replace("\n", "\r\n").encode())
        kept = store.create("Council Tax", profile_path).profile
        assert kept is not None
        assert kept.digest == "sha256:" + sha256(profile_path.read_bytes()).hexdigest()
        assert store.get("Council Tax").profile == kept

    def test_another_profile_may_be_given_later(self, store: ProjectStore, profile_path: Path) -> None:
        store.create("Council Tax", profile_path)
        profile_path.write_text(PROFILE.replace("Fenmoor", "Ridgeshire"))
        changed = store.set_profile("council tax", profile_path)
        assert changed.profile is not None
        assert changed.profile.name == "Ridgeshire District Council"
        assert store.get("Council Tax") == changed


class TestMarks:
    def test_services_are_kept_in_the_order_of_marking(self, store: ProjectStore) -> None:
        project = store.create("Council Tax")
        for id in ("3", "1", "2"):
            store.mark(project, id)
        assert [mark.service_id for mark in store.marks(project)] == ["3", "1", "2"]

    def test_a_mark_knows_its_time_note_and_the_record_as_it_was(self, store: ProjectStore) -> None:
        store.create("Council Tax")
        mark = store.mark("Council Tax", "1", "seen at the fair")
        assert (mark.note, mark.time) == ("seen at the fair", NOON + timedelta(minutes=1))
        assert mark.digest == record_digest(service("1"))

    def test_marking_again_keeps_place_and_time_and_takes_a_new_note_only_if_given(
        self, store: ProjectStore
    ) -> None:
        store.create("Council Tax")
        first = store.mark("Council Tax", "1", "one")
        assert store.mark("Council Tax", "1") == first
        assert store.mark("Council Tax", "1", "two").note == "two"
        assert store.mark("Council Tax", "1", "").note == ""
        assert store.mark("Council Tax", "1").time == first.time

    def test_a_service_that_is_not_there_cannot_be_marked(self, store: ProjectStore) -> None:
        store.create("Council Tax")
        with pytest.raises(UsageError, match="no service '9'"):
            store.mark("Council Tax", "9")

    def test_a_mark_is_taken_off_once(self, store: ProjectStore) -> None:
        store.create("Council Tax")
        store.mark("Council Tax", "1")
        store.unmark("Council Tax", "1")
        assert store.marks("Council Tax") == ()
        with pytest.raises(UsageError, match="'1' is not marked in project 'Council Tax'"):
            store.unmark("Council Tax", "1")

    def test_marks_of_one_project_are_not_another_s(self, store: ProjectStore) -> None:
        store.create("Council Tax")
        store.create("Rents")
        store.mark("Rents", "1")
        assert store.marks("Council Tax") == ()

    def test_a_mark_survives_an_update_of_its_service_and_tells_that_it_changed(
        self, store: ProjectStore, catalogue: Catalogue
    ) -> None:
        store.create("Council Tax")
        mark = store.mark("Council Tax", "1", "cheap")
        changed = service("1", price="£9 a user a month", status="withdrawn")
        ingest(catalogue, [changed, service("2")], at=NOON + timedelta(days=7))
        assert store.marks("Council Tax") == (mark,)
        assert mark.digest != record_digest(changed)

    def test_a_service_deleted_from_the_file_stays_in_the_project_as_it_was_marked(
        self, store: ProjectStore, catalogue: Catalogue
    ) -> None:
        store.create("Council Tax")
        mark = store.mark("Council Tax", "1")
        with catalogue.atomic() as db:
            db.conn.execute("DELETE FROM service WHERE id = '1'")
        assert store.marks("Council Tax") == (mark,)
        assert store.records("Council Tax")[mark.digest] == service("1")
        assert store.changed(store.get("Council Tax")) == ("1",)

    def test_every_shortlist_is_a_view_for_other_tools(
        self, store: ProjectStore, catalogue: Catalogue
    ) -> None:
        store.create("Council Tax")
        store.mark("Council Tax", "2", "why not")
        with sqlite3.connect(catalogue.path) as other:
            found = other.execute("SELECT project, service, name, supplier, note FROM shortlist").fetchall()
        other.close()
        assert found == [("Council Tax", "2", "Tidewater 2", "Tidewater Ltd", "why not")]

    def test_a_catalogue_open_for_reading_lists_but_does_not_mark(
        self, store: ProjectStore, catalogue: Catalogue
    ) -> None:
        store.create("Council Tax")
        with open_catalogue(catalogue.path, read_only=True) as reading:
            reader = ProjectStore(reading)
            assert [project.name for project in reader.list()] == ["Council Tax"]
            with pytest.raises(CatalogueError, match="for reading only"):
                reader.mark("Council Tax", "1")
