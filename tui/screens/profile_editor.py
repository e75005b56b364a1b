"""The profile as a form: every key as a field, checked and ranked while it is changed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual import getters, on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static, Tab, Tabs

from catalogue.errors import LonglistError, UsageError
from catalogue.profile import Profile, check_profile
from catalogue.profile.editing import move_row, put_all, remove_row, tables_of, tick
from catalogue.questions import load_crosswalk
from catalogue.vague import advise
from tui.drafts import Draft, save_draft
from tui.edits import answer_to_another, with_another, with_even_weights, with_weight
from tui.preview import Preview
from tui.screens.base import LonglistScreen
from tui.screens.save import SaveScreen
from tui.screens.service import ServiceScreen
from tui.widgets.fields import Field
from tui.widgets.plain import counted, one_line
from tui.widgets.profile_form import ProfileForm, field_of
from tui.widgets.profile_parts import SECTIONS, section_of
from tui.widgets.profiles import check_of
from tui.widgets.prose import Prose
from tui.widgets.rows import RowList
from tui.widgets.tables import TableList, TablePane
from tui.widgets.topten import TopTen
from tui.widgets.weights import WeightBars, shares_of

#: Seconds without a change before the services are ranked again.
_PAUSE = 0.4
#: Seconds without a change before what is not saved is written down.
_KEEPING = 1.0
#: In a small window these are tabs beside the sections.
_SIDE = {"ranking": "Top ten", "check": "Check"}


class ProfileEditor(LonglistScreen):
    """The editor of the draft that the session holds."""

    MODE = "profile"
    CSS_PATH = "profile_editor.tcss"
    AUTO_FOCUS = "#section-organisation Input"
    ABOUT = (
        "A profile as a form. Every field is a line of its file, whose comments and order stay as they are. "
        "What is wrong is said at the field, in the words of longlist profile check. Beside it stand the ten "
        "best services for the profile as it is now, with how far each has moved. Nothing is written before "
        "Ctrl+S."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", id="editor.save", tooltip="Write the profile to its file"),
        Binding("ctrl+z", "undo", "Undo", id="editor.undo", tooltip="Take the last change back"),
        Binding(
            "ctrl+y", "redo", "Redo", show=False, id="editor.redo", tooltip="Do again what was taken back"
        ),
        Binding("f7,ctrl+pagedown", "section(1)", "Next part", id="editor.next", tooltip="The next part"),
        Binding(
            "shift+f7,ctrl+pageup",
            "section(-1)",
            "Part before",
            show=False,
            id="editor.previous",
            tooltip="The part before",
        ),
        Binding("f8", "mistake", "Mistake", id="editor.mistake", tooltip="To the next mistake"),
        Binding("f9", "ranking", "Top ten", id="editor.ranking", tooltip="To the top ten, or back"),
        Binding("f12", "save_as", "Save as", show=False, id="editor.save-as", tooltip="Save in another file"),
        Binding("up", "app.focus_previous", show=False, id="editor.up", tooltip="The field before"),
        Binding("down", "app.focus_next", show=False, id="editor.down", tooltip="The next field"),
        Binding(
            "escape",
            "back",
            "Back",
            show=False,
            id="editor.back",
            tooltip="Back; what is not saved is kept here",
        ),
    ]

    tabs = getters.query_one("#editor-tabs", Tabs)
    form = getters.query_one("#editor-form", ProfileForm)
    ranking = getters.query_one("#editor-ranking", TopTen)

    def __init__(self) -> None:
        super().__init__()
        self.crosswalk = load_crosswalk()
        self.preview: Preview | None = None
        self.problems: tuple[str, ...] = ()
        # What stands on the screen: what has not changed is not drawn again.
        self._checked: tuple[tuple[str, ...], tuple[str, ...]] | None = None
        self._offered: tuple[bool, ...] = ()
        self._stated = ""

    @property
    def draft(self) -> Draft:
        """The profile being edited."""
        draft = self.longlist.session.draft
        assert draft is not None
        return draft

    def body(self) -> ComposeResult:
        """The state of the file, the parts as tabs, the form, and what comes of it beside it."""
        yield Static("", id="editor-state", markup=False)
        yield Tabs(
            *(Tab(name, id=f"tab-{key}") for key, name in (SECTIONS | _SIDE).items()), id="editor-tabs"
        )
        with Horizontal(id="editor-panes"):
            yield ProfileForm(self.crosswalk, self.longlist.session.bodies, id="editor-form")
            with Vertical(id="editor-side"):
                ranking = TopTen(id="editor-ranking")
                ranking.add_class("pane")
                ranking.border_title = "Top ten"
                yield ranking
                check = VerticalScroll(Prose(id="check-text"), id="editor-check", classes="pane text")
                check.border_title = "Check"
                check.can_focus = True
                yield check

    def on_mount(self) -> None:
        """Show the draft, and rank the services for it."""
        self.show_draft()

    def commands(self) -> Iterable[SystemCommand]:
        """Every part of the form, and what is added to it."""
        for key, name in (SECTIONS | _SIDE).items():
            yield SystemCommand(f"Part: {name}", "Go to this part of the profile", partial(self.go_to, key))
        for table, adds in (("legacy", "Add a system"), ("requirement", "Add a requirement")):
            yield SystemCommand(adds, "The same as a in the list", partial(self._add, table))

    def _add(self, table: str) -> None:
        self.go_to(table, lambda: self.query_one(f"#{table}-list", TableList).action_add())

    # What is shown.

    def show_draft(self) -> None:
        """Show the draft as it is now; rank the services for it soon."""
        profile = self.show_form()
        if profile is not None:
            self.rank(profile)
        else:
            self.ranking.border_subtitle = "of the last state without mistakes"

    def show_form(self) -> Profile | None:
        """Show what the draft says, with what is wrong with it; the profile, where nothing is."""
        draft = self.draft
        profile, problems = check_profile(draft.text, draft.name, self.crosswalk)
        troubles: dict[str, list[str]] = defaultdict(list)
        for problem in problems:
            troubles[problem.place].append(problem.message)
        advice: dict[str, list[str]] = defaultdict(list)
        pieces = advise(draft.text)
        for piece in pieces:
            advice[piece.place].append(f"{piece.found!r} {piece.advice}")
        self.problems = tuple(problem.place for problem in problems)
        tables = tables_of(draft.text) or {}
        self.form.show(tables, troubles, advice)
        self._show_state()
        self._show_tabs(tables)
        self._show_checked(tuple(map(str, problems)), tuple(map(str, pieces)))
        self._show_keys()
        return profile

    def _show_checked(self, problems: tuple[str, ...], advice: tuple[str, ...]) -> None:
        if self._checked != (problems, advice):
            self._checked = (problems, advice)
            self.query_one("#check-text", Prose).update(check_of(problems, advice))

    def _show_keys(self) -> None:
        history = self.draft.history
        offered = (history.can_undo, history.can_redo, bool(self.problems))
        if offered != self._offered:
            self._offered = offered
            self.refresh_bindings()

    def _show_state(self) -> None:
        draft = self.draft
        count = len(self.problems)
        parts = [
            Content.styled(one_line(draft.name), "bold"),
            Content(
                "not saved yet" if draft.path is None else "changed, not saved" if draft.unsaved else "saved"
            ),
            Content.styled(f"✕ {counted(count, 'mistake')}", "bold $text-error")
            if count
            else Content.styled("✓ no mistakes", "$text-success"),
        ]
        stated = Content(" · ").join(parts)
        if stated.markup != self._stated:
            self._stated = stated.markup
            self.query_one("#editor-state", Static).update(stated)

    def _show_tabs(self, tables: Mapping[str, Any]) -> None:
        for key, name in (SECTIONS | _SIDE).items():
            rows = tables.get(key)
            count = f" {len(rows)}" if isinstance(rows, list) and rows else ""
            here = self.problems if key == "check" else [at for at in self.problems if section_of(at) == key]
            tab = self.tabs.query_one(f"#tab-{key}", Tab)
            label = f"{name}{count}{f' ✕{len(here)}' if here else ''}"
            if tab.label.plain != label:
                tab.label = Content(label)

    # What is edited.

    def change(self, edit: Callable[[str], str], about: str = "") -> None:
        """Make an edit; where the file does not allow it, say so and leave all as it was."""
        draft = self.draft
        try:
            text = edit(draft.history.base(about))
        except UsageError as error:
            self.longlist.tell(error)
            text = draft.text
        self._take(replace(draft, history=draft.history.changed(text, about)))

    def _take(self, draft: Draft) -> None:
        self.longlist.session.draft = draft
        self.show_draft()
        self.keep()

    @work(exclusive=True, group="keep")
    async def keep(self) -> None:
        """Write down what is not saved, once nothing has changed for a moment: a line may break."""
        if self.longlist.remembers:
            await asyncio.sleep(_KEEPING)
            await self.longlist.remember()

    @on(Field.Edited)
    def _edited(self, event: Field.Edited) -> None:
        values = dict(event.values)
        if event.field.key == "question":
            base, field = self.draft.history.base(event.field.place), event.field
            values |= answer_to_another(self.crosswalk, base, field.table, values[field.place])
        self.change(lambda text: put_all(text, values), event.about)

    @on(Field.Ticked)
    def _ticked(self, event: Field.Ticked) -> None:
        self.change(lambda text: tick(text, event.place, event.word, event.on))

    @on(WeightBars.Changed)
    def _weight_changed(self, event: WeightBars.Changed) -> None:
        share = event.share_of(shares_of(tables_of(self.draft.text) or {}))
        self.change(lambda text: with_weight(text, event.barrier, share), f"weights.{event.barrier}")

    @on(WeightBars.Reset)
    def _weights_reset(self, event: WeightBars.Reset) -> None:
        self.change(lambda text: with_even_weights(text, preset=event.preset))

    @on(TableList.Asked)
    def _row_asked(self, event: TableList.Asked) -> None:
        pane = next(pane for pane in self.query(TablePane) if pane.list is event.rows)
        if event.what == "add":
            self.change(lambda text: with_another(text, pane.table))
            event.rows.cursor = event.rows.total - 2
            self.call_after_refresh(pane.to_fields)
        elif event.what == "remove":
            self.change(lambda text: remove_row(text, pane.table, event.number))
            self.longlist.say("Removed. Ctrl+Z brings it back.")
        else:
            self.change(lambda text: move_row(text, pane.table, event.number, event.by))
            event.rows.cursor = event.number - 1 + event.by

    def on_descendant_blur(self) -> None:
        """What was typed into a field that one has left counts as one change."""
        self.longlist.session.draft = replace(self.draft, history=self.draft.history.settled())

    def action_undo(self) -> None:
        """Take the last change back."""
        self._take(replace(self.draft, history=self.draft.history.undone()))
        self.form.tidy()

    def action_redo(self) -> None:
        """Do again what was taken back."""
        self._take(replace(self.draft, history=self.draft.history.redone()))
        self.form.tidy()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done."""
        history = self.draft.history
        if action == "undo":
            return history.can_undo
        if action == "redo":
            return history.can_redo
        if action == "mistake":
            return bool(self.problems)
        return True

    # What comes of it.

    @work(exclusive=True, group="rank")
    async def rank(self, profile: Profile) -> None:
        """Rank the services for the profile as it is now, once nothing has changed for a moment."""
        session = self.longlist.session
        if self.preview is None:
            self.preview = Preview(session)
        elif not self.preview.at_once(profile):
            await asyncio.sleep(_PAUSE)
        try:
            with self.waiting("Ranking the services"):
                found = await self.preview.ranked(profile)
        except LonglistError as error:
            self.ranking.border_subtitle = "no ranking"
            self.query_one("#editor-ranking", TopTen).show((), {})
            self.longlist.tell(error)
            return
        self.ranking.show(found.matches, self.preview.before)
        excluded = f" · {len(found.excluded)} excluded" if found.excluded else ""
        self.ranking.border_subtitle = f"{counted(len(found.matches), 'match', 'matches')}{excluded}"

    @on(RowList.Chosen, "#editor-ranking")
    def _open(self) -> None:
        match = self.ranking.current
        if match is not None:
            self.app.push_screen(ServiceScreen(match.service.id))

    # Where one is.

    @on(Tabs.TabActivated, "#editor-tabs")
    async def _tab_activated(self, event: Tabs.TabActivated) -> None:
        await self._show_part((event.tab.id or "").removeprefix("tab-"))

    async def _show_part(self, key: str) -> None:
        self.update_classes({f"-at-{side}": key == side for side in _SIDE}, animate=False)
        if key in SECTIONS and await self.form.show_part(key):
            self.show_form()

    def go_to(self, key: str, then: Callable[[], None] | None = None) -> None:
        """Show a part and go to its first field, or do what is given."""
        sides: dict[str, Callable[[], object]] = {
            "ranking": self.ranking.focus,
            "check": self.query_one("#editor-check").focus,
        }

        async def go() -> None:
            await self._show_part(key)
            self.tabs.active = f"tab-{key}"
            self.call_after_refresh(then or sides.get(key, self.form.focus_first))

        self.call_next(go)

    @property
    def _parts(self) -> tuple[str, ...]:
        return tuple(SECTIONS) if self.has_class("-wide") else tuple(SECTIONS | _SIDE)

    @property
    def _part(self) -> str:
        return self.tabs.active.removeprefix("tab-")

    def action_section(self, by: int) -> None:
        """The next part, or the one before; round again at the end."""
        parts = self._parts
        at = parts.index(self._part) if self._part in parts else 0
        self.go_to(parts[(at + by) % len(parts)])

    def action_ranking(self) -> None:
        """To the top ten; from it, back to the form."""
        if self.ranking.has_focus:
            self.go_to(self.form.part)
        elif self.has_class("-wide"):
            self.ranking.focus()
        else:
            self.go_to("ranking")

    def action_mistake(self) -> None:
        """To the field of the next mistake after the one that has the focus."""
        here = field_of(self.focused)
        at = next(
            (at for at, place in enumerate(self.problems) if here and place in map(here.at, here.keys)), -1
        )
        place = self.problems[(at + 1) % len(self.problems)]
        section = section_of(place)
        if section is None:
            self.go_to("check")
            return
        self.go_to(section, partial(self.form.focus_place, place))

    def _fit(self, size: Size) -> None:
        super()._fit(size)
        wide = self.has_class("-wide")
        if wide and self._part in _SIDE:
            self.tabs.active = f"tab-{self.form.part}"
        for side in _SIDE:
            if self.tabs.query_one(f"#tab-{side}").display is wide:
                (self.tabs.hide if wide else self.tabs.show)(f"tab-{side}")

    def action_back(self) -> None:
        """Back to the files; what is not saved stays in the session."""
        if self.draft.unsaved:
            self.longlist.say(f"{self.draft.name} is not saved; your changes are kept. c goes on with it.")
        self.longlist.sitting_changed.publish("draft")
        self.dismiss()

    # Saving.

    def action_save(self) -> None:
        """Write the profile to its file; without one, ask for it."""
        if self.draft.path is None:
            self.action_save_as()
        else:
            self.save()

    def action_save_as(self) -> None:
        """Ask for a file and write the profile there."""

        def save(path: Path | None) -> None:
            if path is not None:
                self.save(path)

        self.app.push_screen(SaveScreen(self.draft), save)

    @work(exclusive=True, group="save")
    async def save(self, path: Path | None = None) -> None:
        """Write the profile, and use it where it has no mistakes."""
        try:
            self.longlist.session.draft = saved = await asyncio.to_thread(save_draft, self.draft, path)
        except LonglistError as error:
            self.longlist.tell(error)
            return
        self.show_draft()
        assert saved.path is not None
        if self.problems:
            left = counted(len(self.problems), "mistake")
            self.longlist.say(
                f"Saved: {saved.name}. It has {left}, and is not used until they are put right."
            )
        else:
            await self.longlist.take_profile(saved.path)
            self.longlist.say(f"Saved: {saved.name}. The matches are ranked for it.")
