"""The bot's own settings, from the environment or ``.env``; each adapter brings its own beside these."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHORTEST_KEY = 16
"""Characters below which a secret key can be guessed."""
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
    public_url: str = Field(default="", pattern=r"^(https?://[^\s?#]+)?$")
    """Where people reach this bot's web server from outside; links to it begin with this."""
    secret_key: SecretStr | None = None
    """What seals stored secrets and signs links; several with commas between: the first seals, every one opens. Where
    it is not set, one is made on the first start."""
    log_format: str = Field(default="auto", pattern="^(auto|json|console)$")
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")

    @field_validator("playbook")
    @classmethod
    def _named(cls, names: str) -> str:
        if not names.replace(",", "").strip():
            raise ValueError("it names no playbook; write one or more, such as default,werkly")
        return names

    @field_validator("secret_key")
    @classmethod
    def _long(cls, keys: SecretStr | None) -> SecretStr | None:
        if any(len(key) < SHORTEST_KEY for key in _parted(keys)):
            raise ValueError(f"a key of it is shorter than {SHORTEST_KEY} characters; `openssl rand -hex 32` makes one")
        return keys

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The keys that are set."""
        return _parted(self.secret_key)

    @property
    def watched(self) -> tuple[str, ...]:
        """The channels whose posts are read as alerts."""
        return tuple(name.strip() for name in self.alert_channels.split(",") if name.strip())

    @property
    def playbook_folders(self) -> tuple[Path, ...]:
        """Where the playbooks lie."""
        names = (name.strip() for name in self.playbook.split(","))
        return tuple(folder(name) for name in dict.fromkeys(names) if name)


def _parted(keys: SecretStr | None) -> tuple[str, ...]:
    return tuple(key.strip() for key in keys.get_secret_value().split(",") if key.strip()) if keys is not None else ()


def folder(playbook: str) -> Path:
    """Where a playbook lies: a shipped one by its name, any other by its path."""
    named = SHIPPED / playbook
    return named if named.is_dir() else Path(playbook)
