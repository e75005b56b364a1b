"""The price of a service as text: as listed, how it was read, and what it comes to in a year."""

from __future__ import annotations

from textual.content import Content

from catalogue.costs import Cost, cost_of, is_over, lowest_of
from catalogue.model import Service
from catalogue.needs import pounds
from catalogue.price import NotComparable, YearlyCost
from catalogue.profile import Profile
from catalogue.quality import flags_of
from tui.widgets.checks import flag_parts
from tui.widgets.listing import tables_of
from tui.widgets.plain import one_line, paragraph
from tui.widgets.prose import Part, bullet, labelled, titled


def price_of(service: Service, profile: Profile | None) -> list[Part]:
    """Everything that is known of what a service costs."""
    stated = one_line(service.record.price or "")
    sentence = paragraph(stated, "bold") if stated else paragraph("not stated", "$muted")
    parts: list[Part] = [titled("As listed"), sentence, "", titled("Read as"), *_read(service), ""]
    parts += _yearly(service, profile)
    flags = [flag for flag in flags_of(service) if flag.kind == "price"]
    if flags:
        parts += ["", titled("To check"), *flag_parts(flags)]
    parts += tables_of(service.record.structured or {})
    papers = [each for each in service.record.documents or () if "pric" in each.name.casefold()]
    if papers:
        parts += ["", titled("Documents")]
        parts += [bullet(paragraph(f"{one_line(each.name)}: {one_line(each.url)}")) for each in papers]
    return parts


def _read(service: Service) -> list[Part]:
    """The price taken apart."""
    price = service.price
    if price is None:
        why = "the sentence is not in the usual words" if service.record.price else "there is no price"
        return [paragraph(f"Not read: {why}", "$muted")]
    highest = f"£{price.maximum:,f}" if price.maximum is not None else "none named"
    return [
        labelled("Lowest", paragraph(f"£{price.minimum:,f}"), 9),
        labelled("Highest", paragraph(highest), 9),
        labelled("For", paragraph(price.unit or "no unit named"), 9),
        labelled("Every", paragraph(price.interval or "not named: once, or each year"), 9),
    ]


def _yearly(service: Service, profile: Profile | None) -> list[Part]:
    """A year of it for the organisation, or why that cannot be told."""
    if profile is None:
        return [
            titled("In a year"),
            paragraph("No profile is chosen. With one (4), this shows what a year costs you.", "$muted"),
        ]
    cost = cost_of(profile, service)
    parts: list[Part] = [titled(f"In a year, for {one_line(profile.organisation.name)}")]
    if isinstance(cost, YearlyCost):
        parts.append(Content.styled(_amounts(cost), "bold"))
        parts += [bullet(paragraph(each)) for each in cost.assumptions]
    else:
        parts += _not_comparable(cost)
    return [*parts, *_budget(profile, cost)]


def _not_comparable(cost: NotComparable) -> list[Part]:
    parts: list[Part] = [Content.styled("Not comparable", "bold $text-warning"), paragraph(cost.reason)]
    lowest = lowest_of(cost)
    if lowest is not None:
        parts.append(paragraph(f"At least {pounds(lowest)}."))
    if cost.readings:
        parts.append(paragraph("If it means:", "$muted"))
        parts += [
            bullet(paragraph(f"{reading.assumptions[0]} {_amounts(reading)}")) for reading in cost.readings
        ]
    return parts


def _amounts(cost: YearlyCost) -> str:
    top = "" if cost.maximum is None else f" to {pounds(cost.maximum)}"
    return f"{pounds(cost.minimum)}{top}"


def _budget(profile: Profile, cost: Cost) -> list[Part]:
    budget, over = profile.organisation.budget_per_year, is_over(profile, cost)
    if budget is None or over is None:
        return []
    lowest = lowest_of(cost)
    assert lowest is not None
    if over:
        return [
            Content.styled(
                f"Over the budget of {pounds(budget)} by {pounds(lowest - budget)} at least",
                "bold $text-error",
            )
        ]
    return [paragraph(f"The lowest figure is within the budget of {pounds(budget)}", "$text-success")]
