"""Completion: what the words typed so far could become."""

from collections.abc import Iterator, Sequence

from bot.commands.verb import Where
from bot.grammar import Grammar
from bot.heard import Suggestion
from bot.incident import Incident
from bot.playbook.part import fold
from bot.playbook.shape import Playbook

MOST = 25
"""Suggestions shown at once (Discord's limit for choices)."""


def suggest(
    grammar: Grammar, playbook: Playbook, here: Incident | None, typed: str, *, loaded: Sequence[Playbook] = ()
) -> list[Suggestion]:
    """Severities and verbs that make sense here and begin with what was typed; in an incident its verbs come first.

    Of several loaded playbooks the others' names, and behind a name its severities, come last.
    """
    start = typed.strip().casefold().removeprefix("/incident").strip()
    levels = list(_levels(playbook, start))
    verbs = []
    for verb in sorted(grammar.verbs, key=lambda verb: here is not None and verb.where is Where.ANYWHERE):
        fits = verb.where is Where.ANYWHERE or (here is not None and (here.open or verb.where is Where.INCIDENT))
        begun = any(word.startswith(start) for word in verb.words)
        if fits and begun and verb.offered(playbook):
            verbs.append(Suggestion(label=f"{verb.words[0]} · {verb.says}"[:100], words=verb.words[0]))
    others = [other for other in loaded if len(loaded) > 1 and (start or other.name != playbook.name)]
    named = [one for other in others for one in _named(other, start)][: MOST // 2]
    own = [*verbs, *levels] if here is not None else [*levels, *verbs]
    return [*own[: MOST - len(named)], *named]


def _levels(playbook: Playbook, start: str, *, before: str = "") -> Iterator[Suggestion]:
    for severity in playbook.severities:
        if not start or any(fold(name).startswith(fold(start)) for name in (severity.name, *severity.aliases)):
            words = f"{before}{severity.name}"
            yield Suggestion(label=f"{words} · {severity.meaning}"[:100], words=words)


def _named(playbook: Playbook, start: str) -> Iterator[Suggestion]:
    """A playbook by its name, or its severities once its name is typed."""
    name, _, rest = start.partition(" ")
    if fold(name) == fold(playbook.name):
        yield from _levels(playbook, rest, before=f"{playbook.name} ")
    elif not rest and fold(playbook.name).startswith(fold(name)):
        yield Suggestion(label=f"{playbook.name} · {playbook.title}"[:100], words=playbook.name)
