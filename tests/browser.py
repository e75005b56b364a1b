"""A headless Chromium, driven by its own protocol (CDP), for tests of what a page shows."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

#: What the browser is called on the systems that have one.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
#: Seconds after which what was waited for is taken not to come.
PATIENCE = 60.0
#: Looks in which nothing moved, a tenth of a second apart, after which nothing is under way.
_STILL = 8

#: Shift and a mouse select text although the program in the terminal wants the mouse for itself; copying
#: then asks the terminal what stands there.
_COPIED = """(() => {
  const given = new DataTransfer();
  const target = document.querySelector(".xterm-helper-textarea");
  target.dispatchEvent(new ClipboardEvent("copy", {clipboardData: given, bubbles: true, cancelable: true}));
  return given.getData("text/plain");
})()"""


#: Where the terminal is, once there is one.
_BOX = """(() => {
  const box = document.querySelector(".xterm-screen")?.getBoundingClientRect();
  return box && [box.left, box.top, box.right, box.bottom];
})()"""


def chromium() -> str | None:
    """The path of a Chromium on this machine."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Page:
    """A page of the browser. Every wait ends: with what was waited for, or in `TimeoutError`."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, session: str) -> None:
        self._socket = socket
        self._session = session
        self._numbers = itertools.count(1)
        #: Addresses that the page asked for, and what its console said.
        self.asked: list[str] = []
        self.console: list[str] = []

    async def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The answer to one command of the protocol."""
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": parameters, "sessionId": self._session}
        await self._socket.send_json(command)
        while True:
            told = await asyncio.wait_for(self._socket.receive_json(), PATIENCE)
            self._note(told)
            if told.get("id") == number:
                if "error" in told:
                    raise RuntimeError(f"{method}: {told['error']}")
                result: dict[str, Any] = told["result"]
                return result

    def _note(self, told: dict[str, Any]) -> None:
        parameters = told.get("params", {})
        if told.get("method") in ("Network.requestWillBeSent", "Network.webSocketCreated"):
            self.asked.append(parameters.get("url") or parameters["request"]["url"])
        if told.get("method") == "Log.entryAdded":
            self.console.append(parameters["entry"]["text"])

    async def open(self, url: str) -> None:
        """Go to an address; the page is noted from the first request on."""
        for part in ("Page", "Network", "Log"):
            await self.send(f"{part}.enable")
        await self.send("Page.navigate", url=url)

    async def value(self, expression: str) -> Any:
        """What an expression comes to in the page."""
        found = await self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        return found["result"].get("value")

    async def until(self, expression: str) -> Any:
        """The first true value of an expression, looked at until there is one."""
        async with asyncio.timeout(PATIENCE):
            while not (found := await self.value(expression)):
                await asyncio.sleep(0.05)
        return found

    async def until_shown(self, *texts: str) -> str:
        """What stands in the terminal, as soon as all of these do."""
        shown = ""
        try:
            async with asyncio.timeout(PATIENCE):
                while not shown or not all(text in shown for text in texts):
                    await asyncio.sleep(0.1)
                    shown = await self.text()
        except TimeoutError:
            raise TimeoutError(f"{texts} did not come; the page shows:\n{shown}") from None
        return shown

    async def until_gone(self, text: str) -> None:
        """Wait until a text no longer stands in the terminal, and nothing moves."""
        async with asyncio.timeout(PATIENCE):
            while text in await self.until_still():
                pass

    async def until_still(self) -> str:
        """What stands in the terminal, as soon as it has been the same for a while."""
        same = 0
        shown = await self.text()
        async with asyncio.timeout(PATIENCE):
            while same < _STILL:
                await asyncio.sleep(0.1)
                before, shown = shown, await self.text()
                same = same + 1 if shown == before else 0
        return shown

    async def text(self) -> str:
        """What stands in the terminal of the page, as it would be copied."""
        box = await self.until(_BOX)
        left, top, right, bottom = box
        shift = 8
        await self._mouse("mousePressed", left + 1, top + 1, shift)
        await self._mouse("mouseMoved", right - 1, bottom - 1, shift)
        await self._mouse("mouseReleased", right - 1, bottom - 1, shift)
        return str(await self.value(_COPIED))

    async def _mouse(self, kind: str, x: float, y: float, modifiers: int) -> None:
        await self.send(
            "Input.dispatchMouseEvent",
            type=kind,
            x=x,
            y=y,
            modifiers=modifiers,
            button="left",
            buttons=1,
            clickCount=1,
        )

    async def type(self, text: str) -> None:
        """Type a text, a key at a time."""
        for character in text:
            await self.key(character, text=character)

    async def key(self, key: str, *, text: str | None = None, code: int = 0, control: bool = False) -> None:
        """Press and release a key; ``code`` is its number on Windows, for keys that write nothing."""
        pressed = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 2 if control else 0}
        typed = {"text": text} if text else {}
        await self.send("Input.dispatchKeyEvent", type="keyDown", **pressed, **typed)
        await self.send("Input.dispatchKeyEvent", type="keyUp", **pressed)

    async def download_to(self, folder: Path) -> None:
        """Keep what the page downloads in a folder."""
        await self.send("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    async def downloaded(self, path: Path) -> bytes:
        """What a file holds, as soon as it is there; a browser writes it whole under another name first."""
        async with asyncio.timeout(PATIENCE):
            while not path.is_file():
                await asyncio.sleep(0.1)
        return path.read_bytes()

    async def picture(self) -> bytes:
        """The page as it looks, as PNG."""
        taken = await self.send("Page.captureScreenshot", format="png")
        return base64.b64decode(taken["data"])


@asynccontextmanager
async def browser(program: str, folder: Path, *, size: tuple[int, int] = (1200, 800)) -> AsyncIterator[Page]:
    """A new browser with one page, its profile in ``folder``; it reaches this machine alone."""
    process = await asyncio.create_subprocess_exec(
        program,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        f"--window-size={size[0]},{size[1]}",
        f"--user-data-dir={folder}",
        "--remote-debugging-port=0",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "HOME": str(folder)},
    )
    try:
        assert process.stderr is not None
        address = await asyncio.wait_for(_listening(process.stderr), PATIENCE)
        async with aiohttp.ClientSession() as client, client.ws_connect(address, max_msg_size=0) as socket:
            targets = await _ask(socket, 1, "Target.getTargets", {})
            page = next(each["targetId"] for each in targets["targetInfos"] if each["type"] == "page")
            attached = await _ask(socket, 2, "Target.attachToTarget", {"targetId": page, "flatten": True})
            yield Page(socket, attached["sessionId"])
    finally:
        process.terminate()
        await process.communicate()


async def _listening(stderr: asyncio.StreamReader) -> str:
    """The address at which a browser says that it listens."""
    said = b""
    while line := await stderr.readline():
        said += line
        _before, found, address = line.partition(b"DevTools listening on ")
        if found:
            return address.decode().strip()
    raise RuntimeError(f"the browser did not begin: {said.decode('utf-8', 'replace')}")


async def _ask(
    socket: aiohttp.ClientWebSocketResponse, number: int, method: str, parameters: dict[str, Any]
) -> dict[str, Any]:
    await socket.send_str(json.dumps({"id": number, "method": method, "params": parameters}))
    while True:
        told = await asyncio.wait_for(socket.receive_json(), PATIENCE)
        if told.get("id") == number:
            result: dict[str, Any] = told["result"]
            return result
