"""The bot's own settings, from the environment or ``.env``; each adapter brings its own beside these."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

SHIPPED = Path(__file__).resolve().parent.parent / "playbooks"
"""The playbooks that come with Tocsin."""


class Settings(BaseSettings):
    """See ``.env.example`` for what each one means."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    database_url: str = "sqlite:///var/tocsin.db"
    playbook: str = "default"
    """Name of a shipped playbook, or path to a playbook's folder."""
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    log_format: str = Field(default="auto", pattern="^(auto|json|console)$")
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")

    @property
    def playbook_folder(self) -> Path:
        """Where the playbook lies."""
        named = SHIPPED / self.playbook
        return named if named.is_dir() else Path(self.playbook)
