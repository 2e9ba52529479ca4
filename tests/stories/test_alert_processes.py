"""Alerts at the five organisations: what comes by webhook and in chat, and what their processes make of it."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.alertmanager.source import Alertmanager
from adapters.betterstack.source import BetterStack
from adapters.generic.source import Generic
from adapters.uptimerobot.source import UptimeRobot
from bot.alerts.alert import Alert, Posted
from bot.alerts.post import Colour, Part, Post
from bot.alerts.reading import read
from bot.alerts.source import Delivery, Source
from bot.alerts.tracked import Became
from bot.playbook.process import Stage
from tests.stories.test_muntin import standing
from tests.support.alerts import arrive, one
from tests.support.posts import slack_post
from tests.support.shipped import shipped
from tests.support.sources import ADAPTERS
from tests.support.story import card, posts, tell, town_with
from tests.support.town import ANA, BO, CLEO, DMITRI, ESHA, FRIDAY, Side, Town, sqlite

ALERTS = "alerts"
"""The channel in which the posts of these stories stand, whatever its organisation calls it."""
Change = Callable[[dict[str, Any]], object]


@asynccontextmanager
async def muntin(tmp_path: Path) -> AsyncIterator[tuple[Town, Side]]:
    """Muntin's founder on Slack, and the standing channel."""
    playbook = shipped("muntin", {"founder": DMITRI})
    async with Town(sqlite(tmp_path), platforms=("slack",), playbook=playbook) as town:
        await standing(town.sandbox)
        yield town, town.sides["slack"]


@asynccontextmanager
async def werkly(tmp_path: Path) -> AsyncIterator[tuple[Town, Side]]:
    """Werkly's people on Slack."""
    people = {"alice": ANA, "bob": BO, "carol": CLEO, "david": DMITRI, "cto": ESHA}
    async with Town(sqlite(tmp_path), platforms=("slack",), playbook=shipped("werkly", people)) as town:
        yield town, town.sides["slack"]


@asynccontextmanager
async def sartiq(tmp_path: Path) -> AsyncIterator[tuple[Town, Side]]:
    """Sartiq's operator on Discord; nobody asks its services how they are."""
    playbook = shipped("sartiq", {}, groups={"operators": (CLEO,)})
    playbook = playbook.model_copy(update={"checks": ()})
    async with Town(sqlite(tmp_path), platforms=("discord",), playbook=playbook) as town:
        yield town, town.sides["discord"]


def told(source: Source, sample: str, change: Change | None = None) -> list[Alert]:
    """What a sender's webhook tells: one of its recorded samples, with a change."""
    body = json.loads((ADAPTERS / source.name / "samples" / sample).read_text(encoding="utf-8"))
    if change is not None:
        change(body)
    return source.read(Delivery(body=json.dumps(body).encode(), headers={"content-type": "application/json"}))


def measured(title: str, **more: Any) -> list[Alert]:
    """An alert in the generic shape, which states figures."""
    body = {"title": title, "key": title, "status": "firing", "component": "api"} | more
    return Generic().read(Delivery(body=json.dumps(body).encode()))


async def posted(
    town: Town,
    side: Side,
    text: str,
    *,
    room: str = ALERTS,
    title: str = "",
    colour: Colour = Colour.NONE,
    **fields: str,
) -> None:
    """Another bot's post in a watched channel; it stands in the sandbox, so that it can be answered."""
    said = await side.writes(ESHA, text or title, room=ALERTS)
    known = town.sandbox.slack.channel_named(ALERTS).id if side.name == "slack" else None
    channel = known or str(town.sandbox.discord.channel_named(ALERTS)["id"])
    place = Posted(platform=side.name, channel=channel, room=room, message=f"{channel}:{said.ref}")
    parts = (Part(title=title, text=text, colour=colour, fields=fields),)
    post = Post(place=place, key=f"post:{said.ref}", author="watcher", at=town.clock.now(), parts=parts)
    assert await town.bot.desk.posted(post) == 1
    await town.settle()


def about(side: Side) -> list[str]:
    """What the bot says of alerts where they are posted."""
    return [each.text for each in posts(side, ALERTS)]


def booklets(side: Side, room: str) -> str:
    """The pinned runbooks."""
    return next(each.text for each in side.pinned(room) if "📖 Runbooks" in each.text)


# Muntin


async def test_a_monitor_of_muntin_offers_and_tells_what_customers_read_first(tmp_path: Path) -> None:
    def of_extract(body: dict[str, Any]) -> None:
        body["data"]["attributes"]["metadata"] = {"Service": [{"type": "String", "value": "extract"}]}

    async with muntin(tmp_path) as (town, side):
        await arrive(town, *told(BetterStack(), "started.json", of_extract))
        [offer] = posts(side, ALERTS)
        assert offer.buttons[:2] == ("Declare P1", "Declare P2")
        assert "https://status.muntin.digital, beginning “Checkout API: Status 500”" in offer.text
        sample = json.loads((ADAPTERS / "betterstack/samples/slack-started.json").read_text(encoding="utf-8"))
        await arrive(town, *read(slack_post(sample), [BetterStack()], town.playbook))
        assert len(await town.store.reader.alerts.latest()) == 1, "the post of the same alert is no other alert"
        await side.taps(ANA, "Declare P2", offer, room=ALERTS)
        await town.settle()
        incident = await town.incident()
        assert (incident.severity, incident.component) == ("P2", "extract")
        room = incident.channel_name
        assert "Extract service answers 502" in booklets(side, room)
        draft = await tell(town, side, ANA, "draft", room=room)
        first, second = (
            draft.index("Checkout API: Status 500"),
            draft.index("We are investigating a problem with extract"),
        )
        assert first < second
        assert "Checkout API" not in await tell(town, side, ANA, "draft identified", room=room)


async def test_an_audit_chain_that_does_not_verify_declares_a_p1(tmp_path: Path) -> None:
    async with muntin(tmp_path) as (town, side):
        await posted(town, side, "GET /v1/audit/verify of org 42 answered valid: false", title="Nightly audit check")
        incident = await town.incident()
        assert (incident.severity, incident.stage) == ("P1", Stage.INVESTIGATING)
        assert "chain-broken" in incident.progress.flags and "customer-notice" in incident.progress.deadlines
        assert "Audit chain does not verify" in booklets(side, incident.channel_name)
        assert any("Declared as #1" in text for text in about(side))


async def test_a_queue_above_a_hundred_for_five_minutes_is_a_p2(tmp_path: Path) -> None:
    async with muntin(tmp_path) as (town, side):
        full = measured("docling jobs wait", component="docling", severity="critical", measures={"queue depth": 140})
        await arrive(town, *full)
        assert "Declare P2" in posts(side, ALERTS)[0].buttons and await town.store.reader.numbers() == []
        await town.forward(minutes=4)
        assert await town.store.reader.numbers() == []
        await town.forward(minutes=1, seconds=1)
        incident = await town.incident()
        assert (incident.severity, incident.component) == ("P2", "docling")
        assert "Worker pool of docling" in booklets(side, incident.channel_name)
        assert len(about(side)) == 1 and "Declared as #1" in about(side)[0]


async def test_a_queue_that_drains_within_five_minutes_declares_nothing(tmp_path: Path) -> None:
    async with muntin(tmp_path) as (town, side):
        await arrive(town, *measured("docling jobs wait", measures={"queue depth": 140}))
        await town.forward(minutes=3)
        await arrive(town, *measured("docling jobs wait", status="resolved"))
        await town.forward(minutes=5)
        assert await town.store.reader.numbers() == [] and "Nobody took it up." in about(side)[0]


async def test_any_bot_of_muntins_alerts_channel_offers(tmp_path: Path) -> None:
    async with muntin(tmp_path) as (town, side):
        await posted(town, side, "Neon: too many connections", colour=Colour.RED)
        offer = posts(side, ALERTS)[-1]
        assert offer.buttons[:2] == ("Declare P1", "Declare P2")
        assert (await one(town, "Neon: too many connections")).became is Became.OFFERED


async def test_an_alert_starts_muntins_quiet_period_over_and_its_end_counts(tmp_path: Path) -> None:
    async with muntin(tmp_path) as (town, side):
        await posted(town, side, "valid: false for org 42", title="Nightly audit check failed")
        room = (await town.incident()).channel_name
        await tell(town, side, DMITRI, "status monitoring rows restored", room=room)
        for step in (1, 2, 3):
            await tell(town, side, DMITRI, f"tick recovery {step}", room=room)
        await posted(town, side, "valid: true", title="Nightly audit check OK", colour=Colour.GREEN)
        await tell(town, side, DMITRI, "resolve rows restored", room=room)
        await town.forward(minutes=10)
        await arrive(town, *told(BetterStack(), "started.json"))
        await tell(town, side, DMITRI, f"attach {(await one(town, 'Checkout API: Status 500')).name}", room=room)
        quiet = (await town.incident()).progress.quiet
        assert quiet is not None and quiet.broken == 1 and quiet.until == FRIDAY + timedelta(minutes=25)
        await town.forward(minutes=5)
        await arrive(town, *told(BetterStack(), "resolved.json"))
        await town.forward(seconds=31)  # the card, and with it the count, follow alerts at a bounded rate
        quiet = (await town.incident()).progress.quiet
        assert quiet is not None and quiet.until >= FRIDAY + timedelta(minutes=30), "it counts from the all-clear"
        await town.forward(minutes=14)
        assert (await town.incident()).stage is Stage.MONITORING
        await town.forward(minutes=2)
        assert (await town.incident()).stage is Stage.RESOLVED


# Werkly


@pytest.mark.parametrize(
    ("figure", "value", "severity", "declares"),
    [
        ("error rate", 1.5, "Sev3", False),
        ("error rate", 5, "Sev3", False),
        ("error rate", 5.1, "Sev2", True),
        ("response time", 5.5, "Sev3", False),
        ("response time", 10, "Sev3", False),
        ("response time", 12, "Sev2", True),
        ("downtime", 61, "Sev1", True),
    ],
)
async def test_werklys_thresholds_decide(
    tmp_path: Path, figure: str, value: float, severity: str, declares: bool
) -> None:
    async with werkly(tmp_path) as (town, side):
        await arrive(town, *measured("The API misbehaves", measures={figure: value}))
        if declares:
            incident = await town.incident()
            assert (incident.severity, incident.component) == (severity, "api") and about(side) == []
        else:
            [offer] = posts(side, ALERTS)
            assert offer.buttons[0] == f"Declare {severity.upper()}" and await town.store.reader.numbers() == []


async def test_what_is_down_for_more_than_a_minute_is_a_sev1_of_werkly(tmp_path: Path) -> None:
    async with werkly(tmp_path) as (town, side):
        await arrive(town, *told(UptimeRobot(), "down.json"))
        assert await town.store.reader.numbers() == []
        await town.forward(seconds=61)
        incident = await town.incident()
        assert incident.severity == "Sev1" and "Example Monitor" in incident.title
        await town.forward(minutes=4)
        await arrive(town, *told(UptimeRobot(), "up.json"))
        assert any("have cleared" in each.text for each in posts(side)) and (await town.incident()).open
        assert "1 cleared" in card(side).text


async def test_errors_that_pass_the_second_threshold_declare_after_all(tmp_path: Path) -> None:
    async with werkly(tmp_path) as (town, side):
        await arrive(town, *measured("Errors", measures={"error rate": 2}))
        await arrive(town, *measured("Errors", measures={"error rate": 9}))
        await arrive(town, *measured("Errors of chat", component="api", measures={"error rate": 7}))
        assert (await town.incident()).severity == "Sev2" and "Declared as #1" in about(side)[0]
        assert await town.store.reader.numbers() == [1], "errors of one component are one incident"


@pytest.mark.parametrize(
    ("breaks", "mends"),
    [
        ("Deployment failed: werkly-web (production)", "Deployment ready: werkly-web (production)"),
        ("Supabase: project werkly is unhealthy", "Supabase: project werkly is healthy again"),
    ],
)
async def test_posts_of_werklys_vendors_fire_and_clear(tmp_path: Path, breaks: str, mends: str) -> None:
    async with werkly(tmp_path) as (town, side):
        await posted(town, side, breaks)
        [offer] = posts(side, ALERTS)
        assert offer.buttons[:2] == ("Declare SEV2", "Declare SEV3") and offer.thread is not None
        await town.forward(minutes=3)
        await posted(town, side, mends)
        [offer] = posts(side, ALERTS)
        assert "It cleared at" in offer.text and await town.store.reader.numbers() == []


async def test_new_errors_start_werklys_quiet_period_over_and_their_end_counts(tmp_path: Path) -> None:
    async with werkly(tmp_path) as (town, side):
        await arrive(town, *measured("Errors", measures={"error rate": 9}))
        await arrive(town, *measured("Errors", status="resolved"))
        await town.forward(seconds=31)
        for words in ("set cause a leak", "tick restored 1", "tick restored 2", "resolve rolled back"):
            await tell(town, side, ANA, words)
        began = town.clock.now()
        await town.forward(minutes=10)
        await arrive(town, *measured("Slow answers", measures={"response time": 6}))
        slow = await one(town, "Slow answers")
        assert (slow.became, slow.incident) == (Became.ATTACHED, 1) and about(side) == []
        quiet = (await town.incident()).progress.quiet
        assert quiet is not None and (quiet.broken, quiet.until) == (1, began + timedelta(minutes=25))
        await town.forward(minutes=5)
        await arrive(town, *measured("Slow answers", status="resolved"))
        await town.forward(seconds=31)
        quiet = (await town.incident()).progress.quiet
        assert quiet is not None and quiet.until >= began + timedelta(minutes=30)
        await town.forward(minutes=14)
        assert (await town.incident()).open
        await town.forward(minutes=2)
        assert (await town.incident()).stage is Stage.RESOLVED


# Sartiq


async def test_errors_and_warnings_of_sartiq_offer_what_they_may_be(tmp_path: Path) -> None:
    async with sartiq(tmp_path) as (town, side):
        await posted(town, side, "DB unreachable", room="errors", Service="backend", Environment="production")
        await posted(town, side, "Export is slow", room="warnings", Service="webapp")
        errors, warnings = posts(side, ALERTS)
        assert errors.buttons[:3] == ("Declare S1", "Declare S2", "Attach…")
        assert warnings.buttons[:2] == ("Declare S3", "Attach…")
        await side.taps(ANA, "Declare S1", errors, room=ALERTS)
        await town.settle()
        incident = await town.incident()
        assert (incident.severity, incident.component) == ("S1", "backend")
        assert "[INCIDENT] S1 - DB unreachable" in posts(side, "ops")[-1].text
        await posted(town, side, "Too many clients", room="errors", Service="backend")
        await posted(town, side, "Renderer crashed", room="errors", Service="compute")
        assert (await one(town, "Too many clients")).incident == 1, "errors of one service join its incident"
        assert (await one(town, "Renderer crashed")).became is Became.OFFERED
        await town.forward(seconds=31)
        assert "2 firing" in card(side, incident.channel_name).text


# Those whose process asks for nothing in particular


async def test_what_always_holds_is_enough_for_dragonfly(tmp_path: Path) -> None:
    people = {"engineer": DMITRI, "tech-lead": CLEO, "ceo": ESHA}
    playbook = shipped("dragonfly", people, groups={"stakeholders": (BO,)})
    async with Town(sqlite(tmp_path), platforms=("discord",), playbook=playbook) as town:
        side = town.sides["discord"]
        await arrive(town, *measured("Intake queue stuck", component="intake", severity="critical"))
        incident = await town.incident()
        assert (incident.severity, incident.component) == ("SEV-1", "intake")
        assert "The queue is stuck" in booklets(side, incident.channel_name)


async def test_a_critical_alert_of_platform_declares_and_so_does_an_objective_that_burns(tmp_path: Path) -> None:
    playbook = shipped("platform", {"engineer": DMITRI}, groups={"owners": (CLEO,), "leadership": (ESHA,)})
    async with Town(sqlite(tmp_path), platforms=("slack",), playbook=playbook) as town:
        side = town.sides["slack"]
        await arrive(town, *told(Alertmanager(), "firing.json"))
        worst = await town.incident()
        assert worst.severity == "Sev0" and "Production is frozen" in card(side, worst.channel_name).text
        assert "runbooks.example.com/instance-down" in str(side.pinned(worst.channel_name)[1].raw)
        await arrive(town, *measured("Error budget of ingress burns", component="ingress", severity="critical"))
        assert ((await town.incident(2)).severity, (await town.incident(2)).component) == ("Sev1", "ingress")


async def test_what_waits_in_quiet_hours_says_so_under_its_post(tmp_path: Path, platform: str) -> None:
    quiet = {"from": "13:00", "until": "16:00", "holds": ["sev3", "sev4"]}
    rule = {"name": "posts", "match": {"channels": [ALERTS]}, "does": "offer", "severity": "sev3"}
    alerts = {"channels": {platform: [ALERTS]}, "quiet": quiet, "rules": [rule]}
    async with town_with(tmp_path, (platform,), alerts=alerts) as town:
        side = town.sides[platform]
        await posted(town, side, "Disk is filling")
        await posted(town, side, "Cache is cold")
        first, second = posts(side, ALERTS)
        assert "Quiet hours: nobody is asked now. If it still fires at" in first.text and not first.buttons
        await posted(town, side, "Cache is cold: resolved")
        await town.forward(hours=2, minutes=1)
        first, second = posts(side, ALERTS)
        assert "Is this an incident?" in first.text and "Declare SEV3" in first.buttons
        assert second.text.count("It cleared at") == 1 and not second.buttons
