"""Tables: all figures section by section, and the chief ones side by side for Slack and Discord."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from tests.bench.figures import PLATFORMS, Figure, number

K = TypeVar("K")
V = TypeVar("V")
HEAD = ("figure", *PLATFORMS, "either", "promised", "bare", "ratio")
"""*either*: it makes no difference which platform; *bare*: the baseline of the same run."""


def table(figures: Iterable[Figure]) -> str:
    """All figures, section by section."""
    lines: list[str] = []
    for section, members in _grouped((one.section, one) for one in figures).items():
        rows = [member.row() for member in members]
        widths = [max(len(row[place]) for row in rows) for place in range(4)]
        lines += ["", section]
        lines += ["  " + "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]])
                  .rstrip() for row in rows]  # fmt: skip
    return "\n".join(lines)


def summary(figures: Iterable[Figure], *, markdown: bool = False) -> str:
    """The chief figures: a row each, with what is promised and what a bare program does."""
    chief = [one for one in figures if one.main]
    lines: list[str] = []
    for section, members in _grouped((one.section, one) for one in chief).items():
        rows = [_row(alike) for alike in _grouped(((one.what, one.condition), one) for one in members).values()]
        lines += ["", f"**{section}**" if markdown else section, *([""] if markdown else [])]
        lines += _drawn(rows, markdown=markdown)
    return "\n".join(lines).lstrip("\n")


def bare_programs(figures: Iterable[Figure]) -> str:
    """What the baselines are, a line for each section."""
    told = _grouped((one.section, one.bare) for one in figures if one.main and one.bare)
    return "\n".join(f"- {section}: {'; '.join(dict.fromkeys(names))}" for section, names in told.items())


def _row(alike: Sequence[Figure]) -> tuple[str, ...]:
    """One row of figures that differ by platform only."""
    by = {one.platform: one for one in alike}
    what = ", ".join(part for part in (alike[0].what, alike[0].condition) if part)
    columns = [by.get(name) for name in (*PLATFORMS, "")]
    told = [one for one in columns if one is not None]
    bare = [number(one.baseline) if one.baseline is not None else "–" for one in told]
    ratio = [f"{number(one.ratio)}×" if one.ratio is not None else "–" for one in told]
    return (
        what,
        *(one.shown() if one is not None else "" for one in columns),
        _once([one.promised() for one in told]),
        _once(bare),
        _once(ratio),
    )


def _once(cells: Sequence[str]) -> str:
    """What is the same for both platforms is said once, and nothing where there is nothing."""
    if set(cells) <= {"–", ""}:
        return ""
    return cells[0] if len(set(cells)) == 1 else " / ".join(cells)


def _drawn(rows: Sequence[Sequence[str]], *, markdown: bool) -> list[str]:
    widths = [max(len(row[place]) for row in (HEAD, *rows)) for place in range(len(HEAD))]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in (HEAD, *rows)]
    if not markdown:
        return ["  " + "  ".join(row).rstrip() for row in padded]
    rule = ["-" * width for width in widths]
    return ["| " + " | ".join(row) + " |" for row in (padded[0], rule, *padded[1:])]


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
