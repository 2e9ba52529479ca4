"""Scenes: sets one for each act, and saves what the act left behind.

Everything that changes an incident passes through here, whether a person spoke, a clock rang, or an effect failed:
one transaction holds the incident, its timeline, what is owed to the outside and the next due time.
"""

from collections.abc import Sequence
from datetime import datetime

from bot import duties, standing
from bot.accounts import Account, known, lacking
from bot.calendar import Holidays
from bot.choosing import NOWHERE, Place
from bot.commands.verb import Verb
from bot.connected import Connected
from bot.heard import Heard
from bot.incident import Incident
from bot.library import Library
from bot.people import stranger
from bot.playbook.shape import Playbook
from bot.ports import Clock
from bot.scene import TOCSIN, Scene, mentioned
from bot.store import Change, Store, Work
from bot.timers import RULES


class Scenes:
    """Knows where scenes are set: the store, the playbooks, the clock, the platforms."""

    def __init__(
        self,
        *,
        store: Store,
        library: Library,
        clock: Clock,
        holidays: Holidays,
        platforms: Sequence[str],
        verbs: Sequence[type[Verb]],
        connected: Connected,
    ) -> None:
        self.store, self.library, self.clock = store, library, clock
        self.holidays = holidays
        self.platforms = tuple(platforms)
        self.connected = connected
        self._verbs = tuple(verbs)

    async def meet(self, work: Work, heard: Heard) -> Scene:
        """A scene by the person who spoke, with the accounts that they, and those they mention, linked."""
        platform = heard.platform
        handles = mentioned(heard) | set(filter(None, [heard.actor.on(platform)]))
        asked = [
            handle
            for handle in sorted(handles)
            if lacking(self.library.known(stranger(platform, handle, "")), self.platforms)
        ]  # of whom a playbook knows all, or on the only platform, a link could tell nothing
        return self.begin(work, heard, accounts=await work.accounts.of(platform, asked) if asked else ())

    def begin(self, work: Work, heard: Heard | None = None, *, accounts: Sequence[Account] = ()) -> Scene:
        """A scene without an incident: by the person who spoke, else by the bot itself."""
        place = Place(heard.platform, heard.channel, heard.room) if heard is not None else NOWHERE
        return Scene(
            now=self.clock.now(),
            actor=known(heard.actor, self.library, accounts) if heard is not None else TOCSIN,
            playbook=self.library.at(place),
            playbooks=self.library.loaded,
            work=work,
            reader=self.store.reader,
            platforms=self.platforms,
            connected=self.connected,
            holidays=self.holidays,
            verbs=self._verbs,
            heard=heard,
            accounts=accounts,
        )

    async def about(self, scene: Scene, incident: Incident | None) -> bool:
        """Bring an incident and its own playbook into a scene; whether there is one."""
        scene.here = incident
        if incident is None:
            return False
        scene.playbook = await self.library.of(incident)
        scene.recognise(scene.actor)
        await scene.look_at_overrides()
        if self.connected.trackers and scene.playbook.tracker is not None:
            await self._lead_back(scene)
        return True

    async def _lead_back(self, scene: Scene) -> None:
        """Know the addresses of the incident's channels, to which issues lead, as soon as they are there."""
        incident, addresses = scene.incident, self.connected.addresses
        for platform, room in incident.rooms.items():
            if room.url or platform not in addresses:
                continue
            ref = await scene.work.channel_ref(incident.number, platform)
            if ref is not None:
                incident.rooms[platform] = room.model_copy(update={"url": addresses[platform].format(ref)})


def change(scene: Scene) -> Change | None:
    """What has to be saved of a scene: what should stand in chat is compared with what was owed, once, here."""
    incident = scene.here
    if incident is None or not (scene.entries or scene.owed or scene.changed):
        return None
    duties.settle(scene)
    standing.settle(scene)
    return Change(incident, scene.entries, scene.owed, next_due(incident, scene.playbook))


async def save(work: Work, scene: Scene) -> None:
    """Save one scene; its transaction is committed by whoever opened it."""
    changed = change(scene)
    if changed is not None:
        await work.save([changed])
    loose = scene.loose if scene.here is not None else [*scene.owed, *scene.loose]
    if loose:
        await work.owe(loose)


def next_due(incident: Incident, playbook: Playbook) -> datetime | None:
    """When the first of the timed rules has to look at an incident."""
    return min((at for rule in RULES if (at := rule.due(incident, playbook)) is not None), default=None)
