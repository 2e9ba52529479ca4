"""The doctor before set-ups that are really wrong: the sandbox's Slack and Discord, real databases, files and ports."""

from tests.discord_adapter.conftest import resting
from tests.slack.conftest import workspace
from tests.support.postgres import postgres_server

__all__ = ["postgres_server", "resting", "workspace"]
