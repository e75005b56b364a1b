"""What may follow what in a purchase, and what is refused with which reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from catalogue.errors import UsageError
from catalogue.project import (
    MOST,
    By,
    Criterion,
    Filter,
    Result,
    actions,
    cautions_of,
    kept_until,
    profile_text,
    requirements_of,
    stage_of,
    step,
    totals_of,
)
from catalogue.project.requiring import OFFERED
from tests.purchase import CRITERIA, PROFILE, START, Purchase, award, results, score, search

TODAY = START.date()


@pytest.fixture
def purchase() -> Purchase:
    return Purchase()


class TestRequirements:
    def test_they_are_the_profile_s_the_typed_ones_the_budget_and_that_it_is_offered(
        self, purchase: Purchase
    ) -> None:
        purchase.begun().do(actions.Require(text="Telephone support", priority="must"))
        assert [(row.key, row.text, row.source) for row in requirements_of(purchase.state)] == [
            ("R1", "The service has an API", "profile"),
            ("R2", "Residents pay council tax online", "profile"),
            ("R3", "Telephone support", "officer"),
            ("R4", "Costs no more than £60,000 a year without VAT", "rule"),
            ("R5", OFFERED, "rule"),
        ]

    def test_systems_to_connect_and_to_replace_are_wants(self, purchase: Purchase) -> None:
        purchase.do(actions.Begin(name="a"))
        text = '[organisation]\nname = "X"\n[[legacy]]\nsystem = "Lagan"\nintent = "replace"\n'
        text += '[[legacy]]\nsystem = "Idox Uniform"\n[[legacy]]\nsystem = "Domino"\nintent = "retire"\n'
        purchase.do(actions.TakeProfile(profile=profile_text(text, "x")))
        assert [row.text for row in requirements_of(purchase.state)] == [
            "Replaces Lagan",
            "Connects to Idox Uniform",
            OFFERED,
        ]

    def test_a_typed_one_can_be_taken_out_until_they_are_frozen(self, purchase: Purchase) -> None:
        purchase.begun().do(actions.Require(text="Telephone support"))
        purchase.do(actions.Withdraw(text="Telephone support"))
        assert "Telephone support" not in [row.text for row in requirements_of(purchase.state)]
        with pytest.raises(UsageError, match="was not added"):
            purchase.do(actions.Withdraw(text="The service has an API"))

    @pytest.mark.parametrize(
        "action",
        [
            actions.Require(text="One more"),
            actions.Withdraw(text="One more"),
            actions.TakeProfile(profile=profile_text(PROFILE, "x")),
            actions.Freeze(requirements=()),
        ],
    )
    def test_frozen_ones_do_not_change(self, purchase: Purchase, action: actions.Action) -> None:
        purchase.frozen()
        with pytest.raises(UsageError, match="were frozen on 2026-11-23"):
            purchase.do(action)

    def test_a_profile_whose_text_was_changed_is_refused(self, purchase: Purchase) -> None:
        purchase.do(actions.Begin(name="a"))
        real = profile_text(PROFILE, "x")
        changed = profile_text(PROFILE.replace("60000", "90000"), "x")
        with pytest.raises(UsageError, match="does not fit its digest"):
            purchase.do(actions.TakeProfile(profile=type(real)(real.name, real.digest, changed.text)))

    def test_a_project_without_requirements_of_its_own_is_not_frozen(self, purchase: Purchase) -> None:
        purchase.do(actions.Begin(name="a"))
        with pytest.raises(UsageError, match="no requirements of its own"):
            purchase.do(actions.Freeze(requirements=requirements_of(purchase.state)))


class TestSearch:
    def test_it_comes_after_the_requirements(self, purchase: Purchase) -> None:
        purchase.begun()
        with pytest.raises(UsageError, match="are not frozen yet"):
            purchase.do(search(*results(2)))

    def test_everything_found_is_the_longlist_in_its_order_and_open(self, purchase: Purchase) -> None:
        purchase.frozen().do(search(Result("9", "d9"), Result("1", "d1")))
        assert [(each.service_id, each.fate) for each in purchase.state.longlist] == [
            ("9", "open"),
            ("1", "open"),
        ]

    def test_a_filter_is_tied_to_a_requirement_and_counted(self, purchase: Purchase) -> None:
        purchase.frozen()
        narrowed = (Filter("answer", "API=Yes", "R1", 5, 2),)
        with pytest.raises(UsageError, match="there is no requirement 'R9'"):
            purchase.do(search(*results(2), found=5, filters=(Filter("answer", "API=Yes", "R9", 5, 2),)))
        with pytest.raises(UsageError, match="leaves 2 of 4, expected of 5"):
            purchase.do(search(*results(2), found=5, filters=(Filter("answer", "API=Yes", "R1", 4, 2),)))
        with pytest.raises(UsageError, match="counts 5 services and brings 2"):
            purchase.do(search(*results(2), found=5))
        assert purchase.do(search(*results(2), found=5, filters=narrowed)).searches[0].filters == narrowed

    @pytest.mark.parametrize(
        ("framework", "said"),
        [
            ("g-cloud-14", "closed to buyers since 28 October 2026"),
            ("g-cloud-13", "is not open on 2026-11-23"),
        ],
    )
    def test_a_framework_that_is_over_blocks(self, purchase: Purchase, framework: str, said: str) -> None:
        purchase.frozen()
        with pytest.raises(UsageError, match=said):
            purchase.do(search(*results(2), framework=framework))

    def test_a_framework_that_has_not_begun_blocks(self, purchase: Purchase) -> None:
        purchase.frozen().now = START.replace(year=2025)
        with pytest.raises(UsageError, match="opens on 6 August 2026"):
            purchase.do(search(*results(2)))

    def test_one_that_ends_before_the_lock_or_the_award_blocks_them_too(self, purchase: Purchase) -> None:
        purchase.scored().now = START.replace(year=2031)
        with pytest.raises(UsageError, match="closed to buyers since 5 August 2030"):
            purchase.do(actions.SetLock())
        other = Purchase().locked()
        other.now = START.replace(year=2031)
        with pytest.raises(UsageError, match="closed to buyers since 5 August 2030"):
            other.do(award())
        assert other.do(award(signed=date(2030, 8, 5))).outcome

    def test_results_of_two_searches_are_not_mixed_without_a_reason(self, purchase: Purchase) -> None:
        purchase.searched()
        with pytest.raises(UsageError, match="are not mixed"):
            purchase.do(search(Result("9", "d9")))
        for how in ("instead", "beside"):
            with pytest.raises(UsageError, match="reason for another search is empty"):
                purchase.do(search(Result("9", "d9"), how=how))
        added = purchase.do(
            search(Result("9", "d9"), Result("1", "digest 1"), how="beside", because="A synonym")
        )
        assert [each.service_id for each in added.longlist] == ["1", "2", "3", "4", "9"]
        assert [each.because for each in added.searches] == ["", "A synonym"]
        assert "Results of 2 searches" in " ".join(cautions_of(added, TODAY))

    def test_a_search_in_place_of_another_keeps_the_fates_of_the_same_records(
        self, purchase: Purchase
    ) -> None:
        purchase.shortlisted()
        found = purchase.do(
            search(Result("1", "digest 1"), Result("2", "changed"), how="instead", because="Narrower")
        )
        assert [(each.service_id, each.fate) for each in found.longlist] == [
            ("1", "shortlisted"),
            ("2", "open"),
        ]
        assert len(found.searches) == 1

    def test_no_other_search_once_scores_were_given(self, purchase: Purchase) -> None:
        purchase.scored()
        with pytest.raises(UsageError, match="no other search may change who is judged"):
            purchase.do(search(*results(2), how="instead", because="Narrower"))

    def test_marks_from_before_become_notes_of_open_services(self, purchase: Purchase) -> None:
        purchase.begun()
        for id in ("1", "8"):
            purchase.do(actions.MarkService(service=Result(id, f"digest {id}"), note="nice"))
        purchase.do(actions.Freeze(requirements=requirements_of(purchase.state)))
        found = purchase.do(search(*results(2)))
        assert [(each.service_id, each.fate, each.note) for each in found.longlist] == [
            ("1", "open", "nice"),
            ("2", "open", ""),
        ]
        with pytest.raises(UsageError, match="has a saved search"):
            purchase.do(actions.MarkService(service=Result("8", "digest 8")))

    def test_more_than_thirty_are_cautioned_and_more_than_can_be_judged_refused(
        self, purchase: Purchase
    ) -> None:
        purchase.frozen()
        with pytest.raises(UsageError, match="at most 2,000"):
            purchase.do(search(*results(MOST + 1)))
        found = purchase.do(search(*results(31)))
        assert (
            "31 services on the longlist; the official service exports at most 30"
            in cautions_of(found, TODAY)[1]
        )
        assert not [said for said in cautions_of(Purchase().searched(30).state, TODAY) if "exports" in said]


class TestFates:
    def test_a_rejection_names_a_requirement_and_says_why(self, purchase: Purchase) -> None:
        purchase.searched()
        with pytest.raises(UsageError, match="there is no requirement 'R7'"):
            purchase.do(actions.Reject(services=results(1), requirement="R7", because="No API"))
        for because in ("", "  \x1b "):
            with pytest.raises(UsageError, match="the reason is empty"):
                purchase.do(actions.Reject(services=results(1), requirement="R1", because=because))
        with pytest.raises(UsageError, match="is no reason"):
            purchase.do(actions.Reject(services=results(1), requirement="R1", because="Ranked low"))
        found = purchase.do(actions.Reject(services=results(2), requirement="r1", because="No API"))
        assert [(each.fate, each.requirement, each.because) for each in found.longlist[:2]] == [
            ("rejected", "R1", "No API")
        ] * 2

    def test_only_services_of_the_longlist_have_fates(self, purchase: Purchase) -> None:
        purchase.searched()
        for action in (
            actions.Shortlist(services=(Result("9", "d9"),)),
            actions.Reject(services=(Result("9", "d9"),), requirement="R1", because="No API"),
            actions.Reconsider(services=("9",), because="Mistake"),
            actions.Note(service_id="9", note="x"),
        ):
            with pytest.raises(UsageError, match="'9' is not on the longlist"):
                purchase.do(action)

    def test_a_service_named_twice_is_refused(self, purchase: Purchase) -> None:
        purchase.searched()
        with pytest.raises(UsageError, match="2 times"):
            purchase.do(actions.Shortlist(services=(Result("1", "a"), Result("1", "b"))))

    def test_reconsidering_leaves_a_service_open_and_says_why(self, purchase: Purchase) -> None:
        purchase.shortlisted()
        with pytest.raises(UsageError, match="the reason to reconsider is empty"):
            purchase.do(actions.Reconsider(services=("3",), because=""))
        found = purchase.do(actions.Reconsider(services=("3",), because="The supplier answered"))
        assert (found.longlist[2].fate, found.longlist[2].requirement) == ("open", None)
        with pytest.raises(UsageError, match="'3' is open already"):
            purchase.do(actions.Reconsider(services=("3",), because="Again"))

    def test_a_note_stays_whatever_the_fate(self, purchase: Purchase) -> None:
        purchase.searched().do(actions.Note(service_id="1", note="Seen at the fair"))
        found = purchase.do(actions.Reject(services=results(1), requirement="R1", because="No API"))
        assert found.longlist[0].note == "Seen at the fair"

    def test_a_service_that_changed_since_it_was_judged_is_flagged(self, purchase: Purchase) -> None:
        purchase.shortlisted()
        said = cautions_of(purchase.state, TODAY, ("2",))
        assert said[0].startswith("Changed since judged, or gone from the catalogue: 2.")
        assert not [each for each in cautions_of(purchase.state, TODAY) if "Changed" in each]

    def test_a_rejection_for_a_want_is_cautioned(self, purchase: Purchase) -> None:
        purchase.searched()
        found = purchase.do(actions.Reject(services=results(1), requirement="R2", because="No payment"))
        assert any("a want, not a must (R2)" in said for said in cautions_of(found, TODAY))


class TestScores:
    def test_none_is_taken_or_shown_before_the_criteria(self, purchase: Purchase) -> None:
        purchase.shortlisted()
        for refused in (
            lambda: purchase.do(score("1", "Fit", Decimal(3))),
            lambda: totals_of(purchase.state),
            lambda: purchase.do(ranking(purchase)),
        ):
            with pytest.raises(UsageError, match="has no criteria yet"):
                refused()

    @pytest.mark.parametrize(
        "weights",
        [("50", "49.99"), ("50", "51"), ("100", "0"), ("150", "-50"), ("NaN", "50"), ("33.333", "66.667")],
    )
    def test_weights_sum_to_100(self, purchase: Purchase, weights: tuple[str, str]) -> None:
        purchase.searched()
        criteria = tuple(Criterion(name, Decimal(weight)) for name, weight in zip("AB", weights, strict=True))
        with pytest.raises(UsageError, match=r"weights|weighs"):
            purchase.do(actions.SetCriteria(method="best-value", criteria=criteria))

    def test_criteria_may_be_fixed_anew_until_the_first_score(self, purchase: Purchase) -> None:
        purchase.shortlisted().do(actions.SetCriteria(method="best-value", criteria=CRITERIA))
        other = (Criterion("Fit", Decimal(100)),)
        purchase.do(actions.SetCriteria(method="best-value", criteria=other))
        purchase.do(score("1", "fit", Decimal(3)))
        with pytest.raises(UsageError, match="so that the criteria are fixed"):
            purchase.do(actions.SetCriteria(method="best-value", criteria=CRITERIA))

    def test_criteria_are_fixed_once_the_ranking_was_shown(self, purchase: Purchase) -> None:
        purchase.shortlisted().do(actions.SetCriteria(method="best-value", criteria=CRITERIA))
        purchase.do(ranking(purchase))
        with pytest.raises(UsageError, match="so that the criteria are fixed"):
            purchase.do(actions.SetCriteria(method="best-value", criteria=CRITERIA))

    def test_a_new_version_may_change_them_says_why_and_voids_the_scores(self, purchase: Purchase) -> None:
        purchase.locked().do(actions.Reopen(because="A supplier complained"))
        with pytest.raises(UsageError, match="after scores were seen is empty"):
            purchase.do(actions.SetCriteria(method="best-value", criteria=CRITERIA))
        found = purchase.do(
            actions.SetCriteria(
                method="best-value",
                criteria=(Criterion("Fit", Decimal(100)),),
                because="Cost counted twice",
            )
        )
        assert found.scores == ()
        assert any(
            "changed after scores had been seen: Cost counted twice" in s for s in cautions_of(found, TODAY)
        )

    @pytest.mark.parametrize("value", ["-1", "5.01", "NaN", "Infinity", "sNaN", "1E+999999", "2.555"])
    def test_a_score_is_on_the_scale(self, purchase: Purchase, value: str) -> None:
        purchase.scored()
        with pytest.raises(UsageError, match="expected 0 to 5"):
            purchase.do(score("1", "Fit", Decimal(value)))

    def test_only_what_is_shortlisted_is_scored_on_what_is_fixed_with_evidence(
        self, purchase: Purchase
    ) -> None:
        purchase.scored()
        with pytest.raises(UsageError, match="is not on the shortlist"):
            purchase.do(score("3", "Fit", Decimal(3)))
        with pytest.raises(UsageError, match="there are 'Fit', 'Cost'"):
            purchase.do(score("1", "Looks", Decimal(3)))
        with pytest.raises(UsageError, match="the evidence for the score is empty"):
            purchase.do(score("1", "Fit", Decimal(3), evidence=" "))

    def test_totals_are_weighted_means_and_the_best_is_first(self, purchase: Purchase) -> None:
        purchase.scored().do(score("2", "Cost", Decimal("4.5"), scorer="Rowan Pell"))
        totals = totals_of(purchase.state)
        assert [(each.rank, each.service_id, each.total) for each in totals] == [
            (1, "1", Decimal("80.00")),
            (2, "2", Decimal("66.00")),
        ]
        assert totals[1].parts == (
            ("Fit", Decimal("3.00"), Decimal("36.00")),
            ("Cost", Decimal("3.75"), Decimal("30.00")),
        )

    def test_a_service_with_missing_scores_has_no_total_and_no_rank(self, purchase: Purchase) -> None:
        purchase.shortlisted().do(actions.SetCriteria(method="best-value", criteria=CRITERIA))
        purchase.do(score("1", "Fit", Decimal(3)))
        found = {each.service_id: (each.rank, each.missing) for each in totals_of(purchase.state)}
        assert found == {"1": (None, ("Cost",)), "2": (None, ("Fit", "Cost"))}

    def test_by_lowest_price_the_cheapest_is_first(self, purchase: Purchase) -> None:
        purchase.shortlisted().do(actions.SetCriteria(method="lowest-price", criteria=()))
        purchase.do(score("1", "price", Decimal("20000")))
        purchase.do(score("2", "price", Decimal("19999.99")))
        with pytest.raises(UsageError, match="expected pounds and pence"):
            purchase.do(score("2", "price", Decimal(0)))
        assert [(each.rank, each.service_id) for each in totals_of(purchase.state)] == [(1, "2"), (2, "1")]
        with pytest.raises(UsageError, match="nothing but the price counts"):
            Purchase().searched().do(actions.SetCriteria(method="lowest-price", criteria=CRITERIA))


class TestQuestions:
    def test_question_day_channel_answer_and_effect_are_kept(self, purchase: Purchase) -> None:
        purchase.searched()
        asked = actions.Ask(services=("1", "2"), text="What does it cost?", on=TODAY, channel="e-mail")
        assert [each.number for each in purchase.do(asked).questions] == [1, 2]
        found = purchase.do(
            actions.Answer(number=2, text="£5", on=TODAY, channel="telephone", effect="Cost scored")
        )
        reply = found.questions[1].reply
        assert reply is not None
        assert (reply.text, reply.channel, reply.effect) == ("£5", "telephone", "Cost scored")
        assert "Without an answer yet: question 1." in cautions_of(found, TODAY)
        with pytest.raises(UsageError, match="was answered on"):
            purchase.do(actions.Answer(number=2, text="£6", on=TODAY, channel="x", effect="none"))
        with pytest.raises(UsageError, match="there is no question 3"):
            purchase.do(actions.Answer(number=3, text="£6", on=TODAY, channel="x", effect="none"))

    def test_days_that_have_not_come_are_refused(self, purchase: Purchase) -> None:
        purchase.searched()
        later = TODAY + timedelta(days=1)
        with pytest.raises(UsageError, match="after today"):
            purchase.do(actions.Ask(services=("1",), text="x", on=later, channel="e-mail"))
        purchase.do(actions.Ask(services=("1",), text="x", on=TODAY, channel="e-mail"))
        with pytest.raises(UsageError, match="before the question"):
            purchase.do(
                actions.Answer(number=1, text="x", on=TODAY - timedelta(days=1), channel="x", effect="none")
            )


class TestLock:
    def test_every_service_needs_a_fate(self, purchase: Purchase) -> None:
        purchase.searched().do(actions.Shortlist(services=results(3)))
        with pytest.raises(UsageError, match=r"1 of 4 services .* have no fate yet \(4\)"):
            purchase.do(actions.SetLock())

    @pytest.mark.parametrize(
        "action",
        [
            actions.Shortlist(services=results(1)),
            actions.Reject(services=results(1), requirement="R1", because="No API"),
            actions.Reconsider(services=("1",), because="x"),
            actions.Note(service_id="1", note="x"),
            score("1", "Fit", Decimal(5)),
            search(*results(1), how="beside", because="x"),
            actions.SetCriteria(method="best-value", criteria=CRITERIA),
            actions.SetLock(),
        ],
    )
    def test_what_is_locked_does_not_change(self, purchase: Purchase, action: actions.Action) -> None:
        purchase.locked()
        with pytest.raises(UsageError, match="was locked on 2026-11-23"):
            purchase.do(action)

    def test_answers_that_come_later_are_still_noted(self, purchase: Purchase) -> None:
        purchase.scored().do(actions.Ask(services=("1",), text="x", on=TODAY, channel="e-mail"))
        purchase.do(actions.SetLock())
        assert purchase.do(actions.Answer(number=1, text="x", on=TODAY, channel="x", effect="none"))


class TestOutcome:
    def test_an_award_has_winner_days_value_and_buyer(self, purchase: Purchase) -> None:
        purchase.locked()
        for missing in ("winner", "start", "end", "value"):
            with pytest.raises(UsageError, match="an award needs"):
                purchase.do(award(**{missing: None}))
        with pytest.raises(UsageError, match="the buying organisation is empty"):
            purchase.do(award(buyer=""))
        with pytest.raises(UsageError, match="before it starts"):
            purchase.do(award(end=date(2026, 12, 31)))
        with pytest.raises(UsageError, match="'3' is not on the shortlist"):
            purchase.do(award("3"))
        found = purchase.do(award())
        assert found.outcome is not None
        assert found.outcome.award is not None
        assert (found.outcome.award.winner, found.outcome.award.signed) == ("1", TODAY)
        assert stage_of(found) == "closed"

    @pytest.mark.parametrize("value", ["0", "0.009", "-5", "0.015", "NaN", "1E+30"])
    def test_its_value_is_a_penny_or_more(self, purchase: Purchase, value: str) -> None:
        purchase.locked()
        with pytest.raises(UsageError, match=r"£0\.01 or more"):
            purchase.do(award(value=Decimal(value)))

    def test_a_penny_is_enough(self, purchase: Purchase) -> None:
        assert purchase.locked().do(award(value=Decimal("0.01"))).outcome

    def test_it_comes_after_the_lock(self, purchase: Purchase) -> None:
        purchase.scored()
        for action in (award(), actions.Conclude(kind="none-suitable", because="x")):
            with pytest.raises(UsageError, match="is not locked yet"):
                purchase.do(action)

    def test_a_winner_that_the_scores_do_not_put_first_needs_a_reason(self, purchase: Purchase) -> None:
        purchase.locked()
        with pytest.raises(UsageError, match="the scores put 1 first: say why 2 wins"):
            purchase.do(award("2"))
        assert purchase.do(award("2", because="1 was withdrawn")).outcome

    def test_a_winner_without_scores_needs_a_reason_unless_it_is_alone(self, purchase: Purchase) -> None:
        purchase.shortlisted().do(actions.SetLock())
        with pytest.raises(UsageError, match="no criteria were fixed"):
            purchase.do(award())
        alone = Purchase().shortlisted()
        alone.do(actions.Reject(services=results(2)[1:], requirement="R3", because="£90,000 a year"))
        alone.do(actions.SetLock())
        assert alone.do(award()).outcome

    def test_none_is_suitable_only_once_each_is_rejected(self, purchase: Purchase) -> None:
        purchase.locked()
        with pytest.raises(UsageError, match="there are services on the shortlist"):
            purchase.do(actions.Conclude(kind="none-suitable", because="All lack it"))
        with pytest.raises(UsageError, match="belong to an award alone"):
            purchase.do(actions.Conclude(kind="none-suitable", because="x", winner="1"))
        other = Purchase().searched()
        other.do(actions.Reject(services=results(4), requirement="R1", because="No API"))
        other.do(actions.SetLock())
        with pytest.raises(UsageError, match="the reason for the outcome none-suitable is empty"):
            other.do(actions.Conclude(kind="none-suitable"))
        assert other.do(actions.Conclude(kind="none-suitable", because="None has an API")).outcome

    def test_a_purchase_can_be_cancelled_at_any_time(self, purchase: Purchase) -> None:
        assert purchase.frozen().do(actions.Conclude(kind="cancelled", because="No money")).outcome

    def test_the_record_is_kept_three_years_or_as_long_as_is_said(self, purchase: Purchase) -> None:
        assert kept_until(purchase.locked().state) is None
        assert kept_until(purchase.do(award())) == date(2029, 11, 23)
        other = Purchase().locked()
        assert kept_until(other.do(award(keep_years=7))) == date(2033, 11, 23)
        leap = Purchase().locked()
        leap.now = datetime(2028, 2, 29, 12, tzinfo=UTC)
        assert kept_until(leap.do(award())) == date(2031, 3, 1)

    def test_a_contract_that_outlives_the_record_or_the_lot_s_terms_is_cautioned(
        self, purchase: Purchase
    ) -> None:
        found = purchase.locked().do(award(end=date(2036, 12, 31)))
        said = " ".join(cautions_of(found, TODAY))
        assert "kept until 2029-11-23, and the contract runs until 2036-12-31" in said
        assert "g-cloud-15 saas allows 72 months" in said

    def test_nothing_but_a_new_version_follows_an_outcome(self, purchase: Purchase) -> None:
        purchase.locked().do(award())
        for action in (
            actions.Conclude(kind="cancelled", because="x"),
            actions.SetLock(),
            actions.Ask(services=("1",), text="x", on=TODAY, channel="x"),
            actions.Shortlist(services=results(1)),
        ):
            with pytest.raises(UsageError, match="is closed: its outcome was recorded"):
                purchase.do(action)


class TestVersions:
    def test_a_new_version_says_why_and_keeps_what_there_is(self, purchase: Purchase) -> None:
        purchase.locked().do(award())
        with pytest.raises(UsageError, match="reason for a new version is empty"):
            purchase.do(actions.Reopen(because=""))
        found = purchase.do(actions.Reopen(because="The winner withdrew"))
        assert (found.version, found.versions[0].because) == (2, "The winner withdrew")
        assert (found.locked, found.outcome, len(found.scores)) == (None, None, 4)
        assert purchase.do(actions.Reject(services=results(1), requirement="R4", because="Withdrawn"))

    def test_other_requirements_begin_everything_anew_but_not_that_scores_were_seen(
        self, purchase: Purchase
    ) -> None:
        purchase.locked().do(actions.Reopen(because="Budget cut", requirements=True))
        assert (purchase.state.longlist, purchase.state.scores, stage_of(purchase.state)) == (
            (),
            (),
            "informal",
        )
        purchase.do(actions.Freeze(requirements=requirements_of(purchase.state)))
        purchase.do(search(*results(2)))
        with pytest.raises(UsageError, match="after scores were seen is empty"):
            purchase.do(actions.SetCriteria(method="best-value", criteria=CRITERIA))

    def test_what_is_not_fixed_needs_no_new_version(self, purchase: Purchase) -> None:
        purchase.begun()
        with pytest.raises(UsageError, match="nothing needs reopening"):
            purchase.do(actions.Reopen(because="x"))


class TestActors:
    def test_an_informal_shortlist_needs_no_name(self, purchase: Purchase) -> None:
        purchase.do(actions.Begin(name="a"), actor=None)
        purchase.do(actions.MarkService(service=Result("1", "d")), actor=None)
        assert purchase.do(actions.Unmark(service_id="1"), actor="  ").longlist == ()
        assert [entry.actor for entry in purchase.entries] == [None] * 3

    def test_every_step_of_a_purchase_does(self, purchase: Purchase) -> None:
        purchase.begun()
        with pytest.raises(UsageError, match="give --as NAME"):
            purchase.do(actions.Freeze(requirements=requirements_of(purchase.state)), actor=None)
        purchase.do(actions.Freeze(requirements=requirements_of(purchase.state)))
        with pytest.raises(UsageError, match="give --as NAME"):
            purchase.do(actions.MarkService(service=Result("1", "d")), actor=None)

    def test_a_name_is_text_of_one_line_s_length(self, purchase: Purchase) -> None:
        purchase.do(actions.Begin(name="a"), actor="Ines\x1b[31m Tolland")
        assert purchase.entries[0].actor == "Ines[31m Tolland"
        with pytest.raises(UsageError, match="name of the actor"):
            purchase.do(actions.MarkService(service=Result("1", "d")), actor="x" * 101)

    def test_a_time_without_a_zone_is_a_fault_of_ours(self) -> None:
        with pytest.raises(ValueError, match="expected a time zone"):
            step(None, actions.Begin(name="a"), By(datetime(2026, 1, 1)))  # noqa: DTZ001


class TestDeletion:
    def test_a_tombstone_is_left_and_nothing_can_be_done_to_it(self, purchase: Purchase) -> None:
        purchase.locked().do(actions.Delete(because="Asked to"))
        assert stage_of(purchase.state) == "deleted"
        assert (purchase.state.longlist, purchase.state.profile, purchase.state.frozen) == ((), None, None)
        for action in (actions.Reopen(because="x"), actions.Delete(because="x"), actions.SetLock()):
            with pytest.raises(UsageError, match="was deleted on 2026-11-23"):
                purchase.do(action)


def ranking(purchase: Purchase) -> actions.Rank:
    """A ranking that is shown."""
    profile = purchase.state.profile
    assert profile is not None
    return actions.Rank(
        profile=profile.digest,
        rules="2026.1",
        tables="sha256:tables",
        program="0",
        snapshot="sha256:records",
        services=4,
        digest="sha256:ranking",
    )
