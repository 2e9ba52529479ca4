"""Programs in other processes act in the sandbox through its JSON API."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from adapters.sandbox.server import Sandbox
from tests.sandbox.browser import bolt, sandboxed


class Remote:
    """The control API as another process uses it."""

    def __init__(self, sandbox: Sandbox, session: ClientSession) -> None:
        self.sandbox = sandbox
        self._session = session

    async def ask(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        keywords = more if body is None else {"json": body, **more}
        async with self._session.request(method, f"{self.sandbox.url}/sandbox/{path}", **keywords) as answer:
            return answer.status, await answer.json()

    async def act(self, platform: str, act: str, *, who: str = "ana", **arguments: Any) -> Any:
        status, answer = await self.ask("POST", "act", {"platform": platform, "as": who, "act": act, **arguments})
        assert status == 200, answer
        return answer["result"]

    async def refused(self, method: str, path: str, body: Any = None, **more: Any) -> str:
        status, answer = await self.ask(method, path, body, **more)
        assert status == 400, answer
        return str(answer["error"])

    async def state(self, platform: str, **query: str) -> Any:
        status, answer = await self.ask("GET", "state", params={"platform": platform, **query})
        assert status == 200, answer
        return answer


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    async with sandboxed() as sandbox, ClientSession() as session:
        yield Remote(sandbox, session)


@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_what_one_person_posts_another_sees(remote: Remote, platform: str) -> None:
    words = {"slack": "text", "discord": "content"}[platform]
    await remote.act(platform, "post", who="bo", channel="#general", **{words: "checkout is down"})
    state = await remote.state(platform, **{"as": "ana", "channel": "#general"})
    assert [message[words] for message in state["side"]["channel"]["messages"]] == ["checkout is down"]


async def test_a_slash_command_is_answered_with_what_became_of_it(remote: Remote) -> None:
    async with bolt(remote.sandbox) as app:

        @app.command("/incident")
        async def incident(ack: Any) -> None:
            await ack("Declared.")

        delivery = await remote.act("slack", "command", channel="#general", text="sev1 checkout is down")
    assert delivery["acked"] and not delivery["timed_out"]
    state = await remote.state("slack", channel="#general")
    assert [m["text"] for m in state["side"]["channel"]["messages"] if m.get("is_ephemeral")] == ["Declared."]
    others = await remote.state("slack", **{"as": "bo", "channel": "#general"})
    assert others["side"]["channel"]["messages"] == []


async def test_a_reaction_says_who_reacted_and_whether_i_did(remote: Remote) -> None:
    posted = await remote.act("discord", "post", channel="#general", content="hello")
    await remote.act("discord", "react", who="bo", channel="#general", message=posted["id"], emoji="👀")
    mine, theirs = [
        (await remote.state("discord", **{"as": who, "channel": "#general"}))["side"]["channel"]["messages"][0]
        for who in ("ana", "bo")
    ]
    assert [reaction["me"] for reaction in (*mine["reactions"], *theirs["reactions"])] == [False, True]
    assert mine["reactions"][0]["users"] == ["200000000000000002"]


async def test_an_alert_is_posted_as_another_bot(remote: Remote) -> None:
    alert = [{"title": "[FIRING:1] CheckoutErrorRate", "color": "danger"}]
    await remote.act("slack", "post_as_bot", channel="#alerts", name="Grafana", attachments=alert)
    await remote.act("discord", "post_as_webhook", channel="#alerts", name="Grafana", embeds=[{"title": "[FIRING:1]"}])
    dump = (await remote.ask("GET", "dump"))[1]
    slack = next(c for c in dump["slack"]["channels"].values() if c["name"] == "alerts")
    assert [message["username"] for message in slack["messages"]] == ["Grafana"]
    discord = next(c for c in dump["discord"]["channels"].values() if c["name"] == "alerts")
    assert dump["discord"]["messages"][discord["id"]][0]["embeds"][0]["title"] == "[FIRING:1]"


@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_an_alert_that_is_ready_is_posted_and_edited_as_its_sender_would(remote: Remote, platform: str) -> None:
    ready = (await remote.ask("GET", f"alarms?platform={platform}"))[1]["alarms"]
    for one in ready:
        posted = await remote.act(platform, "post_alert", channel="#alerts", alert=one["key"], stand=one["stands"][0])
        ref = posted["ts"] if platform == "slack" else posted["id"]
        edited = await remote.act(
            platform, "post_alert", channel="#alerts", alert=one["key"], stand="cleared", instead=ref
        )
        assert edited[{"slack": "ts", "discord": "id"}[platform]] == ref and edited != posted
    unknown = {"platform": platform, "act": "post_alert", "channel": "#alerts", "alert": "smoke"}
    assert "There is no alert 'smoke' ready" in await remote.refused("POST", "act", unknown)


async def test_an_unknown_act_is_answered_with_those_that_there_are(remote: Remote) -> None:
    error = await remote.refused("POST", "act", {"platform": "slack", "as": "ana", "act": "dance"})
    assert "no act 'dance'" in error and "command" in error


async def test_a_missing_argument_is_named_with_what_the_act_takes(remote: Remote) -> None:
    error = await remote.refused(
        "POST", "act", {"platform": "slack", "as": "ana", "act": "react", "channel": "#general"}
    )
    assert "it takes channel, ts, name" in error


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"platform": "irc", "act": "post"}, "platform"),
        ({"platform": "slack", "act": "post", "as": "zoe", "channel": "#general", "text": "hi"}, "nobody called 'zoe'"),
        ({"platform": "slack", "act": "post", "channel": "#nowhere", "text": "hi"}, "no channel #nowhere"),
        ({"platform": "slack", "act": "post", "channel": "C0", "text": "hi"}, "no channel C0"),
        ({"platform": "slack", "act": "post", "channel": "#general", "text": ["hi"]}, "text"),
        ({"platform": "slack", "act": "submit_view", "values": {}}, "no view is open"),
        ({"platform": "discord", "act": "submit_modal", "values": {}}, "no form is open"),
        ({"platform": "discord", "act": "post", "channel": "1", "content": "hi"}, "Unknown Channel"),
        ({"platform": "discord", "act": "command", "channel": "#general", "name": "incident"}, "incident"),
    ],
)
async def test_bad_input_is_answered_with_a_sentence(remote: Remote, body: dict[str, Any], words: str) -> None:
    assert words in await remote.refused("POST", "act", body)


async def test_a_body_that_is_not_json_is_refused(remote: Remote) -> None:
    assert "not JSON" in await remote.refused("POST", "act", data=b"{nonsense")
    assert "not JSON" in await remote.refused("POST", "clock", data=b"\xff\xfe")
