"""The playbooks at hand: those loaded, and every version that an incident was ever declared under."""

from collections.abc import Sequence

from bot import choosing
from bot.accounts import Several
from bot.choosing import Place
from bot.errors import Mistake
from bot.incident import Incident
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.reader import Reader


class Library:
    """Finds an incident's own version of its playbook; versions never change, so they are kept once read."""

    def __init__(self, loaded: Sequence[Playbook], reader: Reader) -> None:
        self.loaded = tuple(loaded)
        """The playbooks that incidents are declared under now; the first where nothing else is said. Never empty."""
        self._reader = reader
        self._kept = {(playbook.name, playbook.version): playbook for playbook in self.loaded}

    @property
    def current(self) -> Playbook:
        """The playbook in force where nothing else is said."""
        return self.loaded[0]

    def at(self, place: Place) -> Playbook:
        """The playbook in force in a channel that belongs to no incident."""
        return choosing.here(self.loaded, place) or self.current

    def known(self, person: Person) -> Person:
        """The record that one of the playbooks has of a person, if any has one."""
        return Several(self.loaded).known(person)

    async def of(self, incident: Incident) -> Playbook:
        """The playbook version that an incident was declared under."""
        key = (incident.playbook, incident.version)
        if key not in self._kept:
            stored = await self._reader.playbook(*key)
            if stored is None:
                raise Mistake(f"The playbook of {incident.name} is lost; an operator finds it in the log.")
            self._kept[key] = stored
        return self._kept[key]
