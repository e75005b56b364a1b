"""The audit trail of a project, and whether it holds."""

from __future__ import annotations

from typing import Any

import click

from catalogue.audit import Entry
from catalogue.verify import Verification
from db.purchase import verify_project
from tui.commands.edge import ExitCode, Settings, pass_settings, print_json, say, stop, tell, tell_row
from tui.commands.project.options import JSON, NAME, plain, projects


@click.command()
@NAME
@JSON
@pass_settings
def trail(settings: Settings, name: str, as_json: bool) -> None:
    """Print the audit trail of PROJECT: who did what when, each entry bound to the one before it."""
    with projects(settings, read_only=True) as store:
        entries = store.entries(name)
    if as_json:
        print_json([_entry_json(entry) for entry in entries])
        return
    for entry in entries:
        who = plain(entry.actor) if entry.actor else "not named"
        tell_row(
            ("Entry", str(entry.number)),
            ("Time", entry.time),
            ("Who", who),
            ("Action", entry.action),
            ("Digest", entry.digest),
        )


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "time": entry.time,
        "actor": entry.actor,
        "action": entry.action,
        "details": entry.details,
        "inputs": dict(entry.inputs),
        "contents": entry.contents,
        "previous": entry.previous,
        "digest": entry.digest,
    }


@click.command()
@NAME
@click.option(
    "--contains", metavar="DIGEST", help="An entry's digest from an export: whether it is still there."
)
@JSON
@pass_settings
def verify(settings: Settings, name: str, contains: str | None, as_json: bool) -> None:
    """Work out every digest of the trail of PROJECT again, and its rankings, and say whether all fits.

    Names the first entry that does not fit; the exit status is then 1. A chain cannot show that its end was
    cut off: for that, give the digest of an export with --contains.
    """
    with projects(settings, read_only=True) as store:
        found = verify_project(store, name)
        digests = {entry.digest: entry.number for entry in store.entries(name)}
    missing = contains is not None and contains not in digests
    holds = found.holds and not missing
    if as_json:
        print_json(_verification_json(found) | {"holds": holds, "contains": digests.get(contains or "")})
    else:
        for text in verification_lines(found):
            tell(text)
        if contains is not None:
            where = "is not in it" if missing else f"is entry {digests[contains]}"
            tell(f"The digest {contains} {where}.")
        tell("The record holds." if holds else "The record does not hold.")
    if not holds:
        say("longlist: keep the file as it is, and look for a bundle or an export from before.")
        stop(ExitCode.FAILED)


def verification_lines(found: Verification) -> list[str]:
    """What was found, a sentence a line."""
    chain = "each follows the one before" if found.fault is None else "the chain is broken"
    lines = [f"{found.entries} entries; {chain}. The last one is {found.head}"]
    if found.fault is not None:
        lines.append(f"Entry {found.fault.entry}: {found.fault.problem}.")
    records = "1 record" if found.records == 1 else f"{found.records} records"
    lines.append(f"{records} kept as judged.")
    lines += [f"Kept record {digest}: its text is another." for digest in found.damaged]
    if found.lost:
        lines.append(f"Judged, and the record is not kept: {', '.join(found.lost)}.")
    for each in found.replays:
        said = {
            "same": f"worked out again from {each.services} records, and the same",
            "differs": f"worked out again from the same records and rules, and DIFFERENT: {each.found}",
            "other-tables": f"comes out differently here, and neither is wrong: {each.problem}",
            "no-records": f"cannot be worked out again: {each.problem}",
        }[each.result]
        lines.append(f"Ranking of entry {each.entry}, {each.recorded[:23]}…: {said}.")
    return [*lines, *(f"Note: {note}." for note in found.notes)]


def _verification_json(found: Verification) -> dict[str, Any]:
    return {
        "entries": found.entries,
        "head": found.head,
        "fault": {"entry": found.fault.entry, "problem": found.fault.problem} if found.fault else None,
        "records": found.records,
        "damaged": list(found.damaged),
        "lost": list(found.lost),
        "rankings": [
            {
                "entry": each.entry,
                "result": each.result,
                "services": each.services,
                "recorded": each.recorded,
                "found": each.found,
                "problem": each.problem,
            }
            for each in found.replays
        ],
        "notes": list(found.notes),
    }
