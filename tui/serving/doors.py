"""Who may come in: by which name the server was asked, from which page, and as whom.

A server on loopback is out of reach for other machines, but not for the pages that a browser on this machine
shows: any of them may open a WebSocket to it, or have a name of its own point here (DNS rebinding). So the
server must be asked by a name that it knows, and a visit must begin from its own page.
"""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from catalogue.errors import UsageError

#: The longest name of a visitor; the record of a project takes no longer one.
_NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Doors:
    """``host`` is where the server listens, ``public_url`` where a proxy offers it.

    ``actor_header`` is the header in which the proxy names the visitor who signed on; ``None`` for no names.
    """

    host: str
    public_url: str | None = None
    actor_header: str | None = None

    @property
    def for_others(self) -> bool:
        """Whether visitors come from other machines, by a proxy or directly."""
        return self.public_url is not None or not is_loopback(self.host)

    def refusal(self, headers: Mapping[str, str], *, visit: bool) -> str | None:
        """Why a request with these headers is refused, as a sentence; ``None`` where it may come in.

        ``visit`` is a WebSocket, which must come from a page of this server; a page may be asked for from
        anywhere.
        """
        asked = headers.get("Host", "")
        if not self._known(_name(f"//{asked}")):
            return f"This server does not go by the name {asked!r}."
        origin = headers.get("Origin", "")
        if visit and not self._own(origin, asked):
            return f"A visit begins on this server's own page, not on {origin or 'no page'}."
        if self.actor_header is not None and self.actor(headers) is None:
            return f"Nobody is signed on: the header {self.actor_header} is missing, empty or no name."
        return None

    def actor(self, headers: Mapping[str, str]) -> str | None:
        """The name of the visitor as the proxy has it; ``None`` where there is none."""
        if self.actor_header is None:
            return None
        given = headers.get(self.actor_header, "")
        try:  # header values arrive as Latin-1; what is valid UTF-8 was meant as that
            given = given.encode("latin-1", "surrogateescape").decode("utf-8")
        except UnicodeError:
            return None
        name = " ".join(given.split())
        if not name or len(name) > _NAME_LENGTH or any(unicodedata.category(each)[0] == "C" for each in name):
            return None
        return name

    def _known(self, name: str) -> bool:
        if is_loopback(name) or name == self.host.casefold().strip("[]"):
            return True
        if self.public_url is not None:
            return name == _name(self.public_url)
        return self.host in _EVERYWHERE

    def _own(self, origin: str, asked: str) -> bool:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https"):
            return False
        if self.public_url is not None and origin.casefold() == origin_of(self.public_url):
            return True
        return parts.netloc.casefold() == asked.casefold()


#: Addresses that mean every network this machine is on.
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  compared with, not listened on


def is_loopback(host: str) -> bool:
    """Whether a host is this machine alone, by name or address."""
    if host.casefold().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def origin_of(url: str) -> str:
    """The origin of a web address as a browser sends it: scheme, host, and the port where it is unusual.

    Raises `UsageError` for what is no address of a whole site: a page of a proxy's path would be asked for
    at the wrong place.
    """
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or port == -1
        or parts.path not in ("", "/")
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise UsageError(
            f"--public-url {url!r}: expected the address of a site of its own, such as "
            "https://longlist.council.example"
        )
    usual = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")


def _name(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""
