"""Which services are judged: all of a small catalogue, of a large one those that may come first."""

from __future__ import annotations

import dataclasses
import gc
import json
import random
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from catalogue import prospects
from catalogue.listing import Listing, values_of
from catalogue.match import MatchResult, judge_of, match_json, nothing_collected
from catalogue.profile import Profile, parse_profile
from catalogue.read import read_service
from catalogue.records import ServiceRecord, decode_record
from catalogue.scan import words_in
from db.candidates import Candidates
from db.catalogue import Catalogue, open_catalogue
from db.ingest import ingest
from db.reading import read_records, summary
from db.service_words import WORD_BITS, note_words_again
from db.word_reading import FIELD_BITS
from tui.matching import match_catalogue, unranked, with_services

MakeRecord = Callable[..., ServiceRecord]

PROFILE = parse_profile("""
goal = "Parking permits online, without rekeying"
[organisation]
name = "Westbeck Borough Council"
sector = "local-government"
staff_users = 20
residents = 90000
budget_per_year = 30000
[skills]
gaps = ["developers", "integration", "training"]
[resources]
gaps = ["money", "staff-time"]
[customers]
needs = ["mobile", "end-to-end", "channels"]
[[legacy]]
system = "Idox Uniform"
aliases = ["Uniform"]
purpose = "planning and licensing records"
interfaces = ["files"]
[[legacy]]
system = "Lotus Notes"
purpose = "internal forms"
intent = "replace"
[[requirement]]
text = "Residents renew a permit from a phone"
[[requirement]]
question = "Phone support"
equals = "Yes"
""")

#: Sentences of which listings are made: names, phrases, denials, hyphens, foreign letters, other senses.
SAYINGS = (
    "Residents renew a parking permit from their phone.",
    "Connector for Idox Uniform, read and write.",
    "School uniform for all sizes.",
    "A connector for Uniform is planned for next year.",
    "Replaces Lotus Notes forms; records are migrated.",
    "Does not integrate with Idox Uniform.",
    "Your staff change forms with no code.",
    "Our consultants make every change, at £900 a day.",
    "Nothing is re-keyed: straight-through processing.",
    "The form is e-mailed to the team, who rekey it.",
    "Training is included in the price.",
    "Training, onboarding, forms, permits, parking, phone, mobile, portal, web chat, kiosk",
    "Web chat, SMS and telephone channels.",
    "Café bookings for étages – naïve façade.",
    "Works with any existing database of planning records.",
    "Permission to park, bought by SMS.",
    "Version 2.2 of the API reads CSV files each night.",
    "Only for NHS trusts.",
)
PRICES = (
    None,
    "£5 a user a month",
    "£9,000 a unit a year",
    "£400,000 a unit a year",
    "£20 to £90 an instance",
)
ANSWERS = (
    ("User support", "Phone support", ("Yes",)),
    ("User support", "Phone support", ("No",)),
    ("User support", "Phone support", ("Yes, at extra cost",)),
    ("Using the service", "Designed for use on mobile devices", ("Yes",)),
    ("Using the service", "Designed for use on mobile devices", ("No",)),
    ("Using the service", "Service constraints", (SAYINGS[7],)),
)


@st.composite
def listings(draw: st.DrawFn) -> dict[str, Any]:
    """The fields of a record that says some things of what the profile is about."""
    said = st.lists(st.sampled_from(SAYINGS), max_size=3).map(tuple)
    return {
        "name": draw(st.sampled_from(["Parking permits", "Forms", "Payroll", "Uniform connector"])),
        "description": " ".join(draw(said)) or None,
        "features": draw(said),
        "benefits": draw(said),
        "price": draw(st.sampled_from(PRICES)),
        "answers": tuple(draw(st.lists(st.sampled_from(ANSWERS), max_size=3, unique_by=lambda row: row[1]))),
    }


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has every catalogue count as a large one."""
    monkeypatch.setattr(prospects, "WHOLE", 0)


def judging(catalogue: Catalogue, profile: Profile, most: int, together: int = 40) -> MatchResult:
    """A match with other limits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prospects, "MOST", most)
        patch.setattr(prospects, "TOGETHER", together)
        return match_catalogue(catalogue, profile)


def records(make_record: MakeRecord) -> list[ServiceRecord]:
    """Sixty payroll services, and three that matter to the profile."""
    return [
        *(make_record(number, name=f"Payroll number {number}") for number in range(100, 160)),
        make_record(1, name="Forms", features=("Uniform connector for planning",)),
        make_record(2, name="Permit shop", description="Residents renew permits by phone."),
        make_record(3, name="Parking enforcement"),
        make_record(4, name="School outfits", features=("Uniform in all sizes",)),
        make_record(5, name="Parking permits", status="withdrawn"),
    ]


@pytest.mark.parametrize("frozen", [False, True])
def test_what_a_match_leaves_is_not_looked_through_and_what_was_frozen_stays(frozen: bool) -> None:
    collections: list[str] = []
    gc.callbacks.append(lambda phase, about: collections.append(phase))
    try:
        if frozen:
            gc.freeze()
        with nothing_collected():
            left = [[number] for number in range(5000)]
            assert not gc.isenabled()
        young = gc.get_count()[0]
        assert gc.isenabled()
        assert (gc.get_freeze_count() > 0) == frozen
        assert frozen or (not collections and young < len(left))
    finally:
        gc.callbacks.pop()
        gc.unfreeze()


def test_a_small_catalogue_is_judged_whole(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    ingest(catalogue, records(make_record), at=seen)
    assert match_catalogue(catalogue, PROFILE).considered == 64


def test_in_a_large_catalogue_the_most_promising_are_judged(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime, large: None
) -> None:
    ingest(catalogue, records(make_record), at=seen)
    result = judging(catalogue, PROFILE, most=3)
    assert {"1", "2"} <= {found.service.id for found in result.matches}
    assert result.considered < 64


def test_judging_ends_where_more_services_change_nothing_at_the_head(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime, large: None
) -> None:
    renewing = [make_record(number, name="Parking permits", features=SAYINGS[:1]) for number in range(30)]
    others = [make_record(number, name=f"Payroll number {number}") for number in range(100, 160)]
    ingest(catalogue, [*renewing, *others], at=seen)
    whole = judging(catalogue, PROFILE, most=1000, together=1000)
    result = judging(catalogue, PROFILE, most=1000, together=30)
    assert (result.considered, whole.considered) == (60, 90)
    assert result.matches[:30] == whole.matches[:30]


@pytest.mark.parametrize(
    ("others", "promises_less"),
    [
        ("For schools. Pupils pay as well.", True),
        ("For schools and councils: pupils pay as well.", False),
        ("For schools. Pupils pay as well. Works with Idox Uniform.", False),
        ("A colour for police cars.", True),
        ("Councils pay the police.", False),
        ("Replaces paper forms; a certified connector for Idox Uniform.", False),
    ],
)
def test_what_seems_to_be_made_for_others_promises_less(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime, others: str, promises_less: bool
) -> None:
    said = {1: others, 2: "It is."}
    made = [make_record(number, description=said[number], features=SAYINGS[:1]) for number in said]
    ingest(catalogue, made, at=seen)
    found = Candidates(catalogue, judge_of(PROFILE))
    list(found.about())
    found.topic.measure([1.0])
    assert (next(iter(found.promising())) == "2") == promises_less


@pytest.mark.parametrize(
    ("categories", "promises_less"),
    [
        ((("Applications", "Human resources", "Payroll"),), True),
        (
            (
                ("Applications", "Human resources", "Payroll"),
                ("Applications", "Workflow"),
            ),
            False,
        ),
        ((("Applications", "Public sector", "Parking"),), False),
        ((("Applications", "Payroll > Parking"),), False),
        (((),), False),
        (None, False),
    ],
)
def test_what_is_filed_among_other_things_promises_less(
    catalogue: Catalogue,
    make_record: MakeRecord,
    seen: datetime,
    categories: tuple[tuple[str, ...], ...] | None,
    promises_less: bool,
) -> None:
    filed = {1: categories, 2: None}
    made = [make_record(number, features=SAYINGS[:1], categories=filed[number]) for number in filed]
    ingest(catalogue, made, at=seen)
    found = Candidates(catalogue, judge_of(PROFILE))
    list(found.about())
    found.topic.measure([1.0])
    assert (next(iter(found.promising())) == "2") == promises_less


def means_what_it_did_not_seem_to(found: Candidates, listing: Listing) -> bool:
    """Whether a listing means a system by a word that is its name where no word of its trade is near."""
    place = found.ids.index(listing.service.id)
    groups = found.judge.estate.vocabulary.groups
    meant = [group for group in groups if group.gated and f"={group.name}" in listing.terms]
    return not all(found._meant(group)[place] for group in meant)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(listings(), min_size=1, max_size=40))
def test_no_service_scores_more_than_the_index_says_it_can(
    tmp_path_factory: pytest.TempPathFactory,
    make_record: MakeRecord,
    seen: datetime,
    made: list[dict[str, Any]],
) -> None:
    with open_catalogue(tmp_path_factory.mktemp("most") / "a.db", create=True) as opened:
        ingest(opened, [make_record(number, **fields) for number, fields in enumerate(made)], at=seen)
        judge = judge_of(PROFILE)
        found = Candidates(opened, judge)
        about = dict(found.about())
        services = (read_service(record)[0] for record in read_records(opened, about))
        read = {service.id: judge.listing(service) for service in services}
        more = [name for name in about if found.topic.about(read[name]) > about[name] + 1e-9]
        assert all(means_what_it_did_not_seem_to(found, read[name]) for name in more)
        found.topic.measure(found.topic.about(listing) for listing in read.values())
        for name, listing in read.items():
            place = found.ids.index(name)
            scored = judge.by(found.topic).match(listing)
            most = dict.fromkeys(PROFILE.weights, 1.0)
            for need, held in found.most:
                depends = float(need.fit)
                most[need.barrier] *= 1 - held[place] * float(need.share) * (
                    1 - depends + depends * float(scored.fit)
                )
            for contribution in scored.contributions:
                share = float(PROFILE.weights[contribution.barrier]) * (1 - most[contribution.barrier])
                assert float(contribution.points) <= share + 0.05 + 1e-6


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(listings(), min_size=20, max_size=60), seed=st.randoms())
def test_a_ranking_is_the_same_whatever_the_order_of_import(
    tmp_path_factory: pytest.TempPathFactory,
    make_record: MakeRecord,
    seen: datetime,
    large: None,
    made: list[dict[str, Any]],
    seed: random.Random,
) -> None:
    every = [make_record(number, **fields) for number, fields in enumerate(made)]
    shuffled = seed.sample(every, len(every))
    folder = tmp_path_factory.mktemp("order")
    told = []
    for name, order in (("forth.db", every), ("shuffled.db", shuffled)):
        with open_catalogue(folder / name, create=True) as opened:
            for start in range(0, len(order), 17):
                ingest(opened, order[start : start + 17], at=seen)
            assert judging(opened, PROFILE, most=1000, together=1000).considered == len(every)
            told.append(
                json.dumps(match_json(judging(opened, PROFILE, most=15, together=5), summary(opened)))
            )
    assert told[0] == told[1]


def test_what_a_must_rules_out_takes_no_place_of_another(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime, large: None
) -> None:
    answers = (("User support", "Phone support", ("No",)),)
    ruled_out = [
        make_record(number, name="Parking permits online", answers=answers) for number in range(200, 260)
    ]
    yes = (("User support", "Phone support", ("Yes",)),)
    allowed = [make_record(number, name="Parking permits", answers=yes) for number in range(10, 18)]
    ingest(catalogue, [*records(make_record), *ruled_out, *allowed], at=seen)
    profile = parse_profile(
        'goal = "Parking permits online"\n[organisation]\nname = "W"\n[[requirement]]\npriority = "must"\n'
        'question = "Phone support"\nequals = "Yes"'
    )
    result = judging(catalogue, profile, most=8)
    assert {found.service.id for found in result.matches[:8]} == {service.id for service in allowed}
    assert {gone.service.id for gone in result.excluded} <= {service.id for service in ruled_out}
    assert len(result.excluded) == 50


def test_a_service_that_is_asked_for_is_judged_however_little_it_promises(
    catalogue: Catalogue,
    make_record: MakeRecord,
    seen: datetime,
    large: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prospects, "MOST", 1)
    ingest(catalogue, records(make_record), at=seen)
    result = match_catalogue(catalogue, PROFILE, also=["150"])
    assert "150" in {found.service.id for found in result.matches}


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(listings(), min_size=1, max_size=12), whole=st.sampled_from([0, 1000]))
def test_a_service_opened_alone_is_judged_as_in_the_ranking(
    tmp_path_factory: pytest.TempPathFactory,
    make_record: MakeRecord,
    seen: datetime,
    made: list[dict[str, Any]],
    whole: int,
) -> None:
    every = [make_record(number, **fields) for number, fields in enumerate(made)]
    every.append(make_record(99, name="Parking permits", features=SAYINGS[:1], status="withdrawn"))
    with (
        pytest.MonkeyPatch.context() as patch,
        open_catalogue(tmp_path_factory.mktemp("alone") / "a.db", create=True) as opened,
    ):
        patch.setattr(prospects, "WHOLE", whole)
        ingest(opened, every, at=seen)
        ranked = match_catalogue(opened, PROFILE, also=["99"]).judged
        assert len(ranked) == len(every)
        nothing = unranked(opened, PROFILE)
        for name, found in ranked.items():
            (alone,) = with_services(opened, nothing, [name]).judged.values()
            assert dataclasses.replace(alone, rank=0) == dataclasses.replace(found, rank=0)


def noted(catalogue: Catalogue) -> dict[str, set[tuple[str, int]]]:
    """By id of a service, its words and marks with the bits of their fields."""
    words = dict(catalogue.rows("SELECT key, word FROM indexed_word"))
    places = catalogue.rows("SELECT block, place, id FROM service_words JOIN service ON key = service")
    service_at = {(block, place): service for block, place, service in places}
    found: dict[str, set[tuple[str, int]]] = {service: set() for service in service_at.values()}
    for key, held in catalogue.rows("SELECT key, held FROM word_block"):
        block, word = key >> WORD_BITS, words[key & (1 << WORD_BITS) - 1]
        for at in range(0, len(held), 4):
            number = int.from_bytes(held[at : at + 4], "little")
            if service := service_at.get((block, number >> FIELD_BITS)):
                found[service].add((word, number & (1 << FIELD_BITS) - 1))
    return found


def _plain(found: Iterable[tuple[str, int]]) -> set[str]:
    return {word for word, _ in found if "=" not in word and not word.startswith(("~", "!"))}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(listings(), min_size=1, max_size=8))
def test_the_words_noted_are_those_of_the_listing(
    tmp_path_factory: pytest.TempPathFactory,
    make_record: MakeRecord,
    seen: datetime,
    made: list[dict[str, Any]],
) -> None:
    every = [make_record(number, **fields) for number, fields in enumerate(made)]
    with open_catalogue(tmp_path_factory.mktemp("words") / "a.db", create=True) as opened:
        ingest(opened, every, at=seen)
        found = noted(opened)
        for record in every:
            said = [word for *_, value in values_of(read_service(record)[0]) for word in words_in(value)]
            assert _plain(found[record.id]) - {"£"} == set(said)
        with opened.atomic():
            note_words_again(opened)
        assert noted(opened) == found


def test_a_changed_service_has_its_new_words_alone(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    ingest(catalogue, [make_record(1, name="Parking permits")], at=seen)
    ingest(catalogue, [make_record(1, name="Payroll")], at=seen)
    assert _plain(noted(catalogue)["1"]) == {"payroll"}


def test_words_read_beside_are_those_read_here(
    tmp_path: Path, make_record: MakeRecord, seen: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [make_record(number, name=f"Parking {number}", features=SAYINGS[:9]) for number in range(40)]
    found = []
    for beside in (10_000, 1):
        monkeypatch.setattr("db.service_words.BESIDE", beside)
        monkeypatch.setattr("db.ingest.BATCH", 15)
        with open_catalogue(tmp_path / f"{beside}.db", create=True) as opened:
            ingest(opened, every, at=seen)
            found.append(noted(opened))
    assert found[0] == found[1]
    assert len(found[0]) == 40


def test_a_reader_beside_that_is_gone_is_done_without(
    tmp_path: Path, make_record: MakeRecord, seen: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [make_record(number, name=f"Parking {number}", features=SAYINGS[:9]) for number in range(9)]
    monkeypatch.setattr("db.service_words.BESIDE", 3)
    monkeypatch.setattr("db.ingest.BATCH", 3)
    monkeypatch.setattr("db.reading_beside._SERVE", "")
    with open_catalogue(tmp_path / "alone.db", create=True) as opened:
        ingest(opened, every, at=seen)
        found = noted(opened)
        with opened.atomic():
            note_words_again(opened)
        assert noted(opened) == found
    assert len(found) == 9


def test_many_small_blocks_become_one_in_which_nothing_is_lost(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime, large: None
) -> None:
    every = [*records(make_record), make_record(9, name="Uniform connector", features=SAYINGS[:4])]
    for turn in range(3):
        for record in every[turn % 2 :: 3]:
            ingest(catalogue, [replace(record, description=f"{SAYINGS[turn]}")], at=seen)
    ingest(catalogue, every, at=seen)
    assert catalogue.rows("SELECT count(DISTINCT key >> 20) FROM word_block")[0][0] <= 17
    found, ranked = noted(catalogue), match_catalogue(catalogue, PROFILE)
    with catalogue.atomic():
        note_words_again(catalogue)
        catalogue.next_generation()
    assert noted(catalogue) == found
    assert match_catalogue(catalogue, PROFILE) == ranked


@pytest.mark.parametrize("name", ["fenmoor", "heritage", "ridgeshire"])
def test_what_judging_everything_ranks_first_is_judged(
    name: str, tmp_path: Path, shared: Path, root: Path, seen: datetime, large: None
) -> None:
    judged = shared / "judged"
    files = [judged / "services.jsonl", *sorted((root / "catalogue" / "sample").glob("*.jsonl"))]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines() if line]
    every = [record for record in map(decode_record, lines) if record.status == "live"]
    profile = parse_profile((judged / "profiles" / f"{name}.toml").read_text("utf-8"))
    with open_catalogue(tmp_path / "all.db", create=True) as opened:
        ingest(opened, every, at=seen)
        whole = judging(opened, profile, most=1000, together=1000)
        head = judging(opened, profile, most=100)
    assert len(every) > 180
    first, head_first = ([found.service.id for found in each.matches[:30]] for each in (whole, head))
    assert head_first[:10] == first[:10]
    assert len(set(head_first) & set(first)) >= 28


def test_a_catalogue_of_an_older_version_gets_its_words_when_it_is_opened(
    tmp_path: Path, make_record: MakeRecord, seen: datetime
) -> None:
    path = tmp_path / "old.db"
    with open_catalogue(path, create=True) as opened:
        ingest(opened, records(make_record), at=seen)
        before = noted(opened)
        with opened.atomic() as db:
            db.conn.execute("DELETE FROM service_words")
            db.conn.execute("DELETE FROM word_block")
            opened.take_note("service words", None)
    with open_catalogue(path, read_only=True) as opened:
        assert noted(opened) == before
