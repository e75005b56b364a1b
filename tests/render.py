"""Service records as marketplace pages, the other way round from the parser: our own pages for tests.

``shell`` a is the page as it was from G-Cloud 9 on, b a later one with the supplier inside the ``h1``;
``markup`` says how answers are put: as components (paragraphs) or as the older loader did (bare text).
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import Any, Literal
from urllib.parse import urlencode

from catalogue.records import Answer, ServiceRecord

Markup = Literal["components", "loader"]
Shell = Literal["a", "b"]

_LEAD = ("Total Cost", "=")


def service_page(
    record: ServiceRecord, *, markup: Markup = "components", shell: Shell = "a", banner: str | None = None
) -> str:
    """A whole service page."""
    if banner is None and record.status == "withdrawn":
        banner = f"{record.supplier.name} stopped offering this service on Friday 30 October 2026."
    elif banner is None and record.status == "expired":
        banner = f"This {record.framework.name} service is no longer available to buy."
    body = _shell_a(record, markup, banner) if shell == "a" else _shell_b(record, markup, banner)
    canonical = f'<link rel="canonical" href="{_text(record.url)}">' if record.url else ""
    lot = f"/g-cloud/search?{urlencode({'lot': record.lot.slug})}"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{_text(record.name)}</title>{canonical}</head><body>
<nav class="govuk-breadcrumbs"><ol>
  <li><a href="/">Marketplace</a></li>
  <li><a href="{_text(lot)}">{_text(record.lot.name or "")}</a></li>
</ol></nav>
<main id="main-content">
{body}
</main>
<footer><h2>About</h2><ul><li><a href="/help">Help</a></li></ul></footer>
</body></html>
"""


def listing_pages(
    lot: str, records: Sequence[ServiceRecord], *, per_page: int = 30, total: int | None = None
) -> Iterator[tuple[str, str]]:
    """Path and text of each page of a lot's listing."""
    pages = max(1, -(-len(records) // per_page))
    for number in range(1, pages + 1):
        shown = records[(number - 1) * per_page : number * per_page]
        following = listing_path(lot, number + 1) if number < pages else None
        yield listing_path(lot, number), listing_page(shown, total or len(records), following)


def listing_path(lot: str, number: int) -> str:
    """The address of one page of a listing."""
    return "/g-cloud/search?" + (f"page={number}&" if number > 1 else "") + f"lot={lot}"


def listing_page(records: Sequence[ServiceRecord], total: int, following: str | None) -> str:
    """One page of a listing."""
    cards = "".join(_card(record) for record in records)
    link = f'<nav><a rel="next" href="{_text(following)}">Next page</a></nav>' if following else ""
    return f"""<!doctype html>
<html lang="en"><head><title>Search results</title></head><body><main>
<h1>Search results</h1>
<p class="app-search-summary"><span class="app-search-summary__count">{total}</span> results found</p>
<ul>{cards}</ul>{link}
</main></body></html>
"""


def _card(record: ServiceRecord) -> str:
    return f"""<li class="app-search-result">
  <h2><a href="/g-cloud/services/{record.id}">{_text(record.name)}</a></h2>
  <p>{_text(record.supplier.name)}</p><p>{_text(record.description or "")}</p>
  <ul><li>{_text(record.lot.name or "")}</li><li>{_text(record.framework.name or "")}</li></ul>
</li>"""


def _shell_a(record: ServiceRecord, markup: Markup, banner: str | None) -> str:
    notice = f'<div><section class="dm-banner"><h2>{_text(banner)}</h2></section></div>' if banner else ""
    documents = "".join(
        f'<li><a href="{_text(d.url)}" aria-hidden="true"></a>'
        f'<p><a href="{_text(d.url)}">{_text(d.name)}</a></p></li>'
        for d in record.documents or ()
    )
    documents = f"<h2>Service documents</h2>{f'<ul>{documents}</ul>' if documents else ''}"
    return f"""{notice}
<div><span class="govuk-caption-l">{_text(record.supplier.name)}</span><h1>{_text(record.name)}</h1></div>
<div>
  <div>
    <p>{_text(record.description or "")}</p>
    {_bullets("h2", "Features", record.features)}{_bullets("h2", "Benefits", record.benefits)}
  </div>
  <div id="meta">
    <h2>Pricing</h2><p>{_text(record.price or "")}</p><ul><li>Free trial available</li></ul>
    {documents}
    {_details(record)}
  </div>
</div>
<div id="service-attributes">{_sections(record, markup)}{documents}</div>"""


def _shell_b(record: ServiceRecord, markup: Markup, banner: str | None) -> str:
    notice = f'<div><section class="dm-banner"><h2>{_text(banner)}</h2></section></div>' if banner else ""
    supplier = _text(record.supplier.name)
    if record.supplier.id:
        supplier = f'<a href="/{record.framework.slug}/supplier/{record.supplier.id}">{supplier}</a>'
    documents = "".join(
        f'<li><a href="{_text(d.url)}"><span>PDF</span> {_text(d.name)}</a></li>'
        for d in record.documents or ()
    )
    return f"""{notice}
<h1><span class="govuk-caption-xl">{supplier}</span> {_text(record.name)}</h1>
<aside>{_details(record)}<h2>Pricing</h2><p>{_text(record.price or "")}</p></aside>
<div>
  <h2>Service description</h2><p>{_text(record.description or "")}</p>
  {_bullets("h3", "Features", record.features)}{_bullets("h3", "Benefits", record.benefits)}
</div>
{_sections(record, markup)}
<h2>Service documents</h2>{f"<ul>{documents}</ul>" if documents else ""}"""


def _details(record: ServiceRecord) -> str:
    return f"""<h2>Framework</h2><p>{_text(record.framework.name or "")}</p>
    <h2>Service ID</h2><p>{" ".join(record.id)}</p>
    <h2>Contact</h2><p>Robin Example<br>01632 960000<br>
    <a href="mailto:bids@supplier.example">bids@supplier.example</a></p>"""


def _bullets(level: str, heading: str, items: Sequence[str] | None) -> str:
    return f"<{level}>{heading}</{level}>{_list(items)}" if items else ""


def _sections(record: ServiceRecord, markup: Markup) -> str:
    parts = []
    if record.categories:
        parts.append(_section("About your service", _row("Service categories", _tree(record.categories))))
    for section in record.sections or ():
        rows = "".join(
            _row(answer.question, _value(answer, record.structured or {}, markup))
            for answer in section.answers
        )
        parts.append(_section(section.name, rows))
    labels = {answer.question for section in record.sections or () for answer in section.answers}
    rates = (record.structured or {}).get("rate_card")
    if rates and "Rate card" not in labels:
        parts.append(f"<h2>Rate card</h2>{_rates(rates, markup)}")
    return "".join(parts)


def _section(name: str, rows: str) -> str:
    return f"<div><h2>{_text(name)}</h2>\n<dl>{rows}</dl></div>\n"


def _row(label: str, value: str) -> str:
    return f"<div><dt>\n  {_text(label)}\n</dt><dd>\n  {value}\n</dd></div>\n"


def _value(answer: Answer, structured: dict[str, Any], markup: Markup) -> str:
    formulas = {
        f"{entry['deployment_model']} pricing": entry for entry in structured.get("price_formula", ())
    }
    if answer.question in formulas:
        return _formula(formulas[answer.question])
    if answer.question == "Social Value" and "social_value_tree" in structured:
        return _tree(structured["social_value_tree"])
    if answer.question == "Social Value" and "social_value" in structured:
        both = structured["social_value"]
        return _simple(both["list"], markup) + _pairs(
            [(row["heading"], row["text"]) for row in both["headed"]], markup
        )
    if answer.question.startswith("Discounts") and "discount_bands" in structured:
        return _pairs([(row["band"], row["discount"]) for row in structured["discount_bands"]], markup)
    if answer.question == "Rate card" and "rate_card" in structured:
        return _rates(structured["rate_card"], markup)
    return _simple(answer.values, markup)


def _simple(values: Sequence[str], markup: Markup) -> str:
    if len(values) != 1:
        return _list(values)
    return _text(values[0]) if markup == "loader" else f"<p>\n  {_text(values[0])}\n</p>"


def _pairs(pairs: Sequence[tuple[str, str]], markup: Markup) -> str:
    if markup == "loader":
        return "".join(f"<p>{_text(label)}</p><div>{_text(text)}</div>" for label, text in pairs)
    return "".join(
        f"<div><p>{_text(label)}</p><div><p>{_text(text)}</p></div></div>" for label, text in pairs
    )


def _formula(entry: dict[str, Any]) -> str:
    rows = [_row(lead, "") for lead in _LEAD]
    for term in entry["terms"]:
        if term["operation"]:
            rows.append(_row(term["operation"], ""))
        rows.append(_row(term["name"], _text(term["value"])))
    return f"<hr><dl>{''.join(rows)}</dl><hr>"


def _rates(rates: Sequence[dict[str, str | None]], markup: Markup) -> str:
    if markup == "components":
        cells = ("family", "role", "level", "uk", "offshore")
        rows = "".join(
            "<tr>" + "".join(f"<td>{_text(rate[c] or '')}</td>" for c in cells) + "</tr>" for rate in rates
        )
        heads = ("Job family", "Role", "Level", "UK rate", "Offshore rate")
        return (
            f"<table><caption>Day rates</caption><thead>{_heads(heads)}</thead><tbody>{rows}</tbody></table>"
        )
    tables = []
    for family in dict.fromkeys(rate["family"] for rate in rates):
        rows = ""
        members = [rate for rate in rates if rate["family"] == family]
        at = 0
        while at < len(members):
            role = members[at]["role"]
            same = 1
            while at + same < len(members) and members[at + same]["role"] == role:
                same += 1
            for place, rate in enumerate(members[at : at + same]):
                first = f'<td rowspan="{same}">{_text(role or "")}</td>' if place == 0 else ""
                rest = "".join(f"<td>{_text(rate[c] or '-')}</td>" for c in ("uk", "offshore"))
                rows += f"<tr>{first}<td>{_text(rate['level'] or '')}</td>{rest}</tr>"
            at += same
        heads = _heads(("Role", "Role level", "UK rate", "Offshore rate"))
        tables.append(
            f"<h3>{_text(family or '')}</h3><table><thead>{heads}</thead><tbody>{rows}</tbody></table>"
        )
    return "".join(tables)


def _heads(names: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<th>{name}</th>" for name in names) + "</tr>"


def _list(items: Sequence[str] | None) -> str:
    return "<ul>\n" + "".join(f"  <li>\n    {_text(item)}\n  </li>\n" for item in items or ()) + "</ul>"


def _tree(paths: Sequence[Sequence[str]]) -> str:
    """A nested list of full paths; neighbours with the same beginning share it."""
    out = ""
    at = 0
    while at < len(paths):
        head = paths[at][0]
        same = 1
        while at + same < len(paths) and paths[at + same][0] == head and len(paths[at + same]) > 1:
            same += 1
        below = [path[1:] for path in paths[at : at + same] if len(path) > 1]
        out += f"<li><p>{_text(head)}</p>{_tree(below)}</li>" if below else f"<li>{_text(head)}</li>"
        at += same
    return f"<ul>{out}</ul>"


def _text(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
