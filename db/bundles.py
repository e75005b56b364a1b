"""Bundles out of the project store and into it: nothing comes in that does not verify."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from catalogue.audit import is_tidy, prefix_of
from catalogue.bundle import Bundle, BundleError
from catalogue.errors import UsageError
from catalogue.project import Project, name_key, project_name
from catalogue.verify import Verification, verify
from db.projects import ProjectStore


@dataclass(frozen=True, slots=True)
class Taken:
    """A project that was taken in: a new one, one that goes on, or one that was here already."""

    project: Project
    result: Literal["new", "continued", "same"]


def bundle_of(store: ProjectStore, name: str, exports: Mapping[str, bytes]) -> Bundle:
    """A project as a bundle, with files that were exported from it by their names."""
    with store.catalogue.snapshot():
        project = store.get(name)
        return Bundle(project.name, store.entries(project), store.kept_texts(project), exports)


def take_bundle(store: ProjectStore, bundle: Bundle, *, name: str | None = None) -> Taken:
    """Store the project of a bundle, under another name where one is given.

    Raises `BundleError` where it does not verify, `UsageError` where another project has its name or went
    another way since.
    """
    found = verify(bundle.entries, bundle.records, name=bundle.name)
    untidy = None if found.fault else next((each for each in bundle.entries if not is_tidy(each)), None)
    if untidy is not None:
        raise BundleError(f"the bundle holds control characters in entry {untidy.number}, as no trail does")
    if not found.holds:
        raise BundleError(f"the bundle does not verify: {_first_problem(found)}")
    with store.catalogue.atomic():
        known = {name_key(each): store.entries(each) for each in store.names()}
        same = [key for key, entries in known.items() if entries[0].digest == bundle.entries[0].digest]
        if same:
            entries = known[same[0]]
            if prefix_of(bundle.entries, entries):
                return Taken(store.get(same[0]), "same")
            if not prefix_of(entries, bundle.entries):
                first = next(
                    number
                    for number, (here, there) in enumerate(
                        zip(entries, bundle.entries, strict=False), start=1
                    )
                    if here.digest != there.digest
                )
                raise UsageError(
                    f"project {store.get(same[0]).name!r} is here already and went another way from entry "
                    f"{first} on; take the bundle into another catalogue to compare them (--db)"
                )
            return Taken(store.take_in(same[0], bundle.entries, bundle.records), "continued")
        called = project_name(name or bundle.name)
        if name_key(called) in known:
            raise UsageError(f"another project is called {called!r}; choose another name (--name)")
        return Taken(store.take_in(called, bundle.entries, bundle.records), "new")


def _first_problem(found: Verification) -> str:
    if found.fault is not None:
        return f"entry {found.fault.entry}: {found.fault.problem}"
    if found.lost:
        return f"the record of {found.lost[0]} as it was judged is not in it"
    return "a ranking comes out differently from the same records and rules"
