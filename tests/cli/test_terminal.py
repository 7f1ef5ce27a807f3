"""What reaches a terminal: help, one line for an error, no escape sequence of a hostile file, no traceback."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from lasthop.cli import COMMANDS
from lasthop.cli import lasthop as group
from lasthop.cli.serving import app_folder
from lasthop.store import Workspace
from tests.cli.conftest import STORIES, Command

ACTIVITY = STORIES / "accepted" / "sendgrid_activity.csv"
TITLE = "\x1b]0;owned\x07"
RED = "\x1b[31m"
PROGRAM = [sys.executable, "-W", "error", "-c", "from lasthop.cli import main; main()"]
RISKY = ["load", "sources", "rejected", "events", "messages", "trace", "serve", "demo"]


def test_without_a_command_the_commands_are_shown(lasthop: Command) -> None:
    said = lasthop()
    assert said.code == 2
    assert all(name in said.err for name in RISKY)


def test_the_version_is_told(lasthop: Command) -> None:
    said = lasthop("--version")
    assert said.code == 0
    assert said.out.startswith("lasthop, version ")


@pytest.mark.parametrize("name", RISKY)
def test_help_explains_with_an_example(lasthop: Command, name: str) -> None:
    for option in ("--help", "-h"):
        said = lasthop(name, option)
        assert (said.code, said.err) == (0, "")
        assert f"Usage: lasthop {name}" in said.out
        assert f"Example: lasthop {name}" in " ".join(said.out.split())


def test_every_command_has_help() -> None:
    assert set(RISKY) <= set(group.commands)
    assert all(command.help for command in group.commands.values())


def test_the_dashboard_is_where_serve_looks_for_it() -> None:
    assert (app_folder() / "app.py").is_file()
    assert (app_folder() / "data" / "samples").is_dir()


@pytest.mark.parametrize(
    "words",
    [
        ["nosuchcommand"],
        ["load"],
        ["load", "--format", "excel", str(ACTIVITY)],
        ["messages", "--outcome", "lost"],
        ["messages", "--nosuchoption"],
        ["trace"],
        ["serve", "--port", "high"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_wrong_use_is_one_clear_line(lasthop: Command, words: list[str]) -> None:
    said = lasthop(*words)
    assert said.code == 2
    assert said.out == ""
    assert len(said.err.splitlines()) == 1


def test_a_failure_of_ours_is_one_line_and_the_log_has_the_rest(
    lasthop: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(_: Workspace) -> list[Any]:
        raise RuntimeError("a bug")

    monkeypatch.setattr("lasthop.cli.LOG", tmp_path / "lasthop.log")
    monkeypatch.setattr("lasthop.cli.intake.loaded_sources", broken)
    said = lasthop("sources", "--json")
    assert (said.code, said.out) == (1, "")
    (line,) = said.err.splitlines()
    assert str(tmp_path / "lasthop.log") in line
    assert "RuntimeError: a bug" in (tmp_path / "lasthop.log").read_text()


# ------------------------------------------------------------------ hostile text


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose every text tries to act on the terminal."""
    folder = tmp_path_factory.mktemp("hostile")
    table = list(csv.DictReader(io.StringIO(ACTIVITY.read_text(), newline="")))
    for row in table:
        row["subject"] = f"{TITLE}{RED}subject\x9b31m\u202egnp.exe"
        row["from"] = f"{TITLE}sender@shop.example"
        row["email"] = f"{TITLE}victim@mail.example"
        row["mx"] = f"mx.{TITLE}mail.example"
        row["reason"] = row["reason"] and f"250 {TITLE}{RED}ok"
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(table[0]))
    writer.writeheader()
    writer.writerows([*table, {**table[0], "processed": f"{TITLE}2026"}])
    path = folder / f"activity {TITLE}.csv"
    path.write_text(out.getvalue())
    command = [*PROGRAM, "load", str(path), "--json", "--workspace", str(folder / "workspace")]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(said.stdout)["sources"][0]["events"] == 2
    return folder / "workspace"


@pytest.mark.parametrize(
    "words",
    [["sources"], ["rejected"], ["events"], ["messages"], ["trace", "{message}"], ["trace", f"{TITLE}nobody"]],
    ids=lambda words: words[-1].replace(TITLE, "a title and "),
)
def test_no_escape_sequence_reaches_the_terminal(lasthop: Command, hostile: Path, words: list[str]) -> None:
    (message,) = lasthop("messages", "--jsonl", workspace=hostile).jsonl
    assert TITLE in message["subject"]
    said = lasthop(*(word.format(message=message["message"]) for word in words), workspace=hostile)
    shown = (said.out + said.err).replace("\n", "")
    assert shown
    assert [c for c in shown if not c.isprintable()] == []


def test_a_strange_header_cannot_act_on_the_terminal(lasthop: Command, tmp_path: Path) -> None:
    path = tmp_path / f"{TITLE}.csv"
    path.write_text(f"beach{TITLE}{RED},weather\nsouth,fine\n")
    said = lasthop("load", path, workspace=tmp_path / "w")
    assert said.code == 2
    assert [c for c in said.err.replace("\n", "") if not c.isprintable()] == []


def test_machines_get_the_text_as_it_is(lasthop: Command, hostile: Path) -> None:
    said = lasthop("messages", "--jsonl", workspace=hostile)
    assert "\x1b" not in said.out  # JSON escapes it
    assert said.jsonl[0]["last_reply"] == f"250 {TITLE}{RED}ok"
    assert "\u202e" in said.jsonl[0]["subject"]


# ------------------------------------------------------------------ as a process


def test_a_process_answers_on_standard_output_alone(tmp_path: Path) -> None:
    command = [*PROGRAM, "load", "-", "--json", "--workspace", str(tmp_path / "w")]
    said = subprocess.run(command, input=ACTIVITY.read_bytes(), capture_output=True, timeout=60, check=True)
    assert json.loads(said.stdout)["messages"] == 1
    assert said.stderr == b""


def test_a_process_ends_with_two_for_a_missing_file(tmp_path: Path) -> None:
    command = [*PROGRAM, "load", "missing.csv", "--workspace", str(tmp_path / "w")]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "lasthop: There is no file missing.csv.\n"


@pytest.mark.parametrize("command", [["messages", "--jsonl"], ["messages"], ["events", "--jsonl"]], ids=" ".join)
def test_a_reader_that_goes_away_is_no_error(samples_workspace: Workspace, command: list[str]) -> None:
    with subprocess.Popen(
        [*PROGRAM, *command, "--workspace", str(samples_workspace.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(60) == 0
    assert said == ""


@pytest.mark.parametrize("command", sorted(command.name for command in COMMANDS))
def test_every_command_takes_a_workspace(command: str) -> None:
    found = next(one for one in COMMANDS if one.name == command)
    ends = found.commands.values() if isinstance(found, click.Group) else [found]
    assert all("--workspace" in [name for parameter in end.params for name in parameter.opts] for end in ends)
