"""The commands of ``tocsin``. What they do is built by the composition root and handed in."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Protocol

import typer

from adapters.terminal import check, export, freeze, keeping, oncall, proof, rehearse, shown
from adapters.terminal.going import go
from bot.card import Card, Tone
from bot.doctor import Finding, Health
from bot.playbook.shape import Playbook

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]


class Composition(
    check.Checks, export.Exports, freeze.Freezes, keeping.Keeps, oncall.OnCall, rehearse.Rehearses, Protocol
):
    """What the commands need of the bot."""

    def off(self) -> list[str]:
        """Why the platforms that are off are off."""
        ...

    def anything_on(self) -> bool:
        """Whether any chat platform is switched on."""
        ...

    async def run(self) -> None:
        """Run the bot until it is told to stop."""
        ...

    async def demo(self, port: int, told: Callable[[str], None], served: Callable[[str], None]) -> None:
        """Run it beside the sandbox; ``told`` is given the page's address, ``served`` the bot's own."""
        ...

    def playbooks(self) -> Sequence[Playbook]:
        """The playbooks loaded, the one in force first; raises ``BadPlaybook``."""
        ...

    async def migrate(self) -> None:
        """Bring the database up to date."""
        ...

    async def say(self, words: str, who: str) -> Card:
        """Say something to the bot; its answer."""
        ...

    async def examine(self) -> list[Finding]:
        """What the doctor finds."""
        ...


def build(bot: Composition) -> typer.Typer:
    """The command line around a bot."""
    app = typer.Typer(
        name="tocsin",
        help="An incident bot for Slack and Discord that keeps the clock.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    for command in (_run, _demo, _migrate, _incident, _doctor):
        command(app, bot)
    check.add(app, bot)
    proof.add(app, bot)
    export.add(app, bot)
    freeze.add(app, bot)
    keeping.add(app, bot)
    oncall.add(app, bot)
    rehearse.add(app, bot)
    return app


async def _then(work: Awaitable[None], code: int = 0) -> int:
    await work
    return code


def _run(app: typer.Typer, bot: Composition) -> None:
    @app.command()
    def run() -> None:
        """Run the bot.

        Example: SLACK_BOT_TOKEN=… SLACK_APP_TOKEN=… tocsin run
        """
        if not bot.anything_on():
            for why in bot.off():
                typer.echo(why, err=True)
            typer.echo("Nothing to listen to: set one platform's tokens (.env.example explains each).", err=True)
            typer.echo("To try Tocsin without any token, run `tocsin demo`.", err=True)
            raise typer.Exit(2)
        go(_then(bot.run()))


def _demo(app: typer.Typer, bot: Composition) -> None:
    @app.command()
    def demo(
        port: Annotated[int, typer.Option(help="Port of the page; 0 takes any.", min=0, max=65535)] = 8765,
    ) -> None:
        """Run the bot beside a local Slack and a local Discord in the browser: no account, no token.

        Example: tocsin demo --port 8765
        """

        def told(url: str) -> None:
            typer.echo(f"Tocsin demo: open {url} in your browser. Ctrl-C ends it.")

        def served(url: str) -> None:
            typer.echo(
                f"The public page: {url}/status/\n"
                f"Alerts by webhook: {url}/alerts/SENDER with the secret “demo”, such as\n"
                f"  curl '{url}/alerts/generic?secret=demo' "
                """-d '{"title": "Checkout is down", "severity": "critical"}'"""
            )

        go(_then(bot.demo(port, told, served)))


def _migrate(app: typer.Typer, bot: Composition) -> None:
    @app.command()
    def migrate() -> None:
        """Bring the database up to date, and do nothing else.

        Example: DATABASE_URL=postgresql://tocsin@db/tocsin tocsin migrate
        """

        async def work() -> int:
            await bot.migrate()
            typer.echo("The database is up to date.")
            return 0

        go(work())


def _incident(app: typer.Typer, bot: Composition) -> None:
    @app.command()
    def incident(
        words: Annotated[list[str], typer.Argument(help="The words that one would type after /incident.")],
        as_: Annotated[str, typer.Option("--as", help="Who you are: a person's key in the playbook.")] = "",
        json_: AsJson = False,
    ) -> None:
        """Say something to the bot without any chat: the same words as in chat. The running bot delivers the rest.

        Example: tocsin incident sev1 checkout is down
        """

        async def work() -> int:
            answer = await bot.say(" ".join(words), as_)
            typer.echo(json.dumps(shown.as_data(answer), ensure_ascii=False) if json_ else shown.card(answer))
            return 1 if answer.tone is Tone.ASK else 0

        go(work())


def _doctor(app: typer.Typer, bot: Composition) -> None:
    @app.command()
    def doctor(json_: AsJson = False) -> None:
        """Examine tokens, scopes, permissions, the database and the playbook; say what is wrong and how to mend it.

        Example: tocsin doctor
        """

        async def work() -> int:
            found = await bot.examine()
            rows = [one.model_dump(mode="json") for one in found]
            typer.echo(json.dumps(rows, ensure_ascii=False) if json_ else shown.findings(found))
            return 1 if any(one.health is Health.WRONG for one in found) else 0

        go(work())
