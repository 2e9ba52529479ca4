"""Amazon SNS: what it signs is believed, and its question is answered, at its own hosts only."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from adapters.cloudwatch.signature import confirming_address, fits, signing_address
from adapters.cloudwatch.source import CloudWatch
from bot.alerts.source import Delivery, Handshake, NotUnderstood
from bot.errors import Refused

TOPIC = "arn:aws:sns:us-west-2:123456789012:alarms"
PEM = "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-01.pem"
CONFIRM = f"https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
NOTICE = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
QUESTION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


def certificate(key: Any = KEY, *, since: int = 2026) -> bytes:
    """A certificate that its owner made, for a year."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    begins = datetime(since, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=365))
        .sign(key, SHA256())
    )
    return made.public_bytes(Encoding.PEM)


OURS = certificate()


def envelope(**more: str) -> dict[str, str]:
    """A notification, as SNS sends it."""
    return {
        "Type": "Notification",
        "MessageId": "7f2c",
        "TopicArn": TOPIC,
        "Subject": "ALARM: checkout",
        "Message": '{"AlarmName": "checkout\\u00e4", "NewStateValue": "ALARM"}\n',
        "Timestamp": "2026-11-26T03:10:38.596Z",
        "SignatureVersion": "2",
        "SigningCertURL": PEM,
        **more,
    }


def question(**more: str) -> dict[str, str]:
    """A question whether SNS may send."""
    return envelope(Type="SubscriptionConfirmation", Token="2336", SubscribeURL=CONFIRM, **more)


def signed(one: dict[str, str], *, names: tuple[str, ...] = NOTICE) -> bytes:
    """The envelope with its signature, as AWS describes it."""
    text = "".join(f"{name}\n{one[name]}\n" for name in names if name in one)
    hashed = SHA1() if one["SignatureVersion"] == "1" else SHA256()  # noqa: S303 - what version 1 is
    mark = KEY.sign(text.encode(), PKCS1v15(), hashed)
    return json.dumps({**one, "Signature": b64encode(mark).decode()}).encode()


@dataclass
class Amazon:
    """Amazon's hosts."""

    page: bytes = OURS
    asked: list[str] = field(default_factory=list)
    shut: bool = False

    async def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        if self.shut:
            raise Refused("403")
        return self.page


@pytest.mark.parametrize("version", ["1", "2"])
def test_what_sns_signs_fits_with_and_without_a_subject(version: str) -> None:
    whole = envelope(SignatureVersion=version)
    bare = {name: value for name, value in whole.items() if name != "Subject"}

    assert fits(signed(whole), OURS)
    assert fits(signed(bare), OURS)
    assert fits(signed(question(SignatureVersion=version), names=QUESTION), OURS)


def test_what_was_changed_does_not_fit() -> None:
    body = json.loads(signed(envelope()))
    for name in NOTICE:
        assert not fits(json.dumps({**body, name: body[name] + " "}).encode(), OURS), name
        assert not fits(json.dumps({key: value for key, value in body.items() if key != name}).encode(), OURS), name
    for name, value in (("Signature", ""), ("Signature", "ä"), ("Signature", "bm8="), ("SignatureVersion", "3")):
        assert not fits(json.dumps({**body, name: value}).encode(), OURS)
    for broken in (b"", b"[]", b"null", b"{", b'{"Type": "Notification"}', b"[" * 9999):
        assert not fits(broken, OURS)


def test_only_a_certificate_that_held_then_and_is_meant_for_this_counts() -> None:
    body = signed(envelope())

    assert not fits(body, certificate(since=2025))
    assert not fits(body, certificate(rsa.generate_private_key(public_exponent=65537, key_size=2048)))
    assert not fits(body, certificate(ec.generate_private_key(ec.SECP256R1())))
    assert not fits(body, b"-----BEGIN CERTIFICATE-----\nnot one\n-----END CERTIFICATE-----\n")
    assert not fits(body, b"")


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.us-west-2.amazonaws.com/a.pem",
        "HTTPS://sns.us-west-2.amazonaws.com/a.pem",
        "https://sns.us-west-2.amazonaws.com/a.pem?x=1",
        "https://sns.us-west-2.amazonaws.com/a.pem#x",
        "https://sns.us-west-2.amazonaws.com/a.txt",
        "https://sns.us-west-2.amazonaws.com",
        "https://sns.us-west-2.amazonaws.com.evil.example/a.pem",
        "https://sns.us-west-2.amazonaws.com.cn.evil.example/a.pem",
        "https://evil.example/sns.us-west-2.amazonaws.com/a.pem",
        "https://evil.example\\@sns.us-west-2.amazonaws.com/a.pem",
        "https://evil@sns.us-west-2.amazonaws.com/a.pem",
        "https://sns.us-west-2.amazonaws.com@evil.example/a.pem",
        "https://sns.us-west-2.amazonaws.com:444/a.pem",
        "https://xsns.us-west-2.amazonaws.com/a.pem",
        "https://sns.amazonaws.com/a.pem",
        "https://sns.evil.us-west-2.amazonaws.com/a.pem",
        "https://sns.us-west-2.s3.amazonaws.com/a.pem",
        "https://snsxus-west-2.amazonaws.com/a.pem",
        "https://sns.us-west-2.amazonaws.com/a.pem\n",
        "https://sns.us-west-2\n.amazonaws.com/a.pem",
        " https://sns.us-west-2.amazonaws.com/a.pem",
        "https://sns.us-west-2.ämazonaws.com/a.pem",
        "https://[::1]/a.pem",
        "https://[/a.pem",
        "//sns.us-west-2.amazonaws.com/a.pem",
        "",
    ],
)
def test_no_other_address_is_asked_for_a_certificate(url: str) -> None:
    assert signing_address(url) is None


def test_addresses_of_amazon_are_taken_as_they_are() -> None:
    for host in ("us-west-2.amazonaws.com", "us-gov-west-1.amazonaws.com", "cn-north-1.amazonaws.com.cn"):
        assert signing_address(f"https://sns.{host}/a-1.pem") == f"https://sns.{host}/a-1.pem"
    assert confirming_address(CONFIRM) == CONFIRM
    for other in (
        CONFIRM.replace("ConfirmSubscription", "Unsubscribe"),
        CONFIRM.replace("amazonaws.com/", "amazonaws.com/other"),
        CONFIRM.replace("amazonaws.com", "amazonaws.com.evil.example"),
        CONFIRM.replace("https", "http"),
        CONFIRM + "#x",
        PEM,
    ):
        assert confirming_address(other) is None


async def test_a_topic_that_is_named_is_believed_and_its_certificate_fetched_once() -> None:
    source, amazon = CloudWatch(), Amazon()
    assert isinstance(source, Handshake)

    for _ in range(2):
        assert await source.certified(Delivery(body=signed(envelope())), f"{TOPIC}x, {TOPIC}", amazon)
    assert amazon.asked == [PEM]


async def test_a_topic_of_somebody_else_is_turned_away_before_anything_is_fetched() -> None:
    source, amazon = CloudWatch(), Amazon()
    theirs = signed(envelope(TopicArn="arn:aws:sns:us-west-2:666666666666:alarms"))

    assert not await source.certified(Delivery(body=theirs), TOPIC, amazon)
    assert not await source.certified(Delivery(body=signed(envelope())), "a secret", amazon)
    assert not await source.certified(Delivery(body=signed(envelope(SigningCertURL="https://x/a.pem"))), TOPIC, amazon)
    assert not await source.certified(Delivery(body=b"{}"), "", amazon)
    assert amazon.asked == []


async def test_a_certificate_that_does_not_fit_is_not_kept() -> None:
    source, amazon = CloudWatch(), Amazon(page=b"not one")

    assert not await source.certified(Delivery(body=signed(envelope())), TOPIC, amazon)
    amazon.page = OURS
    assert await source.certified(Delivery(body=signed(envelope())), TOPIC, amazon)


async def test_the_question_whether_sns_may_send_is_answered_at_amazon_only() -> None:
    source, amazon = CloudWatch(), Amazon()

    assert await source.greet(Delivery(body=json.dumps(question()).encode()), amazon)
    assert amazon.asked == [CONFIRM]
    for said in (envelope(), {**question(), "Type": "UnsubscribeConfirmation"}):
        assert not await source.greet(Delivery(body=json.dumps(said).encode()), amazon)
    assert not await source.greet(Delivery(body=b"[]"), amazon)
    for url in ("https://evil.example/?Action=ConfirmSubscription", "", "http://169.254.169.254/"):
        with pytest.raises(NotUnderstood, match=r"Amazon SNS"):
            await source.greet(Delivery(body=json.dumps({**question(), "SubscribeURL": url}).encode()), amazon)
    assert amazon.asked == [CONFIRM]
    amazon.shut = True
    with pytest.raises(Refused):
        await source.greet(Delivery(body=json.dumps(question()).encode()), amazon)
