"""Criteria and their weights: asked for in one box, with their sum as one types."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from catalogue.errors import LonglistError, UsageError
from catalogue.project import Criteria, Criterion, Project, actions
from tui.commands.project.beginning import amount
from tui.screens.acting import named
from tui.widgets.choices import Choices
from tui.widgets.plain import one_line, paragraph

if TYPE_CHECKING:
    from tui.screens.project import ProjectScreen

#: What best value is made of in guidance for buyers; names to begin with, the weights are the buyer's.
_ASPECTS = (
    "Technical merit and functional fit",
    "Whole-life cost",
    "Service management",
    "Non-functional characteristics",
)
#: Criteria that can be given; more make each of them count for little.
_LINES = 6


class WeightsScreen(ModalScreen[bool]):
    """Asks for the way of judging, for criteria with weights that sum to 100, and for the best score."""

    CSS_PATH = "project_weights.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(False)", "Cancel", id="criteria.cancel", tooltip="Leave all as it is"),
        Binding("ctrl+s", "send", "Fix them", id="criteria.send", tooltip="Fix criteria and weights"),
        Binding("up", "app.focus_previous", show=False, id="criteria.up", tooltip="The field before"),
        Binding("down", "app.focus_next", show=False, id="criteria.down", tooltip="The next field"),
    ]

    def __init__(
        self, before: Criteria | None, send: Callable[[actions.SetCriteria], Awaitable[None]], *, why: bool
    ) -> None:
        super().__init__()
        self._before, self._send, self._why = before, send, why

    def compose(self) -> ComposeResult:
        """Lines of a name and a weight each, their sum, and two buttons."""
        before = self._before
        rows = [(each.name, f"{each.weight.normalize():f}") for each in before.criteria] if before else []
        if before is None or before.method == "lowest-price":
            rows = [(name, "") for name in _ASPECTS]
        rows += [("", "")] * (_LINES - len(rows))
        box = Vertical(classes="dialog")
        box.border_title = "Criteria and weights"
        box.border_subtitle = "Enter goes on · Ctrl+S fixes them · Esc cancels"
        with box:
            yield Choices(
                (("best-value", "Best value: the criteria below"), ("lowest-price", "Lowest price alone")),
                before.method if before else "best-value",
                id="method",
            )
            for at, (name, weight) in enumerate(rows):
                with Horizontal(classes="criterion"):
                    yield Input(
                        one_line(name), placeholder="another criterion", id=f"name-{at}", classes="line"
                    )
                    yield Input(weight, placeholder="weight", id=f"weight-{at}", classes="line weight")
            yield Static("", id="weights-sum", markup=False)
            with Horizontal(classes="criterion"):
                yield Static("Best score", id="scale-label", markup=False)
                yield Input(str(before.scale if before else 5), id="scale", classes="line weight")
            if self._why:
                yield Input(
                    placeholder="why they change, although scores were seen",
                    id="criteria-why",
                    classes="line",
                )
            yield Static("", markup=False, id="weights-said")
            with Horizontal(classes="buttons"):
                yield Button("Fix them", variant="primary", id="weights-send")
                yield Button("Cancel", id="weights-cancel")

    def on_mount(self) -> None:
        """Make room for the box, and begin where there is something to fill in."""
        self.app.clear_notifications()
        self.query_one("#weight-0", Input).focus()
        self._add_up()

    def _text(self, field: str) -> str:
        return self.query_one(f"#{field}", Input).value.strip()

    @on(Input.Changed)
    def _add_up(self) -> None:
        total, wrong = Decimal(0), False
        for at in range(_LINES):
            try:
                total += amount(self._text(f"weight-{at}") or "0", "the weight")
            except UsageError:
                wrong = True
        said = f"Sum {total:f} of 100"
        said += ": there is a weight that is no number" if wrong else "" if total == 100 else ": not yet 100"
        style = "$text-success" if total == 100 and not wrong else "$text-warning"
        self.query_one("#weights-sum", Static).update(
            paragraph(f"{'✓' if total == 100 else '·'} {said}", style)
        )

    @on(Input.Submitted)
    @on(Choices.Chosen)
    def _go_on(self) -> None:
        self.focus_next()

    @property
    def _action(self) -> actions.SetCriteria:
        if self.query_one("#method", Choices).chosen == "lowest-price":
            return actions.SetCriteria(method="lowest-price", criteria=(), because=self._reason)
        rows = []
        for at in range(_LINES):
            name, weight = self._text(f"name-{at}"), self._text(f"weight-{at}")
            if weight:
                if not name:
                    raise UsageError(f"the weight {weight} has no criterion; expected a name beside it")
                rows.append(Criterion(name, amount(weight, f"the weight of {name!r}")))
        scale = self._text("scale")
        if not scale.isdecimal():
            raise UsageError(f"the best score is {scale!r}; expected a number such as 5")
        return actions.SetCriteria(
            method="best-value", criteria=tuple(rows), scale=int(scale), because=self._reason
        )

    @property
    def _reason(self) -> str:
        return self._text("criteria-why") if self._why else ""

    @on(Button.Pressed, "#weights-send")
    def _pressed(self) -> None:
        self.action_send()

    @on(Button.Pressed, "#weights-cancel")
    def _cancel(self) -> None:
        self.dismiss(False)

    @work(exclusive=True, group="send")
    async def action_send(self) -> None:
        """Fix them; a refusal is told, and can be mended."""
        try:
            await self._send(self._action)
        except LonglistError as error:
            self.query_one("#weights-said", Static).update(paragraph(f"✕ {error}", "$text-error"))
            return
        self.dismiss(True)


def ask_weights(screen: ProjectScreen, project: Project) -> None:
    """Ask for criteria and weights, and fix them."""
    session = screen.longlist.session

    async def send(action: actions.SetCriteria) -> None:
        await session.act(lambda store, name: store.act(name, action))
        screen.longlist.sitting_changed.publish("marks")
        screen.longlist.say("Criteria and weights are fixed; now the services can be scored")

    def ask() -> None:
        screen.app.push_screen(WeightsScreen(project.criteria, send, why=project.seen > 0))

    named(screen, ask)
