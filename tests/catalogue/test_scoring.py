"""Points add up, quotes are verbatim, gates have three outcomes, and the same input gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.findings import Judged
from catalogue.match import MatchResult, match, match_json, re_rank, tie_break
from catalogue.model import CatalogueSummary, Service
from catalogue.needs import needs_of
from catalogue.profile import BARRIERS, Profile, parse_profile
from catalogue.read import read_service
from catalogue.records import Answer, FrameworkRef, LotRef, Section, ServiceRecord, SupplierRef
from catalogue.rules import Verdict, load_rules
from catalogue.scoring import contributions_of, score_of

MakeService = Callable[..., Service]
MakeProfile = Callable[[str], Profile]
Rank = Callable[..., MatchResult]

SUMMARY = CatalogueSummary(3, 3, (), (), datetime(2026, 11, 20, 3, 10, tzinfo=UTC), "sha256:0")

PROFILE = """
goal = "Council tax and benefits online, end to end"
[organisation]
name = "Westbeck Borough Council"
sector = "local-government"
staff_users = 40
residents = 90000
budget_per_year = 30000
[[legacy]]
system = "NEC Revenues & Benefits"
intent = "connect"
interfaces = ["api", "files"]
[[legacy]]
system = "Lagan CRM"
intent = "replace"
[skills]
gaps = ["developers", "integration", "training", "service-desk"]
[resources]
gaps = ["money", "staff-time"]
[customers]
needs = ["single-sign-on", "mobile", "accessibility", "channels", "insight", "end-to-end"]
[[requirement]]
text = "Nothing is rekeyed into the benefits system"
priority = "must"
barrier = "customers"
[[requirement]]
text = "There is an API"
priority = "must"
barrier = "legacy"
question = "API"
equals = "Yes"
"""

SAYINGS = (
    "Certified connector for NEC Revenues & Benefits (iWorld)",
    "Does not integrate with NEC revs & bens; planned for next year",
    "No code, drag and drop forms for council tax",
    "Replaces Lagan CRM; history is imported",
    "Implementation is £6,000 once",
    "Minimum order is 500 named users",
    "Not for use by the public",
    "One account, single sign-on and ‘my account’",
    "Answers arrive by email\nand are rekeyed",
    "Für Bürger: éàü “quoted” — … · \u2028 end",
    "For NHS trusts only",
    "Take-up by channel; drop-off by ward",
)
CHOICES = {
    "API": ("Yes", "No"),
    "Free trial available": ("Yes", "No"),
    "Phone support": ("Yes", "No"),
    "Web chat support": ("Yes", "Yes, at extra cost", "No"),
    "Designed for use on mobile devices": ("Yes", "No"),
    "Accessibility standards": ("WCAG 2.2 AA", "WCAG 2.2 A", "None or don’t know"),
    "Data import formats": ("CSV", "Other"),
    "Software add-on or extension": ("Yes", "No", "Yes, but can also be used as a standalone service"),
    "Service usage metrics": ("Yes", "No"),
}
PROSE = (
    "Service constraints",
    "Getting started",
    "Support levels",
    "What users can and can't do using the API",
    "What software services is the service an extension to",
    "Description of free trial",
    "Accessibility testing",
    "A question that nobody knows",
)
#: Letters that change their length where cases are folded, to stand before and behind a sentence.
ODD = st.text("İıßẞŉǰΐſﬁΣςK\u0307\u00ad\u200d😀. ", max_size=6)
odd = st.tuples(ODD, st.sampled_from(SAYINGS), ODD).map("".join)
prose = st.lists(st.one_of(st.sampled_from(SAYINGS), odd, st.text(max_size=60)), max_size=4)


@st.composite
def services(draw: st.DrawFn) -> list[Service]:
    """A few services made of telling sentences, arbitrary text and arbitrary answers."""
    made = []
    for number in range(draw(st.integers(1, 4))):
        answers = [
            Answer(label, (draw(st.sampled_from(values)),))
            for label, values in CHOICES.items()
            if draw(st.booleans())
        ]
        answers += [Answer(label, tuple(draw(prose))) for label in PROSE if draw(st.booleans())]
        record = ServiceRecord(
            id=str(100 + number),
            framework=FrameworkRef(draw(st.sampled_from(["g-cloud-15", "g-cloud-12", "g-cloud-99"]))),
            lot=LotRef(draw(st.sampled_from(["saas", "cloud-support", "cloud-software"]))),
            supplier=SupplierRef(name="Tidewater Ltd"),
            name=draw(st.sampled_from(SAYINGS)),
            description=draw(st.one_of(st.none(), st.text(max_size=120), st.sampled_from(SAYINGS))),
            features=draw(st.one_of(st.none(), prose.map(tuple))),
            benefits=tuple(draw(prose)),
            categories=(("Applications", draw(st.sampled_from(["Forms", "Local taxation and benefits"]))),),
            price=draw(st.sampled_from([None, "£5 a user a month", "£99,000 a unit a year", "on request"])),
            sections=(Section("Answers", tuple(answers)),),
        )
        made.append(read_service(record)[0])
    return made


def values_under(record: ServiceRecord, label: str) -> Iterator[str]:
    """Every value that a record shows under a label of FORMATS."""
    top = {
        "Service name": (record.name,),
        "Service description": (record.description or "",),
        "Service features": record.features or (),
        "Service benefits": record.benefits or (),
        "Service categories": tuple(name for path in record.categories or () for name in path),
        "Price": (record.price or "",),
    }
    yield from top.get(label, ())
    for section in record.sections or ():
        for answer in section.answers:
            if answer.question == label:
                yield from answer.values


@settings(max_examples=60, deadline=None)
@given(services())
def test_every_quote_is_a_substring_of_one_value_of_the_question_it_names(found: list[Service]) -> None:
    result = match(parse_profile(PROFILE), found)
    for ranked in result.matches:
        for contribution in ranked.contributions:
            for finding in contribution.findings:
                if finding.quote is not None:
                    assert finding.question is not None
                    assert finding.quote
                    values = values_under(ranked.service.record, finding.question)
                    assert any(finding.quote in value for value in values)


@settings(max_examples=60, deadline=None)
@given(services())
def test_points_add_up_to_the_printed_decimal(found: list[Service]) -> None:
    result = match_json(match(parse_profile(PROFILE), found), SUMMARY)
    for ranked in json.loads(json.dumps(result), parse_float=Decimal)["matches"]:
        for part in ranked["contributions"]:
            assert sum(finding["points"] for finding in part["findings"]) == part["points"]
            assert 0 <= part["points"] <= Decimal(str(result["weights"][part["barrier"]]))
        assert sum(part["points"] for part in ranked["contributions"]) == ranked["score"]
        assert 0 <= ranked["score"] <= 100


@settings(max_examples=60, deadline=None)
@given(services())
def test_points_agree_with_the_side_of_the_verdict(found: list[Service]) -> None:
    for ranked in match(parse_profile(PROFILE), found).matches:
        for contribution in ranked.contributions:
            for finding in contribution.findings:
                assert finding.points * finding.verdict.side >= 0
                assert finding.verdict.side or finding.points == 0


@settings(max_examples=40, deadline=None)
@given(services(), st.randoms(use_true_random=False))
def test_the_order_of_services_and_of_runs_changes_no_byte(found: list[Service], random: object) -> None:
    profile = parse_profile(PROFILE)
    first = json.dumps(match_json(match(profile, found), SUMMARY))
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert json.dumps(match_json(match(profile, shuffled), SUMMARY)) == first


def test_services_of_equal_score_are_ordered_by_a_hash_of_their_id(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank
) -> None:
    result = rank(make_profile(""), *(make_service(number, name="Forms") for number in range(20)))
    ids = [found.service.id for found in result.matches]
    assert ids == sorted(ids, key=tie_break)
    assert ids != sorted(ids)


@pytest.mark.parametrize("feature", SAYINGS)
def test_fifty_times_the_same_words_count_as_once(
    feature: str, make_service: MakeService, make_profile: MakeProfile, rank: Rank
) -> None:
    profile = parse_profile(PROFILE)
    said_once = make_service(1, features=(feature,))
    said_often = make_service(2, features=(feature,) * 50)
    result = rank(profile, said_once, said_often)
    assert len({found.score for found in result.matches}) == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),
            st.sampled_from(list(Verdict)),
            st.booleans(),
            st.sampled_from([None, "doubts", "filed-elsewhere"]),
        ),
        max_size=12,
    ),
    st.tuples(st.integers(0, 3), st.sampled_from([Verdict.STRONG_FOR, Verdict.WEAK_FOR])),
    st.decimals(0, 1, places=2),
)
def test_more_evidence_for_never_lowers_a_score(
    found: list[tuple[int, Verdict, bool, str | None]], more: tuple[int, Verdict], fit: Decimal
) -> None:
    profile = parse_profile(PROFILE)
    rules = load_rules()
    needs = {need.barrier: need for need in needs_of(profile, rules)}

    def judged(place: int, verdict: Verdict, stops: bool = False, doubt: str | None = None) -> Judged:
        fraction = (
            Decimal("0.8") if verdict in (Verdict.STRONG_FOR, Verdict.STRONG_AGAINST) else Decimal("0.4")
        )
        return Judged(needs[BARRIERS[place]], verdict, fraction, "rule", "said so", stops=stops, doubt=doubt)

    def score(all_judged: list[Judged]) -> Decimal:
        return score_of(contributions_of(all_judged, profile.weights, fit, rules.strength))

    before = [
        judged(place, verdict, stops and verdict.side < 0, doubt if verdict.side < 0 else None)
        for place, verdict, stops, doubt in found
    ]
    assert score([*before, judged(*more)]) >= score(before)


def test_a_question_that_the_lot_does_not_ask_changes_nothing(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank
) -> None:
    asking = PROFILE.replace('"mobile", "accessibility"', '"accessibility"')
    service = make_service(lot="cloud-support", features=SAYINGS, answers={"Phone support": "Yes"})
    (with_the_need,) = rank(parse_profile(PROFILE), service).matches
    (without_it,) = rank(parse_profile(asking), service).matches
    assert with_the_need.score == without_it.score
    verdicts = {
        finding.verdict
        for contribution in with_the_need.contributions
        for finding in contribution.findings
        if finding.need == "works on a phone"
    }
    assert verdicts == {Verdict.NOT_APPLICABLE}


@settings(max_examples=40, deadline=None)
@given(services(), st.lists(st.integers(1, 99), min_size=4, max_size=4))
def test_other_weights_give_what_matching_with_them_would_give(
    found: list[Service], weights: list[int]
) -> None:
    given_weights = dict(zip(BARRIERS, weights, strict=True))
    table = "\n".join(f"{barrier} = {weight}" for barrier, weight in given_weights.items())
    judged_so = match(parse_profile(f"{PROFILE}\n[weights]\n{table}"), found)
    wanted = {name: Decimal(share) for name, share in given_weights.items()}
    own = match(parse_profile(PROFILE), found)
    assert re_rank(own, wanted).matches == judged_so.matches
    # And from whatever weights were tried before.
    before = dict(zip(BARRIERS, reversed(wanted.values()), strict=True))
    assert re_rank(re_rank(own, before), wanted).matches == judged_so.matches


GATE = """
[[requirement]]
text = "Connected to HSCN"
priority = "{priority}"
barrier = "legacy"
question = "Connected networks"
includes = ["Health and Social Care Network (HSCN)"]
"""
NETWORKS = "Connected networks"
HSCN = "Health and Social Care Network (HSCN)"


@pytest.fixture
def gated(make_service: MakeService, make_profile: MakeProfile, rank: Rank) -> Callable[..., MatchResult]:
    """The result for a profile that must have HSCN, of one service with these answers."""

    def of(
        answers: dict[str, str | tuple[str, ...]], *, priority: str = "must", lot: str = "saas"
    ) -> MatchResult:
        return rank(make_profile(GATE.format(priority=priority)), make_service(answers=answers, lot=lot))

    return of


Gated = Callable[..., MatchResult]


def test_a_must_that_is_met_speaks_for_the_service(gated: Gated) -> None:
    result = gated({NETWORKS: ("Public Services Network (PSN)", HSCN)})
    (finding,) = (
        each for each in result.matches[0].contributions[0].findings if each.need == "Connected to HSCN"
    )
    assert (finding.verdict, finding.quote) == (Verdict.STRONG_FOR, HSCN)


def test_a_must_that_is_not_met_excludes_and_shows_the_answer(gated: Gated) -> None:
    result = gated({NETWORKS: ("Public Services Network (PSN)",)})
    assert result.matches == ()
    assert result.excluded[0].found == ("Public Services Network (PSN)",)


def test_a_must_not_asked_because_the_parent_was_answered_no_is_not_met(gated: Gated) -> None:
    result = gated({"Connection to public sector networks": "No"})
    assert [gone.found for gone in result.excluded] == [("No",)]


def test_a_must_that_is_left_blank_raises_a_question(gated: Gated) -> None:
    result = gated({})
    assert result.excluded == ()
    assert any(question.startswith(NETWORKS) for question in result.matches[0].questions)


def test_a_must_that_the_lot_does_not_ask_raises_a_question(gated: Gated) -> None:
    result = gated({}, lot="cloud-support")
    assert result.excluded == ()
    assert any(question.startswith(NETWORKS) for question in result.matches[0].questions)


def test_a_want_never_excludes(gated: Gated) -> None:
    result = gated({NETWORKS: ("Public Services Network (PSN)",)}, priority="want")
    assert result.excluded == ()
    assert result.matches[0].contributions[0].points == 0


def test_a_must_in_free_text_never_excludes(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank
) -> None:
    profile = make_profile('[[requirement]]\ntext = "Licences are renewed online"\npriority = "must"\n')
    service = make_service(answers={"Service constraints": "Licences cannot be renewed online."})
    assert rank(profile, service).excluded == ()


def test_equals_means_this_answer_and_nothing_else(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank
) -> None:
    where = "Data storage and processing locations"
    profile = make_profile(
        f'[[requirement]]\npriority = "must"\nbarrier = "legacy"\nquestion = "{where}"\n'
        'equals = "United Kingdom"\n'
    )
    only = make_service(1, answers={where: "United Kingdom"})
    more = make_service(2, answers={where: ("United Kingdom", "European Economic Area (EEA)")})
    result = rank(profile, only, more)
    assert [found.service.id for found in result.matches] == ["1"]


WCAG = """
[[requirement]]
text = "Meets WCAG 2.2 AA"
priority = "must"
barrier = "customers"
question = "Accessibility standards"
includes = ["WCAG 2.2 AA", "WCAG 2.2 AAA"]
"""


def test_an_older_version_of_a_standard_does_not_meet_a_must_for_the_newer(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank
) -> None:
    older = make_service(
        framework="g-cloud-13",
        lot="cloud-software",
        answers={"Accessibility standards": "WCAG 2.1 AA or EN 301 549"},
    )
    result = rank(make_profile(WCAG), older)
    assert [gone.found for gone in result.excluded] == [("WCAG 2.1 AA or EN 301 549",)]


def test_a_tick_that_the_prose_denies_passes_the_gate_and_speaks_against(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank
) -> None:
    prose = "The dashboard is known not to work with a keyboard or a screen reader."
    service = make_service(answers={"Accessibility standards": "WCAG 2.2 AA", "Accessibility testing": prose})
    result = rank(make_profile(WCAG), service)
    assert result.excluded == ()
    (found,) = result.matches
    told = [
        each for part in found.contributions for each in part.findings if each.need == "Meets WCAG 2.2 AA"
    ]
    assert {(each.verdict, each.quote) for each in told} >= {(Verdict.STRONG_AGAINST, prose)}
    assert any(prose.rstrip(".") in question for question in found.questions)
    assert found.score == 0
