"""Help for a kind of trouble: runbooks, symptoms with their likely causes, and health checks."""

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field

from bot.durations import Duration
from bot.playbook.part import Key, Names, Part
from bot.playbook.process import Step

PATIENCE = 5.0
"""Seconds that a health check waits where its playbook names none."""


def mentioned(words: Names, text: str) -> bool:
    """Whether one of these words begins a word of the text, however it is capitalised."""
    folded = text.casefold()
    return any(re.search(rf"(?<!\w){re.escape(word.casefold())}", folded) for word in words)


def slug(title: str) -> str:
    """A title as a name: small letters of any script and digits, dashes between, at most 32 characters."""
    return re.sub(r"[\W_]+", "-", title.casefold()).strip("-")[:32].strip("-") or "runbook"


class Symptom(Part):
    """One row of a table: what one sees, what it probably is, and how to be sure quickly."""

    symptom: str
    cause: str
    check: str
    words: Names = Field(min_length=1)
    """It is shown where one of these stands in the title or in an alert."""


class Runbook(Part):
    """Help for a kind of trouble: a link, Markdown, steps to tick, or a table of symptoms."""

    title: str = Field(max_length=100)
    name: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9-]{0,31})?$")
    """What people type after ``runbook``; a slug of the title where left out."""
    url: str | None = Field(default=None, pattern=r"^https?://\S+$", max_length=2000)
    path: str = Field(default="", max_length=200)
    """Where it lies in the team's repository, where it has no address."""
    text: str = Field(default="", max_length=3000)
    file: str = ""
    """A Markdown file beside the playbook, which is read as its text: ``runbooks/database.md``."""
    steps: tuple[Step, ...] = Field(default=(), max_length=25)
    ordered: bool = False
    symptoms: tuple[Symptom, ...] = ()
    words: Names = ()
    """It is matched where one of these stands in the title; with no rule at all it always is."""
    components: Names = ()
    labels: dict[str, str] = Field(default_factory=dict)
    """Alert labels and their values, all of which must stand on the alert; a value may end in ``*``."""
    severities: Names = ()
    """For these severities only; for all where left out."""
    at_least: str = ""
    """The severity that this kind of trouble always has at least."""
    flags: Names = ()
    """Flags that are set where it matches at the declaration."""
    by_hand: bool = False
    """Never matched by itself: only shown when asked for."""

    @property
    def key(self) -> str:
        """What people type after ``runbook``."""
        return self.name or slug(self.title)

    @property
    def ruled(self) -> bool:
        """Whether it says for which trouble it is; one that does not is for all."""
        return bool(self.words or self.components or self.labels or self.symptoms)

    def matches(self, title: str, component: str | None = None, labels: Mapping[str, str] | None = None) -> bool:
        """Whether it helps with trouble of this title and component, or with an alert of these labels."""
        if self.by_hand:
            return False
        by_word = mentioned(self.words, title) or bool(self.rows(title))
        return not self.ruled or by_word or component in self.components or self._labelled(labels or {})

    def rows(self, title: str) -> tuple[Symptom, ...]:
        """The rows of its table that this title speaks of."""
        return tuple(symptom for symptom in self.symptoms if mentioned(symptom.words, title))

    def _labelled(self, labels: Mapping[str, str]) -> bool:
        wanted = [(labels.get(name), value) for name, value in self.labels.items()]
        return bool(wanted) and all(found is not None and fits(found, value) for found, value in wanted)


def fits(found: str, wanted: str) -> bool:
    """Whether a label has the wanted value; ``*`` at its end stands for anything."""
    return found.startswith(wanted[:-1]) if wanted.endswith("*") else found == wanted


class HealthCheck(Part):
    """A question over HTTP that the bot asks of a service."""

    name: Key
    title: str = ""
    url: str = Field(pattern=r"^https?://\S+$", max_length=2000)
    method: Literal["GET", "HEAD", "POST"] = "GET"
    status: tuple[int, ...] = ()
    """Expected status codes; any 2xx where left out."""
    contains: str = Field(default="", max_length=200)
    """Words that must stand in the first 64 KiB of the body."""
    timeout: Duration | None = None
    """At most 30 s; 5 s where left out."""
    components: Names = ()
    """It belongs to these components; to all incidents where left out."""
    environments: Names = ()

    @property
    def host(self) -> str:
        """The host it asks."""
        return urlsplit(self.url).hostname or ""

    @property
    def called(self) -> str:
        """What people read."""
        return self.title or self.name

    @property
    def patience(self) -> float:
        """Seconds that it waits in all, from the look-up of the host's name to the last byte that is read."""
        return self.timeout.total_seconds() if self.timeout is not None else PATIENCE

    def expects(self, status: int) -> bool:
        """Whether an answer with this status is a good one."""
        return status in self.status if self.status else 200 <= status <= 299

    def belongs(self, component: str | None, environment: str) -> bool:
        """Whether it says anything about an incident of this component and environment.

        Where the incident does not name one, a rule about it leaves nothing out: better a check too many.
        """
        here = not self.components or component is None or component in self.components
        return here and (not self.environments or not environment or environment in self.environments)
