"""Slack's events: recorded payloads made wrong, through Bolt and the listener to the desk, and back to a Slack."""

import json
from random import Random
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.slack.server import running
from adapters.sandbox.slack.workspace import SlackWorkspace
from adapters.slack.afterwards import KEY, Afterwards
from adapters.slack.answers import Answers
from adapters.slack.api import Api
from adapters.slack.dispatch import dispatch
from adapters.slack.listener import Listener
from adapters.slack.names import Names
from adapters.slack.originals import Originals
from adapters.slack.posts import Posts
from adapters.slack.rooms import Rooms
from adapters.slack.settings import SlackSettings
from tests.fuzz import grammar, mutate
from tests.fuzz.chat import Chat
from tests.fuzz.found import Wrong
from tests.fuzz.world import CHANNELS
from tests.support.sources import ADAPTERS
from tests.support.town import FRIDAY

SAMPLES = ADAPTERS / "slack" / "samples"
NAMED = ("text", "value", "private_metadata", "reaction", "emoji")
"""What people type or press: as often their words are wrong as the structure."""
LARGEST = 4 * 1024 * 1024
"""Characters of a message beyond which the socket's client (aiohttp) hangs up before it is read."""


def samples() -> dict[str, Any]:
    """Every recorded payload."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(SAMPLES.glob("*.json")) if path.stem != "file"}


class Slack(Chat):
    """The listener."""

    def __init__(self) -> None:
        super().__init__()
        self._samples = samples()
        self._names = sorted(self._samples)
        self._listener: Listener

    def make(self, chance: Random) -> Any:
        """One payload."""
        held = _placed(chance, self._samples[chance.choice(self._names)])
        return mutate.structure(chance, held) if chance.random() < 0.8 else held

    async def open(self) -> None:
        """A fresh world, and a Slack."""
        world = self._world = await self._worlds.fresh()
        workspace = SlackWorkspace(SandboxClock(FRIDAY))
        url = await self._open.enter_async_context(running(workspace))
        settings = SlackSettings.model_validate(
            {"slack_bot_token": workspace.bot_token, "slack_app_token": workspace.app_token, "slack_api_url": url}
        )
        api = Api(settings)
        await api.open()
        self._open.push_async_callback(api.close)
        await api.identify()
        posts = Posts(api, Rooms(api), world.clock, settings.announce_channel)
        self._listener = Listener(api, world.desk, Answers(api, posts), Originals(api, Names(api)))

    async def feed(self, given: Any) -> str:
        """Dispatch it as Socket Mode does, and then do what is left for afterwards."""
        self._fed += 1
        try:
            told = mutate.written(given)
            if len(told) > LARGEST:
                return "refused by the library"
            self._world.fed(told)
            payload = json.loads(told.replace("TRIGGER", str(self._fed)))
        except RecursionError:
            return "refused by the library"
        afterwards = Afterwards()

        def request() -> AsyncBoltRequest:
            return AsyncBoltRequest(mode="socket_mode", body=payload, headers={}, context={KEY: afterwards})

        answered = await dispatch(self._listener.app, request)
        await afterwards.run()
        if answered.status not in (200, 404):
            raise Wrong(f"answered {answered.status}", str(answered.body)[:300])
        return str(answered.status)


def _placed(chance: Random, held: Any) -> Any:
    """A payload in a channel of an incident, with other words, under a key that was not heard before."""
    said = json.dumps(held)
    for channel in ("C0INC0042", "C0GENERAL"):
        said = said.replace(channel, chance.choice(CHANNELS["slack"]))
    held = json.loads(said)
    for holder, key in mutate.places(held):
        if key in ("trigger_id", "event_id"):
            holder[key] = "TRIGGER"
        elif key in NAMED and isinstance(holder[key], str) and chance.random() < 0.5:
            line = grammar.line(chance)
            holder[key] = (
                json.dumps({"does": line[:100], "channel": chance.choice(CHANNELS["slack"])})
                if key == "private_metadata"
                else line
            )
    return held
