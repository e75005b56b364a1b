"""``longlist search``: words, phrases and filters over the catalogue."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from catalogue.agreements import standing_of
from catalogue.errors import UsageError
from catalogue.instants import instant
from catalogue.model import SORTS, SearchHit, SearchPage, SearchQuery
from db.agreements import agreement_dates
from db.catalogue import HOW_TO_FILL, open_catalogue
from db.search import search as search_catalogue
from tui.commands.edge import Settings, pass_settings, print_json, say, tell
from tui.commands.plain import labelled

_STATUSES = ("live", "withdrawn", "expired")
#: How many other names of a system are told; all of them are in --json.
_NAMES = 3


@click.command()
@click.argument("text", nargs=-1)
@click.option("--lot", "lots", multiple=True, metavar="LOT", help="In this lot. May be given several times.")
@click.option("--framework", "frameworks", multiple=True, metavar="SLUG", help="On this framework.")
@click.option("--supplier", "suppliers", multiple=True, metavar="NAME", help="By this supplier, name or id.")
@click.option("--category", "categories", multiple=True, metavar="NAME", help="In this category or below it.")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="QUESTION=VALUE",
    help="With this answer: an option, or words of what the supplier wrote. All that are given must hold.",
)
@click.option(
    "--price",
    "prices",
    multiple=True,
    metavar="FOR",
    help="With a price for this, such as 'a user a month', or 'a user a month > £5 up to £10'.",
)
@click.option(
    "--sort",
    type=click.Choice(SORTS),
    default=SORTS[0],
    show_default=True,
    help="The order; 'price' is the lowest amount, whatever it is for.",
)
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice((*_STATUSES, "any")),
    default=("live",),
    show_default=True,
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many.")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Leave out the first so many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def search(
    settings: Settings,
    text: tuple[str, ...],
    *,
    lots: tuple[str, ...],
    frameworks: tuple[str, ...],
    suppliers: tuple[str, ...],
    categories: tuple[str, ...],
    answers: tuple[str, ...],
    prices: tuple[str, ...],
    sort: str,
    statuses: tuple[str, ...],
    limit: int,
    offset: int,
    as_json: bool,
) -> None:
    """Search for TEXT, forgiving typing errors and knowing other names of a thing.

    Words in "quotation marks" must stand together (a shell needs '"two words"'). Without TEXT, the filters
    alone select, in an order that favours nobody.
    """
    query = SearchQuery(
        text=" ".join(text),
        lots=lots,
        frameworks=frameworks,
        suppliers=suppliers,
        categories=categories,
        answers=tuple(_answer(each) for each in answers),
        statuses=() if "any" in statuses else statuses,
        prices=prices,
        sort=sort,
    )
    with open_catalogue(settings.db, read_only=True) as catalogue:
        page = search_catalogue(catalogue, query, limit=limit, offset=offset)
        dates = agreement_dates(catalogue)
    if as_json:
        print_json(_as_json(query, page, offset))
    else:
        for rank, hit in enumerate(page.hits, start=offset + 1):
            tell(_spoken(rank, hit) if settings.plain else _shown(rank, hit))
    _explain(page, offset)
    if not as_json:
        today = datetime.now(UTC).date()
        for slug in dict.fromkeys(hit.framework for hit in page.hits):
            standing = standing_of(slug, today, dates)
            if standing is not None:
                say(f"{standing.framework}: {standing.sentence(today)}.")


def _answer(text: str) -> tuple[str, str]:
    question, equals, value = text.partition("=")
    if not (equals and question.strip() and value.strip()):
        raise UsageError(f"--answer {text!r}: expected QUESTION=VALUE, such as 'API=Yes'")
    return question.strip(), value.strip()


def _as_json(query: SearchQuery, page: SearchPage, offset: int) -> dict[str, Any]:
    return {
        "text": query.text,
        "total": page.total,
        "relaxed": page.relaxed,
        "assumed": [asdict(assumed) for assumed in page.assumed],
        "aliases": [{"typed": typed, "also": also} for typed, also in page.aliases],
        "related": [{"typed": typed, "also": list(also)} for typed, also in page.related],
        "results": [
            {"rank": rank}
            | asdict(hit)
            | {
                "score": round(hit.score, 4),
                "first_seen": instant(hit.first_seen) if hit.first_seen else None,
            }
            for rank, hit in enumerate(page.hits, start=offset + 1)
        ],
    }


def _shown(rank: int, hit: SearchHit) -> str:
    """One result as two lines: what and by whom; where to find it and for how much."""
    name, supplier = (" ".join(text.split()) for text in (hit.name, hit.supplier))
    status = "" if hit.status == "live" else f", {hit.status}"
    price = hit.price or "price not stated"
    return f"{rank}. {name}, by {supplier}\n   {hit.id}, {hit.framework} {hit.lot}{status}, {price}"


def _spoken(rank: int, hit: SearchHit) -> str:
    """One result as a line for each fact."""
    facts = [
        ("Result", str(rank)),
        ("Service", hit.name),
        ("Supplier", hit.supplier),
        ("Price", hit.price or "not stated"),
        ("Framework", hit.framework),
        ("Lot", hit.lot),
        ("Status", None if hit.status == "live" else hit.status),
        ("Service id", hit.id),
    ]
    return "\n".join(labelled(facts)) + "\n"


def _explain(page: SearchPage, offset: int) -> None:
    """Say how the text was understood, and how much there is."""
    for assumed in page.assumed:
        say(f"Assumed you meant {assumed.meant!r} by {assumed.typed!r}.")
    for typed, also in page.aliases:
        names = also.split(", ")
        more = f" and {len(names) - _NAMES} other names" if len(names) > _NAMES + 1 else ""
        say(f"For {typed!r}, also looked for: {', '.join(names[:_NAMES] if more else names)}{more}.")
    if page.related:
        said = "; ".join(f"{', '.join(also[:_NAMES])} for {typed}" for typed, also in page.related)
        say(f"Counted for less, related words: {said}.")
    if page.relaxed:
        say("Few services have every word: services with some of them, or about the same, are among these.")
    if not page.holds_any:
        say(f"The catalogue is empty: {HOW_TO_FILL}.")
    elif page.total == 0:
        say("Nothing found. Try fewer or other words, or fewer filters.")
    elif not page.hits:
        say(f"There are {page.total:,} results, none of them after number {offset:,}.")
    elif page.total > len(page.hits):
        last = offset + len(page.hits)
        say(f"{offset + 1:,} to {last:,} of {page.total:,} services. More with --limit or --offset.")
    else:
        say("1 service" if page.total == 1 else f"{page.total:,} services")
