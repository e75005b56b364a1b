"""How a purchase ends: its lock, its outcome, and a new version of what was fixed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from catalogue.errors import UsageError
from catalogue.project import End, Listed, Project, actions, kept_until, totals_of
from db.projects import ProjectStore
from db.purchase import lock
from tui.commands.project.beginning import amount
from tui.screens.acting import act_at_once, form
from tui.screens.ask import AskScreen
from tui.screens.form import Entry, Values
from tui.screens.project_forms import day
from tui.widgets.plain import one_line

if TYPE_CHECKING:
    from tui.screens.project import ProjectScreen

#: How a purchase can end, by the button for it.
_ENDS: dict[str, tuple[End, str]] = {
    "awarded": ("awarded", "Awarded"),
    "none-suitable": ("none-suitable", "None suitable"),
    "cancelled": ("cancelled", "Cancelled"),
}


def ask_to_lock(screen: ProjectScreen) -> None:
    """Lock the record, once that is confirmed."""

    def answered(answer: str | None) -> None:
        if answer == "lock":
            act_at_once(screen, "Locking", lock, said=lambda project: f"{project.name} is locked")

    screen.app.push_screen(
        AskScreen(
            "Lock the record",
            "Search, longlist, criteria and scores are fixed then; what comes after is the outcome, or a "
            "new version that says why. An export locks too.",
            {"lock": "Lock it", "leave": "Leave it open"},
        ),
        answered,
    )


def ask_how_it_ended(screen: ProjectScreen) -> None:
    """Ask how it ended, then for what belongs to that."""

    def answered(answer: str | None) -> None:
        if answer is not None:
            conclude(screen, _ENDS[answer][0])

    screen.app.push_screen(
        AskScreen(
            "Outcome",
            "How did the purchase end? After this it is closed.",
            {key: label for key, (_, label) in _ENDS.items()},
        ),
        answered,
    )


def conclude(screen: ProjectScreen, kind: End) -> None:
    """Record how the purchase ended."""
    opened = screen.opened
    if opened is None:
        return
    project, today = opened.project, screen.longlist.session.clock().date().isoformat()
    buyer = project.profile.name if project.profile is not None else ""
    entries = [Entry("because", "Because", hint="why, where the scores alone do not say it")]
    if kind == "awarded":
        ids = [each.service_id for each in _best_first(project)]
        entries = [
            Entry("winner", "Winner", choices=tuple((id, one_line(opened.name_of(id))) for id in ids)),
            Entry("start", "First day", hint="2027-01-01"),
            Entry("end", "Last day", hint="2028-12-31"),
            Entry("value", "Value", hint="£ in all, without VAT"),
            Entry("buyer", "Buyer", buyer, "the organisation that buys"),
            Entry("signed", "Signed on", today, today),
            *entries,
        ]
        if not ids:
            screen.longlist.tell(UsageError("Nothing is on the shortlist, so that nothing can win."))
            return

    def act(store: ProjectStore, name: str, given: Values) -> Project:
        won = kind == "awarded"
        years = given["keep_years"]
        if not years.isdecimal():
            raise UsageError(f"the record is to be kept {years!r} years; expected a number such as 3")
        return store.act(
            name,
            actions.Conclude(
                kind=kind,
                winner=given["winner"] if won else None,
                start=day(given["start"], "the first day") if won else None,
                end=day(given["end"], "the last day") if won else None,
                value=amount(given["value"], "the value") if won else None,
                buyer=given["buyer"] if won else "",
                signed=day(given["signed"], "the day of signing") if won and given["signed"] else None,
                because=given["because"],
                keep_years=int(years),
            ),
        )

    form(
        screen,
        _ENDS[kind][1],
        [*entries, Entry("keep_years", "Keep for", "3", "years")],
        act,
        said=lambda project: f"Closed: {kind}. The record is kept until {kept_until(project)}",
        button="Record",
    )


def _best_first(project: Project) -> Sequence[Listed]:
    shortlisted = project.of_fate("shortlisted")
    if project.criteria is None:
        return shortlisted
    places = {each.service_id: at for at, each in enumerate(totals_of(project))}
    return sorted(shortlisted, key=lambda each: places[each.service_id])


def reopen(screen: ProjectScreen) -> None:
    """Begin a new version."""
    form(
        screen,
        "A new version",
        [
            Entry("because", "Because", hint="why what was fixed is opened again"),
            Entry(
                "what",
                "What changes",
                choices=(
                    ("judgement", "Fates, criteria or scores; the rest stays"),
                    ("requirements", "The requirements: all that follows begins anew"),
                ),
            ),
        ],
        lambda store, name, given: store.act(
            name, actions.Reopen(because=given["because"], requirements=given["what"] == "requirements")
        ),
        said=lambda project: f"{project.name} goes on as version {project.version}",
        about="The trail keeps the version before.",
        button="Reopen",
    )
