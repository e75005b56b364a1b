"""The web server: a page with a terminal in it, and for each visitor the interface as a process."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aiohttp import WSCloseCode, web
from textual_serve.server import Server, to_int

from catalogue.errors import LonglistError
from tui.commands.edge import Settings, say
from tui.commands.paths import ACTOR_VARIABLE, DB_VARIABLE, STATE_VARIABLE
from tui.commands.plain import PLAIN_VARIABLE
from tui.serving.doors import Doors
from tui.serving.visit import Visit

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_HERE = Path(__file__).parent
#: Everything that the page needs comes from this server; nothing else may be shown around it.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
#: Seconds until the server ends although visitors are slow to go.
_SHUTDOWN = 15.0


@dataclass(frozen=True, slots=True)
class Offer:
    """What is served to whom: ``most`` visitors at a time, each with a process of the interface."""

    settings: Settings
    doors: Doors
    port: int
    most: int


class LonglistServer(Server):
    """textual-serve with our own page, with doors, and with a process that no shell starts."""

    def __init__(self, offer: Offer) -> None:
        super().__init__(
            "longlist",
            host=offer.doors.host,
            port=offer.port,
            title="Longlist",
            templates_path=_HERE,
        )
        self._offer = offer
        self._visits: set[web.WebSocketResponse] = set()

    def initialize_logging(self) -> None:
        """Faults of a visit go to standard error, as plain lines."""
        logging.basicConfig(level=logging.WARNING, format="longlist serve: %(message)s")
        # Closing a pipe may reap a process that ended before asyncio asked after it: no news to anybody.
        logging.getLogger("asyncio").setLevel(logging.ERROR)

    async def on_startup(self, app: web.Application) -> None:
        """Nothing: `serve` has said where, before anybody could come."""

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002  the library's signature
        """Tell every page that its visit is over; their processes end with them."""
        await asyncio.gather(
            *(
                each.close(code=WSCloseCode.GOING_AWAY, message=b"the server ends")
                for each in list(self._visits)
            )
        )

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.router.add_static("/page", _HERE / "page")
        app.middlewares.append(self._at_the_door)
        return app

    @web.middleware
    async def _at_the_door(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let in who may come in; every answer says what a page of ours may load."""
        refusal = self._offer.doors.refusal(request.headers, visit=request.path == "/ws")
        if refusal is not None:
            return web.Response(status=403, text=refusal + "\n", headers=_HEADERS)
        full = len(self._visits) >= self._offer.most
        if full and request.path in ("/", "/ws"):
            words = (
                f"Longlist is in use by {self._offer.most} people, and no more fit. Please come back later.\n"
            )
            return web.Response(status=503, text=words, headers={**_HEADERS, "Retry-After": "300"})
        response = await handler(request)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A visit, from the page that opens until it is closed or the visitor leaves."""
        page = web.WebSocketResponse(heartbeat=15)
        self._visits.add(page)
        actor = self._offer.doors.actor(request.headers)
        visit: Visit | None = None
        try:
            await page.prepare(request)
            visit = Visit(self.arguments(), self.environment(actor), page, self.download_manager)
            say(f"A visit of {actor or 'somebody'} begins; {len(self._visits)} now.")
            await visit.start(
                to_int(request.query.get("width", ""), 80), to_int(request.query.get("height", ""), 24)
            )
            await self._process_messages(page, visit)
        finally:
            self._visits.discard(page)
            if visit is not None:
                await visit.end()
                say(f"A visit of {actor or 'somebody'} has ended; {len(self._visits)} now.")
        return page

    def arguments(self) -> list[str]:
        """The interface as this Python runs it; ``-P`` so that no module of the current folder is taken."""
        settings = self._offer.settings
        arguments = [sys.executable, "-P", "-m", "tui", "--db", str(settings.db.absolute())]
        if settings.profile is not None:
            arguments += ["--profile", str(settings.profile.absolute())]
        return arguments

    def environment(self, actor: str | None) -> dict[str, str | None]:
        """What a visitor's process knows beside what the server does.

        A name in the server's own variable is that of whoever started it: it is passed on only to
        somebody at this machine, never to visitors from elsewhere. So is what was remembered of a sitting:
        visitors from elsewhere find what they left themselves, by their name, or nothing.
        """
        known: dict[str, str | None] = {DB_VARIABLE: str(self._offer.settings.db.absolute())}
        known[PLAIN_VARIABLE] = None  # for the terminal of whoever started the server; a page is drawn
        if self._offer.doors.for_others:
            known[ACTOR_VARIABLE] = actor
            known[STATE_VARIABLE] = "" if actor is None else str(self._state_of(actor))
        return known

    def _state_of(self, actor: str) -> Path:
        """The file for what a visitor leaves; its name says nothing and fits every file system."""
        name = sha256(actor.encode()).hexdigest()[:32]
        return self._offer.settings.paths.state.absolute().parent / "visitors" / f"{name}.json"

    def serve(self, debug: bool = False) -> None:  # noqa: ARG002  the library's signature
        """Serve until Ctrl-C or a request to terminate. Raises `LonglistError` where it cannot listen."""
        self.initialize_logging()
        listening = listen(self.host, self.port)
        port = listening.getsockname()[1]
        host = f"[{self.host}]" if ":" in self.host else self.host
        say(
            f"Longlist is at http://{host}:{port}"
            + (f", and by way of {self._offer.doors.public_url}" if self._offer.doors.public_url else "")
        )
        say("Ctrl-C ends it, and every visit with it.")
        web.run_app(
            self._make_app(),
            sock=listening,
            print=None,
            access_log=None,
            shutdown_timeout=_SHUTDOWN,
        )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; why it cannot is told in an error that says what to do."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        reason = error.strerror or str(error)
        raise LonglistError(
            f"cannot listen at port {port} of {host}: {reason}; choose another with --port or --host"
        ) from None


def serve(offer: Offer) -> None:
    """Offer the interface to browsers until it is stopped."""
    LonglistServer(offer).serve()
