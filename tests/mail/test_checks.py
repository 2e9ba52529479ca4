"""What the doctor says of e-mail, and how lists of addresses are read."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.mail.checks import examine
from adapters.mail.settings import MailSettings, OperatorsLists
from tests.support.smtp import FixedLists, MailServer

LISTS = FixedLists({"customers": ("ana@example.com", "bo@example.com")})


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    """A mail server, on this machine."""
    async with MailServer() as made:
        yield made


async def says(to: tuple[str, ...], settings: MailSettings, *, wanted: bool = True) -> list[tuple[str, str]]:
    """What the doctor finds: names (empty where all is well), and what is said."""
    return [(one.name, one.says) for one in await examine(to, wanted=wanted, settings=settings, lists=LISTS)]


async def test_a_server_that_takes_the_sender_is_well_and_no_message_is_sent(server: MailServer) -> None:
    found = await says(("customers", "ops@example.com"), server.settings())
    assert found == [
        ("", f"127.0.0.1:{server.port} answers without TLS and takes e-mail from support@werkly.example"),
        ("", "the list customers holds 2 addresses"),
    ]
    assert not server.taken and server.heard[-2:] == ["MAIL FROM:<support@werkly.example>", "RSET"]


@pytest.mark.parametrize(
    ("command", "answer", "why"),
    [
        ("AUTH", "535 5.7.8 wrong", "535 5.7.8 wrong (name or password of SMTP_URL)"),
        ("MAIL", "550 5.7.1 not yours", "550 5.7.1 not yours (MAIL_FROM is support@werkly.example)"),
        ("GREETING", "421 too busy", "421 too busy"),
    ],
)
async def test_what_the_server_says_no_to_is_told(server: MailServer, command: str, answer: str, why: str) -> None:
    server.says[command] = answer
    ((name, said),) = await says(("ops@example.com",), server.settings())
    assert name == "mail.server" and said == f"127.0.0.1:{server.port}: {why}."


async def test_a_server_that_is_away_is_told(server: MailServer) -> None:
    await server.away()
    ((name, said),) = await says(("ops@example.com",), server.settings())
    assert name == "mail.server" and said.endswith("no connection.")


async def test_a_list_that_holds_nobody_is_wrong(server: MailServer) -> None:
    found = await says(("board-members",), server.settings())
    assert found[1][0] == "mail.list" and "MAIL_LIST_BOARD_MEMBERS holds no address" in found[1][1]


async def test_a_playbook_that_wants_mail_without_a_server_is_worth_a_look() -> None:
    off = MailSettings.model_validate({})
    assert [name for name, _ in await says((), off)] == ["mail.off"]
    assert await says((), off, wanted=False) == []
    half = MailSettings.model_validate({"smtp_url": "smtp://mail.example"})
    assert await says((), half) == [("mail.half", "MAIL_FROM is not set, so no e-mail is sent.")]


async def test_a_server_that_no_playbook_sends_to_is_worth_a_look(server: MailServer) -> None:
    found = await says((), server.settings())
    assert found[1][0] == "mail.no-recipients" and "no playbook names recipients" in found[1][1]


async def test_settings_that_cannot_be_read_are_told_without_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", "http://me:hunter2@mail.example")
    (one,) = await examine((), wanted=True)
    assert one.name == "mail.settings" and "SMTP_URL" in one.says and "hunter2" not in str(one)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://h:99999", "smtp://h:x"])
def test_an_address_that_is_none_is_a_wrong_setting_and_is_not_repeated(url: str) -> None:
    with pytest.raises(ValidationError) as found:
        MailSettings.model_validate({"smtp_url": url})
    assert "it must look like smtp://" in str(found.value) and "http://mail" not in str(found.value)


@pytest.mark.parametrize("sender", ["nobody", "a@b, c@d", "a@b\nBcc: c@d"])
def test_a_sender_that_is_none_is_a_wrong_setting(sender: str) -> None:
    with pytest.raises(ValidationError, match="it must be an address"):
        MailSettings.model_validate({"mail_from": sender})


def test_ports_and_names_are_read_from_the_address() -> None:
    one = MailSettings.model_validate({"smtp_url": "smtp://me%40x:a%2Fb@mail.example"})
    assert (one.host, one.port, one.tls, one.login) == ("mail.example", 587, False, ("me@x", "a/b"))
    two = MailSettings.model_validate({"smtp_url": "smtps://mail.example"})
    assert (two.port, two.tls, two.login) == (465, True, None)


def test_a_list_is_a_file_or_stands_in_the_setting(tmp_path: Path) -> None:
    file = tmp_path / "customers.txt"
    file.write_text("# ours\nana@example.com\n\nBo <bo@example.com>  # since May\nnobody\nana@example.com\n")
    lists = OperatorsLists({
        "MAIL_LIST_CUSTOMERS": str(file), "MAIL_LIST_THE_BOARD": "esha@example.com, finn@example.com",
        "MAIL_LIST_GONE": str(tmp_path / "gone.txt"), "MAIL_LIST_FOLDER": str(tmp_path),
    })  # fmt: skip
    assert lists.addresses("customers") == ("ana@example.com", "bo@example.com")
    assert lists.addresses("the-board") == ("esha@example.com", "finn@example.com")
    assert lists.addresses("gone") == lists.addresses("folder") == lists.addresses("nobody") == ()
    file.write_text("cleo@example.com\n")
    assert lists.addresses("customers") == ("cleo@example.com",), "it is read anew each time"
