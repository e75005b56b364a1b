"""A static web server for files on this machine: with Range, and with faults on demand."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    """What is sent instead of a file. ``cut`` sends only so many bytes of the body and then hangs up."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


class StaticSite:
    """Serves ``files`` by path. ``faults`` of a path are replies given first, one a request."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, list[Reply | Callable[[bytes, str | None], Reply]]] = {}
        #: Path and Range of each request, in order.
        self.asked: list[tuple[str, str | None]] = []
        #: The body of each POST.
        self.posted: list[bytes] = []
        self.url = ""

    def reply(self, path: str, wanted: str | None) -> Reply:
        self.asked.append((path, wanted))
        body = self.files.get(path)
        if self.faults.get(path):
            fault = self.faults[path].pop(0)
            return fault if isinstance(fault, Reply) else fault(body or b"", wanted)
        if body is None:
            return Reply(b"not here", 404)
        return part(body, wanted)

    @contextmanager
    def serving(self) -> Iterator[StaticSite]:
        """Serve on the loopback address until the end of the block."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                self.send(site.reply(self.path, self.headers.get("Range")))

            def do_POST(self) -> None:
                site.posted.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                self.send(site.reply(self.path, None))

            def send(self, reply: Reply) -> None:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                with suppress(ConnectionError):
                    self.wfile.write(reply.body[: reply.cut])
                self.close_connection = self.close_connection or reply.cut is not None

            def log_message(self, *_arguments: object) -> None:
                return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def part(body: bytes, wanted: str | None) -> Reply:
    """The body, or the end of it that a Range asks for."""
    place = re.fullmatch(r"bytes=(\d+)-", wanted or "")
    if place is None:
        return Reply(body, headers={"Accept-Ranges": "bytes"})
    start = int(place[1])
    if start >= len(body):
        return Reply(b"", 416, {"Content-Range": f"bytes */{len(body)}"})
    return Reply(body[start:], 206, {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"})


def cut_after(length: int) -> Callable[[bytes, str | None], Reply]:
    """A fault: what was asked for, but the connection breaks after so many bytes."""

    def reply(body: bytes, wanted: str | None) -> Reply:
        whole = part(body, wanted)
        return Reply(whole.body, whole.status, whole.headers, cut=length)

    return reply
