"""What is read out of the stored texts: canonical questions and options, and prices as amounts.

The crosswalk is asked once per distinct question and per distinct value, not once per listing, so that
deriving everything again after the tables of questions changed takes a moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from importlib import resources

from catalogue import __version__
from catalogue.model import Issue
from catalogue.price import PriceError, parse_price
from catalogue.questions import Crosswalk, Question, label_key, load_crosswalk
from db.catalogue import Catalogue
from db.hearing import say

#: Tables of the domain that derived data depends on.
_TABLES = ("questions.toml", "frameworks.toml")
_VERSION_KEY = "derived"
#: The words of services take longer to note, and so they have a version of their own.
_WORDS_KEY, _WORDS_NOTED = "service words", "6"
_WORDS_TABLES = (*_TABLES, "barriers.toml")

#: Noting the words of so many services takes seconds.
_MANY = 2000

PriceRow = tuple[str, str | None, str, str | None, str | None]


class Derivation:
    """The crosswalk and the price parser, with a count of what they could not read.

    ``issues`` keeps one example of each kind and subject, ``times`` how often each was met.
    """

    def __init__(self, crosswalk: Crosswalk | None = None) -> None:
        self.crosswalk = crosswalk or load_crosswalk()
        self.issues: dict[tuple[str, str], Issue] = {}
        self.times: Counter[tuple[str, str]] = Counter()
        self._new: Counter[tuple[str, str]] = Counter()

    def question(self, framework: str, lot: str, label: str) -> Question | None:
        """The canonical question of a label, or ``None``."""
        return self.crosswalk.question_for(framework, lot, label)

    def option(self, question: Question, value: str, framework: str) -> str | None:
        """The id of the option that a value is, or ``None`` where it is none."""
        option = self.crosswalk.option_for(question, value, framework)
        return option.id if option else None

    def price(self, sentence: str | None, place: str) -> PriceRow | None:
        """A price sentence as a row of table ``price``; one that does not parse becomes an issue."""
        if sentence is None:
            return None
        try:
            price = parse_price(sentence)
        except PriceError as error:
            self.meet("unparsed-price", sentence, place, str(error))
            return None
        maximum = None if price.maximum is None else str(price.maximum)
        return (str(price.minimum), maximum, price.currency, price.unit, price.interval)

    def unknown_question(self, framework: str, lot: str, label: str, section: str, place: str) -> None:
        """Count a question that the crosswalk does not know, unless it leaves it out on purpose."""
        if label_key(label) in self.crosswalk.left_out:
            return
        self.meet(
            "unknown-question",
            f"{framework}/{lot}: {section}: {label}",
            place,
            f"the question {label!r} in section {section!r} is not in the table of questions for "
            f"{framework}/{lot}; its answers are kept, shown and searched, but not compared",
        )

    def unknown_option(self, question: Question, value: str, framework: str, lot: str, place: str) -> None:
        """Count a value that is none of its question's options, unless suppliers write their own words."""
        asking = self.crosswalk.asking(question.id, framework, lot)
        if asking is not None and asking.own_words:
            return
        self.meet(
            "unknown-option",
            f"{framework}: {question.id}: {value}",
            place,
            f"{value!r} is no known answer to {question.label!r}; it is kept, shown and searched as text",
        )

    def meet(self, kind: str, subject: str, place: str, message: str) -> None:
        """Count one issue; the first of each subject is kept as the example."""
        key = (kind, subject)
        self.times[key] += 1
        self._new[key] += 1
        if key not in self.issues:
            self.issues[key] = Issue(kind, place, message)

    def take_new(self) -> list[tuple[tuple[str, str], int]]:
        """How often each kind and subject was met since the last call."""
        new = list(self._new.items())
        self._new.clear()
        return new


def derived_version() -> str:
    """Changes whenever derived data may: with the version of the program, and with the tables behind it."""
    return _tables_version(__version__, _TABLES)


def _tables_version(beside: str, tables: Iterable[str]) -> str:
    digest = sha256(beside.encode())
    for name in tables:
        digest.update(resources.files("catalogue").joinpath(name).read_bytes())
    return digest.hexdigest()


def _words_are_stale(catalogue: Catalogue) -> bool:
    """Whether the words of services were noted in another way, or with other options and phrases."""
    return catalogue.note(_WORDS_KEY) != _tables_version(_WORDS_NOTED, _WORDS_TABLES)


def is_stale(catalogue: Catalogue) -> bool:
    """Whether derived data was made by other tables than this version's."""
    return catalogue.note(_VERSION_KEY) != derived_version() or _words_are_stale(catalogue)


def derive_again(catalogue: Catalogue, derivation: Derivation | None = None) -> None:
    """Make all derived data again from the stored texts, in one transaction."""
    work = derivation or Derivation()
    with catalogue.atomic() as db:
        db.conn.execute("DELETE FROM choice")
        for key, framework, lot, label in catalogue.rows("SELECT key, framework, lot, label FROM question"):
            question = work.question(framework, lot, label)
            db.conn.execute(
                "UPDATE question SET canonical = :canonical WHERE key = :key AND canonical IS NOT :canonical",
                {"canonical": question.id if question else None, "key": key},
            )
            if question is not None and question.options:
                _choices(catalogue, work, question, key, framework)
        _prices(catalogue, work)
        if _words_are_stale(catalogue):
            from db.service_words import note_words_again  # noqa: PLC0415  its library takes a tenth of a second

            services: int = catalogue.rows("SELECT count(*) FROM service")[0][0]
            if services >= _MANY:
                say(
                    f"This version of Longlist reads listings in another way: the words of {services:,} "
                    "services are noted anew, once. It takes about a minute for 50,000."
                )
            note_words_again(catalogue)
            catalogue.take_note(_WORDS_KEY, _tables_version(_WORDS_NOTED, _WORDS_TABLES))
        digest = catalogue.note("digest")  # the records are the same
        catalogue.next_generation()
        catalogue.take_note("digest", digest)
        catalogue.take_note(_VERSION_KEY, derived_version())


def _choices(catalogue: Catalogue, work: Derivation, question: Question, key: int, framework: str) -> None:
    values = catalogue.rows(
        "SELECT key, text FROM value WHERE key IN"
        " (SELECT DISTINCT value FROM answer WHERE question = :question AND value IS NOT NULL)",
        {"question": key},
    )
    found = ((key, value, work.option(question, text, framework)) for value, text in values)
    catalogue.db.conn.executemany("INSERT INTO choice VALUES (?, ?, ?)", (row for row in found if row[2]))


def _prices(catalogue: Catalogue, work: Derivation) -> None:
    rows: Iterable[tuple[int, str, str]] = catalogue.rows(
        "SELECT key, id, price FROM service WHERE price IS NOT NULL"
    )
    catalogue.db.conn.execute("DELETE FROM price")
    prices = ((key, work.price(sentence, service)) for key, service, sentence in rows)
    catalogue.db.conn.executemany(
        "INSERT INTO price VALUES (?, ?, ?, ?, ?, ?)", ((key, *price) for key, price in prices if price)
    )
