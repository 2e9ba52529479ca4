"""What the doctor examines about e-mail: the settings, the lists that playbooks name, and the mail server itself."""

from collections.abc import Sequence

from pydantic import ValidationError

from adapters.mail.settings import MailSettings, OperatorsLists, setting
from adapters.mail.wire import Server
from bot.doctor import Finding, doubt, fine, wrong
from bot.errors import Refused, TryLater
from bot.ports import Lists

WHAT = "E-mail to customers"
MEND = "docs/mail.md says what SMTP_URL and MAIL_FROM have to be."


async def examine(
    to: Sequence[str], *, wanted: bool, settings: MailSettings | None = None, lists: Lists | None = None
) -> list[Finding]:
    """Whether e-mail can be sent to these recipients of the playbooks; ``wanted`` where a playbook owes any."""
    try:
        settings = settings or MailSettings()
    except ValidationError as error:
        says = "; ".join(f"{one['loc'][0]}: {str(one['msg']).removeprefix('Value error, ')}" for one in error.errors())
        return [wrong("mail.settings", WHAT, says, MEND)]
    if not settings.on:
        return _off(settings, wanted=wanted or bool(to))
    found = [await _server(Server(settings), settings)]
    found += _lists(to, lists or OperatorsLists())
    if not to:
        says = "It could be sent, but no playbook names recipients (`mail.to`), so people send it by hand."
        found.append(doubt("mail.no-recipients", WHAT, says, "Name them under `mail.to`, or go on sending it by hand."))
    return found


def _off(settings: MailSettings, *, wanted: bool) -> list[Finding]:
    if settings.smtp_url is not None or settings.mail_from:
        lacks = "MAIL_FROM" if settings.smtp_url is not None else "SMTP_URL"
        says = f"{lacks} is not set, so no e-mail is sent."
        return [wrong("mail.half", WHAT, says, MEND)]
    says = "A playbook has e-mail to customers, but SMTP_URL is not set, so people send it by hand."
    return [doubt("mail.off", WHAT, says, MEND)] if wanted else []


async def _server(server: Server, settings: MailSettings) -> Finding:
    """Connects, encrypts, signs in, and asks whether the sender is taken; no message is begun."""
    where = f"{settings.host}:{settings.port}"
    try:
        encrypted = await server.trial(settings.sender.addr_spec)
    except (TryLater, Refused) as no:
        return wrong("mail.server", WHAT, f"{where}: {no.why}.", MEND)
    finally:
        server.close()
    how = "over TLS" if encrypted else "without TLS"
    says = f"{where} answers {how} and takes e-mail from {settings.sender.addr_spec}"
    return fine(WHAT, says)


def _lists(to: Sequence[str], lists: Lists) -> list[Finding]:
    found = []
    for name in dict.fromkeys(one for one in to if "@" not in one):
        many = len(lists.addresses(name))
        if many:
            says = f"the list {name} holds {many} address{'' if many == 1 else 'es'}"
            found.append(fine(WHAT, says))
        else:
            says = f"A playbook sends to the list “{name}”, and {setting(name)} holds no address."
            mend = f"{setting(name)} is the path of a file with one address a line, or addresses with commas between."
            found.append(wrong("mail.list", WHAT, says, mend))
    return found
