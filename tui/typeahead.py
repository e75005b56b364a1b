"""Keys that come faster than the screen: each goes to the screen that it was meant for, once that is there.

Textual gives a key to what has the focus at that moment. A key that follows another at once, as Enter may
follow the key that opens a box, would so go to the screen before, or to a box in which nothing has the focus
yet, and be lost. Here it waits until the box is there.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from textual import events
from textual.app import App
from textual.screen import Screen
from textual.timer import Timer

#: Keys that are never kept waiting: they end the program.
_AT_ONCE = ("ctrl+q", "ctrl+c")
#: Keys of which it is remembered which screen they were given to.
_UNDER_WAY = 32
#: Seconds between looks at whether a screen is there now.
_AGAIN = 0.2


class TypeAhead(App[None]):
    """An application that loses no key while a screen opens."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting_keys: deque[events.Key] = deque()
        self._giving = False
        self._looking: Timer | None = None
        self._given: deque[tuple[events.Key, Screen[Any]]] = deque(maxlen=_UNDER_WAY)

    async def on_event(self, event: events.Event) -> None:
        """Keep a key until the screen in front is there, and the keys that follow it behind it."""
        if not isinstance(event, events.Key) or event.is_forwarded or event.key in _AT_ONCE:
            await super().on_event(event)
        elif self._waiting_keys or self._giving or not self.screen.is_mounted:
            self._wait(event)
        else:
            await self._give(event)

    async def on_key(self, event: events.Key) -> None:
        """A key that nobody took is one for the screen that came in front meanwhile, if one did."""
        meant = next((screen for given, screen in self._given if given is event), None)
        if meant is not None and meant is not self.screen:
            event.prevent_default()
            self._wait(events.Key(event.key, event.character))

    def _wait(self, event: events.Key) -> None:
        self._waiting_keys.append(event)
        if len(self._waiting_keys) == 1:
            self._come_back()

    def _come_back(self) -> None:
        """Give the keys once the screen takes messages; should it go before that, look again now and then."""
        self.screen.call_later(self._give_waiting)
        if self._looking is None:
            self._looking = self.set_interval(_AGAIN, self._give_waiting)

    async def _give(self, event: events.Key) -> None:
        self._given.append((event, self.screen))
        await super().on_event(event)

    async def _give_waiting(self) -> None:
        """Give the keys that waited, one after the other, as far as the screens for them are there."""
        if self._giving:
            return
        self._giving = True
        try:
            while self._waiting_keys and self.screen.is_mounted:
                await self._give(self._waiting_keys.popleft())
        finally:
            self._giving = False
        if self._waiting_keys:
            self._come_back()
        elif self._looking is not None:
            self._looking.stop()
            self._looking = None
