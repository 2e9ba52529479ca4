"""Each way in which settings, ports and ways are wrong, and what the doctor says of it."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from adapters.keys import checks
from adapters.keys.keyring import Keyring
from adapters.machine import environment, ways
from adapters.web.probe import running
from bot.building import setting_names
from bot.doctor import Finding
from bot.keys import Purpose
from tests.doctor.seen import amiss, seen

LONG = "9f3a61c0d2b84e7795a0c1e2f3b4d5a6"
FILE = Path("no-such-file")
ROOT = Path(__file__).parents[2]


def told(values: dict[str, str], file: Path = FILE) -> list[Finding]:
    known, open_ended = setting_names()
    return environment.examine(values, known, open_ended=open_ended, file=file)


def test_every_setting_that_is_explained_is_known_and_the_other_way_round() -> None:
    explained = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert explained == setting_names()[0]


def test_healthy_settings_show_none_of_them(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f'SLACK_BOT_TOKEN="xoxb-1"\nSECRET_KEY={LONG}\n')
    file.chmod(0o600)
    values = environment.read(file) | {"PATH": "/bin", "PAGER_URLS_ANA_SMS": "json://x", "MAIL_LIST_ALL": "a@b.example"}
    assert amiss(told(values, file)) == {}


@pytest.mark.parametrize(
    ("name", "values", "mend"),
    [
        ("settings.misspelt", {"SLACK_TOKEN": "xoxb-1"}, "SLACK_BOT_TOKEN"),
        ("settings.misspelt", {"DISCORD_BOT_TOKEN": "a.b.c"}, "DISCORD_TOKEN"),
        ("settings.misspelt", {"DISCORD_SERVER_ID": "1"}, "DISCORD_GUILD_ID"),
        ("settings.misspelt", {"ANOUNCE_CHANNEL": "ops"}, "ANNOUNCE_CHANNEL"),
        ("settings.misspelt", {"PUBIC_URL": "https://x.example"}, "PUBLIC_URL"),
        ("settings.unknown", {"SLACK_VERIFICATION_CODE": "1"}, ".env.example"),
        ("settings.quoted", {"SLACK_BOT_TOKEN": '"xoxb-1-2"'}, "--env-file"),
        ("settings.quoted", {"DISCORD_TOKEN": "a.b.c "}, "--env-file"),
        ("settings.sample", {"SLACK_BOT_TOKEN": "xoxb-..."}, "real one"),
        ("settings.sample", {"WEBHOOK_SECRET": "changeme"}, "real one"),
        ("settings.secret-weak", {"FREEZE_TOKEN": "hunter2"}, "openssl rand"),
        ("settings.secret-weak", {"SECRET_KEY": "aaaaaaaaaaaaaaaaaaaa"}, "openssl rand"),
        ("settings.secret-reused", {"SECRET_KEY": LONG, "WEBHOOK_SECRET": LONG}, "a value of its own"),
    ],
)
def test_what_was_written_wrong_is_named_with_its_mend(name: str, values: dict[str, str], mend: str) -> None:
    found = told(values)
    seen(found, name, mend)
    assert not any(
        value.strip() in f"{one.says} {one.mend}" for one in found for value in values.values() if len(value) > 5
    )


def test_a_name_that_is_right_already_is_not_asked_for() -> None:
    assert amiss(told({"DB_URL": "mysql://x", "DATABASE_URL": "sqlite:///a.db"})) == {}


def test_a_file_that_others_can_read(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SLACK_BOT_TOKEN=xoxb-1")
    file.chmod(0o644)
    seen(told({}, file), "settings.file-readable", f"chmod 600 {file}")


@asynccontextmanager
async def serving(answer: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    """A web server of some kind at an address of this machine."""
    app = web.Application()
    app.router.add_get("/{rest:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("name", "url", "mend"),
    [
        ("settings.public-url-local", "https://localhost:8080", "people reach the bot"),
        ("settings.public-url-local", "https://0.0.0.0", "people reach the bot"),
        ("settings.public-url-path", "https://tocsin.example/slack/events", "PUBLIC_URL=https://tocsin.example"),
        ("settings.public-url-path", "https://tocsin.example/status/", "PUBLIC_URL=https://tocsin.example"),
        ("settings.public-url-unreachable", "https://no-such-host.invalid", "DNS"),
        ("settings.public-url-unreachable", "https://xn--a", "DNS"),
        ("settings.public-url-plain", "http://no-such-host.invalid", "reverse proxy"),
    ],
)
async def test_public_addresses_that_lead_nowhere(name: str, url: str, mend: str) -> None:
    seen(await ways.examine({}, host="127.0.0.1", public_url=url), name, mend)


async def test_a_public_address_that_leads_elsewhere() -> None:
    async def not_found(request: web.Request) -> web.Response:
        return web.Response(status=404)

    async def alive(request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async with serving(not_found) as at:
        (one,) = await ways._answers(f"http://{at}")
        seen([one], "settings.public-url-elsewhere", "HTTP_PORT")
    async with serving(alive) as at:
        assert amiss(await ways._answers(f"http://{at}/")) == {}


async def test_a_host_that_is_not_of_this_machine_and_a_proxy_that_is_away() -> None:
    values = {"HTTPS_PROXY": "http://ana:hunter2@127.0.0.1:9"}
    found = await ways.examine(values, host="192.0.2.7", public_url="")
    seen(found, "settings.host", "127.0.0.1")
    seen(found, "settings.proxy", "unset it")
    assert "hunter2" not in str(found)
    seen(await ways.examine({}, host="tocsin.invalid", public_url=""), "settings.host", "127.0.0.1")
    assert amiss(await ways.examine({}, host="0.0.0.0", public_url="")) == {}  # noqa: S104


async def test_another_program_at_the_port_and_a_bot_that_is_not_ready() -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<h1>It works!</h1>")

    async def away(request: web.Request) -> web.Response:
        return web.json_response({"ready": False, "reason": {"database": "does not answer"}}, status=503)

    for name, mend, answer in (("bot.port-taken", "HTTP_PORT", page), ("bot.not-ready", "log", away)):
        async with serving(answer) as at:
            seen([await running("127.0.0.1", int(at.rpartition(":")[2]))], name, mend)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        seen([await running("127.0.0.1", free.getsockname()[1])], "bot.not-running", "tocsin run")


async def test_a_program_that_takes_the_port_and_says_nothing() -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(mute, "127.0.0.1", 0) as server:
        found = await running("127.0.0.1", server.sockets[0].getsockname()[1])
    seen([found], "bot.port-taken", "HTTP_PORT")


async def test_a_bot_that_hangs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as hung:  # (it listens, and nobody takes what comes)
        found = await running("127.0.0.1", hung.getsockname()[1], patience=0.2)
    seen([found], "bot.silent", "log")


def test_a_key_that_was_lost(tmp_path: Path) -> None:
    former, url = Keyring([LONG]), f"sqlite:///{tmp_path}/tocsin.db"
    rows = [(Purpose.ROUTE, former.seal(Purpose.ROUTE, "json://x", owner="ana"), "ana")]
    found = checks.sealed(["another-key-of-the-test"], rows, kept=None, database_url=url)
    assert "1 of 1" in seen(found, "keys.lost", "behind the present one").says
    assert amiss(checks.sealed(["another-key-of-the-test", LONG], rows, kept=None, database_url=url)) == {}
    assert amiss(checks.sealed([], rows, kept=LONG, database_url="postgresql://db/tocsin")) == {}


def test_keys_that_others_read_or_that_lie_beside_what_they_seal(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text(LONG)
    (tmp_path / "secret.key").chmod(0o644)
    url = f"sqlite:///{tmp_path}/tocsin.db"
    found = checks.examine((), database_url=url, public_url="")
    seen(found, "keys.readable", "chmod 600")
    seen(found, "settings.public-url-missing", "Set it")
    seen(checks.examine((), database_url="postgresql://db/x", public_url=""), "keys.in-database", "every replica")
