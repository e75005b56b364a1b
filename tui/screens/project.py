"""Project: one purchase from its requirements to its outcome, each step with its key."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import ClassVar

from textual import getters, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static, TabbedContent, TabPane

from catalogue.errors import LonglistError
from catalogue.project import Project, StepName, next_step, progress_of, steps_of
from tui.projects import OpenProject
from tui.screens import project_ending as ending
from tui.screens import project_forms as forms
from tui.screens.acting import ask_name, named
from tui.screens.base import LonglistScreen
from tui.screens.export import Asked, ExportScreen
from tui.screens.project_list import ProjectsScreen, begin_project
from tui.screens.project_longlist import LonglistPane
from tui.screens.project_pane import ProjectPane
from tui.screens.project_questions import QuestionsPane
from tui.screens.project_requirements import RequirementsPane
from tui.screens.project_scores import ScoresPane
from tui.screens.project_steps import StepsPane
from tui.screens.project_trail import TrailPane
from tui.session import Session
from tui.widgets.plain import one_line, paragraph
from tui.widgets.steps import TITLES, StepsLine

_PANES: dict[str, tuple[str, type[ProjectPane]]] = {
    "steps": ("Steps", StepsPane),
    "requirements": ("Requirements", RequirementsPane),
    "longlist": ("Longlist", LonglistPane),
    "questions": ("Questions", QuestionsPane),
    "scores": ("Scores", ScoresPane),
    "trail": ("Trail", TrailPane),
}
#: Where each step is taken, and what is said of it with its key.
_NEXT: dict[StepName, tuple[str, str]] = {
    "requirements": ("requirements", "a adds one, z freezes them, before the search"),
    "search": ("requirements", "search in Browse (1), S there saves it"),
    "longlist": ("longlist", "s shortlists, r rejects"),
    "shortlist": ("longlist", "s shortlists what is to be scored"),
    "weights": ("scores", "w fixes criteria and weights, before any score"),
    "scores": ("scores", "Enter scores a row"),
    "lock": ("steps", "e exports it, which locks the record"),
    "outcome": ("steps", "O records how it ended"),
}


class ProjectScreen(LonglistScreen):
    """The open project."""

    MODE = "project"
    CSS_PATH = "project.tcss"
    AUTO_FOCUS = "#listed"
    ABOUT = (
        "One purchase on the record: requirements, one search, a fate and a reason for each service, weights "
        "before scores, an export that locks it, and its outcome. The line at the top shows the steps: ✓ is "
        "done, ▶ is now, · is to come, – was left out. x goes to the next one. Services that you only marked "
        "are an informal shortlist, which can be exported too."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "next_step", "Next step", id="project.next", tooltip="Go to the next step, and take it"),
        Binding("l", "projects", "Projects", id="project.list", tooltip="Other projects, and a new one"),
        Binding("t", "tab(1)", "Next tab", id="project.tab", tooltip="The next tab"),
        Binding("T", "tab(-1)", "Tab before", show=False, id="project.tab-before", tooltip="The tab before"),
        Binding("e", "export", "Export", id="project.export", tooltip="Write the project to a file"),
        Binding(
            "L",
            "lock",
            "Lock",
            show=False,
            id="project.lock",
            tooltip="Fix the record without an export",
        ),
        Binding("O", "conclude", "Outcome", id="project.outcome", tooltip="Record how the purchase ended"),
        Binding(
            "R",
            "reopen",
            "Reopen",
            id="project.reopen",
            tooltip="Begin a new version of what was fixed, saying why",
        ),
        Binding("escape", "back", "Back", show=False, id="project.back", tooltip="Back to the list"),
    ]

    tabs = getters.query_one(TabbedContent)

    def __init__(self) -> None:
        super().__init__()
        self.opened: OpenProject | None = None
        self._shown: tuple[str, bool] | None = None

    @property
    def session(self) -> Session:
        """The sitting."""
        return self.longlist.session

    def body(self) -> ComposeResult:
        """Which project, its steps, what is next, and a tab for each part."""
        yield Static("", id="project-head", markup=False)
        yield StepsLine(id="project-steps")
        yield Static("", id="project-next", markup=False)
        yield Static("", id="project-caution", markup=False)
        with TabbedContent(initial="longlist", id="project-tabs"):
            for tab, (title, pane) in _PANES.items():
                with TabPane(title, id=tab):
                    yield pane()

    def commands(self) -> Iterable[SystemCommand]:
        """Saying who one is, where that was not said from outside."""
        if self.session.settings.actor is None:
            yield SystemCommand(
                "Who you are",
                "The name that the record keeps with what you do",
                lambda: ask_name(self, self.read),
            )

    def pane(self, tab: str) -> ProjectPane:
        """The part in a tab."""
        return self.query_one(f"#{tab}-pane", ProjectPane)

    def sitting_changed(self, what: str) -> None:
        """Read the project again."""
        if what not in ("profile", "weights", "chosen"):
            self.read()

    def under_cursor(self) -> tuple[str, str] | None:
        """The service under the cursor of the longlist."""
        pane = self.pane(self.tabs.active)
        listed = pane.listed.current if isinstance(pane, LonglistPane) else None
        return (listed.service_id, self.opened.name_of(listed.service_id)) if listed and self.opened else None

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read the open project, and show it."""
        known = self.opened
        if known is not None and known.project.name != self.session.project_name:
            known = None
        try:
            with self.waiting("Reading the project"):
                opened = await self.session.read_open(known)
        except LonglistError as error:
            self.longlist.tell(error)
            return
        self.opened = opened
        self._show()

    def _show(self) -> None:
        opened = self.opened
        project = opened.project if opened is not None else None
        self.query_one("#project-head", Static).update(self._head(project))
        line = self.query_one(StepsLine)
        line.display = project is not None and not _is_marked_only(project)
        if project is not None:
            line.show(steps_of(project))
        self.query_one("#project-next", Static).update(_next(project))
        caution = self.query_one("#project-caution", Static)
        cautions = _cautions(opened)
        caution.display = bool(cautions)
        more = f" (+{len(cautions) - 1} in Steps)" if len(cautions) > 1 else ""
        caution.update(paragraph(f"! {one_line(cautions[0])}{more}" if cautions else "", "$text-warning"))
        self._label(project)
        for tab in _PANES:
            self.pane(tab).show(opened)
        informal = project is None or project.informal
        if self._shown != (self.session.project_name, informal):
            self._shown = (self.session.project_name, informal)
            self.go_to(_begin_at(project))
        self.refresh_bindings()

    def _head(self, project: Project | None) -> Content:
        if self.session.project_trouble:
            return Content.styled(one_line(self.session.project_trouble), "bold $text-error")
        if project is None:
            return Content.assemble(("No project yet", "bold"), ("  l begins one", "$muted"))
        parts = [one_line(project.profile.name)] if project.profile is not None else []
        parts += [f"version {project.version}"] if project.version > 1 else []
        parts += ["informal shortlist"] if _is_marked_only(project) else []
        return Content.assemble((one_line(project.name), "bold"), (f"  {' · '.join(parts)}", "$muted"))

    def _label(self, project: Project | None) -> None:
        counts = {
            "requirements": len(project.frozen.requirements) if project and project.frozen else 0,
            "longlist": len(project.longlist) if project else 0,
            "questions": len(project.questions) if project else 0,
        }
        for tab, (title, _) in _PANES.items():
            name = "Shortlist" if tab == "longlist" and (project is None or project.informal) else title
            count = f" {counts[tab]:,}" if counts.get(tab) else ""
            self.tabs.get_tab(tab).label = Content(f"{name}{count}")

    def go_to(self, tab: str) -> None:
        """Show a tab; the focus goes there when one is on this screen."""
        self.tabs.active = tab
        self.pane(tab).enter()

    def action_tab(self, by: int) -> None:
        """The next tab, or the one before, and round again."""
        tabs = list(_PANES)
        self.go_to(tabs[(tabs.index(self.tabs.active) + by) % len(tabs)])

    def action_back(self) -> None:
        """From the evidence to its list."""
        pane = self.pane("longlist")
        if not (isinstance(pane, LonglistPane) and pane.back()):
            self.pane(self.tabs.active).enter()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done now."""
        project = self.opened.project if self.opened is not None else None
        match action:
            case "next_step":
                return project is None or next_step(project) is not None
            case "export":
                # What is marked counts before it is read back: keys may come before the screen has its rows.
                return bool(self.session.marks) or (project is not None and not project.informal)
            case "conclude":
                return project is not None and not _is_marked_only(project) and project.outcome is None
            case "lock":
                return project is not None and not project.informal and project.locked is None
            case "reopen":
                return project is not None and project.frozen is not None
        return super().check_action(action, parameters)

    async def action_next_step(self) -> None:
        """Go to where the next step is taken; take it when one is there."""
        project = self.opened.project if self.opened is not None else None
        step = next_step(project) if project is not None else None
        if project is None:
            begin_project(self)
            return
        if step is None:
            return
        tab, _ = _NEXT[step]
        if self.tabs.active != tab and step not in ("search", "lock", "outcome"):
            self.go_to(tab)
        elif step == "requirements":
            forms.freeze(self, project)
        elif step == "search":
            await self.longlist.action_go("browse")
        elif step == "weights":
            await self.pane("scores").run_action("weights")
        elif step == "lock":
            self.action_export()
        elif step == "outcome":
            self.action_conclude()
        pane = self.pane("longlist")
        if step == "longlist" and isinstance(pane, LonglistPane):
            pane.filter_by("open")
        self.to_missing_score()

    def to_missing_score(self) -> None:
        """The cursor to the first score that is missing."""
        pane = self.pane("scores")
        assert isinstance(pane, ScoresPane)
        pane.rows.to_missing()

    def untick(self) -> None:
        """Nothing is ticked any more: what was ticked for is done."""
        pane = self.pane("longlist")
        assert isinstance(pane, LonglistPane)
        pane.listed.ticked = frozenset()

    def action_projects(self) -> None:
        """List the projects."""
        self.app.push_screen(ProjectsScreen())

    def action_lock(self) -> None:
        """Lock the record, once that is confirmed."""
        ending.ask_to_lock(self)

    def action_conclude(self) -> None:
        """Record how it ended."""
        ending.ask_how_it_ended(self)

    def action_reopen(self) -> None:
        """Begin a new version."""
        ending.reopen(self)

    def action_export(self) -> None:
        """Ask for a format and a file, and write the project there."""
        project = self.session.project
        if project is None or (project.informal and not project.marks):
            self.longlist.say("There is nothing to export: mark services with space first")
            return

        def write(asked: Asked | None) -> None:
            if asked is None:
                return
            if asked.draft or project.informal or project.locked is not None or asked.kind == "bundle":
                self.write(asked)
            else:
                named(self, lambda: self.write(asked))

        self.app.push_screen(
            ExportScreen(
                project.name,
                of_record=not project.informal,
                locks=not project.informal and project.locked is None and project.outcome is None,
            ),
            write,
        )

    @work(exclusive=True, group="export")
    async def write(self, asked: Asked) -> None:
        """Write the project to a file; in a browser, hand it over as a download."""
        was_locked = self.session.project is not None and self.session.project.locked is not None
        try:
            with self.waiting("Writing the export"):
                if self.app.is_web:
                    data = await self.session.exported(asked.kind, draft=asked.draft)
                else:
                    await self.session.export(asked.kind, asked.path, draft=asked.draft)
        except LonglistError as error:
            self.longlist.tell(error)
            return
        self.longlist.sitting_changed.publish("marks")
        locked = self.session.project is not None and self.session.project.locked is not None
        said = "; the record is locked now" if locked and not was_locked else ""
        if self.app.is_web:
            self.app.deliver_binary(BytesIO(data), save_filename=asked.path.name)
            self.longlist.say(f"Your browser saves {asked.path.name} with its downloads{said}")
        else:
            self.longlist.say(f"Written: {Path(asked.path).absolute()}{said}")


def _is_marked_only(project: Project) -> bool:
    """Whether nothing but marks was ever kept in it."""
    return project.informal and project.frozen is None and project.version == 1 and bool(project.marks)


def _next(project: Project | None) -> Content:
    """What comes next, with its key."""
    if project is None:
        return Content.assemble(
            ("Next (x) ", "bold $text-accent"), "begin a project; or mark services with space in Browse"
        )
    step = next_step(project)
    if step is None:
        said = "deleted" if project.deleted is not None else "R reopens it as a new version, saying why"
        return Content.assemble(("Closed: ", "bold"), said)
    if _is_marked_only(project):
        return Content.assemble(
            ("Informal: ", "bold"), "e exports it. For a purchase on the record x goes to the first step"
        )
    progress = progress_of(project)
    told = f"{TITLES[step]}, {progress}: " if progress else f"{TITLES[step]}: "
    return Content.assemble(("Next (x) ", "bold $text-accent"), (told, "bold"), _NEXT[step][1])


def _cautions(opened: OpenProject | None) -> list[str]:
    """What to know beside what the line above says already."""
    if opened is None or opened.project.informal:
        return []
    said = next_step(opened.project) == "scores"
    return [
        each
        for each in opened.cautions
        if not each.endswith("have no fate yet.") and not (said and each.startswith("Scores are missing"))
    ]


def _begin_at(project: Project | None) -> str:
    """The tab to begin with."""
    if project is None or _is_marked_only(project):
        return "longlist"
    if project.informal:
        return "requirements"
    step = next_step(project)
    return _NEXT[step][0] if step is not None else "steps"
