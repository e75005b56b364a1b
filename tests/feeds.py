"""The other sources on this machine: agreements, awards and organisations, from fictional records.

Tests use the functions. As a script it serves all three at one address, to try scrapes on:

    python tests/feeds.py --port 8766
    longlist scrape agreements --base-url http://127.0.0.1:8766 --delay 0
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tests.loopback import Answer, Marketplace  # noqa: E402

JSON = "application/json; charset=utf-8"
CCS = "/wp-json/ccs/v1"


def answer(value: Any, status: int = 200, content_type: str = JSON, **headers: str) -> Answer:
    """A JSON answer."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(body, status, {"Content-Type": content_type, **headers})


# ---- organisations


def organisation(slug: str, title: str, kind: str, abbreviation: str = "", **more: Any) -> dict[str, Any]:
    """One body as the list of GOV.UK has it."""
    details = {"slug": slug, "abbreviation": abbreviation or None, "govuk_status": "live", "closed_at": None}
    return {
        "id": f"https://www.gov.uk/api/organisations/{slug}",
        "title": title,
        "format": kind,
        "web_url": f"https://www.gov.uk/government/organisations/{slug}",
        "details": details | more,
        "parent_organisations": [],
    }


def put_organisations(site: Marketplace, bodies: Sequence[dict[str, Any]], *, per_page: int = 20) -> None:
    """The list of GOV.UK, page by page; links lead to the host that people use."""
    pages = max(1, ceil(len(bodies) / per_page))
    for page in range(1, pages + 1):
        found: dict[str, Any] = {
            "results": bodies[(page - 1) * per_page : page * per_page],
            "current_page": page,
            "total": len(bodies),
            "pages": pages,
            "page_size": per_page,
        }
        if page < pages:
            found["next_page_url"] = f"https://www.gov.uk/api/organisations?page={page + 1}"
        site.put(f"/api/organisations?page={page}", answer(found))


# ---- agreements


def agreement(number: str, title: str, lots: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    """One agreement as its list has it."""
    return {
        "id": f"a-{number}",
        "rm_number": number,
        "title": title,
        "type": "Framework",
        "summary": "<p>For <strong>everybody</strong> &amp; all</p>",
        "pillar": "Technology",
        "category": "Cloud",
        "status": "Live",
        "regulation": "PA2023",
        "start_date": "2026-08-06",
        "end_date": "2030-08-05",
        "lots": [
            {"lot_number": lot, "title": f"Lot {lot}", "status": "Live", "expiry_date": "2030-08-05"}
            for lot in lots
        ],
    } | more


def agreement_supplier(name: str, duns: str | None = None, **more: Any) -> dict[str, Any]:
    """One supplier as a list of an agreement or lot has it."""
    id_ = "s-" + name.lower().replace(" ", "-")
    return {"salesforce_id": id_, "name": name, "trading_name": "", "duns_number": duns, "website": ""} | more


def put_agreements(
    site: Marketplace,
    agreements: Sequence[dict[str, Any]],
    suppliers: dict[tuple[str, str], Sequence[dict[str, Any]]],
    *,
    per_page: int = 20,
    suppliers_per_page: int = 100,
) -> None:
    """The agreements, and the suppliers by agreement and lot (an empty lot is the whole agreement)."""
    _put_paged(site, f"{CCS}/frameworks", 20, agreements, per_page)
    for (number, lot), members in suppliers.items():
        path = f"{CCS}/lot-suppliers/{number}/lot/{lot}" if lot else f"{CCS}/framework-suppliers/{number}"
        _put_paged(site, path, 100, members, suppliers_per_page)


def _put_paged(
    site: Marketplace, path: str, asked: int, rows: Sequence[dict[str, Any]], per_page: int
) -> None:
    """A list whose ``limit`` may be lower than what is asked for."""
    for page in range(1, max(1, ceil(len(rows) / per_page)) + 1):
        shown = rows[(page - 1) * per_page : page * per_page]
        meta = {"total_results": len(rows), "limit": per_page, "results": len(shown), "page": page}
        query = urlencode({"limit": asked, "page": page})
        site.put(f"{path}?{query}", answer({"meta": meta, "results": shown}))


# ---- awards


def release(
    number: int,
    supplier: str = "Tidewater Ltd",
    buyer: str = "Fenmoor District Council",
    *,
    title: str = "Online forms",
    identifier: tuple[str, str] | None = None,
    amount: Any = 48000,
    day: str = "2026-11-20",
    cpv: str = "72000000",
    **more: Any,
) -> dict[str, Any]:
    """One release with one award."""
    ocid = f"ocds-x-{number:06}"
    party: dict[str, Any] = {"id": "S1", "name": supplier, "roles": ["supplier"]}
    if identifier is not None:
        party["identifier"] = {"scheme": identifier[0], "id": identifier[1], "legalName": supplier}
    contact = {"name": "A Person", "email": "a.person@fenmoor.example", "telephone": "01632 960001"}
    return {
        "ocid": ocid,
        "id": f"{number:06}-2026",
        "date": f"{day}T10:00:00Z",
        "tag": ["award"],
        "tender": {"id": f"T{number}", "title": title, "classification": {"scheme": "CPV", "id": cpv}},
        "parties": [
            {"id": "B1", "name": buyer, "roles": ["buyer"], "contactPoint": contact},
            party | {"contactPoint": contact},
        ],
        "buyer": {"id": "B1", "name": buyer},
        "awards": [
            {
                "id": "1",
                "status": "active",
                "date": f"{day}T00:00:00Z",
                "value": {"amount": amount, "currency": "GBP"},
                "suppliers": [{"id": "S1", "name": supplier}],
                "contractPeriod": {"startDate": "2026-12-01T00:00:00Z", "endDate": "2028-11-30T23:59:59Z"},
            }
        ],
    } | more


def find_tender(since: str, until: str) -> str:
    """The path of a window at Find a Tender."""
    return f"/api/1.0/ocdsReleasePackages?updatedFrom={since}&updatedTo={until}&stages=award"


def contracts_finder(since: str, until: str) -> str:
    """The path of a window at Contracts Finder."""
    path = "/Published/Notices/OCDS/Search"
    return f"{path}?limit=100&publishedFrom={since}&publishedTo={until}&stages=award"


def package(releases: Sequence[dict[str, Any]], next_url: str | None = None) -> dict[str, Any]:
    """A package of releases."""
    return {"uri": "x", "releases": list(releases), "links": {"next": next_url} if next_url else {}}


class EmptyWindows(Marketplace):
    """A publisher whose windows are empty unless something was put there."""

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        if path not in self.answers and ("ocdsReleasePackages" in path or "/OCDS/Search" in path):
            self.answers[path] = answer(package([]))
        return super().answer(path, headers)


def main(arguments: list[str] | None = None) -> int:
    """Serve a few fictional records of each source until Ctrl-C."""
    parser = argparse.ArgumentParser(
        description="Serve agreements, awards and organisations on this machine."
    )
    parser.add_argument("--port", type=int, default=8766)
    options = parser.parse_args(arguments)
    site = EmptyWindows()
    bodies = [
        organisation(
            f"body-{number}", f"Department for Example {number}", "Ministerial department", f"DFE{number}"
        )
        for number in range(1, 601)
    ]
    put_organisations(site, bodies)
    numbers = [f"RM9{number:03}" for number in range(1, 25)]
    put_agreements(
        site,
        [agreement("RM1557.15", "G-Cloud 15", ["1a", "2a", "2b", "3"])]
        + [
            agreement(number, f"Example Agreement {number}", pillar="Buildings", category="")
            for number in numbers
        ],
        {("RM1557.15", lot): [agreement_supplier("Tidewater Ltd")] for lot in ("1a", "2a", "2b", "3")},
    )
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    end = now.replace(hour=now.hour // 6 * 6)
    moments = [(end - timedelta(hours=6 * n)).strftime("%Y-%m-%dT%H:%M:%S") for n in (2, 1)]
    site.put(
        find_tender(*moments),
        answer(package([release(1), release(2, "TIDEWATER LIMITED", "Marrow NHS Trust")])),
    )
    with site.serving(options.port) as serving:
        sys.stdout.write(f"agreements, awards and organisations at {serving.url} (Ctrl-C ends)\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
