"""One visitor's process: the interface, speaking to a page through pipes."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

#: Seconds that the interface has to end by itself, such as to finish writing, before it is ended.
_PATIENCE = 10.0
#: The sizes that a page may ask for, in cells.
_WIDTHS, _HEIGHTS = (20, 500), (5, 300)


class Visit(AppService):
    """Runs ``arguments`` as a process of its own with ``environment`` beside that of the server.

    No shell takes part, so that every path arrives as it is.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        environment: dict[str, str | None],
        socket: web.WebSocketResponse,
        downloads: DownloadManager,
    ) -> None:
        async def close() -> None:
            await socket.close()

        super().__init__(
            " ".join(arguments),
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=close,
            download_manager=downloads,
        )
        self._arguments = arguments
        self._environment = environment

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        environment = super()._build_environment(_within(width, _WIDTHS), _within(height, _HEIGHTS))
        for name, value in self._environment.items():
            environment.pop(name, None)
            if value is not None:
                environment[name] = value
        return environment

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = process = await asyncio.create_subprocess_exec(
            *self._arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height),
        )
        assert process.stdin is not None
        self._stdin = process.stdin
        return process

    async def run(self) -> None:
        """Pass on what the process draws until it ends; the page is told in any case."""
        try:
            await super().run()
        finally:
            with contextlib.suppress(ConnectionError):
                await self.remote_close()

    async def end(self) -> None:
        """Ask the process to end, and end it where it does not."""
        try:
            await asyncio.wait_for(self.stop(), _PATIENCE)
        except TimeoutError:
            pass
        finally:
            if self._process is not None and self._process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    self._process.kill()
                await self._process.wait()


def _within(number: int, limits: tuple[int, int]) -> int:
    least, most = limits
    return min(max(number, least), most)
