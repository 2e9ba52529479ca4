"""The settings of the issue trackers, and which of them are on."""

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

NEEDS = {"github": "GITHUB_TOKEN", "linear": "LINEAR_API_KEY", "jira": "one of JIRA_URL, JIRA_EMAIL and JIRA_TOKEN"}
"""What switches each tracker on."""


class TrackerSettings(BaseSettings):
    """What ``.env`` or the environment says about trackers. A tracker without a token is simply off."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True, populate_by_name=True,
        hide_input_in_errors=True,
    )  # fmt: skip

    github_token: SecretStr | None = Field(default=None, validation_alias="GITHUB_TOKEN")
    """A fine-grained personal access token, or an app's; what it may do: README.md."""
    github_api_url: str = Field(default="https://api.github.com", validation_alias="GITHUB_API_URL")
    """REST base; of an Enterprise Server ``https://HOST/api/v3``."""
    github_repository: str = Field(default="", validation_alias="GITHUB_REPOSITORY")
    """``owner/name``: where it files unless the playbook says otherwise."""

    linear_api_key: SecretStr | None = Field(default=None, validation_alias="LINEAR_API_KEY")
    """A personal API key; it may read and write issues of the team."""
    linear_api_url: str = Field(default="https://api.linear.app/graphql", validation_alias="LINEAR_API_URL")
    """The address of its GraphQL API. Only for a proxy or a test."""
    linear_team: str = Field(default="", validation_alias="LINEAR_TEAM")
    """A team's key, as in ``ENG-12``: where it files unless the playbook says otherwise."""

    jira_url: str = Field(default="", validation_alias="JIRA_URL")
    """``https://acme.atlassian.net``."""
    jira_email: str = Field(default="", validation_alias="JIRA_EMAIL")
    """Of the account that the token belongs to."""
    jira_token: SecretStr | None = Field(default=None, validation_alias="JIRA_TOKEN")
    jira_project: str = Field(default="", validation_alias="JIRA_PROJECT")
    """A project's key, as in ``OPS-12``: where it files unless the playbook says otherwise."""
    jira_issue_type: str = Field(default="Task", validation_alias="JIRA_ISSUE_TYPE")
    """What kind of issue it files."""

    @field_validator("github_api_url", "linear_api_url", "jira_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("it must start with http:// or https://")
        return url.rstrip("/")

    @property
    def forge(self) -> bool:
        """Whether GitHub can be asked about changes, and for pull requests."""
        return bool(secret(self.github_token))

    @property
    def host(self) -> str:
        """Where people see what GitHub's API tells of: ``github.com``, or an Enterprise server's host."""
        host = urlsplit(self.github_api_url).hostname or ""
        return host.removeprefix("api.") if host == "api.github.com" or host.endswith(".ghe.com") else host

    @property
    def on(self) -> tuple[str, ...]:
        """The trackers of which all is set that they need."""
        tokens = {"github": self.github_token, "linear": self.linear_api_key, "jira": self.jira_token}
        known = {name for name, token in tokens.items() if secret(token)}
        lacking = set() if self.jira_url and self.jira_email else {"jira"}
        return tuple(name for name in tokens if name in known - lacking)


def secret(value: SecretStr | None) -> str:
    """A token itself, for the client alone; empty where it is not set."""
    return value.get_secret_value().strip() if value is not None else ""
