"""Beginning a project: its profile, its requirements, and the moment at which they are frozen."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from catalogue.audit import TrailError
from catalogue.errors import UsageError
from catalogue.project import Project, actions, requirements_of, stage_of
from db.purchase import freeze_requirements
from tui.commands.edge import ExitCode, Settings, pass_settings, print_json, say, stop, tell_row
from tui.commands.project.options import AS, JSON, NAME, PROFILE_FILE, plain, projects
from tui.commands.project.wording import requirement_json, summary_json


@click.command()
@click.argument("name")
@click.option(
    "--profile",
    "profile_path",
    type=PROFILE_FILE,
    metavar="FILE",
    help="The profile to judge by; its text is kept with the project.",
)
@JSON
@AS
@pass_settings
def new(settings: Settings, name: str, profile_path: Path | None, as_json: bool, actor: str | None) -> None:
    """Begin a project called NAME."""
    with projects(settings, actor) as store:
        made = store.create(name, profile_path)
    if as_json:
        print_json(summary_json(made))
    say(f"Project {made.name!r} begun{with_profile(made)}.")


@click.command("profile")
@NAME
@click.argument("file", type=PROFILE_FILE)
@AS
@pass_settings
def set_profile(settings: Settings, name: str, file: Path, actor: str | None) -> None:
    """Judge PROJECT by the profile in FILE from now on; not once requirements are frozen."""
    with projects(settings, actor) as store:
        changed = store.set_profile(name, file)
    say(f"Project {changed.name!r} goes on{with_profile(changed)}.")


@click.command("list")
@JSON
@pass_settings
def list_(settings: Settings, as_json: bool) -> None:
    """List the projects of the catalogue, the oldest first.

    Where the trail of one cannot be read it is told and the others are listed; the exit status is then 3.
    """
    found: list[tuple[Project, int]] = []
    broken: list[TrailError] = []
    with projects(settings, read_only=True) as store:
        for name in store.names():
            try:
                each = store.get(name)
                found.append((each, len(store.changes(each))))
            except TrailError as error:
                broken.append(error)
    _print_list(found, as_json=as_json)
    for trail in broken:
        say(f"longlist: {trail}")
    if broken:
        stop(ExitCode.PARTIAL)


def _print_list(found: list[tuple[Project, int]], *, as_json: bool) -> None:
    if as_json:
        print_json([summary_json(each) | {"changed": changed} for each, changed in found])
        return
    if not found:
        say("No project to show. Begin one with: longlist project new NAME")
    for each, changed in found:
        since = f", {changed} changed since" if changed else ""
        profile = plain(each.profile.name) if each.profile else "no profile"
        marked = f"{len(each.marks)} marked{since}"
        tell_row(
            ("Project", each.name),
            ("Begun", f"{each.created:%Y-%m-%d}"),
            ("Profile", profile),
            ("Shortlist", marked),
            ("Stage", stage_of(each)),
        )


@click.command()
@NAME
@JSON
@pass_settings
def requirements(settings: Settings, name: str, as_json: bool) -> None:
    """List the requirements of PROJECT under the keys that filters and rejections name.

    Those of the profile, those added, the budget, and that a service is offered at all. Until they are
    frozen the keys may still move.
    """
    with projects(settings, read_only=True) as store:
        found = store.get(name)
    rows = requirements_of(found)
    if as_json:
        print_json([requirement_json(row) for row in rows])
        return
    for row in rows:
        tell_row(("Key", row.key), ("Priority", row.priority), ("Requirement", plain(row.text)))
    if found.frozen is None:
        say("Not frozen yet. Freeze them, before searching, with: longlist project freeze")
    else:
        say(f"Frozen on {found.frozen.by.time:%Y-%m-%d} by {found.frozen.by.actor}: {found.frozen.digest}")


@click.command()
@NAME
@click.argument("text")
@click.option("--must/--want", "must", default=False, help="Whether it is a must or a want (the default).")
@AS
@pass_settings
def require(settings: Settings, name: str, text: str, must: bool, actor: str | None) -> None:
    """Add the requirement TEXT to those of the profile of PROJECT."""
    with projects(settings, actor) as store:
        found = store.act(name, actions.Require(text=text, priority="must" if must else "want"))
    say(f"{len(requirements_of(found))} requirements; see them with: longlist project requirements")


@click.command()
@NAME
@click.argument("key")
@AS
@pass_settings
def withdraw(settings: Settings, name: str, key: str, actor: str | None) -> None:
    """Take the requirement KEY out of PROJECT again, if it was added there and is not frozen."""
    with projects(settings, actor) as store, store.catalogue.atomic():
        rows = {row.key.casefold(): row for row in requirements_of(store.get(name))}
        if key.casefold() not in rows:
            raise UsageError(
                f"there is no requirement {key!r}; there are {', '.join(r.key for r in rows.values())}"
            )
        store.act(name, actions.Withdraw(text=rows[key.casefold()].text))
    say(f"Requirement {key} taken out.")


@click.command()
@NAME
@click.option("--budget", metavar="POUNDS", help="Budget a year without VAT, if not the profile's.")
@click.option(
    "--approval", default="", metavar="TEXT", help="Who approved the spending, when, under which reference."
)
@AS
@pass_settings
def freeze(settings: Settings, name: str, budget: str | None, approval: str, actor: str | None) -> None:
    """Freeze the requirements of PROJECT: from now on they and the profile cannot change.

    This comes before the search. Other requirements later need a new version: longlist project reopen.
    """
    with projects(settings, actor) as store:
        found = freeze_requirements(
            store, name, budget=amount(budget, "--budget") if budget is not None else None, approval=approval
        )
    assert found.frozen is not None
    say(f"{len(found.frozen.requirements)} requirements frozen: {found.frozen.digest}")


def amount(text: str, what: str) -> Decimal:
    """A number as typed, with or without ``£`` and commas; wrong usage where it is none."""
    try:
        return Decimal(text.strip().removeprefix("£").replace(",", ""))
    except InvalidOperation:
        raise UsageError(f"{what} {text!r} is no number; expected one such as 18500 or 18500.50") from None


def with_profile(project: Project) -> str:
    """Which profile a project has, as the end of a sentence."""
    return f" with the profile of {plain(project.profile.name)}" if project.profile else " without a profile"
