"""An announcement that its channel refused."""

from pydantic import AwareDatetime

from bot.progress.kept import Kept


class Announcing(Kept):
    """How the announcement fares on a platform where its channel refused it."""

    turn: int = 1
    """Counts the messages that were tried, for their keys."""
    since: AwareDatetime
    """Since when it is refused."""
    why: str
    """In the platform's own words."""
    try_at: AwareDatetime | None = None
    """When it is tried again; ``None`` while that is under way, and once it stands."""
    stood: str = ""
    """Key of the message that stood there when its edit was refused."""
    back_at: AwareDatetime | None = None
    """When it was announced after all."""
