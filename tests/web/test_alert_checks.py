"""What the doctor says about alerts, and what the settings mean."""

from datetime import timedelta

import pytest

from adapters.memory import MemoryInbox
from adapters.web.accepting import FULL
from adapters.web.checks import examine
from adapters.web.secrets import Secrets
from adapters.web.settings import secrets
from bot.alerts.book import Strange
from bot.doctor import Finding, Health
from bot.errors import TryLater
from tests.support.town import FRIDAY
from tests.web.house import told

LONG = "0123456789abcdef0123456789abcdef"


async def found(secrets: Secrets, inbox: MemoryInbox | None = None) -> dict[str, Finding]:
    """What the doctor finds, by what was examined."""
    findings = await examine(secrets, inbox or MemoryInbox(), sources=("grafana", "alertmanager"), now=FRIDAY)
    return {finding.what: finding for finding in findings}


async def test_a_secret_is_missing_short_or_fine() -> None:
    none = (await found(Secrets()))["Webhook secret"]
    assert none.name == "alerts.no-secret" and "openssl" in none.mend
    short = (await found(Secrets("hunter2", own={"sentry": "abc"})))["Webhook secret"]
    assert (short.name, short.health) == ("alerts.secret-short", Health.WRONG) and "hunter2" not in short.says
    assert "WEBHOOK_SECRET and WEBHOOK_SECRET_SENTRY" in short.says
    fine = (await found(Secrets(LONG)))["Webhook secret"]
    assert (fine.health, "alertmanager, grafana" in fine.says, LONG in fine.says) == (Health.FINE, True, False)
    signed = (await found(Secrets(own={"pagerduty": LONG})))["Webhook secret"]
    assert signed.health is Health.FINE and "WEBHOOK_SECRET_PAGERDUTY" in signed.says


async def test_what_nobody_understood_lately_is_told_by_sender() -> None:
    inbox = MemoryInbox()
    assert (await found(Secrets(LONG), inbox))["Alerts not understood"].health is Health.FINE
    long_ago, lately = FRIDAY - timedelta(days=8), FRIDAY - timedelta(hours=2)
    told_of = [("grafana", long_ago), ("datadog", lately), ("sentry", lately), ("datadog", FRIDAY)]
    strange = [Strange(source, at, f"no {source} {place}", "x") for place, (source, at) in enumerate(told_of)]
    await inbox.set_aside(strange, keep=100)
    said = await found(Secrets(LONG), inbox)
    assert "Alerts from grafana" not in said
    datadog = said["Alerts from datadog"]
    assert datadog.says == "2 payloads not understood, the last at 2026-11-20 14:00 UTC: no datadog 3"
    assert datadog.name == "alerts.not-understood" and "adapters/datadog/README.md" in datadog.mend
    assert said["Alerts from sentry"].says.startswith("one payload")


@pytest.mark.parametrize(
    ("count", "health", "name"),
    [(3, Health.FINE, ""), (1500, Health.WORTH_A_LOOK, "alerts.waiting"), (FULL, Health.WRONG, "alerts.full")],
)
async def test_alerts_that_nobody_handles_are_named(count: int, health: Health, name: str) -> None:
    inbox = MemoryInbox()
    await inbox.accept([told("grafana", "disk")] * count, at=FRIDAY)
    one = (await found(Secrets(LONG), inbox))["Alerts waiting"]
    assert (one.health, one.name) == (health, name)


class Away(MemoryInbox):
    """An inbox whose database is away."""

    async def depth(self, *, most: int) -> int:
        """Nobody knows."""
        raise TryLater("connection refused")


async def test_a_database_that_is_away_is_said() -> None:
    one = (await found(Secrets(LONG), Away()))["Alerts waiting"]
    assert one.name == "alerts.unknown" and "connection refused" in one.says


def test_each_source_has_a_setting_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", f" {LONG} ")
    monkeypatch.setenv("WEBHOOK_SECRET_SENTRY", "theirs")
    monkeypatch.setenv("WEBHOOK_SECRET_GRAFANA", "")
    read = secrets(["sentry", "grafana", "pagerduty"])
    assert read.named == {"WEBHOOK_SECRET": LONG, "WEBHOOK_SECRET_SENTRY": "theirs"}
    assert [read.signing(name) for name in ("sentry", "grafana", "pagerduty")] == ["theirs", LONG, LONG]
    monkeypatch.delenv("WEBHOOK_SECRET")
    assert secrets(["grafana"]).signing("grafana") == "" and not secrets([]).set
