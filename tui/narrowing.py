"""How the catalogue is narrowed and ordered in one sitting: the filters that are set, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalogue.bands import STEP
from catalogue.model import SORTS, SearchQuery
from catalogue.questions import load_crosswalk
from db.search import FILTERS

#: What each order is called.
ORDERS = {
    "relevance": "best first",
    "name": "by name",
    "supplier": "by supplier",
    "price": "lowest price first, whatever it is for",
    "newest": "newest in the catalogue first",
}


class Narrowing:
    """``chosen`` maps each group to the values set and their names, in the order they were set.

    A group is one of the filters of `db.search` or the id of a question; ``questions`` has the labels of the
    questions that were opened.
    """

    def __init__(self) -> None:
        self.chosen: dict[str, dict[str, str]] = {group: {} for group in FILTERS}
        self.questions: dict[str, str] = {}
        self.sort = SORTS[0]

    def resume(self, filters: Mapping[str, Mapping[str, str]], sort: str) -> None:
        """Take up what was set in an earlier sitting, as far as it is still known."""
        for group, values in filters.items():
            if group in FILTERS:
                self.chosen[group].update(values)
            elif group in load_crosswalk().questions:
                self.open_question(group)
                self.chosen[group].update(values)
        self.sort = sort if sort in SORTS else SORTS[0]

    @property
    def any_set(self) -> bool:
        """Whether there is a filter at all."""
        return any(self.chosen.values())

    def open_question(self, question: str) -> None:
        """Make a question a group of filters."""
        self.questions[question] = load_crosswalk().questions[question].label
        self.chosen.setdefault(question, {})

    def toggle(self, group: str, value: str, name: str) -> None:
        """Set a value, or remove it. A value takes the place of those above and below it on its path."""
        values = self.chosen[group]
        if value in values:
            del values[value]
            return
        for other in list(values):
            if other.startswith(value + STEP) or value.startswith(other + STEP):
                del values[other]
        values[value] = name

    def clear(self) -> None:
        """Remove every filter; questions stay open."""
        for values in self.chosen.values():
            values.clear()

    def every(self) -> Iterator[tuple[str, str, str]]:
        """Each filter that is set: group, value, name."""
        return (
            (group, value, name) for group, values in self.chosen.items() for value, name in values.items()
        )

    def query(self, text: str) -> SearchQuery:
        """What is asked of the catalogue."""
        chosen = {group: tuple(values) for group, values in self.chosen.items()}
        return SearchQuery(
            text=text,
            lots=chosen["lots"],
            frameworks=chosen["frameworks"],
            categories=chosen["categories"],
            suppliers=chosen["suppliers"],
            prices=chosen["prices"],
            options=tuple((group, chosen[group]) for group in self.questions if chosen[group]),
            sort=self.sort,
        )


def chip_label(group: str, value: str, name: str, titles: Mapping[str, str]) -> str:
    """What a filter is called where it stands by itself."""
    said = ", ".join(value.split(STEP)) if group == "prices" else name
    return f"{titles.get(group, group)}: {said}"
