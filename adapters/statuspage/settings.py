"""The settings of the status pages outside, and which of them are on."""

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class StatusPageSettings(BaseSettings):
    """What ``.env`` or the environment says about status pages. A page without its key and id is simply off."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True, populate_by_name=True,
        hide_input_in_errors=True,
    )  # fmt: skip

    statuspage_api_key: SecretStr | None = Field(default=None, validation_alias="STATUSPAGE_API_KEY")
    """Of a user who may write incidents of the page."""
    statuspage_page_id: str = Field(default="", validation_alias="STATUSPAGE_PAGE_ID")
    statuspage_api_url: str = Field(default="https://api.statuspage.io/v1", validation_alias="STATUSPAGE_API_URL")
    """Only for a proxy or a test."""
    betterstack_api_token: SecretStr | None = Field(default=None, validation_alias="BETTERSTACK_API_TOKEN")
    """An Uptime API token of the page's team."""
    betterstack_page_id: str = Field(default="", validation_alias="BETTERSTACK_PAGE_ID")
    betterstack_api_url: str = Field(default="https://uptime.betterstack.com", validation_alias="BETTERSTACK_API_URL")
    """Only for a proxy or a test."""

    @field_validator("statuspage_api_url", "betterstack_api_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("it must start with http:// or https://")
        return url.rstrip("/")

    @property
    def half(self) -> dict[str, str]:
        """What is set only in part: what people call it, to the setting that is missing."""
        parts = {
            "Statuspage": (("STATUSPAGE_API_KEY", secret(self.statuspage_api_key)),
                           ("STATUSPAGE_PAGE_ID", self.statuspage_page_id)),
            "Better Stack": (("BETTERSTACK_API_TOKEN", secret(self.betterstack_api_token)),
                             ("BETTERSTACK_PAGE_ID", self.betterstack_page_id)),
        }  # fmt: skip
        lacking = {title: [name for name, value in both if not value] for title, both in parts.items()}
        return {title: names[0] for title, names in lacking.items() if len(names) == 1}


def secret(value: SecretStr | None) -> str:
    """A key itself, for the client alone; empty where it is not set."""
    return value.get_secret_value().strip() if value is not None else ""
