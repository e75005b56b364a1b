"""The crosswalk: one canonical question for what suppliers are asked, in every iteration and lot.

Labels and options change between iterations and lots (``ISO 28000:2007 certification`` became
``ISO 28000:2022 certification``; ``Yes`` is shown as ``Web chat``); the question stays. The table is
``questions.toml``. Labels and values compare without regard to case, white space and shapes of apostrophes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

from catalogue.errors import UsageError
from catalogue.model import AnswerState, Service

Kind = Literal["yes-no", "one", "many", "text", "list", "table"]

#: An iteration and a lot of it, as slugs.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Option:
    """A value that suppliers choose. ``version`` tells labels of one option apart: WCAG 2.1 and 2.2."""

    id: str
    label: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """How a question is put in one lot of one iteration: on which answers of its parent, if any.

    ``own_words`` is true where suppliers write what is chosen from options elsewhere.
    """

    parent: str | None = None
    parent_values: tuple[str, ...] = ()
    own_words: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A canonical question. Label, section, parent and labels of options are those of the newest iteration.

    ``labels`` are all its labels, newest first. A yes-no question has the options ``yes`` and ``no``.
    """

    id: str
    label: str
    kind: Kind
    options: tuple[Option, ...]
    parent: str | None
    parent_values: tuple[str, ...]
    section: str
    labels: tuple[str, ...]


@lru_cache(maxsize=8192)
def label_key(text: str) -> str:
    """What two labels or values have in common when they differ only in case, white space or apostrophes."""
    return " ".join(text.replace("’", "'").replace("‘", "'").split()).casefold()


class Crosswalk:
    """Looks questions and options up by what a listing shows. Lookups remember labels as they were spelt."""

    def __init__(
        self,
        *,
        questions: Mapping[str, Question],
        asking: Mapping[Place, Mapping[str, Asking]],
        labels: Mapping[Place, Mapping[str, str]],
        options: Mapping[str, Mapping[str, Option]],
        options_in: Mapping[tuple[str, str], Mapping[str, Option]],
        left_out: Mapping[str, str],
    ) -> None:
        #: Every question by id, in the order of the table.
        self.questions = questions
        #: Why a label that listings show has no canonical question, by `label_key`.
        self.left_out = left_out
        self._asking = asking
        self._options = {question: dict(values) for question, values in options.items()}
        self._options_in = options_in
        self._anywhere: dict[str, Question] = {}
        for question in questions.values():
            for label in question.labels:
                self._anywhere.setdefault(label_key(label), question)
        #: Labels as spelt on listings; those of an iteration that is not in the table start empty.
        self._spelt: dict[Place, dict[str, Question]] = {
            place: {label: questions[question_id] for label, question_id in known.items()}
            for place, known in labels.items()
        }

    def question_for(
        self,
        framework_slug: str,
        lot_slug: str,
        label: str,
        section: str | None = None,  # noqa: ARG002  no lot has a label twice, and the table is held to it
    ) -> Question | None:
        """The question that a label stands for in a lot: as asked there, or else as asked anywhere.

        Readers may pass the section that shows the label; so far nothing depends on it.
        """
        place = (framework_slug, lot_slug)
        known = self._spelt.get(place)
        if known is None:
            known = self._spelt[place] = {}
        question = known.get(label)
        if question is None:
            key = label_key(label)
            question = known.get(key) or self._anywhere.get(key)
            if question is not None:
                known[label] = question
        return question

    def option_for(self, question: Question, value: str, framework_slug: str | None = None) -> Option | None:
        """The option that a value stands for, with the version that its label names.

        An option's id is understood too: it gives the label and version of that framework, or the newest.
        """
        known = self._options[question.id]
        option = known.get(value)
        if option is None and known:
            option = known.get(label_key(value))
            if option is not None:
                known[value] = option
            else:
                option = self._options_in.get((question.id, framework_slug or ""), {}).get(value)
                option = option or next((found for found in question.options if found.id == value), None)
        return option

    def asking(self, question_id: str, framework_slug: str, lot_slug: str) -> Asking | None:
        """How the question is put in a lot; ``None`` where it is not, or the lot is not in the table."""
        return self._asking.get((framework_slug, lot_slug), {}).get(question_id)

    def asked(self, question_id: str, framework_slug: str, lot_slug: str) -> bool | None:
        """Whether suppliers are asked it in that lot; ``None`` where the table knows nothing of the lot."""
        known = self._asking.get((framework_slug, lot_slug))
        return None if known is None else question_id in known

    def find(self, name: str) -> Question:
        """The question with this id, or this label in any iteration. Raises `UsageError` with near names."""
        question = self.questions.get(name) or self._anywhere.get(label_key(name))
        if question is not None:
            return question
        if (why := self.left_out.get(label_key(name))) is not None:
            raise UsageError(f"{name!r} is not a question of the catalogue: {why}")
        raise UsageError(f"there is no question {name!r}{self._near(name)}")

    def state(self, service: Service, question_id: str) -> AnswerState:
        """Why a service does or does not answer a question.

        Where the lot is not in the table, no answer counts as left blank. A question that is only put after a
        No (or a None) is not asked after anything else; that is no refusal, and so it is not `PARENT_NO`.
        """
        if any(value.strip() for answer in service.answers.get(question_id, ()) for value in answer.values):
            return AnswerState.ANSWERED
        known = self._asking.get((service.record.framework.slug, service.record.lot.slug))
        if known is None:
            return AnswerState.BLANK
        asking = known.get(question_id)
        if asking is None:
            return AnswerState.NOT_ASKED
        return AnswerState.BLANK if asking.parent is None else self._unasked(service, asking.parent, asking)

    def _unasked(self, service: Service, parent: str, asking: Asking) -> AnswerState:
        """Why there is no answer under a parent."""
        given = {option for answer in service.answers.get(parent, ()) for option in answer.options}
        if not given:
            unasked_too = self.state(service, parent) is AnswerState.PARENT_NO
            return AnswerState.PARENT_NO if unasked_too else AnswerState.BLANK
        if None in given or not given.isdisjoint(asking.parent_values):
            return AnswerState.BLANK
        refusals = {"no", "none"} & set(asking.parent_values)
        return AnswerState.NOT_ASKED if refusals else AnswerState.PARENT_NO

    def _near(self, name: str) -> str:
        """The names most like the one asked for, as the end of a sentence."""
        from difflib import get_close_matches  # noqa: PLC0415  only when somebody mistyped

        near = get_close_matches(label_key(name), self._anywhere, n=3, cutoff=0.5)
        shown = list(dict.fromkeys(repr(self._anywhere[key].label) for key in near))
        return f"; nearest: {', '.join(shown)}" if shown else "; expected a label as listings show it"


@cache
def load_crosswalk() -> Crosswalk:
    """The crosswalk that ships with Longlist, read once."""
    from catalogue.crosswalk import read_crosswalk  # noqa: PLC0415  it needs the types above

    return read_crosswalk(resources.files("catalogue").joinpath("questions.toml").read_text("utf-8"))
