"""PagerDuty's part of the settings for importing schedules; each field is the environment variable of that name."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class PagerDutySettings(BaseSettings):
    """See ``.env.example`` for what each one means."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True, hide_input_in_errors=True
    )

    pagerduty_api_token: SecretStr | None = None
    pagerduty_api_url: str = "https://api.pagerduty.com"

    @property
    def token(self) -> str:
        """The token that is set, if any."""
        return self.pagerduty_api_token.get_secret_value().strip() if self.pagerduty_api_token is not None else ""
