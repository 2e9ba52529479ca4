"""Tick a step of a checklist or of a runbook, or take a tick back."""

import re
from typing import ClassVar, Self

from pydantic import Field

from bot import acts, checklists
from bot.card import Card
from bot.checklists import Sheet
from bot.commands.verb import Verb, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import answers, lists
from bot.playbook.permissions import Right
from bot.playbook.shape import Playbook
from bot.scene import Scene
from bot.timeline import Kind

_NUMBER = re.compile(r"#?(?P<number>\d{1,3})[.,:;)]?")
_STEP = re.compile(r"(?:^|\s+)(?:step|number|no\.?)$", re.IGNORECASE)


class Tick(Verb):
    """Tick a step."""

    words: ClassVar[tuple[str, ...]] = ("tick", "ticked", "tick off", "check off", "checked off")
    usage: ClassVar[str] = "tick [CHECKLIST] 3 [NOTE]"
    says: ClassVar[str] = "tick a step of a checklist; who and when goes on the timeline"
    example: ClassVar[str] = "/incident tick 3"
    right: ClassVar = Right.OPEN
    where: ClassVar[Where] = Where.INCIDENT

    key: str
    """Of its sheet."""
    number: int
    note: str = Field(default="", max_length=500)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        sheet, number, note = read_step(rest, scene, verb="tick", unsettled=True)
        return cls.checked({"key": sheet.key, "number": number, "note": note})

    async def run(self, scene: Scene) -> Answer | Card | None:
        sheet = sheet_of(scene, self.key)
        ticks = checklists.ticks(scene.incident, sheet)
        before = ticks.get(self.number)
        if before is not None and not before.skipped:
            return lists.ticked_before(sheet, self.number, before, mine=before.by.key == scene.actor.key)
        self._in_order(scene, sheet)
        checklists.tick(scene.incident, sheet, self.number, by=scene.actor, now=scene.now, note=self.note)
        note = f" ({self.note})" if self.note else ""
        on_record(scene, sheet, self.number, says=f"☑ {sheet.title} {lists.named(sheet, self.number)}{note}")
        return lists.ticked(scene.incident, sheet, self.number)

    def _in_order(self, scene: Scene, sheet: Sheet) -> None:
        ticks = checklists.ticks(scene.incident, sheet)
        upcoming = checklists.upcoming(sheet, ticks)
        if sheet.ordered and self.number not in checklists.settled(sheet, ticks) and self.number not in upcoming:
            coming = " Or ".join(lists.named(sheet, number) for number in upcoming)
            raise Mistake(f"{sheet.title} goes in order. Next is {coming}")


class Untick(Verb):
    """Take a tick back."""

    words: ClassVar = ("untick", "unticked", "uncheck", "undo tick")
    usage: ClassVar = "untick [CHECKLIST] 3"
    says: ClassVar = "take a tick back; that it stood stays on the timeline"
    example: ClassVar = "/incident untick 3"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    key: str
    number: int
    because: str = Field(default="", max_length=500)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        sheet, number, because = read_step(rest, scene, verb="untick", unsettled=False)
        return cls.checked({"key": sheet.key, "number": number, "because": because})

    async def run(self, scene: Scene) -> Answer | Card | None:
        sheet = sheet_of(scene, self.key)
        if checklists.untick(scene.incident, sheet, self.number) is None:
            raise Mistake(f"Step {self.number} of {sheet.title} is not ticked.")
        why = f" ({self.because})" if self.because else ""
        on_record(scene, sheet, self.number, says=f"☐ {sheet.title} {lists.named(sheet, self.number)} taken back{why}")
        return answers.done(f"☐ {lists.named(sheet, self.number)} To do again.")


def on_record(scene: Scene, sheet: Sheet, number: int, *, says: str) -> None:
    """A change of a step: it goes on the timeline, its sheet stands from now on, and its author is at work."""
    scene.record(Kind.CHECKLIST, says, checklist=sheet.key, step=str(number))
    checklists.open_sheet(scene.incident, sheet)
    if scene.incident.open:
        acts.acknowledge(scene)
    scene.bring(scene.actor)


def sheet_of(scene: Scene, key: str) -> Sheet:
    """The sheet of this key; raises ``Mistake``."""
    sheet = checklists.sheet(scene.playbook, key)
    if sheet is None:
        raise Mistake("There is no such checklist. `/incident checklist` shows those there are.")
    return sheet


def read_step(rest: str, scene: Scene, *, verb: str, unsettled: bool) -> tuple[Sheet, int, str]:
    """A step as ``[CHECKLIST] N``, and what follows it; raises ``Mistake``.

    Where the checklist is left out, it is the only one that stands; with ``unsettled`` the only one with steps to do.
    """
    words = rest.split(maxsplit=20)
    for place in range(1, len(words)):
        sheet = checklists.named(scene.playbook, _STEP.sub("", " ".join(words[:place])))
        if sheet is not None and (found := _NUMBER.fullmatch(words[place])) is not None:
            return sheet, _within(sheet, int(found["number"])), " ".join(words[place + 1 :])
    bare = words[1:] if words and _STEP.fullmatch(words[0]) else words
    found = _NUMBER.fullmatch(bare[0]) if bare else None
    if found is None:
        raise Mistake(_which_step(rest, scene, verb=verb))
    sheet = only(scene, verb=verb, number=found["number"], unsettled=unsettled)
    return sheet, _within(sheet, int(found["number"])), " ".join(bare[1:])


def only(scene: Scene, *, verb: str, number: str, unsettled: bool) -> Sheet:
    """The sheet that is meant where none is named; raises ``Mistake``."""
    incident = scene.incident
    stand = checklists.standing(incident, scene.playbook)
    if len(stand) > 1 and unsettled:
        stand = [one for one in stand if checklists.upcoming(one, checklists.ticks(incident, one))] or stand
    if not stand:
        raise Mistake("No checklist is open here. `/incident checklist` shows those there are.")
    if len(stand) > 1:
        each = " or ".join(f"`/incident {verb} {one.name} {number}`" for one in stand)
        raise Mistake(f"More than one checklist is open. Say which: {each}.")
    return stand[0]


def _within(sheet: Sheet, number: int) -> int:
    if number in sheet.numbers():
        return number
    count = f"{len(sheet.steps)} steps" if len(sheet.steps) > 1 else "one step"
    raise Mistake(f"{sheet.title} has {count}; there is no step {number}.")


def _which_step(rest: str, scene: Scene, *, verb: str) -> str:
    """The sentence for somebody who named no step, or a checklist that is none."""
    sheet = checklists.named(scene.playbook, rest)
    if sheet is None and rest.split()[1:] and any(map(_NUMBER.fullmatch, rest.split())):
        return f"“{rest.split()[0][:60]}” is no checklist here. {_known(scene.playbook)}"
    sheet = sheet or next(iter(checklists.standing(scene.incident, scene.playbook)), None)
    if sheet is None:
        return f"Say which step, by its number, like `/incident {verb} 3`."
    upcoming = checklists.upcoming(sheet, checklists.ticks(scene.incident, sheet))
    coming = f" Next on {sheet.title} is {lists.named(sheet, upcoming[0])}" if upcoming else ""
    return (
        f"Say which step, by its number, like `/incident {verb} {sheet.name} {upcoming[0] if upcoming else 1}`.{coming}"
    )


def _known(playbook: Playbook) -> str:
    names = ", ".join(sheet.name for sheet in checklists.sheets(playbook))
    return f"There are {names}." if names else "The process has none."
