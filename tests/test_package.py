"""What is installed: the wheel holds all that the program reads, and the code runs on every system."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

PACKAGES = ("catalogue", "db", "scrapers", "tui")
#: Modules of the standard library that exist on POSIX systems only.
POSIX_ONLY = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=root,
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


class TestWheel:
    def test_it_holds_every_file_of_the_four_packages(self, wheel: zipfile.ZipFile, root: Path) -> None:
        held = set(wheel.namelist())
        for package in PACKAGES:
            for path in (root / package).rglob("*"):
                if path.is_file() and path.suffix not in {".pyc", ".pyo"}:
                    assert path.relative_to(root).as_posix() in held

    @pytest.mark.parametrize(
        "name",
        [
            "catalogue/barriers.toml",
            "catalogue/frameworks.toml",
            "catalogue/questions.toml",
            "catalogue/starting.toml",
            "catalogue/vague.toml",
            "catalogue/vocabulary.toml",
            "catalogue/sample/services-councils.jsonl",
            "catalogue/sample/services-national.jsonl",
            "catalogue/sample/profiles/brackwater.toml",
            "catalogue/sample/profiles/tarnside.toml",
            "scrapers/sources/marketplace.toml",
        ],
    )
    def test_it_holds_the_tables_and_the_sample(self, wheel: zipfile.ZipFile, name: str) -> None:
        assert wheel.getinfo(name).file_size > 0

    def test_it_holds_the_styles(self, wheel: zipfile.ZipFile) -> None:
        assert any(name.endswith(".tcss") for name in wheel.namelist())

    def test_it_installs_nothing_beside_the_four_packages(self, wheel: zipfile.ZipFile) -> None:
        roots = {name.split("/")[0] for name in wheel.namelist()}
        assert {name for name in roots if not name.endswith(".dist-info")} == set(PACKAGES)

    def test_it_installs_the_command(self, wheel: zipfile.ZipFile) -> None:
        (entry_points,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
        assert "longlist = tui.start:main" in wheel.read(entry_points).decode()


def test_no_other_installed_distribution_owns_the_names() -> None:
    owners = packages_distributions()
    assert {owner for package in PACKAGES for owner in owners.get(package, [])} <= {"longlist"}


def test_the_code_imports_nothing_that_only_posix_systems_have(root: Path) -> None:
    found = []
    for package in PACKAGES:
        for path in (root / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [node.module or ""]
                found += [f"{path.name}: {name}" for name in names if name.split(".")[0] in POSIX_ONLY]
    assert found == []
