"""Telling a web address that something happened: one JSON document, posted once, nothing followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from catalogue.errors import FetchRefused
from scrapers.download import is_local
from scrapers.fetch import FetchFailed

#: Nobody waits longer for a chat or a monitor to take note.
_SECONDS = 10.0


def post_json(
    url: str, document: Mapping[str, Any], *, agent: str, transport: httpx.BaseTransport | None = None
) -> None:
    """Post a document. Raises `FetchRefused` for what is no address, `FetchFailed` when it was not taken."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchRefused("the webhook is no address: expected one that begins with https://")
    # The address may hold a secret: messages name the host alone.
    place = f"the webhook at {parts.hostname}"
    try:
        with httpx.Client(
            transport=transport, timeout=_SECONDS, follow_redirects=False, trust_env=not is_local(url)
        ) as client:
            answer = client.post(url, json=dict(document), headers={"User-Agent": agent})
    except httpx.InvalidURL as error:
        raise FetchRefused(f"{place} is no address: {error}") from None
    except httpx.HTTPError as error:
        raise FetchFailed(f"{place} was not reached: {type(error).__name__}") from None
    if not answer.is_success:
        raise FetchFailed(f"{place} answered with status {answer.status_code}; expected 200 to 299")
