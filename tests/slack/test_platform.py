"""What the core owes is done in Slack once, also where an answer is lost on the way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.sandbox.faults import FaultKind
from bot.card import Bold, Button, Card, CardField, Code, Everyone, Mention, Quote, Room, Style, When
from bot.errors import Refused, TryLater
from bot.intents import (
    Archive,
    Bookmark,
    Edit,
    Invite,
    OpenChannel,
    Pin,
    Post,
    React,
    SetTopic,
    Unarchive,
    Whisper,
)
from bot.ports import Found, Job
from tests.slack.conftest import ANA, BO, CLEO, Stage

OPEN = OpenChannel(names=("incident-2026-11-20", "incident-2026-11-20-2"), topic="")
CARD = Card(title="SEV1 · checkout is down", text=("hello",), buttons=(Button(label="Join", does="#1 join"),))


@pytest.fixture
async def here(stage: Stage) -> Stage:
    """With the incident's channel open."""
    channel = await stage.do(OPEN, key="1/channel")
    assert channel is not None
    stage.refs["channel"] = channel
    return stage


async def test_the_channel_takes_the_next_name_where_one_is_taken(stage: Stage) -> None:
    first, second = await stage.do(OPEN, key="1/channel"), await stage.do(OPEN, key="2/channel")
    names = [stage.workspace.channels[ref].name for ref in (first, second) if ref]
    assert names == ["incident-2026-11-20", "incident-2026-11-20-2"]
    with pytest.raises(Refused, match="name_taken"):
        await stage.do(OPEN, key="3/channel")


async def test_a_private_incident_has_a_private_channel(stage: Stage) -> None:
    ref = await stage.do(OpenChannel(names=("secret",), topic="", private=True))
    assert ref is not None
    assert stage.workspace.channels[ref].is_private


async def test_any_script_of_a_title_survives_in_the_name(stage: Stage) -> None:
    for wanted, name in [("Оплата лежит!", "оплата-лежит"), ("支付故障", "支付故障"), ("चेकआउट बंद", "च-कआउट-ब-द")]:
        ref = await stage.do(OpenChannel(names=(wanted,), topic=""), key=wanted)
        assert ref is not None
        assert stage.workspace.channels[ref].name == name


async def test_a_channel_whose_answer_was_lost_is_found(stage: Stage) -> None:
    job = stage.job(OPEN, key="1/channel")
    assert await stage.adapter.platform.find(job) is None
    stage.fault(FaultKind.DROP_AFTER, "conversations.create")
    with pytest.raises(TryLater) as lost:
        await stage.adapter.platform.perform(job)
    assert lost.value.maybe_done
    made = stage.workspace.channel_named("incident-2026-11-20").id
    assert await stage.adapter.platform.find(job) == Found(made)


async def test_a_lost_channel_is_not_taken_for_another_incidents(stage: Stage) -> None:
    stage.refs["channel"] = await stage.do(OPEN, key="1/channel") or ""
    second = stage.job(OPEN, key="2/channel")
    assert await stage.adapter.platform.find(second) is None
    stage.fault(FaultKind.DROP_AFTER, "conversations.create", times=1)
    with pytest.raises(TryLater):
        await stage.do(OpenChannel(names=("incident-2026-11-20-2",), topic=""), key="2/channel")
    assert await stage.adapter.platform.find(second) == Found(stage.workspace.channel_named("incident-2026-11-20-2").id)


async def test_a_channel_that_somebody_else_made_or_that_is_older_is_not_ours(stage: Stage) -> None:
    ref = await stage.do(OPEN, key="1/channel")
    assert ref is not None
    stage.workspace.clock.forward(timedelta(minutes=1))
    assert await stage.adapter.platform.find(stage.job(OPEN, key="1/channel")) is None
    stage.workspace.channels[ref].created += 60
    assert await stage.adapter.platform.find(stage.job(OPEN, key="1/channel")) == Found(ref)
    stage.workspace.channels[ref].creator = "U0ANA0001"
    assert await stage.adapter.platform.find(stage.job(OPEN, key="1/channel")) is None


async def test_people_are_invited_with_one_call(here: Stage) -> None:
    before = len(here.methods())
    await here.do(Invite(people=(ANA, BO)))
    assert here.methods()[before:] == ["conversations.invite"]
    assert {"U0ANA0001", "U0BO00002"} <= set(here.workspace.channels[here.refs["channel"]].members)


async def test_who_is_in_the_channel_keeps_nobody_out(here: Stage) -> None:
    await here.do(Invite(people=(ANA,)))
    await here.do(Invite(people=(ANA,)))
    await here.do(Invite(people=(ANA, BO)))
    assert "U0BO00002" in here.workspace.channels[here.refs["channel"]].members


async def test_one_person_whom_slack_does_not_know_keeps_nobody_out(here: Stage) -> None:
    ghost = ANA.model_copy(update={"handles": {"slack": "U0GHOST01"}})
    nobody = ANA.model_copy(update={"handles": {}})
    me = ANA.model_copy(update={"handles": {"slack": here.workspace.bot_user_id}})
    with pytest.raises(Refused, match="U0GHOST01"):
        await here.do(Invite(people=(ghost, BO, nobody, me)))
    assert "U0BO00002" in here.workspace.channels[here.refs["channel"]].members


async def test_inviting_nobody_asks_nobody(here: Stage) -> None:
    before = len(here.methods())
    await here.do(Invite(people=(ANA.model_copy(update={"handles": {}}),)))
    assert len(here.methods()) == before


async def test_the_topic_is_set(here: Stage) -> None:
    await here.do(SetTopic(topic="SEV1 <!channel> & " + "x" * 300))
    topic = here.workspace.channels[here.refs["channel"]].topic
    assert topic.startswith("SEV1 &lt;!channel&gt; &amp; xxx")
    assert topic.endswith("…")


async def test_what_was_posted_by_a_clock_that_was_ahead_is_found(here: Stage) -> None:
    job = here.job(Post(card=CARD), key="1/card")
    ref = await here.adapter.platform.perform(job)
    ahead = replace(job, first_try_at=here.workspace.now() + timedelta(hours=2))
    assert await here.adapter.platform.find(ahead) is None, "that alone says that it is older than the first attempt"
    assert await here.adapter.platform.find(replace(ahead, owed_at=here.workspace.now())) == Found(ref)


async def test_a_post_carries_its_key_and_is_found_by_it(here: Stage) -> None:
    job = here.job(Post(card=CARD), key="1/card")
    assert await here.adapter.platform.find(job) is None
    here.fault(FaultKind.DROP_AFTER, "chat.postMessage")
    with pytest.raises(TryLater) as lost:
        await here.adapter.platform.perform(job)
    assert lost.value.maybe_done
    (posted,) = [m for m in here.workspace.messages(here.refs["channel"]) if m.get("metadata")]
    assert posted["metadata"] == {"event_type": "tocsin", "event_payload": {"key": "1/card"}}
    assert await here.adapter.platform.find(job) == Found(f"{here.refs['channel']}:{posted['ts']}")
    assert await here.adapter.platform.find(here.job(Post(card=CARD), key="1/other")) is None


async def test_a_post_is_found_behind_many_others(here: Stage) -> None:
    job = here.job(Post(card=CARD), key="1/card")
    ref = await here.adapter.platform.perform(job)
    await here.do(Invite(people=(ANA,)))
    for number in range(450):
        await here.workspace.post("U0ANA0001", here.refs["channel"], f"message {number}")
    assert await here.adapter.platform.find(job) == Found(ref)


async def test_a_reply_in_a_thread_is_found(here: Stage) -> None:
    here.refs["announcement"] = await here.do(Post(card=CARD, to="announcements"), key="1/announcement") or ""
    assert here.refs["announcement"].startswith(here.workspace.channel_named("incidents").id)
    job = here.job(Post(card=CARD, to="announcements", thread="announcement"), key="1/reply")
    assert await here.adapter.platform.find(job) is None
    ref = await here.adapter.platform.perform(job)
    assert await here.adapter.platform.find(job) == Found(ref)
    assert ref is not None
    _, ts = ref.split(":")
    message = here.workspace.channel_named("incidents").message(ts)
    assert message is not None
    assert message["thread_ts"] == here.refs["announcement"].split(":")[1]


async def test_an_answer_to_somebody_elses_post_stands_in_its_thread_and_is_found_there(here: Stage) -> None:
    alerts = here.workspace.channel_named("alerts")
    theirs = await here.workspace.post_as_bot(alerts.id, name="Grafana", text="[FIRING:1] x")
    answer = Post(card=CARD, under=f"{alerts.id}:{theirs['ts']}")
    job = Job("alert/17/1", answer, None, here.workspace.now(), {})
    assert await here.adapter.platform.find(job) is None
    ref = await here.adapter.platform.perform(job)
    assert await here.adapter.platform.find(job) == Found(ref)
    (reply,) = alerts.replies(theirs["ts"])
    assert ref == f"{alerts.id}:{reply['ts']}"
    seen = React(message=answer.under, emoji="👀")
    for key in ("alert/seen/1", "alert/seen/2"):
        assert await here.adapter.platform.perform(Job(key, seen, None, here.workspace.now(), {})) is None
    assert [one["name"] for one in theirs["reactions"]] == ["eyes"]


async def test_a_post_goes_to_a_named_channel_which_the_bot_joins(here: Stage) -> None:
    here.workspace.scopes.discard("chat:write.public")
    random = here.workspace.channel_named("random")
    assert here.workspace.bot_user_id not in random.members
    ref = await here.do(Post(card=CARD, to="#random"))
    assert ref is not None
    assert ref.startswith(random.id)
    assert here.workspace.bot_user_id in random.members
    with pytest.raises(Refused, match="channel_not_found"):
        await here.do(Post(card=CARD, to="#nowhere"))
    assert await here.adapter.platform.find(here.job(Post(card=CARD, to="#nowhere"))) is None


async def test_every_part_of_a_card_is_taken_by_slack(here: Stage) -> None:
    at = here.workspace.now()
    card = Card(
        title="x" * 400,
        text=(
            *("<!channel> ", Mention(person=ANA), Bold(text="*b*"), Code(text="c\nd"), Quote(text="q\nr"), Everyone()),
            *(When(at=at, style=Style.RELATIVE), Room(name="inc"), "y" * 20_000),
        ),
        fields=tuple(CardField(name=f"Field {n}", value=("z" * 3_000, When(at=at))) for n in range(12)),
        buttons=tuple(Button(label="press " * 30, does=f"do {n}") for n in range(30)),
        footer=("  ", "made by ", Code(text="/incident help"), When(at=at, style=Style.MOMENT), "."),
    )
    assert await here.do(Post(card=card)) is not None


async def test_an_edit_takes_the_place_of_the_message(here: Stage) -> None:
    here.refs["card"] = await here.do(Post(card=CARD), key="1/card") or ""
    await here.do(Edit(message="card", card=Card(title="resolved")))
    message = here.workspace.place(here.refs["channel"]).message(here.refs["card"].split(":")[1])
    assert message is not None
    assert message["text"] == "resolved"
    assert [block["type"] for block in message["blocks"]] == ["header"]
    here.refs["gone"] = f"{here.refs['channel']}:1.000100"
    with pytest.raises(Refused, match="message_not_found"):
        await here.do(Edit(message="gone", card=CARD))


async def test_pins_are_there_once(here: Stage) -> None:
    here.refs["card"] = await here.do(Post(card=CARD), key="1/card") or ""
    for _ in range(2):
        await here.do(Pin(message="card"))
    assert len(here.workspace.channels[here.refs["channel"]].pins) == 1
    assert await here.adapter.platform.find(here.job(Pin(message="card"))) is None


async def test_a_bookmark_whose_answer_was_lost_is_found(here: Stage) -> None:
    here.refs["runbook"] = await here.do(Post(card=CARD), key="1/runbook") or ""
    for intent in (Bookmark(title="Dash", url="https://x.example"), Bookmark(title="Runbook", message="runbook")):
        job = here.job(intent)
        assert await here.adapter.platform.find(job) is None
        here.fault(FaultKind.DROP_AFTER, "bookmarks.add")
        with pytest.raises(TryLater):
            await here.adapter.platform.perform(job)
        assert await here.adapter.platform.find(job) == Found(None)
    links = [kept["link"] for kept in here.workspace.channels[here.refs["channel"]].bookmarks]
    assert links[0] == "https://x.example"
    channel, ts = here.refs["runbook"].split(":")
    assert links[1].endswith(f"/archives/{channel}/p{ts.replace('.', '')}")


async def test_reactions_of_the_bot_come_and_go(here: Stage) -> None:
    ref = await here.do(Post(card=CARD)) or ""
    for on in (True, True, False, False):
        await here.do(React(message=ref, emoji="✅", on=on))
        message = here.workspace.place(here.refs["channel"]).message(ref.split(":")[1])
        assert message is not None
        assert ("reactions" in message) is on


async def test_an_archived_channel_stays_archived(here: Stage) -> None:
    for _ in range(2):
        await here.do(Archive())
    assert here.workspace.channels[here.refs["channel"]].is_archived
    with pytest.raises(Refused):
        await here.do(Unarchive())
    with pytest.raises(Refused, match="is_archived"):
        await here.do(Post(card=CARD))


async def test_a_whisper_is_seen_by_one_person(here: Stage) -> None:
    await here.do(Invite(people=(ANA,)))
    await here.do(Whisper(person=ANA, card=CARD, channel=here.refs["channel"]))
    (only,) = here.workspace.ephemerals("U0ANA0001")
    assert only["channel"] == here.refs["channel"]
    assert not here.workspace.ephemerals("U0BO00002")
    assert await here.adapter.platform.find(here.job(Whisper(person=ANA, card=CARD))) is None


async def test_who_is_not_in_the_channel_gets_a_direct_message(here: Stage) -> None:
    await here.do(Whisper(person=CLEO, card=CARD, channel=here.refs["channel"]))
    await here.do(Whisper(person=CLEO, card=CARD))
    direct = here.workspace.dm(here.workspace.bot_user_id, "U0CLEO003")
    assert [message["text"] for message in direct.messages] == ["SEV1 · checkout is down\nhello"] * 2
    with pytest.raises(Refused):
        await here.do(Whisper(person=CLEO.model_copy(update={"handles": {}}), card=CARD))


async def test_a_whisper_answers_what_somebody_did_as_long_as_it_can(here: Stage) -> None:
    space, soon = here.workspace, here.workspace.now() + timedelta(minutes=25)
    reply = space.response_url("U0BO00002", here.general)
    await here.do(Whisper(person=BO, card=CARD, reply=reply, channel=here.general, until=soon))
    assert space.ephemerals("U0BO00002")[-1]["channel"] == here.general
    assert here.methods()[-1] == "response_url"
    space.clock.forward(timedelta(minutes=26))
    await here.do(Whisper(person=BO, card=CARD, reply=reply, channel=here.general, until=soon))
    assert here.methods()[-1] == "chat.postMessage"
    space.clock.forward(timedelta(minutes=26))
    await here.do(Whisper(person=BO, card=CARD, reply=reply))
    assert here.methods()[-3:] == ["response_url", "conversations.open", "chat.postMessage"]


@pytest.mark.parametrize("reply", ["//x", "", "http://[", "https://slack.com.example.com/x", "http://127.0.0.1:9/x"])
async def test_an_answer_goes_to_slack_and_to_nobody_else(here: Stage, reply: str) -> None:
    await here.do(Whisper(person=BO, card=CARD, reply=reply))
    assert here.methods()[-2:] == ["conversations.open", "chat.postMessage"]


@pytest.mark.parametrize(
    ("kind", "more", "maybe_done", "after"),
    [
        (FaultKind.RATE_LIMIT, {"seconds": 7}, False, timedelta(seconds=7)),
        (FaultKind.SERVER_ERROR, {"status": 503}, True, None),
        (FaultKind.DROP_BEFORE, {}, True, None),
        (FaultKind.REFUSE, {"error": "internal_error"}, True, None),
        (FaultKind.REFUSE, {"error": "ratelimited"}, False, None),
    ],
)
async def test_what_slack_cannot_do_now_is_for_later(
    here: Stage, kind: FaultKind, more: dict[str, object], maybe_done: bool, after: timedelta | None
) -> None:
    here.fault(kind, "chat.postMessage", **more)
    with pytest.raises(TryLater) as later:
        await here.do(Post(card=CARD))
    assert (later.value.maybe_done, later.value.after, later.value.unreachable) == (maybe_done, after, False)
    assert await here.do(Post(card=CARD)) is not None


@pytest.mark.parametrize("kind", [FaultKind.RATE_LIMIT, FaultKind.SERVER_ERROR, FaultKind.DROP_BEFORE])
async def test_an_answer_that_slack_cannot_take_now_is_for_later(here: Stage, kind: FaultKind) -> None:
    here.fault(kind, "response_url")
    reply = here.workspace.response_url("U0BO00002", here.general)
    with pytest.raises(TryLater) as later:
        await here.do(Whisper(person=BO, card=CARD, reply=reply))
    assert later.value.maybe_done is (kind is not FaultKind.RATE_LIMIT)
    await here.do(Whisper(person=BO, card=CARD, reply=reply))
    assert len(here.workspace.ephemerals("U0BO00002")) == 1


async def test_one_try_is_one_call(here: Stage) -> None:
    before = len(here.methods())
    for kind in (FaultKind.RATE_LIMIT, FaultKind.SERVER_ERROR, FaultKind.DROP_BEFORE):
        here.fault(kind, "chat.postMessage")
        with pytest.raises(TryLater):
            await here.do(Post(card=CARD))
    assert here.methods()[before:] == ["chat.postMessage"] * 3


async def test_a_missing_scope_is_a_plain_no(here: Stage) -> None:
    here.workspace.scopes.discard("pins:write")
    here.refs["card"] = await here.do(Post(card=CARD), key="1/card") or ""
    with pytest.raises(Refused, match="missing_scope"):
        await here.do(Pin(message="card"))
