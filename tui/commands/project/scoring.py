"""Criteria, scores and ranking of a project: fixed, given and shown in this order and no other."""

from __future__ import annotations

import click

from catalogue.errors import UsageError
from catalogue.project import Criterion, actions, criteria_of, totals_of
from catalogue.replay import AMONG, rank_action
from db.purchase import rank as rank_longlist
from tui.commands.edge import Settings, is_plain, pass_settings, print_json, say, tell_row
from tui.commands.project.beginning import amount
from tui.commands.project.options import AS, JSON, NAME, caution, plain, projects
from tui.commands.project.showing import records_as_judged
from tui.commands.project.wording import criteria_json, total_json


@click.command()
@NAME
@click.argument("weights", metavar="[NAME=WEIGHT...]", nargs=-1)
@click.option("--lowest-price", is_flag=True, help="Nothing but the price counts, where prices compare.")
@click.option("--scale", type=int, default=5, show_default=True, help="The best score of a criterion.")
@click.option("--because", default="", metavar="TEXT", help="Why they change, once scores were seen.")
@JSON
@AS
@pass_settings
def criteria(
    settings: Settings,
    name: str,
    weights: tuple[str, ...],
    *,
    lowest_price: bool,
    scale: int,
    because: str,
    as_json: bool,
    actor: str | None,
) -> None:
    """Fix how the shortlist of PROJECT is judged: criteria with weights that sum to 100, or the lowest price.

    No score is taken or shown before. They may be fixed anew until the first score is given or shown. Without
    weights, list them.
    """
    if not weights and not lowest_price:
        with projects(settings, read_only=True) as store:
            held = criteria_of(store.get(name))
    else:
        if weights and lowest_price:
            raise UsageError("--lowest-price has no other criteria; leave out the weights")
        action = actions.SetCriteria(
            method="lowest-price" if lowest_price else "best-value",
            criteria=tuple(_criterion(each) for each in weights),
            scale=scale,
            because=because,
        )
        with projects(settings, actor) as store:
            held = criteria_of(store.act(name, action))
    if as_json:
        print_json(criteria_json(held))
        return
    for each in held.criteria:
        tell_row(("Criterion", plain(each.name)), ("Weight", str(each.weight)))
    best = f", scored 0 to {held.scale}" if held.method == "best-value" else ""
    say(f"{held.method}{best}; fixed by {held.by.actor} on {held.by.time:%Y-%m-%d}.")


def _criterion(text: str) -> Criterion:
    name, equals, weight = text.rpartition("=")
    if not equals or not name.strip():
        raise UsageError(f"criterion {text!r}: expected NAME=WEIGHT, such as 'Whole-life cost=40'")
    return Criterion(name.strip(), amount(weight, f"the weight of {name.strip()!r}"))


@click.command()
@NAME
@JSON
@AS
@pass_settings
def rank(settings: Settings, name: str, as_json: bool, actor: str | None) -> None:
    """Show how the longlist of PROJECT matches its profile, with scores.

    Judged among the longlist alone, by the records that are kept with the project, so that it can be worked
    out again. The first showing is noted in the trail: criteria are fixed from then on.
    """
    with projects(settings, actor) as store:
        result = rank_longlist(store, name)
        found = store.get(name)
    if as_json:
        print_json(
            {
                "profile": result.profile.digest,
                "rules": result.rules,
                "digest": rank_action(found, result).digest,
                "matches": [
                    {
                        "rank": each.rank,
                        "id": each.service.id,
                        "name": each.service.record.name,
                        "score": float(each.score),
                        "contributions": {part.barrier: float(part.points) for part in each.contributions},
                    }
                    for each in result.matches
                ],
                "excluded": [
                    {"id": each.service.id, "requirement": each.requirement.text, "found": list(each.found)}
                    for each in result.excluded
                ],
            }
        )
        return
    for each in result.matches:
        listed = found.listed(each.service.id)
        fate = listed.fate if listed is not None else ""
        tell_row(
            ("Rank", str(each.rank)),
            ("Score", str(each.score)),
            ("Service id", each.service.id),
            ("Service", plain(each.service.record.name)),
            ("Fate", fate),
        )
    for gone in result.excluded:
        says = "; ".join(plain(value) for value in gone.found) or "not asked, as answered before"
        must = f"must be {gone.requirement.text!r}, found: {says}"
        tell_row(
            ("Rank", "none" if is_plain() else "-"),
            ("Score", "none" if is_plain() else "-"),
            ("Service id", gone.service.id),
            ("Service", plain(gone.service.record.name)),
            ("Excluded", must),
        )
    say("How high a service ranks orders a list for a person to read; it is no reason for a rejection.")
    say(AMONG)


@click.command()
@NAME
@click.argument("id", metavar="ID")
@click.argument("criterion")
@click.argument("value")
@click.option("--evidence", required=True, metavar="TEXT", help="What the score rests on.")
@click.option("--note", default="", metavar="TEXT", help="Anything else about it.")
@click.option("--scorer", metavar="NAME", help="Who gives the score, if not who types it.")
@AS
@pass_settings
def score(
    settings: Settings,
    name: str,
    id: str,
    criterion: str,
    value: str,
    *,
    evidence: str,
    note: str,
    scorer: str | None,
    actor: str | None,
) -> None:
    """Score a shortlisted service of PROJECT: VALUE on CRITERION.

    By lowest price the criterion is Price and the value what the service costs in pounds. The same scorer's
    score before is replaced; of several scorers the mean counts.
    """
    with projects(settings, actor) as store:
        found = store.act(
            name,
            actions.GiveScore(
                service_id=id,
                criterion=criterion,
                value=amount(value, "the score"),
                scorer=scorer or store.actor or "",
                evidence=evidence,
                note=note,
            ),
        )
        missing = sum(len(each.missing) for each in totals_of(found))
    left = "1 score is" if missing == 1 else f"{missing} scores are"
    say(f"Scored. {left} missing." if missing else "Scored. Every service has all its scores.")


@click.command()
@NAME
@JSON
@pass_settings
def scores(settings: Settings, name: str, as_json: bool) -> None:
    """Show what each shortlisted service of PROJECT comes to, and every score with its evidence."""
    with projects(settings, read_only=True) as store:
        found = store.get(name)
        totals = totals_of(found)
        records = records_as_judged(store, name)
        if as_json:
            print_json(
                {
                    "criteria": criteria_json(criteria_of(found)),
                    "totals": [total_json(each) for each in totals],
                    "scores": [
                        {
                            "id": each.service_id,
                            "criterion": each.criterion,
                            "value": str(each.value),
                            "scorer": each.scorer,
                            "evidence": each.evidence,
                            "note": each.note,
                            "actor": each.by.actor,
                        }
                        for each in found.scores
                    ],
                }
            )
            return
        for total in totals:
            listed = found.listed(total.service_id)
            record = records.get(listed.digest) if listed is not None else None
            told = str(total.total) if total.total is not None else f"missing: {', '.join(total.missing)}"
            tell_row(
                ("Rank", str(total.rank or ("none yet" if is_plain() else "-"))),
                ("Total", told),
                ("Service id", total.service_id),
                ("Service", plain(record.name) if record else ""),
            )
            for each in found.scores:
                if each.service_id == total.service_id:
                    tell_row(
                        ("Criterion", plain(each.criterion)),
                        ("Score", str(each.value)),
                        ("Scorer", plain(each.scorer)),
                        ("Evidence", plain(each.evidence)),
                        below=True,
                    )
        caution(store, found)
