"""Profile: choose the file that says what stands in the way, and see what is in it or wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input

from catalogue.errors import LonglistError, ProfileError
from catalogue.profile import Profile
from tui.drafts import new_draft
from tui.matching import read_profile
from tui.screens.base import LonglistScreen
from tui.screens.new_profile import Begun, NewProfileScreen
from tui.unsaved import edit_draft, edit_file, go_on
from tui.widgets.plain import Piece, fitted, one_line, paragraph
from tui.widgets.profiles import mistakes_of, profile_text
from tui.widgets.prose import Prose
from tui.widgets.rows import RowList


class FileList(RowList):
    """Profile files: those in the current folder, then the samples."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Use", id="profile.use", tooltip="Use the profile under the cursor"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._files: tuple[tuple[Path, str], ...] = ()
        self._chosen: Path | None = None
        self.row_height = 2

    def show(self, found: Sequence[tuple[Path, str]], chosen: Path | None) -> None:
        """Show these files, each with where it is from; ``chosen`` is the one in use."""
        self._files, self._chosen = tuple(found), chosen
        self.total = len(found)
        self.resized()
        self.post_message(self.Moved(self, self.cursor))

    @property
    def current(self) -> Path | None:
        """The file under the cursor."""
        return self._files[self.cursor][0] if self._files else None

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """One file."""
        path, origin = self._files[row]
        point: Piece = ("▌" if row == self.cursor else " ", "accent")
        if line:
            return [point, (fitted(f"   {origin}", width - 1), "muted")]
        in_use = path == self._chosen
        return [
            point,
            (" ● " if in_use else " ○ ", "accent" if in_use else "muted"),
            (fitted(path.name + (" (in use)" if in_use else ""), width - 4), "strong"),
        ]


class ProfileScreen(LonglistScreen):
    """The picker of profiles."""

    MODE = "profile"
    CSS_PATH = "profile.tcss"
    AUTO_FOCUS = "#files"
    ABOUT = (
        "A profile says who you are, which systems stay, which skills are missing, and what you must have. "
        "It is a TOML file. n begins one half filled in, e edits the one under the cursor in a form, Enter "
        "uses it; or type the path of a file. Mistakes are listed all at once, with their lines."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "type_path", "Type a path", id="profile.path", tooltip="Type the path of a profile"),
        Binding(
            "p", "details", "Contents", id="profile.contents", tooltip="Go to what the profile says, or back"
        ),
        Binding("e", "edit", "Edit", id="profile.edit", tooltip="Edit this profile in a form"),
        Binding("n", "new", "New", id="profile.new", tooltip="Begin a profile that is half filled in"),
        Binding(
            "c", "go_on", "Go on", id="profile.go-on", tooltip="Go on with the profile that is not saved yet"
        ),
        Binding("r", "list_files", "Look again", id="profile.again", tooltip="Read the files again"),
        Binding("escape", "back", "Back", show=False, id="profile.back", tooltip="Back to the list"),
    ]

    path_box = getters.query_one("#path", Input)
    file_list = getters.query_one("#files", FileList)
    details = getters.query_one("#profile-details", VerticalScroll)

    def body(self) -> ComposeResult:
        """A box for a path, the files, and what the one under the cursor says."""
        box = Input(placeholder="Path of a profile (.toml) …", id="path", classes="pane")
        box.border_title = "Profile file"
        yield box
        with Horizontal(id="profile-panes"):
            found = FileList(id="files")
            found.add_class("pane")
            found.border_title = "Profiles"
            yield found
            details = VerticalScroll(Prose(id="profile-text"), id="profile-details", classes="pane text")
            details.border_title = "What it says"
            details.can_focus = True
            yield details

    def on_mount(self) -> None:
        """List the files."""
        self.action_list_files()

    def sitting_changed(self, what: str) -> None:
        """Another profile may be in use."""
        if what in ("profile", "opened", "draft"):
            self.action_list_files()
            self.refresh_bindings()

    @work(exclusive=True, group="files")
    async def action_list_files(self) -> None:
        """Find the profiles in the current folder and the samples."""
        found = await asyncio.to_thread(_profile_files)
        chosen = self.longlist.session.profile_path
        if chosen is not None and chosen not in [path for path, _ in found]:
            found.insert(0, (chosen, str(chosen.parent)))
        self.file_list.show(found, chosen)

    @on(RowList.Moved, "#files")
    def _moved(self) -> None:
        if self.file_list.current is not None:
            self.look_at(self.file_list.current)

    @work(exclusive=True, group="read")
    async def look_at(self, path: Path) -> None:
        """Show what a file says, or every mistake in it."""
        text = self.query_one("#profile-text", Prose)
        try:
            profile = await asyncio.to_thread(read_profile, path)
        except ProfileError as error:
            text.update(mistakes_of(error))
        except LonglistError as error:
            text.update([paragraph(str(error), "$text-error")])
        else:
            text.update(profile_text(profile))
        self.details.scroll_home(animate=False)

    @on(RowList.Chosen, "#files")
    async def _file_chosen(self) -> None:
        if self.file_list.current is not None:
            self.take(self.file_list.current)

    @on(Input.Submitted, "#path")
    def _path_typed(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        if typed:
            path = Path(typed).expanduser()
            self.look_at(path)
            self.take(path)

    @work(exclusive=True, group="take")
    async def take(self, path: Path) -> None:
        """Use this profile; one with mistakes is shown and the one before stays."""
        before = self.longlist.session.profile
        await self.longlist.take_profile(path)
        profile: Profile | None = self.longlist.session.profile
        if profile is not None and profile is not before:
            self.longlist.say(f"Profile: {one_line(profile.organisation.name)}. Press 2 for the matches.")

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer to go on where there is something to go on with."""
        if action == "go_on":
            draft = self.longlist.session.draft
            return draft is not None and draft.unsaved
        return True

    def action_edit(self) -> None:
        """Edit the file under the cursor."""
        if self.file_list.current is not None:
            edit_file(self.longlist, self.file_list.current)

    def action_new(self) -> None:
        """Ask who buys, and edit the profile that is proposed."""

        def begin(begun: Begun | None) -> None:
            if begun is not None:
                edit_draft(self.longlist, new_draft(begun.text, begun.organisation))

        self.app.push_screen(NewProfileScreen(self.longlist.session.bodies), begin)

    def action_go_on(self) -> None:
        """Go on with the draft."""
        go_on(self.longlist)

    def action_type_path(self) -> None:
        """Go to the box for a path."""
        self.path_box.focus()

    def action_details(self) -> None:
        """Go to what the profile says; from it, back to the list."""
        leaving = self.details.has_focus
        self.set_class(not leaving, "-at-details")
        (self.file_list if leaving else self.details).focus()

    def action_back(self) -> None:
        """Back to the list."""
        self.remove_class("-at-details")
        self.file_list.focus()


def _profile_files() -> list[tuple[Path, str]]:
    """Profiles to offer, each with where it is from."""
    here = Path.cwd()
    own = [(path, "current folder") for path in sorted(here.glob("*.toml")) if path.name != "pyproject.toml"]
    folder = Path(str(files("catalogue.sample") / "profiles"))
    return own + [(path, "fictional sample") for path in sorted(folder.glob("*.toml"))]
