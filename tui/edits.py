"""What the form of a profile changes in its text: each from the text before to what is to stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalogue.errors import UsageError
from catalogue.profile import BARRIERS, rebalanced
from catalogue.profile.editing import add_row, put_all, tables_of, value_at
from catalogue.questions import Crosswalk, Question
from tui.widgets.answers import asked
from tui.widgets.weights import shares_of


def answer_to_another(crosswalk: Crosswalk, text: str, row: str, name: Any) -> Mapping[str, Any]:
    """What else changes in a row, by place, where its question becomes the one of this name.

    An answer to the question before is none to the next. Nothing changes where the question is not known.
    """
    values = value_at(tables_of(text) or {}, row)
    question = _question(crosswalk, name)
    if not isinstance(values, Mapping) or (question is None and name is not None):
        return {}
    return asked(question, _question(crosswalk, values.get("question")), values, row)


def _question(crosswalk: Crosswalk, name: Any) -> Question | None:
    try:
        return crosswalk.find(name) if isinstance(name, str) else None
    except UsageError:
        return None


def with_weight(text: str, barrier: str, share: int) -> str:
    """The text with this share, in per cent, for a barrier; the others give way."""
    shares = rebalanced(shares_of(tables_of(text) or {}), barrier, share)
    return put_all(text, {f"weights.{key}": share or None for key, share in shares.items()})


def with_even_weights(text: str, *, preset: bool) -> str:
    """The text with the same share for each barrier; or (``preset``) with none: that of the survey."""
    share = None if preset else 100 // len(BARRIERS)
    return put_all(text, {f"weights.{key}": share for key in BARRIERS})


def with_another(text: str, table: str) -> str:
    """The text with one more system or requirement, to be filled in."""
    new = {"system": ""} if table == "legacy" else {"text": "", "priority": "must"}
    return add_row(text, table, new)
