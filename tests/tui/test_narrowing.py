"""What is set to narrow a search, and what is asked of the catalogue for it."""

from __future__ import annotations

from catalogue.model import SearchQuery
from tui.narrowing import Narrowing, chip_label


class TestTree:
    def test_a_level_below_takes_the_place_of_the_one_above(self) -> None:
        narrowing = Narrowing()
        narrowing.toggle("categories", "Applications", "Applications")
        narrowing.toggle("categories", "Applications > Finance", "Finance")
        assert narrowing.query("").categories == ("Applications > Finance",)

    def test_a_level_above_takes_the_place_of_those_below(self) -> None:
        narrowing = Narrowing()
        for name in ("Finance", "Legal"):
            narrowing.toggle("categories", f"Applications > {name}", name)
        narrowing.toggle("categories", "Applications", "Applications")
        assert narrowing.query("").categories == ("Applications",)

    def test_names_that_only_begin_alike_stay_beside_each_other(self) -> None:
        narrowing = Narrowing()
        for name in ("App", "Applications"):
            narrowing.toggle("categories", name, name)
        assert narrowing.query("").categories == ("App", "Applications")


class TestResuming:
    def test_what_was_set_is_set_again(self) -> None:
        first, second = Narrowing(), Narrowing()
        first.open_question("api")
        first.toggle("api", "yes", "Yes")
        first.toggle("lots", "saas", "SaaS")
        first.sort = "price"
        second.resume(first.chosen, first.sort)
        assert second.query("forms") == first.query("forms")
        assert second.query("forms") == SearchQuery(
            "forms", lots=("saas",), options=(("api", ("yes",)),), sort="price"
        )

    def test_what_is_not_known_any_more_is_let_go(self) -> None:
        narrowing = Narrowing()
        narrowing.resume({"colours": {"red": "Red"}}, "by moon")
        assert narrowing.query("") == SearchQuery()


def test_a_chip_names_the_whole_path_of_a_price() -> None:
    label = chip_label("prices", "a user > under £1", "under £1", {"prices": "Price"})
    assert label == "Price: a user, under £1"
