"""One message as it goes over the wire: plain words, whatever people wrote in them.

Facts: headers [RFC 5322], words in them that are not ASCII [RFC 2047], addresses that are not [RFC 6531, RFC 6532],
the mark of what a program sent [RFC 3834].
"""

import hashlib
import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from bot.files import HIDDEN, JOINERS
from bot.intents import SendMail

LINE = 78
"""Characters of a line that are not exceeded where that can be helped [RFC 5322 2.1.1]."""


def compose(mail: SendMail, *, sender: Address, to: str, utf8: bool) -> bytes:
    """The message; ``utf8`` where the recipient's address can only be written so. Raises ``ValueError`` where an
    address cannot be written at all."""
    policy = (SMTPUTF8 if utf8 else SMTP).clone(cte_type="8bit" if utf8 else "7bit", max_line_length=LINE)
    message = EmailMessage(policy=policy)
    message["From"] = sender
    local, _, host = to.rpartition("@")
    message["To"] = Address(username=local, domain=host)
    message["Subject"] = line(mail.subject)
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = message_id(mail, sender)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words(mail.text), subtype="plain", charset="utf-8")
    return message.as_bytes()


def message_id(mail: SendMail, sender: Address) -> str:
    """The same at every attempt and for whoever sends it again: where it arrives twice, that can be seen."""
    made = hashlib.blake2b(f"{mail.seed}/{mail.index}".encode(), digest_size=16).hexdigest()
    return f"<tocsin.{made}@{domain(sender.domain)}>"


def line(text: str) -> str:
    """On one line, without what nobody sees: a line end begins no header, and no sign turns the direction of what
    stands behind it."""
    return " ".join("".join(" " if sign.isspace() else sign for sign in text if _shown(sign)).split())


def words(text: str) -> str:
    """Lines as they were written, each without hidden signs; one that only its dot is made of stays a dot."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ("".join(sign for sign in one if sign == "\t" or _shown(sign)).rstrip() for one in lines)
    return "\n".join(kept).strip("\n") + "\n"


def envelope(address: str) -> tuple[str, bool]:
    """An address for the wire, its domain in ASCII where that can be; and whether the server has to know UTF-8."""
    local, _, host = address.rpartition("@")
    return f"{local}@{domain(host)}", not local.isascii()


def domain(name: str) -> str:
    """A host's name in ASCII [RFC 5891 by the codec of Python, which is RFC 3490]; raises ``ValueError``."""
    return name if name.isascii() else name.encode("idna").decode()


def _shown(sign: str) -> bool:
    return sign in JOINERS or sign.isspace() or unicodedata.category(sign) not in HIDDEN
