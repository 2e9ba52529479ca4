"""Who may do what: asked at the one door, before anything else is looked at.

By default everyone in the workspace may do everything; a private incident is its members' only.
"""

from bot.errors import NotAllowed
from bot.incident import Incident
from bot.people import Person


def may(actor: Person, verb: str, incident: Incident | None) -> None:
    """Return where the actor may; raise :class:`~bot.errors.NotAllowed` where not.

    The sentence does not tell whether a private incident exists, so it is the same as for a number never given.
    """
    if incident is not None and not incident.sees(actor):
        raise NotAllowed(
            f"There is no incident {incident.name} that you can see. `/incident list` shows those you can."
        )
