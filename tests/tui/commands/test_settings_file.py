"""The settings file: one value changes, all else in it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.errors import UsageError
from tui.commands.settings_file import setting, write_setting


def test_a_value_is_written_into_a_file_that_is_made(tmp_path: Path) -> None:
    file = tmp_path / "new" / "settings.toml"
    write_setting(file, "contact", "https://council.example")
    assert setting(file, "contact", "an address") == "https://council.example"


def test_comments_and_other_values_stay(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(
        '# ours\nwebhook = "https://chat.example"  # the team\ncontact = "old"\n', encoding="utf-8"
    )
    write_setting(file, "contact", 'digital"@council.example')
    assert file.read_text("utf-8") == (
        '# ours\nwebhook = "https://chat.example"  # the team\ncontact = "digital\\"@council.example"\n'
    )


def test_a_file_that_is_no_toml_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("contact = ", encoding="utf-8")
    with pytest.raises(UsageError, match="not TOML"):
        write_setting(file, "contact", "x@council.example")
    assert file.read_text("utf-8") == "contact = "
