"""Addresses that people may give for themselves: of services that reach a person, never of anything inside.

Whoever may type a command may add a route, and the bot then sends to it from where it runs. So only what is listed here
is taken: services with hosts of their own, and a few whose host the person names, which has to be a public name. What
Apprise can do besides (``json://``, ``file://``, ``syslog://``, ``dbus://`` …) is for the operator, in PAGER_URLS.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl

from bot.errors import Mistake

LONGEST = 500
"""Characters of an address."""
TAIL = 4
"""Characters of an address that are ever shown: enough to tell two apart, too few to use it."""


class Kind(StrEnum):
    """In which way a route reaches somebody."""

    PUSH = "push"
    SMS = "sms"
    EMAIL = "e-mail"
    PAGER = "pager"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Service:
    """A service that Apprise speaks to."""

    title: str
    kind: Kind
    asks: frozenset[str] = frozenset()
    """What may stand behind the ``?`` of its address; nothing of it changes to which host is sent."""
    hosted: bool = False
    """Whether the address names a host."""


_TO = frozenset({"to", "from"})
SERVICES = {
    "ntfy": Service("ntfy", Kind.PUSH, frozenset({"priority"}), hosted=True),
    "ntfys": Service("ntfy", Kind.PUSH, frozenset({"priority"}), hosted=True),
    "pover": Service("Pushover", Kind.PUSH, frozenset({"priority", "sound", "interval", "expire"})),
    "pbul": Service("Pushbullet", Kind.PUSH),
    "prowl": Service("Prowl", Kind.PUSH, frozenset({"priority"})),
    "join": Service("Join", Kind.PUSH, frozenset({"priority"})),
    "spush": Service("SimplePush", Kind.PUSH),
    "gotify": Service("Gotify", Kind.PUSH, frozenset({"priority"}), hosted=True),
    "gotifys": Service("Gotify", Kind.PUSH, frozenset({"priority"}), hosted=True),
    "twilio": Service("Twilio", Kind.SMS, _TO | {"method"}),
    "vonage": Service("Vonage", Kind.SMS, _TO),
    "nexmo": Service("Vonage", Kind.SMS, _TO),
    "msgbird": Service("MessageBird", Kind.SMS, _TO),
    "clicksend": Service("ClickSend", Kind.SMS, frozenset({"to"})),
    "sinch": Service("Sinch", Kind.SMS, _TO | {"region"}),
    "mailto": Service("E-mail", Kind.EMAIL, frozenset({"to", "name"}), hosted=True),
    "mailtos": Service("E-mail", Kind.EMAIL, frozenset({"to", "name"}), hosted=True),
    "mailgun": Service("Mailgun", Kind.EMAIL, _TO | {"region", "name"}),
    "sendgrid": Service("SendGrid", Kind.EMAIL, frozenset({"to"})),
    "pagerduty": Service("PagerDuty", Kind.PAGER, frozenset({"region", "severity"})),
    "opsgenie": Service("Opsgenie", Kind.PAGER, frozenset({"region", "priority"})),
    "tgram": Service("Telegram", Kind.CHAT, frozenset({"silent", "preview", "topic"})),
    "threema": Service("Threema", Kind.CHAT, frozenset({"to"})),
}
"""By the scheme of their addresses, as Apprise has them."""
KINDS = {kind.value: kind for kind in Kind} | {"email": Kind.EMAIL, "mail": Kind.EMAIL, "text": Kind.SMS}
"""What people may call a kind."""

_ANY = re.compile(rf"(?:{'|'.join(SERVICES)})://", re.IGNORECASE)
_WHOLE = re.compile(r"^(?P<scheme>[A-Za-z]{2,20})://(?P<rest>[!-~]+)$")
_NAME = re.compile(r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$")
"""A host's name in full, whose last part begins with a letter: numbers in any spelling are none."""
_INSIDE = frozenset(
    ("local", "localhost", "localdomain", "internal", "intranet", "private", "corp", "home", "lan", "arpa", "onion")
)
"""Last parts of names that mean something inside: RFC 6761, RFC 6762, RFC 7686, ICANN's reserved names, and usage."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached; it is a secret, and its ``repr`` does not tell it."""

    full: str = field(repr=False)
    service: str
    kind: Kind
    tail: str
    """Its last characters."""
    host: str = ""
    """The host that the person named; what it resolves to has to be looked at before anything is sent there."""


def parse(words: str, *, kind: str = "") -> Address:
    """The address that somebody typed. Raises :class:`Mistake`, whose sentence never repeats any of it."""
    found = _WHOLE.match(words.strip())
    if found is None or len(words) > LONGEST or any(sign in found["rest"] for sign in "\\<>\"'`{}|^"):
        raise Mistake(
            "That is no address I can read. Write it as Apprise has it, like `ntfy://your-topic`, "
            "`pover://USER@TOKEN` or `mailtos://you:password@example.com`."
        )
    scheme = found["scheme"].lower()
    service = SERVICES.get(scheme)
    if service is None:
        raise Mistake(f"“{scheme}://” is not among the services that I send to for one person: {known()}.")
    host = _host(found["rest"], service, scheme)
    wanted = KINDS.get(kind.casefold()) if kind else service.kind
    if wanted is not service.kind:
        raise Mistake(f"{service.title} is {service.kind}; write `routes add {service.kind} …`, or leave the kind out.")
    return Address(f"{scheme}://{found['rest']}", service.title, service.kind, _tail(found["rest"]), host)


def holds_one(words: str) -> bool:
    """Whether an address of one of these services stands in the words, so that they are shown to nobody else."""
    return _ANY.search(words) is not None


def known() -> str:
    """The names of the services, in order."""
    return ", ".join(sorted({service.title for service in SERVICES.values()}, key=str.casefold))


def _host(rest: str, service: Service, scheme: str) -> str:
    """The host that is named, once nothing else in the address can name another."""
    bare, _, query = rest.partition("?")
    strange = {name.lower() for name, _ in parse_qsl(query, keep_blank_values=True)} - service.asks
    if strange or "#" in rest or query.count("?"):
        allowed = ", ".join(f"`{name}`" for name in sorted(service.asks)) or "nothing"
        raise Mistake(f"Behind the “?” of a {service.title} address I take {allowed}.")
    if not service.hosted:
        return ""
    authority, _, path = bare.partition("/")
    user, at, place = authority.rpartition("@")
    if scheme in ("ntfy", "ntfys") and not path.strip("/") and not at and "." not in place and ":" not in place:
        return ""  # a topic at ntfy.sh
    host, colon, port = place.partition(":")
    if "@" in user or (colon and not port.isdecimal()) or not _public(host):
        raise Mistake(
            f"A {service.title} address has to name a public host in full, like `example.com`: no number, "
            "and nothing inside."
        )
    return host.lower()


def _public(host: str) -> bool:
    """Whether it may be a public name; what it resolves to is for whoever sends to look at."""
    name = host.lower()
    return len(name) <= 253 and bool(_NAME.match(name)) and name.rpartition(".")[2] not in _INSIDE


def _tail(rest: str) -> str:
    """The last characters of what stands before the ``?``: of a short one fewer, a quarter of it at most."""
    bare = rest.partition("?")[0].rstrip("/")
    return bare[-min(TAIL, max(1, len(bare) // 4)) :]
