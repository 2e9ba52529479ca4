"""Whether there is a public page, where it is written, and what it is called."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.playbook.shape import Playbook

PATH = "/status/"
"""Where the page is on the bot's own address."""


class PageSettings(BaseSettings):
    """The page's part of the settings; each field is the environment variable of the same name."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True)

    status_page: Literal["auto", "on", "off"] = "auto"
    """``auto``: on where a loaded playbook has a ``status_page``."""
    status_page_dir: Path = Path("var/status")
    """Where its files are written."""
    status_page_title: str = Field(default="Status", max_length=100)
    """What it is called; also on the pages of others that read it."""
    status_page_link: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """Where its title leads: the company's own page."""
    status_page_subscribers: int = Field(default=200, ge=0, le=1000)
    """How many addresses may be told by webhook; nobody may subscribe where it is 0."""
    status_page_hosts: str = ""
    """Hosts of subscribers that may have an address that is not public, and go without TLS; commas between."""
    public_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """The bot's address for the world; the page is under ``/status/`` there."""
    http_host: str = "127.0.0.1"

    @field_validator("status_page", mode="before")
    @classmethod
    def _folded(cls, word: object) -> object:
        known = {"true": "on", "yes": "on", "1": "on", "false": "off", "no": "off", "0": "off"}
        said = str(word).strip().casefold()
        return known.get(said, said)

    @property
    def inside(self) -> frozenset[str]:
        """Those hosts."""
        return frozenset(name.strip().casefold() for name in self.status_page_hosts.split(",") if name.strip())

    def on(self, playbooks: Iterable[Playbook]) -> bool:
        """Whether the page is written."""
        wanted = any("status_page" in one.model_fields_set for one in playbooks)
        return self.status_page == "on" or (self.status_page == "auto" and wanted)

    def address(self, port: int) -> str:
        """The page's own address, with a slash at its end; on this machine's port where it has none for the world."""
        host = f"[{self.http_host}]" if ":" in self.http_host else self.http_host
        base = self.public_url.rstrip("/") or f"http://{host}:{port}"
        return f"{base}{PATH}"


def component_names(playbooks: Iterable[Playbook]) -> tuple[str, ...]:
    """The components that these playbooks name for the page, in their order."""
    names = (name for one in playbooks for name in one.status_page.components.values())
    return tuple(dict.fromkeys(names))
