"""Which repository, which branch, by whom."""

import re
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_BRANCH = re.compile(r"^(?!-)(?!.*(?:\.\.|@\{|//|/$|\.lock$|\.$))[^\s~^:?*\[\\\x00-\x1f\x7f]*$")
_SSH = re.compile(r"^[\w.-]+@(?P<host>[\w.-]+):(?P<path>[^/].*)$")


class By(StrEnum):
    """How a change reaches the common branch."""

    COMMIT = "commit"
    PULL_REQUEST = "pull request"
    """On a branch of the incident's own, which people merge."""


class RecordSettings(BaseSettings):
    """The repository's part of the settings; each field is the environment variable of the same name."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True)

    record_repository: SecretStr | None = None
    """A path or an address that git understands; secret, because an address may hold a password."""
    record_branch: str = ""
    """The common branch; the repository's own choice where left out."""
    record_by: By = By.COMMIT
    record_author: str = "Tocsin"
    record_email: str = "tocsin@localhost"
    github_token: SecretStr | None = None
    """With it, an https address on GitHub needs no other credentials."""
    github_api_url: str = "https://api.github.com"

    @field_validator("github_token")
    @classmethod
    def _token(cls, token: SecretStr | None) -> SecretStr | None:
        """A file that holds it may end with a line."""
        bare = token.get_secret_value().strip() if token is not None else ""
        return SecretStr(bare) if bare else None

    @field_validator("record_branch")
    @classmethod
    def _branch(cls, name: str) -> str:
        if not _BRANCH.match(name):
            raise ValueError(f"RECORD_BRANCH is the name of a branch such as main, not {name!r}")
        return name

    @field_validator("record_author", "record_email")
    @classmethod
    def _plain(cls, words: str) -> str:
        if re.search(r"[<>\n\r]", words) or not words.strip():
            raise ValueError("it is a name or an e-mail address, without < and >")
        return words.strip()

    @field_validator("record_repository")
    @classmethod
    def _address(cls, secret: SecretStr | None) -> SecretStr | None:
        bare = secret.get_secret_value().strip() if secret is not None else ""
        if bare.startswith("-") or "::" in bare:  # an option, or a helper that runs a program
            raise ValueError("RECORD_REPOSITORY is a path or an address such as git@github.com:acme/incidents.git")
        return SecretStr(bare) if bare else None

    @property
    def on(self) -> bool:
        """Whether there is a repository."""
        return self.record_repository is not None

    @property
    def repository(self) -> str:
        """Where it is, as git is told; a path is made absolute, since git runs in another folder."""
        where = self.record_repository.get_secret_value() if self.record_repository is not None else ""
        remote = "://" in where or _SSH.match(where)
        return where if remote or not where else str(Path(where).expanduser().absolute())

    @property
    def shown(self) -> str:
        """Where it is, for people: without a password."""
        parts = urlsplit(self.repository)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.scheme else self.repository

    @property
    def host(self) -> str:
        """The host it is on; empty for a path."""
        found = _SSH.match(self.repository)
        return found["host"] if found is not None else urlsplit(self.repository).hostname or ""

    @property
    def forge(self) -> str:
        """GitHub's host for people: ``github.com``, or that of an Enterprise server."""
        host = urlsplit(self.github_api_url).hostname or ""
        return host.removeprefix("api.") if host == "api.github.com" or host.endswith(".ghe.com") else host

    @property
    def page(self) -> str:
        """Its address for people, where it is on GitHub; else empty."""
        if not self.host or self.host != self.forge:
            return ""
        found = _SSH.match(self.repository)
        path = found["path"] if found is not None else urlsplit(self.repository).path.lstrip("/")
        return f"https://{self.host}/{path.removesuffix('/').removesuffix('.git')}"
