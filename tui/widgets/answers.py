"""The answer that a requirement needs to a question of the catalogue: options to tick, or text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual import on
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input

from catalogue.errors import UsageError
from catalogue.profile import option_labels
from catalogue.profile.entering import as_typed, names_of
from catalogue.profile.writing import Value
from catalogue.questions import Crosswalk, Question, label_key
from tui.widgets.fields import Field, show_beginning, words_in
from tui.widgets.plain import one_line
from tui.widgets.ticks import Ticks

_ANY, _EXACT = "any of these", "exactly this one"
_WAYS = {
    _ANY: "The service meets it when at least one of the values ticked is among its answers.",
    _EXACT: "The service meets it when its answer is this value and nothing else.",
}


class AnswerField(Field):
    """The keys ``includes`` and ``equals`` of a requirement, for the question that it names."""

    DEFAULT_CSS = """
    AnswerField {
        & #answer-options { width: 1fr; height: auto; }
        &.-no-question { display: none; }
        &.-free Ticks.answer-labels { display: none; }
        &.-options Input { display: none; }
    }
    """

    def __init__(self, table: str, crosswalk: Crosswalk) -> None:
        super().__init__(table, "includes", "Answer", hint="What suppliers must have answered.")
        self._crosswalk = crosswalk
        self._question: Question | None = None
        self._values: Mapping[str, Any] = {}
        self._exact = False
        self.ways = Ticks(tuple(_WAYS), one=True, hints=_WAYS)
        self.options = Ticks()
        self.options.add_class("answer-labels")
        self.input = Input(placeholder="the answer, word for word")

    @property
    def keys(self) -> tuple[str, ...]:
        """Both keys."""
        return ("includes", "equals")

    def control(self) -> Widget:
        """How, and which."""
        return Vertical(self.ways, self.options, self.input, id="answer-options")

    def show(self, values: Mapping[str, Any]) -> None:
        """Show the options of the question named, and which of them are needed."""
        self._values = values
        name = values.get("question")
        question = None
        if isinstance(name, str):
            try:
                question = self._crosswalk.find(name)
            except UsageError:
                question = None
        self.set_class(question is None, "-no-question")
        if question is None:
            self._question = None
            return
        labels = option_labels(question)
        if question is not self._question:
            self._question = question
            self._exact = question.kind in ("yes-no", "one") and "includes" not in values
            self.options.offer(labels)
        self._exact = "equals" in values or (self._exact and "includes" not in values)
        self.set_class(bool(labels), "-options")
        self.set_class(not labels, "-free")
        self.ways.show((_EXACT if self._exact else _ANY,))
        self.options.one = self._exact
        needed = words_in(values.get(self._key))
        self.options.show([_as_offered(value, labels) for value in needed])
        if not (self.input.has_focus and tuple(needed) == self._typed_value()):
            self._write()

    def tidy(self) -> None:
        """Show the text as it is kept."""
        self._write()
        show_beginning(self.input)

    def _write(self) -> None:
        shown = one_line(as_typed(self._values.get(self._key)))
        if self.input.value != shown:
            with self.prevent(Input.Changed):
                self.input.value = shown
            show_beginning(self.input)

    def _typed_value(self) -> tuple[str, ...]:
        typed = self.input.value
        return ((one_line(typed),) if typed.strip() else ()) if self._exact else names_of(typed)

    @property
    def _key(self) -> str:
        return "equals" if self._exact else "includes"

    @on(Ticks.Ticked)
    def _ticked(self, event: Ticks.Ticked) -> None:
        event.stop()
        if event.ticks is self.ways:
            self._exact = event.word == _EXACT
            needed = tuple(words_in(self._values.get("includes") or self._values.get("equals")))
            self._put(needed[:1] if self._exact else needed)
            self.ways.show((event.word,))
            self.options.one = self._exact
            self.options.refresh()
            return
        needed = tuple(words_in(self._values.get(self._key)))
        if self._exact:
            self._put((event.word,) if event.on else ())
        elif event.on:
            self._put((*needed, event.word))
        else:
            self._put(tuple(value for value in needed if label_key(value) != label_key(event.word)))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._put(self._typed_value(), self.place)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()

    def _put(self, needed: tuple[str, ...], about: str = "") -> None:
        value: Value | None = (needed[0] if self._exact else needed) if needed else None
        other = "includes" if self._exact else "equals"
        values = {self.at(other): None, self.at(self._key): value}
        self.post_message(self.Edited(self, values, about))


def _as_offered(value: str, labels: tuple[str, ...]) -> str:
    """The option that a value means, spelt as it is offered."""
    return next((label for label in labels if label_key(label) == label_key(value)), value)


def asked(
    question: Question | None, before: Question | None, values: Mapping[str, Any], table: str
) -> dict[str, Value | None]:
    """What goes with naming this question: answers that it cannot have go; a yes-no question needs Yes.

    ``before`` is the question that the requirement named so far, ``values`` its other keys.
    """
    labels = {label_key(label) for label in option_labels(question)} if question else set()
    if question is None or (not labels and before is not None and option_labels(before)):
        return {f"{table}.includes": None, f"{table}.equals": None}
    changes: dict[str, Value | None] = {}
    if labels:
        includes, equals = words_in(values.get("includes")), values.get("equals")
        kept = tuple(value for value in includes if label_key(value) in labels)
        if kept != tuple(includes):
            changes[f"{table}.includes"] = kept or None
        if isinstance(equals, str) and label_key(equals) not in labels:
            changes[f"{table}.equals"] = equals = None
        if question.kind == "yes-no" and not kept and equals is None:
            changes[f"{table}.equals"] = "Yes"
    return changes
