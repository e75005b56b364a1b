"""Boxes that open from Browse: one of many values, a question whose answers become filters, the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from catalogue.errors import LonglistError
from catalogue.questions import load_crosswalk
from db.columns_on_demand import asked_questions
from tui.screens.columns import ColumnsScreen
from tui.screens.pick import Choice, PickScreen
from tui.session import SEARCHING
from tui.widgets.filters import GROUPS
from tui.widgets.plain import one_line
from tui.widgets.services import USUAL

if TYPE_CHECKING:
    from tui.screens.browse import BrowseScreen


def pick_value(screen: BrowseScreen, group: str) -> None:
    """Choose one of many values of a filter by typing."""

    async def take(picked: Choice | None) -> None:
        if picked is not None and picked.value not in screen.narrowing.chosen[group]:
            await screen.toggle(group, picked.value, picked.name)

    counts = screen.filters.counts.get(group, ())
    choices = [Choice(count.value, one_line(count.name), f"{count.count:,}") for count in counts]
    screen.app.push_screen(PickScreen(dict(GROUPS)[group], choices), take)


async def pick_question(screen: BrowseScreen) -> None:
    """Choose a question of the crosswalk that the services were asked; its options become filters."""
    try:
        asked = await screen.longlist.session.ask(asked_questions, lane=SEARCHING)
    except LonglistError as error:
        screen.longlist.tell(error)
        return
    choices = [
        Choice(question.id, question.label, question.section)
        for question in load_crosswalk().questions.values()
        if question.options and question.id in asked
    ]

    def take(picked: Choice | None) -> None:
        if picked is not None:
            screen.open_question(picked.value)

    screen.app.push_screen(PickScreen("Answer to which question?", choices), take)


def choose_columns(screen: BrowseScreen) -> None:
    """Choose the columns of the list, and keep them for the next sitting."""

    async def take(columns: tuple[str, ...] | None) -> None:
        if columns is not None:
            screen.results.columns = columns
            app = screen.longlist
            app.memory = msgspec.structs.replace(app.memory, columns=None if columns == USUAL else columns)
            await app.remember()

    screen.app.push_screen(ColumnsScreen(screen.results.columns), take)
