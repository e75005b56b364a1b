"""What a profile asks for, one need at a time, and the names by which its systems are known.

A need is a row of the rules raised by the profile: by a system and its intent, by a gap, by a requirement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from catalogue.profile import LegacySystem, Profile, Requirement
from catalogue.rules import NeedRule, Rules
from catalogue.terms import COMMON, stem
from catalogue.vocabulary import AliasGroup, Vocabulary, build_vocabulary, key_of, parts_of, spellings_of

#: A name of so few letters, unknown to the vocabulary, needs a word of the system's purpose beside it.
_SHORT = 4
#: Words, by their stems, of a purpose that could be any system's.
VAGUE = frozenset(["record", "data", "manage", "case", "inform", "docu", "form", "report"])


@dataclass(frozen=True, slots=True)
class Need:
    """One thing a profile asks for. ``text`` is how it is shown.

    ``share`` is how much of its barrier it can fill, ``against`` how much it can take away, both at most 1;
    ``fit`` how far the first depends on the listing being about the profile's goal.
    """

    rule: NeedRule
    barrier: str
    text: str
    share: Decimal
    against: Decimal
    fit: Decimal
    system: int | None = None
    requirement: Requirement | None = None

    @property
    def ask(self) -> str | None:
        """The clarification question where a listing is silent."""
        return self.rule.ask and self.rule.ask.replace("{system}", self.text_of_subject).replace(
            "{text}", self.text
        )

    @property
    def text_of_subject(self) -> str:
        """What the need is about, without the verb."""
        head, _, tail = self.rule.says.partition("{system}")
        return self.text.removeprefix(head).removesuffix(tail) if "{system}" in self.rule.says else self.text


@dataclass(frozen=True, slots=True)
class Estate:
    """The vocabulary with the profile's systems in it; ``systems`` gives their places in the profile."""

    vocabulary: Vocabulary
    systems: dict[str, int]


def needs_of(profile: Profile, rules: Rules) -> tuple[Need, ...]:
    """Every need that the profile raises, in the order of the rules, then of the profile."""
    return tuple(need for rule in rules.needs for need in _raised(rule, profile, rules))


def _raised(rule: NeedRule, profile: Profile, rules: Rules) -> Iterator[Need]:
    if rule.reads == "systems":
        for number, system in enumerate(profile.legacy):
            if f"legacy.intent:{system.intent}" in rule.when:
                text = rule.says.replace("{system}", system.system)
                yield Need(rule, rule.barrier, text, rule.share, rule.against, rule.fit, system=number)
    elif rule.reads == "requirement":
        for requirement in profile.requirements:
            share, fit = rules.requirement[requirement.priority], rule.fit
            if requirement.question is not None:
                share, fit = share * rules.requirement["question"], Decimal(1)
            yield Need(
                rule, requirement.barrier, requirement.text, share, share, fit, requirement=requirement
            )
    elif rule.when & _stated(profile):
        budget = profile.organisation.budget_per_year
        text = rule.says.replace("{budget}", "" if budget is None else pounds(budget))
        yield Need(rule, rule.barrier, text, rule.share, rule.against, rule.fit)


def _stated(profile: Profile) -> frozenset[str]:
    """The words of a profile that rules may wait for."""
    organisation = profile.organisation
    words = {"always"}
    words |= {f"legacy.intent:{system.intent}" for system in profile.legacy}
    words |= {f"legacy.interfaces:{word}" for system in profile.legacy for word in system.interfaces}
    connected = [system for system in profile.legacy if system.intent == "connect"]
    words |= {f"legacy.connects-by:{word}" for system in connected for word in system.interfaces}
    words |= {f"skills.gaps:{word}" for word in profile.skills_gaps}
    words |= {f"resources.gaps:{word}" for word in profile.resources_gaps}
    words |= {f"customers.needs:{word}" for word in profile.customers_needs}
    if organisation.budget_per_year is not None:
        words.add("organisation.budget_per_year")
    if organisation.sector is not None:
        words.add("organisation.sector")
    return frozenset(words)


def estate_of(profile: Profile, vocabulary: Vocabulary) -> Estate:
    """The vocabulary in which each system of the profile is one group, with the names from both."""
    own: list[AliasGroup] = []
    taken: set[str] = set()
    for system in profile.legacy:
        group, merged = group_of_system(system, vocabulary)
        own.append(group)
        taken |= merged
    # Two names of one estate stand together by no chance: each gives the others' gated names their context.
    own = [
        replace(
            group,
            context=(*group.context, *(name for other in own if other is not group for name in other.names)),
        )
        if group.gated
        else group
        for group in own
    ]
    others = [group for group in vocabulary.groups if group.name not in taken]
    names = {parts_of(name) for group in own for name in group.names if name not in group.gated}
    kept = [reduced for group in others if (reduced := _without(group, names)) is not None]
    # Two rows of a profile with one name share the first one's place.
    places = {group.name: number for number, group in reversed(list(enumerate(own)))}
    return Estate(build_vocabulary((*own, *kept)), places)


def group_of_system(system: LegacySystem, vocabulary: Vocabulary) -> tuple[AliasGroup, set[str]]:
    """One system's group: its names in the profile, and those of the groups that these belong to.

    The second are the names of these groups.
    """
    stated = tuple(dict.fromkeys((system.system, *system.aliases)))
    keys = {key_of(name) for name in stated}
    groups = [
        group
        for group in vocabulary.groups
        if group.kind in ("system", "platform") and not keys.isdisjoint(map(key_of, group.names))
    ]
    names = list(dict.fromkeys((*stated, *(name for group in groups for name in group.names))))
    gates = {parts_of(name) for group in groups for name in group.gated}
    purpose = tuple(
        word for word in parts_of(system.purpose or "") if word not in COMMON and stem(word) not in VAGUE
    )
    unknown_short = [
        name
        for name in stated
        if len(parts_of(name)) == 1 and len(name) <= _SHORT and vocabulary.group_of(name) is None and purpose
    ]
    gated = [name for name in names if parts_of(name) in gates or name in unknown_short]
    for name in tuple(names):
        others = [other for other in spellings_of(name) if other not in names]
        names += others
        gated += others if name in gated else [other for other in others if parts_of(other) in gates]
    context = tuple(dict.fromkeys(word for group in groups for word in group.context))
    if gated:
        context = tuple(dict.fromkeys((*context, *purpose)))
    group = AliasGroup(
        name=system.system,
        also=tuple(name for name in names if name != system.system),
        kind="system",
        source="profile",
        context=context,
        gated=tuple(gated),
        unless=tuple(dict.fromkeys(word for found in groups for word in found.unless)),
        within=min((found.within for found in groups if found.within), default=None),
    )
    return group, {found.name for found in groups}


def _without(group: AliasGroup, names: set[tuple[str, ...]]) -> AliasGroup | None:
    """A group of the vocabulary without the names that a system of the profile has taken."""
    kept = [name for name in group.names if parts_of(name) not in names]
    if len(kept) == len(group.names):
        return group
    if not kept:
        return None
    gated = tuple(name for name in group.gated if name in kept)
    return replace(
        group, name=kept[0], also=tuple(kept[1:]), gated=gated, context=group.context if gated else ()
    )


def pounds(amount: Decimal) -> str:
    """An amount for a sentence: ``£60,000`` or ``£1,234.50``."""
    return f"£{amount:,.2f}".removesuffix(".00")
