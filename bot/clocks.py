"""Which deadline somebody means: by its name, an alias or its title."""

from collections.abc import Sequence

from rapidfuzz import process

from bot import deadlines
from bot.errors import Mistake, Unsaid
from bot.incident import Incident
from bot.playbook.clocks import DeadlineRule, Starts
from bot.playbook.part import fold
from bot.playbook.shape import Playbook

NEAR = 70.0
"""From this similarity on (0 to 100) another deadline was probably meant."""


def known(incident: Incident, playbook: Playbook) -> tuple[DeadlineRule, ...]:
    """The deadlines that can be named here: those of the severity, and those that run."""
    rules = playbook.deadlines_of(incident.severity)
    names = {rule.name for rule in rules}
    kept = (deadlines.rule_of(incident, playbook, name) for name in incident.progress.deadlines)
    return (*rules, *(rule for rule in kept if rule is not None and rule.name not in names))


def startable(incident: Incident, playbook: Playbook) -> list[DeadlineRule]:
    """Those that people start; raises ``Mistake`` where there is none."""
    rules = [rule for rule in known(incident, playbook) if rule.starts in (Starts.BY_HAND, Starts.FLAG)]
    if not rules:
        raise Mistake("This playbook has no clock to start by hand here. `/incident deadlines` shows those that run.")
    return rules


def named(incident: Incident, playbook: Playbook, words: str) -> tuple[DeadlineRule, str]:
    """The deadline named at the beginning of the words, by its name, an alias or its title, and what follows.

    Raises ``Mistake`` where they name none, and names the nearest; ``Unsaid`` where there are no words.
    """
    rules, parts = known(incident, playbook), words.split()
    if not rules:
        raise Mistake("This playbook has no deadlines at this severity.")
    if not parts:
        raise Unsaid(f"Say which one, like `/incident clock {rules[0].name}`. There are {_names(rules)}.")
    for count in range(min(6, len(parts)), 0, -1):
        name = fold(" ".join(parts[:count]).rstrip(":,"))
        for rule in rules:
            if name in map(fold, (rule.name, rule.title, *rule.aliases)):
                return rule, " ".join(parts[count:])
    spelled = {alias: rule.name for rule in rules for alias in (rule.name, rule.title.casefold(), *rule.aliases)}
    best = process.extractOne(parts[0].casefold(), list(spelled), score_cutoff=NEAR)
    meant = f" Did you mean `/incident clock {spelled[best[0]]}`?" if best is not None else ""
    raise Mistake(f"“{parts[0][:60]}” is no deadline here.{meant} There are {_names(rules)}.")


def _names(rules: Sequence[DeadlineRule]) -> str:
    return ", ".join(rule.name for rule in rules)
