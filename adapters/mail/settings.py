"""The settings of the mail server, and the lists of addresses that playbooks name."""

import os
import re
from collections.abc import Mapping
from email.errors import HeaderParseError
from email.headerregistry import Address, AddressHeader, HeaderRegistry
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LIST = "MAIL_LIST_"
"""What stands before a list's name in its setting."""
LARGEST = 1_000_000
"""Bytes of a list's file that are read."""
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\\]{1,64}@[^\s@<>(),;:\"\\]{1,253}")
_PORTS = {"smtp": 587, "smtps": 465}
"""Submission [RFC 6409], and the same over TLS from the first byte [RFC 8314]."""


class MailSettings(BaseSettings):
    """What ``.env`` or the environment says about e-mail. Without an address and a sender none is sent."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True, populate_by_name=True,
        hide_input_in_errors=True,
    )  # fmt: skip

    smtp_url: SecretStr | None = Field(default=None, validation_alias="SMTP_URL")
    """``smtp://NAME:PASSWORD@HOST:587``, or ``smtps://`` for TLS from the first byte."""
    smtp_plain: bool = Field(default=False, validation_alias="SMTP_PLAIN")
    """Whether another machine may be spoken to without TLS."""
    mail_from: str = Field(default="", validation_alias="MAIL_FROM")
    """``Werkly <support@werkly.example>``."""

    @field_validator("smtp_url")
    @classmethod
    def _address(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None:
            return None
        try:
            parts = urlsplit(url.get_secret_value().strip())
            good = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
        except ValueError:
            good = False
        if not good:
            raise ValueError("it must look like smtp://NAME:PASSWORD@HOST:587 or smtps://NAME:PASSWORD@HOST:465")
        return url

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, sender: str) -> str:
        if sender and address_of(sender) is None:
            raise ValueError("it must be an address, such as Werkly <support@werkly.example>")
        return sender

    @property
    def on(self) -> bool:
        """Whether e-mail is sent."""
        return self.smtp_url is not None and bool(self.mail_from)

    @property
    def sender(self) -> Address:
        """Whom it is from."""
        found = address_of(self.mail_from)
        if found is None:
            raise ValueError("MAIL_FROM is not set")
        return found

    @property
    def _parts(self) -> SplitResult:
        return urlsplit(self.smtp_url.get_secret_value().strip() if self.smtp_url is not None else "")

    @property
    def host(self) -> str:
        """Of the mail server."""
        return self._parts.hostname or ""

    @property
    def port(self) -> int:
        """Of the mail server."""
        return self._parts.port or _PORTS[self._parts.scheme]

    @property
    def tls(self) -> bool:
        """Whether TLS is spoken from the first byte."""
        return self._parts.scheme == "smtps"

    @property
    def must_encrypt(self) -> bool:
        """Whether nothing is said before TLS: so, unless the server is this machine or the operator wants it plain."""
        return not self.smtp_plain and not _here(self.host)

    @property
    def login(self) -> tuple[str, str] | None:
        """Name and password, where there are any."""
        name = unquote(self._parts.username or "")
        return (name, unquote(self._parts.password or "")) if name else None


def address_of(words: str) -> Address | None:
    """The one address in these words, with its name; ``None`` where there is none, or a line end."""
    if any(ord(sign) < ord(" ") for sign in words):
        return None
    try:
        header = HeaderRegistry()("From", words)
    except (HeaderParseError, ValueError, IndexError):
        return None
    found = header.addresses if isinstance(header, AddressHeader) else ()
    return found[0] if len(found) == 1 and _ADDRESS.fullmatch(found[0].addr_spec) else None


class OperatorsLists:
    """Lists of addresses as the settings name them: a file with one a line, or the addresses themselves with commas
    between. Read anew each time; see :class:`bot.ports.Lists`.
    """

    def __init__(self, values: Mapping[str, str | None] | None = None) -> None:
        self._values = values

    def addresses(self, name: str) -> tuple[str, ...]:
        """The addresses of a list; empty where there is none, or its file cannot be read."""
        values = {**dotenv_values(".env"), **os.environ} if self._values is None else self._values
        said = (values.get(setting(name)) or "").strip()
        words = said.replace(",", "\n") if "@" in said else _file(said)
        lines = (line.partition("#")[0].strip() for line in words.splitlines())
        found = (address_of(line) for line in lines if line)
        return tuple(dict.fromkeys(one.addr_spec for one in found if one is not None))


def setting(name: str) -> str:
    """The setting of a list: ``MAIL_LIST_CUSTOMERS``."""
    return f"{LIST}{name.upper().replace('-', '_')}"


def _file(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            return file.read(LARGEST).decode(errors="replace") if path else ""
    except OSError:
        return ""


def _here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
