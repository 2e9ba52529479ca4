"""What a start loads and builds: the libraries that its settings call for, and no model before it is needed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STARTS = """
import asyncio, os, signal, sys
from bot.composition import Tocsin

async def start() -> None:
    running = asyncio.create_task(Tocsin().run(served=lambda _: os.kill(os.getpid(), signal.SIGTERM)))
    await running

asyncio.run(start())
from bot.incident import Incident
print(*sys.modules, f"built={Incident.__pydantic_complete__}")
"""
"""Starts the bot and tells it to stop as soon as it is ready."""
NOBODY = "http://127.0.0.1:9/"
CHATS = {
    "slack": {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": NOBODY},
    "discord": {"DISCORD_TOKEN": "a.b.c", "DISCORD_GUILD_ID": "1", "DISCORD_API_URL": NOBODY},
}


def loaded(chat: str, folder: Path) -> set[str]:
    """The modules that the second start on a database loads until it is ready, with this chat platform only."""
    settings = {"DATABASE_URL": f"sqlite:///{folder}/tocsin.db", "HTTP_PORT": "0", "ANNOUNCE_CHANNEL": "incidents"}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = kept | settings | CHATS[chat] | {"PYTHONPATH": str(ROOT)}
    for _ in range(2):
        ended = subprocess.run(
            [sys.executable, "-c", STARTS], env=environment, cwd=folder, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
    return set(ended.stdout.splitlines()[-1].split())


SPARED = {"alembic", "apprise", "dateparser", "icalendar"}
"""Libraries that a start with the shipped playbook on SQLite has no use for."""


@pytest.mark.parametrize(("chat", "other"), [("slack", "discord"), ("discord", "slack_bolt")])
def test_a_start_loads_what_its_settings_call_for(chat: str, other: str, tmp_path: Path) -> None:
    modules = loaded(chat, tmp_path)
    assert {"bot.running", "sqlalchemy"} <= modules
    assert {other, *SPARED} & modules == set()
    assert "built=False" in modules


def test_every_model_is_one_that_is_built_when_it_is_needed() -> None:
    own = [file for folder in ("bot", "adapters") for file in (ROOT / folder).rglob("*.py")]
    found = [str(file) for file in own if re.search(r"^class .*\bBaseModel\b", file.read_text(), re.MULTILINE)]
    assert [Path(file).name for file in found] == ["model.py"]
