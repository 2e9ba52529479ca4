"""Parts of a week, and how a rotation's ``hours`` write them."""

import itertools
from collections.abc import Iterable
from datetime import time

from bot.importing.found import DAY, WEEK, Hours, Window

_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def always(windows: Iterable[Window]) -> bool:
    """Whether the whole week is covered; where there is no window, it is."""
    pieces = merged(windows)
    return not pieces or pieces == [Window(0, WEEK)]


def merged(windows: Iterable[Window]) -> list[Window]:
    """As few windows as cover the same, in order from Monday; one that runs over the week's end stays one."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(span for window in windows for span in _within(window)):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    if len(joined) > 1 and joined[0][0] == 0 and joined[-1][1] == WEEK:
        joined = [*joined[1:-1], (joined[-1][0], WEEK + joined[0][1])]
    return [Window(begin, end - begin) for begin, end in joined]


def _within(window: Window) -> list[tuple[int, int]]:
    begin, length = window.begins % WEEK, min(window.length, WEEK)
    end = begin + length
    return [(begin, end)] if end <= WEEK else [(begin, WEEK), (0, end - WEEK)]


def hours(windows: Iterable[Window]) -> tuple[Hours, ...]:
    """The same as hours of days, which take a day at the most; empty for always."""
    pieces = merged(windows)
    if always(pieces):
        return ()
    days: dict[tuple[time, time], list[int]] = {}
    for piece in pieces:
        for begins, ends in _daily(piece):
            days.setdefault((_time(begins), _time(ends)), []).append(begins // DAY % 7)
    return tuple(Hours(tuple(sorted(which)), begins, ends) for (begins, ends), which in days.items())


def _daily(piece: Window) -> list[tuple[int, int]]:
    """A window that is longer than a day, cut at midnight."""
    begins, ends = piece.begins, piece.begins + piece.length
    if piece.length <= DAY:
        return [(begins, ends)]
    cut = [begins, *range((begins // DAY + 1) * DAY, ends, DAY), ends]
    return list(itertools.pairwise(cut))


def _time(minutes: int) -> time:
    return time(minutes % DAY // 60, minutes % 60)


def clock(minutes: int) -> str:
    """``540`` as ``09:00``."""
    return f"{_time(minutes):%H:%M}"


def told(windows: Iterable[Window]) -> str:
    """For people: ``Mon 09:00–17:00, Fri 18:00–Mon 08:00``."""
    return ", ".join(
        f"{_NAMES[piece.begins // DAY % 7]} {clock(piece.begins)}–"
        f"{'' if piece.length <= DAY else _NAMES[(piece.begins + piece.length) // DAY % 7] + ' '}"
        f"{clock(piece.begins + piece.length)}"
        for piece in merged(windows)
    )
