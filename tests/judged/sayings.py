"""How much of what suppliers say in other words the rules understand, on the sentences of ``sayings.toml``.

Every sentence is a listing of its own, judged for its need alone. ``python tests/judged/sayings.py`` prints
shares by need; ``--missed`` adds the sentences of the development half that are not understood.
"""

# ruff: noqa: T201  it is a command too
from __future__ import annotations

import hashlib
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from catalogue.match import match
from catalogue.model import Service
from catalogue.profile import parse_profile
from catalogue.read import read_service
from catalogue.records import Answer, FrameworkRef, LotRef, Section, ServiceRecord, SupplierRef
from catalogue.rules import load_rules

BANK = Path(__file__).with_name("sayings.toml")
DESCRIPTION = "Service description"
#: What is expected of a sentence.
SIDES = ("for", "against", "weak", "near")
HEAD = '[organisation]\nname = "Any body"\n'


@dataclass(frozen=True)
class Said:
    """One sentence: the need it is judged for, what is expected, and what was found."""

    need: str
    side: str
    text: str
    found: frozenset[str]

    @property
    def held_out(self) -> bool:
        """Whether it is in the half that nothing was mended by."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 1

    @property
    def is_understood(self) -> bool:
        """Whether the findings are as expected."""
        is_for = any(verdict.endswith("-for") for verdict in self.found)
        is_against = any(verdict.endswith("-against") for verdict in self.found)
        if self.side == "for":
            return is_for and not is_against
        if self.side == "against":
            return is_against and not is_for
        return "strong-for" not in self.found if self.side == "weak" else not is_for


def judged() -> list[Said]:
    """Every sentence of the bank with what the rules make of it."""
    table = tomllib.loads(BANK.read_text(encoding="utf-8"))
    said: list[Said] = []
    for need, row in table["need"].items():
        said += _judged(need, _profile_for(need), row, DESCRIPTION)
        for field, elsewhere in row.get("at", {}).items():
            said += _judged(need, _profile_for(need), elsewhere, field)
    for row in table["system"]:
        need = f"legacy.{row['intent']}s"
        said += _judged(need, _profile_with(row), row, DESCRIPTION, about=row["purpose"])
    for row in table["tick"]:
        said += _ticked(row)
    return said


def shares(said: list[Said], *, held_out: bool) -> dict[str, tuple[int, int]]:
    """By what is expected, how many sentences of a half are understood, of so many."""
    half = [each for each in said if each.held_out is held_out]
    by_side = {side: [each for each in half if each.side == side] for side in SIDES}
    return {side: (sum(each.is_understood for each in of), len(of)) for side, of in by_side.items()}


def _judged(
    need: str, profile: str, row: dict[str, Any], field: str, *, about: str | None = None
) -> Iterator[Said]:
    sentences = [(side, text) for side in SIDES for text in row.get(side, ())]
    services = [_listing(n, text, row.get("field", field), about) for n, (_, text) in enumerate(sentences)]
    result = match(parse_profile(profile), services)
    by_id = {found.service.id: found for found in result.matches}
    for number, (side, text) in enumerate(sentences):
        verdicts = frozenset(
            finding.verdict.value
            for part in by_id[str(number)].contributions
            for finding in part.findings
            if finding.need.startswith(_says(need)) and finding.quote is not None
        )
        yield Said(need, side, text, verdicts)


def _ticked(row: dict[str, Any]) -> Iterator[Said]:
    """Sentences beside a ticked answer that a must asks for: what the must comes to."""
    profile = (
        f'{HEAD}\n[[requirement]]\ntext = "{row["tick"]}"\npriority = "must"\nbarrier = "customers"\n'
        f'question = "{row["question"]}"\nincludes = ["{row["tick"]}"]\n'
    )
    sentences = [(side, text) for side in ("for", "against") for text in row[side]]
    tick = Answer(row["question"], (row["tick"],))
    services = [_listing(n, text, row["field"], None, tick) for n, (_, text) in enumerate(sentences)]
    by_id = {found.service.id: found for found in match(parse_profile(profile), services).matches}
    for number, (side, text) in enumerate(sentences):
        verdicts = {
            finding.verdict.value
            for part in by_id[str(number)].contributions
            for finding in part.findings
            if finding.need == row["tick"]
        }
        # A tick that is denied is still shown beside what denies it.
        denied = {verdict for verdict in verdicts if verdict.endswith("-against")}
        yield Said(f"tick: {row['question']}", side, text, frozenset(denied or verdicts))


def _says(need: str) -> str:
    rule = next(rule for rule in load_rules().needs if rule.id == need)
    return rule.says.partition("{")[0]


def _listing(number: int, text: str, field: str, about: str | None, *answers: Answer) -> Service:
    head = field == DESCRIPTION
    record = ServiceRecord(
        id=str(number),
        name="Service",
        framework=FrameworkRef("g-cloud-15"),
        lot=LotRef("saas"),
        supplier=SupplierRef(name="Tidewater Ltd"),
        description=text if head else None,
        features=(f"For {about}",) if about else None,
        sections=(Section("Answers", (*answers, *(() if head else (Answer(field, (text,)),)))),),
    )
    return read_service(record)[0]


def _profile_for(need: str) -> str:
    """A profile that has the need, by the first of the words that raise it."""
    rule = next(rule for rule in load_rules().needs if rule.id == need)
    part, _, value = min(rule.when).partition(":")
    if part.startswith("legacy."):
        legacy = '\n[[legacy]]\nsystem = "Ravenholt ledger"\nintent = "connect"\n'
        return HEAD + legacy + (f'interfaces = ["{value}"]\n' if part == "legacy.interfaces" else "")
    if part == "always":
        return HEAD
    table, key = part.split(".")
    return f'{HEAD}\n[{table}]\n{key} = ["{value}"]\n'


def _profile_with(row: dict[str, Any]) -> str:
    aliases = ", ".join(f'"{name}"' for name in row.get("aliases", ()))
    return (
        f'{HEAD}sector = "{row["sector"]}"\n\n[[legacy]]\nsystem = "{row["system"]}"\naliases = [{aliases}]\n'
        f'purpose = "{row["purpose"]}"\nintent = "{row["intent"]}"\n'
    )


if __name__ == "__main__":
    everything = judged()
    for need in dict.fromkeys(each.need for each in everything):
        of = [each for each in everything if each.need == need]
        counts = Counter((each.held_out, each.is_understood) for each in of)
        print(
            f"{need:28} {counts[False, True]:3} of {counts[False, True] + counts[False, False]:3}"
            f"   held out {counts[True, True]:3} of {counts[True, True] + counts[True, False]:3}"
        )
    for half in (False, True):
        print("held out" if half else "development", shares(everything, held_out=half))
    if "--missed" in sys.argv:
        for each in everything:
            if not each.held_out and not each.is_understood:
                print(f"{each.need} {each.side:8} {sorted(each.found)} {each.text}")
