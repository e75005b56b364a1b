"""Text in blocks that wrap with a hanging indent, as lists, quotes and labelled facts need to be readable."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual
from textual.widget import Widget

from tui.widgets.plain import paragraph


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: ``mark`` stands before its first line, and every line begins below the end of it."""

    text: Content
    mark: Content = field(default_factory=Content.empty)

    def lines(self, width: int) -> list[Content]:
        """The block wrapped to ``width`` cells."""
        indent = self.mark.cell_length
        wrapped = self.text.wrap(self._room(width)) or [Content("")]
        blank = Content(" " * indent)
        return [(blank if at else self.mark) + line for at, line in enumerate(wrapped)]

    def height(self, width: int) -> int:
        """How many lines those are, which is found out faster."""
        room = self._room(width)
        if self.text.cell_length <= room and "\n" not in self.text.plain:
            return 1
        return len(self.text.without_spans.wrap(room)) or 1

    def _room(self, width: int) -> int:
        return max(8, width - self.mark.cell_length)


#: What a text is put together from; a plain string is one paragraph.
Part: TypeAlias = Block | Content | str


def bullet(text: Content) -> Block:
    """A point of a list."""
    return Block(text, Content("• "))


def labelled(label: str, text: Content, width: int = 12) -> Block:
    """A fact with its label on the left."""
    return Block(text, paragraph(label.ljust(width), "$muted"))


def titled(title: str) -> Content:
    """A heading inside a text."""
    return Content.styled(title, "bold $text-primary")


class Prose(Widget):
    """Blocks one below the other; as high as they need to be. Only lines in view are made and styled."""

    ALLOW_SELECT = True
    DEFAULT_CSS = """
    Prose {
        height: auto;
        width: 1fr;
    }
    """

    def __init__(self, parts: Iterable[Part] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._blocks: list[Block] = []
        self._width = 0
        #: At this width: the line that each block begins at, and behind the last one the number of all lines.
        self._begins: list[int] = []
        #: At this width: how many lines a text takes behind a mark of so many cells.
        self._heights: dict[tuple[int, str], int] = {}
        #: The block of the line made last, and its lines.
        self._made: tuple[int, list[Content]] = (-1, [])
        self._take(parts)

    def _take(self, parts: Iterable[Part]) -> None:
        self._blocks = [
            part if isinstance(part, Block) else Block(paragraph(part) if isinstance(part, str) else part)
            for part in parts
        ]
        self._begins, self._made = [], (-1, [])

    def update(self, parts: Iterable[Part]) -> None:
        """Show these parts instead."""
        before = self._begins[-1] if self._begins else None
        self._take(parts)
        self.refresh(layout=before is None or self._lay_out(self._width)[-1] != before)

    @property
    def plain(self) -> str:
        """The text without styles or wrapping."""
        return "\n".join(block.mark.plain + block.text.plain for block in self._blocks)

    def _lay_out(self, width: int) -> list[int]:
        """Where each block begins. What is in the text again need not be wrapped again to know that."""
        if self._begins and width == self._width:
            return self._begins
        known = self._heights if width == self._width else {}
        self._width, self._heights, self._begins = width, {}, [0]
        for block in self._blocks:
            of = block.mark.cell_length, block.text.plain
            height = known.get(of) or block.height(width)
            self._heights[of] = height
            self._begins.append(self._begins[-1] + height)
        self._made = (-1, [])
        return self._begins

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Lines that the blocks take at this width."""
        return self._lay_out(width)[-1]

    def render(self) -> Content:
        """The wrapped text, for what is selected in it."""
        width = self.content_size.width
        return Content("\n").join([line for block in self._blocks for line in block.lines(width)])

    def render_line(self, y: int) -> Strip:
        """One line of the text."""
        width, style = self.content_size.width, self.visual_style
        begins = self._lay_out(width)
        if not 0 <= y < begins[-1]:
            return Strip.blank(width, style.rich_style)
        at = bisect_right(begins, y) - 1
        if self._made[0] != at:
            self._made = (at, self._blocks[at].lines(width))
        line = self._made[1][y - begins[at]]
        selected = self.text_selection
        if selected is not None and (span := selected.get_span(y)) is not None:
            start, end = span
            look = Style.from_styles(self.screen.get_component_styles("screen--selection"))
            line = line.stylize(look, start, len(line) if end == -1 else end)
        drawn = Visual.to_strips(self, line, width, 1, style, apply_selection=False)
        return drawn[0].apply_offsets(0, y)
