"""A process in its own words: what is posted reads as the playbook has it, stays alive, and does nothing by itself."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.hostile import HOSTILE, harmless
from tests.support.story import ANNOUNCED, ROOM, announcement, card, declared, last, posts, tell, thread, town_with
from tests.support.town import ANA, BO, Side, Town

OWN: dict[str, Any] = {
    "announcement": (
        "[INCIDENT] {{ severity_title }} - {{ title }}\n"
        "Impact: {{ impact or 'being looked into' }}\nLead: {{ lead }}. Updates every {{ cadence }}."
    ),
    "update": "UPDATE {{ updated }}: {{ update }} Next in {{ cadence }}.",
    "first_update": "What we see: {{ impact }}\nWho leads: {{ lead }}",
    "resolution": "Issue: {{ title }}\nFix: {{ fix }}\nDowntime: {{ duration }}\nCause: {{ fields.cause or '?' }}",
    "topic": "{{ severity }} {{ title }} ({{ status }})",
    "customers": {"investigating": "We look into {{ component or 'it' }}.", "email": "It lasted {{ duration }}."},
}
EVERYTHING = (
    "@everyone <@U0BO00002> [x](https://evil.example) "
    "{{ title }} / {{ impact }} / {{ update }} / {{ lead }} / {{ fields.cause }} / {{ slug }}"
)
"""A template that is hostile itself, around words that are."""
LONG = "long " * 1000


def own_words(folder: Path, platform: str, **changes: Any) -> Town:
    """A town whose playbook has its own words."""
    changes = {"templates": OWN, "timezone": "America/Los_Angeles"} | changes
    return town_with(folder, (platform,), **changes)


async def test_the_announcement_reads_as_the_playbook_has_it_and_stays_alive(tmp_path: Path, platform: str) -> None:
    async with own_words(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side)
        told = announcement(side)
        assert "[INCIDENT] SEV1 - checkout is down" in told.text and "Impact: being looked into" in told.text
        assert "Lead: Ana Reyes. Updates every 15m." in told.text
        for alive in ("investigating", "next update due"):
            assert alive in told.text
        assert told.buttons == ("Join",) and told.rings == frozenset()

        await tell(town, side, ANA, "impact nobody can pay")
        await tell(town, side, ANA, "status identified")
        assert "Impact: nobody can pay" in announcement(side).text and "identified" in announcement(side).text
        await side.taps(BO, "Join", announcement(side), room=ANNOUNCED)
        await town.settle()
        assert "bo" in (await town.incident()).responders

        await town.forward(minutes=30)
        await tell(town, side, ANA, "resolve a restart")
        ended = announcement(side)
        assert "resolved" in ended.text and "Resolved after 30m" in ended.text
        assert "next update" not in ended.text and ended.buttons == ()
        assert len([one for one in posts(side, ANNOUNCED) if one.thread is None]) == 1


async def test_updates_topic_and_resolution_read_as_the_playbook_has_them(tmp_path: Path, platform: str) -> None:
    async with own_words(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side)
        assert side.topic(ROOM).startswith("sev1 checkout is down (investigating)")
        await tell(town, side, ANA, "update the pool is full.")
        assert "UPDATE 06:00 PST: the pool is full. Next in 15m." in last(side).text
        assert "UPDATE 06:00 PST" in thread(side)[-1].text
        assert "the pool is full." in card(side).text and "UPDATE" not in card(side).text

        await tell(town, side, ANA, "status identified")
        assert "UPDATE 06:00 PST: Status is now identified." in last(side).text
        await tell(town, side, ANA, "set cause a leak")
        await town.forward(minutes=10)
        await tell(town, side, ANA, "resolve a restart")
        assert "Issue: checkout is down\nFix: a restart\nDowntime: 10m\nCause: a leak" in last(side).text
        assert side.topic(ROOM).startswith("sev1 checkout is down (resolved)")


async def test_the_first_reminder_and_the_form_say_what_the_first_update_should_say(
    tmp_path: Path, platform: str
) -> None:
    async with own_words(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side)
        await town.forward(minutes=15)
        assert "The first one says:" in last(side).text and "Who leads: Ana Reyes" in last(side).text
        await side.says(ANA, "update", room=ROOM)
        assert "Who leads: Ana Reyes" in str(side.form(ANA))
        await side.fills(ANA, text="What we see: 500s\nWho leads: Ana")
        await town.settle()
        await town.forward(minutes=15)
        assert "Status update, please" in last(side).text and "The first one says" not in last(side).text
        await side.says(ANA, "update", room=ROOM)
        assert "Who leads" not in str(side.form(ANA))
        await side.dismisses(ANA)


async def test_a_draft_for_customers_is_shown_privately_for_copying(tmp_path: Path, platform: str) -> None:
    async with own_words(tmp_path, platform, components=("checkout", "search")) as town:
        side = town.sides[platform]
        await declared(town, side)
        count = len(posts(side))
        told = await tell(town, side, BO, "draft")
        assert (
            "Draft for customers: investigating" in told and "We look into it." in told and "Nothing was sent" in told
        )
        await tell(town, side, BO, "component checkout")
        assert "We look into checkout." in await tell(town, side, BO, "drafts")
        await tell(town, side, BO, "impact nobody can pay")
        told = await tell(town, side, BO, "draft monitoring")
        assert "The problem with checkout is mitigated" in told and "no words of its own" in told
        assert "nobody can pay" not in told, "it is over by then"
        told = await tell(town, side, BO, "draft identified")
        assert "are working on it. What you may notice: nobody can pay. Next update by" in told
        await town.forward(minutes=10)
        await tell(town, side, ANA, "resolve")
        told = await tell(town, side, BO, "draft email")
        assert "It lasted 10m." in told
        assert "There is no draft for “tuesday”" in await tell(town, side, BO, "draft tuesday")
        told = await side.taps(BO, "Email", await _drafted(town, side), room=ROOM)
        assert "the e-mail afterwards" in told
        assert len(posts(side)) == count + 1, "only the resolution was posted"


async def _drafted(town: Town, side: Side) -> Any:
    await tell(town, side, BO, "draft resolved")
    return side.whispered(BO)


@pytest.mark.parametrize("words", [*HOSTILE, LONG])
async def test_hostile_words_go_through_every_template_and_do_nothing(
    tmp_path: Path, platform: str, words: str
) -> None:
    slots = ("announcement", "update", "first_update", "resolution", "topic")
    all_of_it = dict.fromkeys(slots, EVERYTHING) | {"customers": {"resolved": EVERYTHING}}
    all_of_it["topic"] = "{{ title }} / {{ impact }} / {{ fields.cause }}"
    async with own_words(tmp_path, platform, templates=all_of_it, channel="inc-{{ slug }}-{{ severity }}") as town:
        side = town.sides[platform]
        await declared(town, side, f"sev1 {words}")
        room = (await town.incident()).channel_name
        assert room in side.rooms()
        await town.forward(minutes=15)
        assert "{{" not in room and len(room) <= 80
        for verb in ("impact", "set cause", "update", "resolve"):
            await tell(town, side, ANA, f"{verb} {words[:500]}", room=room)
        drafted = await tell(town, side, ANA, "draft resolved", room=room)
        harmless(side, room, declarers={"Ana Reyes"})
        harmless(side, ANNOUNCED, declarers=set())
        shown = "\n".join(
            [drafted, side.topic(room), *(one.text for one in (*posts(side, room), *posts(side, ANNOUNCED)))]
        )
        assert not re.search(r"\b49\b", shown) and "\u202e" not in side.topic(room)
        if words.isascii() and words.isalpha():
            assert words[:100] in shown
        assert not [about for about in (await town.incident()).late.values() if about]


async def test_a_template_that_fails_stops_nothing_and_the_standard_words_stand(tmp_path: Path, platform: str) -> None:
    broken = "{% if number > title %}{% endif %}x"
    slots = ("announcement", "update", "first_update", "resolution", "topic")
    words = dict.fromkeys(slots, broken) | {"customers": {"resolved": broken}}
    async with own_words(tmp_path, platform, templates=words, channel=broken.replace("title", "slug")) as town:
        side = town.sides[platform]
        await declared(town, side)
        assert ROOM in side.rooms() and "SEV1 · checkout is down" in announcement(side).text
        await town.forward(minutes=15)
        await tell(town, side, ANA, "update it is better")
        assert "it is better" in last(side).text
        await tell(town, side, ANA, "resolve a restart")
        assert "Reminders have stopped" in last(side).text
        assert "is solved" in await tell(town, side, ANA, "draft")


async def test_the_environment_is_one_of_the_playbooks_and_stands_on_the_card(tmp_path: Path, platform: str) -> None:
    async with own_words(tmp_path, platform, environments=("production", "staging")) as town:
        side = town.sides[platform]
        await declared(town, side)
        assert "Environment" not in card(side).text
        assert "Environment noted" in await tell(town, side, BO, "set environment Production")
        assert "production" in card(side).text and (await town.incident()).environment == "production"
        told = await tell(town, side, BO, "set environment moon")
        assert "Environment can be production, staging." in told
        assert "Cause noted" in await tell(town, side, BO, "set cause a leak")


async def test_where_a_playbook_names_no_environments_there_is_no_such_field(town: Town, side: Side) -> None:
    await declared(town, side)
    assert "is no field here" in await tell(town, side, BO, "set environment production")
