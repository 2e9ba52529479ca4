"""How Slack is reached: tokens, mode, addresses."""

from enum import StrEnum

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Mode(StrEnum):
    """How events come in."""

    SOCKET = "socket"
    """Over a socket that the bot opens (Socket Mode): needs no public address."""
    HTTP = "http"
    """Slack posts them, signed, to ``/slack/events``."""
    OFF = "off"


class SlackSettings(BaseSettings):
    """Slack's part of the settings; each field is the environment variable of the same name."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    announce_channel: str = "incidents"

    @field_validator("slack_api_url")
    @classmethod
    def _api_url(cls, url: str) -> str:
        if not url.startswith(("https://", "http://")):
            raise ValueError(f"SLACK_API_URL is an address such as https://slack.com/api/, not {url!r}")
        return url if url.endswith("/") else f"{url}/"

    @field_validator("slack_bot_token", "slack_app_token", "slack_signing_secret")
    @classmethod
    def _strip(cls, secret: SecretStr | None) -> SecretStr | None:
        bare = secret.get_secret_value().strip() if secret is not None else ""
        return SecretStr(bare) if bare else None

    @field_validator("announce_channel")
    @classmethod
    def _bare(cls, name: str) -> str:
        return name.strip().removeprefix("#")

    @property
    def mode(self) -> Mode:
        """Socket Mode where there is an app token, HTTP where there is only a signing secret."""
        if self.slack_bot_token is None:
            return Mode.OFF
        if self.slack_app_token is not None:
            return Mode.SOCKET
        return Mode.HTTP if self.slack_signing_secret is not None else Mode.OFF

    @property
    def reason(self) -> str:
        """Why the mode is what it is, in a sentence for operators."""
        match self.mode:
            case Mode.SOCKET:
                return "SLACK_APP_TOKEN is set, so events come over Socket Mode."
            case Mode.HTTP:
                return "SLACK_SIGNING_SECRET is set and SLACK_APP_TOKEN is not, so Slack posts to /slack/events."
        if self.slack_bot_token is not None:
            return (
                "SLACK_BOT_TOKEN alone is not enough: set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)."
            )
        if self.slack_app_token is not None or self.slack_signing_secret is not None:
            return "SLACK_BOT_TOKEN is missing: it starts with xoxb- and stands under “OAuth & Permissions”."
        return "SLACK_BOT_TOKEN is not set, so Slack is off."
