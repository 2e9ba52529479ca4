"""The grammar: one parser for both chat platforms, for buttons, and for the command line.

The playbook's own severity names win, then verbs by their name, synonyms and tenses, then near misses. Words that are
none of these are the title of an incident that somebody is about to declare.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot import choosing
from bot.commands.verb import Verb
from bot.naming import read_severity
from bot.playbook.process import Severity
from bot.playbook.shape import Playbook

_NUMBER = re.compile(r"^#(?P<number>\d{1,12})(?!\d)[:,]?\s*")
LONGEST_SLIP = 40
"""Letters of a word that may be a slip of one of ours; a longer one is compared with none of them."""
_BLANKS = re.compile(r"\s{40,}")
"""Nobody means so many, and patterns of verbs that begin with some would try each of them anew."""
NEAR = 82.0
"""From this similarity on (0 to 100) a word counts as a misspelled verb. Shorter words than four letters never do."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What words were understood as."""

    number: int | None = None
    """The incident they name."""
    verb: type[Verb] | None = None
    severity: Severity | None = None
    """Set for a declaration in one line."""
    rest: str = ""
    """What follows the verb or the severity."""
    line: str = ""
    """The whole line without the number: where a declaration is read from."""
    near: type[Verb] | None = None
    """The verb that was probably meant, where none was found."""
    meant: str = ""
    """The whole line with that verb in place of the misspelled one."""


class Grammar:
    """Knows the words of all verbs."""

    def __init__(self, verbs: Sequence[type[Verb]]) -> None:
        self.verbs = tuple(verbs)
        self._words = {word: verb for verb in verbs for word in verb.words}
        self._listed = {word: verb for verb in verbs if verb.listed for word in verb.words if len(word) > 3}
        self._longest = max(word.count(" ") for word in self._words) + 1

    def verb(self, name: str) -> type[Verb] | None:
        """The verb of this name or synonym."""
        return self._words.get(" ".join(name.casefold().split()))

    def parse(self, words: str, playbook: Playbook, loaded: Sequence[Playbook] = ()) -> Parsed:
        """Understand a line; never raises. ``loaded`` are the playbooks that a declaration may fall under besides."""
        line = _BLANKS.sub(" ", words.strip())
        line = re.sub(r"^/incident\b\s*", "", line)
        found = _NUMBER.match(line)
        number = int(found["number"]) if found else None
        line = line[found.end() :] if found else line
        if not line:
            return Parsed(number=number, verb=self._words.get("status") if number is not None else None)
        if choosing.by_name(line, loaded) is not None:
            return Parsed(number=number, verb=self._words.get("declare"), rest=line, line=line)
        for one in (playbook, *loaded):
            severity, rest = read_severity(line, one)
            if severity is not None:
                return Parsed(number=number, severity=severity, rest=rest, line=line)
        verb, rest = self._verb(line)
        if verb is not None:
            return Parsed(number=number, verb=verb, rest=rest)
        if playbook.status(line.split()[0].rstrip(":")) is not None:
            return Parsed(number=number, verb=self._words.get("status"), rest=line)
        near, meant = self._near(line)
        prefix = f"#{number} " if number is not None else ""
        return Parsed(number=number, rest=line, near=near, meant=f"{prefix}{meant}" if near else "")

    def _verb(self, line: str) -> tuple[type[Verb] | None, str]:
        parts = line.split()
        for count in range(min(self._longest, len(parts)), 0, -1):
            word = " ".join(parts[:count]).casefold().rstrip(":")
            if word in self._words:
                rest = line
                for part in parts[:count]:
                    rest = rest.lstrip()[len(part) :]
                return self._words[word], rest.strip()
        return None, line

    def _near(self, line: str) -> tuple[type[Verb] | None, str]:
        first = line.split()[0]
        typed = first.casefold()
        if not 4 <= len(typed) <= LONGEST_SLIP:
            return None, ""
        near = [word for word in self._listed if fuzz.ratio(typed, word) >= NEAR or _swapped(typed, word)]
        if not near:
            return None, ""
        best = min(near, key=lambda word: (OSA.distance(typed, word), abs(len(typed) - len(word))))
        return self._listed[best], f"{best}{line[len(first) :]}"


def _swapped(typed: str, word: str) -> bool:
    """Whether only two neighbouring letters changed places."""
    return len(typed) == len(word) and sorted(typed) == sorted(word) and OSA.distance(typed, word) == 1
