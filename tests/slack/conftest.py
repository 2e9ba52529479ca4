"""The adapter against the sandbox's Slack, over the wire, with the real libraries."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.faults import Fault, FaultKind
from adapters.sandbox.slack.server import running
from adapters.sandbox.slack.workspace import SlackWorkspace
from adapters.slack.adapter import SlackAdapter
from adapters.slack.settings import SlackSettings
from bot.intents import Intent
from bot.people import Person
from bot.ports import Job, Platform
from tests.slack.ears import ScriptedEar

ANA = Person(key="ana", name="Ana Reyes", handles={"slack": "U0ANA0001"})
BO = Person(key="bo", name="Bo Lindqvist", handles={"slack": "U0BO00002"})
CLEO = Person(key="cleo", name="Cleo Okafor", handles={"slack": "U0CLEO003"})


@dataclass
class Stage:
    """A workspace, the adapter that is connected to it, and the ear that it brings things to."""

    workspace: SlackWorkspace
    adapter: SlackAdapter
    ear: ScriptedEar
    refs: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._changed = asyncio.Event()
        self.workspace.on_change.append(lambda reason: self._changed.set())

    @property
    def general(self) -> str:
        return self.workspace.channel_named("general").id

    def job(self, intent: Intent, *, key: str = "") -> Job:
        """An intent on its way, first tried now."""
        return Job(key or f"1/{type(intent).__name__}", intent, 1, self.workspace.now(), dict(self.refs))

    async def do(self, intent: Intent, *, key: str = "") -> str | None:
        platform: Platform = self.adapter.platform
        return await platform.perform(self.job(intent, key=key))

    def fault(self, kind: FaultKind, method: str, **more: Any) -> None:
        self.workspace.faults.add(Fault(kind=kind, platform="slack", method=method, **more))

    def methods(self) -> list[str]:
        return [call.method for call in self.workspace.calls.of("slack")]

    async def until(self, seen: Callable[[], Any]) -> Any:
        """Wait until something is to be seen in the workspace."""
        async with asyncio.timeout(10):
            while not (found := seen()):
                self._changed.clear()
                await self._changed.wait()
        return found

    async def whispered(self, user: str, count: int = 1) -> dict[str, Any]:
        """The newest private message to a user, once there are so many."""
        await self.until(lambda: len(self.workspace.ephemerals(user)) >= count)
        return self.workspace.ephemerals(user)[-1]


def settings(workspace: SlackWorkspace, url: str, *, http: bool = False) -> SlackSettings:
    values = {"slack_bot_token": workspace.bot_token, "slack_api_url": url, "slack_app_token": ""}
    way = {"slack_signing_secret": workspace.signing_secret} if http else {"slack_app_token": workspace.app_token}
    return SlackSettings.model_validate(values | way)


@pytest.fixture
def workspace() -> SlackWorkspace:
    return SlackWorkspace(SandboxClock(stands_at=datetime(2026, 11, 20, 14, 35, tzinfo=UTC)))


@pytest.fixture
async def stage(workspace: SlackWorkspace) -> AsyncIterator[Stage]:
    """Connected over Socket Mode, with a channel that belongs to incident 1."""
    async with running(workspace) as url:
        ear = ScriptedEar()
        adapter = SlackAdapter(settings(workspace, url), workspace.clock)
        await adapter.start(ear)
        async with asyncio.timeout(10):
            await adapter.platform.arrival.wait()
            await workspace.wait_connected()
        yield Stage(workspace, adapter, ear)
        await adapter.stop()
