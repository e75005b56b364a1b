"""The line of keys at the bottom: the key for help stays in sight, however many others there are."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Footer
from textual.widgets._footer import FooterKey


class KeysLine(Footer):
    """A footer whose last key, at the right, is the one that tells all the others."""

    def compose(self) -> ComposeResult:
        """The keys, that for help beside those that may not fit."""
        for each in super().compose():
            if isinstance(each, FooterKey) and each.action == "help":
                each.add_class("-always")
            yield each
