"""Draws the pictures of the worked example's exports: ``python docs/export_pictures.py`` (``make pictures``).

The example is run anew, and its files are shown by the programs that people open them with: Chromium prints
the pages, LibreOffice the workbook, and pdftoppm (poppler) makes pictures of the sheets of paper.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.path.insert(0, str(ROOT / "docs"))

from worked_example import PAGE, rewritten  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
#: Names of the programs, each with what it is called on the systems that have it.
PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "soffice": ("soffice", "libreoffice"),
    "pdftoppm": ("pdftoppm",),
    "pdftotext": ("pdftotext",),
}
#: Points to the inch, and how much of a sheet of a workbook holds text, from the top, in pixels.
_DOTS, _TOP, _WIDTH, _HEIGHT = 96, 55, 1123, 265


def main() -> None:
    """Run the example and draw its exports."""
    missing = [name for name, names in PROGRAMS.items() if not any(map(shutil.which, names))]
    if missing:
        sys.exit(
            f"The pictures of exports are left as they are: {', '.join(missing)} not found. On Debian and "
            "Ubuntu: apt install chromium libreoffice-calc poppler-utils"
        )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rewritten(PAGE.read_text("utf-8"), keep=folder)
        _print(folder / "board.html", folder / "board.pdf")
        for page in (1, 2):
            _draw(folder / "board.pdf", page, f"board-summary-{page}")
        _print(folder / "resident-account.html", folder / "page.pdf")
        _draw(folder / "page.pdf", 1, "export-page")
        _run(
            "soffice", "--headless", "--convert-to", "pdf", "--outdir", name, f"{name}/resident-account.xlsx"
        )
        workbook = folder / "resident-account.pdf"
        crop = ("-x", "0", "-y", str(_TOP), "-W", str(_WIDTH), "-H", str(_HEIGHT))
        _draw(workbook, _page_with(workbook, "Text of the requirement"), "export-sheet", *crop)


def _print(page: Path, pdf: Path) -> None:
    """Print a page of HTML as a browser does."""
    options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
    _run("chromium", *options, f"--print-to-pdf={pdf}", page.as_uri())


def _draw(pdf: Path, page: int, name: str, *options: str) -> None:
    """Draw one sheet of paper as a picture."""
    only = ("-f", str(page), "-l", str(page), "-gray", "-r", str(_DOTS))
    drawn = subprocess.run(
        [_found("pdftoppm"), *only, *options, str(pdf)], capture_output=True, check=True
    ).stdout
    (FOLDER / f"{name}.png").write_bytes(_png(drawn))


def _png(pgm: bytes) -> bytes:
    """A grey picture (PGM, of one byte a point) as PNG with sixteen greys: a quarter of what tools write."""
    _, size, _, points = pgm.split(b"\n", 3)
    width, height = map(int, size.split())
    rows = (points[row * width : (row + 1) * width] + b"\xff" * (width % 2) for row in range(height))
    packed = b"".join(
        b"\0" + bytes(left & 0xF0 | right >> 4 for left, right in zip(row[::2], row[1::2], strict=True))
        for row in rows
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    # Width, height, 4 bits a point, grey, and the only methods there are (PNG, third edition, 11.2.1).
    head = struct.pack(">IIBBBBB", width, height, 4, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(packed, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _page_with(pdf: Path, words: str) -> int:
    """The first sheet of paper on which these words stand."""
    pages = _run("pdftotext", "-layout", str(pdf), "-").split("\f")
    return next(number for number, text in enumerate(pages, start=1) if words in text)


def _run(program: str, *arguments: str) -> str:
    """What a program prints."""
    return subprocess.run([_found(program), *arguments], capture_output=True, check=True, text=True).stdout


def _found(program: str) -> str:
    return next(path for path in map(shutil.which, PROGRAMS[program]) if path)


if __name__ == "__main__":
    main()
