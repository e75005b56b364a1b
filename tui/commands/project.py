"""``longlist project``: begin a purchase, and keep its shortlist."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from catalogue.errors import UsageError
from catalogue.history import Change, told
from catalogue.instants import instant
from catalogue.project import Mark, Project
from catalogue.records import ServiceRecord, record_digest, strip_controls
from db.catalogue import Catalogue, open_catalogue
from db.history import changes_after
from db.projects import ProjectStore
from db.reading import read_records
from tui.commands.edge import ExitCode, Settings, pass_settings, print_json, say, stop

_PROFILE = click.option(
    "--profile",
    "profile_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The profile to judge by; its text is kept with the project.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def project() -> None:
    """Projects and their shortlists.

    A project is one purchase: a name, the profile it is judged by, and the services marked for its shortlist.
    """


@project.command()
@click.argument("name")
@_PROFILE
@_JSON
@pass_settings
def new(settings: Settings, name: str, profile_path: Path | None, as_json: bool) -> None:
    """Begin a project called NAME."""
    with open_catalogue(settings.db) as catalogue:
        made = ProjectStore(catalogue).create(name, profile_path)
    if as_json:
        print_json(_summary(made, 0))
    say(f"Project {made.name!r} begun{_with_profile(made)}.")


@project.command("profile")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_settings
def set_profile(settings: Settings, name: str, file: Path) -> None:
    """Judge project NAME by the profile in FILE from now on."""
    with open_catalogue(settings.db) as catalogue:
        changed = ProjectStore(catalogue).set_profile(name, file)
    say(f"Project {changed.name!r} goes on{_with_profile(changed)}.")


@project.command("list")
@_JSON
@pass_settings
def list_(settings: Settings, as_json: bool) -> None:
    """List the projects of the catalogue, the oldest first."""
    with open_catalogue(settings.db, read_only=True) as catalogue:
        store = ProjectStore(catalogue)
        found = [(each, store.marks(each)) for each in store.list()]
        changed = [len(_changed(catalogue, marks)) for _, marks in found]
    if as_json:
        print_json(
            [
                _summary(each, len(marks)) | {"changed": number}
                for (each, marks), number in zip(found, changed, strict=True)
            ]
        )
        return
    if not found:
        say("No project yet. Begin one with: longlist project new NAME")
    for (each, marks), number in zip(found, changed, strict=True):
        profile = _plain(each.profile.name) if each.profile else "no profile"
        since = f", {number} changed since" if number else ""
        click.echo(f"{each.name}\t{each.created:%Y-%m-%d}\t{profile}\t{len(marks)} marked{since}")


@project.command()
@click.argument("name")
@_JSON
@pass_settings
def show(settings: Settings, name: str, as_json: bool) -> None:
    """Show project NAME and its shortlist, in the order of marking.

    A service whose listing changed after it was marked says so, and how.
    """
    with open_catalogue(settings.db, read_only=True) as catalogue:
        store = ProjectStore(catalogue)
        found = store.get(name)
        marks = store.marks(found)
        records = {
            record.id: record for record in read_records(catalogue, [mark.service_id for mark in marks])
        }
        changed = _changed(catalogue, marks)
    if as_json:
        listed = [_marked(mark, records[mark.service_id], changed.get(mark.service_id, ())) for mark in marks]
        print_json(_summary(found, len(marks)) | {"marks": listed})
        return
    click.echo(f"{found.name}, begun {instant(found.created)}{_with_profile(found)}")
    if not marks:
        say(f"Nothing is marked. Mark services with: longlist project mark {found.name!r} ID")
    for mark in marks:
        record = records[mark.service_id]
        click.echo(
            f"{mark.service_id}\t{_plain(record.name)}\t{_plain(record.supplier.name)}\t{record.status}"
        )
        if mark.note:
            click.echo(f"\t{_plain(mark.note)}")
        for change in changed.get(mark.service_id, ()):
            click.echo(f"\tchanged since, {change.at:%Y-%m-%d}: {_plain(told(change))}")


@project.command()
@click.argument("name", metavar="PROJECT")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--note", help="Why, in your words; kept with the mark.")
@pass_settings
def mark(settings: Settings, name: str, ids: tuple[str, ...], note: str | None) -> None:
    """Put services on the shortlist of PROJECT, by their ids.

    An id that is not in the catalogue is reported and the others are marked; the exit status is then 3.
    """
    _each(settings, name, ids, "marked", lambda store, service_id: store.mark(name, service_id, note))


@project.command()
@click.argument("name", metavar="PROJECT")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@pass_settings
def unmark(settings: Settings, name: str, ids: tuple[str, ...]) -> None:
    """Take services off the shortlist of PROJECT, by their ids.

    An id that is not marked is reported and the others are taken off; the exit status is then 3.
    """
    _each(settings, name, ids, "taken off", lambda store, service_id: store.unmark(name, service_id))


def _each(
    settings: Settings,
    name: str,
    ids: tuple[str, ...],
    done: str,
    change: Callable[[ProjectStore, str], object],
) -> None:
    """Change the shortlist for each id; wrong usage when none of them can be, done in part when some."""
    wrong: list[UsageError] = []
    with open_catalogue(settings.db) as catalogue:
        store = ProjectStore(catalogue)
        found = store.get(name)
        for service_id in ids:
            try:
                change(store, service_id)
            except UsageError as error:
                wrong.append(error)
        total = len(store.marks(found))
    for refusal in wrong:
        say(f"longlist: {refusal}")
    say(f"{len(ids) - len(wrong)} {done}; {total} on the shortlist of {found.name!r}.")
    if wrong:
        stop(ExitCode.USAGE if len(wrong) == len(ids) else ExitCode.PARTIAL)


def _summary(project: Project, marked: int) -> dict[str, Any]:
    profile = project.profile
    return {
        "name": project.name,
        "created": instant(project.created),
        "profile": {"name": profile.name, "digest": profile.digest} if profile else None,
        "marked": marked,
    }


def _changed(catalogue: Catalogue, marks: Sequence[Mark]) -> dict[str, tuple[Change, ...]]:
    """What changed in the services after they were marked."""
    return changes_after(catalogue, {mark.service_id: mark.time for mark in marks})


def _marked(mark: Mark, record: ServiceRecord, changes: Sequence[Change]) -> dict[str, Any]:
    return {
        "id": mark.service_id,
        "name": record.name,
        "supplier": record.supplier.name,
        "status": record.status,
        "price": record.price,
        "note": mark.note,
        "time": instant(mark.time),
        "changed": record_digest(record) != mark.digest,
        "changes": [
            {
                "at": instant(change.at),
                "field": change.field,
                "question": change.question,
                "told": told(change),
            }
            for change in changes
        ],
    }


def _with_profile(project: Project) -> str:
    return f" with the profile of {_plain(project.profile.name)}" if project.profile else " without a profile"


def _plain(text: str) -> str:
    """Text of a listing or profile as one line that a terminal shows and nothing else."""
    return " ".join(strip_controls(text).split())
