"""Several playbooks at once: which one a declaration falls under, where it is announced, and that it stays so."""

from pathlib import Path
from typing import Any

from bot.playbook.shape import Playbook
from tests.support.story import ANNOUNCED, ROOM, acquainted, announcement, declared, last, posts, tell, thread
from tests.support.town import ANA, BO, CLEO, Town, sqlite

OPS = "random"
"""The channel that chooses the second playbook and hears its announcements: there is one of this name on both."""


def levels(*names: str, cadence: str | None = "15m") -> list[dict[str, Any]]:
    """Severities, the worst first."""
    return [{"name": name, "meaning": f"what {name} means", "cadence": cadence} for name in names]


def werkly(**changes: Any) -> Playbook:
    """One whose severities are called as in the default playbook."""
    parts = {
        "name": "werkly", "title": "Werkly's process", "severities": levels("sev1", "sev2", cadence="20m"),
        "chosen_by": {"words": ["chat"]}, "channel": "werkly-{{ date }}",
    }  # fmt: skip
    return acquainted(**parts | changes)


def sartiq(**changes: Any) -> Playbook:
    """One that is chosen by a channel, and announces only what is bad, there."""
    parts = {
        "name": "sartiq", "title": "Sartiq's process", "severities": levels("S1", "S2", "S3", cadence="40m"),
        "chosen_by": {"channels": {"slack": [f"#{OPS}"], "discord": [OPS]}},
        "announce": {"channels": {"slack": OPS, "discord": f"#{OPS}"}, "severities": ["S1", "S2"]},
        "templates": {"announcement": "[INCIDENT] {{ severity }} - {{ title }}"},
        "reactions": {"timeline": "🎉"},
    }  # fmt: skip
    return acquainted(**parts | changes)


def town_of(folder: Path, *platforms: str, first: Playbook | None = None, beside: tuple[Playbook, ...] = ()) -> Town:
    """A town with three playbooks."""
    return Town(
        sqlite(folder), platforms=platforms, playbook=first or acquainted(), beside=beside or (werkly(), sartiq())
    )


async def under(town: Town, number: int) -> str:
    """The playbook that an incident was declared under."""
    return (await town.incident(number)).playbook


async def test_its_name_a_severity_the_channel_or_a_word_chooses(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        for words, room, chosen in (
            ("sev1 checkout is down", "general", "default"),
            ("werkly sev1 the printer is on fire", "general", "werkly"),
            ("sev2 chats do not arrive", "general", "werkly"),
            ("S1 the backend is gone", "general", "sartiq"),
            ("s2 exports fail in Spain", OPS, "sartiq"),
            ("sev3 nobody gets mail", OPS, "default"),
            ("werkly sev2 invoices are wrong", OPS, "werkly"),
            ("drill sartiq S1 lights out", "general", "sartiq"),
            ("sartiq private S1 a key leaked", "general", "sartiq"),
            ("private werkly sev1 another key leaked", "general", "werkly"),
        ):
            number = len(await town.store.reader.numbers()) + 1
            await side.says(ANA, words, room=room)
            await town.settle()
            assert await under(town, number) == chosen, words
        third, drill, private = await town.incident(4), await town.incident(8), await town.incident(9)
        assert (third.title, third.severity) == ("the backend is gone", "S1")
        assert drill.drill and drill.title == "lights out" and private.private and private.title == "a key leaked"
        assert (await town.incident(2)).channel_name == "werkly-2026-11-20"


async def test_a_preview_says_which_playbook_and_where_it_is_announced(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        told = await tell(town, side, ANA, "preview werkly sev1 checkout is down", room="general")
        assert "Werkly's process" in told and "every 20m" in told and "the announcement channel" in told
        told = await tell(town, side, ANA, "preview s1 checkout is down", room="general")
        assert "Sartiq's process" in told and f"#{OPS}, with a Join button" in told
        told = await tell(town, side, ANA, "sartiq preview s3 checkout is down", room="general")
        assert "nowhere: S3 is not announced" in told
        assert await town.store.reader.numbers() == []


async def test_a_severity_that_nobody_knows_is_told_with_those_of_the_playbook_meant(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        assert "It can be S1, S2, S3." in await tell(town, side, ANA, "sev9 x is down", room=OPS)
        assert "It can be sev1, sev2." in await tell(town, side, ANA, "werkly sev9 x is down", room="general")
        assert "It can be sev1, sev2, sev3, sev4." in await tell(town, side, ANA, "sev9 x is down", room="general")


async def test_a_name_of_no_playbook_is_told_with_those_that_are_loaded(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        told = (await tell(town, side, ANA, "nosuch sev1 chat is down", room="general")).replace("`", "")
        names = "There are default, werkly, sartiq"
        assert f"“nosuch” is no playbook. {names}; or leave it out: /incident sev1 chat is down." in told
        await side.says(ANA, "checkout server is down")
        assert side.form(ANA) is not None, "a title is still asked how bad it is"
        await side.dismisses(ANA)
        assert await town.store.reader.numbers() == []


async def test_the_form_offers_the_severities_of_the_playbook_that_is_meant(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await side.says(ANA, "", room=OPS)
        assert "what S1 means" in str(side.form(ANA)) and "what sev1 means" not in str(side.form(ANA))
        await side.fills(ANA, title="chats are down", severity="S2")
        await town.settle()
        assert (await under(town, 1), (await town.incident()).severity) == ("sartiq", "S2")

        await side.says(ANA, "werkly", room="general")
        assert "what sev2 means" in str(side.form(ANA))
        await side.fills(ANA, title="nobody can log in", severity="sev2")
        await town.settle()
        assert await under(town, 2) == "werkly"

        await side.says(ANA, "werkly is down", room="general")
        assert "werkly is down" in str(side.form(ANA)), "a title may begin with the name"
        await side.dismisses(ANA)

        message = await side.writes(BO, "the backend answers nothing", room=OPS)
        await side.from_message(ANA, message, room=OPS)
        assert "what S1 means" in str(side.form(ANA))
        await side.fills(ANA, severity="S1")
        await town.settle()
        assert await under(town, 3) == "sartiq"


async def test_an_incident_declared_in_anothers_channel_falls_under_the_same_playbook(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side, "werkly sev1 checkout is down")
        await tell(town, side, BO, "sev2 search is slow", room="werkly-2026-11-20")
        assert await under(town, 2) == "werkly"
        await tell(town, side, BO, "sartiq S3 exports fail", room="werkly-2026-11-20")
        assert await under(town, 3) == "sartiq"


async def test_words_put_aside_keep_their_playbook(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side, "sev1 checkout is down")
        told = await tell(town, side, BO, "werkly sev1 checkout is down", room="general")
        assert "Is it this one?" in told
        await side.taps(BO, "Declare anyway", side.whispered(BO), room="general")
        await town.settle()
        assert await under(town, 2) == "werkly"


async def test_what_is_bad_is_announced_in_one_line_in_the_playbooks_own_channel_and_the_rest_nowhere(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side, "S3 exports fail")
        await tell(town, side, ANA, "update looking at it")
        assert posts(side, OPS) == [] and posts(side, ANNOUNCED) == []

        await declared(town, side, "S1 the backend is gone")
        (notice,) = posts(side, OPS)
        assert "[INCIDENT] S1 - the backend is gone" in notice.text and notice.buttons == ("Join",)
        assert posts(side, ANNOUNCED) == []
        await tell(town, side, ANA, "update it is back", room=(await town.incident(2)).channel_name)
        (notice, reply) = posts(side, OPS)
        assert reply.thread is not None and "it is back" in reply.text

        # a milder severity: what was announced once is told to its end
        await tell(town, side, ANA, "severity S3", room=(await town.incident(2)).channel_name)
        await tell(town, side, ANA, "resolve", room=(await town.incident(2)).channel_name)
        assert "[INCIDENT] S3" in posts(side, OPS)[0].text and "resolved" in posts(side, OPS)[0].text
        # a worse one is announced at once
        await tell(town, side, ANA, "severity S1")
        assert "[INCIDENT] S1 - exports fail" in [one for one in posts(side, OPS) if one.thread is None][-1].text
        assert all(not one.late for one in [await town.incident(1), await town.incident(2)])


async def test_other_playbooks_are_announced_where_the_setting_says(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side, "werkly sev1 checkout is down")
        assert "checkout is down" in announcement(side).text and posts(side, OPS) == []
        await tell(town, side, ANA, "update better", room="werkly-2026-11-20")
        assert "better" in thread(side)[-1].text


async def test_each_incident_keeps_its_own_words_and_clock(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        for words in ("sev1 checkout is down", "werkly sev1 mail bounces", "S1 the backend is gone"):
            await declared(town, side, words)
        rooms = [(await town.incident(number)).channel_name for number in (1, 2, 3)]
        told = await tell(town, side, CLEO, "list", room="general")
        assert "SEV1 · mail bounces" in told and "S1 · the backend is gone" in told
        await town.forward(minutes=15)
        asked = [any("Status update, please" in one.text for one in posts(side, room)) for room in rooms]
        assert asked == [True, False, False]
        await town.forward(minutes=25)
        assert all(any("how is" in one.text for one in posts(side, room)) for room in rooms)
        assert "“sev2” is no severity" in await tell(town, side, ANA, "severity sev2", room=rooms[2])
        figures = await tell(town, side, ANA, "stats", room="general")
        assert "3 incidents: 2 sev1, 1 S1" in figures


async def test_the_emoji_of_the_incidents_own_playbook_keeps_a_message(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side, "S1 the backend is gone")
        await tell(town, side, BO, "join")
        message = await side.writes(BO, "the disk was full at 14:02", room=ROOM)
        before = (await town.incident()).revision
        await side.reacts(BO, "📌", message, room=ROOM)
        await side.reacts(BO, "🎉", message, room=ROOM)

        async def kept() -> bool:
            await town.settle()
            return (await town.incident()).revision > before

        await town.until(kept)
        told = [link.entry.text for link in await town.timeline() if "disk was full" in link.entry.text]
        assert len(told) == 1


async def test_the_playbooks_can_be_read_in_chat(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        told = await tell(town, side, CLEO, "playbook", room="general")
        assert "Default process" in told and "In force where nothing else is said" in told
        assert "A core service is down" in told and "update every 15m" in told and "Incident commander" in told
        told = await tell(town, side, CLEO, "playbooks", room=OPS)
        assert "Sartiq's process" in told and "In force in this channel" in told and f"S1, S2 in #{OPS}" in told
        told = await side.taps(CLEO, "Werkly's process", side.whispered(CLEO), room=OPS)
        assert "Werkly's process" in told and "/incident werkly sev1" in told and "a title with chat" in told
        told = await tell(town, side, CLEO, "playbook tuesday", room="general")
        assert "No playbook “tuesday” is loaded. There are default, werkly, sartiq." in told
        await declared(town, side, "S1 the backend is gone")
        assert "#1 runs under it" in await tell(town, side, CLEO, "playbook")
        told = await tell(town, side, CLEO, "help", room=OPS)
        assert "Severities of Sartiq's process: S1" in told and "/incident default sev1" in told


async def test_people_of_every_playbook_are_known(tmp_path: Path, platform: str) -> None:
    alone = [one for one in acquainted().model_dump()["people"] if one["key"] == "ana"]
    boss = [{"key": "boss", "name": "The Boss", "handles": {platform: getattr(BO, f"{platform}_id")}}]
    first, second = acquainted(people=alone), werkly(people=boss)
    async with town_of(tmp_path, platform, first=first, beside=(second,)) as town:
        side = town.sides[platform]
        await declared(town, side, "sev1 checkout is down", by=BO)
        by = (await town.incident()).declared_by
        assert (by.key, by.name) == ("boss", "The Boss")
        await tell(town, side, ANA, f"role comms {side.at(BO)}")
        await tell(town, side, BO, "role scribe ana")
        held = {role: person.key for role, person in (await town.incident()).roles.items()}
        assert held == {"commander": "boss", "comms": "boss", "scribe": "ana"}


async def test_changing_playbooks_changes_nothing_for_incidents_that_are_open(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side, "werkly sev1 checkout is down")
        await declared(town, side, "S1 the backend is gone")
        rooms = [(await town.incident(number)).channel_name for number in (1, 2)]
        before = [(await town.incident(number)).version for number in (1, 2)]

        await town.bot.stop()
        changed = werkly(severities=levels("Blocker"), title="Another process", channel="other-{{ slug }}")
        town.playbook, town.beside = changed, (acquainted(),)  # sartiq is not loaded any more
        await town.start_bot("two")
        await town.forward(minutes=20)
        assert "Status update, please" in last(side, rooms[0]).text, "the old cadence holds"
        told = await tell(town, side, BO, "severity sev2", room=rooms[0])
        assert "Severity is now sev2" in told
        told = await tell(town, side, BO, "playbook", room=rooms[0])
        assert "Werkly's process" in told and "A newer version of it is loaded" in told
        await town.forward(minutes=20)
        assert any("Status update, please" in one.text for one in posts(side, rooms[1]))
        await tell(town, side, BO, "update it is back", room=rooms[1])
        assert "[INCIDENT] S1 - the backend is gone" in posts(side, OPS)[0].text
        assert [(await town.incident(number)).version for number in (1, 2)] == before

        await tell(town, side, BO, "Blocker search is slow", room=rooms[0])
        third = await town.incident(3)
        assert (third.playbook, third.version, third.channel_name) == (
            "werkly",
            changed.version,
            "other-search-is-slow",
        )


async def test_an_incident_lives_on_the_platforms_of_its_playbook(tmp_path: Path) -> None:
    only_slack = werkly(chats=["slack"])
    async with town_of(tmp_path, "slack", "discord", beside=(only_slack,)) as town:
        slack, discord = town.sides["slack"], town.sides["discord"]
        told = await discord.says(ANA, "werkly sev1 checkout is down")
        await town.settle()
        assert "its channel is on its way on Slack" in told
        assert list((await town.incident()).rooms) == ["slack"]
        room = "werkly-2026-11-20"
        assert room in slack.rooms() and room not in discord.rooms() and posts(discord, ANNOUNCED) == []
        assert "on Slack" in await discord.says(ANA, "preview werkly sev1 search is slow")
        told = await discord.says(BO, "#1 update the pool is full")
        await town.settle()
        assert "the pool is full" in last(slack, room).text and "Posted" in told
        await declared(town, slack, "sev1 mail bounces")
        assert sorted((await town.incident(2)).rooms) == ["discord", "slack"]


async def test_where_none_of_its_platforms_is_on_it_lives_on_those_that_are(tmp_path: Path) -> None:
    async with town_of(tmp_path, "discord", beside=(werkly(chats=["slack"]),)) as town:
        await declared(town, town.sides["discord"], "werkly sev1 checkout is down")
        assert list((await town.incident()).rooms) == ["discord"]


async def test_completion_and_the_home_page_know_them_all(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        desk = town.bot.desk
        offered = [one.words for one in await desk.suggest(platform, "1", "", room=OPS)]
        assert offered[:3] == ["S1", "S2", "S3"] and offered[-2:] == ["default", "werkly"]
        offered = [one.words for one in await desk.suggest(platform, "1", "werkly")]
        assert offered == ["werkly sev1", "werkly sev2"]
        page = (await desk.home(platform, BO.slack_id)).card
        assert page is not None and page.footer == ("Playbooks: Default process, Werkly's process, Sartiq's process",)
