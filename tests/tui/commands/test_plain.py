"""Plain text: what every command writes for who listens to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.agreements import Agreement, AgreementLot
from catalogue.awards import Award, Awarded
from catalogue.records import encode_record
from db.agreements import keep_agreements
from db.awards import keep_awards
from db.catalogue import open_catalogue
from db.ingest import ingest
from tests.interface import FORMS, HOSTING, NOON, PAYROLL, PROFILE, service
from tests.loopback import Marketplace, marketplace_of
from tests.test_docs import _module as module_of
from tui.commands.main import cli, run
from tui.commands.plain import DRAWING, linear

#: What a supplier may have drawn into a listing.
DRAWN = service(
    "105",
    "┌─ Forms ─┐ ▓▓▓ for\tcouncils",
    "▌ Tidewater │ Ltd",
    description="Step ① ━━▶ step ②\n----------\n⠿⠿ ready  ████",
    features=("■ fast", "● sure"),
)
RUNNING = Agreement("RM1557.15", "G-Cloud ▶ 15", lots=(AgreementLot("1", "Software │ SaaS"),), status="Live")
BOUGHT = Award(
    "find-tender",
    "x1",
    NOON,
    "Forms ■",
    "Fenmoor │ Council",
    (Awarded("Tidewater Ltd"),),
    awarded=NOON.date(),
)
#: A way to call each command so that it has something to tell; `{…}` is a file or address of the test.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "demo": (),
    "scrape": ("--base-url", "{site}", "--scope", "all", "--delay", "0"),
    "reparse": (),
    "import": ("{records}",),
    "dump": ("--out", "{out}"),
    "search": ("forms",),
    "match": ("{profile}",),
    "show": ("105",),
    "awards": ("Tidewater Ltd",),
    "agreements": ("--suppliers",),
    "compare": ("101", "105", "--profile", "{profile}"),
    "profile new": ("--sector", "fire", "--out", "{out}"),
    "profile check": ("{profile}",),
    "project new": ("another", "--profile", "{profile}"),
    "project profile": ("tax", "{profile}"),
    "project list": (),
    "project show": ("tax",),
    "project mark": ("tax", "102", "nothing", "--note", "│ because"),
    "project unmark": ("tax", "101"),
    "project note": ("tax", "101", "▶ good"),
    "project evidence": ("tax",),
    "project rank": ("tax",),
    "project withdraw": ("tax", "R1"),
    "project reconsider": ("tax", "101", "--because", "║ because"),
    "project lock": ("tax",),
    "project reopen": ("tax", "--because", "║ because"),
    "project delete": ("tax",),
    "project import-bundle": ("{records}",),
    "export": ("tax", "md", "--out", "{out}"),
    "runs": (),
    "changes": ("--field", "new"),
    "health": (),
    "schedule": ("--out", "{folder}"),  # without it, the text of a file that is to be copied as it is
    "publish": ("{folder}",),
    "pull": ("{nowhere}",),
    "serve": ("--host", "0.0.0.0"),
    "doctor": ("--offline",),
    "where": (),
}
#: Ways to call commands that print something else than the first one does.
OTHERS = (
    ("match", "{profile}", "--explain", "105"),
    ("match", "{profile}", "--stability", "--order"),
    ("match", "{broken}"),
    ("runs", "1"),
    ("import", "{broken}"),
    ("show", "100"),
    ("search", "--nonsense"),
    (),
)


def leaves(command: click.Command = cli, path: str = "") -> Iterator[str]:
    """Every command that does something."""
    if not isinstance(command, click.Group):
        yield path
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        yield from leaves(below, f"{path} {name}".strip())


@pytest.fixture(scope="module")
def site() -> Iterator[Marketplace]:
    with marketplace_of([FORMS]).serving() as serving:
        yield serving


@pytest.fixture
def call(tmp_path: Path, site: Marketplace, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command on a catalogue with a little of everything; gives what it wrote, to either stream."""
    db = tmp_path / "catalogue.db"
    with open_catalogue(db, create=True) as catalogue:
        ingest(catalogue, [FORMS, PAYROLL, HOSTING, DRAWN], at=NOON)
        keep_agreements(catalogue, [RUNNING], at=NOON)
        keep_awards(catalogue, [BOUGHT])
    files = {name: tmp_path / name for name in ("profile", "broken", "records", "out", "folder", "nowhere")}
    files["profile"].write_text(PROFILE, "utf-8")
    files["broken"].write_text('{"broken": │', "utf-8")
    files["records"].write_bytes(encode_record(DRAWN) + b"\n{}\n")
    named = {**files, "site": site.url}
    for prepared in (["project", "new", "tax"], ["project", "mark", "tax", "101", "105", "--note", "▶ good"]):
        assert run(["--db", str(db), *prepared]) == 0
    run(["--db", str(db), "scrape", "--base-url", site.url, "--scope", "all", "--delay", "0"])
    capsys.readouterr()

    def called(*arguments: str) -> str:
        run(["--db", str(db), *(each.format(**named) for each in arguments)])
        captured = capsys.readouterr()
        return captured.out + captured.err

    return called


def drawn_in(text: str) -> list[str]:
    """The lines that draw, stand in columns, begin away from the margin, or obey nothing but a terminal."""
    return [
        line
        for line in text.splitlines()
        if DRAWING.search(line) or re.search(r"[\x00-\x1f\x7f-\x9f]|\S {2,}\S|^\s|^[-=_*#~+|]{2,}$", line)
    ]


@pytest.fixture(scope="module")
def purchase(root: Path) -> list[tuple[str, str]]:
    """The commands of the worked example with what each writes as plain text."""
    example = module_of(root, "worked_example")
    page = (root / "docs" / "worked-example.md").read_text("utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LONGLIST_PLAIN", "1")
        blocks = re.findall(r"```console\n(.*?)```", example.rewritten(page), re.DOTALL)
    told = [re.split(r"^(\$ (?:.*\\\n)*.*\n)", block, flags=re.MULTILINE)[1:] for block in blocks]
    return [pair for parts in told for pair in zip(parts[::2], parts[1::2], strict=True)]


def test_each_command_has_an_example(purchase: list[tuple[str, str]]) -> None:
    worked = {" ".join(command.split()[2:4]) for command, _ in purchase}
    without = [name for name in leaves() if name not in EXAMPLES and name not in worked]
    assert without == []


def test_a_purchase_is_told_without_drawing(purchase: list[tuple[str, str]]) -> None:
    drawn = {command: drawn_in(told) for command, told in purchase if command.startswith("$ longlist")}
    assert {command: lines for command, lines in drawn.items() if lines} == {}
    assert len(drawn) > 20


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_command_draws(name: str, call: Callable[..., str]) -> None:
    told = call(*name.split(), *EXAMPLES[name], "--plain")
    assert told.strip() or name == "dump"  # which writes a file and has nothing to say
    assert drawn_in(told) == []


@pytest.mark.parametrize("arguments", OTHERS, ids=" ".join)
def test_nothing_else_that_they_print_draws(
    arguments: tuple[str, ...], call: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGLIST_PLAIN", "1")
    told = call(*arguments)
    assert told.strip()
    assert drawn_in(told) == []


@pytest.mark.parametrize("name", ["", *EXAMPLES])
def test_help_has_no_columns(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--plain", *name.split(), "--help"]) == 0
    told = capsys.readouterr().out
    assert "--plain: Plain text for a screen reader" in told
    assert drawn_in(told) == []


def test_without_it_results_are_as_ever(call: Callable[..., str]) -> None:
    found = call("search", "payroll")
    assert found.startswith("1. Sandbar Payroll, by Sandbar Software plc\n   102, g-cloud-15 saas, price not")


def test_a_result_is_a_line_for_each_fact(call: Callable[..., str]) -> None:
    assert call("search", "payroll", "--plain").startswith(
        "Result: 1\nService: Sandbar Payroll\nSupplier: Sandbar Software plc\nPrice: not stated\n"
        "Framework: g-cloud-15\nLot: saas\nService id: 102\n\n"
    )


def test_a_finding_says_its_verdict_in_words(call: Callable[..., str]) -> None:
    told = call("match", "{profile}", "--plain")
    assert "\nNeed: connect to NEC Revenues & Benefits\n" in told
    assert "\nQuote: Certified connector for NEC Revenues & Benefits\n" in told
    assert "++" not in told


def test_a_question_is_told_before_the_answers_of_each_service(call: Callable[..., str]) -> None:
    told = call("compare", "101", "102", "--plain")
    assert "Service A: Tidewater Forms\n" in told
    assert "Question: Cloud deployment model\nA: Public cloud; Hybrid cloud\nB: left blank\n" in told


def test_the_interface_is_not_opened_but_its_commands_are_named(call: Callable[..., str]) -> None:
    assert "longlist --help" in call("--plain")


@pytest.mark.parametrize(
    ("value", "plain"), [("1", True), ("yes", True), ("0", False), ("", False), ("no", False)]
)
def test_the_variable_can_also_say_no(
    value: str, plain: bool, call: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGLIST_PLAIN", value)
    assert call("search", "forms").startswith("Result: 1\n") is plain


@given(st.text())
def test_plain_text_never_draws(text: str) -> None:
    told = linear(text)
    assert drawn_in(told) == []
    assert linear(told) == told


@given(st.lists(st.from_regex(r"[A-Za-z]+", fullmatch=True)))
def test_plain_text_keeps_every_word(words: list[str]) -> None:
    assert linear("  ".join(words)).split() == words


def test_rules_and_bullets_are_left_out_and_columns_become_a_list() -> None:
    assert linear("Forms\n=====\n\n\n- a\t b\t\n  │ c │\n╰───╯") == "Forms\n\na, b\nc"


@pytest.fixture
def call_at_terminal(call: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The same where standard error is a terminal with colours, on which bars are drawn."""

    def called(*arguments: str) -> str:
        with monkeypatch.context() as patch:
            patch.setattr("sys.stderr.isatty", lambda: True, raising=False)
            patch.setenv("FORCE_COLOR", "1")
            patch.setenv("TERM", "xterm-256color")
            return call(*arguments)

    return called


class TestProgress:
    def test_a_scrape_says_lines(self, call_at_terminal: Callable[..., str]) -> None:
        told = call_at_terminal("scrape", *EXAMPLES["scrape"], "--no-resume", "--plain")
        assert "4 of 4 service pages" in told
        assert drawn_in(told) == []

    def test_an_import_says_lines(self, call_at_terminal: Callable[..., str]) -> None:
        assert drawn_in(call_at_terminal("import", "{records}", "--plain")) == []

    def test_a_bar_has_no_colour_where_none_is_wanted(
        self, call_at_terminal: Callable[..., str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        coloured = re.compile(r"\x1b\[(?:[0-9]+;)*(?:3[0-8]|4[0-8]|9[0-7])[0-9;]*m")
        with_colour = call_at_terminal("import", "{records}")
        monkeypatch.setenv("NO_COLOR", "1")
        without = call_at_terminal("import", "{records}")
        assert coloured.search(with_colour)
        assert "━" in without
        assert not coloured.search(without)
