"""Steps that people tick: what is done, what comes next, what is still missing.

A *sheet* is what is ticked: a checklist, or the steps of a runbook. Every step takes *now* and never reads a clock.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.incident import Incident
from bot.people import Person
from bot.playbook.part import fold
from bot.playbook.process import Step
from bot.playbook.shape import Playbook
from bot.progress import Tick

BOOK = "runbook/"
"""Begins the key of a runbook's steps; the key of a checklist is its name."""
TOGETHER = 12
"""Steps that one message holds at most where several sheets stand in it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What people tick."""

    key: str
    """Under which its ticks are kept: ``p1``, ``runbook/undo-the-last-deploy``."""
    title: str
    steps: tuple[Step, ...]
    ordered: bool = False

    @property
    def name(self) -> str:
        """What people type for it."""
        return self.key.removeprefix(BOOK)

    @property
    def message(self) -> str:
        """Key of the message in which it stands."""
        return self.key if self.key.startswith(BOOK) else f"checklist/{self.key}"

    def step(self, number: int) -> Step:
        """The step of this number, from 1."""
        return self.steps[number - 1]

    def numbers(self) -> range:
        """The numbers of its steps."""
        return range(1, len(self.steps) + 1)

    def groups(self) -> list[list[int]]:
        """The numbers of its steps, those that stand for each other together."""
        groups: dict[str, list[int]] = {}
        for number in self.numbers():
            groups.setdefault(self.step(number).any_of or f"#{number}", []).append(number)
        return list(groups.values())

    def required(self, number: int) -> bool:
        """Whether a step has to be done: one that is marked so, or any where none is."""
        return self.step(number).required or not any(step.required for step in self.steps)


def sheet(playbook: Playbook, key: str) -> Sheet | None:
    """The sheet of this key, if the playbook has it."""
    return next((one for one in sheets(playbook) if fold(one.key) == fold(key)), None)


def sheets(playbook: Playbook) -> Iterator[Sheet]:
    """Everything in a playbook that can be ticked."""
    for one in playbook.checklists:
        yield Sheet(one.name, one.title, one.steps, one.ordered)
    for book in playbook.runbooks:
        if book.steps:
            yield Sheet(f"{BOOK}{book.key}", book.title, book.steps, book.ordered)


def named(playbook: Playbook, words: str) -> Sheet | None:
    """The sheet that these words name: by its key, its name or its title, a checklist before a runbook."""
    wanted = fold(words)
    return next((one for one in sheets(playbook) if wanted in map(fold, (one.key, one.name, one.title))), None)


def standing(incident: Incident, playbook: Playbook) -> list[Sheet]:
    """The sheets that stand in the channel, in the order in which they were opened."""
    return [one for key in incident.progress.opened if (one := sheet(playbook, key)) is not None]


def leading(incident: Incident, playbook: Playbook) -> list[Sheet]:
    """Those of the standing sheets that have a message of their own."""
    return [one for one in standing(incident, playbook) if one.key not in incident.progress.beside]


def below(incident: Incident, playbook: Playbook, sheet: Sheet) -> list[Sheet]:
    """The sheets that stand below this one, in its message."""
    return [one for one in standing(incident, playbook) if incident.progress.beside.get(one.key) == sheet.key]


def ticks(incident: Incident, sheet: Sheet) -> Mapping[int, Tick]:
    """What was ticked or left out on a sheet."""
    return incident.progress.ticks.get(sheet.key, {})


def settled(sheet: Sheet, ticks: Mapping[int, Tick]) -> frozenset[int]:
    """Numbers of the steps on which nothing is to be done any more: done, left out, or stood for by another."""
    done = set(ticks)
    for group in sheet.groups():
        if any(number in ticks and not ticks[number].skipped for number in group):
            done.update(group)
    return frozenset(done)


def upcoming(sheet: Sheet, ticks: Mapping[int, Tick]) -> list[int]:
    """Numbers of the steps that can be ticked now: the next one where they go in order, with what stands for it."""
    done = settled(sheet, ticks)
    groups = [[number for number in group if number not in done] for group in sheet.groups()]
    groups = [group for group in groups if group]
    if sheet.ordered:
        return groups[0] if groups else []
    return sorted(number for group in groups for number in group)


def count(sheet: Sheet, ticks: Mapping[int, Tick]) -> tuple[int, int]:
    """How many steps are settled, and of how many; steps that stand for each other are one."""
    done = settled(sheet, ticks)
    groups = sheet.groups()
    return sum(all(number in done for number in group) for group in groups), len(groups)


def missing(incident: Incident, playbook: Playbook, name: str) -> list[Step]:
    """The steps of a checklist that still have to be done before it counts as complete.

    These are its required ones, or all where none is marked so; steps that share ``any_of`` stand for each other, and
    a step that was left out with a reason is no longer missing. Nothing is where the playbook has no such checklist
    or the incident's severity does not come under it.
    """
    checklist, found = playbook.checklist(name), sheet(playbook, name)
    if checklist is None or found is None or not playbook.applies(checklist.severities, incident.severity):
        return []
    done = settled(found, ticks(incident, found))
    return [found.step(number) for number in found.numbers() if found.required(number) and number not in done]


def tick(
    incident: Incident, sheet: Sheet, number: int, *, by: Person, now: datetime, note: str = "", skipped: str = ""
) -> None:
    """Note that a step is done, or why it is left out."""
    kept = incident.progress.ticks.setdefault(sheet.key, {})
    kept[number] = Tick(at=now, by=by, note=note, skipped=skipped)


def untick(incident: Incident, sheet: Sheet, number: int) -> Tick | None:
    """Take a tick back; returns it, or ``None`` where there was none."""
    return incident.progress.ticks.get(sheet.key, {}).pop(number, None)


def open_sheet(incident: Incident, sheet: Sheet) -> bool:
    """Let a sheet stand in the channel; whether it did not before."""
    progress = incident.progress
    if sheet.key in progress.opened:
        return False
    progress.opened = (*progress.opened, sheet.key)
    return True


def join(incident: Incident, opened: Sequence[Sheet]) -> None:
    """Let sheets that opened together stand in one message, as many as are short enough for that."""
    lead: Sheet | None = None
    steps = 0
    for sheet in opened:
        steps += len(sheet.steps)
        if lead is not None and steps <= TOGETHER:
            incident.progress.beside[sheet.key] = lead.key
        else:
            lead, steps = sheet, len(sheet.steps)
