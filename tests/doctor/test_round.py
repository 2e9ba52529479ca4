"""The whole round: side by side, each part guarded, nothing changed, no secret shown; and what a script gets."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters.discord.settings import DiscordSettings
from adapters.sandbox.server import Sandbox
from adapters.terminal.app import build
from bot.composition import Tocsin, sandbox_settings
from bot.doctor import Finding, Health
from bot.examining import look
from bot.settings import Settings
from tests.doctor.seen import amiss, seen

LONG = "9f3a61c0d2b84e7795a0c1e2f3b4d5a6"
NOT_STARTED = {"bot.not-running"}


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    made = Sandbox()
    await made.start(port=0)
    yield made
    await made.stop()


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """In a folder of its own, with nothing set."""
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def tocsin(**settings: Any) -> Tocsin:
    return Tocsin(Settings(http_port=9, **settings))


async def test_a_healthy_set_up_shows_nothing_but_that_it_is_not_started(
    sandbox: Sandbox, alone: pytest.MonkeyPatch
) -> None:
    for name, value in {**sandbox_settings(sandbox), "WEBHOOK_SECRET": LONG, "STATUS_PAGE": "off"}.items():
        alone.setenv(name, value)
    found = amiss(await tocsin().examine())
    assert found.keys() - NOT_STARTED == {"settings.public-url-missing"}, found


async def test_nothing_is_made_or_changed(alone: pytest.MonkeyPatch, tmp_path: Path) -> None:
    alone.setenv("STATUS_PAGE", "off")
    found = await tocsin(database_url="sqlite:///var/new.db").examine()
    seen(found, "bot.nothing-connected", "Connect Slack or Discord")
    seen(found, "alerts.no-secret", "Set WEBHOOK_SECRET")
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240


async def test_settings_that_cannot_be_read_and_what_is_unknown_leave_the_others(alone: pytest.MonkeyPatch) -> None:
    alone.setenv("SLACK_API_URL", "slack.com/hunter2-api")
    alone.setenv("DISCORD_GUILD_ID", "my server")
    found = await tocsin(database_url="mysql://root:hunter2-pw@db/x", playbook="nowhere").examine()
    told = [one.what for one in found if one.name == "settings.wrong"]
    assert told == ["SLACK_API_URL", "DISCORD_GUILD_ID"]
    for name, mend in (
        ("database.address", "postgresql://"),
        ("playbook.missing", "PLAYBOOK"),
        ("bot.not-running", ""),
    ):
        seen(found, name, mend)
    assert "hunter2-pw" not in str(found)


async def test_a_part_that_breaks_or_hangs_is_a_finding() -> None:
    async def breaks() -> Sequence[Finding]:
        raise RuntimeError("with a secret: hunter2")

    async def hangs() -> Sequence[Finding]:
        await asyncio.Event().wait()
        return []

    async def misread() -> Sequence[Finding]:
        DiscordSettings(_env_file=None, api_url="hunter2")
        return []

    found = [*await look("Pager", breaks), *await look("E-mail", hangs, patience=0.01), *await look("D", misread)]
    assert seen(found, "doctor.broken", "report it").what == "Pager"
    assert seen(found, "doctor.no-answer", "ask again").what == "E-mail"
    seen(found, "settings.wrong", ".env.example")
    assert "secret" not in str(found)


def test_what_a_script_gets(alone: pytest.MonkeyPatch) -> None:
    told = CliRunner().invoke(build(tocsin()), ["doctor", "--json"])
    rows = json.loads(told.stdout)
    assert told.exit_code == 1 and "bot.nothing-connected" in {row["name"] for row in rows}
    assert all(set(row) == {"what", "health", "name", "says", "mend"} for row in rows)
    shown = CliRunner().invoke(build(tocsin()), ["doctor"]).stdout
    assert "✗ Chat: Neither Slack nor Discord" in shown and "(bot.nothing-connected)" in shown


def test_a_finding_that_is_not_fine_says_how_to_mend_it() -> None:
    with pytest.raises(ValueError, match="how to mend it"):
        Finding(what="x", health=Health.WRONG, name="slack.x", says="something")
