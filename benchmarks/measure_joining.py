"""How strictly suppliers are joined: every pair of names that counts as one, for a person to judge.

    python benchmarks/measure_joining.py

Reads the real releases and listings of the reference material beside the project (``../shared/real``), and
the suppliers of service records where a file is given (``--records FILE.jsonl``). Prints each pair of
different names that is joined, how it is joined, what registers say of it, and the nearest that are not.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from itertools import combinations
from pathlib import Path

from rapidfuzz import fuzz

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from catalogue.suppliers import forms, identifiers, same_name, same_register  # noqa: E402

REAL = ROOT.parent / "shared" / "real"
#: Pairs from this similarity on are near enough to be worth a look.
NEAR = 88.0


def main() -> None:
    """Print the pairs and their number."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=Path, help="service records whose suppliers are compared too")
    options = parser.parse_args()
    names = real_names()
    if options.records:
        for line in options.records.open(encoding="utf-8"):
            names.setdefault(json.loads(line)["supplier"]["name"], set())
    known = {name: forms(name) for name in names}
    joined, near = [], []
    for one, other in combinations(sorted(names), 2):
        if same_name(known[one], known[other]):
            exact = bool(known[one] & known[other])
            register = same_register(frozenset(names[one]), frozenset(names[other]))
            joined.append((one, other, "form" if exact else "letters", register))
        else:
            closest = max((fuzz.ratio(a, b) for a in known[one] for b in known[other]), default=0.0)
            if closest >= NEAR:
                near.append((closest, one, other))
    print(
        f"{len(names)} names, {sum(bool(ids) for ids in names.values())} of them with a register's number\n"
    )
    for one, other, how, register in joined:
        print(f"  {how:<8} {REGISTER[register]:<10} {one}  =  {other}")
    print(f"\n{len(joined)} pairs joined: {sum(how == 'form' for _, _, how, _ in joined)} by the same form")
    print(f"{sum(register is False for *_, register in joined)} of them are two companies in a register\n")
    print(f"Nearest pairs that are not joined ({NEAR:.0f} and more):")
    for closest, one, other in sorted(near, reverse=True)[:20]:
        print(f"  {closest:.1f}  {one}  /  {other}")


REGISTER = {True: "same", False: "DIFFERENT", None: "not known"}


def real_names() -> dict[str, set[str]]:
    """The names of every party of the releases and every supplier of the listings, with register numbers."""
    names: dict[str, set[str]] = {}
    for line in (REAL / "contracts-finder-releases.jsonl").read_text("utf-8").splitlines():
        for party in json.loads(line).get("parties", ()):
            number = party.get("identifier") or {}
            if party.get("name"):
                found = names.setdefault(" ".join(party["name"].split()), set())
                found |= identifiers([(number.get("scheme"), number.get("id"))])
    with (REAL / "g-cloud-13-listings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names.setdefault(" ".join(row["supplier"].split()), set())
    return names


if __name__ == "__main__":
    main()
