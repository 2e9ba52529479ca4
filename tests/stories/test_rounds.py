"""Rounds of news: customers every half hour while the service is unavailable, the standup, and what nobody answers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.people import Group
from bot.progress import RoundEnd
from tests.support.seen import Seen
from tests.support.story import ROOM, card, declared, default, last, posts, react, tell, town_with
from tests.support.town import ANA, BO, CLEO, FRIDAY, Side, Town

Parts = dict[str, object]
CUSTOMERS: Parts = {
    "name": "customers",
    "title": "Customers",
    "audience": "customers",
    "every": "30m",
    "flag": "unavailable",
    "owner": ["comms"],
}
STANDUP: Parts = {"name": "standup", "title": "Daily standup", "audience": "team", "at": "09:30", "owner": ["cleo"]}
FLAG = {"name": "unavailable", "title": "Service unavailable"}
PAGE = "https://status.example.com"


def town_of(folder: Path, platform: str, *cadences: Parts, **changes: object) -> Town:
    """A town whose sev1 tells these audiences; status updates are owed once a day, so that they keep out of the way."""
    severities = [severity.model_dump() for severity in default().severities]
    severities[0] |= {"cadences": cadences, "cadence": "1d"}
    more = {"flags": [FLAG], "status_page": {"url": PAGE}, "timezone": "Europe/Madrid"} | changes
    return town_with(folder, (platform,), severities=severities, **more)


async def raise_flag(town: Town, *, on: bool = True) -> None:
    """Say that the service is unavailable, or that it is back."""
    (side,) = town.sides.values()
    await tell(town, side, ANA, "#1 flag unavailable" if on else "#1 unflag unavailable because it is back")


def asked(side: Side, title: str = "Customers") -> list[Seen]:
    """The posts that ask for news."""
    return [one for one in posts(side) if f"{title}:" in one.text and "Told them" in one.buttons]


def about(side: Side, title: str = "Customers") -> list[Seen]:
    """All posts of a cadence, whatever became of them."""
    return [one for one in posts(side) if title in one.text.splitlines()[0]]


async def notes(town: Town) -> list[str]:
    """What the timeline says of the rounds."""
    return [link.entry.text for link in await town.timeline() if link.entry.kind == "round"]


async def test_customers_are_told_every_half_hour_while_the_service_is_unavailable(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform, CUSTOMERS) as town:
        side = town.sides[platform]
        told = await side.says(ANA, "preview sev1 checkout is down")
        assert "Customers every 30m while “Service unavailable” is set" in told
        await declared(town, side)
        await tell(town, side, ANA, f"role comms {side.at(BO)}")
        await town.forward(minutes=40)
        assert not about(side) and "Customers" not in card(side).text

        await raise_flag(town)
        count = len(posts(side))
        assert "Customers" in card(side).text and "news due" in card(side).text
        await town.forward(minutes=29)
        assert len(posts(side)) == count
        await town.forward(minutes=1)
        (question,) = asked(side)
        assert question.rings == {"Bo Lindqvist"} and "tell customers how #1 is going" in question.text
        assert PAGE in question.text and "We are looking into a problem with our service" in question.text
        assert question.buttons == ("Told them", "Skip this one") and "owed" in card(side).text

        await town.forward(minutes=6)
        said = await side.taps(BO, "Told them", question, room=ROOM)
        await town.settle()
        assert "Noted. Customers: news is due again" in said
        (answered,) = about(side)
        assert answered.ref == question.ref and answered.buttons == ()
        assert "told customers" in answered.text and "Bo Lindqvist" in answered.text
        kept = (await town.incident()).progress.rounds["customers"]
        assert kept.due_at == FRIDAY + timedelta(minutes=106) and kept.told_by == "Bo Lindqvist"
        assert await notes(town) == [
            "Customers: news is owed every 30m",
            "Customers: asked for news, round 1",
            "Told customers",
        ]


async def test_a_round_that_nobody_answers_is_asked_again_and_noted_as_missed(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, CUSTOMERS) as town:
        side = town.sides[platform]
        await declared(town, side)
        await raise_flag(town)
        await town.forward(minutes=30)
        first = last(side)
        await town.forward(minutes=30)
        before, second = about(side)
        assert before.ref == first.ref and before.buttons == () and "asked again below" in before.text
        assert "The round before it was missed" in second.text and second.rings == {"Ana Reyes"}

        said = await side.taps(ANA, "Skip this one", second, room=ROOM)
        await town.settle()
        assert "Left out this time." in said and "Left out by" in last(side).text and last(side).buttons == ()
        told = await tell(town, side, BO, "told customers skip")
        assert "there is none to skip" in told
        missed = "Customers: a round was missed, due 2026-11-20 14:30 UTC"
        assert missed in await notes(town) and "Customers: this round was left out" in await notes(town)


async def test_a_jump_of_the_clock_over_many_rounds_makes_one_post_that_says_what_was_missed(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform, CUSTOMERS) as town:
        side = town.sides[platform]
        await declared(town, side)
        await raise_flag(town)
        count = len(posts(side))
        await town.forward(hours=5, minutes=10)
        assert len(posts(side)) == count + 1
        assert "9 rounds before it were missed, the first due" in last(side).text
        assert "Customers: 9 rounds were missed, the first due 2026-11-20 14:30 UTC" in await notes(town)
        await town.forward(minutes=29)
        assert len(posts(side)) == count + 1


async def test_a_restart_in_the_middle_neither_loses_nor_doubles_a_round(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, CUSTOMERS) as town:
        side = town.sides[platform]
        await declared(town, side)
        await raise_flag(town)
        await town.forward(minutes=20)
        await town.bot.stop()
        town.clock.forward(timedelta(minutes=15))
        await town.start_bot("two")
        await town.settle()
        (question,) = asked(side)
        await town.bot.stop()
        await town.start_bot("three")
        await town.settle()
        assert len(about(side)) == 1
        await side.taps(BO, "Told them", question, room=ROOM)
        await town.settle()
        assert last(side).buttons == () and "told customers" in last(side).text


async def test_the_end_is_the_last_round_for_customers_and_then_it_is_quiet(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, CUSTOMERS, STANDUP) as town:
        side = town.sides[platform]
        await declared(town, side)
        await raise_flag(town)
        await town.forward(minutes=30)
        await tell(town, side, ANA, "resolve the pool was restarted")
        standing, end = about(side)
        assert "No longer needed" in standing.text and standing.buttons == ()
        assert "Customers: say that it is over" in end.text and "that #1 is over" in end.text
        assert "The problem with our service is over" in end.text
        await side.taps(BO, "Told them", end, room=ROOM)
        await town.settle()
        count = len(posts(side))
        await town.forward(days=4)
        assert len(posts(side)) == count, "neither customers nor the standup are asked for any more"
        assert (await notes(town))[-4:] == [
            "Daily standup: no more news is owed",
            "Customers: they are still to hear of the end",
            "Customers: asked for news, round 2",
            "Told customers",
        ]


async def test_an_end_that_nobody_tells_is_asked_for_once_more_and_never_forgotten(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform, CUSTOMERS) as town:
        side = town.sides[platform]
        await declared(town, side)
        await raise_flag(town)
        await tell(town, side, ANA, "resolve")
        await town.forward(minutes=30)
        count = len(posts(side))
        for _ in range(6):
            await town.forward(minutes=30)
        assert len(posts(side)) == count and len(asked(side)) == 1
        assert "Customers" in card(side).text and "owed" in card(side).text
        await tell(town, side, ANA, "close")
        assert "Nobody said that customers heard of it" in about(side)[-1].text and not asked(side)
        assert (await notes(town))[-1] == "Customers: closed without word that they heard of the end"


async def test_a_flag_that_is_taken_back_ends_the_rounds_with_the_good_news(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, CUSTOMERS) as town:
        side = town.sides[platform]
        await declared(town, side)
        await raise_flag(town)
        await raise_flag(town, on=False)
        await town.forward(hours=2)
        assert not about(side), "they were told nothing, so there is nothing to take back"

        await raise_flag(town)
        await tell(town, side, BO, "told customers we are down")
        await town.forward(minutes=1)  # Discord takes three edits of messages older than an hour in twenty seconds
        await raise_flag(town, on=False)
        assert "say that it is over" in last(side).text
        assert "tell customers that “Service unavailable” is over" in last(side).text
        await town.forward(minutes=1)
        await raise_flag(town)
        assert "No longer needed" in last(side).text
        await town.forward(minutes=30)
        assert "Customers: news is due" in last(side).text


async def test_the_standup_comes_on_working_mornings_in_the_playbooks_own_zone(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, STANDUP) as town:
        side = town.sides[platform]
        await declared(town, side)
        monday = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
        assert (await town.incident()).progress.rounds["standup"].due_at == monday
        town.clock.forward(monday - town.clock.now() - timedelta(minutes=1))
        await town.settle()
        assert not about(side, "Daily standup")
        await town.forward(minutes=1)
        question = last(side)
        assert question.rings == {"Cleo Okafor"} and "tell the team how #1 is going" in question.text
        assert side.sees(CLEO, ROOM), "whoever owes the news is brought in"
        assert PAGE not in question.text
        told = await tell(town, side, CLEO, "told the team we hand over to the night shift")
        assert "Daily standup: news is due again" in told
        entry = "Told the team (Daily standup): we hand over to the night shift"
        assert (await notes(town))[-1] == entry
        assert (await town.incident()).progress.rounds["standup"].due_at == monday + timedelta(days=1)


async def test_stakeholders_are_told_at_once_and_only_once(tmp_path: Path, platform: str) -> None:
    once: Parts = {"name": "heads-up", "title": "Stakeholders", "audience": "stakeholders", "at_once": True}
    async with town_of(tmp_path, platform, once) as town:
        side = town.sides[platform]
        await declared(town, side)
        (question,) = asked(side, "Stakeholders")
        assert "tell the stakeholders how #1 is going" in question.text
        await tell(town, side, ANA, "informed stakeholders by mail")
        count = len(posts(side))
        await town.forward(hours=20)
        assert len(posts(side)) == count and "Stakeholders" not in card(side).text


async def test_in_a_drill_nobody_outside_is_told(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, CUSTOMERS) as town:
        side = town.sides[platform]
        await declared(town, side, "drill sev1 the database is gone")
        await raise_flag(town)
        await town.forward(minutes=30)
        assert "Drill: say what you would tell them" in last(side).text and PAGE not in last(side).text


async def test_a_private_incident_asks_only_those_who_see_it_and_drafts_nothing(tmp_path: Path, platform: str) -> None:
    owned = CUSTOMERS | {"owner": ["cleo"]}
    async with town_of(tmp_path, platform, owned) as town:
        side = town.sides[platform]
        await declared(town, side, "private sev1 a key has leaked")
        await raise_flag(town)
        await town.forward(minutes=30)
        question = last(side)
        assert question.rings == {"Ana Reyes"} and not side.sees(CLEO, ROOM)
        assert "This incident is private" in question.text
        assert PAGE not in question.text and "You could say" not in question.text


async def test_the_owner_is_the_first_who_is_there_be_it_a_group(tmp_path: Path, platform: str) -> None:
    support = Group(key="support", name="Support", members=("cleo",))
    owned = CUSTOMERS | {"owner": ["comms", "support", "cleo"]}
    async with town_of(tmp_path, platform, owned, groups=[support]) as town:
        side = town.sides[platform]
        await declared(town, side)
        await raise_flag(town)
        await town.forward(minutes=30)
        assert "Support" in last(side).text and last(side).rings == {"Cleo Okafor"} and side.sees(CLEO, ROOM)


async def test_a_change_of_severity_counts_from_the_last_round_and_may_end_them(tmp_path: Path, platform: str) -> None:
    severities = [severity.model_dump() for severity in default().severities]
    severities[0] |= {"cadence": "1d", "cadences": [CUSTOMERS]}
    severities[1] |= {"cadence": "1d", "cadences": [CUSTOMERS | {"every": "60m"}]}
    async with town_with(tmp_path, (platform,), severities=severities, flags=[FLAG]) as town:
        side = town.sides[platform]
        await declared(town, side, "sev2 search is slow")
        await raise_flag(town)
        await town.forward(minutes=40)
        await tell(town, side, ANA, "severity sev1 because nothing works")
        assert any("Customers: news is owed every 30m" in one.text for one in posts(side))
        (question,) = asked(side)
        assert "due" in question.text, "by the new rhythm it was due ten minutes ago"
        await tell(town, side, ANA, "severity sev3")
        assert not asked(side) and "No longer needed" in about(side)[0].text
        count = len(posts(side))
        await town.forward(hours=3)
        assert all("Customers" not in one.text for one in posts(side)[count:])


async def test_told_says_whom_it_knows_takes_a_form_and_counts_two_taps_once(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, CUSTOMERS) as town:
        side = town.sides[platform]
        await declared(town, side)
        told = await tell(town, side, ANA, "told custmers we are back")
        assert "I do not know whom “custmers” means. Say whom you told: customers." in told
        assert "Noted." in await tell(town, side, ANA, "told leadership that we are on it")
        assert (await notes(town))[-1] == "Told leadership: that we are on it"
        await side.says(ANA, "told", room=ROOM)
        await side.fills(ANA, whom="customers", text="we are on it")
        await town.settle()
        assert (await notes(town))[-1] == "Told customers: we are on it"

        await raise_flag(town)
        await town.forward(minutes=30)
        assert "Noted. Customers" in await tell(town, side, BO, "told customers")
        assert "Bo Lindqvist noted that already" in await tell(town, side, CLEO, "told customers")
        assert (await notes(town)).count("Told customers") == 1


async def test_the_digests_of_earlier_rounds_are_not_kept(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, CUSTOMERS) as town:
        side = town.sides[platform]
        await declared(town, side)
        await raise_flag(town)
        for _ in range(5):
            await town.forward(minutes=30)
        standing = [mark for mark in (await town.incident()).standing if ":round/" in mark]
        assert standing == [f"{platform}:round/customers/4", f"{platform}:round/customers/5"]


async def test_one_answer_settles_the_question_on_both_platforms(tmp_path: Path) -> None:
    severities = [severity.model_dump() for severity in default().severities]
    severities[0] |= {"cadences": [CUSTOMERS]}
    async with town_with(tmp_path, ("slack", "discord"), severities=severities, flags=[FLAG]) as town:
        slack, discord = town.sides["slack"], town.sides["discord"]
        await declared(town, slack)
        await tell(town, slack, ANA, "flag unavailable")
        await tell(town, slack, ANA, "update we are on it next 3h")
        await town.forward(minutes=30)
        await discord.taps(BO, "Told them", last(discord), room=ROOM)
        await town.settle()
        for side in (slack, discord):
            assert "told customers" in last(side).text and last(side).buttons == ()
        end = (await town.incident()).progress.rounds["customers"].posts[-1]
        assert end.end is RoundEnd.TOLD


async def test_in_a_new_channel_for_an_old_incident_no_round_that_is_over_is_posted_again(tmp_path: Path) -> None:
    async with town_of(tmp_path, "slack", CUSTOMERS) as town:
        side = town.sides["slack"]
        await declared(town, side)
        await raise_flag(town)
        await town.forward(minutes=30)
        await tell(town, side, BO, "told customers")
        await tell(town, side, ANA, "cancel")
        await tell(town, side, BO, "told customers that it was none")
        await town.forward(days=7)
        town.sandbox.slack.refuses_unarchive = True
        await side.says(ANA, "#1 reopen because it is back")

        async def there() -> bool:
            await town.settle()
            return f"{ROOM}-again1" in side.rooms() and len(side.pinned(f"{ROOM}-again1")) == 2

        await town.until(there)
        again = posts(side, f"{ROOM}-again1")
        assert not any("told customers" in one.text for one in again)


async def test_the_draft_for_customers_is_the_playbooks_own_for_the_status_where_it_has_one(
    tmp_path: Path, platform: str
) -> None:
    customers = {"investigating": "We look into {{ impact }}. See {{ status_page }}.", "resolved": "All is well again."}
    async with town_of(tmp_path, platform, CUSTOMERS, templates={"customers": customers}) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "impact cards are refused")
        await raise_flag(town)
        await town.forward(minutes=30)
        assert f"We look into cards are refused. See {PAGE}." in last(side).text
        await tell(town, side, ANA, "status identified")
        (question,) = asked(side)
        assert (
            "We know what causes a problem with our service and are working on it: cards are refused." in question.text
        )
        await tell(town, side, BO, "told customers")
        await raise_flag(town, on=False)
        assert "All is well again." in last(side).text


async def test_a_reaction_says_that_they_were_told_once_and_on_the_question_that_stands(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform, CUSTOMERS) as town:
        side = town.sides[platform]
        await declared(town, side)
        await raise_flag(town)
        await town.forward(minutes=30)
        await town.forward(minutes=30)
        before, question = about(side)
        assert "Or react ✅" in question.text
        await side.reacts(BO, "👀", question, room=ROOM)
        await side.reacts(ANA, "✅", before, room=ROOM)
        await react(town, side, BO, "✅", question)
        assert "told customers" in last(side).text and "Bo Lindqvist" in last(side).text and last(side).buttons == ()
        await side.reacts(ANA, "✅", question, room=ROOM)
        await town.forward(minutes=29)
        assert (await notes(town))[-1] == "Told customers" and (await notes(town)).count("Told customers") == 1
