"""What was done to a text, to be undone and done again."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class History:
    """The texts one after the other; the one ``at`` is the present one.

    Changes that are ``about`` the same thing one after the other count as one: a word typed into a field, not
    each of its letters. They are all made from the text before the first of them (`base`), so that a value
    that was cleared and typed again stands where it stood.
    """

    texts: tuple[str, ...]
    at: int = 0
    about: str = ""

    @classmethod
    def of(cls, text: str) -> History:
        """A history that begins with this text."""
        return cls((text,))

    @property
    def text(self) -> str:
        """The present text."""
        return self.texts[self.at]

    @property
    def can_undo(self) -> bool:
        """Whether there is anything to undo."""
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        """Whether something undone can be done again."""
        return self.at < len(self.texts) - 1

    def base(self, about: str) -> str:
        """The text that a change about this is made from."""
        return self.texts[self.at - 1] if about and about == self.about else self.text

    def changed(self, text: str, about: str = "") -> History:
        """With this text after the `base`; what was undone is forgotten."""
        kept = self.texts[: self.at if about and about == self.about else self.at + 1]
        if text == kept[-1]:
            return replace(self, texts=kept, at=len(kept) - 1, about="") if len(kept) <= self.at else self
        return History((*kept, text), len(kept), about)

    def settled(self) -> History:
        """With whatever comes next counted by itself."""
        return replace(self, about="")

    def undone(self) -> History:
        """One step back, if there is one."""
        return replace(self, at=max(0, self.at - 1), about="")

    def redone(self) -> History:
        """One step forward again, if there is one."""
        return replace(self, at=min(len(self.texts) - 1, self.at + 1), about="")
