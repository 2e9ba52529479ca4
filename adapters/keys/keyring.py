"""The keyring: the first key seals and signs, every one of them opens, so that keys can be changed without a loss."""

import base64
import binascii
import hmac
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.keys import Purpose, Signed, Unsealable

NONCE = 12
"""Bytes of a nonce, as NIST SP 800-38D §8.2 has it; one at random for each seal."""
MAC = 16
"""Bytes kept of an HMAC-SHA256: half of it, the least that RFC 2104 §5 advises. Links are also typed from an SMS."""
LONGEST = 600
"""Letters of a token that are looked at."""
_UNTIL = struct.Struct(">Q")


@dataclass(frozen=True, slots=True, repr=False)
class _Derived:
    """The keys of one purpose."""

    sealing: bytes
    signing: bytes


class Keyring:
    """See :class:`bot.keys.Keys`."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        self._derived: list[dict[Purpose, _Derived]] = []
        self.load(secrets)

    def load(self, secrets: Sequence[str]) -> None:
        """Put these keys on it. It may be handed round before: a key may lie in a database that is still waited for."""
        self._derived += [{purpose: _derived(secret, purpose) for purpose in Purpose} for secret in secrets]

    def __repr__(self) -> str:
        return f"Keyring({len(self._derived)} keys)"

    def seal(self, purpose: Purpose, plain: str, *, owner: str) -> str:
        """Encrypted under the first key."""
        nonce = os.urandom(NONCE)
        sealing = AESGCM(self._derived[0][purpose].sealing)
        return _spelled(nonce + sealing.encrypt(nonce, plain.encode(), owner.encode()))

    def unseal(self, purpose: Purpose, sealed: str, *, owner: str) -> str:
        """Decrypted under whichever key fits."""
        raw = _bytes(sealed) or b""
        for keys in self._derived:
            try:
                return AESGCM(keys[purpose].sealing).decrypt(raw[:NONCE], raw[NONCE:], owner.encode()).decode()
            except (InvalidTag, ValueError):
                continue
        raise Unsealable("it was sealed with another SECRET_KEY")

    def sign(self, purpose: Purpose, said: str, *, until: datetime) -> str:
        """``BODY.MAC``, both in the letters of base64url; the body begins with when it runs out, in seconds."""
        body = _UNTIL.pack(int(until.timestamp())) + said.encode()
        return f"{_spelled(body)}.{_spelled(_mac(self._derived[0][purpose], body))}"

    def read(self, purpose: Purpose, token: str) -> Signed | None:
        """All keys are tried, whichever fits: how long it takes tells nothing."""
        spelled, _, proof = token[:LONGEST].partition(".")
        body, given = _bytes(spelled), _bytes(proof)
        if body is None or given is None or len(body) < _UNTIL.size:
            return None
        fitting = [hmac.compare_digest(given, _mac(keys[purpose], body)) for keys in self._derived]
        if not any(fitting):
            return None
        (until,) = _UNTIL.unpack(body[: _UNTIL.size])
        return Signed(body[_UNTIL.size :].decode(), datetime.fromtimestamp(until, UTC))


def _derived(secret: str, purpose: Purpose) -> _Derived:
    """HKDF (RFC 5869): from one key others that do not tell of one another."""
    info = f"tocsin {purpose} sealing and signing".encode()
    keys = HKDF(algorithm=SHA256(), length=64, salt=None, info=info).derive(secret.encode())
    return _Derived(sealing=keys[:32], signing=keys[32:])


def _mac(keys: _Derived, body: bytes) -> bytes:
    return hmac.new(keys.signing, body, sha256).digest()[:MAC]


def _spelled(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(spelled: str) -> bytes | None:
    """What letters of base64url stand for; ``None`` for any others."""
    try:
        raw = base64.b64decode(spelled + "=" * (-len(spelled) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if _spelled(raw) == spelled else None
