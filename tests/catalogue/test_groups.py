"""The same product from several sellers is found, and nothing else is."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.groups import Group, groups_of, reordered, sellers_of_same
from catalogue.match import MatchResult, match
from catalogue.model import Service
from catalogue.profile import Profile, parse_profile
from catalogue.read import read_service
from catalogue.records import SupplierRef

MakeService = Callable[..., Service]
MAKER = "Organisation whose services are being resold"
OPENING = "Larkspur is the permit and licence desk that eleven island councils run their counters on."
FEATURES = ("Larkspur permit designer without code", "Reminders before a licence lapses", "Card payments")
PROFILE = parse_profile(
    'goal = "Permits and licences online"\n[organisation]\nname = "Westbeck Borough Council"\n'
    '[customers]\nneeds = ["mobile", "end-to-end"]\n'
)


@pytest.fixture(scope="module")
def sold(make_service: MakeService) -> Callable[..., Service]:
    """Makes a listing of a seller."""

    def make(number: int, seller: str, **fields: object) -> Service:
        record = make_service(number, **fields).record
        return read_service(msgspec.structs.replace(record, supplier=SupplierRef(name=seller)))[0]

    return make


def grouped(*services: Service, profile: Profile = PROFILE) -> list[set[str]]:
    """The ids of each group."""
    return [{group.head, *group.others} for group in groups_of(match(profile, services))]


def reseller(sold: Callable[..., Service], number: int, seller: str, extra: str, **fields: object) -> Service:
    """A listing that keeps the maker's opening and adds a sentence of its own."""
    fields.setdefault("name", f"Larkspur desk from {seller}")
    return sold(
        number,
        seller,
        description=f"{OPENING} {extra}",
        features=(*FEATURES, extra),
        answers={MAKER: "Larkspur Group BV"},
        **fields,
    )


def test_resellers_of_one_maker_are_one_group(sold: Callable[..., Service]) -> None:
    one = reseller(
        sold, 1, "Quayside Ltd", "Sold at list price with one purchase order and no extras at all."
    )
    two = reseller(
        sold, 2, "Moorgate LLP", "We build your first three forms and answer every call ourselves."
    )
    assert grouped(one, two) == [{"1", "2"}]


def test_with_other_weights_the_one_that_is_ranked_best_then_stands_for_the_group(
    sold: Callable[..., Service],
) -> None:
    one = reseller(sold, 1, "Quayside Ltd", "Works on any mobile phone and tablet.")
    two = reseller(sold, 2, "Moorgate LLP", "The whole process end to end, from application to renewal.")
    found = match(PROFILE, [one, two])
    (group,) = groups_of(found)
    turned = replace(
        found,
        matches=tuple(replace(each, rank=rank) for rank, each in enumerate(reversed(found.matches), 1)),
    )
    assert reordered([group], turned) == (Group(group.others[0], (group.head,)),)


def test_the_maker_itself_belongs_to_the_group(sold: Callable[..., Service]) -> None:
    one = reseller(
        sold, 1, "Quayside Ltd", "Sold at list price with one purchase order and no extras at all."
    )
    two = sold(2, "LARKSPUR Group Ltd", name="Larkspur", description=OPENING, features=FEATURES)
    assert grouped(one, two) == [{"1", "2"}]


def test_the_other_sellers_of_one_listing_are_found_without_a_ranking(sold: Callable[..., Service]) -> None:
    one = reseller(sold, 1, "Quayside Ltd", "Sold at list price with one purchase order and no extras.")
    two = reseller(sold, 2, "Moorgate LLP", "We build your first forms and answer every call ourselves.")
    own = reseller(sold, 3, "Quayside Ltd", "A larger edition.")
    other = sold(4, "Harbour Ltd", name="Payroll", description="Pays staff on time every month.")
    assert [each.id for each in sellers_of_same(one, [own, other, two, one])] == ["2"]
    assert sellers_of_same(other, [one, two, own]) == ()


def test_two_products_of_one_maker_stay_apart(sold: Callable[..., Service]) -> None:
    one = reseller(sold, 1, "Quayside Ltd", "Sold at list price.")
    two = sold(
        2,
        "Moorgate LLP",
        name="Larkspur Payroll",
        description="Larkspur Payroll pays staff on time, works out pensions and files what must be filed.",
        features=("Payslips on a phone", "Pensions worked out"),
        answers={MAKER: "Larkspur Group BV"},
    )
    assert grouped(one, two) == []


def test_one_seller_listing_twice_is_no_group(sold: Callable[..., Service]) -> None:
    one = reseller(sold, 1, "Quayside Ltd", "Small edition.")
    two = reseller(sold, 2, "Quayside Ltd", "Large edition.")
    assert grouped(one, two) == []


def test_a_text_copied_under_another_name_is_found(sold: Callable[..., Service]) -> None:
    one = sold(1, "Quayside Ltd", name="Larkspur", description=OPENING, features=FEATURES)
    two = sold(2, "Moorgate LLP", name="Permit Otter", description=OPENING, features=FEATURES)
    assert grouped(one, two) == [{"1", "2"}]


def test_advice_is_no_product(sold: Callable[..., Service]) -> None:
    one = reseller(sold, 1, "Quayside Ltd", "Days of help.", lot="cloud-support")
    two = reseller(sold, 2, "Moorgate LLP", "Days of help.", lot="cloud-support")
    assert grouped(one, two) == []


def test_the_best_ranked_stands_for_the_group(sold: Callable[..., Service]) -> None:
    plain = reseller(sold, 1, "Quayside Ltd", "Sold at list price.")
    better = reseller(sold, 2, "Moorgate LLP", "Permits and licences end to end, for residents on a phone.")
    result = match(PROFILE, [plain, better])
    assert result.matches[0].service.id == "2"
    assert groups_of(result) == (Group("2", ("1",)),)


SENTENCES = st.lists(
    st.sampled_from(
        [
            OPENING,
            "We build your first forms and answer every call ourselves.",
            "Sold at list price with one purchase order.",
            "Runs on phones and in the open air, with the tide tables built in.",
            "Every licence is renewed online and every permit is printed at home.",
        ]
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["Quayside", "Moorgate", "Fenwick"]), SENTENCES, st.booleans()), max_size=6
    ),
    st.integers(),
)
def test_the_order_of_services_changes_no_group(
    sold: Callable[..., Service], drawn: list[tuple[str, list[str], bool]], seed: int
) -> None:
    services = [
        sold(
            number,
            seller,
            name=f"Larkspur {number}",
            description=" ".join(sentences),
            answers={MAKER: "Larkspur Group BV"} if resold else {},
        )
        for number, (seller, sentences, resold) in enumerate(drawn)
    ]
    found: MatchResult = match(PROFILE, services)
    groups = groups_of(found)
    shuffled = list(services)
    random.Random(seed).shuffle(shuffled)
    assert groups_of(match(PROFILE, shuffled)) == groups
    members = [service for group in groups for service in (group.head, *group.others)]
    assert len(members) == len(set(members))
    rank = {each.service.id: each.rank for each in found.matches}
    assert all(rank[group.head] < min(rank[other] for other in group.others) for group in groups)
