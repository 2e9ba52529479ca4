"""Permission rules: who is held back and told so, who is let through, and that nobody is locked out."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.commands import VERBS
from bot.heard import Answer, Spoken
from bot.people import Group, Person
from bot.playbook.permissions import Right
from bot.timeline import Kind
from tests.stories.test_alerts import HERE, WATCHING, offers
from tests.support.alerts import alert, arrive
from tests.support.story import ROOM, acquainted, card, changed, declared, last, posts, tell, town_with
from tests.support.town import ANA, BO, CLEO, DMITRI, ESHA, Side, Town, sqlite

LEADS = Group(key="leads", name="Leads", members=("bo",))
RULES: dict[str, tuple[str, ...]] = {
    "lower": ("commander", "leads"),
    "update": ("comms",),
    "roles": ("leads",),
    "resolve": ("leads", "declarer"),
    "cancel": ("leads",),
    "close": ("leads",),
}


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town whose playbook has rules. Ana declares and is its commander, Bo is of the leads."""
    async with town_with(tmp_path, (platform,), groups=(LEADS,), permissions=RULES) as made:
        yield made


async def noted(town: Town, number: int = 1) -> list[str]:
    """What the timeline holds of rules set aside."""
    return [link.entry.text for link in await town.timeline(number) if link.entry.kind is Kind.PERMISSION]


async def told_privately(town: Town, side: Side, sentence: str) -> None:
    """Wait until Cleo alone was told this."""

    async def told() -> bool:
        await town.settle()
        return any(sentence in one for one in side.private(CLEO))

    await town.until(told)


async def test_who_may_not_reads_who_may_and_nothing_happens(town: Town, side: Side) -> None:
    await declared(town, side)
    before, said = await town.incident(), len(posts(side))
    told = await tell(town, side, CLEO, "severity sev3")
    assert "Nothing was done: only the Incident commander or Leads may lower the severity." in told
    assert "Ana Reyes" in told and "Bo Lindqvist" in told and "/incident #1 anyway because …" in told
    told = await tell(town, side, CLEO, "#1 resolve it is back", room="general")
    assert "only Leads or whoever declared it may resolve" in told
    assert (await town.incident()).revision == before.revision and len(posts(side)) == said

    assert "Severity is now sev2" in await tell(town, side, ANA, "severity sev2")
    assert "Severity is now sev1" in await tell(town, side, CLEO, "severity sev1"), "up is everybody's"
    assert await noted(town) == []


async def test_where_nobody_is_there_whom_the_rule_names_anyone_may_and_it_is_noted(town: Town, side: Side) -> None:
    await declared(town, side)
    assert "Posted" in await tell(town, side, CLEO, "update looking at the pool")
    assert "Nobody was there whom the rule “update” names (the Communications lead)" in (await noted(town))[0]
    await tell(town, side, BO, f"role comms {side.at(DMITRI)}")
    assert "only the Communications lead may give updates" in await tell(town, side, CLEO, "update still looking")
    assert "Posted" in await tell(town, side, DMITRI, "update the pool is full")
    assert len(await noted(town)) == 1


async def test_buttons_and_reactions_are_held_to_the_same_rules(town: Town, side: Side) -> None:
    await declared(town, side)
    told = await side.taps(CLEO, "Take Communications lead", card(side), room=ROOM)
    await town.settle()
    assert "only Leads may give or take roles" in told
    assert "comms" not in (await town.incident()).roles

    await tell(town, side, BO, "take comms")
    await town.forward(minutes=15)
    asked = last(side)
    before = await town.incident()
    for emoji, rule in (("✅", "only the Communications lead may"), ("🙋", "only Leads may")):
        await side.reacts(CLEO, emoji, asked, room=ROOM)
        await told_privately(town, side, rule)
    incident = await town.incident()
    assert incident.reminding.waiting and incident.roles == before.roles and incident.updates == before.updates
    await side.reacts(CLEO, "👀", asked, room=ROOM)
    await changed(town, since=incident.revision)
    assert not (await town.incident()).reminding.waiting, "to be on it is everybody's"


async def test_a_form_is_not_filled_in_vain_and_what_was_written_comes_back(town: Town, side: Side) -> None:
    await declared(town, side)
    told = await tell(town, side, CLEO, "resolve form")
    assert "only Leads or whoever declared it may resolve" in told and side.form(CLEO) is None

    await tell(town, side, CLEO, "severity")
    assert side.form(CLEO) is not None, "raising is everybody's"
    await side.fills(CLEO, severity="sev3", because="half of them are back by now")
    await town.settle()
    refusal = side.private(CLEO)[-1]
    assert "may lower the severity" in refusal and "half of them are back by now" in refusal
    assert (await town.incident()).severity == "sev1"


async def test_whoever_cannot_wait_says_why_and_is_let_through_for_an_hour(town: Town, side: Side) -> None:
    await declared(town, side)
    assert "Say why" in await tell(town, side, CLEO, "anyway") or side.form(CLEO) is not None
    await side.dismisses(CLEO)
    await tell(town, side, CLEO, "anyway because neither of them answers")
    said = last(side)
    assert "neither of them answers" in said.text and said.rings == {"Ana Reyes"}
    assert "Severity is now sev2" in await tell(town, side, CLEO, "severity sev2")
    assert "Nothing was done" in await tell(town, side, DMITRI, "severity sev3"), "nobody else is let through"
    assert await noted(town) == [
        "Sets the permission rules aside for an hour: neither of them answers",
        "Done in spite of the rule “lower”",
    ]
    await town.forward(minutes=60)
    assert "Nothing was done" in await tell(town, side, CLEO, "severity sev3")


async def test_the_end_is_for_those_whom_the_rules_name(town: Town, side: Side) -> None:
    await declared(town, side, by=CLEO)
    assert "only Leads may call the incident off" in await tell(town, side, CLEO, "cancel because it was a test")
    assert "Nothing was done" not in await tell(town, side, CLEO, "resolve it was restarted"), "who declared it"
    assert "only Leads may close" in await tell(town, side, CLEO, "close")
    assert "closed" in await tell(town, side, BO, "close")
    assert "Nothing was done" not in await tell(town, side, DMITRI, "reopen because it is back"), "no rule of its own"


async def test_ones_own_role_is_ones_own_to_lay_down_and_an_offered_one_to_accept(town: Town, side: Side) -> None:
    await declared(town, side)
    assert "only Leads may" in await tell(town, side, CLEO, "drop ic")
    assert "Offered to" in await tell(town, side, ANA, f"handover ic {side.at(CLEO)}")
    assert "You are Incident commander now" in await tell(town, side, CLEO, "accept")
    assert "is free now" in await tell(town, side, CLEO, "drop ic")


async def test_help_marks_what_is_for_others_and_says_for_whom(town: Town, side: Side) -> None:
    await declared(town, side)
    assert "🔒 close [anyway because …]" in await tell(town, side, CLEO, "help")
    assert "🔒 close" not in await tell(town, side, BO, "help")
    assert "only Leads may close the incident" in await tell(town, side, BO, "help close")
    assert "may" not in (await tell(town, side, BO, "help note")).replace("maybe", "")


async def test_two_at_once_are_told_apart(town: Town, side: Side) -> None:
    await declared(town, side)
    one, other = await asyncio.gather(
        side.says(CLEO, "severity sev3", room=ROOM), side.says(BO, "severity sev2", room=ROOM)
    )
    await town.settle()
    assert "Nothing was done" in one and "Severity is now sev2" in other
    assert (await town.incident()).severity == "sev2"


async def test_only_some_declare_and_anyone_in_an_emergency(tmp_path: Path, platform: str) -> None:
    rules = {"declare": ("leads",)}
    async with town_with(tmp_path, (platform,), groups=(LEADS,), permissions=rules) as town:
        side = town.sides[platform]
        for words in ("sev1 checkout is down", "drill sev1 practice", "private sev1 a key leaked"):
            told = await declared(town, side, words, by=CLEO)
            assert "only Leads may declare an incident" in told and "declare anyway SEVERITY TITLE" in told
        assert ROOM not in side.rooms()
        assert "this would happen" in await declared(town, side, "preview sev1 checkout is down", by=CLEO)

        await declared(town, side, "declare anyway sev1 checkout is down", by=CLEO)
        assert (await town.incident()).title == "checkout is down"
        assert await noted(town) == ["Declared in spite of the rule “declare”"]
        await declared(town, side, "sev2 search is slow", by=BO)
        assert await noted(town, 2) == []


async def test_a_rule_on_anyway_keeps_that_way_for_some(tmp_path: Path, platform: str) -> None:
    rules = {"close": ("leads",), "declare": ("leads",), "anyway": ("ana",)}
    async with town_with(tmp_path, (platform,), groups=(LEADS,), permissions=rules) as town:
        side = town.sides[platform]
        assert "declare anyway" not in await declared(town, side, "declare anyway sev1 it is down", by=CLEO)
        assert ROOM not in side.rooms()
        await declared(town, side, "declare anyway sev1 it is down", by=ANA)
        assert "only Ana Reyes may act in spite of the rules" in await tell(town, side, CLEO, "anyway because I must")
        assert "no rule holds you back" in await tell(town, side, ANA, "anyway because Bo sleeps")


async def test_those_named_under_private_are_in_every_private_incident(tmp_path: Path, platform: str) -> None:
    async with town_with(tmp_path, (platform,), groups=(LEADS,), permissions={"private": ("leads",)}) as town:
        side = town.sides[platform]
        await declared(town, side, "private sev1 a key has leaked")
        assert side.sees(BO, ROOM) and not side.sees(CLEO, ROOM)
        assert "a key has leaked" in await tell(town, side, BO, "list", room="general")
        assert "a key has leaked" in await tell(town, side, BO, "find leaked", room="general")
        assert "a key has leaked" in await tell(town, side, BO, "#1 status", room="general")
        for words in ("list", "find leaked"):
            assert "leaked" not in (await tell(town, side, CLEO, words, room="general")).replace("“leaked”", "")
        for words in ("#1 status", "#1 join", "#1 anyway because I want to see it", "#1 close"):
            assert "There is no incident #1 that you can see" in await tell(town, side, CLEO, words, room="general")
        await declared(town, side, "sev2 search is slow")
        assert BO.key not in (await town.incident(2)).responders, "an open one brings nobody in"


async def test_one_person_is_the_same_on_both_platforms(tmp_path: Path) -> None:
    """Ana is known by her Slack account only, and linked the other by herself."""
    people = tuple(one.model_copy(update={"handles": {"slack": one.handles["slack"]}}) for one in acquainted().people)
    group = Group(key="leads", name="Leads", members=("esha",))
    playbook = acquainted(people=people, groups=(group,), permissions={"close": ("leads",)})
    async with Town(sqlite(tmp_path), playbook=playbook) as town:
        slack, discord = town.sides["slack"], town.sides["discord"]
        await declared(town, slack)
        await tell(town, slack, ANA, "resolve it was restarted")
        assert "only Leads may close" in await tell(town, discord, ESHA, "close")
        told = await tell(town, slack, ESHA, "account", room="general")
        code = told.split("account ")[1][:9]
        await tell(town, discord, ESHA, f"account {code}", room="general")
        assert "closed" in await tell(town, discord, ESHA, "close")


async def test_an_alerts_buttons_are_held_to_the_rules_and_the_alert_by_itself_is_not(
    tmp_path: Path, platform: str
) -> None:
    rules = {"declare": ("leads",), "cancel": ("leads",), "ignore": ("leads",)}
    async with town_with(tmp_path, (platform,), groups=(LEADS,), permissions=rules, **WATCHING) as town:
        side = town.sides[platform]
        await arrive(town, alert("Disk 1", severity="warning"))
        offer = offers(side)[0]
        declares = next(one for one in offer.buttons if one.startswith("Declare"))
        assert "only Leads may declare" in await side.taps(CLEO, declares, offer, room=HERE)
        assert "only Leads may let an alert be" in await side.taps(CLEO, "Ignore 2h", offer, room=HERE)
        await town.settle()
        assert ROOM not in side.rooms() and offers(side)[0].buttons == offer.buttons

        await arrive(town, alert())
        assert (await town.incident()).by_alert, "nobody's right is needed for that"
        told = await tell(town, side, CLEO, "alert-answer a2 mistaken")
        assert "only Leads may call the incident off" in told and (await town.incident()).open


async def heard(town: Town, words: str, *, platform: str = "slack", count: int = 0) -> Answer:
    """What the desk answers to Cleo's words."""
    cleo = Person(key="cleo", name=CLEO.name, handles={"slack": CLEO.slack_id})
    return await town.bot.desk.hear(
        Spoken(key=f"{words}/{platform}/{count}", platform=platform, actor=cleo, words=words)
    )


async def test_every_verb_is_held_to_its_right_and_to_no_other(tmp_path: Path) -> None:
    """Cleo types the example of every verb; all rights are Bo's."""
    rules = {right: ("bo",) for right in Right if right is not Right.OPEN}
    async with town_with(tmp_path, ("slack",), permissions=rules) as town:
        await declared(town, town.sides["slack"], by=BO)
        refused = set()
        for count, verb in enumerate(VERBS):
            words = verb.example.removeprefix("/incident ")
            await town.settle()
            before = (await town.incident()).revision
            said = str((await heard(town, words if words[0] == "#" else f"#1 {words}", count=count)).card)
            held = "Nothing was done: only Bo Lindqvist may" in said
            assert not (held and verb.right is Right.OPEN), verb.words[0]
            assert verb.right is Right.OPEN or (await town.incident()).revision == before, (verb.words[0], said)
            refused |= {verb.right} if held else set()
        assert refused == set(Right) - {Right.OPEN, Right.LOWER}
        assert await town.store.reader.incident(2) is None


async def test_the_operator_on_the_command_line_is_not_asked(tmp_path: Path) -> None:
    async with town_with(tmp_path, ("slack",), permissions={"close": ("bo",), "cancel": ("bo",)}) as town:
        await declared(town, town.sides["slack"])
        assert "Nothing was done" in str((await heard(town, "#1 cancel")).card)
        await heard(town, "#1 cancel", platform="cli")
        assert not (await town.incident()).open
