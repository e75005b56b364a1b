"""What a field of a profile may hold, offered while somebody types: systems and questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from catalogue.profile.reader import option_labels
from catalogue.questions import Crosswalk, Question
from catalogue.text import words
from catalogue.vocabulary import Vocabulary

#: Kinds of names in the vocabulary that an organisation may have in place.
_SYSTEMS = ("system", "platform", "identity", "network")
#: Below this likeness of 100 a name is another name, not a typing error.
_ALIKE = 80
_KINDS = {"yes-no": "Yes or No", "one": "one of", "many": "any of", "text": "free text", "list": "free text"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value to take, and a few words about it that are searched too."""

    value: str
    about: str = ""


def systems(vocabulary: Vocabulary) -> tuple[Suggestion, ...]:
    """The systems that are known under several names, with these."""
    return tuple(
        Suggestion(group.name, ", ".join(group.also)) for group in vocabulary.groups if group.kind in _SYSTEMS
    )


def questions(crosswalk: Crosswalk) -> tuple[Suggestion, ...]:
    """The questions of the catalogue that a requirement may name, with the answers that they offer."""
    return tuple(
        Suggestion(question.label, answers_in_words(question))
        for question in crosswalk.questions.values()
        if question.kind != "table"
    )


def answers_in_words(question: Question) -> str:
    """What the question may be answered, in a line."""
    labels = option_labels(question)
    kind = _KINDS.get(question.kind, question.kind)
    return f"{kind}: {'; '.join(labels)}" if labels and question.kind != "yes-no" else kind


def closest(typed: str, choices: Sequence[Suggestion], most: int = 8) -> list[Suggestion]:
    """The choices that what was typed may mean, the likeliest first; all before anything is.

    Names that begin with it come first, then those that have every word of it or its beginning, then those of
    which something said about them has, then those spelt nearly so.
    """
    sought = words(typed)
    if not sought:
        return list(choices[:most])
    ranked: list[tuple[int, int, Suggestion]] = []
    for at, choice in enumerate(choices):
        name = words(choice.value)
        begun = len(sought) - 1
        if name[:begun] == sought[:begun] and _has_all(name[begun : begun + 1], sought[begun:]):
            ranked.append((0, at, choice))
        elif _has_all(name, sought):
            ranked.append((1, at, choice))
        elif _has_all([*name, *words(choice.about)], sought):
            ranked.append((2, at, choice))
    ranked.sort(key=lambda found: found[:2])
    found = [choice for _, _, choice in ranked[:most]]
    if len(found) < most and len(typed) > 3:
        others = {
            at: f"{choice.value} {choice.about}" for at, choice in enumerate(choices) if choice not in found
        }
        near = process.extract(
            typed.casefold(),
            others,
            scorer=fuzz.partial_ratio,
            processor=str.casefold,
            score_cutoff=_ALIKE,
            limit=most - len(found),
        )
        found += [choices[at] for _, _, at in near]
    return found


def _has_all(name: Sequence[str], sought: Sequence[str]) -> bool:
    return all(any(word.startswith(part) for word in name) for part in sought)
