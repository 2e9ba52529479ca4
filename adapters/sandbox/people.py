"""The people of the sandbox: each is one person with an account on either platform."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SandboxPerson:
    """Somebody whom one can be in the sandbox."""

    key: str
    name: str
    slack_id: str
    discord_id: str
    timezone: str
    colour: str
    """CSS colour of the avatar."""


PEOPLE = (
    SandboxPerson("ana", "Ana Reyes", "U0ANA0001", "200000000000000001", "Europe/Madrid", "#b4325f"),
    SandboxPerson("bo", "Bo Lindqvist", "U0BO00002", "200000000000000002", "Europe/Stockholm", "#2f6f9f"),
    SandboxPerson("cleo", "Cleo Okafor", "U0CLEO003", "200000000000000003", "Africa/Lagos", "#2f7d4f"),
    SandboxPerson("dmitri", "Dmitri Petrov", "U0DMI0004", "200000000000000004", "America/New_York", "#8a5a1f"),
    SandboxPerson("esha", "Esha Rao", "U0ESHA005", "200000000000000005", "Asia/Kolkata", "#6a4fb0"),
    SandboxPerson("finn", "Finn Walsh", "U0FINN006", "200000000000000006", "America/Los_Angeles", "#55606e"),
)
