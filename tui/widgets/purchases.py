"""What public bodies bought from a supplier, as text of the service view. Never a part of the score."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.awards import NEVER_SCORED, Purchase
from tui.widgets.plain import counted, paragraph
from tui.widgets.prose import Part, bullet, titled

#: Purchases shown, the newest; all of them are in ``longlist awards``.
_SHOWN = 10


def purchases_of(purchases: Sequence[Purchase] | None, sector: str | None) -> list[Part]:
    """The newest purchases of bodies of a sector (``None``: of all); nothing where no award is known."""
    if purchases is None:
        return []
    of_sector = [each for each in purchases if sector is None or each.sector == sector]
    kind = f" by bodies of your sector ({sector})" if sector else ""
    parts: list[Part] = ["", titled(f"Bought from this supplier{kind}")]
    parts += [bullet(paragraph(each.sentence())) for each in of_sector[:_SHOWN]]
    if not of_sector:
        parts.append(paragraph("No award is known", "$muted"))
    if len(of_sector) > _SHOWN:
        parts.append(paragraph(f"and {len(of_sector) - _SHOWN} more: longlist awards ID", "$muted"))
    others = len(purchases) - len(of_sector)
    if others:
        parts.append(paragraph(f"{counted(others, 'award')} by bodies of other sectors", "$muted"))
    if purchases:
        parts.append(paragraph(NEVER_SCORED, "$muted"))
    return parts
