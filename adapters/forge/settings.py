"""How GitHub is reached."""

from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class ForgeSettings(BaseSettings):
    """The forge's part of the settings; each field is the environment variable of the same name."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True)

    github_token: SecretStr | None = None
    github_api_url: str = "https://api.github.com"

    @field_validator("github_token")
    @classmethod
    def _token(cls, token: SecretStr | None) -> SecretStr | None:
        """A file that holds it may end with a line."""
        bare = token.get_secret_value().strip() if token is not None else ""
        return SecretStr(bare) if bare else None

    @field_validator("github_api_url")
    @classmethod
    def _api_url(cls, url: str) -> str:
        if not url.startswith(("https://", "http://")):
            raise ValueError(f"GITHUB_API_URL is an address such as https://api.github.com, not {url!r}")
        return url.rstrip("/")

    @property
    def on(self) -> bool:
        """Whether the forge can be asked."""
        return self.github_token is not None

    @property
    def host(self) -> str:
        """Where people see what the API tells of: ``github.com``, or an Enterprise server's host."""
        host = urlsplit(self.github_api_url).hostname or ""
        return host.removeprefix("api.") if host == "api.github.com" or host.endswith(".ghe.com") else host
