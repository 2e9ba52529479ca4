"""The settings of the issue trackers, and which of them are on."""

import re
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

NEEDS = {"github": "GITHUB_TOKEN", "linear": "LINEAR_API_KEY", "jira": "one of JIRA_URL, JIRA_EMAIL and JIRA_TOKEN"}
"""What switches each tracker on."""
REPOSITORY = re.compile(r"(?!\.)[\w.-]{1,100}/(?!\.{1,2}$)[\w.-]{1,100}", re.ASCII)
"""``owner/name``, as GitHub spells them."""


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

    freeze_repositories: str = Field(default="", validation_alias="FREEZE_REPOSITORIES")
    """``owner/name`` with commas between: where the freeze is shown on the heads of open pull requests."""
    freeze_deployments: str = Field(default="wait", validation_alias="FREEZE_DEPLOYMENTS", pattern="^(wait|reject)$")
    """What becomes of a deployment while production is frozen: GitHub knows no way back from a rejection."""
    github_webhook_secret: SecretStr | None = Field(default=None, validation_alias="GITHUB_WEBHOOK_SECRET")
    """What GitHub signs with what it posts to ``/freeze/github``."""
    github_app_id: str = Field(default="", validation_alias="GITHUB_APP_ID", pattern=r"^\w*$")
    """Of the app whose deployment protection rule we answer for."""
    github_app_key_file: str = Field(default="", validation_alias="GITHUB_APP_KEY_FILE")
    """Path of its private key."""
    public_url: str = Field(default="", validation_alias="PUBLIC_URL")
    """Where people reach the bot's web server."""

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

    @field_validator("github_api_url", "linear_api_url", "jira_url", "public_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("it must start with http:// or https://")
        return url.rstrip("/")

    @field_validator("freeze_repositories")
    @classmethod
    def _repositories(cls, names: str) -> str:
        for name in filter(None, (each.strip() for each in names.split(","))):
            if not REPOSITORY.fullmatch(name):
                raise ValueError(f"{name[:60]} is no repository; write each as owner/name")
        return names

    @property
    def forge(self) -> bool:
        """Whether GitHub can be asked about changes, and for pull requests."""
        return bool(secret(self.github_token))

    @property
    def repositories(self) -> tuple[str, ...]:
        """Where the freeze is shown."""
        names = (name.strip() for name in self.freeze_repositories.split(","))
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def app(self) -> bool:
        """Whether deployments can be answered for."""
        return bool(self.github_app_id and self.github_app_key_file)

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
