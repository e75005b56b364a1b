"""A headless Chromium for tests of pages that need no server: what axe finds in one, and how it prints."""

from __future__ import annotations

import json
import os
import re
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.browser import chromium

ROOT = Path(__file__).resolve().parent.parent
#: Where ``npm install --no-save axe-core`` puts it, in the project's folder; or what a variable names.
_AXE = Path(os.environ.get("LONGLIST_AXE", ROOT / "node_modules" / "axe-core" / "axe.min.js"))
#: WCAG 2.2 at level AA, and what axe-core calls best practice.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """
axe.run({runOnly: %s}).then(found => {
  const pre = document.createElement("pre");
  pre.id = "found-by-axe";
  pre.textContent = JSON.stringify({
    passes: found.passes.map(rule => rule.id),
    violations: found.violations.map(rule => [rule.id, rule.help, rule.nodes.map(node => node.html)]),
  });
  document.body.replaceChildren(pre);
});
"""
_FOUND = re.compile(r'<pre id="found-by-axe">(.*?)</pre>', re.DOTALL)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n')
#: A page object of a PDF; Chromium writes them uncompressed.
_PDF_PAGE = re.compile(rb"/Type\s*/Page\b")


def _browser() -> str:
    """The path of a Chromium on this machine; the test is skipped where there is none."""
    found = chromium()
    if found is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    return found


def violations(page: bytes, folder: Path) -> list[Any]:
    """What axe-core finds wrong with a page: rule, what it asks for, and the elements.

    The policy of the page is taken away first, as it forbids the script that looks.
    """
    browser = _browser()
    if not _AXE.is_file():
        pytest.skip(f"axe-core is not at {_AXE}: npm install --no-save axe-core, or set LONGLIST_AXE")
    script = f"<script>{_AXE.read_text('utf-8')}</script><script>{_RUN % json.dumps(_RULES)}</script></body>"
    text, policies = _POLICY.subn("", page.decode())
    assert policies == 1, "the page has one content security policy"
    file = folder / "page.html"
    file.write_text(text.replace("</body>", script), encoding="utf-8")
    shown = _run(browser, folder, "--virtual-time-budget=60000", "--dump-dom", file.as_uri()).decode()
    told = _FOUND.search(shown)
    assert told, f"axe did not run; the page shows {shown[-500:]}"
    found = json.loads(unescape(told[1]))
    assert "document-title" in found["passes"], "axe looked at the whole page"
    return list(found["violations"])


def printed_pages(page: bytes, folder: Path) -> int:
    """On how many sheets of paper a page is printed."""
    file, pdf = folder / "page.html", folder / "page.pdf"
    file.write_bytes(page)
    _run(_browser(), folder, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", file.as_uri())
    return len(_PDF_PAGE.findall(pdf.read_bytes()))


def _run(browser: str, folder: Path, *arguments: str) -> bytes:
    """What the browser prints, without the network and with a profile of its own."""
    command = [
        browser,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={folder / 'browser'}",
        *arguments,
    ]
    environment = {**os.environ, "HOME": str(folder)}
    return subprocess.run(command, capture_output=True, check=True, timeout=180, env=environment).stdout
