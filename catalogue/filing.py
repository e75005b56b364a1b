"""Whether the supplier itself filed a listing among services for something else.

Categories are chosen from the marketplace's list, a few of one group, and most name a subject: parking,
payroll, laboratories. A listing of which every category names a subject that the profile's goal,
requirements and purposes do not speak of is for another job, whatever it shares with ours in words; that
casts doubt on all it offers. Some categories go with any subject (forms, case management, integration);
these, and other words by which a body speaks of a subject, are ``[filing]`` of ``barriers.toml``. A listing
under one of those is not held against, nor is one that is filed nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.rules import Rules, Saying
from catalogue.terms import COMMON, stem
from catalogue.text import words
from catalogue.topic import WantedTerms

#: The steps of a category from the root of the list down, as a record has them.
Path = Sequence[str]
#: A profile that has fewer of the words by which bodies speak of subjects is about none in particular.
_SUBJECTS = 3


class Filing:
    """What the categories of listings tell for one profile.

    ``kinds`` are the sectors that suit it, ``name`` is that of the organisation: a heritage commission wants
    what is filed under heritage.
    """

    def __init__(self, wanted: WantedTerms, rules: Rules, kinds: frozenset[str], name: str = "") -> None:
        self._wanted = {term for term in wanted.weights if not term.startswith("=")}
        self._related = frozenset().union(*wanted.related.values())
        self._longest = max(map(len, self._related), default=0)
        self._general, self._empty, self._also = rules.filing.general, rules.filing.empty, rules.filing.also
        self._ours: list[Saying] = [rules.audiences[kind] for kind in sorted(kinds & rules.audiences.keys())]
        subjects = self._wanted & frozenset(self._also).union(*self._also.values())
        self._has_subject = len(subjects) >= _SUBJECTS
        self._wanted |= {stem(word) for word in words(name) if word not in COMMON}
        self._known: dict[tuple[str, ...], bool] = {}

    def is_elsewhere(self, paths: Sequence[Path]) -> bool:
        """Whether these categories of a listing, all of them, name what the profile is not after."""
        told = [path for path in paths if path]
        return bool(told) and self._has_subject and all(map(self._is_strange, told))

    def _is_strange(self, path: Path) -> bool:
        key = tuple(path)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = not (self._is_general(key) or self._is_wanted(key[-1]))
        return found

    def _is_general(self, path: Path) -> bool:
        """Whether a category goes with any subject: by its root, or by the words of its last step."""
        root, last = self._stems(path[0]), self._stems(path[-1])
        return len(path) == 1 or not last or not self._general.isdisjoint(root + last)

    def _is_wanted(self, step: str) -> bool:
        told = self._stems(step)
        if not self._wanted.isdisjoint(told) or any(ours.occurs(step) for ours in self._ours):
            return True
        if any(not self._wanted.isdisjoint(self._also.get(each, ())) for each in told):
            return True
        return any(
            tuple(told[start : start + length]) in self._related
            for length in range(1, self._longest + 1)
            for start in range(len(told) - length + 1)
        )

    def _stems(self, step: str) -> list[str]:
        """The words of a step that tell something, as they are compared."""
        told = [stem(word) for word in words(step) if word not in COMMON]
        return [each for each in told if each not in self._empty]
