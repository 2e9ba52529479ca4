"""Figures: one number each, with where it was measured, what is promised, and what a bare program does of the same."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

CROWDED = 5.0
"""Per cent of the time without a core from which a time says more about the machine than about the bot."""
PLATFORMS = ("Slack", "Discord")


class Unit(StrEnum):
    """What a figure counts."""

    MILLISECONDS = "ms"
    SECONDS = "s"
    MEGABYTES = "MB"
    TIMES = "×"
    PERCENT = "% of a core"
    OF_THE_TIME = "% of the time"
    PERCENT_OF = "%"
    ROUND_TRIPS = "round trips"
    CALLS = "calls"
    POSTS = "posts"
    STATEMENTS = "statements"
    A_SECOND = "a second"
    COUNT = ""

    @property
    def timed(self) -> bool:
        """Whether a busy machine changes it; counts and bytes hold anywhere."""
        return self in TIMED


TIMED = (Unit.MILLISECONDS, Unit.SECONDS, Unit.TIMES, Unit.PERCENT, Unit.PERCENT_OF, Unit.A_SECOND)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number."""

    section: str
    what: str
    where: str
    """Platform and database, as far as they matter."""
    value: float
    unit: Unit = Unit.COUNT
    most: float | None = None
    """What is promised: not more than this."""
    note: str = ""
    least: float | None = None
    """What is promised: not less than this."""
    baseline: float | None = None
    """The same number of a bare program that was measured in the same run, in the same unit."""
    bare: str = ""
    """What that program is."""
    main: bool = False
    """Whether it stands in the table at the end."""
    starved: float | None = None
    """Per cent of the time in which the process that was measured could have run and others had the cores."""

    @property
    def kept(self) -> bool:
        """Whether what is promised is kept; figures without a promise promise nothing."""
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    @property
    def crowded(self) -> bool:
        """Whether it is a time (or made of times) that others on the machine had a hand in."""
        return self.unit.timed and self.starved is not None and self.starved > CROWDED

    @property
    def broken(self) -> bool:
        """Whether a promise is broken, and not only by whoever else was using the machine."""
        return not self.kept and not self.crowded

    @property
    def platform(self) -> str:
        """``Slack``, ``Discord``, or empty where it makes no difference."""
        return next((part for part in self.where.split(", ") if part in PLATFORMS), "")

    @property
    def condition(self) -> str:
        """Where else it was measured: database and variant."""
        return ", ".join(part for part in self.where.split(", ") if part and part not in PLATFORMS)

    @property
    def ratio(self) -> float | None:
        """The figure against its baseline."""
        return self.value / self.baseline if self.baseline else None

    def shown(self) -> str:
        """The number with its unit; ``~`` marks times on a crowded machine, ``✗`` a promise that is not kept."""
        marks = f"{'~' if self.crowded else ''}{'' if self.kept else '✗ '}"
        return f"{marks}{number(self.value)} {self.unit}".strip()

    def promised(self) -> str:
        """The limits, such as ``≤ 50``."""
        limits = (("≤", self.most), ("≥", self.least))
        return " ".join(f"{sign} {number(at)}" for sign, at in limits if at is not None)

    def row(self) -> tuple[str, str, str, str, str]:
        """The figure as a row of its section."""
        limits = self.promised()
        sign = ("✓" if self.kept else "✗ (crowded)" if self.crowded else "✗") if limits else ""
        beside = f"{number(self.ratio)}× {self.bare} ({number(self.baseline or 0)})" if self.ratio is not None else ""
        note = "; ".join(part for part in (beside, self.note) if part)
        return self.what, self.where, f"{number(self.value)} {self.unit}".strip(), f"{sign} {limits}".strip(), note

    def data(self) -> dict[str, object]:
        """The figure for a script."""
        more = {"unit": str(self.unit), "kept": self.kept, "crowded": self.crowded, "ratio": self.ratio}
        return asdict(self) | more | {"platform": self.platform, "condition": self.condition}


def number(value: float) -> str:
    """Three digits, more where it is large."""
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share (0 to 1) of all values does not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def queued(pid: int | str = "self") -> float:
    """Seconds in which a process's main thread waited for a core, as Linux counts them; 0 where nobody counts."""
    told = Path(f"/proc/{pid}/schedstat")
    return int(told.read_text().split()[1]) / 1e9 if told.exists() else 0.0


@dataclass(slots=True)
class Waiting:
    """How long this process itself has waited for a core."""

    began: float = field(default_factory=time.monotonic)
    before: float = field(default_factory=queued)

    def share(self) -> float:
        """Per cent of the time since it began."""
        return 100 * (queued() - self.before) / max(0.001, time.monotonic() - self.began)
