"""How much each barrier matters, as bars that together are always 100 %."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from catalogue.profile import PRESET, SURVEY_2018, Profile, percentages
from tui.widgets.evidence import BARRIERS, meter
from tui.widgets.plain import Piece, fitted, one_line, paragraph, right
from tui.widgets.rows import RowList

#: Cells before a bar, and behind it.
_LEFT, _RIGHT = 20, 9


class WeightBars(RowList):
    """A bar for each barrier; the others give way to the one that is moved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left,minus", "change(-1)", "Less", show=False, id="weights.less", tooltip="One per cent less"
        ),
        Binding(
            "right,plus,equals_sign",
            "change(1)",
            "More",
            show=False,
            id="weights.more",
            tooltip="One per cent more",
        ),
        Binding(
            "shift+left,less_than_sign,comma",
            "change(-10)",
            "10 less",
            show=False,
            id="weights.far-less",
            tooltip="Ten per cent less",
        ),
        Binding(
            "shift+right,greater_than_sign,full_stop",
            "change(10)",
            "10 more",
            show=False,
            id="weights.far-more",
            tooltip="Ten per cent more",
        ),
        Binding("e", "equal", "Equal", id="weights.equal", tooltip="Let all four matter the same"),
        Binding(
            "v",
            "preset",
            "Survey",
            id="weights.preset",
            tooltip="Take the preset: how common each barrier is",
        ),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A bar is moved, not opened."""
        return action != "choose" and super().check_action(action, parameters)

    class Changed(Message):
        """A barrier is to have another share, in per cent: ``share``, or ``by`` more than it has then.

        Keys may come faster than they are answered: what one adds, it adds to what those before it made.
        """

        def __init__(self, barrier: str, share: int | None = None, *, by: int = 0) -> None:
            self.barrier = barrier
            self._share, self._by = share, by
            super().__init__()

        def share_of(self, now: Mapping[str, Decimal]) -> int:
            """The share asked for where the weights are these ``now``: 0 to 100."""
            share = round(now.get(self.barrier, Decimal(0))) if self._share is None else self._share
            return max(0, min(100, share + self._by))

    class Reset(Message):
        """All are to matter the same, or (``preset``) as in the survey."""

        def __init__(self, *, preset: bool) -> None:
            self.preset = preset
            super().__init__()

    def __init__(self, *, id: str | None = None, lines: int = 2) -> None:
        super().__init__(id=id)
        self._shares: Mapping[str, Decimal] = {}
        self.row_height = lines

    def show(self, shares: Mapping[str, Decimal]) -> None:
        """Show these percentages."""
        self._shares = shares
        self.total = len(BARRIERS)
        self.refresh()

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """One bar, and an empty line below it."""
        key, letter, name = BARRIERS[row]
        if line:
            return [(" " * width, "")]
        here = row == self.cursor and self.has_focus
        share = self._shares.get(key, Decimal(0))
        whole = share == share.to_integral_value()
        return [
            ("▌" if here else " ", "accent"),
            (f"{letter} ", "muted"),
            (fitted(name, _LEFT - 3), "strong" if here else ""),
            (meter(share, Decimal(100), max(4, width - _LEFT - _RIGHT)), "bar"),
            (right(f"{share:.0f} %" if whole else f"{share:.1f} %", _RIGHT), "strong"),
        ]

    def action_change(self, by: int) -> None:
        """Give the barrier under the cursor more or less."""
        self.post_message(self.Changed(BARRIERS[self.cursor][0], by=by))

    def action_equal(self) -> None:
        """Let all four matter the same."""
        self.post_message(self.Reset(preset=False))

    def action_preset(self) -> None:
        """Take the preset."""
        self.post_message(self.Reset(preset=True))

    def on_click(self, event: events.Click) -> None:
        """A click on a bar makes it end there."""
        offset = event.get_content_offset(self)
        row = None if offset is None else self.row_at(offset.y)
        if offset is None or row is None:
            return
        event.stop()
        event.prevent_default()
        self.cursor = row
        cells = self.body_width - _LEFT - _RIGHT
        if cells > 0 and 0 <= offset.x - _LEFT < cells:
            share = round(100 * (offset.x - _LEFT + 1) / cells)
            self.post_message(self.Changed(BARRIERS[row][0], share))


class WeightsPane(Vertical):
    """The bars, and below them that they are 100 %, or what is wrong with them."""

    DEFAULT_CSS = """
    WeightsPane {
        padding: 1 2;
        & WeightBars { height: 8; }
        & Static { height: auto; }
    }
    """

    def compose(self) -> ComposeResult:
        """Bars and line."""
        yield WeightBars(id="weights-list")
        yield Static("", id="weights-sum", markup=False)

    def show(self, tables: Mapping[str, Any], troubles: Mapping[str, Sequence[str]]) -> None:
        """Show the weights of a profile, with what is wrong at each place of it."""
        self.query_one(WeightBars).show(shares_of(tables))
        wrong = [
            said for place, all_said in troubles.items() if place.startswith("weights") for said in all_said
        ]
        preset = "" if tables.get("weights") else f" (the preset {PRESET}: none are given)"
        self.query_one("#weights-sum", Static).update(
            paragraph(
                "\n".join(f"✕ {one_line(said)}" for said in wrong) or f" Together 100 %{preset}",
                "$text-error" if wrong else "$muted",
            )
        )


def shares_of(tables: Mapping[str, Any]) -> Mapping[str, Decimal]:
    """The weights as percentages, of what a profile says that can be read."""
    table = tables.get("weights")
    given = {
        key: Decimal(value)
        for key, value in (table.items() if isinstance(table, Mapping) else ())
        if key in SURVEY_2018
        and isinstance(value, int | Decimal)
        and not isinstance(value, bool)
        and value > 0
    }
    return percentages(given or {key: Decimal(share) for key, share in SURVEY_2018.items()})


def weights_told(profile: Profile, *, saved: bool) -> str:
    """Whose weights these are, each with the letter of its barrier, and where they are from."""
    shares = "  ".join(f"{letter} {profile.weights[key]:.0f} %" for key, letter, _ in BARRIERS)
    preset = f" (preset {profile.preset})" if profile.preset else ""
    return f"{one_line(profile.organisation.name)} · {shares}{preset if saved else ' · not saved'}"
