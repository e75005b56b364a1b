"""Whether the services of a catalogue are those of a whole pass over their source, or of a part of one."""

from __future__ import annotations

import json

from catalogue.health import PULL
from catalogue.runs import REPARSE
from db.catalogue import Catalogue


def part_of_a_pass(catalogue: Catalogue) -> str | None:
    """What to tell whoever relies on a catalogue that holds a part of a pass; ``None`` where it is whole.

    It is the newest published run that found its services itself that counts: what was published in part is
    made whole by going on with that run, by another that is published whole, or by pulling a catalogue.
    """
    found = catalogue.rows(
        "SELECT key, source, scope, started, counts, published FROM run"
        " WHERE published <> 'nothing' AND ids = '' AND scope <> :reparse"
        " AND (tally <> '{}' OR source = :pull) ORDER BY key DESC LIMIT 1",
        {"reparse": REPARSE, "pull": PULL},
    )
    if not found or found[0][-1] == "whole":
        return None
    run, source, scope, started, counts, _ = found[0]
    numbers = json.loads(counts)
    return (
        f"run {run} of {source} ({scope}), begun {started[:10]}, was published in part: "
        f"{numbers['answered']:,} of {numbers['wanted']:,} services were read, so others may be missing "
        f"here, or be older"
    )
