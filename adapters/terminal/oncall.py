"""``tocsin oncall``: schedules that are kept elsewhere, as YAML for the playbook; what on-call is paid."""

from typing import Annotated, Protocol

import typer

from adapters.terminal import pay
from bot import zones
from bot.errors import Mistake
from bot.playbook.load import BadPlaybook


class OnCall(pay.Pays, Protocol):
    """What the commands need of the bot."""

    def imported(self, source: str, id: str, *, zone: str, playbook: str) -> str:
        """A schedule as YAML for a playbook; raises ``Mistake`` and ``BadPlaybook``."""
        ...


def add(app: typer.Typer, bot: OnCall) -> None:
    """Add the commands."""
    oncall = typer.Typer(
        name="oncall", help="On-call: take a schedule over from elsewhere, report what is paid.", no_args_is_help=True
    )
    _import(oncall, bot)
    pay.add(oncall, bot)
    app.add_typer(oncall)


def _import(app: typer.Typer, bot: OnCall) -> None:
    @app.command(name="import")
    def import_(
        source: Annotated[str, typer.Argument(help="An iCalendar file, its address, or the word pagerduty.")],
        schedule: Annotated[str, typer.Argument(help="After pagerduty: the schedule's id.")] = "",
        zone: Annotated[str, typer.Option(help="The zone in which its hand-overs are meant, like Europe/Berlin.")] = "",
        playbook: Annotated[
            str, typer.Option(help="The playbook for which it is; the one in force where left out.")
        ] = "",
    ) -> None:
        """Print a schedule kept elsewhere as rotations for the playbook, to be read and committed by a person.

        Nothing is changed. What cannot be expressed is named in comments; exits 2 where nothing of it can be.

        Example: tocsin oncall import pagerduty PI7DH85
        """
        try:
            if zone:
                _known(zone)
            typer.echo(bot.imported(source, schedule, zone=zone, playbook=playbook), nl=False)
        except Mistake as mistake:
            typer.echo(str(mistake), err=True)
            raise typer.Exit(2) from mistake
        except BadPlaybook as bad:
            typer.echo(str(bad), err=True)
            raise typer.Exit(1) from bad


def _known(zone: str) -> None:
    if zones.known(zone) is None:
        raise Mistake(f"“{zone[:60]}” is no time zone. Write it like Europe/Berlin or UTC.")
