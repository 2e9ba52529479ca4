"""The composition root with several playbooks: each is checked, examined and announced where it says."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters.database import Database
from adapters.terminal.app import build
from adapters.tracker.adapter import trackers
from adapters.tracker.settings import TrackerSettings
from bot.building import announcing, tools
from bot.composition import SystemClock, Tocsin, known_secrets
from bot.doctor import Health
from bot.intents import PagePerson
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.settings import Settings
from tests.core.test_playbook_files import SMALL, write
from tests.support.story import default


def tocsin(*playbooks: str) -> Tocsin:
    """With these playbooks and no platform."""
    return Tocsin(Settings(playbook=",".join(playbooks)))


def test_check_looks_at_every_playbook_of_the_settings_and_at_how_they_go_together(tmp_path: Path) -> None:
    good, bad = write(tmp_path / "good", {}), write(tmp_path / "bad", {}, SMALL.replace("commander", "comander"))
    same = write(tmp_path / "same", {}, SMALL.replace("title: Small", "title: Other"))
    runner = CliRunner()
    told = runner.invoke(build(tocsin("default", str(good))), ["check"])
    assert told.exit_code == 0 and "Default process" in told.stdout and "Small (small, version" in told.stdout
    told = runner.invoke(build(tocsin("default", str(bad))), ["check"])
    assert told.exit_code == 1 and f"{bad}/playbook.yaml:5: comander" in told.stdout
    told = runner.invoke(build(tocsin(str(good), str(same))), ["check"])
    assert told.exit_code == 1 and "expected a name of its own" in told.stdout and "1 mistake." in told.stdout
    told = runner.invoke(build(tocsin(str(good), str(same))), ["check", str(good)])
    assert told.exit_code == 0


async def test_the_doctor_names_every_playbook_or_what_is_wrong_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # no platform is switched on by a .env of this folder
    good, bad = write(tmp_path / "good", {}), write(tmp_path / "bad", {}, SMALL.replace("commander", "comander"))
    found = await tocsin("default", str(good)).examine()
    assert [one.what for one in found if "laybook" in one.what] == ["Playbook default", "Playbook small"]
    (finding,) = [one for one in await tocsin(str(good), str(bad)).examine() if "laybook" in one.what]
    assert (
        finding.name == "playbook.mistakes" and "bad/playbook.yaml:1" in finding.says and "tocsin check" in finding.mend
    )


@pytest.mark.parametrize(
    ("changes", "slack", "discord"),
    [
        ({}, ("",), ("",)),
        ({"announce": {"channels": {"discord": "ops"}}}, ("",), ("ops",)),
        ({"chats": ["discord"], "announce": {"channels": {"slack": "x"}}}, ("",), ("",)),
        ({"chats": ["slack"], "announce": {"channels": {"slack": "x"}}}, ("x",), ("",)),
    ],
)
def test_only_the_channels_in_which_a_playbook_announces_are_looked_for(
    changes: dict[str, Any], slack: tuple[str, ...], discord: tuple[str, ...]
) -> None:
    playbook = Playbook.model_validate(default().model_dump() | changes)
    assert (announcing("slack", [playbook]), announcing("discord", [playbook])) == (slack, discord)


async def test_the_doctor_names_a_tracker_that_a_playbook_files_in_and_that_is_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LINEAR_API_KEY", raising=False)
    (finding,) = [one for one in await tocsin("werkly", "default").examine() if one.what == "Linear"]
    assert finding.health is Health.WORTH_A_LOOK and "LINEAR_API_KEY is not set" in finding.says and finding.mend


async def test_the_demo_files_nothing_whatever_tokens_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "a-token-of-the-test")
    made, clock = tocsin("dragonfly"), SystemClock()
    found = tools(clock, made.playbooks())
    assert [tool.platform.name for tool in found] == ["health", "pager", "forge", "tracker"]
    assert [tool.platform.name for tool in tools(clock, (), demo=True)] == ["health", "pager"]
    assert "a-token-of-the-test" in known_secrets()
    for tool in found:
        await tool.stop()


async def test_the_demo_pages_phones_of_the_sandbox_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER_URLS", "json://somewhere.example/else")
    phones = {"PAGER_URLS_ANA_PAGER": "json://127.0.0.1:1/phones/ana"}
    _, pager = tools(SystemClock(), (), demo=True, phones=phones)
    for key, found in (("ana", (phones["PAGER_URLS_ANA_PAGER"],)), ("bo", ())):
        page = PagePerson(page=1, step=0, person=Person(key=key, name=key), route="pager", severity="sev1",
                          title="t", why="w", at=SystemClock().now())  # fmt: skip
        assert (await pager.platform._reaching.of(page)).addresses == found


async def test_what_is_said_on_the_command_line_is_owed_to_the_tracker_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINEAR_API_KEY", "a-key-of-the-test")
    address = f"sqlite:///{tmp_path / 'tocsin.db'}"
    made = Tocsin(Settings(playbook="werkly", database_url=address))
    await made.migrate()
    await made.say("sev1 checkout is down", "ana")
    database = Database(address)
    await database.start(delivers=False)
    try:
        owed = {one.platform: one.depth for one in await database.ledger("test", SystemClock()).backlog()}
    finally:
        await database.stop()
    assert owed.get("tracker") == 1, owed


@pytest.mark.parametrize(
    ("set_", "on"),
    [
        ({}, ()),
        ({"GITHUB_TOKEN": "x", "LINEAR_API_KEY": "y"}, ("github", "linear")),
        ({"JIRA_TOKEN": "z"}, ()),
        ({"JIRA_TOKEN": "z", "JIRA_URL": "https://acme.example", "JIRA_EMAIL": "bot@acme.example"}, ("jira",)),
    ],
)
def test_a_tracker_is_on_once_all_is_set_that_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, set_: dict[str, str], on: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in set_.items():
        monkeypatch.setenv(name, value)
    settings = TrackerSettings()
    assert settings.on == on and tuple(one.name for one in trackers(settings, SystemClock())) == on


@pytest.mark.parametrize(
    ("settings", "lanes"),
    [({}, ["health", "pager"]), ({"RECORD_REPOSITORY": "/srv/incidents.git"}, ["health", "pager", "git"]),
     ({"GITHUB_TOKEN": "x"}, ["health", "pager", "forge", "tracker"])],
)  # fmt: skip
def test_a_tool_is_there_where_its_settings_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], lanes: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert [tool.platform.name for tool in tools(SystemClock(), ())] == lanes


async def test_what_is_typed_on_the_command_line_is_owed_to_the_tools_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "RECORD_REPOSITORY": "/srv/incidents.git",
        "SLACK_BOT_TOKEN": "x",
        "SLACK_APP_TOKEN": "x",
    }.items():
        monkeypatch.setenv(name, value)
    log = write(tmp_path / "logged", {}, f"{SMALL}\nrecord: {{ log: docs/LOG.md }}\n")
    shell = Tocsin(Settings(playbook=str(log), database_url=f"sqlite:///{tmp_path / 'tocsin.db'}"))
    await shell.say("sev1 checkout is down", "ana")
    await shell.say("#1 resolve a restart", "ana")
    async with shell._saving() as database:
        owed = {one.platform: one.depth for one in await database.ledger("test", SystemClock()).backlog()}
    assert owed["git"] == 1
