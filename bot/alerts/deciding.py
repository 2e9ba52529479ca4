"""Deciding: what follows from an alert by the playbook's rules. Pure; the first rule that takes an alert decides.

Below a playbook's own rules stand those that always hold: a firing alert of a known sender declares where it is of the
most severe, and is offered otherwise. Posts that were only guessed to be alerts are taken by a rule that is about such
posts (its channels, words, or the source ``post``), or by none.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.alerts.alert import Alert, Measure, Posted
from bot.alerts.levels import severity
from bot.playbook.help import fits, mentioned
from bot.playbook.outside import AlertRule, Match, QuietHours
from bot.playbook.part import fold
from bot.playbook.shape import Playbook

AGAIN = timedelta(minutes=30)
"""How long after it cleared an alert that fires again counts as the same one, where the playbook does not say."""
OFFERED = 3
"""Severities that are offered where neither rule nor sender names one."""


class Does(StrEnum):
    """What follows."""

    DECLARE = "declare"
    OFFER = "offer"
    ATTACH = "attach"
    IGNORE = "ignore"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from an alert, and by which rule."""

    does: Does
    severities: tuple[str, ...] = ()
    """Of a declaration: one. Of an offer: those that are offered, the likeliest first."""
    rule: str = ""
    """Empty for what always holds."""
    group: str = ""
    """Alerts of one group are one incident; empty where it stands alone."""
    look_at: datetime | None = None
    """When a rule that stands before this one would take it, if it still fires then."""


def again(playbook: Playbook) -> timedelta:
    """Within which time an alert that fires again is the same one."""
    return playbook.alerts.again or AGAIN


def choose(playbooks: Sequence[Playbook], alert: Alert) -> Playbook:
    """The playbook whose rules decide about an alert: that which watches the channel it was posted in, else the one
    whose component or words it names, else the first."""
    for playbook in playbooks:
        if alert.posted is not None and watches(playbook, alert.posted):
            return playbook
    for playbook in playbooks:
        if component(playbook, alert) is not None:
            return playbook
    words = f"{alert.title}\n{alert.text}"
    named = (each for each in playbooks if mentioned((*each.chosen_by.components, *each.chosen_by.words), words))
    return next(named, playbooks[0])


def watches(playbook: Playbook, place: Posted) -> bool:
    """Whether a playbook watches the channel that something was posted in."""
    return among(playbook.alerts.channels.get(place.platform, ()), place)


def among(names: Iterable[str], place: Posted) -> bool:
    """Whether one of these names or ids is the channel that something was posted in."""
    signs = {place.channel.casefold(), place.room.removeprefix("#").casefold()} - {""}
    return any(name.strip().removeprefix("#").casefold() in signs for name in names)


def component(playbook: Playbook, alert: Alert) -> str | None:
    """The playbook's component that an alert is about: by its name, or named in its labels."""
    known = {fold(name): name for name in playbook.components}
    candidates = (alert.component, *(alert.labels.get(label, "") for label in ("component", "service", "app", "job")))
    return next((known[fold(one)] for one in candidates if one and fold(one) in known), None)


def decide(
    playbook: Playbook, alert: Alert, *, since: datetime, now: datetime, attachable: Sequence[str] = ()
) -> Decision:
    """What follows from a firing alert that has lasted since ``since``.

    ``attachable`` are the components that have an open incident: a rule that attaches takes only alerts of those.
    """
    about, look_at = component(playbook, alert), None
    for rule in playbook.alerts.rules:
        if not _takes(rule, alert, about):
            continue
        if rule.does == "attach" and (about is None or about not in attachable):
            continue
        short = _too_short(rule.match, alert, since=since, now=now)
        if short is not None:
            look_at = min(look_at, short) if look_at is not None else short
            continue
        return Decision(
            does=Does(rule.does),
            severities=(rule.severity,) if rule.severity else rule.severities,
            rule=rule.name,
            group=group(rule, alert, about),
            look_at=look_at,
        )
    return _always(playbook, alert, look_at=look_at)


def _always(playbook: Playbook, alert: Alert, *, look_at: datetime | None) -> Decision:
    if not alert.sure:
        return Decision(Does.NOTHING, look_at=look_at)
    found = severity(playbook, alert.severity)
    if found is None:
        return Decision(Does.OFFER, tuple(one.name for one in playbook.severities[:OFFERED]), look_at=look_at)
    worst = found.name == playbook.severities[0].name
    return Decision(Does.DECLARE if worst else Does.OFFER, (found.name,), look_at=look_at)


def group(rule: AlertRule, alert: Alert, about: str | None) -> str:
    """What an alert has in common with those that are to be one incident with it; nothing where it says nothing of
    what they are put together by."""
    own = {"source": alert.source, "component": about or alert.component, "rule": rule.name}
    values = [own[name] if name in own else alert.labels.get(name, "") for name in rule.together]
    return ":".join((rule.name, *values)) if any(values) else ""


def about(playbook: Playbook, alert: Alert) -> bool:
    """Whether an alert is worth keeping: one that is sure always, any other where a rule is about such posts."""
    found = component(playbook, alert)
    return alert.sure or any(_takes(rule, alert, found) for rule in playbook.alerts.rules)


def _takes(rule: AlertRule, alert: Alert, about: str | None) -> bool:
    match = rule.match
    if not alert.sure and not (match.channels or match.words or "post" in match.sources):
        return False
    return all(_holds(match, alert, about))


def _holds(match: Match, alert: Alert, about: str | None) -> Iterator[bool]:
    yield not match.sources or fold(alert.source) in map(fold, match.sources)
    yield not match.channels or (alert.posted is not None and among(match.channels, alert.posted))
    yield not match.severities or fold(alert.severity) in map(fold, match.severities)
    yield not match.components or any(
        fold(one) in map(fold, match.components) for one in (about, alert.component) if one
    )
    yield all(name in alert.labels and fits(alert.labels[name], wanted) for name, wanted in match.labels.items())
    yield not match.words or mentioned(match.words, f"{alert.title}\n{alert.text}")
    yield match.measure is None or _above(match, alert)


def _above(match: Match, alert: Alert) -> bool:
    measured = alert.measures.get(match.measure) if match.measure is not None else None
    if measured is None:
        return match.measure is Measure.DOWNTIME and alert.sure and _down(alert)
    return match.above is not None and measured > match.above


def _down(alert: Alert) -> bool:
    """Whether it says that something is down; for how long is then counted from when it began."""
    return mentioned(("down", "unreachable", "offline", "timeout", "unavailable"), f"{alert.title}\n{alert.text}")


def _too_short(match: Match, alert: Alert, *, since: datetime, now: datetime) -> datetime | None:
    """When it will have lasted long enough for a rule; ``None`` where it has, and where the rule asks for no length.

    It may begin later than now: another replica accepted it, whose clock is ahead, or ours went back since.
    """
    wanted = match.for_ or timedelta(0)
    if match.measure is Measure.DOWNTIME and match.above is not None and Measure.DOWNTIME not in alert.measures:
        wanted = max(wanted, timedelta(seconds=match.above))
    return since + wanted if wanted and since + wanted > now else None


def quiet_until(playbook: Playbook, decision: Decision, *, now: datetime) -> datetime | None:
    """Until when quiet hours hold this back; ``None`` where they do not.

    The most severe is never held back, nor is what may be of it.
    """
    quiet = playbook.alerts.quiet
    if quiet is None or decision.does not in (Does.DECLARE, Does.OFFER) or not decision.severities:
        return None
    held, worst = {fold(name) for name in quiet.holds}, fold(playbook.severities[0].name)
    if not all(fold(name) in held - {worst} for name in decision.severities):
        return None
    return _ends(quiet, playbook.timezone, now=now)


def _ends(quiet: QuietHours, zone: str, *, now: datetime) -> datetime | None:
    """When the quiet hours that hold now are over; ``None`` where none hold."""
    here = now.astimezone(ZoneInfo(zone))
    for day in (here.date() - timedelta(days=1), here.date()):
        next_day = day + timedelta(days=1) if quiet.until <= quiet.from_ else day
        begins = datetime.combine(day, quiet.from_, here.tzinfo).astimezone(UTC)
        ends = datetime.combine(next_day, quiet.until, here.tzinfo).astimezone(UTC)
        if begins <= now < ends:
            return ends
    return None
