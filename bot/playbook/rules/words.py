"""Severities and statuses whose names would keep people from typing a command."""

from collections.abc import Callable, Iterator, Mapping

from bot.playbook.misfit import At, Misfit, quoted
from bot.playbook.part import fold
from bot.playbook.places import places
from bot.playbook.process import Stage
from bot.playbook.rules.process import ENDS
from bot.playbook.written import Written

USUAL = frozenset(
    {"critical", "crit", "major", "minor", "low", "medium", "high", "mitigated", "stable", "fixing", "restored"}
)
"""Words that many playbooks use and no command has. The words of the commands cost as much as all else that a check
does, so they are asked for only where another word stands; a test holds that none of these becomes a command."""


def words(playbook: Written, verbs: Callable[[], Mapping[str, str]]) -> Iterator[Misfit]:
    """Names that a command has already. ``resolved`` may lead to *resolved*: its command does the same.

    So the name of a status is not held against it while its ``stage`` is wrong.
    """
    doubtful = [one for one in _named(playbook) if not harmless(one[1], one[2])]
    if not doubtful:
        return
    taken = {fold(word): verb for word, verb in verbs().items()}
    for at, word, stage in doubtful:
        verb = taken.get(fold(word))
        if verb is not None and (stage is None or verb != ENDS.get(stage)):
            lacks = "stage" if stage is not None and verb in ENDS.values() else ""
            yield Misfit(at, quoted(word), f"another word: people type it for the command `{verb}`", lacks=lacks)


def harmless(word: str, stage: Stage | None) -> bool:
    """Whether a name can only be the command that leads to its stage, or none: no command has a digit."""
    return any(mark.isdigit() for mark in word) or fold(word) in USUAL or fold(word) == stage


def _named(playbook: Written) -> Iterator[tuple[At, str, Stage | None]]:
    for field in ("name", "aliases"):
        for at, word in places(playbook, f"severities.{field}"):
            yield at, word, None
        for at, word in places(playbook, f"statuses.{field}"):
            yield at, word, playbook.statuses[int(at[1])].stage
