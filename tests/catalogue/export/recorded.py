"""A purchase on the record for tests of exports: every field of it can be filled with one text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from catalogue.export.board import Board, board_of
from catalogue.export.purchase import prepare_purchase
from catalogue.export.values import ExportTable
from catalogue.match import MatchResult
from catalogue.project import Criterion, Filter, Result, actions, profile_text, requirements_of
from catalogue.records import (
    Answer,
    Document,
    FrameworkRef,
    LotRef,
    Section,
    ServiceRecord,
    SupplierRef,
    record_digest,
    strip_controls,
)
from catalogue.replay import match_longlist, rank_action
from tests.purchase import OFFICER, PROFILE, START, Purchase, award, score, search

TODAY = START.date()


@dataclass
class Recorded:
    """A purchase with the records that it was judged by, of which ``text`` is in every field."""

    purchase: Purchase
    records: Mapping[str, ServiceRecord]
    text: str = ""

    @property
    def result(self) -> MatchResult | None:
        """The match of the longlist, once it may be shown."""
        project = self.purchase.state
        return match_longlist(project, self.records) if project.criteria is not None else None

    def table(self) -> ExportTable:
        """The prepared table."""
        return self._prepared()[0]

    def board(self) -> Board:
        """The table with what a board is told."""
        return board_of(*self._prepared())

    def _prepared(self) -> tuple[ExportTable, MatchResult | None]:
        project, result = self.purchase.state, self.result
        changed = project.locked.changed if project.locked else ()
        return (
            prepare_purchase(project, self.purchase.entries, self.records, result, changed=changed),
            result,
        )

    def results(self, *ids: int) -> tuple[Result, ...]:
        """These services with the digests of their records."""
        digests = {record.id: digest for digest, record in self.records.items()}
        return tuple(Result(str(id), digests[str(id)]) for id in ids)

    def searched(self, *, requirements: int = 1) -> Recorded:
        """Begun, frozen and searched, nothing decided; R3 and on are typed."""
        text, do = _before(self.text), self.purchase.do
        do(actions.Begin(name="Council tax 2027"))
        goal = self.text.replace("\\", "").replace('"', "").replace("\n", " ").replace("\r", " ")
        profile = PROFILE.replace("Council tax online", f"Council tax online {strip_controls(goal)}")
        do(actions.TakeProfile(profile=profile_text(profile, "fenmoor.toml")))
        for number in range(requirements):
            do(actions.Require(text=f"{text}answers the telephone {number}"))
        frozen = requirements_of(self.purchase.state, Decimal(60000))
        do(actions.Freeze(requirements=frozen, budget=Decimal(60000), approval=f"{text}approval"))
        count = len(self.records)
        do(
            search(
                *self.results(*range(1, count + 1)),
                words=f"{text}council tax",
                found=count + 3,
                filters=(Filter("answer", f"{text}API=Yes", "R1", count + 3, count),),
            )
        )
        return self

    def decided(self, *, shortlisted: int = 2, keys: int = 2) -> Recorded:
        """The first are shortlisted, the others rejected for R1, R2 and so on in turn."""
        text, do = _before(self.text), self.purchase.do
        do(actions.Shortlist(services=self.results(*range(1, shortlisted + 1)), because=f"{text}has it"))
        for id in range(shortlisted + 1, len(self.records) + 1):
            because, key = f"{text}lacks it {id}", f"R{1 + id % keys}"
            do(actions.Reject(services=self.results(id), requirement=key, because=because))
        do(actions.Note(service_id="1", note=f"{text}note"))
        do(actions.Ask(services=("1", "2"), text=f"{text}what?", on=TODAY, channel=f"{text}e-mail"))
        do(
            actions.Answer(
                number=1, text=f"{text}that", on=TODAY, channel=f"{text}letter", effect=f"{text}dearer"
            )
        )
        return self

    def scored(self) -> Recorded:
        """2 comes to 84 and 1 to 76; where cost counts for 50 instead of 40, 1 would be first."""
        text, do = _before(self.text), self.purchase.do
        criteria = (Criterion(f"{text}Fit", Decimal(60)), Criterion(f"{text}Cost", Decimal(40)))
        do(actions.SetCriteria(method="best-value", criteria=criteria))
        others = [(each.service_id, (1, 1)) for each in self.purchase.state.of_fate("shortlisted")[2:]]
        for service, values in (("1", (3, 5)), ("2", (5, 3)), *others):
            for criterion, value in zip(criteria, values, strict=True):
                given = {"evidence": f"{text}seen", "scorer": f"{text}{OFFICER}", "note": f"{text}n"}
                do(score(service, criterion.name, Decimal(value), **given))
        result = self.result
        assert result is not None
        do(rank_action(self.purchase.state, result))
        return self

    def locked(self) -> Recorded:
        """Scored and locked."""
        self.purchase.do(actions.SetLock(format="html"))
        return self

    def awarded(self) -> Recorded:
        """Won by 2."""
        self.purchase.do(award("2", buyer=f"{_before(self.text)}Fenmoor", because=f"{_before(self.text)}why"))
        return self


def _before(text: str) -> str:
    """The text in front of others."""
    return f"{text} " if text else ""


def record(number: int, text: str = "", **fields: object) -> ServiceRecord:
    """A service about council tax; the fourth and every second after it has no API."""
    before = _before(text)
    made = {
        "id": str(number),
        "url": f"https://marketplace.example/services/{number}",
        "framework": FrameworkRef("g-cloud-15", f"{before}G-Cloud 15"),
        "lot": LotRef("saas", f"{before}Software as a Service"),
        "supplier": SupplierRef(name=f"{before}Tidewater Ltd"),
        "name": f"{before}Council tax online {number}",
        "description": f"{before}Residents pay council tax online.",
        "features": (f"Residents pay council tax online {text}".strip(), f"{before}by direct debit"),
        "price": "£12,000 a year" if number == 1 else f"{before}£12 a user",
        "documents": (Document(f"{before}Pricing", "https://marketplace.example/pricing.pdf"),),
        "sections": (
            Section(
                "How users work with your service",
                (Answer("API", ("No" if number > 3 and not number % 2 else "Yes",)),),
            ),
        ),
    }
    return ServiceRecord(**{**made, **fields})  # type: ignore[arg-type]


def recorded(text: str = "", count: int = 5) -> Recorded:
    """A purchase that has not begun, with so many services to find."""
    records = [strip_controls(record(number, text)) for number in range(1, count + 1)]
    return Recorded(Purchase(), {record_digest(each): each for each in records}, text)


@lru_cache(maxsize=64)
def awarded_board(text: str = "") -> Board:
    """A whole purchase to its award, with a text in every field, as a board is told it."""
    return recorded(text).searched().decided().scored().locked().awarded().board()
