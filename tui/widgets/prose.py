"""Text in blocks that wrap with a hanging indent, as lists, quotes and labelled facts need to be readable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from textual.content import Content
from textual.geometry import Size
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
        wrapped = self.text.wrap(max(8, width - indent)) or [Content("")]
        blank = Content(" " * indent)
        return [(blank if at else self.mark) + line for at, line in enumerate(wrapped)]


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
    """Blocks one below the other; as high as they need to be."""

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
        self._wrapped: tuple[int, Content] | None = None
        self._take(parts)

    def _take(self, parts: Iterable[Part]) -> None:
        self._blocks = [
            part if isinstance(part, Block) else Block(paragraph(part) if isinstance(part, str) else part)
            for part in parts
        ]
        self._wrapped = None

    def update(self, parts: Iterable[Part]) -> None:
        """Show these parts instead."""
        self._take(parts)
        self.refresh(layout=True)

    @property
    def plain(self) -> str:
        """The text without styles or wrapping."""
        return "\n".join(block.mark.plain + block.text.plain for block in self._blocks)

    def _content(self, width: int) -> Content:
        if self._wrapped is None or self._wrapped[0] != width:
            rows = [line for block in self._blocks for line in block.lines(width)]
            self._wrapped = (width, Content("\n").join(rows))
        return self._wrapped[1]

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Lines that the blocks take at this width."""
        return self._content(width).plain.count("\n") + 1 if self._blocks else 0

    def render(self) -> Content:
        """The wrapped text."""
        return self._content(self.content_size.width)
