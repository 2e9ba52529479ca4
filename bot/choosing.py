"""Choosing: which of several playbooks a declaration falls under.

Its name typed first decides. Otherwise only those count that know the severity typed; among them the channel decides
in which it was typed, then a component, then the words of the title. Where none of these says anything, it is the
first that calls a severity so, else the first that knows the word by another name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.naming import read_severity
from bot.playbook.help import mentioned
from bot.playbook.part import fold
from bot.playbook.shape import Playbook

_MANNER = re.compile(r"^(?:(?:preview|drill|private)\b[:,]?\s*)+", re.IGNORECASE)
_LIKE_A_SEVERITY = re.compile(r"^(?:sev|severity|prio|priority|s|p)[\s_-]?\d{1,2}(?=[\s:,]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was said."""

    platform: str = ""
    channel: str | None = None
    """The platform's id of the channel."""
    room: str = ""
    """Its name, where the adapter knows it."""


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Choice:
    """The playbook that a line falls under."""

    playbook: Playbook
    rest: str
    """The line without the playbook's name."""


def like_a_severity(line: str) -> str:
    """What stands at the beginning of a line and is meant as a severity, of whatever playbook; empty where nothing."""
    found = _LIKE_A_SEVERITY.match(line)
    return found[0].strip() if found is not None else ""


def wrong_name(line: str, playbooks: Sequence[Playbook]) -> str:
    """The word before a severity where several playbooks are loaded and none is called so; empty where none stands
    there.
    """
    first, _, rest = line.strip().partition(" ")
    bare = rest.strip()
    return first if len(playbooks) > 1 and like_a_severity(bare) and by_name(line, playbooks) is None else ""


def by_name(line: str, playbooks: Sequence[Playbook]) -> Choice | None:
    """The playbook whose name stands first, where nothing or a severity follows: a title may begin with its name."""
    first, _, rest = line.strip().partition(" ")
    wanted = fold(first.rstrip(":,"))
    named = next((playbook for playbook in playbooks if wanted and fold(playbook.name) == wanted), None)
    if named is None:
        return None
    bare = _MANNER.sub("", rest.strip())
    if bare and read_severity(bare, named)[0] is None and not like_a_severity(bare):
        return None
    return Choice(named, rest.strip())


def here(playbooks: Sequence[Playbook], place: Place) -> Playbook | None:
    """The playbook that this channel chooses."""
    if place.channel is None:
        return None
    signs = {place.channel, place.room.removeprefix("#").casefold()} - {""}
    for playbook in playbooks:
        channels = playbook.chosen_by.channels.get(place.platform, ())
        if signs & {sign for name in channels for sign in (name, name.removeprefix("#").casefold())}:
            return playbook
    return None


def choose(line: str, playbooks: Sequence[Playbook], *, place: Place = NOWHERE, component: str | None = None) -> Choice:
    """The playbook that a line falls under. ``playbooks`` are those loaded, the likeliest first; never empty."""
    named = by_name(line, playbooks)
    if named is not None:
        return named
    able = [playbook for playbook in playbooks if read_severity(line, playbook)[0] is not None] or list(playbooks)
    first = next((playbook for playbook in able if _calls_it_so(line, playbook)), able[0])
    return Choice(next(_wanted(line, able, place=place, component=component), first), line)


def _calls_it_so(line: str, playbook: Playbook) -> bool:
    """Whether the severity typed is the name of one here, and not another word for it."""
    severity, _ = read_severity(line, playbook)
    return severity is not None and fold(line).startswith(fold(severity.name))


def _wanted(line: str, playbooks: Sequence[Playbook], *, place: Place, component: str | None) -> Iterator[Playbook]:
    """The playbooks that something speaks for, the strongest first."""
    typed_here = here(playbooks, place)
    if typed_here is not None:
        yield typed_here
    for playbook in playbooks:
        if component is not None and component in playbook.chosen_by.components:
            yield playbook
    for playbook in playbooks:
        if mentioned((*playbook.chosen_by.components, *playbook.chosen_by.words), line):
            yield playbook
