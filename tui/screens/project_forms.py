"""What the steps of a purchase ask for: a form each, and the action that is taken with what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from catalogue.errors import UsageError
from catalogue.profile import parse_profile
from catalogue.project import (
    Clarification,
    Fate,
    Listed,
    Project,
    Requirement,
    actions,
    requirements_of,
)
from db.projects import ProjectStore
from db.purchase import freeze_requirements, unmet
from db.purchase import reject_unmet as reject_all_unmet
from tui.commands.project.beginning import amount
from tui.projects import OpenProject
from tui.screens.acting import act_at_once, form
from tui.screens.form import Entry, Values
from tui.widgets.plain import counted, one_line

if TYPE_CHECKING:
    from tui.screens.project import ProjectScreen


def day(text: str, what: str) -> date:
    """A day as it was typed."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{what} {text!r} is no day; expected one such as 2026-11-25") from None


def _fates(project: Project) -> str:
    return (
        f"{len(project.of_fate('shortlisted'))} kept, {len(project.of_fate('rejected'))} rejected, "
        f"{len(project.of_fate('open'))} undecided"
    )


def _these(services: Sequence[Listed], opened: OpenProject | None) -> str:
    """What a form is about: the service by its name, or how many."""
    if len(services) == 1 and opened is not None:
        return one_line(opened.name_of(services[0].service_id))
    return counted(len(services), "service")


def requirement_choices(rows: Sequence[Requirement]) -> tuple[tuple[str, str], ...]:
    """Requirements to choose from, by their keys."""
    return tuple((row.key, f"{row.key} {row.priority}: {one_line(row.text)}") for row in rows)


def require(screen: ProjectScreen) -> None:
    """Add a requirement."""
    form(
        screen,
        "Add a requirement",
        [
            Entry("text", "Requirement", hint="what the purchase must or should bring"),
            Entry("priority", "Priority", "want", choices=(("must", "must"), ("want", "want"))),
        ],
        lambda store, name, given: store.act(
            name,
            actions.Require(text=given["text"], priority="must" if given["priority"] == "must" else "want"),
        ),
        said=lambda project: counted(len(requirements_of(project)), "requirement"),
        button="Add",
    )


def withdraw(screen: ProjectScreen, row: Requirement) -> None:
    """Take a requirement out again that was added."""
    act_at_once(
        screen,
        "Writing",
        lambda store, name: store.act(name, actions.Withdraw(text=row.text)),
        said=lambda _: f"Taken out: {one_line(row.text)}",
    )


def take_profile(screen: ProjectScreen) -> None:
    """Judge the project by the profile in use."""
    path = screen.longlist.session.profile_path
    if path is None:
        screen.longlist.tell(UsageError("No profile is in use. Choose one in Profile, then take it here."))
        return
    act_at_once(
        screen,
        "Writing",
        lambda store, name: store.set_profile(name, path),
        said=lambda project: f"Judged by the profile of {project.profile.name if project.profile else ''}",
    )


def freeze(screen: ProjectScreen, project: Project) -> None:
    """Fix the requirements, with budget and approval; a project without a profile takes the one in use."""
    path = screen.longlist.session.profile_path

    def act(store: ProjectStore, name: str, given: Values) -> Project:
        budget = amount(given["budget"], "the budget") if given["budget"] else None
        with store.catalogue.atomic():
            if project.profile is None and path is not None:
                store.set_profile(name, path)
            return freeze_requirements(store, name, budget=budget, approval=given["approval"])

    budget: Decimal | None = None
    if project.profile is not None:
        budget = parse_profile(project.profile.text, "profile").organisation.budget_per_year
    elif screen.longlist.session.profile is not None:
        budget = screen.longlist.session.profile.organisation.budget_per_year
    form(
        screen,
        "Freeze the requirements",
        [
            Entry("budget", "Budget a year", f"{budget}" if budget is not None else "", "£, without VAT"),
            Entry("approval", "Approved by", hint="who, when, under which reference"),
        ],
        act,
        said=lambda done: f"{len(done.frozen.requirements) if done.frozen else 0} requirements frozen",
        about="From now on requirements and profile cannot change. This comes before the search.",
        button="Freeze",
    )


def _anew(services: Sequence[Listed], fate: Fate, word: str) -> str:
    """What to know before services with this fate are given another."""
    many = sum(each.fate == fate for each in services)
    if not many:
        return ""
    which = "This one is" if len(services) == 1 else f"{many} of these {'is' if many == 1 else 'are'}"
    return f"{which} {word} at present. The trail keeps both decisions."


def shortlist(screen: ProjectScreen, services: Sequence[Listed]) -> None:
    """Put services on the shortlist."""
    ids = [each.service_id for each in services]
    if not ids:
        return
    form(
        screen,
        f"Shortlist: {_these(services, screen.opened)}",
        [Entry("because", "Because", hint="why, in your words (it may stay empty)")],
        lambda store, name, given: store.act(
            name, actions.Shortlist(services=store.results(ids, name), because=given["because"])
        ),
        said=lambda project: f"{len(ids)} kept; {_fates(project)}",
        about=_anew(services, "rejected", "rejected"),
        button="Shortlist",
        then=screen.untick,
    )


def reject(screen: ProjectScreen, services: Sequence[Listed]) -> None:
    """Reject services for one reason that is tied to one requirement."""
    ids, opened = [each.service_id for each in services], screen.opened
    if not ids or opened is None:
        return
    form(
        screen,
        f"Reject: {_these(services, opened)}",
        [
            Entry("requirement", "Requirement", choices=requirement_choices(requirements_of(opened.project))),
            Entry("because", "What it lacks", hint="so that its supplier could be told"),
        ],
        lambda store, name, given: store.act(
            name,
            actions.Reject(
                services=store.results(ids, name),
                requirement=given["requirement"],
                because=given["because"],
            ),
        ),
        said=lambda project: f"{len(ids)} rejected; {_fates(project)}",
        about=_anew(services, "shortlisted", "kept"),
        button="Reject",
        then=screen.untick,
    )


def unmet_counts(store: ProjectStore, name: str) -> dict[str, int]:
    """How many undecided services answer otherwise than each requirement with a question wants."""
    counts: dict[str, int] = {}
    for row in requirements_of(store.get(name)):
        try:
            counts[row.key] = len(unmet(store, name, row.key))
        except UsageError:  # it names no question
            continue
    return counts


def reject_unmet(screen: ProjectScreen, counts: Mapping[str, int]) -> None:
    """Reject every undecided service that answers otherwise than a requirement wants."""
    opened = screen.opened
    if opened is None:
        return
    rows = [row for row in requirements_of(opened.project) if row.key in counts]
    if not rows:
        screen.longlist.tell(
            UsageError(
                "No requirement names a question of the catalogue, so that no answer can be held against it. "
                "Tick services with space, and reject them with r."
            )
        )
        return
    choices = tuple((key, f"{counts[key]:>4}  {label}") for key, label in requirement_choices(rows))
    form(
        screen,
        "Reject all that do not meet",
        [Entry("requirement", "Requirement", max(counts, key=lambda key: counts[key]), choices=choices)],
        lambda store, name, given: reject_all_unmet(store, name, given["requirement"]),
        said=lambda done: f"{done[1]} rejected, each with its own answer; {_fates(done[0])}",
        about="Before each stands how many undecided services answer otherwise. Each is rejected with its "
        "own answer as the reason. A listing that is silent is not rejected by it: ask.",
        button="Reject",
    )


def reconsider(screen: ProjectScreen, services: Sequence[Listed]) -> None:
    """Leave the fate of services open again."""
    ids = tuple(each.service_id for each in services)
    if not ids:
        return
    form(
        screen,
        f"Undecide: {_these(services, screen.opened)}",
        [Entry("because", "Because", hint="why it is looked at again")],
        lambda store, name, given: store.act(
            name, actions.Reconsider(services=ids, because=given["because"])
        ),
        said=lambda project: f"{len(ids)} undecided again; {_fates(project)}",
        about="The trail keeps what was decided before.",
        button="Undecide",
        then=screen.untick,
    )


def keep_note(screen: ProjectScreen, service_id: str, text: str) -> None:
    """Keep a note about a service; an informal shortlist needs no name for it."""
    project = screen.longlist.session.project
    if project is not None and project.informal and project.frozen is None:
        screen.longlist.note(service_id, text)
        return
    act_at_once(
        screen,
        "Writing",
        lambda store, name: store.act(name, actions.Note(service_id=service_id, note=text)),
        said=lambda _: "Noted" if text.strip() else "The note is taken away",
    )


def ask(screen: ProjectScreen, services: Sequence[Listed]) -> None:
    """Note a clarification question to the suppliers of services."""
    ids = tuple(each.service_id for each in services)
    if not ids:
        return
    form(
        screen,
        f"Ask: {_these(services, screen.opened)}",
        [
            Entry("text", "Question", hint="what is to be made clear"),
            Entry("channel", "By way of", "e-mail", "e-mail, telephone, meeting …"),
            Entry("on", "On", screen.longlist.session.clock().date().isoformat(), "2026-11-25"),
        ],
        lambda store, name, given: store.act(
            name,
            actions.Ask(
                services=ids, text=given["text"], on=day(given["on"], "the day"), channel=given["channel"]
            ),
        ),
        said=lambda _: f"{counted(len(ids), 'question')} noted",
        about="Questions make clear what is offered. Terms may not be negotiated in a direct award.",
        button="Note it",
        then=screen.untick,
    )


def answer(screen: ProjectScreen, question: Clarification) -> None:
    """Note the answer to a question, and what follows from it."""
    form(
        screen,
        f"Answer to question {question.number}",
        [
            Entry("text", "Answer", hint="what the supplier said"),
            Entry("effect", "Effect", hint="what follows from it, or: none"),
            Entry("channel", "By way of", question.channel),
            Entry("on", "On", screen.longlist.session.clock().date().isoformat(), "2026-11-25"),
        ],
        lambda store, name, given: store.act(
            name,
            actions.Answer(
                number=question.number,
                text=given["text"],
                on=day(given["on"], "the day"),
                channel=given["channel"],
                effect=given["effect"],
            ),
        ),
        said=lambda project: (
            f"Answer noted; {sum(each.reply is None for each in project.questions)} without an answer yet"
        ),
        about=one_line(question.text),
        button="Note it",
    )
