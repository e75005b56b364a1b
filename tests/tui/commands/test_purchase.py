"""A purchase by commands alone: every step scriptable, every refusal a sentence, every text only text."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from catalogue.audit import NOTHING_BEFORE, sealed
from catalogue.bundle import Bundle, write_bundle
from catalogue.canonical import canonical
from catalogue.export import SUMMARIES, WRITERS
from catalogue.records import Answer, FrameworkRef, LotRef, Section, ServiceRecord, SupplierRef
from db.catalogue import open_catalogue
from db.ingest import ingest
from tests.purchase import PROFILE
from tui.commands.edge import ExitCode, Settings
from tui.commands.main import run

Do = Callable[..., int]
Ask = Callable[..., Any]


def service(number: int, api: str = "Yes", **fields: Any) -> ServiceRecord:
    """A service about council tax."""
    fields.setdefault("name", f"Council tax online {number}")
    return ServiceRecord(
        id=str(number),
        framework=FrameworkRef("g-cloud-15", "G-Cloud 15"),
        lot=LotRef("saas", "Software as a Service"),
        supplier=SupplierRef(name="Tidewater Ltd"),
        features=("Residents pay council tax online",),
        sections=(Section("How users work with your service", (Answer("API", (api,)),)),),
        **fields,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A catalogue with three services that have an API and one that has none."""
    found = tmp_path / "catalogue.db"
    with open_catalogue(found, create=True) as catalogue:
        records = [*(service(number) for number in (1, 2, 3)), service(4, "No")]
        ingest(catalogue, records, at=datetime(2026, 11, 20, tzinfo=UTC))
    (tmp_path / "fenmoor.toml").write_text(PROFILE)
    return found


@pytest.fixture
def do(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Do:
    """Runs a command as Ines Tolland, a minute after the one before, and returns its exit status."""
    monkeypatch.chdir(tmp_path)
    times = (datetime(2026, 11, 23, 9, 0, tzinfo=UTC) + timedelta(minutes=n) for n in range(1000))

    def command(*arguments: str, actor: str | None = "Ines Tolland", db: Path = path) -> int:
        now = next(times)
        return run(list(arguments), Settings(db=db, actor=actor, clock=lambda: now))

    return command


@pytest.fixture
def ask(do: Do, capsys: pytest.CaptureFixture[str]) -> Ask:
    """What a command prints as JSON."""

    def command(*arguments: str, status: int = 0, **options: Any) -> Any:
        capsys.readouterr()
        assert do(*arguments, "--json", **options) == status
        return json.loads(capsys.readouterr().out)

    return command


@pytest.fixture
def refused(do: Do, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a command says that is wrong usage."""

    def command(*arguments: str, **options: Any) -> str:
        capsys.readouterr()
        assert do(*arguments, **options) == ExitCode.USAGE
        return capsys.readouterr().err

    return command


def searched(do: Do) -> None:
    """Tax, with its longlist."""
    assert do("project", "new", "Tax", "--profile", "fenmoor.toml") == 0
    assert do("project", "freeze", "Tax", "--approval", "Head of finance") == 0
    assert do("project", "search", "Tax", "council tax", "--framework", "g-cloud-15", "--lot", "saas") == 0


def decided(do: Do) -> None:
    """Tax, with every fate decided."""
    searched(do)
    assert do("project", "reject", "Tax", "--unmet", "--requirement", "R1") == 0
    assert do("project", "shortlist", "Tax", "1", "2", "3") == 0


def scored(do: Do) -> None:
    """Tax, with criteria and scores: 1 is best."""
    decided(do)
    assert do("project", "criteria", "Tax", "Fit=60", "Cost=40") == 0
    for id, value in (("1", "5"), ("2", "4"), ("3", "3")):
        for criterion in ("Fit", "Cost"):
            assert do("project", "score", "Tax", id, criterion, value, "--evidence", "Seen") == 0


AWARD = (
    *("project", "outcome", "Tax", "awarded", "--winner", "1", "--start", "2027-01-01"),
    *("--end", "2027-12-31", "--value", "£48,000.50", "--buyer", "Fenmoor District Council"),
)


class TestWholePurchase:
    def test_from_new_to_an_award_every_step_can_be_read_by_a_script(self, do: Do, ask: Ask) -> None:
        scored(do)
        assert do("project", "ask", "Tax", "1", "--question", "Cost?", "--channel", "e-mail") == 0
        assert do("project", "answer", "Tax", "1", "£5", "--channel", "e-mail", "--effect", "none") == 0
        assert [row["key"] for row in ask("project", "requirements", "Tax")] == ["R1", "R2", "R3", "R4"]
        longlist = ask("project", "longlist", "Tax")
        assert {row["id"]: (row["fate"], row["requirement"]) for row in longlist} == {
            "1": ("shortlisted", None),
            "2": ("shortlisted", None),
            "3": ("shortlisted", None),
            "4": ("rejected", "R1"),
        }
        assert [row["id"] for row in ask("project", "longlist", "Tax", "--fate", "rejected")] == ["4"]
        assert len(ask("project", "shortlist", "Tax")) == 3
        assert ask("project", "criteria", "Tax")["criteria"][0] == {"name": "Fit", "weight": "60"}
        assert [row["total"] for row in ask("project", "scores", "Tax")["totals"]] == [
            "100.00",
            "80.00",
            "60.00",
        ]
        assert ask("project", "questions", "Tax")[0]["answer"]["effect"] == "none"
        assert len(ask("project", "rank", "Tax")["matches"]) == 3
        assert ask("project", "evidence", "Tax", "4")[0]["unmet"] == "The service has an API"
        assert do("project", "lock", "Tax") == 0
        assert ask(*AWARD)["stage"] == "closed"
        shown = ask("project", "show", "Tax")
        assert shown["outcome"]["award"]["value"] == "48000.50"
        assert shown["kept_until"] == "2029-11-23"
        assert shown["dispositions"] == {"open": 0, "shortlisted": 3, "rejected": 1}
        trail = ask("project", "trail", "Tax")
        assert trail[-1]["digest"] == shown["trail"]
        assert {entry["actor"] for entry in trail} == {"Ines Tolland"}
        verified = ask("project", "verify", "Tax", "--contains", trail[3]["digest"])
        assert (verified["holds"], verified["contains"], verified["rankings"][0]["result"]) == (
            True,
            4,
            "same",
        )

    def test_evidence_has_no_points_and_no_ranks(
        self, do: Do, ask: Ask, capsys: pytest.CaptureFixture[str]
    ) -> None:
        decided(do)
        findings = [finding for row in ask("project", "evidence", "Tax") for finding in row["findings"]]
        assert "Residents pay council tax online" in {finding["quote"] for finding in findings}
        told = {"barrier", "need", "verdict", "question", "quote", "because", "rule"}
        assert {key for finding in findings for key in finding} == told
        assert do("project", "evidence", "Tax", "1") == 0
        assert "++" in capsys.readouterr().out

    def test_requirements_can_be_typed_where_there_is_no_profile(self, do: Do, ask: Ask) -> None:
        assert do("project", "new", "Tax") == 0
        assert do("project", "require", "Tax", "Telephone support", "--must") == 0
        assert do("project", "require", "Tax", "Welsh") == 0
        assert do("project", "withdraw", "Tax", "r2") == 0
        assert do("project", "freeze", "Tax", "--budget", "£12,000") == 0
        assert [
            (row["key"], row["priority"], row["text"]) for row in ask("project", "requirements", "Tax")
        ] == [
            ("R1", "must", "Telephone support"),
            ("R2", "must", "Costs no more than £12,000 a year without VAT"),
            ("R3", "must", "The service is offered: its listing is live"),
        ]


class TestRefusals:
    def test_scores_are_neither_shown_nor_taken_before_the_criteria(
        self, do: Do, refused: Callable[..., str]
    ) -> None:
        decided(do)
        for command in (
            ("scores", "Tax"),
            ("rank", "Tax"),
            ("score", "Tax", "1", "Fit", "5", "--evidence", "x"),
            ("criteria", "Tax"),
        ):
            assert "has no criteria yet" in refused("project", *command)

    def test_a_draft_that_shows_scores_fixes_the_criteria(
        self, do: Do, ask: Ask, refused: Callable[..., str]
    ) -> None:
        decided(do)
        export = ("export", "Tax", "json", "--draft", "--out", "draft.json")
        assert do(*export) == 0
        rows = json.loads(Path("draft.json").read_text("utf-8"))["shortlist"]
        assert {(row["score"], row["standing"]) for row in rows} == {
            (None, "no score is shown before the criteria are fixed")
        }
        assert do("project", "criteria", "Tax", "Fit=100") == 0
        assert do(*export) == 0
        assert all(row["score"] for row in json.loads(Path("draft.json").read_text("utf-8"))["shortlist"])
        assert "are fixed" in refused("project", "criteria", "Tax", "Fit=50", "Cost=50")
        assert ask("project", "show", "Tax")["stage"] == "longlist"

    def test_every_step_of_a_purchase_names_who_takes_it(
        self, do: Do, refused: Callable[..., str], ask: Ask
    ) -> None:
        assert do("project", "new", "Tax", "--profile", "fenmoor.toml", actor=None) == 0
        assert do("project", "mark", "Tax", "1", actor=None) == 0
        assert "give --as NAME, or set LONGLIST_ACTOR" in refused("project", "freeze", "Tax", actor=None)
        assert do("project", "freeze", "Tax", "--as", "Rowan Pell", actor=None) == 0
        assert [entry["actor"] for entry in ask("project", "trail", "Tax")] == [
            None,
            None,
            None,
            "Rowan Pell",
        ]

    def test_the_variable_names_the_actor_and_the_account_never_does(
        self, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for variable in ("USER", "LOGNAME", "USERNAME"):
            monkeypatch.setenv(variable, "account17")
        assert run(["--db", str(path), "project", "new", "a"]) == 0
        monkeypatch.setenv("LONGLIST_ACTOR", "Rowan Pell")
        assert run(["--db", str(path), "project", "new", "b"]) == 0
        capsys.readouterr()
        run(["--db", str(path), "project", "trail", "a", "--json"])
        run(["--db", str(path), "project", "trail", "b"])
        said = capsys.readouterr().out
        assert "Rowan Pell" in said
        assert "account17" not in said

    def test_an_expired_framework_blocks(self, do: Do, refused: Callable[..., str]) -> None:
        do("project", "new", "Tax", "--profile", "fenmoor.toml")
        do("project", "freeze", "Tax")
        search = ("project", "search", "Tax", "tax", "--framework", "g-cloud-14", "--lot", "cloud-software")
        assert "closed to buyers since 28 October 2026" in refused(*search)

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("search", "Tax", "tax", "--framework", "g-cloud-15", "--lot", "saas"), "are not mixed"),
            (
                ("search", "Tax", "tax", "--framework", "g-cloud-15", "--lot", "saas", "--add", "--instead"),
                "choose one",
            ),
            (("reject", "Tax", "1", "--requirement", "R1", "--because", "low score"), "is no reason"),
            (("reject", "Tax", "--requirement", "R1"), "name the services to reject"),
            (("reject", "Tax", "1", "--requirement", "R1", "--unmet"), "--unmet finds the services"),
            (("shortlist", "Tax", "99"), "no service '99'"),
            (("evidence", "Tax", "99"), "'99' is not on the longlist"),
            (("criteria", "Tax", "Fit"), "expected NAME=WEIGHT"),
            (("criteria", "Tax", "Fit=much"), "is no number"),
            (("criteria", "Tax", "Fit=100", "--lowest-price"), "no other criteria"),
            (("ask", "Tax", "1", "--question", "x", "--channel", "x", "--on", "soon"), "is no day"),
            (("withdraw", "Tax", "R99"), "there is no requirement 'R99'"),
            (("lock", "Tax"), "have no fate yet"),
            (("outcome", "Tax", "awarded"), "is not locked yet"),
            (("outcome", "Tax", "won"), "'won' is not one of"),
            (("delete", "Tax", "--because", "x"), "has no outcome yet; delete it all the same with --yes"),
        ],
    )
    def test_each_says_what_is_expected(
        self, do: Do, refused: Callable[..., str], arguments: tuple[str, ...], said: str
    ) -> None:
        searched(do)
        assert said in refused("project", *arguments)


class TestExport:
    def test_it_locks_a_purchase_and_gives_the_same_bytes_again(
        self, do: Do, capsys: pytest.CaptureFixture[str]
    ) -> None:
        scored(do)
        assert do("export", "Tax", "csv", "--out", "a.csv") == 0
        assert "Project 'Tax' is locked now." in capsys.readouterr().err
        assert do("export", "Tax", "csv", "--out", "b.csv", actor=None) == 0
        assert "is locked now" not in capsys.readouterr().err
        assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()

    @pytest.mark.parametrize("kind", WRITERS)
    def test_the_same_record_gives_the_same_bytes_when_the_catalogue_has_moved_on(
        self, do: Do, path: Path, kind: str
    ) -> None:
        scored(do)
        assert do("export", "Tax", kind, "--out", "before") == 0
        with open_catalogue(path) as catalogue:
            changed = [service(1, description="Another"), service(9)]
            ingest(catalogue, changed, at=datetime(2026, 12, 1, tzinfo=UTC))
        assert do("export", "Tax", kind, "--out", "after") == 0
        assert Path("before").read_bytes() == Path("after").read_bytes()

    def test_it_carries_the_digest_that_verify_finds_again(self, do: Do, ask: Ask) -> None:
        scored(do)
        do("export", "Tax", "json", "--out", "a.json")
        assert do(*AWARD) == 0
        head = json.loads(Path("a.json").read_text("utf-8"))["about"]["head"]
        found = ask("project", "verify", "Tax", "--contains", head)
        assert found["contains"] == found["entries"] - 1

    @pytest.mark.parametrize("kind", SUMMARIES)
    def test_a_summary_for_a_board_is_written_and_locks_like_any_export(
        self, do: Do, kind: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        scored(do)
        assert do("export", "Tax", kind, "--summary", "--out", "board") == 0
        said = capsys.readouterr().err
        assert "Project 'Tax' is locked now." in said
        assert "Summary for the board of project 'Tax' written to board." in said
        assert "Summary for the board: Tax" in Path("board").read_text("utf-8")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("csv", "--summary"), "a summary for a board is written as html or md, not as csv"),
            (("xlsx", "--sheet", "longlist"), "--sheet chooses what a csv holds"),
            (("csv", "--sheet", "colours"), "'colours' is not one of 'shortlist', 'longlist'"),
        ],
    )
    def test_what_a_format_cannot_hold_is_refused_before_anything_is_locked(
        self, do: Do, ask: Ask, refused: Callable[..., str], arguments: tuple[str, ...], said: str
    ) -> None:
        scored(do)
        assert said in refused("export", "Tax", *arguments, "--out", "a")
        assert ask("project", "show", "Tax")["locked"] is None
        assert not Path("a").exists()

    def test_an_informal_shortlist_has_no_sheets_of_a_record_and_a_summary_that_says_so(
        self, do: Do, refused: Callable[..., str]
    ) -> None:
        do("project", "new", "a", "--profile", "fenmoor.toml")
        do("project", "mark", "a", "1")
        said = refused("export", "a", "csv", "--sheet", "audit-trail", "--out", "a.csv")
        assert "project 'a' has no saved search, and so no sheet audit-trail" in said
        assert do("export", "a", "csv", "--sheet", "evidence", "--out", "a.csv") == 0
        assert do("export", "a", "md", "--summary", "--out", "a.md") == 0
        text = Path("a.md").read_text("utf-8")
        assert "**Informal shortlist: services marked by hand" in text
        assert "Not on record: nobody saved what else was found." in text

    def test_where_none_was_suitable_the_record_is_exported(self, do: Do) -> None:
        searched(do)
        everything = ("1", "2", "3", "4", "--requirement", "R1", "--because", "No form for residents")
        assert do("project", "reject", "Tax", *everything) == 0
        assert do("export", "Tax", "xlsx", "--out", "a.xlsx") == 0
        assert do("export", "Tax", "html", "--summary", "--out", "a.html") == 0

    def test_of_a_deleted_project_nothing_is_exported(self, do: Do, refused: Callable[..., str]) -> None:
        searched(do)
        assert do("project", "delete", "Tax", "--because", "No longer needed", "--yes") == 0
        assert "was deleted" in refused("export", "Tax", "csv", "--out", "a.csv")

    def test_it_is_refused_while_a_service_has_no_fate(self, do: Do, refused: Callable[..., str]) -> None:
        searched(do)
        do("project", "shortlist", "Tax", "1")
        assert "have no fate yet" in refused("export", "Tax", "csv", "--out", "a.csv")
        assert not Path("a.csv").exists()
        assert do("export", "Tax", "csv", "--draft", "--out", "a.csv") == 0

    def test_an_informal_shortlist_says_so(self, do: Do) -> None:
        do("project", "new", "a", actor=None)
        do("project", "mark", "a", "1", actor=None)
        assert do("export", "a", "json", "--out", "a.json", actor=None) == 0
        assert json.loads(Path("a.json").read_text("utf-8"))["about"]["informal"].startswith(
            "Informal shortlist"
        )

    @pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
    def test_exports_and_bundles_are_for_their_owner_alone(self, do: Do) -> None:
        scored(do)
        do("export", "Tax", "md", "--out", "a.md")
        do("project", "export-bundle", "Tax", "--out", "a.zip")
        assert {Path(name).stat().st_mode & 0o777 for name in ("a.md", "a.zip")} == {0o600}


class TestBundles:
    @pytest.fixture
    def elsewhere(self, tmp_path: Path) -> Path:
        path = tmp_path / "elsewhere.db"
        with open_catalogue(path, create=True):
            pass
        return path

    def test_a_project_goes_where_there_is_no_catalogue_of_its_services(
        self, do: Do, ask: Ask, elsewhere: Path
    ) -> None:
        scored(do)
        do("export", "Tax", "csv", "--out", "a.csv")
        assert do("project", "export-bundle", "Tax", "--out", "tax.zip") == 0
        with zipfile.ZipFile("tax.zip") as file:
            assert file.read("exports/shortlist.csv") == Path("a.csv").read_bytes()
            assert b"Summary for the board: Tax" in file.read("exports/board-summary.md")
        assert ask("project", "import-bundle", "tax.zip", db=elsewhere)["result"] == "new"
        here, there = ask("project", "trail", "Tax"), ask("project", "trail", "Tax", db=elsewhere)
        assert here == there
        assert ask("project", "verify", "Tax", db=elsewhere)["rankings"][0]["result"] == "same"
        assert all(row["name"] for row in ask("project", "shortlist", "Tax", db=elsewhere))
        assert do("project", "export-bundle", "Tax", "--out", "again.zip", db=elsewhere) == 0
        assert do(*AWARD, db=elsewhere) == 0

    def test_it_comes_back_and_goes_on_or_is_refused_where_it_went_another_way(
        self, do: Do, ask: Ask, refused: Callable[..., str], elsewhere: Path
    ) -> None:
        searched(do)
        do("project", "export-bundle", "Tax", "--out", "one.zip")
        do("project", "import-bundle", "one.zip", db=elsewhere)
        assert ask("project", "import-bundle", "one.zip")["result"] == "same"
        do("project", "ask", "Tax", "1", "--question", "x", "--channel", "x", db=elsewhere)
        do("project", "export-bundle", "Tax", "--out", "two.zip", db=elsewhere)
        assert ask("project", "import-bundle", "two.zip")["result"] == "continued"
        assert ask("project", "trail", "Tax") == ask("project", "trail", "Tax", db=elsewhere)
        do("project", "ask", "Tax", "2", "--question", "x", "--channel", "x")
        do("project", "ask", "Tax", "3", "--question", "x", "--channel", "x", db=elsewhere)
        do("project", "export-bundle", "Tax", "--out", "three.zip", db=elsewhere)
        assert "went another way from entry 6 on" in refused("project", "import-bundle", "three.zip")

    def test_who_has_no_catalogue_of_the_services_can_go_on_judging_them(
        self, do: Do, ask: Ask, elsewhere: Path
    ) -> None:
        searched(do)
        do("project", "export-bundle", "Tax", "--out", "tax.zip")
        do("project", "import-bundle", "tax.zip", db=elsewhere)
        assert do("project", "reject", "Tax", "--unmet", "--requirement", "R1", db=elsewhere) == 0
        assert do("project", "shortlist", "Tax", "1", "2", "3", db=elsewhere) == 0
        assert do("project", "lock", "Tax", db=elsewhere) == 0
        assert ask("project", "verify", "Tax", db=elsewhere)["holds"]

    def test_a_trail_with_control_characters_is_refused(
        self, do: Do, elsewhere: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = canonical(
            {"actor": "\x9b2J", "details": {"action": "begin", "name": "Tax"}, "salt": "x"},
        )
        entry = sealed(
            number=1,
            time="2026-11-23T09:00:00Z",
            action="begin",
            inputs={},
            document=text,
            previous=NOTHING_BEFORE,
        )
        Path("bad.zip").write_bytes(write_bundle(Bundle("Tax", (entry,), {}, {})))
        assert do("project", "import-bundle", "bad.zip", db=elsewhere) == ExitCode.FAILED
        assert "control characters in entry 1" in capsys.readouterr().err

    def test_a_name_that_is_taken_needs_another(
        self, do: Do, ask: Ask, refused: Callable[..., str], elsewhere: Path
    ) -> None:
        searched(do)
        do("project", "export-bundle", "Tax", "--out", "tax.zip")
        do("project", "new", "tax", db=elsewhere)
        assert "choose another name (--name)" in refused("project", "import-bundle", "tax.zip", db=elsewhere)
        assert (
            ask("project", "import-bundle", "tax.zip", "--name", "Theirs", db=elsewhere)["name"] == "Theirs"
        )
        assert do("project", "verify", "theirs", db=elsewhere) == 0

    def test_what_is_no_bundle_changes_nothing(
        self, do: Do, elsewhere: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Path("no.zip").write_bytes(b"PK")
        assert do("project", "import-bundle", "no.zip", db=elsewhere) == ExitCode.FAILED
        assert "not a bundle" in capsys.readouterr().err
        assert do("project", "import-bundle", "none.zip", db=elsewhere) == ExitCode.USAGE


class TestVerify:
    def test_a_record_that_does_not_hold_is_status_1_and_names_the_entry(
        self, do: Do, ask: Ask, path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        searched(do)
        with open_catalogue(path) as catalogue:
            catalogue.db.conn.execute("DROP TRIGGER entry_is_kept")
            catalogue.db.conn.execute("UPDATE entry SET time = '2026-01-01T00:00:00Z' WHERE number = 3")
            catalogue.db.conn.commit()
        assert do("project", "verify", "Tax") == ExitCode.FAILED
        said = capsys.readouterr().out
        assert "Entry 3: it was changed: its digest does not fit what it says." in said
        assert "The record does not hold." in said
        assert ask("project", "verify", "Tax", status=1)["fault"]["entry"] == 3

    def test_a_digest_that_is_no_longer_there_tells_that_an_end_was_cut_off(self, do: Do, ask: Ask) -> None:
        searched(do)
        assert ask("project", "verify", "Tax", "--contains", "sha256:gone", status=1)["holds"] is False

    def test_a_list_goes_on_past_a_trail_that_cannot_be_read(
        self, do: Do, path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        searched(do)
        do("project", "new", "Rents")
        with open_catalogue(path) as catalogue:
            catalogue.db.conn.execute("DROP TRIGGER entry_is_kept")
            catalogue.db.conn.execute("UPDATE entry SET document = '{' WHERE project = 1 AND number = 3")
            catalogue.db.conn.commit()
        capsys.readouterr()
        assert do("project", "list") == ExitCode.PARTIAL
        said = capsys.readouterr()
        assert "Rents" in said.out
        assert "entry 3 of the trail of project 'Tax'" in said.err
        assert do("project", "trail", "Tax") == 0
        assert do("project", "show", "Tax") == ExitCode.FAILED


class TestDelete:
    def test_a_tombstone_says_who_and_why(self, do: Do, ask: Ask, refused: Callable[..., str]) -> None:
        scored(do)
        do("project", "lock", "Tax")
        do(*AWARD)
        assert "is to be kept until 2029-11-23" in refused("project", "delete", "Tax", "--because", "Asked")
        assert do("project", "delete", "Tax", "--because", "Asked", "--yes") == 0
        assert ask("project", "show", "Tax")["deleted"]["because"] == "Asked"
        assert ask("project", "list")[0]["stage"] == "deleted"
        verified = ask("project", "verify", "Tax")
        assert verified["holds"]
        assert "only digests are left" in verified["notes"][0]
        assert do("project", "trail", "Tax") == 0
        assert do("project", "export-bundle", "Tax", "--out", "stone.zip") == 0


#: What somebody may type, or a supplier write, to be taken for something else than text.
HOSTILE = (
    "'; DROP TABLE entry; --",
    "=cmd|'/c calc'!A1",
    "<script>alert(1)</script>",
    "[bold red]x[/] [@click=app.quit]y[/]",
    "\x1b]0;owned\x07\x1b[2J",
    "| a | b |\n\n# heading `code` [link](javascript:alert(1))",
    "\u202egnirts",
    "${jndi:ldap://x} {{7*7}} %s %n",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field_is_kept_and_shown_as_text(
    do: Do, ask: Ask, path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = {"actor": f"{text} A"}
    with open_catalogue(path) as catalogue:
        ingest(catalogue, [service(1, name=f"Council tax {text}")], at=datetime(2026, 11, 20, tzinfo=UTC))
    assert do("project", "new", "Tax", "--profile", "fenmoor.toml", **typed) == 0
    assert do("project", "require", "Tax", f"{text} requirement", **typed) == 0
    assert do("project", "freeze", "Tax", "--approval", f"{text} approval", **typed) == 0
    lot = ("--framework", "g-cloud-15", "--lot", "saas")
    assert do("project", "search", "Tax", text, *lot, **typed) == 0
    other = ("--instead", "--because", f"{text} finds little")
    assert do("project", "search", "Tax", "council tax", *lot, *other, **typed) == 0
    assert (
        do("project", "reject", "Tax", "3", "4", "--requirement", "R3", "--because", f"{text} lacks", **typed)
        == 0
    )
    assert do("project", "shortlist", "Tax", "1", "2", "--because", f"{text} has", **typed) == 0
    assert do("project", "reconsider", "Tax", "2", "--because", f"{text} again", **typed) == 0
    assert do("project", "shortlist", "Tax", "2", "--because", f"{text} has", **typed) == 0
    assert do("project", "note", "Tax", "1", f"{text} note", **typed) == 0
    assert do("project", "ask", "Tax", "1", "--question", f"{text} ?", "--channel", f"{text} c", **typed) == 0
    reply = ("--channel", f"{text} c", "--effect", f"{text} effect")
    assert do("project", "answer", "Tax", "1", f"{text} !", *reply, **typed) == 0
    criterion = f"{text} fit"
    assert do("project", "criteria", "Tax", f"{criterion}=100", **typed) == 0
    given = ("--evidence", f"{text} seen", "--note", f"{text} n", "--scorer", f"{text} S")
    for id in ("1", "2"):
        assert do("project", "score", "Tax", id, criterion, "4", *given, **typed) == 0
    for kind in ("csv", "xlsx", "ods", "json", "md", "html"):
        assert do("export", "Tax", kind, "--out", f"a.{kind}", **typed) == 0
    because = ("--because", f"{text} because")
    assert do(*AWARD[:-1], f"{text} buyer", *because, **typed) == 0
    assert do("project", "export-bundle", "Tax", "--out", "a.zip") == 0
    capsys.readouterr()
    listings = (
        "show",
        "requirements",
        "longlist",
        "questions",
        "criteria",
        "scores",
        "trail",
        "verify",
        "evidence",
        "rank",
    )
    for listing in listings:
        assert do("project", listing, "Tax", **typed) == 0
        said = capsys.readouterr()
        shown = said.out + said.err
        assert not {character for character in shown if ord(character) < 32 and character not in "\n\t"}
    assert do("project", "reopen", "Tax", "--because", f"{text} reopen", **typed) == 0
    assert ask("project", "verify", "Tax")["holds"]
    details = ask("project", "trail", "Tax")
    plain = text.replace("\x1b", "").replace("\x07", "")
    assert {entry["actor"] for entry in details} == {f"{plain} A"}
    assert details[-1]["details"]["because"] == f"{plain} reopen"
    html = Path("a.html").read_text("utf-8")
    assert "<script>alert(1)" not in html
    csv = Path("a.csv").read_text("utf-8-sig")
    assert not [cell for cell in csv.replace("\n", ",").split(",") if cell.strip('"').startswith("=")]
    with open_catalogue(path) as catalogue:
        assert catalogue.rows("SELECT count(*) FROM entry WHERE project = 1")[0][0] == len(details)
