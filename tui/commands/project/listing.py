"""The longlist of a project: the search that makes it, and the fate of each service on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import get_args

import click

from catalogue.errors import UsageError
from catalogue.match import Match
from catalogue.project import Fate, How, Project, actions, filters_in_words
from catalogue.replay import AMONG, match_longlist
from catalogue.sentences import line
from db.projects import ProjectStore
from db.purchase import Narrowing, reject_unmet, save_search
from tui.commands.edge import (
    ExitCode,
    Settings,
    is_plain,
    pass_settings,
    print_json,
    say,
    stop,
    tell,
    tell_row,
)
from tui.commands.match import SIGNS
from tui.commands.project.options import AS, BECAUSE, IDS, JSON, NAME, caution, plain, projects
from tui.commands.project.showing import listed_lines, records_as_judged
from tui.commands.project.wording import listed_json, search_json
from tui.commands.telling import spoken_finding, wrapped


@click.command()
@NAME
@click.argument("text", nargs=-1)
@click.option("--framework", required=True, metavar="SLUG", help="The framework to call off from.")
@click.option("--lot", required=True, metavar="LOT", help="The one lot to search.")
@click.option(
    "--answer",
    "answers",
    nargs=2,
    multiple=True,
    metavar="QUESTION=VALUE KEY",
    help="Only with this answer, which serves the requirement KEY.",
)
@click.option(
    "--category", nargs=2, metavar="NAME KEY", help="Only in this category, which serves the requirement KEY."
)
@click.option(
    "--supplier", nargs=2, metavar="NAME KEY", help="Only by this supplier, which serves the requirement KEY."
)
@click.option("--instead", is_flag=True, help="In place of the search that is saved (with --because).")
@click.option("--add", is_flag=True, help="Beside the search that is saved (with --because).")
@click.option("--because", default="", metavar="TEXT", help="Why there is another search.")
@JSON
@AS
@pass_settings
def search(
    settings: Settings,
    name: str,
    text: tuple[str, ...],
    *,
    framework: str,
    lot: str,
    answers: tuple[tuple[str, str], ...],
    category: tuple[str, str] | None,
    supplier: tuple[str, str] | None,
    instead: bool,
    add: bool,
    because: str,
    as_json: bool,
    actor: str | None,
) -> None:
    """Search for TEXT and save it: everything that it finds is the longlist of PROJECT.

    Each result has all words, or other names of the same thing. Each filter names the requirement that it
    serves (see: longlist project requirements), and is counted before and after.
    """
    if instead and add:
        raise UsageError("--instead puts the search in place of the other, --add beside it; choose one")
    how: How = "instead" if instead else "beside" if add else "first"
    narrowings = [Narrowing("answer", *each) for each in answers]
    narrowings += [Narrowing("category", *category)] if category else []
    narrowings += [Narrowing("supplier", *supplier)] if supplier else []
    with projects(settings, actor) as store:
        before = store.get(name)
        found = save_search(
            store,
            name,
            " ".join(text),
            framework=framework,
            lot=lot,
            narrowings=narrowings,
            how=how,
            because=because,
        )
        saved = found.searches[-1]
        if as_json:
            print_json(search_json(saved))
        say(f"{saved.found:,} found; {len(saved.results):,} after filters, all of them on the longlist.")
        for sentence in filters_in_words(saved.filters):
            say(f"  {plain(sentence)}")
        _tell_of_marks(before, found)
        caution(store, found)


def _tell_of_marks(before: Project, after: Project) -> None:
    """Say what became of an informal shortlist."""
    if not before.informal or not before.longlist:
        return
    gone = [each.service_id for each in before.longlist if after.listed(each.service_id) is None]
    say("Marks from before the search are kept as notes; their services are open like the others.")
    if gone:
        say(f"Not among the results, and so not on the longlist: {', '.join(gone)}.")


@click.command()
@NAME
@click.option("--fate", type=click.Choice(get_args(Fate)), help="Only services with this fate.")
@JSON
@pass_settings
def longlist(settings: Settings, name: str, fate: Fate | None, as_json: bool) -> None:
    """List the services on the longlist of PROJECT with their fates and reasons."""
    with projects(settings, read_only=True) as store:
        _print_listed(store, name, fate, as_json=as_json)


def _print_listed(store: ProjectStore, name: str, fate: Fate | None, *, as_json: bool) -> None:
    found, records = store.get(name), records_as_judged(store, name)
    changed = store.changed(found)
    chosen = [each for each in found.longlist if fate is None or each.fate == fate]
    if as_json:
        print_json([listed_json(each, records.get(each.digest), changed) for each in chosen])
        return
    for each in chosen:
        lines = list(listed_lines(each, records, changed))
        tell(lines[0] if is_plain() else f"{lines[0]}\t{each.fate}")
        for text in lines[1:]:
            tell(text)
    caution(store, found)


@click.command()
@NAME
@click.argument("ids", metavar="[ID...]", nargs=-1)
@JSON
@pass_settings
def evidence(settings: Settings, name: str, ids: tuple[str, ...], as_json: bool) -> None:
    """Show what listings on the longlist of PROJECT say for and against its profile.

    Quotes and verdicts, without points or ranks: those wait for the criteria. Judged among the longlist
    alone. Without an ID, of every service, in the order of the longlist.
    """
    with projects(settings, read_only=True) as store:
        found = store.get(name)
        result = match_longlist(found, store.records(name))
    for id in ids:
        if found.listed(id) is None:
            raise UsageError(f"service {id!r} is not on the longlist of project {found.name!r}")
    wanted = list(ids) or [each.service_id for each in found.longlist]
    matches = {each.service.id: each for each in result.matches}
    excluded = {each.service.id: each for each in result.excluded}
    if as_json:
        print_json(
            [
                {
                    "id": id,
                    "unmet": excluded[id].requirement.text if id in excluded else None,
                    "found": list(excluded[id].found) if id in excluded else [],
                    "findings": _findings_json(matches[id]) if id in matches else [],
                    "questions": list(matches[id].questions) if id in matches else [],
                }
                for id in wanted
            ]
        )
        return
    for id in wanted:
        if id in excluded:
            gone = excluded[id]
            tell_row(("Service id", id), ("Service", plain(gone.service.record.name)))
            says = "; ".join(line(value) for value in gone.found) or "not asked, as answered before"
            sign = "Excluded:" if is_plain() else "--"
            tell(wrapped(f"{sign} must be {gone.requirement.text!r}, found: {says}"))
        if id in matches:
            tell_row(("Service id", id), ("Service", plain(matches[id].service.record.name)))
            for text in _findings(matches[id]):
                tell(text)
    say(AMONG)


def _findings(match: Match) -> Iterator[str]:
    for part in match.contributions:
        for finding in part.findings:
            if finding.quote is not None and finding.question is not None:
                if is_plain():
                    yield from spoken_finding(finding)
                    continue
                cited = f"[{line(finding.question)}] “{line(finding.quote)}”"
                yield wrapped(f"{SIGNS[finding.verdict]} {finding.need}: {finding.because}. {cited}")
    for question in match.questions:
        yield wrapped(f"Ask: {question}")


def _findings_json(match: Match) -> list[dict[str, str | None]]:
    return [
        {
            "barrier": part.barrier,
            "need": finding.need,
            "verdict": finding.verdict.value,
            "question": finding.question,
            "quote": finding.quote,
            "because": finding.because,
            "rule": finding.rule,
        }
        for part in match.contributions
        for finding in part.findings
    ]


@click.command()
@NAME
@click.argument("ids", metavar="[ID...]", nargs=-1)
@click.option("--because", default="", metavar="TEXT", help="Why, in your words.")
@JSON
@AS
@pass_settings
def shortlist(
    settings: Settings, name: str, ids: tuple[str, ...], *, because: str, as_json: bool, actor: str | None
) -> None:
    """Put services of the longlist of PROJECT on its shortlist; without an ID, list the shortlist."""
    if not ids:
        with projects(settings, read_only=True) as store:
            _print_listed(store, name, "shortlisted", as_json=as_json)
        return
    with projects(settings, actor) as store:
        found = store.act(name, actions.Shortlist(services=store.results(ids, name), because=because))
        _tell(found, len(ids), "shortlisted")


@click.command()
@NAME
@click.argument("ids", metavar="[ID...]", nargs=-1)
@click.option("--requirement", required=True, metavar="KEY", help="The requirement that is not met.")
@click.option("--because", metavar="TEXT", help="What the services lack of it.")
@click.option("--unmet", is_flag=True, help="All open services whose answer is another than it wants.")
@AS
@pass_settings
def reject(
    settings: Settings,
    name: str,
    ids: tuple[str, ...],
    *,
    requirement: str,
    because: str | None,
    unmet: bool,
    actor: str | None,
) -> None:
    """Reject services of the longlist of PROJECT for one reason, tied to one requirement.

    Say what they lack, so that their suppliers could be told; that they rank low is no reason. With --unmet,
    each open service that answers otherwise than the requirement wants is rejected with its own answer.
    """
    with projects(settings, actor) as store:
        if unmet:
            if ids or because is not None:
                raise UsageError("--unmet finds the services and gives the answer of each as the reason")
            found, count = reject_unmet(store, name, requirement)
        else:
            if not ids or because is None:
                raise UsageError("name the services to reject, and say why: ID... --because TEXT")
            found = store.act(
                name,
                actions.Reject(services=store.results(ids, name), requirement=requirement, because=because),
            )
            count = len(ids)
        _tell(found, count, "rejected")


@click.command()
@NAME
@IDS
@BECAUSE
@AS
@pass_settings
def reconsider(settings: Settings, name: str, ids: tuple[str, ...], because: str, actor: str | None) -> None:
    """Leave the fate of services on the longlist of PROJECT open again."""
    with projects(settings, actor) as store:
        found = store.act(name, actions.Reconsider(services=ids, because=because))
        _tell(found, len(ids), "open again")


@click.command()
@NAME
@click.argument("id", metavar="ID")
@click.argument("text")
@AS
@pass_settings
def note(settings: Settings, name: str, id: str, text: str, actor: str | None) -> None:
    """Write the note TEXT about a service on the longlist of PROJECT; an empty one takes it away."""
    with projects(settings, actor) as store:
        store.act(name, actions.Note(service_id=id, note=text))
    say("Noted." if text.strip() else "The note is taken away.")


@click.command()
@NAME
@IDS
@click.option("--note", help="Why, in your words; kept with the mark.")
@AS
@pass_settings
def mark(settings: Settings, name: str, ids: tuple[str, ...], note: str | None, actor: str | None) -> None:
    """Put services on the shortlist of PROJECT, by their ids.

    Without a saved search this keeps an informal shortlist. An id that is not in the catalogue is reported
    and the others are marked; the exit status is then 3.
    """
    with projects(settings, actor) as store:
        _each(store, name, ids, "marked", lambda id: store.mark(name, id, note))


@click.command()
@NAME
@IDS
@AS
@pass_settings
def unmark(settings: Settings, name: str, ids: tuple[str, ...], actor: str | None) -> None:
    """Take services off the shortlist of PROJECT, by their ids.

    An id that is not marked is reported and the others are taken off; the exit status is then 3.
    """
    with projects(settings, actor) as store:
        _each(store, name, ids, "taken off", lambda id: store.unmark(name, id))


def _each(
    store: ProjectStore, name: str, ids: tuple[str, ...], done: str, change: Callable[[str], object]
) -> None:
    """Change the shortlist for each id; wrong usage when none of them can be, done in part when some."""
    wrong: list[UsageError] = []
    store.get(name)
    for id in ids:
        try:
            change(id)
        except UsageError as error:
            wrong.append(error)
    found = store.get(name)
    for refusal in wrong:
        say(f"longlist: {refusal}")
    say(f"{len(ids) - len(wrong)} {done}; {len(found.marks)} on the shortlist of {found.name!r}.")
    if wrong:
        stop(ExitCode.USAGE if len(wrong) == len(ids) else ExitCode.PARTIAL)


def _tell(project: Project, count: int, done: str) -> None:
    say(
        f"{count} {done}; {len(project.of_fate('shortlisted'))} shortlisted, "
        f"{len(project.of_fate('rejected'))} rejected, {len(project.of_fate('open'))} open."
    )
