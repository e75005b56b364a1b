"""From a record to a service ready to be judged: answers by canonical question, the price parsed."""

from __future__ import annotations

from catalogue.model import Answered, Issue, Service
from catalogue.price import Price, PriceError, parse_price
from catalogue.questions import Crosswalk, Question, label_key, load_crosswalk
from catalogue.records import Answer, ServiceRecord


def read_service(record: ServiceRecord, crosswalk: Crosswalk | None = None) -> tuple[Service, list[Issue]]:
    """Read what a record says, and note what could not be understood; nothing of the record is lost.

    The issues are ``unknown-question`` (no question has this label), ``unknown-option`` (a value is not among
    the question's options) and ``unparsed-price``.
    """
    crosswalk = crosswalk or load_crosswalk()
    framework, lot = record.framework.slug, record.lot.slug
    answers: dict[str, tuple[Answered, ...]] = {}
    issues: list[Issue] = []
    for section in record.sections or ():
        for answer in section.answers:
            question = crosswalk.question_for(framework, lot, answer.question)
            if question is None:
                if label_key(answer.question) not in crosswalk.left_out:
                    issues.append(_unknown_question(record, section.name, answer))
                continue
            options = _options(crosswalk, question, answer.values, framework) if question.options else ()
            if None in options and not _in_own_words(crosswalk, question, record):
                issues += _unknown_options(record, question, answer, options)
            answered = Answered(question.id, answer.question, answer.values, options)
            before = answers.get(question.id)
            answers[question.id] = (answered,) if before is None else (*before, answered)
    return Service(record, answers, _price(record, issues)), issues


def _options(
    crosswalk: Crosswalk, question: Question, values: tuple[str, ...], framework: str
) -> tuple[str | None, ...]:
    found = [crosswalk.option_for(question, value, framework) for value in values]
    return tuple([None if option is None else option.id for option in found])


def _in_own_words(crosswalk: Crosswalk, question: Question, record: ServiceRecord) -> bool:
    """Whether suppliers of the lot answer in their own words what others choose from options."""
    asking = crosswalk.asking(question.id, record.framework.slug, record.lot.slug)
    return asking is not None and asking.own_words


def _price(record: ServiceRecord, issues: list[Issue]) -> Price | None:
    """The parsed price; ``None`` where none is stated, and with an issue where it does not parse."""
    if record.price is None or not record.price.strip():
        return None
    try:
        return parse_price(record.price)
    except PriceError as error:
        issues.append(Issue("unparsed-price", _place(record), str(error), {"price": record.price}))
        return None


def _place(record: ServiceRecord) -> str:
    return record.url or record.id


def _unknown_question(record: ServiceRecord, section: str, answer: Answer) -> Issue:
    framework, lot = record.framework.slug, record.lot.slug
    return Issue(
        "unknown-question",
        _place(record),
        f"no question has the label {answer.question!r}, shown under {section!r} in {framework}, lot {lot}; "
        "its answer is kept as shown",
        {"framework": framework, "lot": lot, "section": section, "question": answer.question},
    )


def _unknown_options(
    record: ServiceRecord, question: Question, answer: Answer, options: tuple[str | None, ...]
) -> list[Issue]:
    framework, lot = record.framework.slug, record.lot.slug
    expected = ", ".join(repr(option.label) for option in question.options)
    return [
        Issue(
            "unknown-option",
            _place(record),
            f"{answer.question!r} has the value {value[:80]!r} in {framework}, lot {lot}; "
            f"expected one of {expected}",
            {"framework": framework, "lot": lot, "question": answer.question, "value": value},
        )
        for value, option in zip(answer.values, options, strict=True)
        if option is None
    ]
