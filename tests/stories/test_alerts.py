"""Alerts: they declare, are offered, join, are ignored; they clear, fire again, and come in storms."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.alerts.tracked import Became
from bot.playbook.process import Stage
from tests.support.alerts import CLEARS, LATER, alert, arrive, one
from tests.support.seen import Seen
from tests.support.story import ANNOUNCED, ROOM, announcement, card, posts, tell, town_with
from tests.support.town import ANA, BO, FRIDAY, Side, Town

HERE = "general"
GRAPH = "https://grafana.example/d/42"
"""The watched channel of these stories."""


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town that watches a channel, and has people."""
    async with town_with(tmp_path, (platform,), **WATCHING) as made:
        yield made


WATCHING: dict[str, object] = {
    "alerts": {"channels": {"slack": [HERE], "discord": [HERE]}},
    "components": ["checkout", "search"],
}


def offers(side: Side) -> list[Seen]:
    """What the bot asks in the watched channel."""
    return posts(side, HERE)


async def numbers(town: Town) -> list[int]:
    """Every incident there is."""
    return await town.store.reader.numbers()


# They declare


async def test_an_alert_of_the_highest_severity_declares(town: Town, side: Side) -> None:
    began = FRIDAY - timedelta(minutes=4)
    await arrive(
        town,
        alert(
            "Checkout answers 500",
            component="Checkout",
            text="12 % of requests fail",
            link="https://prom.example/graph",
            runbook="https://wiki.example/checkout",
            started_at=began,
            labels={"severity": "critical", "team": "shop"},
        ),
    )
    incident = await town.incident()
    assert (incident.title, incident.severity, incident.component) == ("Checkout answers 500", "sev1", "checkout")
    assert incident.began_at == began and incident.declared_at == FRIDAY and incident.by_alert
    assert [link.label for link in incident.links] == ["Alertmanager", "runbook"]
    assert incident.roles == {} and "nobody yet" in card(side).text
    assert "1 firing" in card(side).text and "https://prom.example/graph" in str(card(side).raw)
    assert "Checkout answers 500" in announcement(side).text
    assert offers(side) == []
    told = [link.entry.text for link in await town.timeline()]
    assert any("from an alert of Alertmanager: 12 % of requests fail" in text for text in told)


async def test_the_same_alert_again_is_no_news(town: Town, side: Side) -> None:
    await arrive(town, alert())
    said = len(posts(side))
    for _ in range(3):
        await arrive(town, alert())
    assert await numbers(town) == [1] and len(posts(side)) == said
    await town.forward(seconds=31)
    assert "arrived 4 times" in card(side).text and len(posts(side)) == said


async def test_an_alert_that_its_own_clear_overtook_declares_nothing(town: Town, side: Side) -> None:
    await arrive(town, alert(state=CLEARS, told_at=FRIDAY - timedelta(minutes=1)))
    await arrive(town, alert(told_at=FRIDAY - timedelta(minutes=4)))
    assert await numbers(town) == [] and offers(side) == []
    await arrive(town, alert(told_at=FRIDAY))
    assert await numbers(town) == [1]


async def test_a_clear_is_noted_and_ends_nothing(town: Town, side: Side) -> None:
    await arrive(town, alert())
    await town.forward(minutes=6)
    await arrive(town, alert(state=CLEARS))
    incident = await town.incident()
    assert incident.stage is Stage.INVESTIGATING
    [clear] = [one for one in posts(side) if "have cleared" in one.text]
    assert "Alerts never end an incident" in clear.text and "Resolve" in clear.buttons
    assert "1 cleared" in card(side).text
    await town.forward(seconds=6)
    await arrive(town, alert())
    assert "one fires again" in next(one.text for one in posts(side) if "have cleared" in one.text)
    assert await numbers(town) == [1]


async def test_declared_by_mistake_is_one_tap_and_is_counted(town: Town, side: Side) -> None:
    await arrive(town, alert())
    await side.taps(ANA, "Declared by mistake", card(side), room=ROOM)
    await town.settle()
    incident = await town.incident()
    assert incident.stage is Stage.CANCELLED
    told = [link.entry.text for link in await town.timeline()]
    assert "Cancelled: declared by mistake, from the alert “InstanceDown”" in told
    assert (await one(town)).tally.cancelled == 1
    listed = await side.says(BO, "alerts")
    assert "InstanceDown" in listed and "declared 1×" in listed and "called off 1×" in listed


async def test_what_fires_again_after_its_incident_ended_is_asked_about_and_declares_nothing(
    town: Town, side: Side
) -> None:
    await arrive(town, alert())
    await tell(town, side, ANA, "cancel because a false alarm")
    await arrive(town, alert(state=CLEARS))
    await town.forward(minutes=5)
    await arrive(town, alert())
    assert await numbers(town) == [1]
    [offer] = offers(side)
    assert "It fires again. It was #1, which is cancelled." in offer.text
    await arrive(town, alert())
    assert await numbers(town) == [1] and len(offers(side)) == 1
    assert set(offer.buttons) >= {"Reopen #1", "Declare SEV1", "Attach…", "Ignore 2h"}
    await side.taps(BO, "Reopen #1", offer, room=HERE)
    await town.settle()
    assert (await town.incident()).open
    assert "Attached to #1" in offers(side)[0].text and "Join" in offers(side)[0].buttons


@pytest.mark.parametrize("was", ["ignored", "offered"])
async def test_what_fires_again_and_is_critical_now_declares_whatever_a_milder_one_was(
    tmp_path: Path, platform: str, was: str
) -> None:
    rule = {"name": "mild", "match": {"severities": ["warning"]}, "does": "ignore"}
    rules = {"rules": [rule] if was == "ignored" else [], "channels": {platform: [HERE]}}
    async with town_with(tmp_path, (platform,), **(WATCHING | {"alerts": rules})) as town:
        await arrive(town, alert(severity="warning"))
        assert (await one(town)).became.value == was
        await arrive(town, alert(severity="warning", state=CLEARS))
        await town.forward(minutes=5)
        await arrive(town, alert(severity="critical"))
        assert (await town.incident()).severity == "sev1"
        assert len(offers(town.sides[platform])) == (was == "offered")


async def test_what_fires_again_joins_the_open_incident_of_its_group(tmp_path: Path, platform: str) -> None:
    rule = {"name": "nodes", "match": {"words": ["node"]}, "does": "declare", "severity": "sev2", "together": ["zone"]}
    watching = WATCHING | {"alerts": {"channels": {platform: [HERE]}, "rules": [rule]}}
    async with town_with(tmp_path, (platform,), **watching) as town:
        side = town.sides[platform]
        first, second = (alert(f"Node {n} down", labels={"zone": "a"}) for n in (1, 2))
        await arrive(town, first)
        await tell(town, side, ANA, "cancel")
        await arrive(town, second, alert("Node 1 down", CLEARS, labels={"zone": "a"}))
        assert await numbers(town) == [1, 2]
        await town.forward(minutes=5)
        await arrive(town, first)
        again = await one(town, "Node 1 down")
        assert (again.became, again.incident) == (Became.JOINED, 2) and offers(side) == []


async def test_after_a_while_it_counts_as_a_new_alert(town: Town, side: Side) -> None:
    await arrive(town, alert())
    await tell(town, side, ANA, "cancel")
    await arrive(town, alert(state=CLEARS))
    await town.forward(minutes=LATER.total_seconds() / 60)
    await arrive(town, alert())
    assert await numbers(town) == [1, 2]
    assert (await one(town)).tally.declared == 2


# They are offered


async def test_a_milder_alert_is_offered_and_declared_with_a_tap(town: Town, side: Side) -> None:
    await arrive(town, alert("Search is slow", severity="warning", component="search", text="p95 is 4 s"))
    assert await numbers(town) == []
    [offer] = offers(side)
    assert "Is this an incident?" in offer.text and "p95 is 4 s" in offer.text
    assert list(offer.buttons)[:1] == ["Declare SEV3"]
    told = await side.taps(ANA, "Declare SEV3", offer, room=HERE)
    await town.settle()
    incident = await town.incident()
    assert (incident.severity, incident.component, incident.declared_by.name) == ("sev3", "search", ANA.name)
    assert not incident.by_alert and "#1" in told
    [offer] = offers(side)
    assert f"Declared as #1 by {ANA.name}" in offer.text and set(offer.buttons) == {"Join"}
    assert "taken up already" in await side.says(BO, "alert-answer a1 declare sev3")
    await town.settle()
    assert await numbers(town) == [1]


async def test_an_offer_is_ignored_for_a_while(town: Town, side: Side) -> None:
    await arrive(town, alert(severity="warning"))
    await side.taps(BO, "Ignore 2h", offers(side)[0], room=HERE)
    await town.settle()
    [offer] = offers(side)
    assert f"Ignored by {BO.name} until" in offer.text
    await arrive(town, alert(severity="warning", state=CLEARS))
    await town.forward(minutes=60)
    await arrive(town, alert(severity="warning"))
    assert len(offers(side)) == 1 and await numbers(town) == []
    await arrive(town, alert(severity="warning", state=CLEARS))
    await town.forward(minutes=90)
    await arrive(town, alert(severity="warning"))
    assert len(offers(side)) == 2


async def test_who_ignores_the_offer_that_stands_for_many_ignores_them_all(town: Town, side: Side) -> None:
    await arrive(town, *(alert(f"Node {count} is slow", severity="warning") for count in range(12)))
    known = await town.store.reader.alerts.latest(limit=20)
    leader = next(each for each in known if each.followers)
    await tell(town, side, BO, f"ignore {leader.name} for 2h", room=HERE)
    of_it = [each for each in await town.store.reader.alerts.latest(limit=20) if each.muted_until is not None]
    assert len(of_it) == 1 + leader.followers > 1
    assert {(each.became, each.behind, each.followers) for each in of_it} == {(Became.IGNORED, None, 0)}


async def test_to_ignore_an_alert_of_an_incident_leaves_its_answer_as_it_is(town: Town, side: Side) -> None:
    await arrive(town, alert(severity="warning"))
    await side.taps(BO, "Declare SEV3", offers(side)[0], room=HERE)
    await town.settle()
    assert "Declared as #1" in offers(side)[0].text
    assert "It stays with #1" in await tell(town, side, BO, "ignore a1 for 2h", room=HERE)
    assert "Declared as #1" in offers(side)[0].text


async def test_an_offer_that_cleared_says_so(town: Town, side: Side) -> None:
    await arrive(town, alert(severity="warning"))
    await town.forward(minutes=2)
    await arrive(town, alert(severity="warning", state=CLEARS))
    [offer] = offers(side)
    assert "Nobody took it up." in offer.text and "It cleared at" in offer.text


async def test_one_that_becomes_critical_declares_after_all(town: Town, side: Side) -> None:
    await arrive(town, alert(severity="warning"))
    await arrive(town, alert(severity="critical"))
    assert (await town.incident()).severity == "sev1"
    assert "Declared as #1" in offers(side)[0].text


async def test_one_that_gets_worse_in_an_open_incident_is_told_once(town: Town, side: Side) -> None:
    await arrive(town, alert("Slow", severity="warning"))
    await side.taps(ANA, "Declare SEV3", offers(side)[0], room=HERE)
    await town.settle()
    for severity in ("error", "critical", "warning", "critical"):
        await arrive(town, alert("Slow", severity=severity))
    [worse] = [each for each in posts(side) if "got worse" in each.text]
    assert "“Slow” is now critical. An alert of this kind declares SEV1; this incident is SEV3." in worse.text
    await side.taps(BO, "Make it SEV1", worse, room=ROOM)
    await town.settle()
    assert (await town.incident()).severity == "sev1" and await numbers(town) == [1]


async def test_an_alert_is_attached_to_an_open_incident(town: Town, side: Side) -> None:
    await side.says(ANA, "sev2 search is down")
    await arrive(town, alert("Search is slow", severity="warning"))
    asked = await side.taps(BO, "Attach…", offers(side)[0], room=HERE)
    assert "To which incident?" in asked
    await tell(town, side, BO, "attach a1")
    assert (await one(town, "Search is slow")).became is Became.ATTACHED
    assert "Search is slow" in card(side).text and "1 firing" in card(side).text
    assert "Attached to #1" in offers(side)[0].text


async def test_no_rule_attaches_an_alert_to_a_private_incident_or_to_a_drill(tmp_path: Path, platform: str) -> None:
    rule = {"name": "same", "match": {"words": ["slow"]}, "does": "attach"}
    watching = WATCHING | {"alerts": {"channels": {platform: [HERE]}, "rules": [rule]}}
    async with town_with(tmp_path, (platform,), **watching) as town:
        side = town.sides[platform]
        for number, words in enumerate(
            ("sev2 it answers late", "private sev2 a leak", "drill sev2 it is gone"), start=1
        ):
            await side.says(ANA, words)
            await town.settle()
            await tell(town, side, ANA, f"#{number} component search", room=HERE)
        assert (await town.incident(3)).component == "search"
        await arrive(town, alert("Slow", component="search"))
        assert (await one(town, "Slow")).incident == 1
        await tell(town, side, ANA, "#1 resolve a restart", room=HERE)
        await arrive(town, alert("Slow too", component="search", severity="warning"))
        slow = await one(town, "Slow too")
        assert (slow.became, slow.incident) == (Became.OFFERED, None)


async def test_no_rule_takes_an_alert_from_where_somebody_put_it(tmp_path: Path, platform: str) -> None:
    rule = {"name": "same", "match": {"words": ["slow"]}, "does": "attach"}
    watching = WATCHING | {"alerts": {"channels": {platform: [HERE]}, "rules": [rule]}}
    async with town_with(tmp_path, (platform,), **watching) as town:
        side = town.sides[platform]
        slow = alert("Slow", component="search", severity="warning")
        await tell(town, side, ANA, "sev2 it answers late", room=HERE)
        await arrive(town, slow)
        await tell(town, side, ANA, "#1 attach a1", room=HERE)
        await tell(town, side, ANA, "#1 resolve a restart", room=HERE)
        await tell(town, side, ANA, "sev2 the index is broken", room=HERE)
        await tell(town, side, ANA, "#2 component search", room=HERE)
        await arrive(town, slow, alert("Slow too", component="search", severity="warning"))
        assert (await one(town, "Slow")).incident == 1 and (await one(town, "Slow too")).incident == 2


async def test_an_address_names_an_alert_and_an_unknown_one_is_kept_and_said_to_be_unknown(
    town: Town, side: Side
) -> None:
    await side.says(ANA, "sev2 search is down")
    await arrive(town, alert("Search is slow", severity="warning", link=GRAPH))
    told = await tell(town, side, BO, "attach https://example.com/other and words")
    assert "I know no alert with this address, so #1 keeps it as a link" in told
    assert [link.url for link in (await town.incident()).links] == ["https://example.com/other"], "no words in it"
    assert (await one(town, "Search is slow")).became is not Became.ATTACHED
    await tell(town, side, BO, f"attach {GRAPH}")
    assert (await one(town, "Search is slow")).became is Became.ATTACHED


# Storms and groups


async def test_a_storm_makes_a_handful_of_incidents_and_the_rest_join_the_newest(town: Town, side: Side) -> None:
    await arrive(town, *(alert(f"Node {count} down") for count in range(30)))
    assert await numbers(town) == [1, 2, 3, 4, 5]
    joined = [each for each in await town.store.reader.alerts.latest(limit=50) if each.became is Became.JOINED]
    assert len(joined) == 25 and {each.incident for each in joined} == {5}
    await town.forward(seconds=31)
    assert "26 firing" in card(side, f"{ROOM}-5").text
    assert len(posts(side, f"{ROOM}-5")) <= 5


async def test_of_many_incidents_whose_alerts_keep_coming_each_has_its_turn_on_its_card(town: Town, side: Side) -> None:
    titles = [f"Node {count} down" for count in range(5)]
    await arrive(town, *map(alert, titles))
    await town.forward(seconds=31)
    await arrive(town, *map(alert, titles[:4]))
    assert all("arrived 2 times" in card(side, room).text for room in (ROOM, *(f"{ROOM}-{n}" for n in (2, 3, 4))))
    await arrive(town, *map(alert, titles))
    assert "arrived 2 times" in card(side, ROOM).text and "arrived 2 times" in card(side, f"{ROOM}-5").text
    await town.forward(seconds=31)
    assert "arrived 3 times" in card(side, f"{ROOM}-4").text


async def test_an_alert_that_only_comes_again_leaves_its_incident_alone(town: Town) -> None:
    await arrive(town, alert())
    before = (await town.incident()).revision
    await arrive(town, *[alert() for _ in range(40)])
    assert (await town.incident()).revision == before
    assert (await one(town)).tally.posted == 41


async def test_a_storm_of_offers_is_asked_about_once(town: Town, side: Side) -> None:
    await arrive(town, *(alert(f"Disk {count} is filling", severity="warning") for count in range(12)))
    assert len(offers(side)) == 5
    first = offers(side)[0]
    assert "7 more alerts came right after it: what you decide here holds for all." in first.text
    await side.taps(ANA, "Declare SEV3", first, room=HERE)
    await town.settle()
    assert await numbers(town) == [1] and "8 firing" in card(side).text


async def test_offers_of_long_ago_that_only_come_again_make_no_storm(town: Town, side: Side) -> None:
    old = [alert(f"Disk {count} is filling", severity="warning") for count in range(4)]
    await arrive(town, *old)
    await town.forward(minutes=60)
    await arrive(town, alert("Lately", severity="warning"))
    await arrive(town, *old, alert("New", severity="warning"))
    assert (await one(town, "New")).asks and len(offers(side)) == 6


async def test_a_group_is_one_incident(tmp_path: Path, platform: str) -> None:
    rule = {
        "name": "nodes", "match": {"words": ["node"]}, "does": "declare", "severity": "sev2", "together": ["cluster"],
    }  # fmt: skip
    watching = WATCHING | {"alerts": {"rules": [rule]}}
    async with town_with(tmp_path, (platform,), **watching) as town:
        await arrive(town, *(alert(f"Node {n} down", labels={"cluster": "a"}) for n in range(4)))
        await arrive(town, alert("Node 9 down", labels={"cluster": "b"}))
        assert await numbers(town) == [1, 2]
        await arrive(town, alert("Node 7 down", labels={"cluster": "a"}))
        assert (await one(town, "Node 7 down")).incident == 1


async def test_a_flapping_alert_is_called_so(town: Town, side: Side) -> None:
    await arrive(town, alert())
    for _ in range(2):
        await town.forward(minutes=2)
        await arrive(town, alert(state=CLEARS))
        await town.forward(minutes=2)
        await arrive(town, alert())
    assert "flapping: 4 changes in 30 min" in card(side).text
    assert len([one for one in posts(side) if "have cleared" in one.text]) == 1


async def test_what_never_cleared_is_said_at_the_end(town: Town, side: Side) -> None:
    await arrive(town, alert())
    await tell(town, side, ANA, "resolve now because it works")
    assert "Never saw a clear of “InstanceDown”." in posts(side)[-1].text
    assert "1 never seen to clear" in card(side).text


async def test_nothing_that_an_alert_says_acts(town: Town, side: Side) -> None:
    evil = "<!channel> @everyone <@U0ANA0001> *bold* [x](https://evil.example) {{ 7*7 }} \u202e" + "x" * 5000
    await arrive(town, alert(evil, text=evil))
    assert all(not one.rings for one in [*posts(side), *posts(side, ANNOUNCED)])
    incident = await town.incident()
    assert len(incident.title) == 200


# Quiet hours and thresholds


async def test_quiet_hours_hold_back_all_but_the_worst(tmp_path: Path, platform: str) -> None:
    quiet = {"from": "13:00", "until": "16:00", "holds": ["sev3", "sev4"]}
    watching = WATCHING | {"alerts": {"channels": {platform: [HERE]}, "quiet": quiet}}
    async with town_with(tmp_path, (platform,), **watching) as town:
        side = town.sides[platform]
        await arrive(town, alert("Slow", severity="warning"), alert("Gone", severity="warning"))
        await arrive(town, alert("Down"), alert("Odd", severity=""))
        assert await numbers(town) == [1]
        assert [offer.text for offer in offers(side) if "Odd" in offer.text] and len(offers(side)) == 1
        await arrive(town, alert("Gone", CLEARS, severity="warning"))
        await town.forward(hours=2, minutes=1)
        await town.settle()
        assert [True for offer in offers(side) if "Slow" in offer.text] == [True] and len(offers(side)) == 2


async def test_what_is_held_back_is_asked_about_once_however_often_it_comes(tmp_path: Path, platform: str) -> None:
    quiet = {"from": "13:00", "until": "16:00", "holds": ["sev3", "sev4"]}
    watching = WATCHING | {"alerts": {"channels": {platform: [HERE]}, "quiet": quiet}}
    async with town_with(tmp_path, (platform,), **watching) as town:
        side = town.sides[platform]
        again, worse = alert("Again", severity="warning"), alert("Worse", severity="warning")
        await arrive(town, alert("Slow", severity="warning"), again, worse)
        await arrive(town, alert("Slow", severity="warning"), alert("Again", CLEARS, severity="warning"))
        await arrive(town, again, alert("Worse", severity="error"))
        [offer] = offers(side)
        assert "Worse" in offer.text and next(iter(offer.buttons)) == "Declare SEV2"
        await town.forward(hours=2, minutes=1)
        await town.settle()
        assert len(offers(side)) == 3 and await numbers(town) == []


async def test_quiet_hours_keep_no_alert_from_the_open_incident_of_its_group(tmp_path: Path, platform: str) -> None:
    quiet = {"from": "14:30", "until": "16:00", "holds": ["sev2", "sev3"]}
    rule = {"name": "nodes", "match": {"words": ["node"]}, "does": "declare", "severity": "sev2", "together": ["zone"]}
    watching = WATCHING | {"alerts": {"channels": {platform: [HERE]}, "quiet": quiet, "rules": [rule]}}
    async with town_with(tmp_path, (platform,), **watching) as town:
        side = town.sides[platform]
        await arrive(town, alert("Node 1 down", labels={"zone": "a"}))
        await town.forward(minutes=40)
        await arrive(town, alert("Node 2 down", labels={"zone": "a"}), alert("Node 3 down", labels={"zone": "b"}))
        assert (await one(town, "Node 2 down")).incident == 1
        assert (await one(town, "Node 3 down")).became is Became.HELD
        assert await numbers(town) == [1] and offers(side) == []


async def test_what_would_declare_is_asked_about_after_quiet_hours(tmp_path: Path, platform: str) -> None:
    quiet = {"from": "13:00", "until": "16:00", "holds": ["sev3"]}
    rule = {"name": "slow", "match": {"words": ["slow"]}, "does": "declare", "severity": "sev3"}
    watching = WATCHING | {"alerts": {"channels": {platform: [HERE]}, "quiet": quiet, "rules": [rule]}}
    async with town_with(tmp_path, (platform,), **watching) as town:
        side = town.sides[platform]
        await arrive(town, alert("Slow"))
        assert await numbers(town) == [] and offers(side) == []
        await town.forward(hours=2, minutes=1)
        await arrive(town, alert("Slow"))
        assert await numbers(town) == [] and "Declare SEV3" in offers(side)[0].buttons


async def test_a_rule_waits_until_it_has_lasted(tmp_path: Path, platform: str) -> None:
    rule = {"name": "downtime", "match": {"measure": "downtime", "above": 60}, "does": "declare", "severity": "sev1"}
    watching = WATCHING | {"alerts": {"channels": {platform: [HERE]}, "rules": [rule]}}
    async with town_with(tmp_path, (platform,), **watching) as town:
        side = town.sides[platform]
        await arrive(town, alert("shop.example is down", severity=""))
        assert await numbers(town) == [] and len(offers(side)) == 1
        await town.forward(seconds=61)
        await town.settle()
        assert await numbers(town) == [1]
        assert "Declared as #1" in offers(side)[0].text


async def test_what_was_ignored_and_still_fires_is_asked_about_again(town: Town, side: Side) -> None:
    await arrive(town, alert(severity="warning"))
    await tell(town, side, BO, "ignore a1 for 30m", room=HERE)
    await town.forward(minutes=29)
    await arrive(town, alert(severity="warning"))
    assert len(offers(side)) == 1
    await town.forward(minutes=2)
    assert len(offers(side)) == 2 and "Is this an incident?" in offers(side)[-1].text


async def test_each_alert_that_fires_anew_the_next_day_is_asked_about_anew(town: Town, side: Side) -> None:
    await arrive(town, alert(severity="warning"))
    await arrive(town, alert(severity="warning", state=CLEARS))
    await town.forward(hours=20)
    await arrive(town, alert(severity="warning"))
    assert len(offers(side)) == 2


# Runbooks


async def test_the_runbook_that_an_alert_names_stands_first(tmp_path: Path, platform: str) -> None:
    books = [
        {"title": "Databases", "labels": {"team": "data*"}, "text": "Ask the data team."},
        {"title": "Checkout", "url": "https://wiki.example/checkout"},
    ]
    async with town_with(tmp_path, (platform,), **(WATCHING | {"runbooks": books})) as town:
        side = town.sides[platform]
        await arrive(town, alert("One", runbook="https://run.example/one", labels={"team": "database"}))
        await arrive(town, alert("Two", runbook="https://wiki.example/checkout"), alert("Three"))
        first, second, third = (books_in(side, room) for room in (ROOM, f"{ROOM}-2", f"{ROOM}-3"))
        own, labelled = first.text.index("Runbook that the alert names"), first.text.index("Databases")
        assert own < labelled and "https://run.example/one" in str(first.raw)
        if side.name == "slack":
            kept = {each["title"]: each.get("link") for each in town.sandbox.slack.channel_named(ROOM).bookmarks}
            assert kept["Runbook that the alert names"] == "https://run.example/one"
        assert "the alert names" not in second.text and "Databases" not in second.text
        assert "wiki.example/checkout" in str(second.raw) and "Checkout" in third.text


async def test_an_alert_brings_its_runbook_to_an_incident_of_people(town: Town, side: Side) -> None:
    await tell(town, side, ANA, "sev2 search is down", room=HERE)
    await arrive(town, alert("Search is slow", severity="warning", runbook="https://run.example/search"))
    await tell(town, side, BO, "attach a1")
    assert "https://run.example/search" in str(books_in(side, ROOM).raw)


async def test_a_runbook_is_found_by_what_the_alert_of_an_incident_says(tmp_path: Path, platform: str) -> None:
    books = [{"title": "Indexes", "words": ["seq scan"], "text": "Rebuild it."}]
    async with town_with(tmp_path, (platform,), **(WATCHING | {"runbooks": books})) as town:
        side = town.sides[platform]
        await arrive(town, alert("One", text="Seq scan on orders takes 4 s"))
        assert "Indexes" in books_in(side, ROOM).text
        await tell(town, side, ANA, "sev2 search is down", room=HERE)
        await arrive(town, alert("Two", severity="warning", text="Seq scan on items takes 9 s"))
        await tell(town, side, BO, "attach a2", room=f"{ROOM}-2")
        assert "Indexes" in books_in(side, f"{ROOM}-2").text


def books_in(side: Side, room: str) -> Seen:
    """The pinned runbooks."""
    return next(one for one in side.pinned(room) if "📖 Runbooks" in one.text)


@pytest.mark.parametrize("title", ["\u202e\u200b", "", " \n", "\u0301"])
async def test_an_alert_without_a_readable_title_is_named_after_its_sender(town: Town, side: Side, title: str) -> None:
    await arrive(town, alert(title), alert(title, severity="warning", key="alertmanager:another"))
    assert (await town.incident()).title == "Alert of Alertmanager"
    assert "Alert of Alertmanager" in offers(side)[0].text
    assert (await tell(town, side, ANA, "alerts", room=HERE)).count("Alert of Alertmanager (") == 2


async def test_hidden_characters_of_an_alert_are_shown_nowhere_and_hide_no_word(town: Town, side: Side) -> None:
    title = "Disk\u200b \u202efull\n- 14:00 Ana: resolved\u2066 \u202e"
    await arrive(town, alert(title, severity="warning", text=title, component=title, labels={"a\u202e": title}))
    assert "Disk full - 14:00 Ana: resolved" in offers(side)[0].text
    await tell(town, side, ANA, "alert-answer a1 declare sev3", room=HERE)
    found = await town.store.reader.alerts.find("disk full")
    told = [link.entry.text for link in await town.timeline()]
    shown = [each.text for each in (*offers(side), *posts(side))]
    everything = "".join((*shown, *told, found[0].alert.model_dump_json(exclude={"key"})))
    assert not set("\u202e\u2066") & set(everything) and "Disk\u200b" not in everything
