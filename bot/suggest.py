"""Completion: what the words typed so far could become."""

from bot.commands.verb import Where
from bot.grammar import Grammar
from bot.heard import Suggestion
from bot.incident import Incident
from bot.playbook.part import fold
from bot.playbook.shape import Playbook

MOST = 25
"""Suggestions shown at once (Discord's limit for choices)."""


def suggest(grammar: Grammar, playbook: Playbook, here: Incident | None, typed: str) -> list[Suggestion]:
    """Severities and verbs that make sense here and begin with what was typed; in an incident its verbs come first."""
    start = typed.strip().casefold().removeprefix("/incident").strip()
    levels = [
        Suggestion(label=f"{s.name} · {s.meaning}"[:100], words=s.name)
        for s in playbook.severities
        if not start or any(fold(name).startswith(fold(start)) for name in (s.name, *s.aliases))
    ]
    verbs = []
    for verb in sorted(grammar.verbs, key=lambda verb: here is not None and verb.where is Where.ANYWHERE):
        fits = verb.where is Where.ANYWHERE or (here is not None and (here.open or verb.where is Where.INCIDENT))
        if verb.listed and fits and (not start or any(word.startswith(start) for word in verb.words)):
            verbs.append(Suggestion(label=f"{verb.words[0]} · {verb.says}"[:100], words=verb.words[0]))
    return ([*verbs, *levels] if here is not None else [*levels, *verbs])[:MOST]
