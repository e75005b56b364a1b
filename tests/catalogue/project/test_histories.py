"""Random histories of a purchase: whatever is tried in whatever order, what happened was allowed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from catalogue.audit import chain_fault, replayed
from catalogue.errors import UsageError
from catalogue.project import Criterion, Filter, Result, actions, profile_text, requirements_of
from tests.purchase import PROFILE, START, Purchase

#: Mostly what an officer would give, so that histories come far; now and then what nobody should get in.
IDS = st.sampled_from(["1", "1", "2", "2", "3", "4", "99", "", "'; DROP TABLE entry; --"])
TEXTS = st.one_of(
    st.sampled_from(["No API", "Seen in the demonstration", "", " ", "Ranked low", "=1+1", "\x1b[31m"]),
    st.text(max_size=12),
)
KEYS = st.sampled_from(["R1", "r2", "R3", "R9", ""])
ACTORS = st.sampled_from(["Ines Tolland", "Ines Tolland", "", None])
AMOUNTS = st.one_of(
    st.sampled_from([Decimal(text) for text in ("3", "4", "5", "0.01", "5.1", "-1", "NaN", "0")]),
    st.decimals(allow_nan=True, allow_infinity=True),
)
DAYS = st.integers(-3, 3).map(lambda days: START.date() + timedelta(days=days))
RESULTS = st.lists(IDS, min_size=0, max_size=3).map(
    lambda ids: tuple(Result(id, f"digest {id}") for id in ids)
)
ONE = st.sampled_from("1234").map(lambda id: (Result(id, f"digest {id}"),))
SERVICES = st.one_of(ONE, RESULTS)
WEIGHTS = st.sampled_from([("60", "40"), ("100",), ("50", "49"), ("0", "100"), ()])
FRAMEWORKS = st.sampled_from(["g-cloud-15", "g-cloud-15", "g-cloud-14", "another"])


class Histories(RuleBasedStateMachine):
    """Tries actions, legal and illegal alike; what the trail then says is judged by rules of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.purchase = Purchase()

    @initialize(stage=st.sampled_from(["", "begun", "frozen", "searched", "shortlisted", "scored", "locked"]))
    def come_so_far(self, stage: str) -> None:
        """Begin anywhere: random steps alone seldom come to an outcome."""
        if stage:
            getattr(self.purchase, stage)()

    def tried(self, action: actions.Action, actor: str | None = "Ines Tolland") -> None:
        """Take an action; where it is refused, nothing at all has changed."""
        before, count = self.purchase.project, len(self.purchase.entries)
        try:
            self.purchase.do(action, actor)
        except UsageError:
            assert (self.purchase.project, len(self.purchase.entries)) == (before, count)

    @rule(what=st.integers(0, 7), id=IDS, text=TEXTS, actor=ACTORS)
    def begin_again(self, what: int, id: str, text: str, actor: str | None) -> None:
        """What belongs to the beginning, at any time."""
        project = self.purchase.project
        profile = profile_text(PROFILE.replace("60000", "70000"), "x")
        rows = requirements_of(project) if project is not None and project.deleted is None else ()
        begins: list[actions.Action] = [
            actions.Begin(name=text),
            actions.Begin(name="Council tax"),
            actions.TakeProfile(profile=profile),
            actions.Require(text=text),
            actions.Withdraw(text=text),
            actions.Freeze(requirements=rows),
            actions.MarkService(service=Result(id, f"digest {id}"), note=text),
            actions.Unmark(service_id=id),
        ]
        self.tried(begins[what], actor)

    @rule(
        found=RESULTS,
        framework=FRAMEWORKS,
        how=st.sampled_from(["first", "instead", "beside"]),
        because=TEXTS,
    )
    def search(self, found: tuple[Result, ...], framework: str, how: Any, because: str) -> None:
        fields: dict[str, Any] = {"words": "tax", "framework": framework, "lot": "saas", "catalogue": "c"}
        self.tried(actions.Search(found=len(found), results=found, how=how, because=because, **fields))

    @rule(before=st.integers(0, 3), after=st.integers(0, 3), key=KEYS)
    def narrowed_search(self, before: int, after: int, key: str) -> None:
        narrowed = (Filter("answer", "API=Yes", key, before, after),)
        found = tuple(Result(str(number), f"digest {number}") for number in range(after))
        fields: dict[str, Any] = {"words": "", "framework": "g-cloud-15", "lot": "saas", "catalogue": "c"}
        self.tried(actions.Search(found=before, filters=narrowed, results=found, **fields))

    @rule(services=SERVICES, because=TEXTS, actor=ACTORS)
    def shortlist(self, services: tuple[Result, ...], because: str, actor: str | None) -> None:
        self.tried(actions.Shortlist(services=services, because=because), actor)

    @rule(services=SERVICES, key=KEYS, because=TEXTS)
    def reject(self, services: tuple[Result, ...], key: str, because: str) -> None:
        self.tried(actions.Reject(services=services, requirement=key, because=because))

    @rule(data=st.data())
    def decide_what_is_open(self, data: st.DataObject) -> None:
        """Long histories should come as far as the lock."""
        project = self.purchase.project
        if project is None:
            return
        for each in project.of_fate("open"):
            services = (Result(each.service_id, each.digest),)
            if data.draw(st.booleans()):
                self.tried(actions.Shortlist(services=services))
            else:
                self.tried(actions.Reject(services=services, requirement="R1", because="No API"))

    @rule(ids=st.lists(IDS, max_size=2).map(tuple), because=TEXTS)
    def reconsider(self, ids: tuple[str, ...], because: str) -> None:
        self.tried(actions.Reconsider(services=ids, because=because))

    @rule(
        weights=WEIGHTS, method=st.sampled_from(["best-value", "best-value", "lowest-price"]), because=TEXTS
    )
    def fix_criteria(self, weights: tuple[str, ...], method: Any, because: str) -> None:
        rows = tuple(Criterion(name, Decimal(weight)) for name, weight in zip("AB", weights, strict=False))
        self.tried(actions.SetCriteria(method=method, criteria=rows, because=because))

    @rule(id=IDS, criterion=st.sampled_from(["A", "a", "Fit", "B", "Price"]), value=AMOUNTS, evidence=TEXTS)
    def score(self, id: str, criterion: str, value: Decimal, evidence: str) -> None:
        given: dict[str, Any] = {"service_id": id, "criterion": criterion, "value": value}
        self.tried(actions.GiveScore(scorer="Ines Tolland", evidence=evidence, **given))

    @rule(id=st.sampled_from("12"), criterion=st.sampled_from(["A", "Fit"]))
    def score_with_evidence(self, id: str, criterion: str) -> None:
        """What is allowed as soon as there are criteria, and never before."""
        given: dict[str, Any] = {"service_id": id, "criterion": criterion, "value": Decimal(3)}
        self.tried(actions.GiveScore(scorer="Ines Tolland", evidence="Seen", **given))

    @rule()
    def rank(self) -> None:
        project = self.purchase.project
        profile = project.profile.digest if project is not None and project.profile is not None else ""
        fields = dict.fromkeys(("rules", "tables", "program", "snapshot", "digest"), "x")
        self.tried(actions.Rank(profile=profile, services=1, **fields))

    @rule(ids=st.lists(IDS, max_size=2).map(tuple), text=TEXTS, on=DAYS)
    def ask(self, ids: tuple[str, ...], text: str, on: date) -> None:
        self.tried(actions.Ask(services=ids, text=text, on=on, channel="e-mail"))

    @rule(number=st.integers(0, 3), text=TEXTS, on=DAYS)
    def answer(self, number: int, text: str, on: date) -> None:
        self.tried(actions.Answer(number=number, text=text, on=on, channel="e-mail", effect="none"))

    @rule(actor=ACTORS)
    def lock(self, actor: str | None) -> None:
        self.tried(actions.SetLock(), actor)

    @rule(
        kind=st.sampled_from(["awarded", "awarded", "none-suitable", "cancelled"]),
        winner=st.one_of(st.none(), IDS),
        value=AMOUNTS,
        days=st.tuples(DAYS, DAYS),
        because=TEXTS,
    )
    def conclude(
        self, kind: Any, winner: str | None, value: Decimal, days: tuple[date, date], because: str
    ) -> None:
        award: dict[str, Any] = {"winner": winner, "value": value, "buyer": "Fenmoor"}
        fields = award | {"start": days[0], "end": days[1]} if kind == "awarded" else {}
        self.tried(actions.Conclude(kind=kind, because=because, **fields))

    @rule(winner=st.sampled_from("1234"), value=st.sampled_from(["0.01", "0", "-5", "48000.00"]))
    def award_with_reason(self, winner: str, value: str) -> None:
        """What is allowed once the project is locked, to a shortlisted service, for a penny or more."""
        day = START.date() + timedelta(days=30)
        award: dict[str, Any] = {"winner": winner, "value": Decimal(value), "start": day, "end": day}
        self.tried(actions.Conclude(kind="awarded", because="It is best", buyer="Fenmoor", **award))

    @rule(because=TEXTS, requirements=st.booleans())
    def reopen(self, because: str, requirements: bool) -> None:
        self.tried(actions.Reopen(because=because, requirements=requirements))

    @rule(because=st.sampled_from(["", "Asked to"]), sure=st.integers(0, 9))
    def delete(self, because: str, sure: int) -> None:
        if sure == 0:
            self.tried(actions.Delete(because=because))

    @invariant()
    def the_chain_verifies_and_tells_the_project(self) -> None:
        if self.purchase.entries:
            assert chain_fault(self.purchase.entries) is None
            name = self.purchase.state.name
            assert replayed(self.purchase.entries, name=name) == self.purchase.project

    @invariant()
    def nothing_happened_out_of_order(self) -> None:
        """Read off the trail alone, version by version."""
        fixed = {"search", "shortlist", "reject", "reconsider", "note", "criteria", "score", "lock"}
        frozen = searched = criteria = seen = locked = closed = deleted = False
        for number, entry in enumerate(self.purchase.entries):
            done, details = entry.action, entry.details
            assert details is not None
            assert (done == "begin") == (number == 0)
            assert not deleted
            assert not closed or done in ("reopen", "delete")
            assert not (locked and done in fixed)
            assert not (frozen and done in ("profile", "require", "withdraw", "freeze"))
            if done == "search":
                assert frozen
                assert not seen
                assert details["framework"] in ("g-cloud-15", "another")
                assert details["because"] or not searched
            if done in ("mark", "unmark"):
                assert not searched
            if done in ("shortlist", "reject", "reconsider", "score", "criteria", "rank", "lock"):
                assert searched
                assert entry.actor
            if done == "reject":
                assert details["because"] not in ("", "Ranked low")
                assert details["requirement"]
            if done == "criteria":
                assert not seen
                assert (
                    details["method"] == "lowest-price"
                    or sum(Decimal(row["weight"]) for row in details["criteria"]) == 100
                )
            if done in ("score", "rank"):
                assert criteria
            if done == "outcome" and details["kind"] == "awarded":
                assert locked
                assert Decimal(details["value"]) >= Decimal("0.01")
                assert details["start"] <= details["end"]
            frozen, searched = frozen or done == "freeze", searched or done == "search"
            criteria, seen = criteria or done == "criteria", seen or done in ("score", "rank")
            locked, closed = locked or done == "lock", closed or done == "outcome"
            deleted = done == "delete"
            if done == "reopen":
                locked = closed = seen = False
                if details["requirements"]:
                    frozen = searched = criteria = False

    @invariant()
    def the_longlist_is_what_the_searches_found_and_fates_are_whole(self) -> None:
        project = self.purchase.project
        if project is None or project.informal:
            return
        found = {each.service_id for search in project.searches for each in search.results}
        assert {each.service_id for each in project.longlist} == found
        keys = {row.key for row in project.frozen.requirements} if project.frozen else set()
        for each in project.longlist:
            assert (each.fate == "rejected") == (each.requirement is not None)
            assert each.requirement is None or each.requirement in keys
        if project.locked is not None:
            assert not project.of_fate("open")
        award = project.outcome.award if project.outcome else None
        if award is not None:
            assert award.winner in {each.service_id for each in project.of_fate("shortlisted")}


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=250, stateful_step_count=25, deadline=None)
