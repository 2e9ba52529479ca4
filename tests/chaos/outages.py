"""When what was owed could not be done, whatever the bot did: the time that lateness does not count."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Span:
    """From when until when, and what was away; empty: all."""

    of: str
    start: datetime
    end: datetime = FOREVER


@dataclass
class Outages:
    """All of a run, on the machine's clock."""

    spans: list[Span] = field(default_factory=list)
    _now: dict[str, Span] = field(default_factory=dict)

    @contextmanager
    def during(self, of: str = "") -> Iterator[None]:
        """Something is away as long as this lasts."""
        span = Span(of, datetime.now(UTC))
        self.spans.append(span)
        try:
            yield
        finally:
            span.end = datetime.now(UTC)

    def look(self, up: Callable[[str], bool], places: tuple[str, ...]) -> None:
        """Note which places nobody can reach just now."""
        now = datetime.now(UTC)
        for place in places:
            if not up(place) and place not in self._now:
                self._now[place] = Span(place, now)
                self.spans.append(self._now[place])
            elif up(place) and place in self._now:
                self._now.pop(place).end = now

    @property
    def on(self) -> bool:
        """Whether something was taken away and is not back."""
        return any(span.end is FOREVER for span in self.spans if span not in self._now.values())

    def waited(self, place: str, start: datetime, end: datetime) -> float:
        """Seconds between the two in which nothing could be done there."""
        cut = sorted((max(s.start, start), min(s.end, end)) for s in self.spans if s.of in ("", place))
        total, reached = 0.0, start
        for first, last in cut:
            if last > max(first, reached):
                total += (last - max(first, reached)).total_seconds()
                reached = last
        return total
