"""Who may come in: whoever knows the secret, given in one of the three ways that senders have."""

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping, Sequence

from bot.alerts.source import Delivery

GENERAL = "WEBHOOK_SECRET"


class Secrets:
    """The secrets that are set."""

    def __init__(self, general: str = "", *, own: Mapping[str, str] | None = None) -> None:
        """``general`` is WEBHOOK_SECRET, ``own`` holds WEBHOOK_SECRET_<SOURCE> by the source's name."""
        self._general = general
        self._own = dict(own or {})

    @property
    def named(self) -> dict[str, str]:
        """Every one of them by its setting, to be kept out of what is written down."""
        held = {GENERAL: self._general, **{f"{GENERAL}_{name.upper()}": own for name, own in self._own.items()}}
        return {name: secret for name, secret in held.items() if secret}

    @property
    def set(self) -> bool:
        """Whether WEBHOOK_SECRET is."""
        return bool(self._general)

    def signing(self, source: str) -> str:
        """What a source's sender signs with; empty where neither its own nor the general secret is set."""
        return self._own.get(source) or self._general

    def fits(self, given: Iterable[bytes]) -> bool:
        """Whether any of these is the general secret; takes as long for a wrong one as for the right one."""
        wanted = self._general.encode()
        fitting = [hmac.compare_digest(each, wanted) for each in given]
        return bool(wanted) and any(fitting)


def given(head: Delivery) -> list[bytes]:
    """The secrets that a request gives: Bearer token, Basic password, ``?secret=``."""
    found: list[bytes] = []
    scheme, _, value = head.header("authorization").strip().partition(" ")
    raw = value.strip().encode("latin-1")
    if scheme.lower() == "bearer":
        found.append(raw)
    elif scheme.lower() == "basic":
        found.append(_password(raw))
    if "secret" in head.query:
        found += _spelled(head.query["secret"])
    return found


def _password(credentials: bytes) -> bytes:
    try:
        plain = base64.b64decode(credentials, validate=True)
    except binascii.Error:
        return b""
    return plain.partition(b":")[2]


def _spelled(secret: str) -> Sequence[bytes]:
    """In an address a bare ``+`` means a space, and people paste secrets with ``+`` as they are."""
    spellings = (secret, secret.replace(" ", "+")) if " " in secret else (secret,)
    return [each.encode() for each in spellings]


def without(head: Delivery, body: bytes) -> Delivery:
    """The whole delivery as a source gets it: without what opened the door."""
    headers = {name: value for name, value in head.headers.items() if name != "authorization"}
    query = {name: value for name, value in head.query.items() if name != "secret"}
    return Delivery(body=body, headers=headers, query=query)
