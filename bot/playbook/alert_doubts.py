"""What the rules about alerts may say and probably do not mean."""

from collections.abc import Iterator

from bot.playbook.misfit import Misfit, quoted
from bot.playbook.outside import AlertRule, Alerts, Match
from bot.playbook.part import Names, fold
from bot.playbook.shape import Playbook


def alerts(playbook: Playbook) -> Iterator[Misfit]:
    """Rules that are never asked, channels that nobody watches, quiet hours for what never comes."""
    yield from _hidden(playbook.alerts.rules)
    yield from _unwatched(playbook.alerts)
    yield from _never_held(playbook)


def _hidden(rules: tuple[AlertRule, ...]) -> Iterator[Misfit]:
    """The first rule that matches decides, so one that a rule before it covers never does."""
    for place, rule in enumerate(rules):
        hiding = next((one for one in rules[:place] if _covers(one, rule)), None)
        if hiding is None:
            continue
        takes, expected = "whatever it would", "the narrower rule first"
        if _takes_all(hiding):
            takes, expected = "every alert", "the rule that takes every alert last"
        found = f"{quoted(rule.name)}, which is never asked: {quoted(hiding.name)} takes {takes}"
        yield Misfit(("alerts", "rules", place), found, expected)


def _takes_all(rule: AlertRule) -> bool:
    return rule.does != "attach" and not rule.match.model_fields_set


def _covers(one: AlertRule, other: AlertRule) -> bool:
    """Whether a rule takes every alert that another one would. One that attaches takes only what has an incident."""
    wide, narrow = one.match, other.match
    if one.does == "attach" or (_guesses(narrow) and not _guesses(wide)):
        return False
    lasts = wide.for_ is None or (narrow.for_ is not None and narrow.for_ >= wide.for_)
    return lasts and _measures(wide, narrow) and all(_named(wide, narrow)) and _labelled(wide, narrow)


def _guesses(match: Match) -> bool:
    """Whether it takes posts that were only guessed to be alerts, too."""
    return bool(match.channels or match.words or "post" in match.sources)


def _measures(wide: Match, narrow: Match) -> bool:
    if wide.measure is None or wide.above is None:
        return True
    return narrow.measure is wide.measure and narrow.above is not None and narrow.above >= wide.above


def _named(wide: Match, narrow: Match) -> Iterator[bool]:
    yield _among(wide.sources, narrow.sources)
    yield _among(wide.channels, narrow.channels)
    yield _among(wide.severities, narrow.severities)
    yield _among(wide.components, narrow.components)
    yield _among(wide.words, narrow.words)


def _among(wide: Names, narrow: Names) -> bool:
    return not wide or (bool(narrow) and {fold(name) for name in narrow} <= {fold(name) for name in wide})


def _labelled(wide: Match, narrow: Match) -> bool:
    return wide.labels.items() <= narrow.labels.items()


def _unwatched(alerts: Alerts) -> Iterator[Misfit]:
    """Where no channel is watched by the playbook, the setting says which are."""
    watched = {_bare(name) for names in alerts.channels.values() for name in names}
    for place, rule in enumerate(alerts.rules):
        for number, name in enumerate(rule.match.channels):
            if watched and _bare(name) not in watched:
                at = ("alerts", "rules", place, "match", "channels", number)
                yield Misfit(at, f"{quoted(name)}, which is not watched", "it among “alerts.channels” as well")


def _bare(name: str) -> str:
    return name.strip().removeprefix("#").casefold()


def _never_held(playbook: Playbook) -> Iterator[Misfit]:
    """Below a rule that takes every alert, no sender's own word is asked."""
    alerts = playbook.alerts
    if alerts.quiet is None or not any(map(_takes_all, alerts.rules)):
        return
    given = {fold(name) for rule in alerts.rules for name in (rule.severity, *rule.severities) if name}
    for place, name in enumerate(alerts.quiet.holds):
        if fold(name) not in given:
            found = f"{quoted(name)}, which no rule declares or offers"
            yield Misfit(("alerts", "quiet", "holds", place), found, "a severity that alerts are given")
