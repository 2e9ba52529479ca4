"""What customers may see of one incident: what they were told, and nothing else of it."""

from datetime import UTC, datetime

from pydantic import AwareDatetime, ConfigDict, Field

from bot.incident import Incident
from bot.model import Model
from bot.progress import Condition, Publication, PublicStage

OPEN_END = datetime(9000, 1, 1, tzinfo=UTC)
"""Until when an incident is of matter in public that customers were not told is over."""


class PublicUpdate(Model):
    """One text that customers were told. It names nobody."""

    model_config = ConfigDict(frozen=True)

    id: int
    """1, 2, … within its incident."""
    at: AwareDatetime
    stage: PublicStage
    word: str
    """The process's own word for that stage."""
    text: str
    components: dict[str, Condition] = Field(default_factory=dict)
    """Name on the page to how it is from then on."""


class PublicIncident(Model):
    """One incident as customers know it: without its number, its own title, its severity and its people."""

    model_config = ConfigDict(frozen=True)

    mark: str
    """A UUID."""
    title: str
    """As customers read it."""
    opened_at: AwareDatetime
    updates: tuple[PublicUpdate, ...] = Field(min_length=1)
    """Oldest first."""

    @property
    def stage(self) -> PublicStage:
        """Where it stands."""
        return self.updates[-1].stage

    @property
    def resolved_at(self) -> datetime | None:
        """When customers were told that it is over: the first of the last updates that say so."""
        found: datetime | None = None
        for update in reversed(self.updates):
            if update.stage is not PublicStage.RESOLVED:
                break
            found = update.at
        return found

    @property
    def updated_at(self) -> datetime:
        """When customers were told of it last."""
        return self.updates[-1].at


def public(incident: Incident) -> PublicIncident | None:
    """What customers may see of it; ``None`` where they were told nothing, and of every private one and every drill."""
    if incident.private or incident.drill:
        return None
    return shown(incident.progress.publication)


def shown(known: Publication | None) -> PublicIncident | None:
    """What customers may see of a publication; ``None`` where they were told nothing."""
    if known is None or not known.told:
        return None
    told = (PublicUpdate.model_validate(one.model_dump(exclude={"by"})) for one in known.told)
    return PublicIncident(mark=known.mark, title=known.title, opened_at=known.opened_at, updates=tuple(told))


def public_until(incident: Incident) -> datetime | None:
    """Until when it is of matter in public: its end, :data:`OPEN_END` before that, ``None`` where it never is."""
    return until(public(incident))


def until(known: PublicIncident | None) -> datetime | None:
    """Until when it is of matter in public."""
    return None if known is None else known.resolved_at or OPEN_END
