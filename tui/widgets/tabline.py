"""The names of tabs in one line, each with its key: one widget, so that a screen of many tabs opens fast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class TabName(NamedTuple):
    """A tab: its id, its key and its name."""

    id: str
    key: str
    name: str


class TabLine(Widget):
    """Shows which tab is open; a click opens another."""

    DEFAULT_CSS = """
    TabLine {
        height: 1;
        padding: 0 1;
        color: $muted;
    }
    """

    active: reactive[str] = reactive("")

    class Picked(Message):
        """A tab was clicked."""

        def __init__(self, tab: str) -> None:
            self.tab = tab
            super().__init__()

    def __init__(self, tabs: tuple[TabName, ...], active: str) -> None:
        super().__init__()
        self.tabs = tabs
        self.set_reactive(TabLine.active, active)

    def _labels(self) -> Iterator[tuple[TabName, str]]:
        return ((tab, f" {tab.key} {tab.name} ") for tab in self.tabs)

    def render(self) -> Content:
        """The names; the open one is reversed."""
        names: list[Content] = []
        for tab, label in self._labels():
            content = Content(label).stylize("bold", 1, 1 + len(tab.key))
            names.append(content.stylize("bold reverse $text") if tab.id == self.active else content)
        return Content("").join(names)

    def on_click(self, event: events.Click) -> None:
        """Open the tab at that place."""
        at = event.get_content_offset_capture(self).x
        start = 0
        for tab, label in self._labels():
            width = cell_len(label)
            if start <= at < start + width:
                self.post_message(self.Picked(tab.id))
            start += width
