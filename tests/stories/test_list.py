"""Looking from anywhere: list, find, figures, help, numbers, the wrong place, near misses."""

from pathlib import Path

import pytest

from bot.commands import VERBS
from tests.support.story import ROOM, announcement, declared, posts, tell, town_with
from tests.support.town import ANA, BO, CLEO, Side, Town


async def test_the_list_shows_what_is_open_and_find_also_what_is_over(town: Town, side: Side) -> None:
    assert "None is open" in await tell(town, side, BO, "list", room="general")
    await declared(town, side)
    await declared(town, side, "sev3 search is slow", by=BO)
    told = await tell(town, side, CLEO, "incidents", room="general")
    assert told.index("search is slow") < told.index("checkout is down") and "#1" in told and "SEV3" in told
    assert "  " not in told and "None" not in told

    for words in ("update the redis pool is full", "note ticket 4711", "resolve a restart"):
        await tell(town, side, ANA, f"#1 {words}", room="general")
    told = await tell(town, side, CLEO, "ls", room="general")
    assert "search is slow" in told and "checkout is down" not in told
    assert "checkout is down" in await tell(town, side, CLEO, "find CHECKOUT down", room="general")
    for words in ("redis pool", "4711 checkout", "restart", "sev1 down"):
        told = await tell(town, side, CLEO, f"find {words}", room="general")
        assert "checkout is down" in told and "search is slow" not in told, words
    told = await tell(town, side, CLEO, "find unicorns", room="general")
    assert "None found" in told and "in what is known of an incident, its updates and notes" in told
    assert "Say what to look for" in await tell(town, side, CLEO, "find", room="general")


async def test_a_number_before_any_command_names_the_incident_from_anywhere(town: Town, side: Side) -> None:
    await declared(town, side)
    await declared(town, side, "sev3 search is slow", by=BO)
    other = "incident-2026-11-20-2"
    assert "checkout is down" in await tell(town, side, BO, "#1 status", room="general")
    assert "checkout is down" in await tell(town, side, BO, "#1 status", room=other)
    assert "search is slow" in await tell(town, side, BO, "status", room=other)
    await tell(town, side, BO, "#2: update the index is rebuilt", room=ROOM)
    assert (await town.incident(2)).updates == 1 and (await town.incident(1)).updates == 0
    assert "There is no incident #9 that you can see" in await tell(town, side, BO, "#9 update x", room="general")


async def test_typed_in_the_wrong_place_the_right_place_is_named_and_one_tap_does_it(town: Town, side: Side) -> None:
    told = await tell(town, side, BO, "ack", room="general")
    assert "No incident is open that you can see" in told and "/incident sev1" in told
    await declared(town, side)
    told = await tell(town, side, BO, "ack", room="general")
    assert "This channel belongs to no incident" in told and "/incident #1 ack" in told
    assert (await town.incident()).acknowledged_at is None
    told = await side.taps(BO, "Do it in #1", side.whispered(BO), room="general")
    await town.settle()
    assert "you are on it" in told and (await town.incident()).acknowledged_at is not None
    told = await tell(town, side, BO, f"assign comms {side.at(CLEO)}", room="general")
    assert "/incident #1 assign comms @" in told and side.at(CLEO) not in told


async def test_a_near_miss_is_answered_with_the_nearest_command_and_one_tap_does_it(town: Town, side: Side) -> None:
    await declared(town, side)
    count = len(posts(side))
    told = await tell(town, side, BO, "updte the pool is full")
    assert "Did you mean this?" in told and "/incident update the pool is full" in told
    assert len(posts(side)) == count
    await side.taps(BO, "Do that", side.whispered(BO), room=ROOM)
    await town.settle()
    assert (await town.incident()).updates == 1
    assert "/incident #1 resolve" in await tell(town, side, BO, "#1 reslove", room="general")


@pytest.mark.parametrize(
    "title",
    [
        "deploy of the api broke checkout",
        "due payments fail",
        "updates of prices are lost",
        "all regions down",
        "accounts are locked out",
    ],
)
async def test_a_title_that_begins_like_a_command_is_declared_with_one_tap(town: Town, side: Side, title: str) -> None:
    await tell(town, side, BO, title, room="general")
    first = side.whispered(BO)
    await side.taps(BO, "Declare it as new", first, room="general")
    assert title in str(side.form(BO))
    await side.dismisses(BO)
    await declared(town, side)
    await tell(town, side, BO, title, room="general")
    second = side.whispered(BO)
    assert second.ref != first.ref and "Declare it as new" in second.buttons, "also while one is open"
    await side.taps(BO, "Declare it as new", second, room="general")
    assert title in str(side.form(BO))
    await side.dismisses(BO)
    assert len(await town.store.reader.numbers()) == 1


async def test_a_command_alone_and_one_in_its_incident_are_never_taken_for_a_title(town: Town, side: Side) -> None:
    await declared(town, side)
    for words in ("update", "deadlines", "tick 1", "snooze 10m"):
        await tell(town, side, BO, words, room="general")
        assert "Declare it as new" not in side.whispered(BO).buttons, words
    await tell(town, side, BO, "deploy of the api")
    assert (await town.timeline())[-1].entry.text == "Production change: of the api"
    assert "Open incidents" in await tell(town, side, BO, "all", room="general")


async def test_examples_call_the_severities_as_the_playbook_does(tmp_path: Path, platform: str) -> None:
    async with town_with(
        tmp_path, (platform,), severities=({"name": "P0", "aliases": ("sev1",), "meaning": "all is lost"},)
    ) as town:
        side = town.sides[platform]
        for words in ("ack", "sevrity", "find unicorns", "account WRONG", "help", "help preview"):
            told = await tell(town, side, ANA, words, room="general")
            assert "P0" in told and "sev1" not in told, words


async def test_help_lists_every_command_and_explains_one(town: Town, side: Side) -> None:
    told = await tell(town, side, BO, "help", room="general")
    for verb in VERBS:
        shown = verb.usage if verb.listed else f"  {verb.usage}  "
        assert (shown in told.replace("`", "")) is verb.listed, verb.usage
    assert "more characters" not in told, "it fits into one message"
    assert "Severities of Default process: sev1: A core service is down" in told
    told = await tell(town, side, BO, "help resolved", room="general")
    assert told.startswith("resolve") and "For example" in told and "fixed" in told
    assert "Say that it is over; reminders stop." in told
    assert "I know no command “dance”" in await tell(town, side, BO, "help dance", room="general")


async def test_the_figures_are_told_in_words_each_with_its_formula(town: Town, side: Side) -> None:
    assert "No incident was declared" in await tell(town, side, BO, "stats", room="general")
    await declared(town, side)
    await town.forward(minutes=4)
    await tell(town, side, BO, "ack")
    await town.forward(minutes=26)
    await tell(town, side, BO, "resolve a restart")
    await declared(town, side, "sev2 search is slow")
    await tell(town, side, ANA, "#2 cancel", room="general")
    told = await tell(town, side, BO, "stats", room="general")
    assert "1 incident: 1 sev1. Cancelled ones, drills and private ones are left out." in told
    assert "median 4m, mean 4m (first acknowledgement or update − declared; of 1 incident)" in told
    assert "MTTR" in told and "median 30m, mean 30m (resolved − began; of 1 incident)" in told
    assert "2026-11-16: 1 sev1" in told
    await town.forward(days=31)
    assert "No incident was declared" in await tell(town, side, BO, "stats", room="general")


async def test_find_and_figures_are_narrowed_by_severity_component_and_date(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "component checkout")
    await tell(town, side, ANA, "resolve a restart")
    await town.forward(days=14)
    await declared(town, side, "sev2 search is slow", by=BO)
    told = await tell(town, side, CLEO, "find severity sev1 since october", room="general")
    assert "severity sev1, since 2026-10-01" in told and "checkout is down" in told and "search is slow" not in told
    told = await tell(town, side, CLEO, "find is since yesterday", room="general")
    assert "search is slow" in told and "checkout is down" not in told
    told = await tell(town, side, CLEO, "stats since 2026-01 component checkout", room="general")
    assert "Figures, component checkout, since 2026-01-01" in told and "1 incident: 1 sev1" in told
    told = await tell(town, side, CLEO, "stats severity sev2", room="general")
    assert "The last 30 days, severity sev2" in told and "1 incident: 1 sev2" in told and "2026-11-30: 1 sev2" in told
    told = await tell(town, side, CLEO, "stats last month", room="general")
    assert "since 2026-11-01, before 2026-12-01" in told and "1 incident: 1 sev1" in told
    assert "I cannot read “the deploy” as a date" in await tell(
        town, side, CLEO, "find x since the deploy", room="general"
    )
    assert "There are sev1, sev2" in await tell(town, side, CLEO, "stats severity awful", room="general")
    told = await tell(town, side, CLEO, "metrics are missing", room="general")
    assert "None found" in told and "/incident sev1" in told, "it may have been a title"


async def test_what_is_wrong_is_told_to_its_author_alone_and_harms_nothing(town: Town, side: Side) -> None:
    await declared(town, side)
    before, count = await town.incident(), len(posts(side))
    for words in ("snooze soon", "role pilot @bo", "severity awful", "status frozen", "link x", "set x y", "began soon",
                  "accept", "drop scribe", "answer the door", "close", "anyway 7", "declare anyway 99"):  # fmt: skip
        told = await tell(town, side, BO, words)
        if side.form(BO) is not None:
            await side.dismisses(BO)
        assert told or words == "anyway 7", words
        for jargon in ("Traceback", "validation", "string", "None", "pydantic", "Input should"):
            assert jargon not in told, (words, told)
    after = await town.incident()
    assert (after.revision, after.entries) == (before.revision, before.entries)
    assert len(posts(side)) == count and len(posts(side, "general")) == 0


async def test_the_shown_announcement_leads_to_the_channel(town: Town, side: Side) -> None:
    await declared(town, side)
    channel = (
        town.sandbox.slack.channel_named(ROOM).id
        if side.name == "slack"
        else str(town.sandbox.discord.channel_named(ROOM)["id"])
    )
    assert channel in announcement(side).text


async def test_a_long_title_leaves_the_question_for_the_incident_readable(town: Town, side: Side) -> None:
    await declared(town, side, f"sev1 {'checkout is down ' * 9}")
    told = await side.says(ANA, "ack", room="general")
    assert "checkout is down checkout" in told and "…" in told and "checkout is down " * 6 not in told


async def test_a_long_title_in_a_list_is_cut_on_one_line_and_never_within_an_emoji(town: Town, side: Side) -> None:
    await declared(town, side, f"sev1 {'x' * 76} 👩‍👩‍👧‍👦 is on fire")
    told = await tell(town, side, ANA, "list", room="general")
    assert f"{'x' * 76}…" in told.replace("\u2060", "")
