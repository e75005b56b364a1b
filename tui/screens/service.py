"""One service: a summary, every answer it gave, and what in it speaks for and against the profile."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static, TabbedContent, TabPane

from catalogue.errors import LonglistError
from catalogue.records import ServiceRecord
from tui.around import Around, around
from tui.screens.base import LonglistScreen
from tui.screens.patience import patience
from tui.widgets.evidence import judgement_of
from tui.widgets.highlight import Sought, sought_by
from tui.widgets.listing import answers_of, facts_of, text_of
from tui.widgets.plain import one_line
from tui.widgets.prose import Prose
from tui.widgets.purchases import purchases_of

_TABS = ("summary", "answers", "evidence")


class ServiceScreen(LonglistScreen):
    """A service in full. ``sought`` is what it was found by, marked in its text."""

    CSS_PATH = "service.tcss"
    AUTO_FOCUS = ""
    ABOUT = (
        "Summary is what the listing says of itself; Answers is every question it answered, with a search "
        "inside; Evidence is what in it speaks for and against your profile."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="service.back", tooltip="Back to the list"),
        Binding(
            "s",
            "tab('summary')",
            "Summary",
            show=False,
            id="service.summary",
            tooltip="What the listing says of itself",
        ),
        Binding(
            "a",
            "tab('answers')",
            "Answers",
            show=False,
            id="service.answers",
            tooltip="Every answer, by section",
        ),
        Binding(
            "v",
            "tab('evidence')",
            "Evidence",
            show=False,
            id="service.evidence",
            tooltip="For and against the profile",
        ),
        Binding("slash", "find", "Find", show=False, id="service.find", tooltip="Search inside the answers"),
        Binding(
            "space,m", "mark", "Mark", id="service.mark", tooltip="Put it on the shortlist, or take it off"
        ),
        Binding("o", "open_page", "Web page", id="service.open", tooltip="Open its page in a browser"),
        Binding("y", "copy_link", "Copy link", id="service.copy", tooltip="Copy the link of its page"),
    ]

    tabs = getters.query_one(TabbedContent)
    find_box = getters.query_one("#find", Input)

    def __init__(self, service_id: str, sought: Sought | None = None, *, tab: str = "summary") -> None:
        super().__init__()
        self.service_id = service_id
        self._sought = sought or Sought()
        self._tab = tab
        self.record: ServiceRecord | None = None
        self.around: Around | None = None

    def body(self) -> ComposeResult:
        """Title and tabs."""
        with Horizontal(id="title-line"):
            yield Static("Reading …", id="title", markup=False)
        with TabbedContent(initial=self._tab):
            with TabPane("Summary", id="summary"), VerticalScroll(id="summary-text", can_focus=True):
                yield Prose(id="facts")
                yield Prose(id="listing")
            with TabPane("Answers", id="answers"):
                box = Input(placeholder="Search inside the answers …", id="find", classes="pane")
                box.border_title = "Find"
                yield box
                with VerticalScroll(id="answers-text", can_focus=True):
                    yield Prose(id="answers-list")
            with TabPane("Evidence", id="evidence"), VerticalScroll(id="evidence-text", can_focus=True):
                yield Prose(id="findings")

    def on_mount(self) -> None:
        """Read the service."""
        self.action_tab(self._tab)
        self.read()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read the service and show it, then judge it."""
        record = await self.longlist.record(self.service_id)
        if record is None:
            self.query_one("#title", Static).update(
                "This service is not in the catalogue any more. Esc goes back."
            )
            return
        self.record = record
        self._show_title()
        today = self.longlist.session.clock().date()
        self.query_one("#facts", Prose).update(facts_of(record, today))
        self.query_one("#listing", Prose).update(text_of(record, self._sought))
        self._show_answers()
        self._judge_if_shown()
        self.around = await self.longlist.session.ask(lambda catalogue: around(catalogue, record))
        self._show_around()

    def _show_around(self) -> None:
        """Dates of the framework as fetched, and who bought from the supplier: of the profile's sector."""
        record, profile = self.record, self.longlist.session.profile
        if record is None or self.around is None:
            return
        organisation = profile.organisation if profile is not None else None
        today = self.longlist.session.clock().date()
        award_by = organisation.award_by if organisation else None
        self.query_one("#facts", Prose).update(facts_of(record, today, self.around.dates, award_by))
        sector = organisation.sector if organisation else None
        bought = purchases_of(self.around.purchases, sector)
        self.query_one("#listing", Prose).update([*text_of(record, self._sought), *bought])

    def sitting_changed(self, what: str) -> None:
        """The star, and the evidence when there is another profile."""
        if self.record is not None:
            self._show_title()
            if what not in ("marks", "chosen"):
                self._show_around()
                self._judge_if_shown()

    @on(TabbedContent.TabActivated)
    def _judge_if_shown(self) -> None:
        """Judging may take a while on a large catalogue: only for who looks."""
        if self.record is not None and self.tabs.active == "evidence":
            self.judge()

    def _show_title(self) -> None:
        assert self.record is not None
        star = "★ " if self.service_id in self.longlist.session.marks else ""
        self.query_one("#title", Static).update(
            Content.assemble(
                (star, "bold $text-accent"),
                (one_line(self.record.name), "bold"),
                (f"   {one_line(self.record.supplier.name)}", "$muted"),
            )
        )

    def _show_answers(self) -> None:
        assert self.record is not None
        wanted = self.find_box.value
        text, count = answers_of(self.record, wanted, sought_by(wanted) if wanted.strip() else self._sought)
        self.query_one("#answers-list", Prose).update(text)
        self.find_box.border_subtitle = count

    @on(Input.Changed, "#find")
    def _find_typed(self) -> None:
        if self.record is not None:
            self._show_answers()

    @on(Input.Submitted, "#find")
    def _find_submitted(self) -> None:
        self.query_one("#answers-text").focus()

    @work(exclusive=True, group="judge")
    async def judge(self) -> None:
        """Judge the service against the profile."""
        profile, record = self.longlist.session.profile, self.record
        findings = self.query_one("#findings", Prose)
        if profile is None or record is None:
            findings.update(
                [
                    Content.styled("No profile is chosen", "bold"),
                    "Press 4 to choose one; then this shows what speaks for and against this service.",
                ]
            )
            return
        try:
            with patience(self, lambda spinner: findings.update([f"{spinner} Matching … Esc goes back"])):
                found = await self.longlist.session.ranked()
        except LonglistError as error:
            self.longlist.tell(error)
            return
        findings.update(judgement_of(record.id, found))

    def under_cursor(self) -> tuple[str, str] | None:
        """This service."""
        return (self.record.id, self.record.name) if self.record else None

    def action_tab(self, tab: str) -> None:
        """Show a tab and focus its text."""
        self.tabs.active = tab
        self.query_one(f"#{tab}-text").focus()

    def action_find(self) -> None:
        """Go to the search inside the answers."""
        self.tabs.active = "answers"
        self.find_box.focus()

    def action_back(self) -> None:
        """Leave the search box, then the screen."""
        if self.find_box.has_focus:
            self.query_one("#answers-text").focus()
        else:
            self.dismiss()

    def action_mark(self) -> None:
        """Put this service on the shortlist, or take it off."""
        if self.record is not None:
            self.longlist.toggle_mark(self.record.id, self.record.name)

    def action_open_page(self) -> None:
        """Open its page."""
        self.longlist.open_page(self.record)

    def action_copy_link(self) -> None:
        """Copy its link."""
        self.longlist.copy_link(self.record)
