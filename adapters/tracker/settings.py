"""The settings of the issue trackers, and which of them are on."""

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

NEEDS = {"github": "GITHUB_TOKEN", "linear": "LINEAR_API_KEY", "jira": "JIRA_TOKEN"}
"""What switches each tracker on."""


class TrackerSettings(BaseSettings):
    """What ``.env`` or the environment says about trackers. A tracker without a token is simply off."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True, populate_by_name=True,
        hide_input_in_errors=True,
    )  # fmt: skip

    github_token: SecretStr | None = Field(default=None, validation_alias="GITHUB_TOKEN")
    """A fine-grained personal access token, or an app's; “Issues: read and write” on the repository."""
    github_api_url: str = Field(default="https://api.github.com", validation_alias="GITHUB_API_URL")
    """REST base; of an Enterprise Server ``https://HOST/api/v3``."""
    github_repository: str = Field(default="", validation_alias="GITHUB_REPOSITORY")
    """``owner/name``: where it files unless the playbook says otherwise."""

    @field_validator("github_api_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("it must start with http:// or https://")
        return url.rstrip("/")

    @property
    def on(self) -> tuple[str, ...]:
        """The trackers that have a token."""
        return ("github",) if secret(self.github_token) else ()


def secret(value: SecretStr | None) -> str:
    """A token itself, for the client alone; empty where it is not set."""
    return value.get_secret_value().strip() if value is not None else ""
