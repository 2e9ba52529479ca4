"""The desk: the one door through which every change comes, whether a person spoke or a clock rang.

Each change is one transaction: the incident, its timeline, what is owed to the outside and the next due time. Only
when it is saved is anything sent, by the delivery; last, the alarm is set.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from bot import permission, standing
from bot.commands import VERBS
from bot.commands.answer import AnswerReminder, Tap
from bot.commands.declare import Declare
from bot.commands.note import pin, unpin
from bot.commands.verb import Verb, Where
from bot.errors import Mistake, TryLater, Unsaid
from bot.grammar import Grammar, Parsed
from bot.heard import Answer, Filled, Heard, Moved, Reacted, Spoken, Suggestion
from bot.incident import Incident
from bot.intents import React, Unarchive
from bot.messages import answers, home, notices
from bot.playbook.library import Library
from bot.playbook.shape import Playbook
from bot.ports import Clock, Meter
from bot.scene import TOCSIN, Scene
from bot.store import Change, Claimed, Owed, Store, Work
from bot.suggest import suggest
from bot.timeline import Kind
from bot.timers import RULES
from bot.timers.rule import Rule

log = structlog.get_logger()

BATCH = 200
"""Incidents handled in one transaction when many are due at once."""
TRY_AGAIN = timedelta(minutes=1)
"""After a fault in a rule the incident is looked at again this much later, so that it holds up no other."""


class Desk:
    """Hears people, rings with the clock, and learns what became of what was owed."""

    def __init__(
        self,
        *,
        store: Store,
        library: Library,
        clock: Clock,
        platforms: Sequence[str],
        meter: Meter,
        saved: Callable[[], None] = lambda: None,
    ) -> None:
        self.store = store
        self.library = library
        self.clock = clock
        self.platforms = tuple(platforms)
        self.grammar = Grammar(VERBS)
        self._meter = meter
        self._saved = saved
        """Called after each commit: something may be owed or due now."""

    # People

    async def hear(self, heard: Heard) -> Answer:
        """Save what was heard and act on it; see :class:`bot.ports.Ear`."""
        try:
            async with self.store.work() as work:
                if not await work.hear_once(heard.key, at=self.clock.now()):
                    return Answer(elsewhere=True)
                scene = self._scene(work, heard)
                answer = await self._act(scene, heard)
                await self._save(work, [scene])
        except Mistake as mistake:
            quiet = isinstance(heard, Reacted | Moved)
            return Answer() if quiet else Answer(card=answers.mistake(str(mistake)))
        except TryLater as gone:
            log.warning("not_saved", why=gone.why, heard=heard.key)
            return Answer(card=answers.database_gone())
        self._saved()
        return answer

    def _scene(self, work: Work, heard: Heard | None) -> Scene:
        playbook = self.library.current
        actor = playbook.known(heard.actor) if heard is not None else TOCSIN
        return Scene(
            now=self.clock.now(),
            actor=actor,
            playbook=playbook,
            work=work,
            reader=self.store.reader,
            platforms=self.platforms,
            verbs=self.grammar.verbs,
            heard=heard,
        )

    async def _act(self, scene: Scene, heard: Heard) -> Answer:
        match heard:
            case Spoken():
                return await self._spoken(scene, heard)
            case Filled():
                return await self._filled(scene, heard)
            case Reacted():
                return await self._reacted(scene, heard)
            case Moved():
                return await self._moved(scene, heard)

    async def _find(self, scene: Scene, words: str) -> Parsed:
        """Understand words, and bring the incident they are about into the scene."""
        heard = scene.heard
        number = self.grammar.parse(words, scene.playbook).number
        if number is None and heard is not None and heard.channel is not None:
            number = await scene.work.number_of(heard.platform, channel=heard.channel)
        if number is not None:
            scene.here = await scene.work.incident(number)
            if scene.here is None or not scene.here.sees(scene.actor):
                raise Mistake(f"There is no incident #{number} that you can see. `/incident list` shows those you can.")
            scene.playbook = await self.library.of(scene.here)
        return self.grammar.parse(words, scene.playbook)

    async def _spoken(self, scene: Scene, heard: Spoken) -> Answer:
        if heard.original is not None:
            return await self._from_message(scene, heard)
        parsed = await self._find(scene, heard.words)
        if parsed.near is not None:
            return Answer(card=answers.nearest(parsed.meant))
        verb, rest = parsed.verb or Declare, parsed.rest
        if parsed.severity is not None:
            rest = f"{parsed.severity.name} {rest}"
        if verb.where is not Where.ANYWHERE and scene.here is None:
            open_ones = await scene.reader.open(scene.actor.key, limit=5)
            return Answer(card=answers.which_incident(heard.words.strip(), open_ones))
        self._check(scene, verb)
        try:
            command = verb.read(rest, scene)
        except Unsaid:
            form = verb.form(scene, initial=rest) if heard.platform in self.platforms else None
            if form is None:
                raise
            return Answer(form=form)
        return await self._run(scene, command)

    async def _from_message(self, scene: Scene, heard: Spoken) -> Answer:
        original = heard.original
        if original is None:
            return Answer()
        parked = await scene.work.park(original.model_dump_json(), actor=scene.actor, at=scene.now)
        first = " ".join(original.text.split())[:120]
        return Answer(form=Declare.form(scene, initial=f"from {parked} {first}"))

    async def _filled(self, scene: Scene, heard: Filled) -> Answer:
        parsed = await self._find(scene, heard.words)
        verb = parsed.verb or Declare
        if verb.where is not Where.ANYWHERE and scene.here is None:
            raise Mistake("That form belongs to no incident any more; type the command again.")
        self._check(scene, verb)
        return await self._run(scene, verb.fill(heard.values, scene, parsed.rest))

    def _check(self, scene: Scene, verb: type[Verb]) -> None:
        incident = scene.here
        permission.may(scene.actor, verb.words[0], incident)
        if verb.where is Where.OPEN and incident is not None and not incident.open:
            raise Mistake(f"{incident.name} is {incident.status}. `/incident reopen` brings it back first.")

    async def _run(self, scene: Scene, command: Verb) -> Answer:
        said = await command.run(scene)
        return said if isinstance(said, Answer) else Answer(card=said)

    async def _reacted(self, scene: Scene, heard: Reacted) -> Answer:
        stands_on = await scene.work.message(heard.platform, ref=heard.message or "")
        number = stands_on[0] if stands_on is not None else None
        if number is None and heard.channel is not None:
            number = await scene.work.number_of(heard.platform, channel=heard.channel)
        scene.here = await scene.work.incident(number) if number is not None else None
        if scene.here is None:
            return Answer()
        scene.playbook = await self.library.of(scene.here)
        permission.may(scene.actor, "react", scene.here)
        signs, emoji = scene.playbook.reactions, _bare(heard.emoji)
        if stands_on is not None and stands_on[1].startswith("ask/") and heard.added:
            taps = {signs.no_change: Tap.NO_CHANGE, signs.acknowledge: Tap.ACKNOWLEDGE, signs.snooze: Tap.SNOOZE,
                    signs.lead: Tap.LEAD, signs.pause: Tap.PAUSE}  # fmt: skip
            tap = next((tap for sign, tap in taps.items() if _bare(sign) == emoji), None)
            if tap is not None and scene.here.open:
                silence = int(stands_on[1].split("/")[1])
                await AnswerReminder(silence=silence, tap=tap).run(scene)
        elif emoji == _bare(signs.timeline):
            self._pinned(scene, heard)
        return Answer()

    def _pinned(self, scene: Scene, heard: Reacted) -> None:
        message = heard.message or ""
        if heard.added and heard.original is not None:
            pin(scene, heard.original, message=message)
            scene.bring(scene.actor)
        elif not heard.added:
            unpin(scene, message=message)
        confirm = React(message=message, emoji="✅", on=heard.added)
        key = f"react/{scene.incident.revision + 1}"
        scene.owed.append(Owed(key, heard.platform, confirm))

    async def _moved(self, scene: Scene, heard: Moved) -> Answer:
        number = await scene.work.number_of(heard.platform, channel=heard.channel or "")
        scene.here = await scene.work.incident(number) if number is not None else None
        if scene.here is None:
            return Answer()
        scene.playbook = await self.library.of(scene.here)
        room, key = scene.here.rooms[heard.platform], scene.actor.key
        if heard.joined:
            room = room.model_copy(update={"left": room.left - {key}, "invited": room.invited | {key}})
            scene.bring(scene.actor)
        else:
            room = room.model_copy(update={"left": room.left | {key}})
        scene.here.rooms[heard.platform] = room
        scene.changed = True
        return Answer()

    async def wants_original(self, platform: str, channel: str, emoji: str) -> bool:
        """Whether a reaction needs the message it stands on."""
        if _bare(emoji) != _bare(self.library.current.reactions.timeline):
            return False
        return await self.store.reader.number_of(platform, channel=channel) is not None

    async def suggest(self, platform: str, channel: str | None, typed: str) -> list[Suggestion]:
        """What the words typed so far could become."""
        number = await self.store.reader.number_of(platform, channel=channel) if channel else None
        here = await self.store.reader.incident(number) if number is not None else None
        return suggest(self.grammar, self.library.current, here, typed)

    async def home(self, platform: str, handle: str) -> Answer:
        """The person's own page."""
        person = next((p for p in self.library.current.people if p.on(platform) == handle), None)
        key = person.key if person is not None else f"{platform}:{handle}"
        found = await self.store.reader.open(key, limit=20)
        return Answer(card=home.page(found, self.library.current))

    # Time

    async def ring(self) -> int:
        """Act on everything that is due; returns how many incidents it was."""
        handled = 0
        while True:
            now = self.clock.now()
            async with self.store.work() as work:
                due = await work.due(now, limit=BATCH)
                scenes = [await self._due(work, incident) for incident in due]
                if scenes:
                    await self._save(work, scenes)
            handled += len(due)
            if due:
                self._saved()
            if len(due) < BATCH:
                return handled

    async def _due(self, work: Work, incident: Incident) -> Scene:
        scene = self._scene(work, None)
        scene.here, scene.changed = incident, True
        before = incident.model_copy(deep=True)
        try:
            scene.playbook = await self.library.of(incident)
            for rule in RULES:
                self._apply(rule, scene)
        except Exception:  # the clock's edge: one incident's fault must not stop every other clock
            log.exception("rule_failed", incident=incident.number)
            scene.here, scene.entries, scene.owed, scene.changed = before, [], [], False
        return scene

    def _apply(self, rule: Rule, scene: Scene) -> None:
        at = rule.due(scene.incident, scene.playbook)
        if at is not None and at <= scene.now:
            self._meter.reminded(late=(scene.now - at).total_seconds())
            rule.run(scene)

    # Saving

    async def _save(self, work: Work, scenes: Sequence[Scene]) -> None:
        changes = []
        for scene in scenes:
            incident = scene.here
            if incident is None:
                if scene.owed:
                    await work.owe(scene.owed)
                continue
            failed = scene.heard is None and not scene.changed
            if scene.entries or scene.owed or scene.changed:
                standing.settle(scene)
            elif not failed:
                continue
            due = scene.now + TRY_AGAIN if failed else next_due(incident, scene.playbook)
            changes.append(Change(incident, scene.entries, scene.owed, due))
        if changes:
            await work.save(changes)

    # What became of what was owed

    async def late(self, claim: Claimed, why: str) -> None:
        """Part of an incident has to wait: noted, shown on the card, and told once."""
        async with self.store.work() as work:
            scene = await self._outcome(work, claim)
            if scene is None or _mark(claim) in scene.incident.late:
                return
            incident, about = scene.incident, f"{claim.intent.about()} ({claim.platform})"
            first = not incident.late
            incident.late[_mark(claim)] = about
            scene.record(Kind.LATE, f"Late: {about}; the platform answered “{why}”")
            if first:
                scene.say(notices.late(about, why), rings=False)
            await self._save(work, [scene])
        self._saved()

    async def made_good(self, claim: Claimed) -> None:
        """What was late is there now."""
        async with self.store.work() as work:
            scene = await self._outcome(work, claim)
            if scene is None or scene.incident.late.pop(_mark(claim), None) is None:
                return
            scene.record(Kind.LATE, f"Made good: {claim.intent.about()} ({claim.platform})")
            await self._save(work, [scene])
        self._saved()

    async def gave_up(self, claim: Claimed, why: str) -> None:
        """Something will not be there: noted and told once; a channel that does not come back gets a successor."""
        async with self.store.work() as work:
            scene = await self._outcome(work, claim)
            if scene is None:
                return
            incident, about = scene.incident, f"{claim.intent.about()} ({claim.platform})"
            incident.late.pop(_mark(claim), None)
            scene.record(Kind.LATE, f"Could not be done: {about}; the platform answered “{why}”")
            if isinstance(claim.intent, Unarchive):
                room = incident.rooms[claim.platform]
                incident.rooms[claim.platform] = room.model_copy(update={"generation": room.generation + 1})
            else:
                scene.say(notices.given_up(about, why), rings=False)
            await self._save(work, [scene])
        self._saved()

    async def _outcome(self, work: Work, claim: Claimed) -> Scene | None:
        incident = await work.incident(claim.incident) if claim.incident is not None else None
        if incident is None:
            return None
        scene = self._scene(work, None)
        scene.here, scene.playbook, scene.changed = incident, await self.library.of(incident), True
        return scene


def next_due(incident: Incident, playbook: Playbook) -> datetime | None:
    """When the first of the timed rules has to look at an incident."""
    return min((at for rule in RULES if (at := rule.due(incident, playbook)) is not None), default=None)


def _mark(claim: Claimed) -> str:
    return f"{claim.platform}:{claim.key}"


def _bare(emoji: str) -> str:
    """Without the invisible selector that asks for the coloured form."""
    return emoji.replace("\ufe0f", "")
