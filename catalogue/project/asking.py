"""Clarification: what a supplier was asked, what it answered, and what followed. Terms are not negotiated."""

from __future__ import annotations

from dataclasses import replace

from catalogue.errors import UsageError
from catalogue.project import actions
from catalogue.project.guards import not_later, on_longlist, ongoing
from catalogue.project.values import By, Clarification, Project, Reply
from catalogue.project.words import needed

_CHANNEL_LENGTH = 100


def ask(project: Project, action: actions.Ask, by: By) -> Project:
    """Put one question about each of the services; each gets a number of its own."""
    ongoing(project)
    if not action.services:
        raise UsageError("no service is named; expected one at least")
    text = needed(action.text, "the question")
    channel = needed(action.channel, "the channel", most=_CHANNEL_LENGTH)
    not_later(action.on, by.time.date(), "the day of the question")
    first = len(project.questions) + 1
    asked = tuple(
        Clarification(number, by, on_longlist(project, service).service_id, text, action.on, channel)
        for number, service in enumerate(dict.fromkeys(action.services), start=first)
    )
    return replace(project, questions=(*project.questions, *asked))


def answer(project: Project, action: actions.Answer, by: By) -> Project:
    """Note the answer to a question; one answer each, as a second is a question asked again."""
    ongoing(project)
    asked = project.clarification(action.number)
    if asked is None:
        raise UsageError(f"there is no question {action.number} in project {project.name!r}")
    if asked.reply is not None:
        raise UsageError(
            f"question {action.number} was answered on {asked.reply.on}; ask again for another answer"
        )
    not_later(action.on, by.time.date(), "the day of the answer")
    if action.on < asked.on:
        raise UsageError(f"the answer is of {action.on}, before the question of {asked.on}")
    reply = Reply(
        by,
        action.on,
        needed(action.text, "the answer"),
        needed(action.channel, "the channel", most=_CHANNEL_LENGTH),
        needed(action.effect, "the effect of the answer"),
    )
    return replace(
        project,
        questions=tuple(
            replace(each, reply=reply) if each.number == action.number else each for each in project.questions
        ),
    )
