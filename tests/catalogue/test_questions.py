from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.crosswalk import read_crosswalk
from catalogue.errors import DataFileError, UsageError
from catalogue.model import AnswerState
from catalogue.questions import Crosswalk, label_key, load_crosswalk
from catalogue.read import read_service
from catalogue.records import Answer, FrameworkRef, LotRef, Section, ServiceRecord, SupplierRef

NEWEST_LOTS = {
    "1a/1b": ["iaas-and-paas"],
    "2a/2b": ["isaas", "saas"],
    "3": ["cloud-support"],
    "infrastructure": ["iaas-and-paas"],
    "software": ["isaas", "saas"],
    "support": ["cloud-support"],
}


@pytest.fixture(scope="module")
def crosswalk() -> Crosswalk:
    return load_crosswalk()


def state(
    question: str, answers: dict[str, list[str]], framework: str = "g-cloud-15", lot: str = "saas"
) -> AnswerState:
    section = Section("Any", tuple(Answer(label, tuple(values)) for label, values in answers.items()))
    record = ServiceRecord(
        id="1",
        framework=FrameworkRef(framework),
        lot=LotRef(lot),
        supplier=SupplierRef(name="Example Ltd"),
        name="Example",
        sections=(section,),
    )
    crosswalk = load_crosswalk()
    service, _ = read_service(record, crosswalk)
    return crosswalk.state(service, question)


class TestOneQuestionInEveryIteration:
    @pytest.mark.parametrize(
        ("label", "framework", "lot", "expected"),
        [
            ("API", "g-cloud-9", "cloud-hosting", "api"),
            ("API", "g-cloud-13", "cloud-software", "api"),
            ("API", "g-cloud-15", "iaas-and-paas", "api"),
            ("Connected networks", "g-cloud-12", "cloud-software", "connected-networks"),
            ("Connected networks", "g-cloud-15", "saas", "connected-networks"),
            (
                "Web interface accessibility standard",
                "g-cloud-12",
                "cloud-hosting",
                "accessibility-standards",
            ),
            ("Accessibility standards", "g-cloud-15", "saas", "accessibility-standards"),
            ("Infrastructure or application metrics", "g-cloud-15", "iaas-and-paas", "metrics"),
            ("Service usage metrics", "g-cloud-10", "cloud-software", "metrics"),
            ("ISO 28000:2007 certification", "g-cloud-13", "cloud-software", "iso-28000"),
            ("ISO 28000:2022 certification", "g-cloud-15", "cloud-support", "iso-28000"),
            ("Other security accreditations", "g-cloud-9", "cloud-software", "security-certifications"),
        ],
    )
    def test_a_label_stands_for_its_question(
        self, crosswalk: Crosswalk, label: str, framework: str, lot: str, expected: str
    ) -> None:
        question = crosswalk.question_for(framework, lot, label)
        assert question is not None
        assert question.id == expected

    def test_case_spaces_and_apostrophes_do_not_matter(self, crosswalk: Crosswalk) -> None:
        question = crosswalk.question_for(
            "g-cloud-15", "saas", " What users can\u00a0and  CAN’T do using the API"
        )
        assert question is not None
        assert question.id == "api-use"

    def test_listings_of_an_iteration_that_is_not_in_the_table_are_understood_by_their_labels(
        self, crosswalk: Crosswalk
    ) -> None:
        question = crosswalk.question_for("g-cloud-22", "brand-new-lot", "Getting started")
        assert question is not None
        assert question.id == "getting-started"
        assert crosswalk.asked("getting-started", "g-cloud-22", "brand-new-lot") is None

    def test_a_label_that_nobody_knows_is_none(self, crosswalk: Crosswalk) -> None:
        assert crosswalk.question_for("g-cloud-15", "saas", "Favourite colour") is None

    def test_training_is_asked_of_support_until_the_fourteenth_iteration(self, crosswalk: Crosswalk) -> None:
        assert crosswalk.asked("training", "g-cloud-14", "cloud-support") is True
        assert crosswalk.asked("training", "g-cloud-14", "cloud-software") is False
        assert crosswalk.asked("training", "g-cloud-15", "cloud-support") is False


class TestOptions:
    @pytest.mark.parametrize(
        ("question", "value", "option", "version"),
        [
            ("accessibility-standards", "WCAG 2.2 AA", "wcag-aa", "2.2"),
            ("accessibility-standards", "WCAG 2.1 AA or EN 301 549", "wcag-aa", "2.1"),
            ("accessibility-standards", "WCAG 2.0 AA or EN 301 549", "wcag-aa", "2.0"),
            ("accessibility-standards", "EN 301 549", "en-301-549", None),
            ("accessibility-standards", "None or don't know", "none", None),
            ("user-authentication", "2-factor authentication", "multi-factor", None),
            ("user-authentication", "Multi-Factor Authentication (MFA)", "multi-factor", None),
            ("connected-networks", "New NHS Network (N3)", "n3", None),
            ("staff-screening", "Conforms to BS7858:2012", "bs7858", "2012"),
            ("web-chat-support", "Web chat", "yes", None),
            ("onsite-support", "Yes, at extra cost", "yes-extra-cost", None),
            ("api", "Yes", "yes", None),
        ],
    )
    def test_a_value_is_an_option_whatever_its_iteration_calls_it(
        self, crosswalk: Crosswalk, question: str, value: str, option: str, version: str | None
    ) -> None:
        found = crosswalk.option_for(crosswalk.questions[question], value)
        assert found is not None
        assert (found.id, found.version) == (option, version)

    def test_an_id_gives_the_label_and_version_of_the_framework(self, crosswalk: Crosswalk) -> None:
        question = crosswalk.questions["accessibility-standards"]
        versions = {}
        for framework in ("g-cloud-10", "g-cloud-12", "g-cloud-15", None):
            found = crosswalk.option_for(question, "wcag-aa", framework)
            assert found is not None
            versions[framework] = found.version
        assert versions == {"g-cloud-10": "2.0", "g-cloud-12": "2.1", "g-cloud-15": "2.2", None: "2.2"}

    def test_prose_is_no_option(self, crosswalk: Crosswalk) -> None:
        assert crosswalk.option_for(crosswalk.questions["api"], "Yes, a very good one") is None
        assert crosswalk.option_for(crosswalk.questions["api-use"], "Yes") is None


class TestFindingAQuestionByName:
    def test_by_id_or_by_the_label_of_any_iteration(self, crosswalk: Crosswalk) -> None:
        assert crosswalk.find("connected-networks").label == "Connected networks"
        assert crosswalk.find("connected NETWORKS").id == "connected-networks"
        assert crosswalk.find("Web interface accessibility testing").id == "accessibility-testing"

    def test_a_misspelt_name_is_answered_with_near_ones(self, crosswalk: Crosswalk) -> None:
        with pytest.raises(UsageError, match="nearest: 'Connected networks'"):
            crosswalk.find("Conected network")

    def test_a_name_like_no_other_says_what_was_expected(self, crosswalk: Crosswalk) -> None:
        with pytest.raises(UsageError, match="expected a label"):
            crosswalk.find("zzzzzzzz")

    def test_what_is_left_out_on_purpose_says_why(self, crosswalk: Crosswalk) -> None:
        with pytest.raises(UsageError, match="part of every record"):
            crosswalk.find("Service features")


class TestWhyThereIsNoAnswer:
    def test_an_answer_is_answered(self) -> None:
        assert state("api", {"API": ["No"]}) is AnswerState.ANSWERED

    def test_an_answer_left_blank_is_not_a_no(self) -> None:
        assert state("api", {}) is AnswerState.BLANK
        assert state("api-use", {"API": ["Yes"]}) is AnswerState.BLANK

    def test_an_answer_of_spaces_is_left_blank(self) -> None:
        assert state("getting-started", {"Getting started": [" "]}) is AnswerState.BLANK

    def test_a_question_under_a_no_is_not_asked_because_of_it(self) -> None:
        assert state("api-use", {"API": ["No"]}) is AnswerState.PARENT_NO
        assert (
            state("connected-networks", {"Connection to public sector networks": ["No"]})
            is AnswerState.PARENT_NO
        )

    def test_a_no_reaches_the_grandchildren(self) -> None:
        assert state("api-documentation-formats", {"API": ["No"]}) is AnswerState.PARENT_NO
        assert (
            state("connected-networks-other", {"Connection to public sector networks": ["No"]})
            is AnswerState.PARENT_NO
        )

    def test_a_follow_up_waits_for_its_answer_and_not_for_any(self) -> None:
        assert state("data-export-formats-other", {"Data export formats": ["CSV"]}) is AnswerState.PARENT_NO
        assert (
            state("data-export-formats-other", {"Data export formats": ["CSV", "Other"]}) is AnswerState.BLANK
        )

    def test_a_yes_at_extra_cost_is_a_yes_to_the_follow_up(self) -> None:
        assert state("web-chat-hours", {"Web chat support": ["Yes, at an extra cost"]}) is AnswerState.BLANK

    def test_a_yes_shown_by_its_short_label_is_a_yes_to_the_follow_up(self) -> None:
        answers = {"Web chat support": ["Web chat"]}
        assert state("web-chat-hours", answers, "g-cloud-12", "cloud-software") is AnswerState.BLANK

    def test_a_parent_that_was_left_blank_says_nothing(self) -> None:
        assert state("api-use", {"Getting started": ["With a call."]}) is AnswerState.BLANK

    def test_a_parent_with_an_unknown_value_says_nothing(self) -> None:
        assert state("api-use", {"API": ["Partly"]}) is AnswerState.BLANK

    def test_a_question_of_another_lot_is_not_asked(self) -> None:
        assert state("api", {}, lot="cloud-support") is AnswerState.NOT_ASKED
        assert state("training", {}, "g-cloud-12", "cloud-software") is AnswerState.NOT_ASKED

    def test_the_same_question_may_hang_on_a_parent_in_one_iteration_only(self) -> None:
        no_interface = {"Service interface": ["No"]}
        assert (
            state("accessibility-standards", no_interface, "g-cloud-12", "cloud-software")
            is AnswerState.PARENT_NO
        )
        assert (
            state("accessibility-standards", no_interface, "g-cloud-9", "cloud-software") is AnswerState.BLANK
        )

    def test_what_is_only_asked_after_a_no_is_no_refusal_after_a_yes(self) -> None:
        certified = {"Security governance certified": ["Yes"]}
        assert state("security-governance-approach", certified) is AnswerState.NOT_ASKED

    def test_in_an_unknown_lot_no_answer_is_left_blank(self) -> None:
        assert state("api", {}, "g-cloud-22", "brand-new-lot") is AnswerState.BLANK


def official_questions(shared: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every question that buyers see: framework, lot and the question as published."""
    old = json.loads((shared / "marketplace-pages" / "questions.json").read_text("utf-8"))
    for framework, lots in old.items():
        for lot, parts in lots.items():
            for section in parts["display_sections"]:
                yield from ((framework, lot, question) for question in section["questions"])
    new = json.loads((shared / "real" / "g-cloud-15-questions.json").read_text("utf-8"))["questions"]
    for name, sections in new.items():
        for lot in NEWEST_LOTS[name]:
            for section in sections:
                yield from (("g-cloud-15", lot, question) for question in section["questions"])


class TestThePublishedQuestionLists:
    def test_every_question_is_mapped_or_left_out_with_a_reason(
        self, crosswalk: Crosswalk, shared: Path
    ) -> None:
        lost, seen = [], 0
        for framework, lot, published in official_questions(shared):
            seen += 1
            question = crosswalk.question_for(framework, lot, published["label"])
            if question is None:
                if label_key(published["label"]) not in crosswalk.left_out:
                    lost.append((framework, lot, published["label"]))
            elif not crosswalk.asked(question.id, framework, lot):
                lost.append((framework, lot, question.id))
        assert seen > 1500
        assert lost == []

    def test_different_questions_of_a_lot_stay_different(self, crosswalk: Crosswalk, shared: Path) -> None:
        seen: dict[tuple[str, str, str], str] = {}
        for framework, lot, published in official_questions(shared):
            question = crosswalk.question_for(framework, lot, published["label"])
            if question is not None:
                assert (
                    seen.setdefault((framework, lot, question.id), published["label"]) == published["label"]
                )

    def test_every_option_is_mapped_and_different_ones_stay_different(
        self, crosswalk: Crosswalk, shared: Path
    ) -> None:
        seen = 0
        for framework, lot, published in official_questions(shared):
            question = crosswalk.question_for(framework, lot, published["label"])
            if question is None:
                continue
            codes: dict[str, str] = {}
            for option in published.get("options", ()):
                labels = (
                    [option] if isinstance(option, str) else [option["label"], option.get("filter_label")]
                )
                for label in filter(None, labels):
                    seen += 1
                    found = crosswalk.option_for(question, label, framework)
                    assert found is not None, (framework, lot, question.id, label)
                    assert codes.setdefault(found.id, labels[0]) == labels[0]
        assert seen > 3000

    def test_every_option_label_is_known_in_its_own_iteration(
        self, crosswalk: Crosswalk, shared: Path
    ) -> None:
        for framework, lot, published in official_questions(shared):
            question = crosswalk.question_for(framework, lot, published["label"])
            for option in published.get("options", ()) if question else ():
                found = crosswalk.option_for(question, option if isinstance(option, str) else option["label"])
                again = crosswalk.option_for(question, found.id, framework)
                assert again is not None, (framework, lot, question.id, option)
                assert again.version == found.version, (framework, lot, question.id, option)

    def test_a_wcag_label_has_the_version_that_it_names(self, crosswalk: Crosswalk) -> None:
        seen = set()
        for question in crosswalk.questions.values():
            for framework in (f"g-cloud-{number}" for number in range(9, 16)):
                found = crosswalk.option_for(question, "wcag-aa", framework)
                if found is not None:
                    assert found.version is not None
                    assert f"WCAG {found.version} AA" in found.label
                    seen.add(found.version)
        assert seen == {"2.0", "2.1", "2.2"}

    def test_follow_ups_hang_on_the_published_answers(self, crosswalk: Crosswalk, shared: Path) -> None:
        old = json.loads((shared / "marketplace-pages" / "questions.json").read_text("utf-8"))
        seen = 0
        for framework, lots in old.items():
            for lot, parts in lots.items():
                published = {q["id"]: q for s in parts["display_sections"] for q in s["questions"]}
                for parent in published.values():
                    for child, values in (parent.get("followup") or {}).items():
                        # A yes to a question without one is a slip of the lists: the follow-up is put to all.
                        if child not in published or (values == [True] and parent["type"] != "boolean"):
                            continue
                        asking = self._asking(crosswalk, framework, lot, published[child]["label"])
                        question = crosswalk.question_for(framework, lot, parent["label"])
                        chosen = {o.get("value", o["label"]): o["label"] for o in parent.get("options", ())}
                        labels = [{True: "Yes", False: "No"}.get(v, chosen.get(v)) for v in values]
                        # "Risk analysis" is waited for where later lists no longer have it.
                        expected = {
                            crosswalk.option_for(question, label or "Risk analysis").id for label in labels
                        }
                        assert (asking.parent, set(asking.parent_values)) == (question.id, expected), (
                            framework,
                            child,
                        )
                        seen += 1
        assert seen > 500

    def test_follow_ups_of_the_newest_iteration_hang_on_their_answers(
        self, crosswalk: Crosswalk, shared: Path
    ) -> None:
        new = json.loads((shared / "scale" / "data" / "questions.json").read_text("utf-8"))["question_sets"]
        seen = 0
        for name, sections in new.items():
            for lot in NEWEST_LOTS[name]:
                for published in (q for s in sections for q in s["questions"] if "asked_if" in q):
                    asking = self._asking(crosswalk, "g-cloud-15", lot, published["label"])
                    question = crosswalk.question_for("g-cloud-15", lot, published["asked_if"]["question"])
                    expected = {crosswalk.option_for(question, v).id for v in published["asked_if"]["any_of"]}
                    assert (asking.parent, set(asking.parent_values)) == (question.id, expected), published[
                        "label"
                    ]
                    seen += 1
        assert seen > 100

    @staticmethod
    def _asking(crosswalk: Crosswalk, framework: str, lot: str, label: str) -> Any:
        return crosswalk.asking(crosswalk.question_for(framework, lot, label).id, framework, lot)

    def test_every_answer_shown_on_recorded_pages_is_understood(
        self, crosswalk: Crosswalk, shared: Path
    ) -> None:
        unknown, seen = set(), 0
        for path in (shared / "marketplace-pages" / "truth").glob("*.json"):
            display = json.loads(path.read_text("utf-8"))["display"]
            framework = display["frameworkName"].lower().replace(" ", "-")
            lot = display["lotName"].lower().replace(" ", "-")
            for row in (row for section in display["sections"] for row in section["rows"]):
                question = crosswalk.question_for(framework, lot, row["label"])
                if question is None:
                    if label_key(row["label"]) not in crosswalk.left_out:
                        unknown.add(row["label"])
                    continue
                asking = crosswalk.asking(question.id, framework, lot)
                if question.options and asking is not None and not asking.own_words:
                    seen += len(row["display"])
                    unknown |= {
                        v for v in row["display"] if crosswalk.option_for(question, v, framework) is None
                    }
        assert seen > 2000
        assert unknown == set()


TABLE = """
[options.colours]
red = "Red"
green = [{ label = "Green", in = "15", version = "2" }, { label = "Grün", in = "9-14", version = "1" }]

[[question]]
id = "colour"
label = "Colour"
kind = "one"
section = "Paint"
options = "colours"
asked = [{ in = "9-15", lots = ["software"] }]

[[question]]
id = "shade"
label = "Shade"
kind = "text"
section = "Paint"
asked = [{ in = "15", lots = ["software"], parent = "colour", when = ["red"] }]

[[left_out]]
labels = ["Price"]
why = "it is elsewhere"
"""


class TestAWrongRowIsNamed:
    def test_a_right_table_is_read(self) -> None:
        table = read_crosswalk(TABLE)
        assert [option.id for option in table.questions["colour"].options] == ["red", "green"]
        assert table.questions["shade"].parent == "colour"

    @pytest.mark.parametrize(
        ("before", "after", "named"),
        [
            ('id = "shade"', 'id = "colour"', "question 'colour': is there twice"),
            ('label = "Shade"', 'label = "colour"', "question 'shade': has the label 'colour' in"),
            (
                'parent = "colour"',
                'parent = "odour"',
                "question 'shade': has the parent 'odour', which is not a",
            ),
            ('when = ["red"]', 'when = ["blue"]', r"question 'shade': waits for \['blue'\] of 'colour'"),
            (', when = ["red"]', "", r"question 'shade': waits for \[\]"),
            (
                'in = "9-15"',
                'in = "9-14"',
                "question 'shade': has the parent 'colour', which is not asked in",
            ),
            ('in = "9-15"', 'in = "9-99"', "question 'colour': iterations '9-99' name 'g-cloud-99'"),
            ('in = "9-15"', 'in = "nine"', "question 'colour': iterations 'nine' are not such as"),
            (
                'lots = ["software"] }]',
                'lots = ["hardware"] }]',
                "question 'colour': Invalid enum value 'hardware'",
            ),
            ('kind = "text"', 'kind = "one"', "question 'shade': has no options"),
            ('kind = "one"', 'kind = "yes-no"', "question 'colour': has options, but its kind is 'yes-no'"),
            ('options = "colours"', 'options = "colors"', "question 'colour': names the options 'colors'"),
            ('red = "Red"', 'red = "green"', "question 'colour': has 'Green' both as 'red' and as 'green'"),
            ('section = "Paint"\nasked', 'sections = "Paint"\nasked', "question 'shade': "),
            (
                '[{ in = "15", lots = ["software"], parent = "colour", when = ["red"] }]',
                "[]",
                "is asked nowhere",
            ),
            ('labels = ["Price"]', 'labels = ["Shade"]', "question 'shade': is left out"),
            ("[[left_out]]", "[[leftout]]", "unknown table 'leftout'"),
            ('why = "it is elsewhere"', "", "left_out number 1: "),
            ("[[left_out]]", "[[left_out]", "line "),
            ('green = [{ label = "Green", in = "15"', 'green = [{ label = "Green"', "options 'colours': "),
        ],
    )
    def test_by_file_and_row(self, before: str, after: str, named: str) -> None:
        assert before in TABLE
        with pytest.raises(DataFileError, match=named) as caught:
            read_crosswalk(TABLE.replace(before, after), "mine.toml")
        assert str(caught.value).startswith("mine.toml: ")

    def test_a_question_asked_in_two_ways_in_one_lot(self) -> None:
        twice = 'asked = [{ in = "15", lots = ["software"] }, { in = "15", lots = ["software"], parent'
        with pytest.raises(DataFileError, match="question 'shade': is asked in two ways"):
            read_crosswalk(TABLE.replace('asked = [{ in = "15", lots = ["software"], parent', twice))

    def test_a_question_that_is_its_own_ancestor(self) -> None:
        circle = TABLE.replace(
            'asked = [{ in = "9-15", lots = ["software"] }]',
            'asked = [{ in = "15", lots = ["software"], parent = "other", when = ["yes"] }]',
        )
        other = """
[[question]]
id = "other"
label = "Other"
kind = "yes-no"
section = "Paint"
asked = [{ in = "15", lots = ["software"], parent = "colour", when = ["red"] }]
"""
        with pytest.raises(DataFileError, match="is its own ancestor"):
            read_crosswalk(circle + other)


@given(st.text(), st.text(), st.text(), st.text())
def test_no_label_or_value_is_too_odd_to_look_up(framework: str, lot: str, label: str, value: str) -> None:
    crosswalk = load_crosswalk()
    question = crosswalk.question_for(framework, lot, label)
    assert question is None or label_key(label) in map(label_key, question.labels)
    assert crosswalk.option_for(crosswalk.questions["api"], value, framework) is None or label_key(value) in (
        "yes",
        "no",
    )
