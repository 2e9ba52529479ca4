"""Reads a playbook from its folder and says every mistake with its line, what was found and what was expected."""

import re
from dataclasses import dataclass
from pathlib import Path

from bot.errors import TocsinError
from bot.playbook.doubts import doubts
from bot.playbook.files import Beside, beside
from bot.playbook.misfit import At, Misfit, where
from bot.playbook.pruning import Pruning
from bot.playbook.reading import PLAIN, Reading
from bot.playbook.shape import Playbook
from bot.playbook.tree import Tree, Unreadable, read

FILE = "playbook.yaml"
OWN_LINE = re.compile(r"\(its line (?P<line>\d+)\)$")
"""How a mistake within a template names its line."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a playbook."""

    file: Path
    line: int
    where: str
    """Path to the value: ``severities[0].cadence``."""
    says: str
    """The whole sentence."""
    found: str = ""
    expected: str = ""

    def __str__(self) -> str:
        at = f" {self.where}:" if self.where else ""
        return f"{self.file}:{self.line}:{at} {self.says}"


class BadPlaybook(TocsinError):
    """A playbook that cannot be used; ``problems`` says why, all at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Checked:
    """A playbook that was read."""

    file: Path
    playbook: Playbook
    doubts: tuple[Problem, ...] = ()
    """What is allowed and probably not meant."""


def load(folder: Path, *, reading: Reading = PLAIN) -> Playbook:
    """The playbook in a folder, or the one that is this file; raises :class:`BadPlaybook`."""
    return check(folder, reading=reading).playbook


def check(folder: Path, *, reading: Reading = PLAIN) -> Checked:
    """The playbook in a folder with the doubts about it; raises :class:`BadPlaybook`."""
    file = folder / FILE if folder.is_dir() else folder
    try:
        tree = read(file)
    except Unreadable as no:
        raise BadPlaybook([_problem(file, no.line, no.misfit)]) from no
    files = beside(file.parent, tree.values)
    pruning = Pruning(files.into(tree.values), tree.words)
    playbook = pruning.playbook(reading)
    problems = [_problem(file, line, one) for line, one in tree.misfits]
    problems += [_problem(*_place(file, tree, files, one), one) for one in pruning.told]
    problems += [_unread(file, tree, what, says) for what, says in files.wrong]
    if playbook is None or problems:
        raise BadPlaybook(sorted(problems, key=lambda problem: (problem.line, problem.where)))
    return Checked(file, playbook, tuple(_problem(file, tree.line(one.at), one) for one in doubts(playbook)))


def _place(file: Path, tree: Tree, files: Beside, one: Misfit) -> tuple[Path, int]:
    """Where a value stands: in the playbook, or in a file of its own beside it, with the line that it names there."""
    own = files.paths.get(one.at)
    if own is None:
        return file, tree.line(one.at)
    named = OWN_LINE.search(one.found)
    return own, int(named["line"]) if named is not None else 1


def _unread(file: Path, tree: Tree, what: Path | At, says: str) -> Problem:
    """A file beside the playbook that is not read, told by itself or by the place that names it."""
    if isinstance(what, Path):
        return Problem(what, 1, "", says)
    return Problem(file, tree.line(what), where(what), says)


def _problem(file: Path, line: int, one: Misfit) -> Problem:
    return Problem(file, line, where(one.at), str(one), one.found, one.expected)
