"""A purchase for tests: the pure state machine with its trail, driven one action at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from catalogue.audit import Entry, next_entry
from catalogue.project import By, Criterion, Project, Result, actions, profile_text, requirements_of

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OFFICER = "Ines Tolland"
PROFILE = """
goal = "Council tax online"
[organisation]
name = "Fenmoor District Council"
budget_per_year = 60000
[[requirement]]
text = "The service has an API"
priority = "must"
barrier = "legacy"
question = "API"
equals = "Yes"
[[requirement]]
text = "Residents pay council tax online"
priority = "want"
barrier = "customers"
"""
CRITERIA = (Criterion("Fit", Decimal(60)), Criterion("Cost", Decimal(40)))


class Purchase:
    """A project that begins at `START`; each action is a minute later than the one before."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.project: Project | None = None
        self.now = START

    def do(self, action: actions.Action, actor: str | None = OFFICER) -> Project:
        """Take an action; raises as the machine does, and then nothing has changed."""
        by = By(self.now, actor)
        after, entry = next_entry(self.entries, self.project, action, by, salt=f"salt {len(self.entries)}")
        self.now += timedelta(minutes=1)
        self.entries.append(entry)
        self.project = after
        return after

    @property
    def state(self) -> Project:
        """The project, which must have begun."""
        assert self.project is not None
        return self.project

    def begun(self) -> Purchase:
        """With a profile, and nothing frozen."""
        self.do(actions.Begin(name="Council tax"))
        self.do(actions.TakeProfile(profile=profile_text(PROFILE, "fenmoor.toml")))
        return self

    def frozen(self) -> Purchase:
        """With frozen requirements: R1 must have an API, R2 want, R3 the budget, R4 offered."""
        self.begun()
        self.do(actions.Freeze(requirements=requirements_of(self.state), budget=Decimal(60000)))
        return self

    def searched(self, count: int = 4) -> Purchase:
        """With a longlist of services ``1`` and so on, all open."""
        self.frozen()
        self.do(search(*results(count)))
        return self

    def shortlisted(self) -> Purchase:
        """With 1 and 2 on the shortlist, 3 and 4 rejected."""
        self.searched()
        self.do(actions.Shortlist(services=results(2), because="They do it"))
        self.do(actions.Reject(services=results(4)[2:], requirement="R1", because="The listing says: no API"))
        return self

    def scored(self) -> Purchase:
        """With criteria and all scores: 1 comes to 80, 2 to 60."""
        self.shortlisted()
        self.do(actions.SetCriteria(method="best-value", criteria=CRITERIA))
        for service, value in (("1", 4), ("2", 3)):
            for criterion in CRITERIA:
                self.do(score(service, criterion.name, Decimal(value)))
        return self

    def locked(self) -> Purchase:
        """Scored and locked."""
        self.scored()
        self.do(actions.SetLock(format="csv"))
        return self


def results(count: int) -> tuple[Result, ...]:
    """Services ``1`` and so on with their digests."""
    return tuple(Result(str(number), f"digest {number}") for number in range(1, count + 1))


def search(*found: Result, framework: str = "g-cloud-15", **changes: object) -> actions.Search:
    """A search without filters that finds these."""
    fields: dict[str, object] = {
        "words": "council tax",
        "framework": framework,
        "lot": "saas",
        "found": len(found),
        "catalogue": "sha256:catalogue",
        "results": found,
    }
    return actions.Search(**(fields | changes))  # type: ignore[arg-type]


def score(service: str, criterion: str, value: Decimal, **changes: str) -> actions.GiveScore:
    """A score by the officer."""
    return actions.GiveScore(
        service_id=service,
        criterion=criterion,
        value=value,
        scorer=changes.get("scorer", OFFICER),
        evidence=changes.get("evidence", "Seen in the demonstration"),
        note=changes.get("note", ""),
    )


def award(winner: str = "1", **changes: object) -> actions.Conclude:
    """An award of a year to a service."""
    fields: dict[str, object] = {
        "kind": "awarded",
        "winner": winner,
        "start": date(2027, 1, 1),
        "end": date(2027, 12, 31),
        "value": Decimal("48000.00"),
        "buyer": "Fenmoor District Council",
    }
    return actions.Conclude(**(fields | changes))  # type: ignore[arg-type]
