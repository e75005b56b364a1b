"""What happens to changes of a profile that are not saved, when another is to be edited or one leaves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from catalogue.errors import LonglistError
from tui import errands
from tui.drafts import Draft, open_draft
from tui.screens.ask import AskScreen

if TYPE_CHECKING:
    from tui.app import LonglistApp


def edit_file(app: LonglistApp, path: Path) -> None:
    """Edit the profile in a file, or go on with it; one that cannot be read is told."""
    try:
        draft = open_draft(path)
    except LonglistError as error:
        app.tell(error)
        return
    before = app.session.draft
    if before is not None and before.unsaved and (before.path, before.name) == (draft.path, draft.name):
        go_on(app)
    else:
        edit_draft(app, draft)


def edit_draft(app: LonglistApp, draft: Draft) -> None:
    """Edit this draft; changes to another that are not saved are asked about first."""

    def edit(answer: str | None) -> None:
        if answer == "drop":
            app.session.draft = draft
        if answer is not None:
            go_on(app)

    before = app.session.draft
    if before is None or not before.unsaved:
        edit("drop")
        return
    app.push_screen(
        AskScreen(
            "Changes not saved",
            f"{before.name} has changes that are not saved. To edit another profile, save them first, or "
            "give them up.",
            {"mine": f"Go on with {before.name}", "drop": "Give them up"},
        ),
        edit,
    )


def go_on(app: LonglistApp) -> None:
    """Go on with the draft of the session."""
    from tui.screens.profile_editor import ProfileEditor  # noqa: PLC0415  the form loads what it suggests

    if not isinstance(app.screen, ProfileEditor):
        app.push_screen(ProfileEditor())


def ask_before_leaving(app: LonglistApp) -> bool:
    """Ask what is to become of changes that are not saved. Whether there was anything to ask.

    Whatever the answer they are kept, so asking for the second time is as good as an answer.
    """
    draft = app.session.draft
    if draft is None or not draft.unsaved or isinstance(app.screen, AskScreen):
        return False

    async def back() -> None:
        await app.switch_mode("profile")
        go_on(app)

    def answered(answer: str | None) -> None:
        if answer == "leave" and not errands.ask_before_leaving(app):
            app.leave()
        elif answer == "save":
            app.run_worker(back())

    app.push_screen(
        AskScreen(
            "Changes not saved",
            f"{draft.name} has changes that are not saved. They are kept for your next visit.",
            {"save": "Go on and save", "leave": "Leave"},
        ),
        answered,
    )
    return True
