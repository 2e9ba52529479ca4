"""The desk: the door through which people come, with words, forms, reactions and their comings and goings, and through
which comes back what was asked of the outside.

What they say is saved in one transaction before anything is sent; a sentence tells them what was wrong with it.
"""

import asyncio
from collections.abc import Callable
from time import monotonic

import structlog

from bot import following, learning, permission, signs
from bot.accounts import known
from bot.alerts.alert import Posted
from bot.alerts.listening import Listening
from bot.alerts.post import Post
from bot.card import Card
from bot.choosing import Place
from bot.commands.declare import Declare
from bot.commands.verb import Verb, Where
from bot.errors import Mistake, NotAllowed, TryLater, Unsaid
from bot.grammar import Grammar, Parsed
from bot.heard import Answer, Filled, Heard, Moved, Original, Reacted, Spoken, Suggestion
from bot.intents import FORGE, TRACKER, Urgency, Whisper
from bot.learned import Learned, RouteTried, Spotted, Wanted
from bot.messages import actions, answers, home, permissions, routes
from bot.people import stranger
from bot.playbook.permissions import Right
from bot.ports import Meter
from bot.routes import holds_one
from bot.scene import Scene
from bot.scenes import Scenes, save
from bot.store import Owed
from bot.suggest import suggest

log = structlog.get_logger()

ANSWERING = 0.02
"""Seconds that an adapter has to send an answer, during which what is owed still steps aside."""
TITLE_FROM_MESSAGE = 120
"""Characters of a message that are offered as the title of the incident declared from it."""


class Desk:
    """Hears people; see :class:`bot.ports.Ear`."""

    def __init__(
        self,
        scenes: Scenes,
        grammar: Grammar,
        *,
        listening: Listening | None = None,
        saved: Callable[[], None] = lambda: None,
        meter: Meter | None = None,
    ) -> None:
        self._scenes, self._grammar, self._saved, self._meter = scenes, grammar, saved, meter
        self._listening = listening
        self._hearing = 0
        self.quiet = asyncio.Event()
        """Set while nobody is being heard: what is owed waits a moment for those who wait for an answer."""
        self.quiet.set()

    async def hear(self, heard: Heard) -> Answer:
        """Save what was heard and act on it."""
        self._hearing += 1
        self.quiet.clear()
        began = monotonic()
        try:
            answer, result = await self._hear(heard)
        finally:
            asyncio.get_running_loop().call_later(ANSWERING, self._heard)
        if self._meter is not None and isinstance(heard, Spoken | Filled):
            self._meter.commanded(heard.platform, result, seconds=monotonic() - began)
        return answer

    def _heard(self) -> None:
        self._hearing -= 1
        if not self._hearing:
            self.quiet.set()

    async def _hear(self, heard: Heard) -> tuple[Answer, str]:
        """What its author gets back, and in a word what came of it; see :meth:`bot.ports.Meter.commanded`."""
        try:
            async with self._scenes.store.work(first=True) as work:
                if not await work.hear_once(heard.key, at=self._scenes.clock.now()):
                    return Answer(elsewhere=True), "saved"
                scene = await self._scenes.meet(work, heard)
                answer = await self._act(scene, heard)
                await save(work, scene)
        except Mistake as mistake:
            quiet = isinstance(heard, Reacted | Moved)
            return Answer() if quiet else Answer(card=answers.mistake(str(mistake))), "mistake"
        except TryLater as gone:
            log.warning("not_saved", why=gone.why, heard=heard.key)
            return Answer(card=answers.database_gone()), "unsaved"
        self._saved()
        return answer, "saved"

    async def _act(self, scene: Scene, heard: Heard) -> Answer:
        match heard:
            case Spoken(original=Original() as original):
                return await self._from_message(scene, heard, original)
            case Spoken():
                return await self._spoken(scene, heard)
            case Filled():
                return await self._filled(scene, heard)
            case Reacted():
                return await self._reacted(scene, heard)
            case Moved():
                number = await scene.work.number_of(heard.platform, channel=heard.channel or "")
                if await self._bring(scene, number):
                    signs.moved(scene, heard)
                return Answer()

    # Words

    async def _spoken(self, scene: Scene, heard: Spoken) -> Answer:
        parsed = await self._understand(scene, heard.words)
        unclear = await self._unclear(scene, heard, parsed)
        if unclear is not None:
            return Answer(card=unclear)
        verb, rest = parsed.verb or Declare, parsed.rest
        if parsed.severity is not None:
            rest = parsed.line
        self._check(scene, verb)
        rest = rest if verb.people else scene.readable(rest)
        try:
            command = verb.read(rest, scene)
        except Unsaid:
            await self._may_fill(scene, verb)
            form = verb.form(scene, initial=rest) if heard.platform in self._scenes.platforms else None
            if form is None:
                raise
            return Answer(form=form)
        except Mistake as mistake:
            if issubclass(verb, Declare):
                raise
            return Answer(card=answers.mistake(str(mistake), title=_title(scene, heard.words)))
        return await self._run(scene, command)

    async def _unclear(self, scene: Scene, heard: Spoken, parsed: Parsed) -> Card | None:
        """What could be meant, where that is not clear. Words typed outside an incident may be what is wrong with
        something, even where the first of them is a command's.
        """
        words, verb, title = heard.words.strip(), parsed.verb, _title(scene, heard.words)
        if parsed.near is not None:
            shown = scene.readable(parsed.meant)
            return answers.nearest(parsed.meant, scene.playbook, shown=shown, title=title)
        if verb is None or scene.here is not None:
            return None
        if verb.where is not Where.ANYWHERE:
            open_ones = await scene.reader.open(scene.actor, limit=5)
            return answers.which_incident(
                words, open_ones, scene.playbook, shown=scene.readable(words), title=title if parsed.rest else ""
            )
        no_use = bool(parsed.rest) and not verb.model_fields
        return answers.nearest(verb.words[0], scene.playbook, title=title) if no_use else None

    async def _filled(self, scene: Scene, heard: Filled) -> Answer:
        parsed = await self._understand(scene, heard.words)
        verb = parsed.verb or Declare
        if verb.where is not Where.ANYWHERE and scene.here is None:
            raise Mistake("That form belongs to no incident any more; type the command again.")
        self._check(scene, verb)
        values = {name: scene.readable(value) for name, value in heard.values.items()}
        try:
            return await self._run(scene, verb.fill(values, scene, parsed.rest))
        except NotAllowed as refused:
            raise NotAllowed(permissions.kept(str(refused), values)) from refused

    async def _from_message(self, scene: Scene, heard: Spoken, original: Original) -> Answer:
        """A new incident, or in the channel of one perhaps an action item."""
        number = await scene.work.number_of(heard.platform, channel=heard.channel or "")
        within = await self._bring(scene, number) and scene.incident.sees(scene.actor)
        original = original.model_copy(update={"text": scene.readable(original.text)})
        parked = await scene.work.park(original.model_dump_json(), actor=scene.actor, at=scene.now)
        title = " ".join(original.text.split())[:TITLE_FROM_MESSAGE]
        if within:
            return Answer(card=actions.what_of_it(scene.incident, parked, declares=f"declare from {parked} {title}"))
        await self._may_fill(scene, Declare)
        return Answer(form=Declare.form(scene, initial=f"from {parked} {title}"))

    async def _understand(self, scene: Scene, words: str) -> Parsed:
        """Understand words, and bring the incident they are about into the scene."""
        heard = scene.heard
        number = self._grammar.parse(words, scene.playbook, scene.loaded).number
        if number is None and heard is not None and heard.channel is not None:
            number = await scene.work.number_of(heard.platform, channel=heard.channel)
        if number is not None:
            found = await self._bring(scene, number)
            if not found or not scene.incident.sees(scene.actor):
                raise Mistake(f"There is no incident #{number} that you can see. `/incident list` shows those you can.")
        return self._grammar.parse(words, scene.playbook, scene.loaded)

    async def _bring(self, scene: Scene, number: int | None) -> bool:
        incident = await scene.work.incident(number) if number is not None else None
        return await self._scenes.about(scene, incident)

    def _check(self, scene: Scene, verb: type[Verb]) -> None:
        incident = scene.here
        permission.may(scene.actor, verb.words[0], incident)
        if verb.where is Where.OPEN and incident is not None and not incident.open:
            raise Mistake(f"{incident.name} is {incident.status}. `/incident reopen` brings it back first.")

    async def _may_fill(self, scene: Scene, verb: type[Verb]) -> None:
        """Nobody fills in a form in vain; of several playbooks only its answers say under which one is declared."""
        if verb.right is not Right.DECLARE or len(scene.loaded) == 1:
            await permission.hold(scene, verb.right)

    async def _run(self, scene: Scene, command: Verb) -> Answer:
        said = await permission.act(scene, command)
        return said if isinstance(said, Answer) else Answer(card=said)

    # Signs

    async def _reacted(self, scene: Scene, heard: Reacted) -> Answer:
        stands_on = await scene.work.message(heard.platform, ref=heard.message or "")
        number, key = stands_on if stands_on is not None else (None, None)
        if number is None and heard.channel is not None:
            number = await scene.work.number_of(heard.platform, channel=heard.channel)
        if await self._bring(scene, number):
            await signs.reacted(scene, heard, key=key)
        return Answer()

    async def wants_original(self, platform: str, channel: str, emoji: str) -> bool:
        """Whether a reaction needs the message it stands on."""
        reader = self._scenes.store.reader
        try:
            number = await reader.number_of(platform, channel=channel)
            incident = await reader.incident(number) if number is not None else None
            playbook = await self._scenes.library.of(incident) if incident is not None else None
        except (Mistake, TryLater):  # whoever hears the reaction next runs into the same, and says so
            return False
        return playbook is not None and signs.keeps(playbook, emoji)

    # What comes back

    async def learn(self, learned: Learned) -> None:
        """Save what came of an effect outside chat. Nobody waits for an answer, so nothing steps aside for it."""
        if isinstance(learned, Spotted):
            await self._spotted(learned)
            return
        if isinstance(learned, RouteTried):
            await self._tried(learned)
            return
        if isinstance(learned, Wanted):
            await self._wanted(learned)
            return
        async with self._scenes.store.work() as work:
            if not await work.hear_once(learned.key, at=self._scenes.clock.now()):
                return
            scene = self._scenes.begin(work)
            if await self._bring(scene, learned.incident):
                learning.learn(scene, learned)
                await save(work, scene)
        self._saved()

    async def _spotted(self, spotted: Spotted) -> None:
        """Most issues of a tracker are somebody else's: those are only looked up."""
        whose = await self._scenes.store.reader.message(TRACKER, ref=spotted.ref)
        if whose is None:
            return
        number, key = whose
        async with self._scenes.store.work() as work:
            scene = self._scenes.begin(work)
            if await self._bring(scene, number):
                following.spotted(scene, spotted, key)
                await save(work, scene)
        self._saved()

    async def _tried(self, tried: RouteTried) -> None:
        """A code or a test did not go out: whoever waits for it is told privately, wherever they have an account."""
        async with self._scenes.store.work() as work:
            if not await work.hear_once(tried.key, at=self._scenes.clock.now()):
                return
            person, sent = tried.sent.person, tried.sent
            card = routes.failed(sent.name, tried.why, test=sent.test)
            where = [platform for platform in self._scenes.platforms if person.on(platform) is not None]
            whisper = Whisper(person=person, card=card)
            await work.owe([Owed(f"tried/{tried.key}"[:100], each, whisper, Urgency.ANSWER) for each in where])
        self._saved()

    async def _wanted(self, wanted: Wanted) -> None:
        """It belongs to no incident: whichever freeze there is when it is done decides."""
        async with self._scenes.store.work() as work:
            if not await work.hear_once(wanted.key, at=self._scenes.clock.now()):
                return
            await work.owe([Owed(wanted.key, FORGE, wanted.intent)])
        self._saved()

    # Alerts

    def watches(self, place: Posted) -> bool:
        """Whether posts in this channel are read as alerts."""
        return self._listening is not None and self._listening.watches(place)

    async def posted(self, post: Post) -> int:
        """Save the alerts of a post."""
        return len(await self._listening.hear(post)) if self._listening is not None else 0

    # Looking

    async def suggest(self, platform: str, channel: str | None, typed: str, *, room: str = "") -> list[Suggestion]:
        """What the words typed so far could become."""
        reader, library = self._scenes.store.reader, self._scenes.library
        number = await reader.number_of(platform, channel=channel) if channel else None
        here = await reader.incident(number) if number is not None else None
        playbook = await library.of(here) if here is not None else library.at(Place(platform, channel, room))
        return suggest(self._grammar, playbook, here, typed, loaded=library.loaded)

    async def home(self, platform: str, handle: str) -> Answer:
        """The person's own page."""
        library, reader = self._scenes.library, self._scenes.store.reader
        accounts = await reader.accounts(platform, [handle])
        person = known(stranger(platform, handle, ""), library, accounts)
        found = await reader.open(person, limit=20)
        return Answer(card=home.page(found, library.loaded))


def _title(scene: Scene, words: str) -> str:
    """A line that could be the title of a new incident: several words, not numbers, typed where there is none. Where
    somebody is reached is no title, however the command before it was mistyped.
    """
    if holds_one(words):
        return ""
    several = sum(word.isalpha() for word in words.split()) > 1
    return scene.readable(words.strip()) if scene.here is None and several else ""
