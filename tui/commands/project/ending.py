"""Locking a project, its outcome, a new version, and deleting what it holds."""

from __future__ import annotations

from datetime import date
from typing import get_args

import click

from catalogue.errors import UsageError
from catalogue.project import End, actions, kept_until
from db.purchase import lock as lock_project
from tui.commands.edge import Settings, pass_settings, print_json, say
from tui.commands.project.beginning import amount
from tui.commands.project.options import AS, BECAUSE, JSON, NAME, Day, caution, projects
from tui.commands.project.wording import summary_json


@click.command()
@NAME
@AS
@pass_settings
def lock(settings: Settings, name: str, actor: str | None) -> None:
    """Fix search, longlist, criteria and scores of PROJECT, once each service has its fate.

    Exporting a project does the same. After that there are the outcome and new versions.
    """
    with projects(settings, actor) as store:
        found = lock_project(store, name)
        say(f"Project {found.name!r} is locked. Its outcome is recorded with: longlist project outcome")
        caution(store, found)


@click.command()
@NAME
@click.argument("kind", type=click.Choice(get_args(End)))
@click.option("--winner", metavar="ID", help="The service that wins.")
@click.option("--start", type=Day(), help="The first day of the contract.")
@click.option("--end", type=Day(), help="The last day of the contract.")
@click.option("--value", metavar="POUNDS", help="What the contract is worth without VAT.")
@click.option("--buyer", default="", metavar="NAME", help="The organisation that buys.")
@click.option("--signed", type=Day(), help="The day of the award, if not today.")
@click.option("--because", default="", metavar="TEXT", help="Why, where the scores alone do not say it.")
@click.option("--keep-years", type=int, default=3, show_default=True, help="How long to keep the record.")
@JSON
@AS
@pass_settings
def outcome(
    settings: Settings,
    name: str,
    kind: End,
    *,
    winner: str | None,
    start: date | None,
    end: date | None,
    value: str | None,
    buyer: str,
    signed: date | None,
    because: str,
    keep_years: int,
    as_json: bool,
    actor: str | None,
) -> None:
    """Record how PROJECT ended.

    An award needs --winner, --start, --end, --value and --buyer; where the scores do not put the winner
    first, it says why. The other outcomes say why as well.
    """
    action = actions.Conclude(
        kind=kind,
        winner=winner,
        start=start,
        end=end,
        value=amount(value, "--value") if value is not None else None,
        buyer=buyer,
        signed=signed,
        because=because,
        keep_years=keep_years,
    )
    with projects(settings, actor) as store:
        found = store.act(name, action)
        if as_json:
            print_json(summary_json(found))
        say(f"Project {found.name!r} is closed: {kind}. The record is kept until {kept_until(found)}.")
        caution(store, found)


@click.command()
@NAME
@BECAUSE
@click.option(
    "--requirements",
    is_flag=True,
    help="The requirements change too: search, longlist, criteria and scores begin anew.",
)
@AS
@pass_settings
def reopen(settings: Settings, name: str, because: str, requirements: bool, actor: str | None) -> None:
    """Begin a new version of PROJECT, which was frozen, locked or closed, and say why."""
    with projects(settings, actor) as store:
        found = store.act(name, actions.Reopen(because=because, requirements=requirements))
    say(f"Project {found.name!r} goes on as version {found.version}. The trail keeps the version before.")


@click.command()
@NAME
@BECAUSE
@click.option("--yes", is_flag=True, help="Delete although the record is still to be kept, or not closed.")
@AS
@pass_settings
def delete(settings: Settings, name: str, because: str, yes: bool, actor: str | None) -> None:
    """Delete what PROJECT holds: names, reasons, scores, records. This cannot be taken back.

    A tombstone stays: that there was a project of this name, the digests of its trail, and who deleted it
    when and why.
    """
    with projects(settings, actor) as store:
        found = store.get(name)
        until = kept_until(found)
        if not yes and (until is None or store.now.date() <= until):
            state = f"is to be kept until {until}" if until else "has no outcome yet"
            raise UsageError(f"project {found.name!r} {state}; delete it all the same with --yes")
        store.act(name, actions.Delete(because=because))
    say(
        f"Project {found.name!r} is deleted. Exports and bundles that were made of it are files of their own."
    )
