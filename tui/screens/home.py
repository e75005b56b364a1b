"""Catalogue: what the open catalogue holds, or how to come by one."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from catalogue.dates import long_date
from catalogue.errors import LonglistError
from catalogue.model import CatalogueSummary, FacetCount
from tui.screens.base import LonglistScreen
from tui.widgets.plain import fitted, paragraph, right
from tui.widgets.prose import Block, Part, Prose, labelled, titled


class HomeScreen(LonglistScreen):
    """The catalogue as a whole."""

    MODE = "home"
    ABOUT = (
        "What the open catalogue holds and how fresh it is. Without a catalogue, this says how to make one."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "look", "Look again", id="home.look", tooltip="Read the catalogue file again"),
        Binding("enter", "app.go('browse')", "Browse", id="home.browse", tooltip="Search the services"),
    ]

    def body(self) -> ComposeResult:
        """One text."""
        pane = VerticalScroll(Prose(id="about-catalogue"), classes="pane text", id="home-pane")
        pane.border_title = "Catalogue"
        yield pane

    def on_mount(self) -> None:
        """Read it for the first time."""
        self.action_look()

    @work(exclusive=True, group="summary")
    async def action_look(self) -> None:
        """Read the catalogue file and say what it holds."""
        session = self.longlist.session
        text = self.query_one("#about-catalogue", Prose)
        try:
            with self.waiting("Reading the catalogue"):
                held = await session.load()
        except LonglistError as error:
            text.update(_without(str(error), str(session.path)))
            return
        self.longlist.sitting_changed.publish("catalogue")
        text.update(_about(held, str(session.path)) if held.services else _without("", str(session.path)))


def _without(reason: str, path: str) -> list[Part]:
    """What to do when there is no catalogue, or an empty one."""
    return [
        "",
        Content.styled("There are no services to search yet", "bold"),
        paragraph(reason or f"{path} holds no services.", "$muted"),
        "",
        paragraph("Leave with Ctrl+Q and run one of these:"),
        "",
        _command("longlist demo", "to look around in a small fictional catalogue"),
        _command("longlist scrape", "to fetch the services of the marketplace, politely and slowly"),
        _command("longlist import FILE.jsonl", "to take in service records that you already have"),
        "",
        paragraph("A catalogue elsewhere opens with: longlist --db FILE", "$muted"),
        paragraph("If you have done so in another window, press r to look again.", "$muted"),
    ]


def _command(command: str, purpose: str) -> Block:
    return Block(Content(purpose), Content.assemble("  ", (f"{command:<28}", "bold $text-accent")))


def _about(held: CatalogueSummary, path: str) -> list[Part]:
    newest = f"{long_date(held.newest)}, {held.newest:%H:%M} UTC" if held.newest else "not known"
    parts: list[Part] = [""]
    if held.fictional:
        parts += [
            Content.styled("Fictional sample data", "bold $text-warning"),
            "Every supplier and service here is invented, to try Longlist with.",
            "",
        ]
    if held.partial is not None:
        parts += [
            Content.styled("A part of a pass", "bold $text-warning"),
            paragraph(held.partial[0].upper() + held.partial[1:] + ". Go on with: longlist scrape"),
            "",
        ]
    parts += [
        labelled("Services", Content(f"{held.services:,}"), 15),
        labelled("Live", Content(f"{held.live:,}"), 15),
        labelled("Newest record", Content(newest), 15),
        labelled("File", paragraph(path), 15),
        labelled("Digest", Content(held.digest), 15),
    ]
    for title, counts in (("By framework", held.by_framework), ("By lot", held.by_lot)):
        if counts:
            parts += ["", titled(title), *_bars(counts)]
    return parts


def _bars(counts: tuple[FacetCount, ...]) -> list[Content]:
    """Counts with a bar each, the longest 24 cells."""
    most = max(count.count for count in counts) or 1
    return [
        Content.assemble(
            fitted(count.name, 34),
            right(f"{count.count:,}", 8),
            "  ",
            ("━" * max(1, round(24 * count.count / most)), "$primary"),
        )
        for count in counts
    ]
