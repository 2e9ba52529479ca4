"""Hearing: what alerts of one key that came together are, to what was known of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.alerts import deciding
from bot.alerts.book import Accepted
from bot.alerts.tracked import News, Tracked, begin, hear
from bot.playbook.shape import Playbook


@dataclass(slots=True)
class Heard:
    """Alerts of one key."""

    before: Tracked | None
    """What was known; ``None`` where nothing was."""
    tracked: Tracked
    """What is known now."""
    news: list[News]
    playbook: Playbook
    posted: bool
    """Whether one of them stands in chat."""

    @property
    def new(self) -> bool:
        """Whether there is news among them."""
        return any(one is not News.REPEAT for one in self.news)

    @property
    def plain(self) -> bool:
        """Whether an incident has them, which need not hear that they came again: its card counts them in a while."""
        return not self.new and not self.posted and self.tracked.became.of_incident

    @property
    def silent(self) -> bool:
        """Whether there is nothing new to tell of it, whatever the rules said."""
        if self.before is None or self.new or self.posted:
            return False
        return _outcome(self.before) == _outcome(self.tracked)


def hear_all(before: Tracked | None, mine: Sequence[Accepted], playbook: Playbook) -> Heard:
    """Hear them in order. ``before`` is left as it is."""
    tracked = before.apart() if before is not None else begin(mine[0].alert, now=mine[0].at)
    again = deciding.again(playbook)
    news = _reduced([hear(tracked, row.alert, now=row.at, again=again) for row in mine])
    return Heard(before, tracked, news, playbook, posted=any(row.alert.posted is not None for row in mine))


def _outcome(tracked: Tracked) -> tuple[object, ...]:
    return tracked.became, tracked.incident, tracked.behind, tracked.by, tracked.decided_at


def _reduced(news: Sequence[News]) -> list[News]:
    """What is left of news that came together: what cleared and fires again is where it was, and repeats are one."""
    left: list[News] = []
    for one in news:
        if one is News.AGAIN and left and left[-1] is News.CLEARED:
            left.pop()
        elif one is not News.NOTHING and (one is not News.REPEAT or not left):
            left.append(one)
    return left
