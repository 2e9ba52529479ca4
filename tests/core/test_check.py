"""``tocsin check``: what it prints, for people and for scripts, and how it exits."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from adapters.terminal.app import build
from bot.composition import Tocsin
from bot.playbook.schema import schema

BROKEN = Path(__file__).parent / "broken"


def run(*words: object) -> Result:
    """What comes of ``tocsin check`` with these words."""
    return CliRunner().invoke(build(Tocsin()), ["check", *map(str, words)])


def test_a_right_playbook_is_shown_with_what_it_means() -> None:
    said = run("default")
    assert said.exit_code == 0
    assert "no mistakes" in said.stdout and "sev1  update every 15m" in said.stdout


def test_every_shipped_playbook_is_right() -> None:
    said = run("--all")
    assert said.exit_code == 0
    assert said.stdout.count("no mistakes") == len(Tocsin().shipped()) > 1


def test_mistakes_of_several_playbooks_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)
    said = run("default", BROKEN / "unknown-commander.yaml", BROKEN / "yaml-tab.yaml")
    assert said.exit_code == 1
    assert "Default process" in said.stdout
    assert "\nunknown-commander.yaml:12: commander: found “boss”, expected a role: lead\n" in said.stdout
    assert "\nyaml-tab.yaml:5: found a tab in" in said.stdout
    assert said.stdout.endswith("2 mistakes.\n")


def test_a_script_reads_the_mistakes_as_an_array() -> None:
    said = run("default", BROKEN / "unknown-commander.yaml", "--json")
    assert said.exit_code == 1
    (row,) = json.loads(said.stdout)
    assert (row["line"], row["where"], row["found"]) == (12, "commander", "“boss”")
    assert row["file"].endswith("unknown-commander.yaml")
    assert row["says"] == f"found {row['found']}, expected {row['expected']}"
    right = run("default", "--json")
    assert right.exit_code == 0 and json.loads(right.stdout) == []


def test_a_playbook_that_is_not_there_is_told(tmp_path: Path) -> None:
    said = run(tmp_path / "nowhere")
    assert said.exit_code == 1 and "found no readable file" in said.stdout


def test_the_schema_is_printed() -> None:
    assert json.loads(run("--schema").stdout) == schema()


def test_a_check_waits_for_no_library_that_it_does_not_need() -> None:
    """A person waits for it: chat clients, databases and web servers take seconds to load."""
    asked = "import sys; sys.argv = ['tocsin', 'check', 'default']; from bot.composition import main"
    told = "import atexit; atexit.register(lambda: print(*{name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", f"{asked}; {told}; main()"], check=True, capture_output=True, text=True
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    clients = {"slack_bolt", "slack_sdk", "discord", "httpx", "aiohttp", "prometheus_client"}
    slow = clients | {"sqlalchemy", "sqlmodel", "apscheduler", "starlette", "uvicorn", "dateparser", "holidays"}
    assert "pydantic" in loaded and loaded & slow == set()
