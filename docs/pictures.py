"""Draws the README's pictures from the fictional sample: ``make pictures``.

The interface is driven by keys, as a person would, and each screen is kept as SVG with the fonts of the
reader's own machine (nothing is loaded from elsewhere).
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tui.app import make_app  # noqa: E402
from tui.commands.demo import build_sample  # noqa: E402
from tui.commands.edge import Settings  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
#: The sample counts as seen at this moment, so that the same sample gives the same pictures.
SEEN = datetime(2026, 11, 23, 3, 10, tzinfo=UTC)
#: Fonts with equally wide characters, on each system the first that is there.
_FONTS = "ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace"
LARGE, SMALL = (120, 40), (80, 24)


@dataclass(frozen=True)
class Picture:
    """One screen: the file's name, the size in columns and rows, and the keys that lead there."""

    name: str
    size: tuple[int, int]
    keys: tuple[str, ...]


#: To the form of the profile in use.
_EDITOR = ("f5", "home", "e")

#: A purchase up to the fates of its longlist, as an officer types it.
_PURCHASE = (
    *("f4", "x", *"resident-account", "enter", "x", *"Ines Tolland", "enter", "enter", "enter"),
    *("x", *"resident account", "enter", "S", "enter", "enter"),
    *("b", "enter", "space", "space", "s", *"Adapters are named", "enter"),
)
#: Three of the matches side by side.
_COMPARE = ("f3", "c", "down", "c", "down", "down", "c", "C")

#: A purchase with something on its shortlist, and the first page again.
_BEGUN = (*_PURCHASE, "f9")

#: Each main screen at both sizes: what docs/screens.md shows.
_SCREENS = {
    "home": _BEGUN,
    "browse": (*"norhtgate revs", "down", "down"),
    "service": ("f3", "enter", "v"),
    "matches": ("f3", "down"),
    "compare": _COMPARE,
    "project": _PURCHASE,
    "editor": (*_EDITOR, "f7", *["greater_than_sign"] * 2),
    "upkeep": ("f6", "t", "t"),
}

PICTURES = (
    *(Picture(name, LARGE, keys) for name, keys in _SCREENS.items()),
    *(Picture(f"{name}-80x24", SMALL, keys) for name, keys in _SCREENS.items()),
    Picture("weights", LARGE, ("f3", "w", "right", "greater_than_sign")),
)


async def draw(picture: Picture, db: Path) -> str:
    """The SVG of one screen of the sample."""
    profile = ROOT / "catalogue" / "sample" / "profiles" / "brackwater.toml"
    app = make_app(Settings(db=db, profile=profile, demo=True), clock=lambda: SEEN)
    async with app.run_test(size=picture.size) as pilot:
        await pilot.pause()
        for key in picture.keys:
            await pilot.press("space" if key == " " else key)
            await app.workers.wait_for_complete()
            await pilot.pause()
        await pilot.pause(0.5)
        return app.export_screenshot(title="Longlist: fictional sample", simplify=True)


def own_fonts(svg: str) -> str:
    """The same picture without fonts from elsewhere."""
    svg = re.sub(r"@font-face\s*\{[^}]*\}", "", svg)
    return re.sub(r"font-family:\s*Fira Code[^;]*;", f"font-family: {_FONTS};", svg)


def main() -> None:
    """Write every picture, or those that are named."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    names = sys.argv[1:]
    for picture in PICTURES:
        if names and picture.name not in names:
            continue
        # In the folder of the sample, so that no picture has a path of this machine.
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            db = Path("sample.db")
            build_sample(db, at=SEEN)
            svg = own_fonts(asyncio.run(draw(picture, db)))
        (FOLDER / f"{picture.name}.svg").write_text(svg, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
