"""What a search made of the words typed, and what to do where it found nothing, in sentences."""

from __future__ import annotations

from textual.content import Content

from catalogue.model import SORTS, SearchPage, SearchQuery
from tui.widgets.highlight import other_names
from tui.widgets.plain import counted, one_line


def said_of(found: SearchPage, sort: str) -> Content:
    """Words that were read as others, other names, and whether every word had to be there."""
    said: list[Content] = []
    for assumed in found.assumed:
        said.append(
            Content.assemble(
                "Assumed you meant ", (one_line(assumed.meant), "bold"), f" for {one_line(assumed.typed)}"
            )
        )
    others = [one_line(other) for other in other_names(found)]
    if others:
        more = f" and {counted(len(others) - 3, 'other name')}" if len(others) > 3 else ""
        said.append(Content(f"Also looked for {', '.join(others[:3])}{more}"))
    if found.relaxed:
        related = f" or related ones ({one_line(found.related[0][1][0])} …)" if found.related else ""
        order = ", best first" if sort == SORTS[0] else ""
        said.append(Content(f"With services that have some of these words{related}{order}"))
    return Content(" · ").join(said)


def advice_for(query: SearchQuery, found: SearchPage) -> str:
    """What to do when nothing was found."""
    if not found.holds_any:
        return "The catalogue is empty. Home offers the ways to fill it: scrape a source, or import a file."
    if query != SearchQuery(text=query.text, sort=query.sort):
        return "No service has all of this. Remove a filter (Backspace the last, x all), or use fewer words."
    return "No service has any of these words. Try others: the name of the product, or what it is for."
