"""``longlist profile``: look after the file that says who buys and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from catalogue.profile import Profile
from catalogue.records import strip_controls
from tui.commands.edge import Settings, pass_settings
from tui.matching import read_profile


@click.group()
def profile() -> None:
    """Check the profile of an organisation."""


@profile.command()
@click.argument("file", type=click.Path(path_type=Path))
@pass_settings
def check(_settings: Settings, file: Path) -> None:
    """Check FILE, reporting every mistake at once, and say how it was understood."""
    click.echo(strip_controls("\n".join(_understood(read_profile(file)))))


def _understood(found: Profile) -> Iterator[str]:
    organisation = found.organisation
    yield f"{organisation.name}: the profile is in order"
    preset = f" (none given: preset {found.preset})" if found.preset else ""
    yield "Weights: " + ", ".join(f"{name} {weight} %" for name, weight in found.weights.items()) + preset
    for system in found.legacy:
        also = f" (also {', '.join(system.aliases)})" if system.aliases else ""
        yield f"System to {system.intent}: {system.system}{also}"
    for requirement in found.requirements:
        kind = "Must" if requirement.priority == "must" else "Want"
        if requirement.question is None:
            how = "judged by what the listing says; never excludes"
        else:
            needed = " or ".join(requirement.accepted)
            effect = (
                "excludes a service that answers otherwise" if requirement.gates else "counts, never excludes"
            )
            how = f"{requirement.question.label} = {needed}; {effect}"
        yield f"{kind} ({requirement.barrier}): {requirement.text} [{how}]"
    yield f"Digest: {found.digest}"
