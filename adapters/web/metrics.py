"""Prometheus metrics: what the operators of the bot want to see and be woken by."""

import platform as machine
from collections.abc import Mapping
from enum import StrEnum
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest

from bot.ledger import Backlog

LATENESS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300)
"""Buckets of the reminders' lateness, in seconds; the promise is 1."""
TAKES = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 30)
"""Buckets of the platforms' answer times, in seconds; a health check may take 30."""

ANSWERS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10)
"""Buckets of how long people wait for an answer, in seconds; both platforms give up after 3."""


class Arrival(StrEnum):
    """What became of what a sender of alerts sent."""

    ACCEPTED = "accepted"
    """Counted by alert; everything else by request."""
    REFUSED = "refused"
    """No secret or a wrong one, an unknown sender, too large, too slow."""
    NOT_UNDERSTOOD = "not understood"
    FULL = "full"
    """The inbox was full."""
    UNSAVED = "unsaved"
    """The database did not answer."""


class Metrics:
    """Counts on a registry of its own, so that two bots in one process do not share figures."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        built = Info("tocsin_build", "The version of Tocsin that runs, and of Python", registry=self.registry)
        built.info({"version": version("tocsin"), "python": machine.python_version()})
        self._ready = Gauge("tocsin_ready", "1 while /readyz answers 200", registry=self.registry)
        self._unready = Gauge("tocsin_unready", "1 for each part that keeps it from being ready", ["part"],
            registry=self.registry,
        )  # fmt: skip
        self._remark = Gauge(
            "tocsin_remark", "1 for what is not as it should be though the bot works", ["about"],
            registry=self.registry,
        )  # fmt: skip
        self._answers = Gauge(
            "tocsin_database_answers", "1 while the database answers; without it counts of what it holds are missing",
            registry=self.registry,
        )  # fmt: skip
        self._asked = Gauge(
            "tocsin_database_seconds", "How long the database took to answer just now", registry=self.registry
        )
        self._commands = Histogram(
            "tocsin_command_seconds",
            "Commands and forms: from hearing one until it is saved and may be acknowledged",
            ["platform", "result"],
            buckets=ANSWERS,
            registry=self.registry,
        )
        self._incidents = Gauge(
            "tocsin_incidents", "Incidents by severity and status", ["severity", "status"], registry=self.registry
        )
        self._calls = Counter(
            "tocsin_platform_calls", "Effects attempted on a platform", ["platform", "method", "result"],
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "tocsin_platform_call_seconds", "How long a platform took", ["platform"], buckets=TAKES,
            registry=self.registry,
        )  # fmt: skip
        self._waits = Counter(
            "tocsin_rate_limit_wait_seconds", "Time a platform asked us to wait", ["platform", "method"],
            registry=self.registry,
        )  # fmt: skip
        self._rang = Histogram(
            "tocsin_timer_lateness_seconds",
            "Timed rules (remind: reminders sent): how long after their due time they acted",
            ["rule"],
            buckets=LATENESS,
            registry=self.registry,
        )
        self._depth = Gauge("tocsin_outbox_depth", "Effects owed and not done", ["platform"], registry=self.registry)
        self._age = Gauge(
            "tocsin_outbox_age_seconds", "Age of the oldest effect owed and not done", ["platform"],
            registry=self.registry,
        )  # fmt: skip
        self._alerts = Counter(
            "tocsin_alerts", "Alerts that came by webhook, by sender and what became of them", ["source", "result"],
            registry=self.registry,
        )  # fmt: skip
        self._inbox = Gauge("tocsin_alert_inbox_depth", "Alerts accepted and not handled yet", registry=self.registry)

        self._silent = Gauge(
            "tocsin_clock_last_ring_seconds",
            "Time since this process's clock last rang through",
            registry=self.registry,
        )
        self._clock = Gauge(
            "tocsin_clock_stuck", "1 while the clock does not ring, or what is due is not done", registry=self.registry
        )
        self._stuck = Gauge(
            "tocsin_outbox_stuck", "1 while what is owed to a platform waits and none of it is done", ["platform"],
            registry=self.registry,
        )  # fmt: skip

    def alerts(self, source: str, arrival: Arrival, count: int = 1) -> None:
        """So many alerts, or requests, of a sender's came to this."""
        self._alerts.labels(source, arrival.value).inc(count)

    def waiting(self, depth: int) -> None:
        """So many alerts are accepted and not handled yet."""
        self._inbox.set(depth)

    def delivered(self, platform: str, kind: str, result: str, *, seconds: float) -> None:
        """One attempt at an effect."""
        self._calls.labels(platform, kind, result).inc()
        self._seconds.labels(platform).observe(seconds)

    def limited(self, platform: str, kind: str, *, seconds: float) -> None:
        """The platform asked us to wait."""
        self._waits.labels(platform, kind).inc(seconds)

    def rang(self, rule: str, *, late: float) -> None:
        """A timed rule acted."""
        self._rang.labels(rule).observe(max(0.0, late))

    def commanded(self, platform: str, result: str, *, seconds: float) -> None:
        """Somebody's command or form has its answer."""
        self._commands.labels(platform, result).observe(seconds)

    def database(self, seconds: float | None) -> None:
        """It took so long to answer; ``None``: it does not."""
        self._answers.set(seconds is not None)
        self._asked.set(seconds if seconds is not None else float("nan"))

    def state(self, wrong: Mapping[str, str], remarks: Mapping[str, str]) -> None:
        """What the bot says of itself, by part; the words stay in ``/readyz`` and the log."""
        self._ready.set(not wrong)
        for gauge, parts in ((self._unready, wrong), (self._remark, remarks)):
            gauge.clear()
            for part in parts:
                gauge.labels(part).set(1)

    def watched(self, *, silent: float, clock: bool, outboxes: Mapping[str, bool]) -> None:
        """What the watch saw; see :class:`bot.ports.Meter`."""
        self._silent.set(silent)
        self._clock.set(clock)
        for platform, stuck in outboxes.items():
            self._stuck.labels(platform).set(stuck)

    def page(self, counts: list[tuple[str, str, int]], backlog: list[Backlog], *, now: float) -> bytes:
        """The text that Prometheus reads; ``now`` is seconds since the epoch on the ledger's clock."""
        self._incidents.clear()
        for severity, status, count in counts:
            self._incidents.labels(severity, status).set(count)
        self._depth.clear()
        self._age.clear()
        for one in backlog:
            self._depth.labels(one.platform).set(one.depth)
            self._age.labels(one.platform).set(max(0.0, now - one.oldest.timestamp()) if one.oldest else 0.0)
        return generate_latest(self.registry)
