"""The composition root and the command line: builds everything from the settings and hands it in.

Adapters are loaded by name when a command first needs them, so that ``tocsin check`` does not wait for chat libraries.
"""

import asyncio
import json
import os
import secrets
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer

from bot import logs
from bot.card import Card, plain
from bot.doctor import Finding, Health
from bot.errors import Refused, TryLater
from bot.heard import Spoken
from bot.people import Person
from bot.playbook.load import BadPlaybook, load
from bot.playbook.shape import Playbook
from bot.running import Bot, Chat
from bot.settings import Settings

log = structlog.get_logger()
app = typer.Typer(
    name="tocsin",
    help="An incident bot for Slack and Discord that keeps the clock.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        return datetime.now(UTC)


def adapter(name: str, member: str) -> Any:
    """A member of an adapter, loaded when first needed."""
    return getattr(import_module(f"adapters.{name}"), member)


def chats(clock: Any) -> tuple[list[Chat], list[str]]:
    """The chat platforms that are switched on, and why the others are not."""
    slack_settings, discord_settings = slack_and_discord()
    found: list[Chat] = []
    off: list[str] = []
    if slack_settings.mode == "off":
        off.append(slack_settings.reason)
    else:
        found.append(adapter("slack.adapter", "SlackAdapter")(slack_settings, clock))
    if discord_settings.off:
        off.append(f"{discord_settings.off}, so Discord is off.")
    else:
        found.append(adapter("discord.adapter", "DiscordAdapter")(discord_settings, clock))
    return found, off


def slack_and_discord() -> tuple[Any, Any]:
    """The settings of both chat platforms."""
    return adapter("slack.settings", "SlackSettings")(), adapter("discord.settings", "DiscordSettings")()


def known_secrets() -> list[str]:
    """Values that must never be logged."""
    words = ("TOKEN", "SECRET", "PASSWORD", "PAGER_URLS")
    return [value for name, value in os.environ.items() if value and any(word in name for word in words)]


def the_playbook(settings: Settings) -> Playbook:
    """The playbook in force, or exit with what is wrong with it."""
    try:
        return load(settings.playbook_folder)
    except BadPlaybook as bad:
        for problem in bad.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(1) from bad


async def serve(settings: Settings, clock: Any, found: list[Chat], *, until: asyncio.Event) -> None:
    """Run the bot until told to stop."""
    database = adapter("database", "Database")(settings.database_url)
    await _patiently(database.start)
    metrics = adapter("web.metrics", "Metrics")()
    bot = Bot(
        store=database,
        playbook=the_playbook(settings),
        clock=clock,
        chats=found,
        alarm=adapter("alarm", "SchedulerAlarm"),
        meter=metrics,
        worker=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}",
    )
    routes = [route for chat in found for route in getattr(chat, "routes", list)()]
    web = adapter("web.server", "WebServer")(
        host=settings.http_host, port=settings.http_port, readiness=bot, metrics=metrics, reader=database.reader,
        ledger=bot.ledger, routes=routes,
    )  # fmt: skip
    await web.start()
    await bot.start()
    try:
        await until.wait()
    finally:
        await web.stop()
        await bot.stop()
        await database.stop()


async def _patiently(start: Callable[[], Awaitable[None]]) -> None:
    """A database that is not up yet is waited for."""
    wait = 0.5
    while True:
        try:
            return await start()
        except TryLater as gone:
            log.warning("waiting_for_database", why=gone.why, seconds=wait)
            await asyncio.sleep(wait)
            wait = min(10.0, wait * 2)


def go(work: Coroutine[Any, Any, int]) -> None:
    """Run a command's work; its number is the exit code."""
    try:
        code = asyncio.run(work)
    except (Refused, TryLater) as no:
        typer.echo(f"The database cannot be used: {no.why}.", err=True)
        code = 1
    raise typer.Exit(code)


async def until_told(work: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> int:
    """Run until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    await work(stop)
    return 0


def prepared() -> Settings:
    """Settings read, logs set up."""
    settings = Settings()
    logs.set_up(format=settings.log_format, level=settings.log_level, secrets=known_secrets())
    return settings


@app.command()
def run() -> None:
    """Run the bot.

    Example: SLACK_BOT_TOKEN=… SLACK_APP_TOKEN=… tocsin run
    """
    settings = prepared()
    clock = SystemClock()
    found, off = chats(clock)
    if not found:
        for why in off:
            typer.echo(why, err=True)
        typer.echo("Nothing to listen to: set one platform's tokens (.env.example explains each).", err=True)
        typer.echo("To try Tocsin without any token, run `tocsin demo`.", err=True)
        raise typer.Exit(2)
    for why in off:
        log.info("platform_off", why=why)
    go(until_told(lambda stop: serve(settings, clock, found, until=stop)))


@app.command()
def demo(port: Annotated[int, typer.Option(help="Port of the sandbox's page; 0 takes any.")] = 8765) -> None:
    """Run the bot beside a local Slack and a local Discord in the browser: no account, no token.

    Example: tocsin demo --port 8765
    """
    settings = prepared()
    go(until_told(lambda stop: _demo(settings, port, stop)))


def sandbox_tokens(sandbox: Any) -> dict[str, str]:
    """The settings that point the bot at a sandbox."""
    return {
        "SLACK_BOT_TOKEN": sandbox.slack.bot_token,
        "SLACK_APP_TOKEN": sandbox.slack.app_token,
        "SLACK_API_URL": sandbox.slack_api_url,
        "DISCORD_TOKEN": sandbox.discord.token,
        "DISCORD_GUILD_ID": str(sandbox.discord.guild_id),
        "DISCORD_API_URL": sandbox.discord_api_url,
        "ANNOUNCE_CHANNEL": "incidents",
    }


def fresh_database(folder: Path) -> str:
    """An empty database for the demo: what was in the last one belongs to a sandbox that is gone."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("demo.db*"):
        old.unlink()
    return f"sqlite:///{folder / 'demo.db'}"


async def _demo(settings: Settings, port: int, stop: asyncio.Event) -> None:
    sandbox = adapter("sandbox.server", "Sandbox")()
    try:
        await sandbox.start(port=port)
    except OSError:
        await sandbox.start(port=0)
    os.environ.update(sandbox_tokens(sandbox))
    found, _ = chats(sandbox.clock)
    typer.echo(f"Tocsin demo: open {sandbox.url}/ in your browser. Ctrl-C ends it.")
    sys.stdout.flush()
    mine = settings.model_copy(update={"database_url": fresh_database(Path("var")), "http_port": 0})
    try:
        await serve(mine, sandbox.clock, found, until=stop)
    finally:
        await sandbox.stop()


@app.command()
def check(
    playbook: Annotated[str, typer.Argument(help="Name of a shipped playbook, or a folder.")] = "",
    json_: AsJson = False,
) -> None:
    """Check a playbook: every mistake with its file and line.

    Example: tocsin check playbooks/default
    """
    settings = Settings()
    if playbook:
        settings = settings.model_copy(update={"playbook": playbook})
    try:
        found = load(settings.playbook_folder)
    except BadPlaybook as bad:
        rows = [{"file": str(p.file), "line": p.line, "where": p.where, "says": p.says} for p in bad.problems]
        typer.echo(json.dumps(rows) if json_ else "\n".join(str(p) for p in bad.problems))
        raise typer.Exit(1) from bad
    typer.echo("[]" if json_ else f"{found.title} ({found.name}, version {found.version}): no mistakes.")


@app.command()
def migrate() -> None:
    """Bring the database up to date, and do nothing else.

    Example: DATABASE_URL=postgresql://tocsin@db/tocsin tocsin migrate
    """
    settings = prepared()

    async def work() -> int:
        database = adapter("database", "Database")(settings.database_url)
        await database.migrate()
        await database.stop()
        typer.echo("The database is up to date.")
        return 0

    go(work())


@app.command()
def verify(
    incidents: Annotated[list[int] | None, typer.Argument(help="Numbers; all where left out.")] = None,
    json_: AsJson = False,
) -> None:
    """Prove that timelines are whole: nothing changed, lost or swapped.

    Example: tocsin verify 42
    """
    go(_verify(prepared(), incidents or [], json_))


async def _verify(settings: Settings, numbers: list[int], as_json: bool) -> int:
    from_timeline = import_module("bot.timeline")
    database = adapter("database", "Database")(settings.database_url)
    await database.start(delivers=False)
    reader = database.reader
    rows = []
    for number in numbers or await reader.numbers():
        incident = await reader.incident(number)
        if incident is None:
            rows.append({"incident": number, "whole": False, "says": "there is no such incident"})
            continue
        links = [link async for link in reader.chain(number)]
        broken = from_timeline.verify(links, length=incident.entries, head=incident.head)
        rows.append({"incident": number, "whole": broken is None, "says": broken or f"{len(links)} entries"})
    await database.stop()
    bad = [row for row in rows if not row["whole"]]
    if as_json:
        typer.echo(json.dumps(rows))
    else:
        for row in bad:
            typer.echo(f"#{row['incident']}: {row['says']}")
        typer.echo(f"{len(rows) - len(bad)} of {len(rows)} timelines are whole.")
    return 1 if bad else 0


@app.command()
def incident(
    words: Annotated[list[str], typer.Argument(help="The words that one would type after /incident.")],
    as_: Annotated[str, typer.Option("--as", help="Who you are: a person's key in the playbook.")] = "",
    json_: AsJson = False,
) -> None:
    """Say something to the bot without any chat: the same words as in chat. The running bot delivers the rest.

    Example: tocsin incident sev1 checkout is down
    """
    go(_incident(prepared(), " ".join(words), as_, json_))


async def _incident(settings: Settings, words: str, who: str, as_json: bool) -> int:
    database = adapter("database", "Database")(settings.database_url)
    await database.start(delivers=False)
    playbook = the_playbook(settings)
    name = who or os.environ.get("USER", "") or "operator"
    actor = playbook.person(name) or Person(key=f"cli:{name}", name=name)
    on = [chat.platform.name for chat in chats(SystemClock())[0]]
    library = import_module("bot.playbook.library").Library(playbook, database.reader)
    desk = import_module("bot.running").desk_alone(database, library, clock=SystemClock(), platforms=on)
    answer = await desk.hear(Spoken(key=f"cli:{secrets.token_hex(16)}", platform="cli", actor=actor, words=words))
    await database.stop()
    card: Card = answer.card or Card(text=("Done.",))
    if as_json:
        typer.echo(json.dumps({"title": card.title, "text": plain(card.text), "ok": card.tone != "ask"}))
    else:
        typer.echo(_shown(card))
    return 1 if card.tone == "ask" else 0


def _shown(card: Card) -> str:
    lines = [card.title, plain(card.text), *(f"{field.name}: {plain(field.value)}" for field in card.fields)]
    return "\n".join(line for line in lines if line)


@app.command()
def doctor(json_: AsJson = False) -> None:
    """Examine tokens, scopes, permissions, the database and the playbook; say what is wrong and how to mend it.

    Example: tocsin doctor
    """
    go(_doctor(prepared(), json_))


async def _doctor(settings: Settings, as_json: bool) -> int:
    findings: list[Finding] = [_playbook_finding(settings), await _database_finding(settings)]
    slack, discord = slack_and_discord()
    findings += await adapter("slack.checks", "examine")(slack)
    findings += await adapter("discord.checks", "examine")(discord)
    marks = {Health.FINE: "✓", Health.WORTH_A_LOOK: "!", Health.WRONG: "✗"}
    if as_json:
        typer.echo(json.dumps([finding.model_dump(mode="json") for finding in findings]))
    else:
        for one in findings:
            typer.echo(f"{marks[one.health]} {one.what}: {one.says}" + (f"\n  → {one.mend}" if one.mend else ""))
    return 1 if any(one.health is Health.WRONG for one in findings) else 0


def _playbook_finding(settings: Settings) -> Finding:
    try:
        found = load(settings.playbook_folder)
    except BadPlaybook as bad:
        says = f"{len(bad.problems)} mistakes, the first: {bad.problems[0]}"
        return Finding(what="Playbook", health=Health.WRONG, says=says, mend="`tocsin check` lists them all.")
    return Finding(what="Playbook", health=Health.FINE, says=f"{found.title}, version {found.version}")


async def _database_finding(settings: Settings) -> Finding:
    kind = settings.database_url.split(":")[0]
    database = adapter("database", "Database")(settings.database_url)
    try:
        await database.start(delivers=False)
        await database.reader.ping()
    except (TryLater, Refused) as no:
        mend = "Check DATABASE_URL: is the server up, the name right, the password known to it?"
        return Finding(what=f"Database ({kind})", health=Health.WRONG, says=no.why, mend=mend)
    finally:
        await database.stop()
    return Finding(what=f"Database ({kind})", health=Health.FINE, says="answers and is up to date")


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
