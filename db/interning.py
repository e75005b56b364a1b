"""Texts and labels that repeat, stored once: gives the key of each, adding what is new."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from catalogue.questions import Question
from catalogue.records import FrameworkRef, LotRef, SupplierRef
from db.catalogue import Catalogue
from db.derived import Derivation

#: Characters of text whose keys are remembered; beyond this the memory starts afresh.
_REMEMBERED = 64_000_000


class Interning:
    """The keys of frameworks, lots, suppliers, categories, headings, questions and values.

    What is remembered here may have been added in a transaction that failed: then make a new one.
    """

    def __init__(self, catalogue: Catalogue, derivation: Derivation) -> None:
        self._connection = catalogue.db.conn
        self._derivation = derivation
        self._names: dict[tuple[object, ...], int] = {}
        self._categories: dict[tuple[str, ...], int] = {}
        self._values: dict[str, int] = {}
        self._questions: dict[tuple[str, str, str, str], int] = {}
        self._remembered = 0
        self._all_values_known = self._next_value() == 1
        self._value = self._next_value()
        self._added_values: list[tuple[int, int, str]] = []
        self._new_texts: list[str] = []
        #: Canonical question by key of table question; ``None`` for one that the crosswalk does not know.
        self.canonical: dict[int, Question | None] = {}
        self._choices: dict[tuple[int, int], str | None] = {}

    def framework(self, ref: FrameworkRef) -> int:
        """Key of a framework as a page names it."""
        return self._named("framework", "slug", ref.slug, ref.name)

    def lot(self, ref: LotRef) -> int:
        """Key of a lot as a page names it."""
        return self._named("lot", "slug", ref.slug, ref.name)

    def supplier(self, ref: SupplierRef) -> int:
        """Key of a supplier as a page names it."""
        return self._named("supplier", "id", ref.id, ref.name)

    def _named(self, table: str, column: str, identity: str | None, name: str | None) -> int:
        known = self._names.get((table, identity, name))
        if known is None:
            row = {"identity": identity, "name": name}
            where = f"SELECT key FROM {table} WHERE {column} IS :identity AND name IS :name"  # noqa: S608  our own names
            add = f"INSERT INTO {table} VALUES (NULL, :identity, :name)"  # noqa: S608  our own names
            known = self._found_or_added(where, add, row)
            self._names[table, identity, name] = known
            if name and table == "supplier":
                self._new_texts.append(name)
        return known

    def heading(self, name: str) -> int:
        """Key of a section's heading."""
        known = self._names.get(("heading", name))
        if known is None:
            where, add = (
                "SELECT key FROM heading WHERE name = :name",
                "INSERT INTO heading VALUES (NULL, :name)",
            )
            known = self._names["heading", name] = self._found_or_added(where, add, {"name": name})
        return known

    def category(self, path: tuple[str, ...]) -> int | None:
        """Key of the last category of a path from the root; ``None`` for the empty path."""
        if not path:
            return None
        known = self._categories.get(path)
        if known is None:
            row = {"parent": self.category(path[:-1]), "name": path[-1], "path": " > ".join(path)}
            known = self._categories[path] = self._found_or_added(
                "SELECT key FROM category WHERE parent IS :parent AND name = :name",
                "INSERT INTO category VALUES (NULL, :parent, :name, :path)",
                row,
            )
            self._new_texts.append(path[-1])
        return known

    def question(self, framework: str, lot: str, section: str, label: str) -> int:
        """Key of a question as one lot of one framework asks it, canonical question derived."""
        identity = (framework, lot, section, label)
        known = self._questions.get(identity)
        if known is None:
            question = self._derivation.question(framework, lot, label)
            row: dict[str, object] = {
                "framework": framework,
                "lot": lot,
                "heading": self.heading(section),
                "label": label,
                "canonical": question.id if question else None,
            }
            known = self._questions[identity] = self._found_or_added(
                "SELECT key FROM question"
                " WHERE framework = :framework AND lot = :lot AND heading = :heading AND label = :label",
                "INSERT INTO question VALUES (NULL, :framework, :lot, :heading, :label, :canonical)",
                row,
            )
            self.canonical[known] = question
        return known

    def value(self, text: str) -> int:
        """Key of a text; `add_values` writes the new ones."""
        known = self._values.get(text)
        if known is None:
            raw = text.encode()
            code = int.from_bytes(blake2b(raw, digest_size=8).digest(), "big", signed=True)
            if self._remembered > _REMEMBERED:
                self.add_values()
                self._values.clear()
                self._remembered, self._all_values_known = 0, False
            if not self._all_values_known:
                known = self._stored_value(code, text)
            if known is None:
                known, self._value = self._value, self._value + 1
                self._added_values.append((known, code, text))
            self._values[text] = known
            self._remembered += len(raw)
        return known

    def choice(self, question_key: int, value_key: int, text: str, framework: str) -> str | None:
        """The option that a value of a question is, derived once per pair; ``None`` where it is none."""
        pair = (question_key, value_key)
        if pair not in self._choices:
            question = self.canonical[question_key]
            assert question is not None
            option = self._derivation.option(question, text, framework)
            if option is not None:
                self.add_values()
                self._new_texts.append(text)
                self._connection.execute("INSERT OR IGNORE INTO choice VALUES (?, ?, ?)", (*pair, option))
            if len(self._choices) > 1_000_000:
                self._choices.clear()
            self._choices[pair] = option
        return self._choices[pair]

    def add_values(self) -> None:
        """Write the texts that are new since the last call."""
        self._connection.executemany("INSERT INTO value VALUES (?, ?, ?)", self._added_values)
        self._added_values.clear()

    def take_new_texts(self) -> list[str]:
        """Names of suppliers and categories, and options, that were not met before the last call."""
        new, self._new_texts = self._new_texts, []
        return new

    def _stored_value(self, code: int, text: str) -> int | None:
        found = self._connection.execute(
            "SELECT key FROM value WHERE hash = ? AND text = ?", (code, text)
        ).fetchone()
        return int(found[0]) if found else None

    def _next_value(self) -> int:
        return int(self._connection.execute("SELECT coalesce(max(key), 0) + 1 FROM value").fetchone()[0])

    def _found_or_added(self, where: str, add: str, row: dict[str, Any]) -> int:
        found = self._connection.execute(where, row).fetchone()
        if found:
            return int(found[0])
        added = self._connection.execute(add, row).lastrowid
        assert added is not None
        return added
