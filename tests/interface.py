"""What the tests of the interface share: a few services, a profile, keys and the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual._context import visible_screen_stack
from textual.pilot import Pilot
from textual.strip import Strip
from textual.worker import WorkerCancelled

from catalogue.records import (
    Answer,
    Document,
    FrameworkRef,
    LotRef,
    Section,
    ServiceRecord,
    SupplierRef,
)
from tui.app import LonglistApp
from tui.errands import look_after

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SMALL, LARGE = (80, 24), (120, 40)

PROFILE = """
goal = "Council tax and benefits online end to end"

[organisation]
name = "Fenmoor District Council"
sector = "local-government"
staff_users = 420

[[legacy]]
system = "NEC Revenues & Benefits"
intent = "connect"

[skills]
gaps = ["developers"]

[[requirement]]
text = "The service has an API"
priority = "must"
barrier = "legacy"
question = "API"
equals = "Yes"
"""


def service(id: str, name: str, supplier: str = "Tidewater Ltd", **changes: Any) -> ServiceRecord:
    """A service record in the lot for software, with what a test changes."""
    fields: dict[str, Any] = {
        "url": f"https://marketplace.example/g-cloud/services/{id}",
        "framework": FrameworkRef("g-cloud-15", "G-Cloud 15"),
        "lot": LotRef("saas", "Software as a Service (SaaS)"),
        "supplier": SupplierRef(name=supplier),
        "price": "£1.20 a user a month",
        **changes,
    }
    return ServiceRecord(id=id, name=name, **fields)


FORMS = service(
    "101",
    "Tidewater Forms",
    description="Online forms that fill themselves in from what the council knows already.",
    categories=(("Applications", "Customer relationship management", "Customer self-service"),),
    features=("Certified connector for NEC Revenues & Benefits", "Drag and drop designer"),
    benefits=("Nobody types an address twice",),
    documents=(Document("Pricing document", "https://marketplace.example/documents/101-pricing.pdf"),),
    sections=(
        Section(
            "Service scope",
            (
                Answer("Cloud deployment model", ("Public cloud", "Hybrid cloud")),
                Answer("Service constraints", ("Closed on Christmas Day\nand on New Year's Day",)),
            ),
        ),
        Section("How users work with your service", (Answer("API", ("Yes",)),)),
    ),
)
PAYROLL = service(
    "102",
    "Sandbar Payroll",
    "Sandbar Software plc",
    description="Payroll for schools.",
    price=None,
    sections=(Section("How users work with your service", (Answer("API", ("No",)),)),),
)
HOSTING = service(
    "103",
    "Groyne Hosting",
    "Groyne Cloud Ltd",
    description="Virtual machines by the hour.",
    lot=LotRef("iaas-and-paas", "IaaS and PaaS"),
    framework=FrameworkRef("g-cloud-14", "G-Cloud 14"),
)
#: What a supplier, or somebody who broke into a supplier's account, may write.
HOSTILE_NAME = "[bold red]Free[/] <b>forms</b> \x1b[31mred\x07"
HOSTILE = service(
    "104",
    HOSTILE_NAME,
    "[link=https://evil.example]Click[/link] Ltd",
    description="[@click=app.quit]quit[/] \x1b]0;owned\x07 [/nonsense] \u202eesrever <script>run()</script>",
    features=("[reverse]feature[/reverse]",),
    sections=(Section("[red]Section", (Answer("[b]Question", ("[i]Answer[/i]",)),)),),
)
SERVICES = (FORMS, PAYROLL, HOSTING, HOSTILE)


async def settle(pilot: Pilot[None]) -> None:
    """Wait until nothing is under way any more."""
    await pilot.pause()
    while running := [worker for worker in pilot.app.workers if not worker.is_finished]:
        for worker in running:
            try:
                await worker.wait()
            except WorkerCancelled:
                continue
        await pilot.pause()
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after the other, each when the one before has had its effect."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Type a text into what has the focus."""
    await pilot.press(*("space" if character == " " else character for character in text))
    await settle(pilot)


def seen(pilot: Pilot[None]) -> str:
    """What stands on the screen, line by line."""
    return "\n".join("".join(segment.text for segment in line).rstrip() for line in drawn(pilot))


def drawn(pilot: Pilot[None]) -> list[Strip]:
    """The lines of the screen with their styles."""
    app = pilot.app
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips(app.size)


def told(pilot: Pilot[None]) -> str:
    """What messages say at present, whole, however they are wrapped on the screen."""
    return "\n".join(message.message for message in pilot.app._notifications)


def app_of(pilot: Pilot[None]) -> LonglistApp:
    """The application with its own type."""
    assert isinstance(pilot.app, LonglistApp)
    return pilot.app


async def until(pilot: Pilot[None], text: str, where: Callable[[Pilot[None]], str] | None = None) -> None:
    """Wait until a text is seen, or told; what another process brings takes its time on a busy machine."""
    where = where or seen
    for _ in range(100):
        await settle(pilot)
        if text in where(pilot):
            return
        await pilot.pause(0.05)
    raise AssertionError(f"{text!r} is not there:\n{where(pilot)}")


async def ended(pilot: Pilot[None]) -> None:
    """Wait until what is under way in the background has ended, and what it brought is on the screen."""
    app = app_of(pilot)
    for _ in range(100):
        if app.background.job is not None:
            break
        # On a busy machine it begins a moment after the key; and it may have ended already.
        await pilot.pause(0.02)
    if (job := app.background.job) is not None:
        await asyncio.to_thread(job.process.wait)
    look_after(app)
    await settle(pilot)
    await settle(pilot)


def recorded(pilot: Pilot[None]) -> list[tuple[Path, str, list[str]]]:
    """What is begun in the background from now on: catalogue, command and arguments; nothing of it begins."""
    begun: list[tuple[Path, str, list[str]]] = []

    def begin(db: Path, kind: str, _title: str, arguments: Sequence[str] = ()) -> None:
        begun.append((db, kind, list(arguments)))

    app_of(pilot).background.begin = begin  # type: ignore[method-assign,assignment]
    return begun


def heard(pilot: Pilot[None]) -> list[str]:
    """Short words said from now on; on a busy machine they may be gone before one looks."""
    said: list[str] = []
    app_of(pilot).say = said.append  # type: ignore[method-assign]
    return said
