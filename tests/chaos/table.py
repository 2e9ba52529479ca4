"""The figures of a run, for people."""

from collections.abc import Sequence

from tests.chaos.run import Row

SHOWN = 12
"""So many findings of each sort are named."""
HEAD = ("disorder", "database", "kills", "declared", "alerts", "effects", "lost", "doubled", "wrong",
        "late p50", "p99", "most", "complete after")  # fmt: skip


def table(rows: Sequence[Row], *, head: bool = True) -> str:
    """One line for each, their sum, and below them what is not as it should be. Times are seconds."""
    lines = [list(HEAD)] if head else []
    lines += [_line(row) for row in rows]
    if len(rows) > 1:
        sums = [str(sum(int(line[place]) for line in lines[1:])) for place in range(2, 9)]
        lines.append(["in all", "", *sums, "", "", "", ""])
    wide = [max(24, *(len(line[0]) for line in lines)), *(max(len(name), 8) for name in HEAD[1:])]
    shown = ["  ".join(_placed(word, wide[at], left=at < 2) for at, word in enumerate(line)) for line in lines]
    return "\n".join([*(line.rstrip() for line in shown), *(said for row in rows for said in _findings(row))])


def _line(row: Row) -> list[str]:
    late, found = row.late.figures(), row.verdict
    name = row.disorder if row.replicas == 1 else f"{row.disorder} ({row.replicas})"
    counts = (row.kills, row.declared, row.alerts, sum(found.expected.values()),
              len(found.lost), len(found.doubled), len(found.wrong))  # fmt: skip
    times = [f"{late[name]:.2f}" for name in ("p50", "p99", "most")]
    return [name, row.database, *map(str, counts), *times, f"{row.complete:.1f}"]


def _placed(word: str, wide: int, *, left: bool) -> str:
    return word.ljust(wide) if left else word.rjust(wide)


def _findings(row: Row) -> list[str]:
    sorts = (("lost", row.verdict.lost), ("doubled", row.verdict.doubled), ("wrong", row.verdict.wrong))
    return [f"  {row.disorder} on {row.database}: {sort}: {one}" for sort, found in sorts for one in found[:SHOWN]]
