"""What proves that Amazon SNS sent something: its signature, by a certificate that stands at an address of its own.

A signature proves only that SNS carried it: whoever has an account at AWS can have a topic of theirs carried here. So
the topic has to be the expected one as well, which is for the caller to see to.
"""

import re
from base64 import b64decode
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from pydantic_core import from_json

from bot.alerts.foreign import when

_HOST = re.compile(r"sns\.[a-z]{2}(?:-[a-z]{1,12}){1,3}-\d{1,2}\.amazonaws\.com(?:\.cn)?")
_PLAIN = re.compile(r"[!-\[\]-~]{1,2000}")
"""No space, no control character, no backslash: each reads an address its own way."""
NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
"""What is signed, in this order."""
SIGNED = {
    "Notification": NOTIFICATION,
    "SubscriptionConfirmation": CONFIRMATION,
    "UnsubscribeConfirmation": CONFIRMATION,
}
OPTIONAL = frozenset({"Subject"})


def hashing(version: str) -> HashAlgorithm | None:
    """The hash of a version of the signature; SNS uses the first unless the topic asks for the second."""
    return {"1": SHA1(), "2": SHA256()}.get(version)  # noqa: S303 - the sender's choice; the topic can ask for 2


def signing_address(url: str) -> str | None:
    """The address of a certificate, where it is Amazon SNS's own; ``None`` for any other."""
    path = _path(url)
    return url if path is not None and path.endswith(".pem") and "?" not in url and "#" not in url else None


def confirming_address(url: str) -> str | None:
    """The address that confirms a subscription, where it is Amazon SNS's own; ``None`` for any other."""
    if _path(url) not in ("", "/") or "#" in url:
        return None
    return url if parse_qs(urlsplit(url).query).get("Action") == ["ConfirmSubscription"] else None


def _path(url: str) -> str | None:
    """The path, where host and scheme are Amazon SNS's: neither port nor user, and no letter out of the common."""
    if _PLAIN.fullmatch(url) is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    fits = url.startswith("https://") and _HOST.fullmatch(parts.netloc) is not None
    return parts.path if fits else None


def fields(body: bytes) -> dict[str, str]:
    """The texts of an envelope, exactly as they came; empty where it is none."""
    try:
        read = from_json(body)
    except ValueError:
        return {}
    if not isinstance(read, dict):
        return {}
    return {name: value for name, value in read.items() if isinstance(value, str)}


def canonical(envelope: dict[str, str]) -> bytes | None:
    """What SNS signs: each name and its value on lines of their own; ``None`` where something is missing."""
    names = SIGNED.get(envelope.get("Type", ""))
    if names is None or any(name not in envelope for name in names if name not in OPTIONAL):
        return None
    return "".join(f"{name}\n{envelope[name]}\n" for name in names if name in envelope).encode()


def fits(body: bytes, certificate: bytes) -> bool:
    """Whether a body bears the signature of this certificate (in PEM), which held when it was signed.

    When that was stands in what is signed.
    """
    envelope = fields(body)
    signed, hashed = canonical(envelope), hashing(envelope.get("SignatureVersion", ""))
    at = when(envelope.get("Timestamp"))
    if signed is None or hashed is None or at is None:
        return False
    try:
        held = x509.load_pem_x509_certificate(certificate)
        key = held.public_key()
        signature = b64decode(envelope.get("Signature", ""), validate=True)
    except (ValueError, UnsupportedAlgorithm):
        return False
    if not isinstance(key, RSAPublicKey) or not held.not_valid_before_utc <= at <= held.not_valid_after_utc:
        return False
    try:
        key.verify(signature, signed, PKCS1v15(), hashed)
    except InvalidSignature:
        return False
    return True
