"""Clarification questions of a project, their answers, and what followed."""

from __future__ import annotations

from datetime import date

import click

from catalogue.project import actions
from tui.commands.edge import Settings, pass_settings, print_json, say, tell, tell_row
from tui.commands.project.options import AS, IDS, JSON, NAME, Day, plain, projects
from tui.commands.project.wording import question_json

_ON = click.option("--on", type=Day(), help="The day, if not today.")
_CHANNEL = click.option("--channel", required=True, metavar="TEXT", help="E-mail, telephone, meeting ….")


@click.command()
@NAME
@IDS
@click.option("--question", required=True, metavar="TEXT", help="What is asked.")
@_CHANNEL
@_ON
@AS
@pass_settings
def ask(
    settings: Settings,
    name: str,
    ids: tuple[str, ...],
    *,
    question: str,
    channel: str,
    on: date | None,
    actor: str | None,
) -> None:
    """Note a clarification question to the suppliers of services on the longlist of PROJECT.

    Questions make clear what is offered. Terms may not be negotiated in a direct award.
    """
    with projects(settings, actor) as store:
        found = store.act(
            name, actions.Ask(services=ids, text=question, on=on or store.now.date(), channel=channel)
        )
    for each in found.questions[-len(set(ids)) :]:
        say(f"Question {each.number}, about {each.service_id}.")
    say("Answers are noted with: longlist project answer")


@click.command()
@NAME
@click.argument("number", type=int)
@click.argument("text")
@click.option("--effect", required=True, metavar="TEXT", help="What follows from it, or 'none'.")
@_CHANNEL
@_ON
@AS
@pass_settings
def answer(
    settings: Settings,
    name: str,
    number: int,
    text: str,
    *,
    effect: str,
    channel: str,
    on: date | None,
    actor: str | None,
) -> None:
    """Note the answer TEXT to question NUMBER of PROJECT, and its effect."""
    with projects(settings, actor) as store:
        found = store.act(
            name,
            actions.Answer(
                number=number, text=text, on=on or store.now.date(), channel=channel, effect=effect
            ),
        )
    waiting = sum(each.reply is None for each in found.questions)
    say(f"Answer to question {number} noted; {waiting} without an answer yet.")


@click.command()
@NAME
@JSON
@pass_settings
def questions(settings: Settings, name: str, as_json: bool) -> None:
    """List the clarification questions of PROJECT with their answers."""
    with projects(settings, read_only=True) as store:
        found = store.get(name)
    if as_json:
        print_json([question_json(each) for each in found.questions])
        return
    for each in found.questions:
        tell_row(
            ("Question", str(each.number)),
            ("Asked on", str(each.on)),
            ("Service id", each.service_id),
            ("By way of", plain(each.channel)),
            ("Text", plain(each.text)),
        )
        if each.reply is None:
            tell("\tno answer yet")
        else:
            tell_row(("Answered on", str(each.reply.on)), ("Answer", plain(each.reply.text)), below=True)
            tell(f"\teffect: {plain(each.reply.effect)}")
