"""Figures: one number each, with where it was measured, what is promised, and what to make of it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum


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

    @property
    def kept(self) -> bool:
        """Whether what is promised is kept; figures without a promise promise nothing."""
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    def row(self) -> tuple[str, str, str, str, str]:
        """The figure as a row of the table."""
        limits = [f"{sign} {_number(at)}" for sign, at in (("≤", self.most), ("≥", self.least)) if at is not None]
        promised = " ".join(["✓" if self.kept else "✗", *limits]) if limits else ""
        return self.what, self.where, f"{_number(self.value)} {self.unit}".strip(), promised, self.note

    def data(self) -> dict[str, object]:
        """The figure for a script."""
        return asdict(self) | {"unit": str(self.unit), "kept": self.kept}


def _number(value: float) -> str:
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.3g}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share (0 to 1) of all values does not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def table(figures: Iterable[Figure]) -> str:
    """All figures, section by section."""
    lines: list[str] = []
    sections: dict[str, list[Figure]] = {}
    for figure in figures:
        sections.setdefault(figure.section, []).append(figure)
    for section, members in sections.items():
        rows = [member.row() for member in members]
        widths = [max(len(row[place]) for row in rows) for place in range(4)]
        lines += ["", section]
        lines += ["  " + "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]])
                  .rstrip() for row in rows]  # fmt: skip
    return "\n".join(lines)
