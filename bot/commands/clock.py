"""Start a deadline's clock from a stated moment, say that it is met, or call it off."""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import AwareDatetime, Field

from bot import clocks, deadlines
from bot.card import Card, Code, Style, When
from bot.commands.began import read_moment
from bot.commands.verb import Verb, Where, reason
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer
from bot.messages import answers, terms
from bot.messages import deadlines as says
from bot.playbook.clocks import DeadlineRule, Meets, Starts
from bot.playbook.permissions import Right
from bot.postmortem import acts
from bot.progress import Deadline
from bot.scene import Scene
from bot.timeline import Kind

_TIME_ONLY = re.compile(r"\d{1,2}(?::\d{2})?\s*(?:am|pm)?", re.IGNORECASE)
ALMOST_A_DAY = timedelta(hours=12)
"""A time of the day that lies further back was more likely meant for later today."""


class Does(StrEnum):
    """What becomes of the deadline."""

    START = "start"
    DONE = "done"
    DROP = "drop"


_DOES = (
    (Does.DONE, re.compile(r"^(?:is\s+)?(?:done|met|sent|finished|completed?|published)\b[\s:,.]*", re.IGNORECASE)),
    (Does.DROP, re.compile(r"^(?:drop(?:ped)?|cancel(?:led)?|stop(?:ped)?|called off)\b[\s:,.]*", re.IGNORECASE)),
)  # fmt: skip
_BECAUSE = re.compile(r"(?:^|(?<![\s,;])[\s,;]+)because\b[\s:,]*", re.IGNORECASE)
_BY = re.compile(r"(?:^|(?<![\s,;])[\s,;]+)(?:established\s+)?by\s+(?P<who>\S.*)$", re.IGNORECASE)
_AT = re.compile(r"^(?:start(?:ed|s)?\s+)?(?:at|since|from)?\s*", re.IGNORECASE)


class Clock(Verb):
    """Start, meet or drop a deadline."""

    words: ClassVar = ("clock", "deadline", "start clock", "clock start", "start deadline", "deadline start")
    usage: ClassVar = "clock NAME [at 14:05] [because …]"
    says: ClassVar = "start a deadline's clock; with done it is met, with drop because … it is called off"
    example: ClassVar = "/incident clock gdpr at 14:05 because the export log shows it"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT
    people: ClassVar = True

    deadline: str
    does: Does = Does.START
    at: AwareDatetime | None = None
    by: str = Field(default="", max_length=100)
    """Who established the moment; whoever types it where left out."""
    because: str = Field(default="", max_length=1000)
    """In whose words; what was done; why it is called off."""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        rule, tail = clocks.named(scene.incident, scene.playbook, rest)
        does, tail = _what(tail)
        if does is not Does.START:
            why = reason(scene.readable(tail)) if does is Does.DROP else scene.readable(tail)
            if does is Does.DROP and not why:
                raise Unsaid(f"Say why, like `/incident clock {rule.name} drop because it does not apply`.")
            return cls.checked({"deadline": rule.name, "does": does, "because": why})
        before, *after = _BECAUSE.split(tail, maxsplit=1)
        found = _BY.search(before)
        when = _AT.sub("", before[: found.start()] if found else before).strip()
        values: dict[str, object] = {"because": scene.readable(after[0]).strip() if after else ""}
        if found is not None:
            values["by"] = _name(found["who"], scene)
        if when:
            values["at"] = _moment(when, scene)
        command = cls.checked({"deadline": rule.name, **values})
        if (after and not command.because) or (command.at is None and rule.moment and not _runs(rule, scene)):
            raise Unsaid(f"Say when, and in whose words, like `/incident clock {rule.name} at 14:05 because …`.")
        return command

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        name = scene.incident.name
        because = FormField(name="because", label="In their own words", ask=Ask.PARAGRAPH, longest=1000,
                            hint="How was it established?", initial=_words(initial, scene))  # fmt: skip
        moment = (
            FormField(name="at", label="From when does it count?", longest=60, initial=_now(scene), required=True),
            FormField(name="by", label="Who established it?", longest=100, initial=scene.actor.name),
            because,
        )
        if not initial.strip():
            choices = tuple(
                (rule.name, f"{rule.title} ({rule.within})"[:75])
                for rule in clocks.startable(scene.incident, scene.playbook)[:25]
            )
            which = FormField(name="deadline", label="Which one?", ask=Ask.CHOICE, choices=choices, required=True)
            return Form(title="Start a clock", does=f"{name} clock", submit="Start", fields=(which, *moment))
        rule, tail = clocks.named(scene.incident, scene.playbook, initial)
        if _what(tail)[0] is Does.DROP:
            why = FormField(name="because", label="Why?", ask=Ask.PARAGRAPH, required=True, longest=1000)
            return Form(title="Call it off", does=f"{name} clock {rule.name} drop", submit="Call off", fields=(why,))
        when = moment[0].model_copy(update={"hint": f"When {rule.moment}"[:100]}) if rule.moment else moment[0]
        fields = (because,) if _runs(rule, scene) else (when, *moment[1:])
        return Form(title=rule.title[:24], does=f"{name} clock {rule.name}", submit="Send", fields=fields)

    @classmethod
    def fill(cls, values: dict[str, str], scene: Scene, rest: str) -> Self:
        rule, tail = clocks.named(scene.incident, scene.playbook, rest or values.get("deadline", ""))
        filled: dict[str, object] = {name: text for name, text in values.items() if text.strip()}
        if values.get("at", "").strip():
            filled["at"] = _moment(values["at"], scene)
        if values.get("by", "").strip():
            filled["by"] = _name(values["by"], scene)
        return cls.checked({**filled, "deadline": rule.name, "does": _what(tail)[0]})

    async def run(self, scene: Scene) -> Answer | Card | None:
        rule, _ = clocks.named(scene.incident, scene.playbook, self.deadline)
        before = scene.incident.progress.deadlines.get(rule.name)
        if self.does is Does.START:
            return self._start(scene, rule, before)
        if before is None or not before.running:
            return _not_running(rule, before)
        if self.does is Does.DONE:
            met = deadlines.meet(scene.incident, rule.name, at=scene.now, now=scene.now, by=scene.actor.name)
            sentence = terms.is_met(met, words=self.because)
            if rule.met_by is Meets.PUBLISHED:
                await acts.published_elsewhere(scene)
        else:
            sentence = terms.is_gone(deadlines.drop(scene.incident, rule.name, now=scene.now, because=self.because))
        scene.record(Kind.DEADLINE, sentence, deadline=rule.name)
        return answers.done(f"Noted. {sentence}.")

    def _start(self, scene: Scene, rule: DeadlineRule, before: Deadline | None) -> Answer | Card | None:
        incident, now, zone = scene.incident, scene.now, scene.playbook.timezone
        if self.at is not None and self.at > now:
            raise Mistake("That is still to come. Write the date too, like `2026-11-20 14:05`.")
        if before is not None and before.dropped_at is None and not (self.at or self.because):
            return says.runs(before, rule, incident=incident) if before.running else _not_running(rule, before)
        runs = before is not None and before.running
        if not runs and rule.starts in (Starts.RESOLVED, Starts.CLOSED) and deadlines.since(rule, incident) is None:
            raise Mistake(f"{rule.title} starts by itself when the incident is {rule.starts}.")
        made = self._go_on(scene, rule, before) if before is not None and runs else self._begin(scene, rule)
        was = before.due_at if before is not None and runs and before.due_at != made.due_at else None
        sentence = terms.is_due(made, now=now, zone=zone, was=was) + terms.counted_from(made, rule, now=now, zone=zone)
        scene.record(
            Kind.DEADLINE,
            sentence,
            deadline=rule.name,
            due=made.due_at.isoformat(),
            since=made.started_at.isoformat(),
            established_by=made.established_by,
            words=made.words,
        )
        return says.runs(made, rule, incident=incident)

    def _begin(self, scene: Scene, rule: DeadlineRule) -> Deadline:
        """Start it, and let the channel know."""
        incident, by = scene.incident, self.by or scene.actor.name
        deadlines.start(incident, rule, moment=self.at or scene.now, now=scene.now, here=scene.working_time, by=by,
                        words=self.because)  # fmt: skip
        return deadlines.tell(incident, rule.name)

    def _go_on(self, scene: Scene, rule: DeadlineRule, before: Deadline) -> Deadline:
        """It runs already: count it from another moment, or note whose words established it."""
        by = self.by or before.established_by or scene.actor.name
        deadlines.establish(scene.incident, rule.name, by=by, words=self.because or before.words)
        moment = self.at or before.started_at
        return deadlines.move(scene.incident, rule, moment=moment, now=scene.now, here=scene.working_time)


def _moment(words: str, scene: Scene) -> datetime:
    """A moment that a clock counts from. Days hang on it, so a time that is still to come today is not taken for
    yesterday's unsaid.
    """
    found = read_moment(words, scene)
    zone = scene.actor.zone(scene.playbook.timezone)
    if _TIME_ONLY.fullmatch(words.strip()) and scene.now - found > ALMOST_A_DAY:
        day = found.astimezone(zone)
        raise Mistake(
            f"{words.strip()} in {zone} is still to come today. For yesterday write the date, like "
            f"`{day:%Y-%m-%d %H:%M}`; for another zone name it, like `{words.strip()} UTC`."
        )
    return found


def _what(tail: str) -> tuple[Does, str]:
    """What is to become of it, and the words after that."""
    for does, pattern in _DOES:
        found = pattern.match(tail)
        if found is not None:
            return does, tail[found.end() :]
    return Does.START, tail


def _runs(rule: DeadlineRule, scene: Scene) -> bool:
    kept = scene.incident.progress.deadlines.get(rule.name)
    return kept is not None and kept.running


def _words(initial: str, scene: Scene) -> str:
    _, *after = _BECAUSE.split(initial, maxsplit=1)
    return scene.readable(after[0]).strip() if after else ""


def _now(scene: Scene) -> str:
    return f"{scene.now.astimezone(scene.actor.zone(scene.playbook.timezone)):%Y-%m-%d %H:%M}"


def _name(words: str, scene: Scene) -> str:
    """The name of whoever is meant; somebody whom nobody here knows is named as they were."""
    try:
        return scene.find_person(words).name
    except Mistake:
        return scene.readable(words).strip()


def _not_running(rule: DeadlineRule, before: Deadline | None) -> Card:
    if before is not None and before.met_at is not None:
        again = Code(text=f"/incident clock {rule.name} at …")
        when = When(at=before.met_at, style=Style.MOMENT)
        return answers.done(f"{rule.title} is done already, since ", when, ". ", again, " starts it anew.")
    raise Mistake(f"{rule.title} does not run. `/incident clock {rule.name}` starts it.")
