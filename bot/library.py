"""The playbooks at hand: the one in force, and every version that an incident was ever declared under."""

from bot.errors import Mistake
from bot.incident import Incident
from bot.playbook.shape import Playbook
from bot.store import Reader


class Library:
    """Finds an incident's own version of its playbook; versions never change, so they are kept once read."""

    def __init__(self, current: Playbook, reader: Reader) -> None:
        self.current = current
        """The playbook that incidents are declared under now."""
        self._reader = reader
        self._kept = {(current.name, current.version): current}

    async def of(self, incident: Incident) -> Playbook:
        """The playbook version that an incident was declared under."""
        key = (incident.playbook, incident.version)
        if key not in self._kept:
            stored = await self._reader.playbook(*key)
            if stored is None:
                raise Mistake(f"The playbook of {incident.name} is lost; an operator finds it in the log.")
            self._kept[key] = stored
        return self._kept[key]
