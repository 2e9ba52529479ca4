"""E-mail on the wire: each recipient's message handed over once, and what nobody can know said as such."""

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.mail.adapter import PUT_OFF, MailAdapter
from adapters.mail.wire import Server
from bot.errors import Refused, TryLater
from bot.intents import SendMail
from bot.intents.mail import mark_of
from bot.learned import Mailed
from bot.ports import Found, Job
from bot.progress import End
from tests.support.learner import Learner
from tests.support.smtp import SENDER, FixedLists, MailServer

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SEED = "6ddd33f2-8bd4-4d6d-9ed2-1c1b1e2e9f3a"
LISTS = FixedLists({"customers": ("ana@example.com", "bo@example.com")})


class Noon:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        """Noon, at first."""
        return self.time


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[MailServer]:
    """A mail server, on this machine."""
    async with MailServer() as made:
        yield made


def job(to: str = "customers", address: str = "bo@example.com", *, again: bool = False, text: str = "It is over."
        ) -> Job:  # fmt: skip
    """One recipient's message."""
    mail = SendMail(seed=SEED, index=1, to=to, mark=mark_of(SEED, address), subject="Sorry", text=text, at=NOON,
                    until=NOON + timedelta(hours=1), again=again)  # fmt: skip
    return Job("1/mail/1/1", mail, 1, NOON)


async def adapter(
    server: MailServer, *, clock: Noon | None = None, trust: ssl.SSLContext | None = None, **settings: object
) -> MailAdapter:
    """The tool, with a server that is not waited for long."""
    known = server.settings(**settings)
    wire = Server(known, trust=trust, patience=0.5, at_the_end=0.5)
    made = MailAdapter(known, LISTS, clock or Noon(), server=wire)
    await made.start(Learner())
    return made


def learned(made: MailAdapter) -> list[tuple[End | None, str, str]]:
    """What it brought back."""
    assert isinstance(made.platform.ear, Learner)
    came = made.platform.ear.learned
    assert all(isinstance(one, Mailed) and one.key.startswith("mail:1/mail/1/1") for one in came)
    return [(one.end, one.address, one.why) for one in came]


async def test_a_message_is_handed_over_and_the_outcome_brought_back(server: MailServer) -> None:
    made = await adapter(server)
    await made.platform.perform(job())
    (taken,) = server.taken
    assert (taken.sender, taken.to) == ("support@werkly.example", ("bo@example.com",))
    message = taken.message
    assert (message["From"], message["To"], message["Subject"]) == (SENDER, "bo@example.com", "Sorry")
    assert message["Date"].datetime == NOON and message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain" and message.get_content() == "It is over.\r\n"
    assert not [name for name in message if name.startswith("List-") or name == "Bcc"]
    assert learned(made) == [(End.SENT, "bo@example.com", "")]


async def test_every_attempt_bears_the_same_message_id_and_no_two_recipients_do(server: MailServer) -> None:
    made = await adapter(server)
    await made.platform.perform(job())
    await made.platform.perform(job(again=True))
    other = job().intent.model_copy(update={"index": 2})
    await made.platform.perform(Job("1/mail/1/1", other, 1, NOON))
    first, second, third = (one.message["Message-ID"] for one in server.taken)
    assert first == second != third and first.endswith("@werkly.example>")


async def test_one_connection_serves_several_recipients(server: MailServer) -> None:
    made = await adapter(server)
    for _ in range(3):
        await made.platform.perform(job())
    assert server.connections == 1 and len(server.taken) == 3


async def test_a_connection_that_the_server_dropped_meanwhile_is_made_anew(server: MailServer) -> None:
    made = await adapter(server)
    await made.platform.perform(job())
    await server.away()
    await server.listen()
    await made.platform.perform(job())
    assert server.connections == 2 and [end for end, *_ in learned(made)] == [End.SENT, End.SENT]


# Refused, put off


async def test_a_recipient_who_is_refused_is_not_tried_again(server: MailServer) -> None:
    server.refuses["bo@example.com"] = "550 5.1.1 no such user"
    made = await adapter(server)
    await made.platform.perform(job())
    assert learned(made) == [(End.REFUSED, "bo@example.com", "550 5.1.1 no such user")] and not server.taken
    await made.platform.perform(job(address="ana@example.com"))
    assert server.to() == ["ana@example.com"] and server.connections == 1


async def test_a_recipient_who_is_put_off_comes_after_the_others(server: MailServer) -> None:
    server.refuses["bo@example.com"] = "451 4.7.1 greylisted"
    clock = Noon()
    made = await adapter(server, clock=clock)
    await made.platform.perform(job())
    assert learned(made) == [(None, "bo@example.com", "451 4.7.1 greylisted")]
    with pytest.raises(TryLater, match="greylisted") as found:
        await made.platform.perform(job(again=True))
    assert not found.value.maybe_done and not found.value.unreachable
    clock.time += PUT_OFF
    await made.platform.perform(job(again=True))
    assert learned(made)[-1] == (End.LEFT, "bo@example.com", "451 4.7.1 greylisted")


async def test_a_message_that_is_refused_at_its_end_was_not_sent(server: MailServer) -> None:
    server.says["."] = "554 5.7.1 looks like spam"
    made = await adapter(server)
    await made.platform.perform(job())
    assert learned(made) == [(End.REFUSED, "bo@example.com", "554 5.7.1 looks like spam")]


async def test_whoever_left_the_list_meanwhile_gets_nothing(server: MailServer) -> None:
    made = await adapter(server)
    await made.platform.perform(job(address="cleo@example.com"))
    assert learned(made) == [(End.REFUSED, "", "it is not on the list any more")] and not server.heard


async def test_an_address_of_the_playbook_needs_no_list(server: MailServer) -> None:
    made = await adapter(server)
    await made.platform.perform(job(to="ops@example.com", address="ops@example.com"))
    assert server.to() == ["ops@example.com"]


# In doubt


@pytest.mark.parametrize("fault", ["drop", "hang", "vanish"])
async def test_an_answer_that_is_lost_leaves_it_in_doubt_and_nothing_is_sent_again(
    server: MailServer, fault: str
) -> None:
    server.after = [fault]
    made = await adapter(server)
    await made.platform.perform(job())
    assert learned(made) == [(End.PERHAPS, "bo@example.com", "")]
    assert len(server.taken) == (fault != "vanish")
    await made.platform.perform(job(address="ana@example.com"))
    assert server.to()[-1] == "ana@example.com", "the next one has a connection of its own"


async def test_what_an_earlier_process_may_have_sent_is_in_doubt(server: MailServer) -> None:
    made = await adapter(server)
    assert await made.platform.find(job()) == Found(None)
    assert learned(made) == [(End.PERHAPS, "", "")] and not server.heard


async def test_what_was_sent_and_could_not_be_saved_is_known_by_the_next_attempt(server: MailServer) -> None:
    made = await adapter(server)
    assert isinstance(made.platform.ear, Learner)
    made.platform.ear.gone = True
    with pytest.raises(TryLater) as found:
        await made.platform.perform(job())
    assert found.value.maybe_done
    with pytest.raises(TryLater) as found:
        await made.platform.find(job())
    assert found.value.maybe_done
    made.platform.ear.gone = False
    await made.platform.find(job())
    assert learned(made) == [(End.SENT, "bo@example.com", "")] and len(server.taken) == 1


# The server as a whole


async def test_a_server_that_is_away_is_tried_again(server: MailServer) -> None:
    made = await adapter(server)
    await server.away()
    with pytest.raises(TryLater, match="no connection") as found:
        await made.platform.perform(job())
    assert found.value.unreachable and not found.value.maybe_done
    await server.listen()
    await made.platform.perform(job())
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("command", "says", "why"),
    [
        ("GREETING", "421 too busy", "421 too busy"),
        ("MAIL", "451 not now", "451 not now"),
        ("RCPT", "421 closing", "421 closing"),
        ("DATA", "421 closing", "421 closing"),
    ],
)
async def test_a_server_that_puts_everybody_off_is_tried_again(
    server: MailServer, command: str, says: str, why: str
) -> None:
    server.says[command] = says
    made = await adapter(server)
    with pytest.raises(TryLater, match=why) as found:
        await made.platform.perform(job())
    assert found.value.unreachable and not found.value.maybe_done
    server.says.clear()
    await made.platform.perform(job())
    assert [end for end, *_ in learned(made)] == [End.SENT]


@pytest.mark.parametrize(
    ("command", "says"), [("MAIL", "550 5.7.1 not yours to send from"), ("AUTH", "535 5.7.8 wrong"), ("EHLO", "554 no")]
)
async def test_a_server_that_refuses_us_needs_somebody_to_mend_it(server: MailServer, command: str, says: str) -> None:
    server.says[command] = says
    made = await adapter(server)
    with pytest.raises(Refused, match=says[:3]) as found:
        await made.platform.perform(job())
    assert "p%ss" not in found.value.why
    assert not learned(made)


async def test_it_is_not_tried_for_longer_than_an_hour_and_the_last_reason_is_told(server: MailServer) -> None:
    clock = Noon()
    made = await adapter(server, clock=clock)
    server.says["MAIL"] = "550 not yours"
    with pytest.raises(Refused):
        await made.platform.perform(job())
    server.says.clear()
    clock.time += timedelta(hours=1)
    await made.platform.perform(job())
    assert learned(made) == [(End.LEFT, "", "550 not yours (MAIL_FROM is support@werkly.example)")]
    assert not server.taken


# TLS


async def test_it_is_encrypted_before_anybody_signs_in(server: MailServer, tmp_path: Path) -> None:
    made = await adapter(server, trust=server.certificate(tmp_path))
    await made.platform.perform(job())
    assert server.taken[0].encrypted
    assert server.heard.index("STARTTLS") < server.heard.index("AUTH")


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(server: MailServer, tmp_path: Path) -> None:
    server.certificate(tmp_path)
    made = await adapter(server, trust=ssl.create_default_context())
    with pytest.raises(Refused, match="no TLS"):
        await made.platform.perform(job())
    assert "AUTH" not in server.heard and not server.taken


async def test_another_machine_is_told_nothing_without_tls(server: MailServer) -> None:
    settings = server.settings(smtp_url=server.url.replace("127.0.0.1", "mail.example"))
    assert settings.must_encrypt and not server.settings().must_encrypt
    assert not server.settings(smtp_url=settings.smtp_url, smtp_plain=True).must_encrypt
    assert not server.settings(smtp_url="smtp://[::1]:25").must_encrypt


async def test_without_starttls_nothing_is_said_where_it_is_wanted(server: MailServer) -> None:
    made = await adapter(server, smtp_url=server.url.replace("127.0.0.1", "0.0.0.0"))  # noqa: S104  # leads here and does not say so
    with pytest.raises(Refused, match="no STARTTLS"):
        await made.platform.perform(job())
    assert "AUTH" not in server.heard and not server.taken


# Addresses beyond ASCII


async def test_a_name_beyond_ascii_goes_to_a_server_that_knows_them(server: MailServer) -> None:
    made = await adapter(server)
    await made.platform.perform(job(to="josé@exämple.com", address="josé@exämple.com"))
    (taken,) = server.taken
    assert taken.to == ("josé@xn--exmple-cua.com",) and "SMTPUTF8" in taken.options
    assert taken.message["To"] == "josé@xn--exmple-cua.com"

    server.smtputf8 = False
    other = await adapter(server)
    await other.platform.perform(job(to="josé@exämple.com", address="josé@exämple.com"))
    assert [(end, why) for end, _, why in learned(other)] == [(End.REFUSED, "the mail server takes no such address")]


async def test_lines_that_begin_with_a_dot_or_look_like_commands_are_only_words(server: MailServer) -> None:
    made = await adapter(server)
    text = "one\n.\nRCPT TO:<evil@example.com>\n..\nFrom me"
    await made.platform.perform(job(text=text))
    assert server.taken[0].message.get_content().replace("\r\n", "\n") == f"{text}\n"
    assert server.to() == ["bo@example.com"]
