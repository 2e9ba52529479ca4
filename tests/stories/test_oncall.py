"""On-call in chat: who it is, who stands in, who swaps, and what follows from it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox.people import SandboxPerson
from tests.support.seen import Seen
from tests.support.story import ANNOUNCED, ROOM, acquainted, card, declared, default, tell, town_with
from tests.support.town import ANA, BO, CLEO, ESHA, FINN, Side, Town, sqlite

ROTATION: dict[str, Any] = {
    "name": "primary",
    "title": "Primary",
    "people": ["finn", "esha"],
    "starts": "2026-11-16",
    "day": "mon",
    "at": "09:00",
}
"""Finn is on call when stories begin (Friday, 20 November 2026, 14:00 UTC); Esha from Monday on."""
SECOND = ROTATION | {"name": "secondary", "title": "Secondary", "people": ["bo", "cleo"]}
ROLES = default().model_dump()["roles"]
HANDOVER = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def town_of(folder: Path, *platforms: str, more: tuple[dict[str, Any], ...] = (), **changes: Any) -> Town:
    """A town with a rotation that fills the commander's role."""
    roles = [one | {"rotation": "primary"} if one["name"] == "commander" else one for one in ROLES]
    return town_with(folder, platforms, rotations=[ROTATION | changes, *more], roles=roles)


async def general(town: Town, side: Side, who: SandboxPerson, words: str) -> str:
    """Type words outside any incident."""
    return await tell(town, side, who, words, room="general")


def covers(side: Side) -> list[Seen]:
    """The posts that tell of overrides."""
    return [one for one in side.room(ANNOUNCED) if one.by_bot and "Cover: " in one.text]


async def entries(town: Town, number: int = 1) -> list[str]:
    """What stands on the timeline."""
    return [link.entry.text for link in await town.store.reader.timeline(number, limit=500)]


async def test_oncall_says_who_it_is_until_when_and_who_is_next(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, more=(SECOND,)) as town:
        side = town.sides[platform]
        told = await general(town, side, ANA, "oncall")
        assert "Primary" in told and "Finn" in told and "until" in told and "Then" in told and "Esha" in told
        assert told.index("Secondary") < told.index("Bo") < told.index("Cleo")
        mine = await general(town, side, ESHA, "when do I start")
        assert "Your turns" in mine and "Primary" in mine and "Secondary" not in mine
        plan = await general(town, side, ANA, "oncall primary")
        assert plan.count("Esha") >= 3 and "Bo" not in plan
        assert "takes turns in no rotation" in await general(town, side, ANA, "oncall when")
        assert "is no rotation" in await general(town, side, ANA, "oncall tertiary")


async def test_a_cover_is_told_once_and_quietly_and_the_next_incident_is_led_by_it(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        told = await general(town, side, BO, "cover 2h because Finn is on a train")
        assert "Bo Lindqvist is on call" in told and "Take it back" in side.whispered(BO).buttons
        (post,) = covers(side)
        assert "Bo Lindqvist is on call" in post.text and "on a train" in post.text and not post.rings
        assert "Bo Lindqvist, by a cover" in await general(town, side, ANA, "oncall")
        await declared(town, side)
        assert (await town.incident()).roles["commander"].key == "bo"
        assert any(text.startswith("Cover, Primary: Bo Lindqvist from 2026-11-20 14:0") for text in await entries(town))
        await town.forward(hours=2)
        await declared(town, side, "sev2 search is slow")
        assert (await town.incident(2)).roles["commander"].key == "finn"
        assert len(covers(side)) == 1


async def test_an_open_incident_notes_the_cover_and_its_end_and_nobodys_role_is_taken(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side)
        await general(town, side, BO, "cover until 18:00")
        (noted,) = [text for text in await entries(town) if text.startswith("Cover, ")]
        assert "until 2026-11-20 18:00" in noted or "2026-11-20" in noted
        assert (await town.incident()).roles["commander"].key == "finn"
        (post,) = covers(side)
        await side.taps(FINN, "Take it back", post, room=ANNOUNCED)
        await town.settle()
        assert [text.split(",")[0] for text in await entries(town) if text.startswith("Cover")] == [
            "Cover", "Cover taken back",
        ]  # fmt: skip
        (post,) = covers(side)
        assert "covers no more" in post.text and not post.buttons
        assert "Finn" in (await general(town, side, ANA, "oncall")).partition("until")[0]
        await town.forward(minutes=10)
        assert len([text for text in await entries(town) if text.startswith("Cover")]) == 2, "each once"


@pytest.mark.parametrize(
    ("words", "begins", "ends"),
    [
        ("cover for @finn tonight", "2026-11-20 18:00", "2026-11-21 09:00"),
        ("cover @finn on saturday", "2026-11-21 00:00", "2026-11-22 00:00"),
        ("cover for finn", "2026-11-20 15:00", "2026-11-23 10:00"),
        ("cover until 08:00", "2026-11-20 15:00", "2026-11-21 08:00"),
        ("covering primary for 90 minutes", "2026-11-20 15:00", "2026-11-20 16:30"),
        ("cover from saturday 10:00 until sunday 12:00", "2026-11-21 10:00", "2026-11-22 12:00"),
        ("cover for @finn next week", "2026-11-23 00:00", "2026-11-23 10:00"),
    ],
)
async def test_a_cover_is_typed_in_many_ways(tmp_path: Path, words: str, begins: str, ends: str) -> None:
    async with town_of(tmp_path, "slack") as town:
        person = next(one for one in town.playbook.people if one.key == "bo")
        zone = person.zone("UTC")
        await general(town, town.sides["slack"], BO, words)
        (one,) = await town.store.reader.overrides(
            town.playbook.name, since=town.clock.now(), until=town.clock.now() + timedelta(days=30)
        )
        local = [f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (one.begins, one.ends)]
        assert (one.person, one.instead_of) == ("bo", "finn" if "finn" in words else None)
        assert local == [begins, ends], f"as Bo's clock shows it ({zone.key})"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("cover", "For how long?"),
        ("cover for @esha tonight", "is not on call then"),
        ("cover for @bo tonight", "cannot stand in for yourself"),
        ("cover until whenever", "cannot read"),
        ("cover 100 days", "belongs into the playbook"),
        ("cover end", "You cover for nobody"),
        ("cover end 77", "know no such cover"),
        ("swap", "With whom?"),
        ("swap @finn next week", "take turns together in no rotation"),
        ("swap yes 12", "asked of somebody else"),
    ],
)
async def test_what_cannot_be_done_is_said_in_a_sentence(tmp_path: Path, words: str, said: str) -> None:
    async with town_of(tmp_path, "slack") as town:
        assert said in await general(town, town.sides["slack"], BO, words)
        assert not covers(town.sides["slack"])


async def test_two_who_swap_change_nothing_until_the_other_agrees(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        asked = await general(town, side, FINN, f"swap {side.at(ESHA)} next week because of a wedding")
        assert "I asked" in asked and "Esha" in asked and "nothing changes" in asked and not covers(side)
        question = side.direct(ESHA)[-1]
        assert "Finn" in question.text and "wedding" in question.text
        await side.taps_directly(ESHA, "Yes, swap", question)
        await town.settle()
        assert "agrees, it is swapped" in side.direct(FINN)[-1].text
        assert len(covers(side)) == 2
        await side.taps_directly(ESHA, "Yes, swap", question)
        await town.settle()
        assert len(covers(side)) == 2, "answered once"
        town.clock.forward(HANDOVER + timedelta(hours=1) - town.clock.now())
        await town.settle()
        assert "Finn" in (await general(town, side, ANA, "oncall")).partition("until")[0], "her week is his"
        assert not [one for one in side.room(ANNOUNCED) if "Hand-over: " in one.text], "the same person stays on"
        town.clock.forward(timedelta(days=7))
        await town.settle()
        (note,) = [one for one in side.room(ANNOUNCED) if "Hand-over: " in one.text]
        assert "Esha" in note.text.partition("is on call now")[0], "and the week after is hers"


async def test_who_says_no_keeps_their_turn_and_whoever_asked_is_told(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await general(town, side, ESHA, f"swap {side.at(FINN)}")
        await side.taps_directly(FINN, "No", side.direct(FINN)[-1])
        await town.settle()
        assert "would rather not swap" in side.direct(ESHA)[-1].text and not covers(side)
        await side.taps_directly(FINN, "Yes, swap", next(one for one in side.direct(FINN) if one.buttons))
        await town.settle()
        assert not covers(side), "a question is answered once"


async def test_who_has_no_account_there_cannot_be_asked_and_that_is_said(tmp_path: Path) -> None:
    async with town_with(tmp_path, ("slack",), rotations=[ROTATION | {"people": ["finn", "zoe"]}], people=[
        *(one.model_dump() for one in town_of(tmp_path, "slack").playbook.people), {"key": "zoe", "name": "Zoe Ray"},
    ]) as town:  # fmt: skip
        told = await general(town, town.sides["slack"], FINN, "swap zoe next week")
        assert "I know no account of Zoe Ray on Slack" in told and "cover for" in told


async def test_the_hand_over_note_tells_whoever_stands_in(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await general(town, side, BO, "cover for @esha from 2026-11-23 00:00 until 2026-11-24 00:00")
        town.clock.forward(HANDOVER - town.clock.now())
        await town.settle()
        (note,) = [one for one in side.room(ANNOUNCED) if "Hand-over: " in one.text]
        assert "Bo Lindqvist" in note.text.partition("is on call now")[0] and "Finn" in note.text


async def test_with_two_rotations_the_one_is_asked_for_or_found_by_whose_place_it_is(tmp_path: Path) -> None:
    async with town_of(tmp_path, "slack", more=(SECOND,)) as town:
        side = town.sides["slack"]
        assert "Which rotation?" in await general(town, side, ANA, "cover 2h")
        assert "Secondary" in await general(town, side, ANA, "cover for @bo 2h")
        assert "Primary" in await general(town, side, ANA, "cover primary 2h")
        both = await general(town, side, CLEO, "cover primary secondary 1h")
        assert "Primary" in both and "Secondary" in both


async def test_the_card_shows_who_leads_by_a_layer_over_the_rotations_own_people(tmp_path: Path, platform: str) -> None:
    layers = [{"name": "days", "people": ["cleo"], "hours": [{"from": "08:00", "until": "18:00"}]}]
    async with town_of(tmp_path, platform, layers=layers) as town:
        side = town.sides[platform]
        await declared(town, side)
        assert "Cleo" in card(side).text and (await town.incident()).roles["commander"].key == "cleo"
        await town.forward(hours=5)
        await declared(town, side, "sev2 search is slow")
        assert (await town.incident(2)).roles["commander"].key == "finn"


async def test_whoever_is_called_through_a_rotation_is_whoever_stands_in(tmp_path: Path, platform: str) -> None:
    calls = [{"name": "owners", "title": "The owners", "to": ["secondary"], "says": "Somebody who knows it is needed"}]
    changes: dict[str, Any] = {"rotations": [ROTATION, SECOND], "escalations": calls}
    async with town_with(tmp_path, (platform,), **changes) as town:
        side = town.sides[platform]
        await general(town, side, ESHA, "cover secondary 3h")
        await declared(town, side)
        assert "Esha" in await tell(town, side, ANA, "escalate")
        await tell(town, side, ANA, "escalate owners because of the database")
        (call,) = [one for one in side.room(ROOM) if "Escalation: The owners" in one.text]
        assert "Esha Rao" in call.rings and "Bo Lindqvist" not in call.rings


async def test_a_drill_and_an_incident_that_the_rotation_does_not_serve_note_nothing(tmp_path: Path) -> None:
    async with town_of(tmp_path, "slack", more=(SECOND,)) as town:
        side = town.sides["slack"]
        await declared(town, side)
        await declared(town, side, "drill sev1 the database is gone")
        await general(town, side, ANA, "cover secondary 2h")
        await general(town, side, ANA, "cover primary 2h")
        assert [text.partition(":")[0] for text in await entries(town) if "Cover" in text] == ["Cover, Primary"]
        assert not [text for text in await entries(town, 2) if "Cover" in text]


async def test_a_cover_typed_in_the_incidents_own_channel_is_noted_there_at_once(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side)
        told = await side.says(CLEO, "cover until 20:00 because I know the database", room=ROOM)
        assert "Cleo Okafor is on call" in told
        (noted,) = [link for link in await town.store.reader.timeline(1) if link.entry.text.startswith("Cover, ")]
        assert noted.entry.actor == "cleo" and noted.entry.text.endswith("because I know the database")
        await tell(town, side, CLEO, "cover end")
        assert "Cover taken back, Primary: Cleo Okafor" in await entries(town)


async def test_with_both_platforms_it_is_told_on_each_and_a_swap_is_asked_where_it_was_typed(tmp_path: Path) -> None:
    async with town_of(tmp_path, "slack", "discord") as town:
        slack, discord = town.sides["slack"], town.sides["discord"]
        await general(town, slack, BO, "cover 2h")
        assert len(covers(slack)) == len(covers(discord)) == 1
        await general(town, discord, FINN, f"swap {discord.at(ESHA)}")
        assert not slack.direct(ESHA) and "Swap on-call turns?" in discord.direct(ESHA)[-1].text
        await discord.taps_directly(ESHA, "Yes, swap", discord.direct(ESHA)[-1])
        await town.settle()
        assert len(covers(slack)) == len(covers(discord)) == 3


async def test_a_rota_that_changed_meanwhile_is_not_swapped(tmp_path: Path) -> None:
    async with town_of(tmp_path, "slack") as town:
        side = town.sides["slack"]
        await general(town, side, FINN, f"swap {side.at(ESHA)} next week")
        question = side.direct(ESHA)[-1]
        await general(town, side, BO, "cover for @esha from 2026-11-23 until 2026-11-30 12:00")
        await side.taps_directly(ESHA, "Yes, swap", question)
        await town.settle()
        assert "The rota has changed since you were asked" in side.private(ESHA)[-1] or any(
            "The rota has changed" in text for text in side.private(ESHA)
        )
        assert len(covers(side)) == 1


async def test_a_swap_of_a_turn_that_has_begun_counts_from_the_answer_on(tmp_path: Path) -> None:
    async with town_of(tmp_path, "slack") as town:
        side = town.sides["slack"]
        await general(town, side, FINN, f"swap {side.at(ESHA)} this week")
        await town.forward(hours=20)
        answered = town.clock.now()
        await side.taps_directly(ESHA, "Yes, swap", side.direct(ESHA)[-1])
        await town.settle()
        span = {"since": answered - timedelta(days=7), "until": answered + timedelta(days=30)}
        made = await town.store.reader.overrides(town.playbook.name, **span)
        assert len(made) == 2
        assert all(one.begins >= answered for one in made), "nobody is paid for a time that somebody else covered"


async def test_whoever_is_on_call_again_because_a_cover_was_taken_back_is_told(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await general(town, side, BO, "cover 2h")
        await general(town, side, BO, "cover end")
        (told,) = [one for one in side.direct(FINN) if "You are on call again: Primary" in one.text]
        assert "Bo Lindqvist took back the cover" in told.text and "until" in told.text
        assert not side.direct(BO), "who did it reads it in the answer"
        await general(town, side, BO, "cover 2h")
        await side.taps(FINN, "Take it back", covers(side)[-1], room=ANNOUNCED)
        await town.settle()
        assert "You are not on call by it now" in side.direct(BO)[-1].text
        assert len([one for one in side.direct(FINN) if "on call again" in one.text]) == 1


async def test_of_two_rotations_of_one_name_it_is_said_which(tmp_path: Path) -> None:
    other = acquainted(name="werkly", title="Werkly", rotations=[ROTATION | {"people": ["cleo", "dmitri"]}],
                       chosen_by={"words": ["chat"]})  # fmt: skip
    first = acquainted(rotations=[ROTATION])
    async with Town(sqlite(tmp_path), platforms=("slack",), playbook=first, beside=(other,)) as town:
        side = town.sides["slack"]
        asked = await general(town, side, BO, "cover 2h")
        assert "default/primary" in asked and "werkly/primary" in asked
        assert "Primary (Werkly): Bo" in await general(town, side, BO, "cover werkly/primary 2h")
        assert f"Primary ({first.title}): Bo" in await general(town, side, BO, "cover primary 2h")
        which = await general(town, side, BO, "cover end")
        assert "cover end 1 (werkly/primary)" in which and "cover end 2 (default/primary)" in which


async def test_words_of_people_ring_nobody_in_a_cover(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await general(town, side, BO, f"cover 2h because {side.at(ANA)} said <!channel> @everyone *so*")
        (post,) = covers(side)
        assert not post.rings and "said" in post.text


async def test_of_two_playbooks_each_rotation_is_named_with_its_own(tmp_path: Path) -> None:
    other = acquainted(name="werkly", title="Werkly", rotations=[ROTATION | {"people": ["cleo", "dmitri"]}],
                       chosen_by={"words": ["chat"]})  # fmt: skip
    first = acquainted(rotations=[ROTATION])
    async with Town(sqlite(tmp_path), platforms=("slack",), playbook=first, beside=(other,)) as town:
        side = town.sides["slack"]
        told = await general(town, side, ANA, "oncall")
        assert "Primary (Default process)" in told and "Primary (Werkly)" in told and "Cleo" in told
        await general(town, side, BO, "cover werkly/primary 2h")
        assert "Bo" in (await general(town, side, ANA, "oncall")).partition("Primary (Werkly)")[2].partition("until")[0]
        assert "Bo" not in (await general(town, side, ANA, "oncall")).partition("Primary (Werkly)")[0]
        await declared(town, side, "werkly sev1 the chat is down")
        assert [text for text in await entries(town) if text.startswith("Cover")] == [], "it serves no role there"


@pytest.mark.parametrize("words", ["swap space is full", "cover letters do not upload", "rota page is down"])
async def test_words_that_begin_like_it_and_say_what_is_wrong_may_be_declared(tmp_path: Path, words: str) -> None:
    async with town_of(tmp_path, "slack") as town:
        side = town.sides["slack"]
        await general(town, side, ANA, words)
        offered = side.whispered(ANA)
        assert any("eclare" in label for label in offered.buttons), offered
        assert not covers(side)
