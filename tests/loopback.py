"""A marketplace on this machine: the pages it is given, a log of what was asked, and faults on demand.

Tests use it as a fixture. As a script it serves records as pages, to try a scrape without asking anybody:

    python tests/loopback.py RECORDS.jsonl --port 8765
    longlist scrape --base-url http://127.0.0.1:8765 --scope all --delay 0
"""

from __future__ import annotations

import argparse
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from catalogue.records import ServiceRecord, decode_record  # noqa: E402
from tests import render  # noqa: E402

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What the server says to one request.

    ``cut`` sends only so many bytes and then hangs up; with ``reset`` it breaks the connection off instead.
    ``drip`` is called before each byte of a body that comes byte by byte.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": HTML})
    cut: int | None = None
    reset: bool = False
    drip: Callable[[], None] | None = None


def page(text: str, status: int = 200) -> Answer:
    """An ordinary page."""
    return Answer(text.encode(), status)


NOT_FOUND = page(
    "<!doctype html><html><body><main><h1>Page could not be found</h1></main></body></html>", 404
)


class Marketplace:
    """Answers by path and query. An answer may be a function, asked each time."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[], Answer]] = {}
        #: Every path asked for, in order, robots.txt left out.
        self.asked: list[str] = []
        #: The headers of every request, robots.txt included.
        self.headers: list[dict[str, str]] = []
        self.url = ""
        #: Called with the path before each answer; for what should happen while a run works.
        self.before: Callable[[str], None] = lambda _path: None
        #: The date of every answer, where it matters; otherwise the time now.
        self.date: str | None = None

    def put(self, path: str, answer: Answer | Callable[[], Answer]) -> None:
        self.answers[path] = answer

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        self.headers.append(headers)
        if path != "/robots.txt":
            self.asked.append(path)
        self.before(path)
        found = self.answers.get(path, NOT_FOUND)
        return found() if callable(found) else found

    def asked_services(self) -> list[str]:
        """The ids of the service pages asked for, in order."""
        return [path.rpartition("/")[2] for path in self.asked if path.startswith("/g-cloud/services/")]

    @contextmanager
    def serving(self, port: int = 0) -> Iterator[Marketplace]:
        """Serve on the loopback address until the end of the block."""
        marketplace = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # headers and body are two writes

            def date_time_string(self, timestamp: float | None = None) -> str:
                return marketplace.date or super().date_time_string(timestamp)

            def do_GET(self) -> None:
                answer = marketplace.answer(self.path, dict(self.headers))
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                if answer.cut is not None:
                    self.send_header("Connection", "close")
                self.end_headers()
                with suppress(ConnectionError):  # the client may have had enough, as of a page too large
                    self.send(answer)
                self.close_connection = self.close_connection or answer.cut is not None

            def send(self, answer: Answer) -> None:
                if answer.drip is None:
                    self.wfile.write(answer.body[: answer.cut])
                else:
                    for byte in answer.body[: answer.cut]:
                        answer.drip()
                        self.wfile.write(bytes([byte]))
                if answer.reset:  # closed with nothing left to wait for, a connection is reset
                    self.wfile.flush()
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()

            def log_message(self, *_arguments: object) -> None:
                return

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                if not isinstance(sys.exc_info()[1], ConnectionError):  # a client that hung up
                    super().handle_error(request, client_address)

        server = Server(("127.0.0.1", port), Handler)
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


def marketplace_of(records: Iterable[ServiceRecord], *, per_page: int = 30) -> Marketplace:
    """A marketplace that shows these service records, with a listing for each lot."""
    site = Marketplace()
    lots: dict[str, list[ServiceRecord]] = {}
    for record in records:
        status = 200 if record.status == "live" else 410
        site.put(f"/g-cloud/services/{record.id}", page(render.service_page(record), status))
        if record.status == "live":
            lots.setdefault(record.lot.slug, []).append(record)
    for lot, members in lots.items():
        for path, text in render.listing_pages(lot, members, per_page=per_page):
            site.put(path, page(text))
    site.put(
        "/robots.txt", Answer(b"User-agent: *\nDisallow: /admin\n", headers={"Content-Type": "text/plain"})
    )
    return site


def main(arguments: list[str] | None = None) -> int:
    """Serve records as pages until Ctrl-C."""
    parser = argparse.ArgumentParser(
        description="Serve service records as marketplace pages on this machine."
    )
    parser.add_argument("records", type=Path, nargs="*", help="JSON Lines; without any, the fictional sample")
    parser.add_argument("--port", type=int, default=8765)
    options = parser.parse_args(arguments)
    files = options.records or sorted((ROOT / "catalogue" / "sample").glob("*.jsonl"))
    records = [
        decode_record(line) for file in files for line in file.read_bytes().splitlines() if line.strip()
    ]
    with marketplace_of(records).serving(options.port) as site:
        sys.stdout.write(f"{len(records)} services at {site.url} (Ctrl-C ends)\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
