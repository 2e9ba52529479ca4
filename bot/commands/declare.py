"""Declare an incident: in one line, from a form or a message; as a drill, in private, or only as a preview."""

import re
from typing import ClassVar, Self

from pydantic import Field
from rapidfuzz import fuzz

from bot import choosing, declaring, naming
from bot.acts import whisper
from bot.card import Card
from bot.choosing import Choice
from bot.commands.verb import Verb, Where
from bot.declaring import LONGEST_TITLE, Facts
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer, Original
from bot.messages import declaring as says
from bot.messages import notices
from bot.messages.answers import worst
from bot.messages.lengths import shorten
from bot.naming import read_severity
from bot.playbook.permissions import Right
from bot.playbook.process import Severity
from bot.playbook.shape import Playbook
from bot.reader import Summary
from bot.scene import Scene
from bot.timeline import Kind

LIKE = 88.0
"""From this similarity on (0 to 100) an open incident's title counts as the same."""
LOOK_BACK = 200
"""How many open incidents are compared at most."""
_FLAGS = {"preview": "preview", "drill": "drill", "private": "private", "anyway": "anyway", "from": "source"}
_FLAG = re.compile(
    r"^(preview|drill|private|anyway(?:\s+(?P<anyway>\d{1,15}))?|from\s+(?P<source>\d{1,15}))\b[:,]?\s*", re.IGNORECASE
)


class Declare(Verb):
    """Declare an incident."""

    words: ClassVar[tuple[str, ...]] = ("declare", "new", "create", "start", "open", "trigger", "raise")
    usage: ClassVar = "sev1 TITLE"
    says: ClassVar = "declare an incident; nothing after it opens a form"
    example: ClassVar = "/incident sev1 checkout is down"
    right: ClassVar[Right] = Right.DECLARE
    where: ClassVar = Where.ANYWHERE
    flag: ClassVar[str] = ""

    playbook: str = ""
    """Name of the playbook it falls under."""
    severity: str = ""
    title: str = ""
    impact: str = Field(default="", max_length=2000)
    preview: bool = False
    drill: bool = False
    private: bool = False
    anyway: int = 0
    """Id of the parked words that are declared in spite of a likely duplicate."""
    despite: bool = False
    """Whatever the playbook's rules say of who may."""
    beside: int = 0
    """Number of the newest incident that was open when the words were parked: a later one like it came of them."""
    source: int = 0
    """Id of the parked message that it is declared from."""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        flags, line = cls.flags(f"{cls.flag} {rest}".strip())
        if flags.get("anyway"):
            return cls.checked(flags)
        playbook, line = cls._under(line, scene, flags)
        severity, title = read_severity(line, playbook)
        if severity is None and (wrong := choosing.like_a_severity(line)):
            known = ", ".join(one.name for one in playbook.severities)
            raise Mistake(f"There is no “{wrong}” here. It can be {known}.")
        if severity is None and (name := choosing.wrong_name(line, scene.loaded)):
            books, rest = ", ".join(one.name for one in scene.loaded), line.strip()[len(name) :].strip()
            raise Mistake(f"“{name[:60]}” is no playbook. There are {books}; or leave it out: `/incident {rest[:80]}`.")
        if severity is None:
            raise Unsaid(f"Say how bad it is and what is wrong, like `/incident {worst(playbook)} checkout is down`.")
        if not naming.tidy(title):
            raise Unsaid(f"Say what is wrong, like `/incident {severity.name} checkout is down`.")
        if scene.here is not None and re.match(r"because\b", title, re.IGNORECASE):
            raise Mistake(f"To change how bad it is, type `/incident severity {severity.name} {title[:60]}`.")
        return cls.checked({**flags, "playbook": playbook.name, "severity": severity.name, "title": title})

    @classmethod
    def _under(cls, line: str, scene: Scene, flags: dict[str, object]) -> tuple[Playbook, str]:
        """The playbook that a line falls under, and the line without its name and what stands behind that name."""
        choice: Choice = choosing.choose(line, scene.loaded, place=scene.place)
        more, rest = cls.flags(choice.rest)
        flags.update(more)
        return choice.playbook, rest

    @classmethod
    def flags(cls, line: str) -> tuple[dict[str, object], str]:
        """Take ``preview``, ``drill``, ``private`` and the like off the front of a line."""
        flags: dict[str, object] = {}
        while (found := _FLAG.match(line)) is not None:
            word = found[1].split()[0].lower()
            given = found["anyway"] or found["source"]
            flags[_FLAGS[word] if word != "anyway" or given else "despite"] = given or True
            line = line[found.end() :]
        return flags, line

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        flags, line = cls.flags(f"{cls.flag} {initial}".strip())
        playbook, line = cls._under(line, scene, flags)
        severity, title = read_severity(line, playbook)
        known = [(s.name, shorten(f"{s.name.upper()} · {s.meaning}", 75)) for s in playbook.severities]
        name = playbook.name if len(scene.loaded) > 1 else ""
        kept = " ".join(f"{word} {flags[name]}" if name in ("anyway", "source") else word
                        for word, name in _FLAGS.items() if flags.get(name))  # fmt: skip
        chosen = severity.name if severity is not None else ""
        return Form(
            title="Declare an incident",
            does=" ".join(filter(None, ("declare", "anyway" if flags.get("despite") else "", kept, name))),
            submit="Preview" if flags.get("preview") else "Declare",
            fields=(
                FormField(name="title", label="What is wrong?", initial=title.strip()[:LONGEST_TITLE], required=True,
                          hint="In a few words: checkout is down", longest=LONGEST_TITLE),
                FormField(name="severity", label="How bad is it?", ask=Ask.CHOICE, choices=tuple(known[:25]),
                          initial=chosen, required=True, hint="If unsure, take the higher one"),
                FormField(name="impact", label="What do customers see?", ask=Ask.PARAGRAPH, longest=2000),
                FormField(name="private", label="Who may see it?", ask=Ask.CHOICE, initial="yes" if flags.get("private")
                          else "no", choices=(("no", "Everybody"), ("yes", "Only those who are invited"))),
            ),
        )  # fmt: skip

    @classmethod
    def fill(cls, values: dict[str, str], scene: Scene, rest: str) -> Self:
        flags, line = cls.flags(rest)
        playbook, _ = cls._under(line, scene, flags)
        severity = playbook.severity(values.get("severity", ""))
        if severity is None:
            raise Mistake("Choose how bad it is: " + ", ".join(s.name for s in playbook.severities) + ".")
        title = naming.tidy(values.get("title", ""))
        if not title:
            raise Mistake("Say in a few words what is wrong; nothing was declared yet.")
        private = bool(flags.get("private")) or values.get("private") == "yes"
        filled = {"severity": severity.name, "title": title, "impact": values.get("impact", ""), "private": private}
        return cls.checked({**flags, **filled, "playbook": playbook.name})

    def needs(self, scene: Scene) -> tuple[Right, ...]:
        return ()  # asked when the playbook that it falls under is known: see bot/declaring.py

    async def run(self, scene: Scene) -> Answer | Card | None:
        if self.anyway:
            return await self._anyway(scene)
        severity = self._take_up(scene).severity(self.severity)
        if severity is None:
            raise Mistake("I do not know that severity.")
        if not self.preview and not self.drill:
            open_ones = await self._open(scene)
            like = next((other for other in open_ones if self._is_like(other)), None)
            if like is not None:
                asked = self.model_copy(update={"beside": max(other.number for other in open_ones)})
                parked = await scene.work.park(asked.model_dump_json(), actor=scene.actor, at=scene.now)
                return notices.duplicate(like, parked=parked)
        return await self.declare(scene, severity)

    def _take_up(self, scene: Scene) -> Playbook:
        """From here on the act is one under this declaration's own playbook, as it is loaded now."""
        line = f"{self.severity} {self.title}"
        chosen = None if self.playbook else choosing.choose(line, scene.loaded, place=scene.place).playbook
        named = next((playbook for playbook in scene.loaded if playbook.name == self.playbook), chosen)
        if named is None:
            raise Mistake("The playbook that this falls under is no longer loaded; type the declaration again.")
        scene.playbook = named
        return named

    async def _anyway(self, scene: Scene) -> Answer | Card | None:
        parked = await scene.work.parked(self.anyway)
        if parked is None or parked.actor not in scene.actor.keys:
            raise Mistake("Those words are not yours or are gone; type the declaration again.")
        again = Declare.model_validate_json(parked.words)
        severity = again._take_up(scene).severity(again.severity)
        if severity is None:
            raise Mistake("The playbook has changed and no longer knows that severity; type the declaration again.")
        title = naming.tidy(again.title)
        level, _ = declaring.at_least(scene.playbook, severity, again._facts())
        for other in await again._open(scene):
            if other.number > again.beside and (other.title, other.severity) == (title, level.name):
                return says.already(other)
        return await again.declare(scene, severity)

    async def _open(self, scene: Scene) -> list[Summary]:
        """The open incidents that this one may double, newest first."""
        since = scene.now - scene.playbook.duplicates
        found = await scene.work.recent_open(since, limit=LOOK_BACK)
        return [other for other in found if not (other.private or other.drill)]

    def _is_like(self, other: Summary) -> bool:
        return fuzz.token_set_ratio(self.title.casefold(), other.title.casefold()) >= LIKE

    async def declare(self, scene: Scene, severity: Severity) -> Card | None:
        """Make the incident, or show what would be made."""
        facts = self._facts()
        why = await declaring.declare(scene, severity, facts, preview=self.preview)
        incident = scene.incident
        if self.preview:
            scene.here = None
            scene.owed.clear()
            return says.preview(incident, scene.playbook, follows=why)
        await self._note_source(scene)
        whisper(scene, notices.declared(incident, scene.playbook, follows=why))
        return says.declared(incident, scene.playbook, heard_on=scene.platform, follows=why)

    def _facts(self) -> Facts:
        return Facts(title=self.title, impact=self.impact, private=self.private, drill=self.drill, despite=self.despite)

    async def _note_source(self, scene: Scene) -> None:
        if self.source and (parked := await scene.work.parked(self.source)) is not None:
            original = Original.model_validate_json(parked.words)
            scene.record(Kind.NOTE, f"Declared from a message of {original.author}: {original.text}", at=original.at,
                         url=original.url or "")  # fmt: skip


class Preview(Declare):
    """Show what a declaration would do."""

    words: ClassVar = ("preview", "dry-run", "what if")
    usage: ClassVar = "preview sev1 TITLE"
    says: ClassVar = "show what would happen, and do nothing"
    example: ClassVar = "/incident preview sev1 checkout is down"
    flag: ClassVar[str] = "preview"


class Drill(Declare):
    """Rehearse live."""

    words: ClassVar = ("drill", "practice", "game day")
    usage: ClassVar = "drill sev1 TITLE"
    says: ClassVar = "rehearse live: nobody is paged and nothing is announced"
    example: ClassVar = "/incident drill sev1 the database is gone"
    flag: ClassVar[str] = "drill"


class Private(Declare):
    """Declare an incident that only those invited see."""

    words: ClassVar = ("private", "security", "confidential")
    usage: ClassVar = "private sev1 TITLE"
    says: ClassVar = "declare in a private channel that only those invited see"
    example: ClassVar = "/incident private sev1 a key has leaked"
    flag: ClassVar[str] = "private"
