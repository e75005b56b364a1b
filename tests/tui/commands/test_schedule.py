"""``longlist schedule``: each text read as its scheduler reads it, with paths that are hard to quote."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from datetime import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import UsageError
from tests.tui.commands.conftest import Command
from tui.commands.jobs import (
    Job,
    ci_workflow,
    cron_line,
    systemd_service,
    systemd_timer,
    windows_command,
)

HARD = '/srv/my files/50% of $HOME "quoted" it\'s/new;catalogue&.db'
COMMAND = ("/opt/long list/bin/longlist", "--db", HARD, "scrape", "marketplace", "--on-failure", "mail 'x'")
NIGHT = time(3, 10)
#: What may stand in a path or an argument: everything that can be printed.
TEXT = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1).filter(str.isprintable)


class TestSystemd:
    def unquoted(self, line: str) -> list[str]:
        """A line split as systemd.syntax(7) says: words, quotes, backslashes."""
        words = shlex.split(line)  # in double quotes the shell has the same rules
        return [word.replace("%%", "%") for word in words]

    def test_the_command_is_the_same_after_systemd_has_split_and_expanded_it(self) -> None:
        unit = systemd_service(Job(COMMAND, NIGHT))
        (line,) = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
        program, *arguments = self.unquoted(line)
        assert (program, *(word.replace("$$", "$") for word in arguments)) == COMMAND

    def test_variables_are_words_of_their_own(self) -> None:
        unit = systemd_service(Job(COMMAND, NIGHT, {"LONGLIST_HOME": HARD}))
        (line,) = re.findall(r"^Environment=(.*)$", unit, re.MULTILINE)
        assert self.unquoted(line) == [f"LONGLIST_HOME={HARD}"]

    def test_the_timer_runs_daily_and_after_a_night_off(self) -> None:
        timer = systemd_timer(Job(COMMAND, time(4, 5)))
        assert "OnCalendar=*-*-* 04:05:00\n" in timer
        assert "Persistent=true\n" in timer

    def test_systemd_finds_no_fault(self, tmp_path: Path) -> None:
        analyse = shutil.which("systemd-analyze")
        if analyse is None:
            pytest.skip("systemd-analyze is not installed here")
        program = tmp_path / "long list"
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        job = Job((str(program), *COMMAND[1:]), NIGHT, {"LONGLIST_HOME": HARD})
        (tmp_path / "longlist.service").write_text(systemd_service(job))
        (tmp_path / "longlist.timer").write_text(systemd_timer(job))
        units = [tmp_path / "longlist.service", tmp_path / "longlist.timer"]
        found = subprocess.run([analyse, "verify", *units], capture_output=True, text=True, check=False)
        assert (found.stderr, found.returncode) == ("", 0)
        (tmp_path / "longlist.timer").write_text(systemd_timer(job).replace("OnCalendar=*", "OnCalendar=?"))
        found = subprocess.run([analyse, "verify", *units], capture_output=True, text=True, check=False)
        assert found.stderr != ""  # it looks at all


class TestCron:
    def as_shell(self, line: str) -> list[str]:
        """The words that the shell makes of the line, after cron has taken its part of it."""
        assert line.count("\n") == 1
        fields = re.fullmatch(r"(\d+) (\d+) \* \* \* (.*) >/dev/null 2>&1\n", line)
        assert fields is not None
        assert int(fields[1]) < 60
        assert int(fields[2]) < 24
        assert re.search(r"(?<!\\)%", fields[3]) is None
        return shlex.split(fields[3].replace("\\%", "%"))

    def test_the_command_is_the_same_after_cron_and_the_shell(self) -> None:
        line = cron_line(Job(COMMAND, NIGHT, {"LONGLIST_HOME": HARD}))
        assert line.startswith("10 3 * * * ")
        assert self.as_shell(line) == [f"LONGLIST_HOME={HARD}", *COMMAND]

    @given(st.lists(TEXT.filter(lambda text: "\\%" not in text), min_size=1, max_size=4))
    def test_whatever_the_words_are(self, words: list[str]) -> None:
        assert self.as_shell(cron_line(Job(words, NIGHT))) == words

    def test_cron_finds_no_fault(self, tmp_path: Path) -> None:
        crontab = shutil.which("crontab")
        if crontab is None:
            pytest.skip("crontab is not installed here")
        (tmp_path / "tab").write_text(cron_line(Job(COMMAND, NIGHT)))
        check = [crontab, "-T", str(tmp_path / "tab")]
        found = subprocess.run(check, capture_output=True, text=True, check=False)
        if "invalid option" in found.stderr:
            pytest.skip("this crontab cannot check a file")
        assert found.returncode == 0, found.stderr


def windows_split(line: str) -> list[str]:
    """A command line as the C runtime of Windows splits it: backslashes count before a quote only."""
    words: list[str] = []
    at, size = 0, len(line)
    while at < size:
        while at < size and line[at] in " \t":
            at += 1
        if at == size:
            break
        word, quoted = "", False
        while at < size and (quoted or line[at] not in " \t"):
            slashes = 0
            while at < size and line[at] == "\\":
                slashes, at = slashes + 1, at + 1
            if at < size and line[at] == '"':
                word += "\\" * (slashes // 2)
                if slashes % 2:
                    word += '"'
                else:
                    quoted = not quoted
                at += 1
            else:
                word += "\\" * slashes
                if at < size and (quoted or line[at] not in " \t"):
                    word, at = word + line[at], at + 1
        words.append(word)
    return words


class TestWindows:
    COMMAND = (
        "C:\\Program Files\\longlist.exe",
        "--db",
        "C:\\Users\\Ada Lane\\team\\",
        "scrape",
        "--on-failure",
        'msg * "it broke"',
    )

    def test_the_task_has_its_parts_and_its_command_is_the_same_when_split_twice(self) -> None:
        words = windows_split(windows_command(Job(self.COMMAND, NIGHT, name="longlist-scrape")).rstrip("\n"))
        assert words[:8] == [
            "schtasks",
            "/Create",
            "/TN",
            "Longlist\\longlist-scrape",
            "/SC",
            "DAILY",
            "/ST",
            "03:10",
        ]
        assert words[8:10] == ["/F", "/TR"]
        assert windows_split(words[10]) == list(self.COMMAND)

    @given(st.lists(TEXT.filter(lambda text: "%" not in text), min_size=1, max_size=3))
    def test_whatever_the_words_are(self, words: list[str]) -> None:
        try:
            line = windows_command(Job(words, NIGHT))
        except UsageError as error:
            assert "261 characters" in str(error)
            return
        assert windows_split(windows_split(line.rstrip("\n"))[-1]) == words

    @pytest.mark.parametrize(
        ("command", "environment", "words"),
        [
            (("longlist.exe", "C:\\50%"), {}, "expand the %"),
            (("longlist.exe", "x" * 300), {}, "may have 261 characters, this has 313"),
            (("longlist.exe",), {"LONGLIST_HOME": "C:\\x"}, "setx"),
        ],
    )
    def test_what_a_task_cannot_hold_is_told(
        self, command: tuple[str, ...], environment: dict[str, str], words: str
    ) -> None:
        with pytest.raises(UsageError, match=words):
            windows_command(Job(command, NIGHT, environment))


class TestWorkflow:
    def test_it_is_yaml_that_scrapes_judges_and_publishes(self) -> None:
        read = yaml.safe_load(ci_workflow(["scrape", "marketplace", "--scope", "my scope"], time(2, 5)))
        assert read[True]["schedule"] == [{"cron": "5 2 * * *"}]  # YAML reads "on" as true
        (job,) = read["jobs"].values()
        steps = [step.get("run", step.get("uses", "")) for step in job["steps"]]
        commands = [step.split("||")[0].strip() for step in steps if step.startswith("longlist")]
        assert [shlex.split(command) for command in commands] == [
            ["longlist", "scrape", "marketplace", "--scope", "my scope"],
            ["longlist", "health"],
            ["longlist", "publish", "public"],
        ]
        assert all(re.fullmatch(r"actions/[a-z/-]+@v\d+", step) for step in steps if "actions/" in step)
        upload = next(step for step in job["steps"] if "upload" in step.get("uses", ""))
        assert upload["with"]["path"] == "public"
        assert read["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}

    def test_every_command_in_it_is_one_of_ours(self, command: Command) -> None:
        text = ci_workflow(["scrape"], NIGHT)
        for name in set(re.findall(r"^\s+(?:- run: )?longlist (\w+)", text, re.MULTILINE)):
            assert command(name, "--help").status == 0


class TestCommand:
    def test_it_names_this_installation_and_the_catalogue_in_use(
        self, command: Command, tmp_path: Path, own_home: Path
    ) -> None:
        told = command("schedule", "cron", db="my catalogue.db")
        assert told.status == 0
        words = shlex.split(told.out)
        program = next(word for word in words if word.endswith("longlist"))
        assert Path(program).is_file()
        assert words[words.index("--db") + 1] == str(tmp_path / "my catalogue.db")
        assert f"LONGLIST_HOME={own_home}" in words
        assert words[-4:-2] == ["scrape", "marketplace"]

    def test_without_a_kind_it_prints_all_that_this_system_knows(
        self, command: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys.platform", "linux")
        told = command("schedule")
        for words in ("[Service]", "[Timer]", "10 3 * * *", "jobs:"):
            assert words in told.out
        assert "schtasks" not in told.out
        assert told.out.count("\n# systemd: ") + told.out.startswith("# systemd: ") == 2

    def test_another_command_may_run_at_another_time(self, command: Command) -> None:
        told = command("schedule", "cron", "--at", "23:59", "--", "pull", "https://team.example/")
        assert told.out.startswith("59 23 * * *")
        assert "pull https://team.example/" in told.out

    def test_texts_may_be_written_to_files(self, command: Command, tmp_path: Path) -> None:
        told = command("schedule", "systemd", "--out", tmp_path / "units")
        assert told.out == ""
        assert sorted(path.name for path in (tmp_path / "units").iterdir()) == [
            "longlist-scrape.service",
            "longlist-scrape.timer",
        ]

    def test_a_missing_contact_is_told(self, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "LONGLIST_CONTACT" in command("schedule", "cron").err
        monkeypatch.setenv("LONGLIST_CONTACT", "https://council.example/contact")
        told = command("schedule", "cron")
        assert "can be reached" not in told.err
        assert "LONGLIST_CONTACT=https://council.example/contact" in told.out

    def test_a_job_in_ci_ends_within_its_hours(self, command: Command) -> None:
        assert "--budget 9000" in command("schedule", "ci").out
        told = command("schedule", "ci", "--", "scrape", "--budget", "5")
        assert "scrape --budget 5 ||" in told.out
        assert "--db" not in told.out

    @pytest.mark.parametrize("arguments", [("launchd",), ("cron", "--at", "25:00"), ("cron", "--at", "noon")])
    def test_what_cannot_be_is_wrong_usage(self, arguments: tuple[str, ...], command: Command) -> None:
        assert command("schedule", *arguments).status == 2

    def test_a_path_that_is_no_line_is_refused(self, command: Command) -> None:
        assert command("schedule", "cron", "--", "scrape", "a\nb").status == 2
