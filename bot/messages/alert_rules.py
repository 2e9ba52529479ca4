"""How a process takes alerts, in a few words."""

from collections.abc import Iterator

from bot.alerts.alert import Measure
from bot.durations import say_duration
from bot.playbook.outside import AlertRule, Match
from bot.playbook.shape import Playbook

UNITS = {Measure.ERRORS: " %", Measure.RESPONSE: " s", Measure.DOWNTIME: " s", Measure.QUEUE: ""}


def told(playbook: Playbook) -> Iterator[str]:
    """Where alerts are read, the rules in their order, what always holds, quiet hours, storms; a few words each."""
    alerts = playbook.alerts
    rooms = dict.fromkeys(name.removeprefix("#") for names in alerts.channels.values() for name in names)
    if rooms:
        yield f"watched: {', '.join(f'#{name}' for name in rooms)}"
    yield from map(_rule, alerts.rules)
    if not any(rule.does != "attach" and not rule.match.model_fields_set for rule in alerts.rules):
        others, worst = "any other" if alerts.rules else "each", playbook.severities[0].name
        yield f"{others}: declares {worst} where it is that bad, else offers"
    if alerts.quiet is not None:
        quiet = alerts.quiet
        yield f"quiet hours: from {quiet.from_:%H:%M} until {quiet.until:%H:%M} {', '.join(quiet.holds)} waits"
    storm = alerts.storm
    yield f"storm: from {storm.alerts} within {say_duration(storm.within)} on, all join the newest"


def _rule(rule: AlertRule) -> str:
    """``queue (queue depth above 100 for 5m): declares P2``."""
    named = ", ".join(filter(None, (rule.severity, *rule.severities)))
    does = {"declare": "declares", "offer": "offers", "attach": "attaches", "ignore": "ignored"}[rule.does]
    matched = "; ".join(_match(rule.match))
    at_once = ", customers hear at once" if rule.publish else ""
    return f"{rule.name}{f' ({matched})' if matched else ''}: {does}{f' {named}' if named else ''}{at_once}"


def _match(match: Match) -> Iterator[str]:
    named = (*match.sources, *(f"#{name.removeprefix('#')}" for name in match.channels), *match.severities)
    told = (*named, *match.components, *(f"“{word}”" for word in match.words))
    if told:
        yield ", ".join(told)
    yield from (f"{name}={value}" for name, value in match.labels.items())
    lasts = f" for {say_duration(match.for_)}" if match.for_ is not None else ""
    if match.measure is not None and match.above is not None:
        yield f"{match.measure.value} above {match.above:g}{UNITS[match.measure]}{lasts}"
    elif lasts:
        yield lasts.strip()
