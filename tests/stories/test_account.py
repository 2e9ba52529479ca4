"""Accounts: who the bot takes somebody for, and two accounts that their owner makes one person."""

import re
from pathlib import Path

import pytest

from adapters.sandbox.people import SandboxPerson
from bot.people import Person
from tests.support.story import ROOM, acquainted, announcement, card, declared, default, last, tell
from tests.support.town import ANA, BO, CLEO, Side, Town, sqlite

CODE = re.compile(r"account ([2-9A-Z]{4}-[2-9A-Z]{4})")


@pytest.fixture(params=["from slack", "from discord"])
def order(request: pytest.FixtureRequest, both: Town) -> tuple[Side, Side]:
    """Where the code is asked for, and where it is typed."""
    slack, discord = both.sides["slack"], both.sides["discord"]
    return (slack, discord) if request.param == "from slack" else (discord, slack)


async def code_of(town: Town, side: Side, who: SandboxPerson = ANA) -> str:
    """Ask for a code."""
    told = await tell(town, side, who, "account", room="general")
    found = CODE.search(told)
    assert found is not None, told
    return found[1]


async def link(town: Town, asked: Side, typed: Side, who: SandboxPerson = ANA) -> str:
    """Ask for a code on one side and type it on the other; returns what the person is told there."""
    code = await code_of(town, asked, who)
    return await tell(town, typed, who, f"account {code}", room="general")


async def test_a_code_typed_on_the_other_platform_makes_one_person_of_two(both: Town, order: tuple[Side, Side]) -> None:
    here, there = order
    before = await tell(both, here, ANA, "whoami", room="general")
    assert "this account" in before and "nobody that I know of" in before

    told = await link(both, here, there)
    assert f"on {here.name.title()} now" in told and "account unlink" in told
    assert any("typed your code" in one and "account unlink" in one for one in here.private(ANA))
    for side in (here, there):
        after = await tell(both, side, ANA, "account", room="general")
        assert "this account" in after and "you, as" in after and "nobody" not in after and not CODE.search(after)

    await declared(both, there)
    for side in (here, there):
        assert side.sees(ANA, ROOM) and card(side).rings == {"Ana Reyes"}
    await both.forward(minutes=15)
    for side in (here, there):
        assert last(side).rings == {"Ana Reyes"}
    assert len((await both.incident()).responders) == 1


async def test_somebody_mentioned_on_one_platform_is_rung_on_the_other(both: Town, order: tuple[Side, Side]) -> None:
    here, there = order
    await link(both, here, there, BO)
    await declared(both, here)
    await tell(both, here, ANA, f"role comms {here.at(BO)}")
    for side in (here, there):
        assert side.sees(BO, ROOM) and last(side).rings == {"Bo Lindqvist"}


async def test_who_links_in_the_middle_of_an_incident_is_one_responder_with_one_role(
    both: Town, order: tuple[Side, Side]
) -> None:
    here, there = order
    await declared(both, here)
    await tell(both, here, ANA, f"role comms {here.at(ANA)}")
    await tell(both, there, ANA, "take scribe")
    assert len((await both.incident()).responders) == 2
    await tell(both, there, ANA, f"account {await code_of(both, here)}")

    incident = await both.incident()
    assert len(incident.responders) == 1 and len({holder.key for holder in incident.roles.values()}) == 1
    for side in (here, there):
        assert side.sees(ANA, ROOM)
        assert "You are Scribe already" in await tell(both, side, ANA, "take scribe")
    await both.forward(minutes=15)
    for side in (here, there):
        assert last(side).rings == {"Ana Reyes"}
    assert (await both.incident()).revision < 20


async def test_who_links_later_keeps_every_private_incident(both: Town, order: tuple[Side, Side]) -> None:
    here, there = order
    await declared(both, here, "private sev1 a key has leaked")
    await declared(both, there, "private sev1 a laptop is gone")
    for side, own, other in ((here, "a key", "a laptop"), (there, "a laptop", "a key")):
        told = await tell(both, side, ANA, "list", room="general")
        assert own in told and other not in told
    assert "no incident #1 that you can see" in await tell(both, there, ANA, "#1 status", room="general")

    await link(both, here, there)
    for side in (here, there):
        told = await tell(both, side, ANA, "list", room="general")
        assert "a key" in told and "a laptop" in told
        assert "a key" in await tell(both, side, ANA, "#1 status", room="general")
        assert "a laptop" in await tell(both, side, ANA, "#2 status", room="general")
        assert "None is open" in await tell(both, side, CLEO, "list", room="general")


async def test_unlinked_they_are_two_again_and_what_was_done_together_stays(
    both: Town, order: tuple[Side, Side]
) -> None:
    here, there = order
    await link(both, here, there)
    await declared(both, here, "private sev1 a key has leaked")
    assert "are unlinked" in await tell(both, there, ANA, "account unlink", room="general")
    assert "You linked no accounts" in await tell(both, here, ANA, "account unlink", room="general")

    for side in (here, there):
        assert "a key" in await tell(both, side, ANA, "#1 status", room="general")
    await declared(both, here, "sev1 checkout is down")
    name = (await both.incident(2)).channel_name
    assert here.sees(ANA, name) and announcement(there).rings == frozenset()
    assert card(there, name).rings == frozenset()


async def test_a_code_works_once_and_only_for_a_quarter_of_an_hour(both: Town, order: tuple[Side, Side]) -> None:
    here, there = order
    late = await code_of(both, here)
    await both.forward(minutes=15)
    assert "has run out" in await tell(both, there, ANA, f"account {late}", room="general")
    code = await code_of(both, here)
    assert "where your other account is" in await tell(both, here, BO, f"account {code}", room="general")
    assert "one person" in await tell(both, there, ANA, f"iam {code.lower().replace('-', ' ')}", room="general")
    assert "has run out" in await tell(both, there, BO, f"account {code}", room="general")
    assert "is no code" in await tell(both, there, BO, "accounts are locked", room="general")


async def test_after_five_wrong_codes_not_even_the_right_one_is_looked_at(both: Town) -> None:
    slack, discord = both.sides["slack"], both.sides["discord"]
    for place in range(5):
        told = await tell(both, discord, ANA, f"account AAAA-AAA{place + 2}", room="general")
        assert "That code is not right" in told
    code = await code_of(both, slack)
    assert "too many wrong codes" in await tell(both, discord, ANA, f"account {code}", room="general")
    assert "one person" in await tell(both, discord, BO, f"account {await code_of(both, slack, BO)}", room="general")
    await both.forward(minutes=15)
    assert "one person" in await link(both, slack, discord)


async def test_whom_the_playbook_knows_stays_who_they_are(tmp_path: Path) -> None:
    ana = Person(key="ana", name="Ana of the playbook", handles={"slack": ANA.slack_id})
    cleo = Person(key="cleo", name="Cleo of the playbook", handles={"discord": CLEO.discord_id})
    bo = next(person for person in acquainted().people if person.key == BO.key)
    playbook = default().model_copy(update={"people": (ana, bo, cleo)})
    async with Town(sqlite(tmp_path), playbook=playbook) as town:
        slack, discord = town.sides["slack"], town.sides["discord"]
        assert "says the playbook" in await tell(town, slack, BO, "account", room="general")
        told = await tell(town, slack, ANA, f"account {await code_of(town, discord, CLEO)}", room="general")
        assert "The playbook knows Ana of the playbook here and Cleo of the playbook there" in told
        assert "one person" in await link(town, discord, slack)
        assert "Ana of the playbook" in await tell(town, discord, ANA, "account", room="general")
        await declared(town, discord)
        assert set((await town.incident()).responders) == {"ana"}
        assert slack.sees(ANA, ROOM) and discord.sees(ANA, ROOM)


async def test_an_account_is_linked_with_one_other_on_each_platform(both: Town) -> None:
    slack, discord = both.sides["slack"], both.sides["discord"]
    await link(both, slack, discord)
    told = await tell(both, discord, ANA, f"account {await code_of(both, slack, BO)}", room="general")
    assert "linked with another account on Slack already" in told
    told = await tell(both, slack, ANA, f"account {await code_of(both, discord, BO)}", room="general")
    assert "linked with another account on Discord already" in told


async def test_on_the_only_platform_there_is_nothing_to_link(town: Town, side: Side) -> None:
    told = await tell(town, side, ANA, "account", room="general")
    assert "this account" in told and not CODE.search(told)
