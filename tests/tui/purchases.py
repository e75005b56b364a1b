"""A purchase in a small catalogue, taken as far as a test of the interface needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from catalogue.project import Criterion, Project, actions
from catalogue.records import Answer, Section
from db.catalogue import open_catalogue
from db.projects import ProjectStore
from db.purchase import freeze_requirements, save_search
from tests.interface import NOON, service

OFFICER = "Ines Tolland"
NAME = "council-tax"


def _api(answer: str) -> tuple[Section, ...]:
    return (Section("How users work with your service", (Answer("API", (answer,)),)),)


#: Three services that a search for "online forms" finds; the second one has no API.
FORMS = (
    service("201", "Tidewater Forms", description="Online forms for councils.", sections=_api("Yes")),
    service("202", "Sandbar Forms", "Sandbar plc", description="Online forms for all.", sections=_api("No")),
    service("203", "Groyne Forms", "Groyne Ltd", description="Online forms, hosted.", sections=_api("Yes")),
)
CRITERIA = (Criterion("Fit", Decimal(60)), Criterion("Cost", Decimal(40)))


@contextmanager
def projects(db: Path, actor: str | None = OFFICER) -> Iterator[ProjectStore]:
    """The projects of a catalogue, as somebody with a name works on them."""
    with open_catalogue(db) as catalogue:
        yield ProjectStore(catalogue, actor=actor, clock=lambda: NOON)


def frozen(db: Path, profile: Path) -> None:
    """A project with frozen requirements: R1 must have an API."""
    with projects(db) as store:
        store.create(NAME, profile)
        freeze_requirements(store, NAME, budget=Decimal(20000), approval="Head of finance")


def searched(db: Path, profile: Path) -> None:
    """With a longlist of the three services, all undecided."""
    frozen(db, profile)
    with projects(db) as store:
        save_search(store, NAME, "online forms", framework="g-cloud-15", lot="saas")


def decided(db: Path, profile: Path) -> None:
    """With the first and the third on the shortlist, the second rejected."""
    searched(db, profile)
    with projects(db) as store:
        kept = store.results(["201", "203"], NAME)
        store.act(NAME, actions.Shortlist(services=kept, because="They have an API"))
        gone = store.results(["202"], NAME)
        store.act(NAME, actions.Reject(services=gone, requirement="R1", because="The listing says: no API"))


def scored(db: Path, profile: Path) -> None:
    """With criteria and all scores: the first comes to 80, the third to 60."""
    decided(db, profile)
    with projects(db) as store:
        store.act(NAME, actions.SetCriteria(method="best-value", criteria=CRITERIA))
        for id, value in (("201", 4), ("203", 3)):
            for criterion in CRITERIA:
                store.act(
                    NAME,
                    actions.GiveScore(
                        service_id=id,
                        criterion=criterion.name,
                        value=Decimal(value),
                        scorer=OFFICER,
                        evidence="Seen in the demonstration",
                    ),
                )


def locked(db: Path, profile: Path) -> None:
    """Scored and locked."""
    scored(db, profile)
    with projects(db) as store:
        store.act(NAME, actions.SetLock(format="csv"))


def kept(db: Path, name: str = NAME) -> Project:
    """The project as it is in the file."""
    with open_catalogue(db, read_only=True) as catalogue:
        return ProjectStore(catalogue).get(name)


Stage = Callable[[Path, Path], None]
