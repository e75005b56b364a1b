"""The steps of a purchase as its officer is told of them."""

from __future__ import annotations

from decimal import Decimal

from catalogue.project import Project, actions, next_step, progress_of, steps_of
from tests.purchase import CRITERIA, Purchase, award, results, score


def states(project: Project) -> dict[str, str]:
    """The state of each step."""
    return {step.name: step.state for step in steps_of(project)}


def test_a_new_project_begins_with_its_requirements() -> None:
    project = Purchase().begun().state
    assert next_step(project) == "requirements"
    assert set(states(project).values()) == {"now", "to come"}


def test_frozen_requirements_lead_to_the_search() -> None:
    assert next_step(Purchase().frozen().state) == "search"


def test_services_without_a_fate_are_counted() -> None:
    purchase = Purchase().searched(4)
    purchase.do(actions.Shortlist(services=results(1)))
    assert next_step(purchase.state) == "longlist"
    assert progress_of(purchase.state) == "3 of 4 still to decide"


def test_weights_come_once_every_service_has_its_fate() -> None:
    project = Purchase().shortlisted().state
    assert states(project)["shortlist"] == "done"
    assert next_step(project) == "weights"


def test_missing_scores_are_counted() -> None:
    purchase = Purchase().shortlisted()
    purchase.do(actions.SetCriteria(method="best-value", criteria=CRITERIA))
    purchase.do(score("1", "Fit", Decimal(4)))
    assert next_step(purchase.state) == "scores"
    assert progress_of(purchase.state) == "3 of 4 scores still to give"


def test_a_lock_leads_to_the_outcome_and_the_outcome_ends_it() -> None:
    purchase = Purchase().locked()
    assert next_step(purchase.state) == "outcome"
    purchase.do(award())
    assert next_step(purchase.state) is None
    assert set(states(purchase.state).values()) == {"done"}


def test_where_nothing_is_shortlisted_there_is_nothing_to_score() -> None:
    purchase = Purchase().searched(2)
    purchase.do(actions.Reject(services=results(2), requirement="R1", because="The listing says: no API"))
    assert next_step(purchase.state) == "lock"
    assert states(purchase.state)["scores"] == "left out"


def test_what_a_lock_did_without_is_not_asked_for_again() -> None:
    purchase = Purchase().shortlisted()
    purchase.do(actions.SetLock(format="csv"))
    assert states(purchase.state)["weights"] == "left out"
    assert next_step(purchase.state) == "outcome"


def test_a_purchase_can_be_cancelled_at_any_step() -> None:
    purchase = Purchase().frozen()
    purchase.do(actions.Conclude(kind="cancelled", because="The budget was cut"))
    assert next_step(purchase.state) is None
    assert states(purchase.state)["search"] == "left out"


def test_a_new_version_keeps_what_was_scored_and_is_locked_anew() -> None:
    purchase = Purchase().locked()
    purchase.do(actions.Reopen(because="A price was wrong"))
    assert next_step(purchase.state) == "lock"
