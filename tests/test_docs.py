"""The documentation says what the program does."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest


def _module(root: Path, name: str) -> ModuleType:
    """One of the programs in docs/, imported by its path."""
    specification = importlib.util.spec_from_file_location(f"docs_{name}", root / "docs" / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_reference_of_commands_is_what_the_commands_say(root: Path) -> None:
    written = (root / "docs" / "commands.md").read_text("utf-8")
    assert written == _module(root, "commands").reference(), "run: python docs/commands.py"


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/matching.md",
        "docs/sources.md",
        "docs/runs.md",
        "docs/catalogue.md",
        "docs/profiles.md",
        "docs/running.md",
        "docs/procurement.md",
        "docs/worked-example.md",
        "docs/serving.md",
        "docs/accessibility.md",
        "docs/screens.md",
    ],
)
def test_every_link_to_a_file_of_ours_leads_to_one(root: Path, page: str) -> None:
    path = root / page
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)[^)]*\)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_no_page_or_module_names_a_path_of_somebodys_machine(root: Path) -> None:
    pattern = re.compile(r"(?<![\w.<])/(?:root|work|farm|Users)/\w")
    files = [*root.glob("*.md"), *root.glob("docs/**/*.*")]
    files += [
        path for package in ("catalogue", "db", "scrapers", "tui") for path in (root / package).rglob("*.*")
    ]
    text = [path for path in files if path.suffix in {".md", ".py", ".toml", ".tcss", ".svg", ".jsonl"}]
    assert [path.name for path in text if pattern.search(path.read_text("utf-8"))] == []


def test_the_worked_example_prints_what_it_shows(root: Path) -> None:
    page = (root / "docs" / "worked-example.md").read_text("utf-8")
    assert _module(root, "worked_example").rewritten(page) == page, "run: python docs/worked_example.py"


def test_the_tour_in_the_readme_prints_what_it_shows(root: Path) -> None:
    readme = (root / "README.md").read_text("utf-8")
    assert _module(root, "tour").rewritten(readme) == readme, "run: python docs/tour.py"
