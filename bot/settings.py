"""The bot's own settings, from the environment or ``.env``; each adapter brings its own beside these."""

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHIPPED = Path(__file__).resolve().parent.parent / "playbooks"
"""The playbooks that come with Tocsin."""


class Settings(BaseSettings):
    """See ``.env.example`` for what each one means."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    database_url: str = "sqlite:///var/tocsin.db"
    playbook: str = "default"
    """Names of shipped playbooks, or paths to playbooks' folders, with commas between; the first is in force where
    nothing else is said."""
    alert_channels: str = ""
    """Names or ids of the channels whose posts are read as alerts, with commas between; a playbook may name others."""
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    log_format: str = Field(default="auto", pattern="^(auto|json|console)$")
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")

    @field_validator("playbook")
    @classmethod
    def _named(cls, names: str) -> str:
        if not names.replace(",", "").strip():
            raise ValueError("it names no playbook; write one or more, such as default,werkly")
        return names

    @property
    def watched(self) -> tuple[str, ...]:
        """The channels whose posts are read as alerts."""
        return tuple(name.strip() for name in self.alert_channels.split(",") if name.strip())

    @property
    def playbook_folders(self) -> tuple[Path, ...]:
        """Where the playbooks lie."""
        names = (name.strip() for name in self.playbook.split(","))
        return tuple(folder(name) for name in dict.fromkeys(names) if name)


def folder(playbook: str) -> Path:
    """Where a playbook lies: a shipped one by its name, any other by its path."""
    named = SHIPPED / playbook
    return named if named.is_dir() else Path(playbook)
