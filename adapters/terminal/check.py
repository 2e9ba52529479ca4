"""``tocsin check``: playbooks checked, with every mistake and every doubt, or their JSON Schema."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from bot.messages.outline import outline
from bot.playbook.load import BadPlaybook, Checked, Problem
from bot.playbook.shape import Playbook


class Checks(Protocol):
    """What the command needs of the bot."""

    def check(self, playbook: str) -> Checked:
        """The playbook of this name or folder with the doubts about it; raises ``BadPlaybook``."""
        ...

    def loaded(self) -> Sequence[str]:
        """Names or folders of the playbooks in force."""
        ...

    def playbooks(self) -> Sequence[Playbook]:
        """All of them loaded; raises ``BadPlaybook``."""
        ...

    def shipped(self) -> Sequence[str]:
        """Names of the playbooks that come with Tocsin."""
        ...

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of playbooks."""
        ...


def add(app: typer.Typer, bot: Checks) -> None:
    """Add the command."""

    @app.command()
    def check(
        playbooks: Annotated[list[str] | None, typer.Argument(help="Shipped names, or folders.")] = None,
        all_: Annotated[bool, typer.Option("--all", help="Check all that come with Tocsin.")] = False,
        schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema for editors.")] = False,
        json_: Annotated[bool, typer.Option("--json", help="Print the mistakes as a JSON array.")] = False,
    ) -> None:
        """Check playbooks: every mistake with its file and line, what was found and what was expected.

        Without a name it checks those in force, also side by side. What is no mistake and worth a look is told too.

        Example: tocsin check playbooks/default
        """
        if schema:
            typer.echo(json.dumps(bot.schema(), indent=2, ensure_ascii=False))
            return
        typed = [name for one in playbooks or () for name in one.split(",")]
        names = [*typed, *(bot.shipped() if all_ else ())]
        right: list[Checked] = []
        wrong: list[Problem] = []
        for name in names or bot.loaded():
            try:
                right.append(bot.check(name))
            except BadPlaybook as bad:
                wrong += bad.problems
        if not names and not wrong:
            wrong += _together(bot)
        wrong = [replace(problem, file=_near(problem.file)) for problem in wrong]
        typer.echo(json.dumps([_row(one) for one in wrong], ensure_ascii=False) if json_ else _told(right, wrong))
        raise typer.Exit(1 if wrong else 0)


def _together(bot: Checks) -> list[Problem]:
    """What does not hold between the playbooks in force, each of which is right by itself."""
    try:
        bot.playbooks()
    except BadPlaybook as bad:
        return bad.problems
    return []


def _near(file: Path) -> Path:
    """A file as people here would name it."""
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file


def _row(problem: Problem) -> dict[str, object]:
    at = {"file": str(problem.file), "line": problem.line, "where": problem.where}
    return {**at, "found": problem.found, "expected": problem.expected, "says": problem.says}


def _told(right: Sequence[Checked], wrong: Sequence[Problem]) -> str:
    lines = [line for one in right for line in _of_one(one)] + [str(problem) for problem in wrong]
    if wrong:
        lines.append("1 mistake." if len(wrong) == 1 else f"{len(wrong)} mistakes.")
    return "\n".join(lines)


def _of_one(one: Checked) -> list[str]:
    playbook = one.playbook
    lines = [f"{playbook.title} ({playbook.name}, version {playbook.version}): no mistakes."]
    lines += [f"  {line}" for line in outline(playbook)]
    return lines + [f"  worth a look: {replace(doubt, file=_near(doubt.file))}" for doubt in one.doubts]
