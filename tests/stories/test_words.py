"""Hostile and strange words: whatever people write is shown as they wrote it and does nothing."""

import re
from pathlib import Path

import pytest

from bot.commands import VERBS
from bot.heard import Spoken
from bot.people import Person
from tests.support.hostile import HOSTILE, harmless, readable
from tests.support.story import ANNOUNCED, ROOM, card, declared, last, posts, tell, town_with
from tests.support.town import ANA, BO, Side, Town, sqlite


@pytest.mark.parametrize("place", ["title", "update", "note", "impact"])
async def test_hostile_words_do_nothing_and_stay_readable(town: Town, side: Side, place: str) -> None:
    if place != "title":
        await declared(town, side)
    for count, words in enumerate(HOSTILE, start=1):
        if place == "title":
            await declared(town, side, f"drill sev3 {words}")
            room = (await town.incident(count)).channel_name
            shown = card(side, room)
        else:
            await tell(town, side, ANA, f"{place} {words}")
            room, shown = ROOM, card(side) if place == "impact" else last(side)
        harmless(side, room, declarers={"Ana Reyes"})
        harmless(side, ANNOUNCED, declarers=set())
        if place == "note":
            told = await tell(town, side, BO, "timeline")
            assert not re.search(r"\b49\b", told)
        elif words.isascii() and "<" not in words and "@" not in words:
            assert readable(words) in readable(shown.text), shown.text
    assert not re.search(r"\b49\b", " ".join(one.text for one in posts(side, ROOM)))


async def test_a_mention_in_somebodys_words_is_a_name_and_rings_nobody(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "ack")
    await tell(town, side, ANA, f"update {side.at(BO)} is looking, ask {side.at(ANA)}")
    assert last(side).rings == frozenset()
    assert "<@" not in last(side).text and "2000000" not in last(side).text
    assert "<@" not in await tell(town, side, ANA, "timeline")


async def test_long_words_are_cut_visibly_and_kept_whole(town: Town, side: Side) -> None:
    await declared(town, side, f"sev1 {'very long title ' * 30}")
    incident = await town.incident()
    assert len(incident.title) == 200 and incident.title.endswith("…")
    assert ("very long title " * 30).strip() in (await town.timeline())[0].entry.text

    text = "line of the update " * 263
    assert len(text) > 4990
    await tell(town, side, ANA, f"update {text}")
    assert text.strip() in last(side).text or ("line of the update" in last(side).text and "cut:" in last(side).text)
    given = (await town.incident()).last_update
    assert given is not None and given.text == text.strip()
    assert (await town.timeline())[-1].entry.text == text.strip()
    assert (await town.incident()).late == {}


async def test_a_title_of_nothing_readable_is_asked_for(town: Town, side: Side) -> None:
    for words in ("sev1 \u200b", "sev1 \u2060\ufeff \u202e"):
        await side.says(ANA, words)
        assert side.form(ANA) is not None
        await side.dismisses(ANA)
    await town.settle()
    assert await town.store.reader.numbers() == []


async def test_lines_and_hidden_marks_in_a_title_become_one_plain_line(town: Town, side: Side) -> None:
    await declared(town, side, "sev1 check\u200bout\n\nis\tdown \u202edown\u202c")
    assert (await town.incident()).title == "checkout is down down"
    assert "checkout is down down" in side.topic(ROOM)


async def test_an_update_of_many_lines_keeps_them(town: Town, side: Side) -> None:
    await declared(town, side)
    await side.says(ANA, "update", room=ROOM)
    await side.fills(ANA, text="first line\nsecond line\n\nlast line")
    await town.settle()
    assert "first line\nsecond line\n\nlast line" in last(side).text


async def test_a_hostile_name_does_nothing_either(tmp_path: Path, platform: str) -> None:
    name = "@everyone <!channel> **[x](https://evil.example)**"
    people = [
        {"key": one.key, "name": name, "handles": {platform: getattr(one, f"{platform}_id")}} for one in (ANA, BO)
    ]
    async with town_with(tmp_path, (platform,), people=people) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, BO, "take comms")
        await tell(town, side, BO, "update on it")
        await tell(town, side, ANA, "severity sev2")
        await tell(town, side, ANA, f"handover ic {side.at(BO)}")
        harmless(side, ROOM, declarers={"Ana Reyes", "Bo Lindqvist"})
        harmless(side, ANNOUNCED, declarers=set())
        assert not any("everyone" in one.rings for one in posts(side))


async def test_words_that_turn_their_direction_turn_no_sentence_of_ours(tmp_path: Path, platform: str) -> None:
    async with Town(sqlite(tmp_path), platforms=(platform,)) as town:
        side = town.sides[platform]
        await declared(town, side)
        told = await tell(town, side, ANA, "page \u202eob because it is night")
        assert "ob because it is night" in told and "\u202e" not in told


async def test_what_was_probably_meant_is_shown_with_names_not_with_tokens(tmp_path: Path, platform: str) -> None:
    async with Town(sqlite(tmp_path), platforms=(platform,)) as town:
        side = town.sides[platform]
        await declared(town, side)
        told = await tell(town, side, ANA, f"hanover ic <@{BO.slack_id if platform == 'slack' else BO.discord_id}>")
        assert "Did you mean" in told and "<@" not in told and "handover ic @" in told


async def test_a_number_of_thousands_of_digits_is_answered_like_any_other(tmp_path: Path) -> None:
    """Python reads no number of 4,301 digits."""
    ana = Person(key="ana", name=ANA.name, handles={"slack": ANA.slack_id})
    async with Town(sqlite(tmp_path), platforms=("slack",)) as town:
        await declared(town, town.sides["slack"])
        for verb in VERBS:
            for words in ("{}", "from {}", "#{} done", "{} drop because x", "answer {} yes"):
                said = f"#1 {verb.words[0]} {words.format('9' * 5_000)}"
                await town.bot.desk.hear(Spoken(key=said, platform="slack", actor=ana, words=said))
