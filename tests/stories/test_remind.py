"""The reminder ladder: it asks, takes one tap for an answer, climbs once while nobody answers, and then repeats."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.incident import HowAnswered
from tests.support.seen import Seen
from tests.support.story import (
    ROOM,
    acquainted,
    announcement,
    card,
    changed,
    declared,
    default,
    last,
    posts,
    react,
    tell,
    thread,
    town_with,
)
from tests.support.town import ANA, BO, CLEO, ESHA, FRIDAY, Side, Town


def at(**after: float) -> datetime:
    """A time after the declaration."""
    return FRIDAY + timedelta(**after)


async def asked(town: Town, side: Side) -> Seen:
    """Declare, and wait until the first reminder stands."""
    await declared(town, side)
    await town.forward(minutes=15)
    return last(side)


async def test_the_reminder_asks_those_responsible_with_buttons_and_a_key_to_the_reactions(
    town: Town, side: Side
) -> None:
    reminder = await asked(town, side)
    assert "Status update, please" in reminder.text and reminder.rings == {"Ana Reyes"}
    assert reminder.buttons == ("Post update", "No change", "Snooze", "I'll take it")
    for sign in "✅👀⏰🙋🔕":
        assert sign in reminder.text
    assert "overdue" in card(side).text
    assert "due" in card(side).text and "by" in card(side).text


@pytest.mark.parametrize(
    ("emoji", "how", "says", "next_at"),
    [
        ("✅", HowAnswered.NO_CHANGE, "nothing new", at(minutes=30)),
        ("👀", HowAnswered.ACKNOWLEDGED, "is on it", at(minutes=20)),
        ("⏰", HowAnswered.SNOOZED, "asked to be asked later", at(minutes=25)),
        ("🙋", HowAnswered.LEAD, "takes the lead", at(minutes=20)),
        ("🔕", HowAnswered.PAUSED, "paused the reminders", at(hours=2, minutes=15)),
    ],
)
async def test_each_reaction_is_an_answer_confirmed_by_an_edit(
    town: Town, side: Side, emoji: str, how: HowAnswered, says: str, next_at: datetime
) -> None:
    reminder = await asked(town, side)
    count = len(posts(side))

    await react(town, side, BO, emoji, reminder)

    incident = await town.incident()
    assert incident.reminding.answer is not None and incident.reminding.answer.how is how
    assert incident.reminding.ask_at == next_at
    shown = last(side)
    assert shown.ref == reminder.ref and says in shown.text and shown.buttons == ()
    assert "Bo" in shown.text or "bo" in shown.text
    assert len(posts(side)) == count
    if emoji == "✅":
        assert "No change" in thread(side)[-1].text and incident.updates == 1
        assert "No change" in card(side).text and "No change" in announcement(side).text
    if emoji == "🙋":
        assert incident.roles["commander"].on(side.name) == incident.reminding.answer.by.on(side.name)
    if emoji == "🔕":
        assert "Please say why" in shown.text and "paused" in card(side).text


@pytest.mark.parametrize(
    ("label", "how", "next_at"),
    [
        ("No change", HowAnswered.NO_CHANGE, at(minutes=30)),
        ("Snooze", HowAnswered.SNOOZED, at(minutes=25)),
        ("I'll take it", HowAnswered.LEAD, at(minutes=20)),
    ],
)
async def test_each_button_is_an_answer_once_and_a_second_tap_is_told_so(
    town: Town, side: Side, label: str, how: HowAnswered, next_at: datetime
) -> None:
    reminder = await asked(town, side)
    count = len(posts(side))
    told = await side.taps(BO, label, reminder, room=ROOM)
    await town.settle()

    incident = await town.incident()
    assert "Thank you, noted" in told
    assert incident.reminding.answer is not None and incident.reminding.answer.how is how
    assert incident.reminding.ask_at == next_at and len(posts(side)) == count

    entries = len(await town.timeline())
    again = await tell(town, side, CLEO, f"#1 answer 1 {'no-change' if label == 'No change' else 'snooze'}")
    assert "answered already by" in again
    assert len(await town.timeline()) == entries


async def test_two_people_tap_at_once_and_the_first_one_counts(town: Town, side: Side) -> None:
    reminder = await asked(town, side)
    await react(town, side, BO, "✅", reminder)
    before = (await town.incident()).reminding
    await side.reacts(CLEO, "⏰", reminder, room=ROOM)
    await tell(town, side, CLEO, "status")
    assert (await town.incident()).reminding == before


async def test_post_update_opens_the_form_and_the_update_answers(town: Town, side: Side) -> None:
    reminder = await asked(town, side)
    await side.taps(ANA, "Post update", reminder, room=ROOM)
    await side.fills(ANA, text="the rollback is out")
    await town.settle()
    shown = next(one for one in posts(side) if one.ref == reminder.ref)
    assert "posted an update" in shown.text and shown.buttons == ()
    assert "the rollback is out" in last(side).text


async def test_a_silence_climbs_each_rung_once_then_repeats_at_the_top_at_the_cadence(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, f"role comms {side.at(BO)}")
    await tell(town, side, ANA, f"role deputy {side.at(CLEO)}")
    count = len(posts(side))
    rung: list[frozenset[str]] = []
    for minute in range(5, 61, 5):
        await town.forward(minutes=4)
        assert len(posts(side)) == count + len(rung), minute
        await town.forward(minutes=1)
        if minute in (15, 20, 25, 30, 45, 60):
            rung.append(last(side).rings)
        assert len(posts(side)) == count + len(rung), minute

    assert rung == [{"Bo Lindqvist"}, {"Cleo Okafor"}, *[{"everyone"}] * 4]
    *earlier, newest = posts(side)[count:]
    assert all(one.buttons == () for one in earlier)
    assert all("asked again below" in one.text for one in earlier)
    assert "No change" in newest.buttons and "Still no status update" in newest.text

    await react(town, side, BO, "✅", newest)
    await town.forward(minutes=15)
    assert last(side).rings == {"Bo Lindqvist"} and "Status update, please" in last(side).text


@pytest.mark.parametrize("words", ["update it is getting better", "status identified", "resolve"])
async def test_whatever_is_said_of_the_state_ends_the_climb(town: Town, side: Side, words: str) -> None:
    await asked(town, side)
    await town.forward(minutes=5)
    asks = [one.ref for one in posts(side)[-2:]]
    await tell(town, side, BO, words)
    count = len(posts(side))
    await town.forward(minutes=14)
    assert len(posts(side)) == count
    shown = [one for one in posts(side) if one.ref in asks]
    assert len(shown) == 2 and all(one.buttons == () for one in shown)
    assert all("✓" in one.text for one in shown)


async def test_reminders_stop_with_the_incident(town: Town, side: Side) -> None:
    await asked(town, side)
    await tell(town, side, ANA, "resolve the pool was restarted")
    count = len(posts(side))
    for _ in range(5):
        await town.forward(minutes=30)
    assert len(posts(side)) == count
    assert (await town.incident()).reminding.ask_at is None
    told = await tell(town, side, BO, "#1 answer 1 no-change")
    assert "#1 is resolved." in told and "/incident reopen" in told
    assert (await town.incident()).updates == 0


async def test_a_reaction_on_an_ended_incident_or_another_message_answers_nothing(town: Town, side: Side) -> None:
    reminder = await asked(town, side)
    await side.reacts(BO, "✅", card(side), room=ROOM)
    await side.reacts(BO, "🎉", reminder, room=ROOM)
    await tell(town, side, ANA, "status")
    assert (await town.incident()).reminding.waiting
    await tell(town, side, ANA, "cancel")
    await side.reacts(BO, "✅", reminder, room=ROOM)
    await tell(town, side, ANA, "status")
    assert (await town.incident()).updates == 0


async def test_who_left_the_channel_is_asked_privately(tmp_path: Path) -> None:
    async with Town(f"sqlite:///{tmp_path / 'tocsin.db'}", platforms=("slack",)) as town:
        side = town.sides["slack"]
        await declared(town, side)
        channel = town.sandbox.slack.channel_named(ROOM).id
        await town.sandbox.slack.leave(ANA.slack_id, channel)

        async def noticed() -> bool:
            return bool((await town.incident()).rooms["slack"].left)

        await town.until(noticed)
        await town.forward(minutes=15)
        direct = side.private(ANA)[-1]
        assert "A status update is owed and you are not in the channel" in direct

        await town.sandbox.slack.join(ANA.slack_id, channel)

        async def back() -> bool:
            return not (await town.incident()).rooms["slack"].left

        await town.until(back)
        told = len(side.private(ANA))
        await town.forward(minutes=5)
        assert len(side.private(ANA)) == told


async def test_somebody_whom_the_ladder_names_outside_the_channel_is_asked_privately(
    tmp_path: Path, platform: str
) -> None:
    ladder = [{"rings": ["commander"]}, {"after": "5m", "rings": ["cleo"]}]
    async with town_with(tmp_path, (platform,), ladder=ladder) as town:
        side = town.sides[platform]
        await asked(town, side)
        assert side.private(CLEO) == []
        await town.forward(minutes=5)
        assert len(side.private(CLEO)) == 1 and "A status update is owed" in side.private(CLEO)[0]
        assert last(side).rings == {"Cleo Okafor"}


CLEO_NAMED = [{"rings": ["commander"]}, {"after": "5m", "rings": ["cleo"]}]
"""A ladder that asks somebody outside the channel."""


async def asked_directly(town: Town, side: Side) -> Seen:
    """Declare, and wait until Cleo is asked privately."""
    await asked(town, side)
    await town.forward(minutes=5)
    (direct,) = side.direct(CLEO)
    assert direct.buttons == ("Post update", "No change", "Snooze", "I'll take it", "Join")
    return direct


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("update it is getting better", "posted an update"),
        ("ack", "is on it"),
        ("snooze", "asked to be asked later"),
        ("resolve the pool was restarted", "ended it"),
        ("severity sev4", "no update is owed"),
    ],
)
async def test_a_private_reminder_shows_the_answer_that_was_given_elsewhere(
    tmp_path: Path, platform: str, words: str, says: str
) -> None:
    async with town_with(tmp_path, (platform,), ladder=CLEO_NAMED) as town:
        side = town.sides[platform]
        direct = await asked_directly(town, side)
        await tell(town, side, BO, words)
        (shown,) = side.direct(CLEO)
        assert shown.ref == direct.ref and shown.buttons == ()
        assert "Bo Lindqvist" in shown.text and says in shown.text and "checkout is down" in shown.text


async def test_a_private_reminder_is_answered_by_its_own_button(tmp_path: Path, platform: str) -> None:
    async with town_with(tmp_path, (platform,), ladder=CLEO_NAMED) as town:
        side = town.sides[platform]
        direct = await asked_directly(town, side)
        before = (await town.incident()).revision
        await side.taps_directly(CLEO, "No change", direct)
        await changed(town, since=before)
        (shown,) = side.direct(CLEO)
        assert "Cleo Okafor" in shown.text and "nothing new" in shown.text and shown.buttons == ()
        assert last(side).buttons == () and "Cleo Okafor" in last(side).text


async def test_who_is_asked_privately_again_has_one_reminder_to_answer(tmp_path: Path, platform: str) -> None:
    async with town_with(tmp_path, (platform,), ladder=CLEO_NAMED) as town:
        side = town.sides[platform]
        await asked_directly(town, side)
        for _ in range(3):
            await town.forward(minutes=15)
        told = side.direct(CLEO)
        assert [bool(one.buttons) for one in told] == [False, False, False, True]
        assert all("asked again below" in one.text for one in told[:-1])
        await tell(town, side, ANA, "update better")
        assert not any(one.buttons for one in side.direct(CLEO))
        assert "posted an update" in side.direct(CLEO)[-1].text

        await town.forward(minutes=15)
        await town.forward(minutes=5)
        assert [bool(one.buttons) for one in side.direct(CLEO)] == [False, False, False, False, True]


async def test_a_private_reminder_stands_on_each_platform_and_one_answer_settles_both(tmp_path: Path) -> None:
    async with town_with(tmp_path, ("slack", "discord"), ladder=CLEO_NAMED) as town:
        slack, discord = town.sides["slack"], town.sides["discord"]
        await asked_directly(town, slack)
        (direct,) = discord.direct(CLEO)
        await discord.taps_directly(CLEO, "Snooze", direct)

        async def answered() -> bool:
            return not (await town.incident()).reminding.waiting

        await town.until(answered)
        await town.settle()
        for side in (slack, discord):
            (shown,) = side.direct(CLEO)
            assert "asked to be asked later" in shown.text and shown.buttons == ()


async def test_snoozing_before_anything_is_asked_never_brings_the_question_forward(town: Town, side: Side) -> None:
    await declared(town, side)
    told = await tell(town, side, ANA, "snooze 10m")
    assert "I ask again at" in told
    assert (await town.incident()).reminding.ask_at == at(minutes=15)
    await tell(town, side, ANA, "snooze 1h")
    assert (await town.incident()).reminding.ask_at == at(hours=1)
    assert "longest snooze is 1d" in await tell(town, side, ANA, "snooze 3 days")
    assert "“soon” is not a duration" in await tell(town, side, ANA, "snooze soon")


async def test_ack_answers_what_stands_and_changes_nothing_otherwise(town: Town, side: Side) -> None:
    await declared(town, side)
    await town.forward(minutes=4)
    await tell(town, side, BO, "ack")
    incident = await town.incident()
    assert incident.acknowledged_at == at(minutes=4) and incident.reminding.ask_at == at(minutes=15)
    await town.forward(minutes=11)
    told = await tell(town, side, BO, "on it")
    assert "you are on it" in told
    assert (await town.incident()).reminding.ask_at == at(minutes=20)
    await town.forward(minutes=5)
    assert "Status update, please" in last(side).text


async def test_a_pause_takes_its_reason_later_and_asks_again_when_it_ends(town: Town, side: Side) -> None:
    reminder = await asked(town, side)
    await react(town, side, ANA, "🔕", reminder)
    await town.forward(minutes=5)
    told = await tell(town, side, ANA, "pause because we wait for the supplier")
    assert "Paused for 2h at most" in told
    assert "Reason: we wait for the supplier." in last(side).text and "Please say why" not in last(side).text
    assert "paused (we wait for the supplier)" in card(side).text
    assert (await town.incident()).reminding.ask_at == at(hours=2, minutes=15)
    count = len(posts(side))
    await town.forward(minutes=114)
    assert len(posts(side)) == count
    await town.forward(minutes=1)
    assert len(posts(side)) == count + 1 and "Status update, please" in last(side).text


async def test_pause_alone_asks_why_in_a_form_and_resume_starts_the_clock(town: Town, side: Side) -> None:
    await declared(town, side)
    assert "not paused" in await tell(town, side, ANA, "resume")
    await side.says(ANA, "pause", room=ROOM)
    await side.fills(ANA, because="lunch")
    await town.settle()
    assert "paused (lunch)" in card(side).text
    await town.forward(minutes=40)
    assert "clock runs again" in await tell(town, side, ANA, "resume")
    assert (await town.incident()).reminding.due_at == at(minutes=55)


async def test_where_nothing_is_on_the_clock_there_is_nothing_to_snooze_or_pause(town: Town, side: Side) -> None:
    await declared(town, side, "sev4 a typo on the start page")
    assert "nothing to snooze" in await tell(town, side, ANA, "snooze")
    assert "nothing to pause" in await tell(town, side, ANA, "pause because lunch")
    count = len(posts(side))
    await town.forward(hours=5)
    assert len(posts(side)) == count


async def test_the_promise_is_on_the_card_and_overdue_is_shown(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, f"role comms {side.at(BO)}")
    assert "by @Bo" in card(side).text or "by bo" in card(side).text
    assert "overdue" not in card(side).text and "overdue" not in announcement(side).text
    await town.forward(minutes=15)
    assert "overdue" in card(side).text and "overdue" in announcement(side).text
    await tell(town, side, ANA, "update better now")
    assert "overdue" not in card(side).text


def with_severities(**changes: dict[str, object]) -> list[dict[str, object]]:
    """The default severities with some fields of some of them changed."""
    return [severity.model_dump() | changes.get(severity.name, {}) for severity in default().severities]


async def test_the_first_update_is_owed_sooner_and_only_an_update_meets_it(tmp_path: Path, platform: str) -> None:
    strict = with_severities(sev1={"first_update": "15m", "cadence": "30m"})
    async with town_with(tmp_path, (platform,), severities=strict) as town:
        side = town.sides[platform]
        assert "then every 30m" in await side.says(ANA, "preview sev1 checkout is down")
        await declared(town, side)
        told = await tell(town, side, ANA, "snooze 1h")
        assert "only an update meets it" in told
        assert (await town.incident()).reminding.ask_at == at(minutes=15)

        await town.forward(minutes=15)
        reminder = last(side)
        assert "Status update, please" in reminder.text
        await react(town, side, BO, "👀", reminder)
        shown = last(side)
        assert shown.ref == reminder.ref and "The first update is still owed; I ask again at" in shown.text
        clock = (await town.incident()).reminding
        assert (clock.due_at, clock.ask_at) == (at(minutes=15), at(minutes=20))
        assert "overdue" in card(side).text

        await town.forward(minutes=5)
        assert "Status update, please" in last(side).text
        told = await tell(town, side, ANA, "update we do not know yet why")
        assert "Next update due" in told and "overdue" not in card(side).text
        assert (await town.incident()).reminding.due_at == at(minutes=50)


async def test_where_only_a_first_update_is_owed_it_is_exactly_one(tmp_path: Path, platform: str) -> None:
    once = with_severities(sev4={"first_update": "20m"})
    async with town_with(tmp_path, (platform,), severities=once) as town:
        side = town.sides[platform]
        assert "no further one" in await side.says(ANA, "preview sev4 a typo")
        await declared(town, side, "sev4 a typo on the start page")
        await town.forward(minutes=20)
        assert "Status update, please" in last(side).text
        await tell(town, side, ANA, "update it will be gone with the next release")
        assert "none owed" in card(side).text
        count = len(posts(side))
        await town.forward(hours=9)
        assert len(posts(side)) == count


async def test_a_change_of_severity_amid_a_silence_goes_on_by_the_other_ladder(tmp_path: Path, platform: str) -> None:
    short = with_severities(sev2={"ladder": [{"rings": ["deputy", "commander"], "first": True}]})
    async with town_with(tmp_path, (platform,), severities=short) as town:
        side = town.sides[platform]
        await asked(town, side)
        await town.forward(minutes=5)
        await town.forward(minutes=5)
        climbed = last(side)
        assert climbed.rings == {"everyone"}
        await tell(town, side, ANA, "severity sev2 because half of them are back")
        reminder = next(one for one in posts(side) if one.ref == climbed.ref)
        assert "@Ana Reyes: how is #1 going?" in reminder.text and "No change" in reminder.buttons
        await town.forward(minutes=30)
        assert last(side).rings == {"Ana Reyes"}
        assert "rung 1 of 1" in [link.entry.text for link in await town.timeline()][-1]


async def test_a_private_incident_asks_nobody_outside_who_may_not_see_it(tmp_path: Path, platform: str) -> None:
    ladder = [{"rings": ["commander"]}, {"after": "5m", "rings": ["esha"]}]
    async with town_with(tmp_path, (platform,), ladder=ladder, people=acquainted().model_dump()["people"]) as town:
        side = town.sides[platform]
        await declared(town, side, "private sev1 a key has leaked")
        before = side.private(ESHA)
        await town.forward(minutes=15)
        await town.forward(minutes=5)
        assert (await town.incident()).reminding.rung == 2
        assert side.private(ESHA) == before
