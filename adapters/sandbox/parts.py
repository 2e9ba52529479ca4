"""What the sandbox consists of, for the files that show it and steer it."""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import ConfigDict

from adapters.sandbox.calls import CallBook
from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.discord.guild import DiscordGuild
from adapters.sandbox.faults import Faults
from adapters.sandbox.slack.workspace import SlackWorkspace
from bot.model import Model


class SlashCommand(Model):
    """A slash command as an app's Slack manifest has it."""

    model_config = ConfigDict(extra="ignore")
    command: str
    description: str = ""
    usage_hint: str = ""


class Shortcut(Model):
    """A shortcut as an app's Slack manifest has it."""

    model_config = ConfigDict(extra="ignore")
    name: str
    type: Literal["message", "global"] = "message"
    callback_id: str
    description: str = ""


@dataclass(slots=True)
class Manifest:
    """What the page offers on the Slack side; Slack knows it from the app's settings and not from its calls."""

    commands: list[SlashCommand] = field(
        default_factory=lambda: [
            SlashCommand(
                command="/incident",
                description="Declare and run incidents",
                usage_hint="sev1 what is broken, or help",
            )
        ]
    )
    shortcuts: list[Shortcut] = field(
        default_factory=lambda: [
            Shortcut(name="Declare incident", type="message", callback_id="declare"),
            Shortcut(name="Declare incident", type="global", callback_id="declare_global"),
        ]
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """One sandbox: both platforms and what they share."""

    clock: SandboxClock
    faults: Faults
    calls: CallBook
    slack: SlackWorkspace
    discord: DiscordGuild
    manifest: Manifest = field(default_factory=Manifest)
