"""Permission rules where they are easily passed by: a rotation in a rule, the freeze, mail, messages, two playbooks."""

from pathlib import Path
from typing import Any

from bot.people import Group
from tests.stories.test_alerts import HERE, WATCHING
from tests.stories.test_oncall import ROTATION
from tests.support.alerts import alert, arrive
from tests.support.process import process
from tests.support.story import ROOM, acquainted, card, declared, tell, town_with
from tests.support.town import ANA, BO, CLEO, ESHA, FINN, Town, sqlite

LEADS = Group(key="leads", name="Leads", members=("bo",))
PULL = "https://github.com/acme/shop/pull/7"


async def test_a_rotation_in_a_rule_is_whoever_is_on_call_now_or_stands_in(tmp_path: Path, platform: str) -> None:
    rules = {"close": ("primary",), "severity": ("primary",)}
    async with town_with(tmp_path, (platform,), rotations=[ROTATION], permissions=rules) as town:
        side = town.sides[platform]
        await declared(town, side)
        refused = await tell(town, side, ESHA, "severity sev2")
        assert "Nothing was done" in refused and "Finn" in refused, "she is on call from Monday on"
        assert "Severity is now sev2" in await tell(town, side, FINN, "severity sev2")
        await tell(town, side, BO, "cover primary 2h because Finn sleeps", room="general")
        assert "Severity is now sev3" in await tell(town, side, BO, "severity sev3")
        assert "Nothing was done" in await tell(town, side, FINN, "severity sev2"), "he does not stand in for himself"
        await town.forward(hours=2)
        assert "Severity is now sev2" in await tell(town, side, FINN, "severity sev2")


async def test_the_freeze_its_lifting_and_what_may_pass_are_one_right(tmp_path: Path, platform: str) -> None:
    playbook = process(groups=[LEADS], permissions={"freeze": ("leads",)}, escalations=[], people=acquainted().people)
    async with Town(sqlite(tmp_path), platforms=(platform,), playbook=playbook) as town:
        side = town.sides[platform]
        await declared(town, side)
        assert "frozen" in card(side).text, "what follows from a severity needs nobody's right"
        for words in (f"allow {PULL} because it mends it", "unfreeze because it is over", "freeze because I say so"):
            assert "only Leads may" in await tell(town, side, CLEO, words), words
        assert len(await town.store.reader.frozen(None)) == 1
        assert "may pass" in await tell(town, side, BO, f"allow {PULL} because it mends it")
        assert "only Leads may" in await tell(town, side, CLEO, f"disallow {PULL}")
        await tell(town, side, BO, "unfreeze because the rollback holds")
        assert await town.store.reader.frozen(None) == []


async def test_words_to_customers_by_mail_are_whose_they_are_on_the_page(tmp_path: Path, platform: str) -> None:
    changes: dict[str, Any] = {"mail": {"within": "1d", "subject": "Our outage", "to": ["customers@example.com"]}}
    async with town_with(
        tmp_path, (platform,), groups=(LEADS,), permissions={"publish": ("leads",)}, **changes
    ) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "resolve it was restarted")
        assert "Our outage" in await tell(town, side, CLEO, "mail"), "to look is everybody's"
        for words in ("mail skip because nobody noticed", "mail skip because of that"):
            assert "only Leads may" in await tell(town, side, CLEO, words), words
        assert "only Leads may" not in await tell(town, side, BO, "mail skip because nobody noticed")


async def test_an_alert_that_would_reopen_is_held_to_that_right(tmp_path: Path, platform: str) -> None:
    rules = {"reopen": ("leads",)}
    async with town_with(tmp_path, (platform,), groups=(LEADS,), permissions=rules, **WATCHING) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "resolve it was restarted")
        await arrive(town, alert("Disk 1", severity="warning"))
        assert "only Leads may reopen" in await tell(town, side, CLEO, "#1 attach a1 reopen", room=HERE)
        assert not (await town.incident()).open
        await tell(town, side, BO, "#1 attach a1 reopen", room=HERE)
        assert (await town.incident()).open


async def test_a_message_that_somebody_points_at_declares_only_for_who_may(tmp_path: Path, platform: str) -> None:
    async with town_with(tmp_path, (platform,), groups=(LEADS,), permissions={"declare": ("leads",)}) as town:
        side = town.sides[platform]
        said = await side.writes(CLEO, "search is slow for everybody", room="general")
        await side.from_message(CLEO, said, room="general")
        await town.settle()
        assert side.form(CLEO) is None and "only Leads may declare" in side.private(CLEO)[-1]
        await side.from_message(BO, said, room="general")
        await town.settle()
        assert side.form(BO) is not None
        assert ROOM not in side.rooms()


async def test_each_playbooks_rules_are_for_its_own_incidents(tmp_path: Path, platform: str) -> None:
    strict = acquainted(groups=(LEADS,), permissions={"declare": ("leads",), "close": ("leads",)})
    free = acquainted(name="free", title="Free")
    async with Town(sqlite(tmp_path), platforms=(platform,), playbook=strict, beside=(free,)) as town:
        side = town.sides[platform]
        assert "only Leads may declare" in await declared(town, side, "sev1 checkout is down", by=CLEO)
        await declared(town, side, "free sev1 checkout is down", by=CLEO)
        assert (await town.incident()).playbook == "free"
        await tell(town, side, CLEO, "resolve it was restarted")
        assert "only Leads" not in await tell(town, side, CLEO, "close")
        await declared(town, side, "sev1 search is down", by=BO)
        assert "only Leads may close" in await tell(town, side, CLEO, "#2 close")
        assert (await town.incident(2)).open


async def test_setting_rules_aside_is_offered_only_where_there_are_some(tmp_path: Path, platform: str) -> None:
    for rules, offered in (({}, False), ({"anyway": ("leads",)}, False), ({"close": ("leads",)}, True)):
        folder = tmp_path / str(len(str(rules)))
        folder.mkdir()
        async with town_with(folder, (platform,), groups=(LEADS,), permissions=rules) as town:
            side = town.sides[platform]
            await declared(town, side)
            told = (await tell(town, side, ANA, "help")).replace("[anyway because …]", "")
            assert ("anyway because …" in told) is offered
