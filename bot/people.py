"""People: one record for a person, with a handle on each chat platform."""

from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field

from bot.hidden import readable
from bot.model import Model


class Person(Model):
    """Somebody.

    ``key`` is the playbook's short name for them (``ana``), or ``PLATFORM:ID`` for somebody whom no playbook knows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    name: str
    handles: dict[str, str] = Field(default_factory=dict)
    """Platform name to the id that the platform gave them there (``{"slack": "U0ANA0001"}``)."""
    timezone: str | None = None
    """IANA name, where it is known."""

    @property
    def keys(self) -> frozenset[str]:
        """Every key that this person may be kept under: their own, and that of each account by itself."""
        return frozenset({self.key, *(key_of(*account) for account in self.handles.items())})

    def zone(self, default: str = "UTC") -> ZoneInfo:
        """The zone that this person reads and types times in."""
        return ZoneInfo(self.timezone or default)

    def on(self, platform: str) -> str | None:
        """This person's id on a platform, if they have one there."""
        return self.handles.get(platform)


class Group(Model):
    """Several people under one name: a Slack user group, a Discord role, a team of the playbook."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    name: str
    handles: dict[str, str] = Field(default_factory=dict)
    """Platform name to the group's id there (Slack ``S…``, Discord a role id)."""
    members: tuple[str, ...] = ()
    """Keys of the people in it: invited and rung by name where a platform has no such group."""


def key_of(platform: str, handle: str) -> str:
    """The key of somebody of whom only one account is known."""
    return f"{platform}:{handle}"


def stranger(platform: str, handle: str, name: str) -> Person:
    """The record of somebody whom no playbook names; of their name, what people see of it."""
    handle, name = readable(handle), readable(name).strip()
    return Person(key=key_of(platform, handle), name=name or handle, handles={platform: handle})
