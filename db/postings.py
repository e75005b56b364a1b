"""Which services have a name or an answer: keys out of the index, remembered while they hold."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence

from catalogue.text import words
from catalogue.vocabulary import AliasGroup
from db.catalogue import Catalogue
from db.index import any_of, phrase, said

#: Answers that are remembered with their services.
_ANSWERS = 60
#: Names that are: many profiles speak of the same things.
_NAMES = 60
#: How many words may lie between an ambiguous name and a word of its trade, unless its group says.
_NEAR = 12
#: The options of questions that say yes.
_YES = ("yes", "yes-extra-cost", "yes-or-standalone")


def naming(catalogue: Catalogue, group: AliasGroup) -> Sequence[int]:
    """Services that name a system; an ambiguous name needs a word of its trade near it."""
    matches = [said(name) for name in group.names if name not in group.gated and words(name)]
    company = [phrase(words(name)) for name in group.context if words(name)]
    for name in group.gated:
        if words(name):
            gated = phrase(words(name))
            matches += [f"NEAR({gated} {beside}, {group.within or _NEAR})" for beside in company]
    if not matches:
        return []
    match = any_of(dict.fromkeys(matches))
    sql = "SELECT rowid FROM service_fts WHERE service_fts MATCH :match"
    return catalogue.remembered(
        "naming",
        lambda: array("q", [key for (key,) in catalogue.rows(sql, {"match": match})]),
        of=match,
        most=_NAMES,
    )


def answering(catalogue: Catalogue, question: str, options: Iterable[str]) -> frozenset[int]:
    """Services that answer a canonical question with any of these options."""
    wanted = tuple(sorted(options))
    sql = (
        "SELECT answer.service FROM question JOIN answer ON answer.question = question.key"
        " JOIN choice ON choice.question = answer.question AND choice.value = answer.value"
        " WHERE question.canonical = :question AND choice.option IN (SELECT value FROM json_each(:options))"
    )
    return catalogue.remembered(
        "answering",
        lambda: frozenset(
            key for (key,) in catalogue.rows(sql, {"question": question, "options": json.dumps(wanted)})
        ),
        of=(question, wanted),
        most=_ANSWERS,
    )


def saying_yes(catalogue: Catalogue, questions: Iterable[str]) -> frozenset[int]:
    """Services that answer one of these canonical questions with yes, at whatever cost."""
    return frozenset().union(*(answering(catalogue, question, _YES) for question in questions))
