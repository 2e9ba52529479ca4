"""A text is posted as a file once, also where Slack is slow to show it or an answer is lost on the way."""

import json
from datetime import timedelta
from importlib.resources import files
from math import inf
from typing import Any

import pytest

from adapters.sandbox.faults import FaultKind
from adapters.sandbox.slack.workspace import SlackWorkspace
from adapters.slack.api import Api
from adapters.slack.files import left_by
from adapters.slack.limits import SHARING
from bot.errors import Refused, TryLater
from bot.intents import Attach, OpenChannel
from bot.ports import Found
from tests.slack.conftest import Stage, settings

DRAFT = Attach(name="postmortem-42.md", title="Post-mortem of #42, a draft", content="# Checkout is down\n\n* one\n")
KEY = "1/postmortem"
GET, PUT, COMPLETE = "files.getUploadURLExternal", "upload_url", "files.completeUploadExternal"


@pytest.fixture
async def here(stage: Stage) -> Stage:
    """With the incident's channel open."""
    stage.refs["channel"] = await stage.do(OpenChannel(names=("incident-1",), topic=""), key="1/channel") or ""
    return stage


def shared(stage: Stage, channel: str = "") -> list[dict[str, Any]]:
    """Messages with files."""
    return [m for m in stage.workspace.messages(channel or stage.refs["channel"]) if m.get("files")]


async def test_a_file_is_posted_with_its_title_in_three_calls_and_a_look(here: Stage) -> None:
    before = len(here.methods())
    ref = await here.do(DRAFT, key=KEY)
    assert here.methods()[before:] == [GET, PUT, COMPLETE, "conversations.history"]
    (message,) = shared(here)
    assert ref == f"{here.refs['channel']}:{message['ts']}"
    (file,) = message["files"]
    assert (file["name"], file["title"], file["size"]) == ("postmortem-42.md", "postmortem-42.md", 26)
    assert here.workspace.files[file["id"]].content == DRAFT.content.encode()
    assert message["blocks"][0]["text"]["text"] == DRAFT.title


async def test_words_beside_a_file_never_act(here: Stage) -> None:
    title = "<!channel> *bold* :fire:\nhttps://example.com <@U0ANA0001>"
    await here.do(DRAFT.model_copy(update={"title": title}), key=KEY)
    (block,) = shared(here)[0]["blocks"]
    assert block["text"] == {"type": "plain_text", "text": " ".join(title.split()), "emoji": False}
    await here.do(DRAFT.model_copy(update={"title": "t" * 5000}), key="1/long")
    await here.do(DRAFT.model_copy(update={"title": " "}), key="1/untitled")
    assert [len(m["blocks"][0]["text"]["text"]) for m in shared(here)[1:]] == [300, len(DRAFT.name)]


async def test_half_a_million_characters_of_any_script_arrive_whole(here: Stage) -> None:
    text = "🔥 תקלה\n" * 100_000
    await here.do(Attach(name='../דו"ח\n🔥.md', title="x", content=text), key=KEY)
    (file,) = shared(here)[0]["files"]
    assert file["name"] == "דו-ח 🔥.md"
    assert here.workspace.files[file["id"]].content == text.encode()


async def test_an_empty_text_is_a_file_too(here: Stage) -> None:
    assert await here.do(DRAFT.model_copy(update={"content": ""}), key=KEY)


async def test_a_file_goes_to_a_named_channel_which_the_bot_joins(here: Stage) -> None:
    announced = here.workspace.channel_named("incidents").id
    ref = await here.do(DRAFT.model_copy(update={"to": "announcements"}), key=KEY)
    assert ref is not None and ref.startswith(announced)
    random = here.workspace.channel_named("random")
    assert await here.do(DRAFT.model_copy(update={"to": "#random"}), key="1/second")
    assert len(shared(here, random.id)) == 1
    nowhere = DRAFT.model_copy(update={"to": "#nowhere"})
    assert await here.adapter.platform.find(here.job(nowhere)) is None
    with pytest.raises(Refused, match="channel_not_found"):
        await here.do(nowhere)


@pytest.mark.parametrize("method", [GET, PUT, COMPLETE])
@pytest.mark.parametrize("kind", [FaultKind.DROP_AFTER, FaultKind.DROP_BEFORE, FaultKind.SERVER_ERROR])
async def test_a_file_whose_answer_was_lost_is_posted_once(here: Stage, method: str, kind: FaultKind) -> None:
    job = here.job(DRAFT, key=KEY)
    assert await here.adapter.platform.find(job) is None
    here.fault(kind, method)
    with pytest.raises(TryLater) as lost:
        await here.adapter.platform.perform(job)
    assert lost.value.maybe_done
    assert lost.value.shows == (SHARING if method == COMPLETE else None)
    assert lost.value.after is None, "Slack asked nobody to wait"
    found = await here.adapter.platform.find(job)
    assert (found is not None) == (method == COMPLETE and kind is FaultKind.DROP_AFTER)
    ref = found.ref if found else await here.adapter.platform.perform(job)
    (message,) = shared(here)
    assert ref == f"{here.refs['channel']}:{message['ts']}"


async def test_the_same_file_of_another_job_is_not_taken_for_ours(here: Stage) -> None:
    job, other = here.job(DRAFT, key=KEY), here.job(DRAFT, key="1/again")
    ref = await here.adapter.platform.perform(job)
    assert await here.adapter.platform.find(other) is None
    assert await here.adapter.platform.perform(other) != ref
    assert await here.adapter.platform.find(job) == Found(ref)


async def test_a_file_is_known_by_name_and_size_where_slack_kept_no_mark(here: Stage) -> None:
    job = here.job(DRAFT, key=KEY)
    ref = await here.adapter.platform.perform(job)
    del shared(here)[0]["blocks"][0]["block_id"]
    assert await here.adapter.platform.find(job) == Found(ref)
    longer = DRAFT.model_copy(update={"content": DRAFT.content + "more"})
    assert await here.adapter.platform.find(here.job(longer, key=KEY)) is None
    here.workspace.clock.forward(timedelta(minutes=1))
    assert await here.adapter.platform.find(here.job(DRAFT, key=KEY)) is None


async def test_a_file_as_slack_shows_it_in_a_channels_history_is_known_again(here: Stage) -> None:
    said = json.loads((files("adapters.slack") / "samples" / "file.json").read_text())
    assert left_by(said, here.job(DRAFT, key=KEY), DRAFT)
    assert not left_by(said, here.job(DRAFT, key="1/other"), DRAFT)
    assert left_by(said | {"blocks": []}, here.job(DRAFT, key=KEY), DRAFT)


async def test_slack_may_take_a_moment_to_show_a_file(here: Stage) -> None:
    here.workspace.sharing = 0.2
    ref = await here.do(DRAFT, key=KEY)
    assert ref is not None and len(shared(here)) == 1


async def test_a_file_that_slack_never_shows_is_looked_for_later_and_posted_again(here: Stage) -> None:
    here.workspace.sharing = inf
    job = here.job(DRAFT, key=KEY)
    with pytest.raises(TryLater, match="file_not_shown_yet") as lost:
        await here.adapter.platform.perform(job)
    assert (lost.value.maybe_done, lost.value.shows) == (True, SHARING)
    assert await here.adapter.platform.find(job) is None
    here.workspace.sharing = 0.0
    assert await here.adapter.platform.perform(job)
    assert len(shared(here)) == 1


async def test_a_limit_met_while_looking_is_no_reason_to_post_again(here: Stage) -> None:
    job = here.job(DRAFT, key=KEY)
    here.fault(FaultKind.RATE_LIMIT, "conversations.history", seconds=7)
    with pytest.raises(TryLater) as lost:
        await here.adapter.platform.perform(job)
    assert (lost.value.maybe_done, lost.value.after) == (True, timedelta(seconds=7))
    assert await here.adapter.platform.find(job) is not None


async def test_a_file_in_a_channel_that_cannot_be_read_is_done_without_a_reference(here: Stage) -> None:
    here.workspace.scopes.discard("channels:history")
    assert await here.do(DRAFT, key=KEY) is None
    assert len(shared(here)) == 1


@pytest.mark.parametrize("method", [GET, PUT, COMPLETE])
async def test_a_limit_is_waited_for(here: Stage, method: str) -> None:
    here.fault(FaultKind.RATE_LIMIT, method, seconds=7)
    with pytest.raises(TryLater) as later:
        await here.do(DRAFT, key=KEY)
    assert (later.value.maybe_done, later.value.after) == (False, timedelta(seconds=7))
    assert await here.do(DRAFT, key=KEY)


async def test_what_the_bot_attaches_in_an_alert_channel_is_no_alert(here: Stage) -> None:
    assert await here.do(DRAFT.model_copy(update={"to": "#alerts"}), key=KEY)
    await here.workspace.post_as_bot(here.workspace.channel_named("alerts").id, name="Grafana", text="[FIRING:1] x")
    await here.ear.until_posted(1)
    assert [post.author for post in here.ear.posts] == ["Grafana"]


async def test_without_the_scope_files_are_refused(here: Stage) -> None:
    here.workspace.scopes.discard("files:write")
    with pytest.raises(Refused, match="missing_scope"):
        await here.do(DRAFT, key=KEY)


async def test_the_bytes_go_to_slack_and_to_nobody_else(workspace: SlackWorkspace) -> None:
    elsewhere = (
        "http://127.0.0.1:9/",
        "https://slack.com.example.com/",
        "http://files.slack.com/",
        "https://xslack.com/",
    )
    api = Api(settings(workspace, "http://127.0.0.1:8/api/"))
    for url in elsewhere:
        with pytest.raises(Refused, match="upload_address_is_not_slacks"):
            await api.upload(url, b"secret")
    assert api.client.session is None
    for url in ("https://files.slack.com/upload/v1/x", "https://slack.com/x", "http://127.0.0.1:8/upload"):
        assert api._is_slacks(url)
