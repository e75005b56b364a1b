"""Several services side by side, question by question, each under its canonical name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from catalogue.model import AnswerState, Service
from catalogue.questions import Crosswalk
from catalogue.records import ServiceRecord
from catalogue.rules import TOP_FIELDS, Verdict
from catalogue.sentences import line


@dataclass(frozen=True, slots=True)
class Cell:
    """What one service says under a question; ``values`` is ``None`` where it does not, and ``state`` why.

    ``verdicts`` say how each value counts for a profile; there are none where nothing is judged.
    """

    values: tuple[str, ...] | None
    state: AnswerState = AnswerState.ANSWERED
    verdicts: tuple[Verdict, ...] = ()

    @property
    def text(self) -> str:
        """All of it on one line."""
        return self.state.value if self.values is None else "; ".join(map(line, self.values)) or "none"


@dataclass(frozen=True, slots=True)
class Row:
    """One question and the cell of each service, in the order of the services."""

    section: str
    label: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether the services do not all say the same, whatever the order of their values.

        What is judged differs where it counts differently: quotes always do.
        """
        if any(cell.verdicts for cell in self.cells):
            return len({cell.verdicts for cell in self.cells}) > 1
        return len({(frozenset(cell.values or ()), cell.values is None) for cell in self.cells}) > 1


_BLANK = Cell(None, AnswerState.BLANK)


def compare(services: Sequence[Service], crosswalk: Crosswalk) -> tuple[Row, ...]:
    """The rows of a comparison: the head of each record, every canonical question, then unknown labels."""
    return (*_head(services), *_asked(services, crosswalk), *_unknown(services, crosswalk))


def _head(services: Sequence[Service]) -> Iterator[Row]:
    parts: tuple[tuple[str, Callable[[ServiceRecord], Sequence[str] | None]], ...] = (
        ("Supplier", lambda record: [record.supplier.name]),
        ("Framework", lambda record: [record.framework.name or record.framework.slug]),
        ("Lot", lambda record: [record.lot.name or record.lot.slug]),
        (TOP_FIELDS["price"], lambda record: None if record.price is None else [record.price]),
        (
            TOP_FIELDS["description"],
            lambda record: None if record.description is None else [record.description],
        ),
        (TOP_FIELDS["features"], lambda record: record.features),
        (TOP_FIELDS["benefits"], lambda record: record.benefits),
        (
            TOP_FIELDS["categories"],
            lambda record: (
                None if record.categories is None else [" > ".join(path) for path in record.categories]
            ),
        ),
    )
    for label, part in parts:
        found = [part(service.record) for service in services]
        yield Row(
            "About the service", label, tuple(_BLANK if each is None else Cell(tuple(each)) for each in found)
        )


def _asked(services: Sequence[Service], crosswalk: Crosswalk) -> Iterator[Row]:
    answered = {question for service in services for question in service.answers}
    for identity, question in crosswalk.questions.items():
        if identity in answered:
            cells = tuple(_cell(service, identity, crosswalk) for service in services)
            yield Row(question.section, question.label, cells)


def _cell(service: Service, question: str, crosswalk: Crosswalk) -> Cell:
    state = crosswalk.state(service, question)
    if state is not AnswerState.ANSWERED:
        return Cell(None, state)
    values = (value for answer in service.answers[question] for value in answer.values)
    return Cell(tuple(dict.fromkeys(values)))


def _unknown(services: Sequence[Service], crosswalk: Crosswalk) -> Iterator[Row]:
    """Labels that no canonical question has, as the pages show them."""
    found: dict[tuple[str, str], dict[int, list[str]]] = {}
    for number, service in enumerate(services):
        framework, lot = service.record.framework.slug, service.record.lot.slug
        for section in service.record.sections or ():
            for answer in section.answers:
                if crosswalk.question_for(framework, lot, answer.question) is None:
                    said = found.setdefault((section.name, answer.question), {})
                    said.setdefault(number, []).extend(answer.values)
    for (heading, label), said in found.items():
        cells = tuple(
            Cell(tuple(said[number])) if number in said else _BLANK for number in range(len(services))
        )
        yield Row(heading, label, cells)
