"""The settings of the Discord side, and whether it is on."""

from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DISCORDS_OWN = "https://discord.com/api/v10"


class DiscordSettings(BaseSettings):
    """What ``.env`` or the environment says about Discord. Without a token the platform is simply off."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True, populate_by_name=True
    )

    token: SecretStr | None = Field(default=None, validation_alias="DISCORD_TOKEN")
    """The bot's token (Developer Portal, Bot, Reset Token)."""
    guild: int | None = Field(default=None, validation_alias="DISCORD_GUILD_ID")
    """Id of the one guild (server) that the bot serves."""
    api_url: str = Field(default=DISCORDS_OWN, validation_alias="DISCORD_API_URL")
    """REST base; the gateway's address is read from ``GET {base}/gateway``."""
    announce_channel: str = Field(default="incidents", validation_alias="ANNOUNCE_CHANNEL")
    """Name or id of the announcement channel."""
    category: str = Field(default="Incidents", validation_alias="DISCORD_CATEGORY", min_length=1, max_length=90)
    """Category of the incident channels; the next ones are called ``Incidents 2``, ``Incidents 3`` …"""
    archive_category: str = Field(
        default="Incident archive", validation_alias="DISCORD_ARCHIVE_CATEGORY", min_length=1, max_length=90
    )
    """Category of the channels of closed incidents."""
    message_content: bool = Field(default=True, validation_alias="DISCORD_MESSAGE_CONTENT")
    """Whether to ask for the privileged Message Content intent (needed to read alerts that others post)."""

    @field_validator("api_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("DISCORD_API_URL must start with http:// or https://, such as " + DISCORDS_OWN)
        return url.rstrip("/")

    @model_validator(mode="after")
    def _own_categories(self) -> Self:
        if self.category.casefold() == self.archive_category.casefold():
            raise ValueError("DISCORD_CATEGORY and DISCORD_ARCHIVE_CATEGORY must have different names")
        return self

    @property
    def off(self) -> str | None:
        """Why Discord is off, in words for the operator; ``None`` where it is on."""
        if self.token is None or not self.token.get_secret_value().strip():
            return "DISCORD_TOKEN is not set"
        if self.guild is None:
            return "DISCORD_TOKEN is set but DISCORD_GUILD_ID is not: it names the server that the bot serves"
        return None

    @property
    def on(self) -> bool:
        """Whether there is enough to connect."""
        return self.off is None

    @property
    def server(self) -> int:
        """The guild's id; only where the platform is on."""
        if self.guild is None:
            raise LookupError("DISCORD_GUILD_ID is not set")
        return self.guild

    @property
    def secret(self) -> str:
        """The token itself, for the client alone; only where the platform is on."""
        if self.token is None:
            raise LookupError("DISCORD_TOKEN is not set")
        return self.token.get_secret_value().strip()
