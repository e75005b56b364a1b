"""What public bodies bought from a supplier, as lines for ``longlist show`` and ``longlist awards``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from catalogue.awards import NEVER_SCORED, Purchase
from catalogue.errors import UsageError
from tui.matching import read_profile


def sector_wanted(sector: str | None, profile: Path | None) -> str | None:
    """The sector whose purchases are told: as given, or that of a profile."""
    if sector is not None and profile is not None:
        raise UsageError("--sector and --profile both say a sector; give one of them")
    if profile is None:
        return sector
    found = read_profile(profile).organisation.sector
    if found is None:
        raise UsageError(f"{profile}: organisation.sector is not stated; give --sector instead")
    return found


def purchase_lines(
    purchases: Sequence[Purchase], sector: str | None, *, any_known: bool, most: int
) -> Iterator[str]:
    """The newest purchases of a sector (``None``: of all), one a line, and what else there is."""
    if not any_known:
        yield "No awards are in the catalogue. Fetch them with: longlist scrape awards"
        return
    of_sector = [each for each in purchases if sector is None or each.sector == sector]
    others = len(purchases) - len(of_sector)
    kind = f" by a body of the sector {sector}" if sector else ""
    if not of_sector:
        yield f"No award{kind} is known."
    for each in of_sector[:most]:
        yield f"- {each.sentence()}"
        if each.url:
            yield f"  {each.url}"
    if len(of_sector) > most:
        yield f"and {len(of_sector) - most} more; all of them with: longlist awards"
    if others:
        yield f"Bodies of other sectors or of none that is known: {others}"
    if purchases:
        yield NEVER_SCORED
