"""``longlist project``: one purchase, from its requirements to its outcome, on the record."""

from __future__ import annotations

import click

from tui.commands.project.asking import answer, ask, questions
from tui.commands.project.beginning import freeze, list_, new, require, requirements, set_profile, withdraw
from tui.commands.project.ending import delete, lock, outcome, reopen
from tui.commands.project.handing_over import export_bundle, import_bundle
from tui.commands.project.listing import (
    evidence,
    longlist,
    mark,
    note,
    reconsider,
    reject,
    search,
    shortlist,
    unmark,
)
from tui.commands.project.proving import trail, verify
from tui.commands.project.scoring import criteria, rank, score, scores
from tui.commands.project.showing import show

#: In the order of a purchase.
_COMMANDS: tuple[click.Command, ...] = (
    new,
    list_,
    show,
    set_profile,
    requirements,
    require,
    withdraw,
    freeze,
    search,
    longlist,
    evidence,
    reject,
    shortlist,
    reconsider,
    note,
    mark,
    unmark,
    ask,
    answer,
    questions,
    criteria,
    rank,
    score,
    scores,
    lock,
    outcome,
    reopen,
    trail,
    verify,
    export_bundle,
    import_bundle,
    delete,
)


class _InOrder(click.Group):
    """Lists its commands in the order of a purchase."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """The names as they were added."""
        return list(self.commands)


@click.group(cls=_InOrder)
def project() -> None:
    """A purchase from requirements to outcome, with its audit trail.

    In order: new, freeze (the requirements), search (everything found is the longlist), reject or shortlist
    each service, criteria, score, lock (or export), outcome. Each step names who takes it: --as NAME, or
    LONGLIST_ACTOR; the name of your account is never taken for it. For less than a purchase, new, mark and
    longlist export keep an informal shortlist.
    """


for _command in _COMMANDS:
    project.add_command(_command)
