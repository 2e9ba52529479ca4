"""Where pages are sent: ``PAGER_URLS`` for whatever has no address of its own, ``PAGER_URLS_ROUTE`` for a route of the
playbook, and ``PAGER_URLS_PERSON_ROUTE`` for one person by that route. Each may hold several addresses."""

import os
import re
from collections.abc import Mapping
from typing import Self

from dotenv import dotenv_values
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "PAGER_URLS"
_BETWEEN = re.compile(r"[\s,;]+(?=[A-Za-z][A-Za-z0-9+.-]*://)")


class GeneralSettings(BaseSettings):
    """The one setting whose name is known beforehand: the environment variable of the same name."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True, hide_input_in_errors=True
    )

    pager_urls: SecretStr | None = None


class PagerSettings:
    """The addresses that are set. They are secrets: nothing here shows one."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._addresses = {
            name.upper(): tuple(found)
            for name, value in values.items()
            if (name.upper() == PREFIX or name.upper().startswith(f"{PREFIX}_")) and (found := split(value))
        }

    @classmethod
    def read(cls) -> Self:
        """Those of the environment, before those of ``.env``."""
        known = {name: value or "" for name, value in dotenv_values(".env").items()}
        general = GeneralSettings().pager_urls
        held = {**known, **{name: value for name, value in os.environ.items() if value}}
        return cls({**held, PREFIX: general.get_secret_value() if general is not None else ""})

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the settings that hold an address."""
        return tuple(self._addresses)

    def held(self, name: str) -> tuple[str, ...]:
        """The addresses in one setting."""
        return self._addresses.get(name, ())

    def own(self, person: str, route: str) -> tuple[str, ...]:
        """Those for a person (by key) by a route: their own, else the route's."""
        return self.held(setting(person, route)) or self.held(setting(route))

    @property
    def general(self) -> tuple[str, ...]:
        """Those for whatever has none of its own."""
        return self.held(PREFIX)


def setting(*parts: str) -> str:
    """The setting of these names: ``PAGER_URLS_ANA_SMS``."""
    return "_".join([PREFIX, *(re.sub(r"[^A-Z0-9]+", "_", part.upper()).strip("_") for part in parts)])


def split(value: str) -> list[str]:
    """The addresses that stand in one value, parted by commas, spaces or lines; a comma within one is left alone."""
    return [one.strip(" \t\r\n,;") for one in _BETWEEN.split(value.strip()) if one.strip(" \t\r\n,;")]
