"""Reads a playbook from its folder and says every mistake with its line, what was found and what was expected."""

from dataclasses import dataclass
from pathlib import Path

from bot.errors import TocsinError
from bot.playbook.doubts import doubts
from bot.playbook.files import Beside, beside
from bot.playbook.misfit import Misfit, where
from bot.playbook.pruning import Pruning
from bot.playbook.reading import PLAIN, Reading
from bot.playbook.shape import Playbook
from bot.playbook.tree import Tree, Unreadable, read

FILE = "playbook.yaml"


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
    return _right(folder, reading)[2]


def check(folder: Path, *, reading: Reading = PLAIN) -> Checked:
    """The playbook in a folder with the doubts about it; raises :class:`BadPlaybook`.

    Doubts look at a year of every rota, for which nobody who only starts the bot should wait.
    """
    file, tree, playbook = _right(folder, reading)
    return Checked(file, playbook, tuple(_problem(file, tree.line(one.at), one) for one in doubts(playbook)))


def _right(folder: Path, reading: Reading) -> tuple[Path, Tree, Playbook]:
    """The file, what was read of it, and the playbook; raises :class:`BadPlaybook` where it is not right."""
    file = folder / FILE if folder.is_dir() else folder
    try:
        tree = read(file)
    except Unreadable as no:
        raise BadPlaybook([_problem(file, no.line, no.misfit)]) from no
    files = beside(file.parent, tree.values)
    pruning = Pruning(files.into(tree.values), tree.words | files.texts)
    playbook = pruning.playbook(reading)
    problems = [_problem(file, line, one) for line, one in tree.misfits]
    problems += [_problem(file, tree.line(one.at), one) for one in files.misfits]
    problems += [_problem(path, 1, one) for path, one in files.wrong]
    problems += [_told(file, tree, files, one) for one in pruning.told]
    if playbook is None or problems:
        raise BadPlaybook(sorted(problems, key=lambda problem: (problem.file != file, problem.line, problem.where)))
    return file, tree, playbook


def _told(file: Path, tree: Tree, files: Beside, one: Misfit) -> Problem:
    """What is wrong with a value, told with the file that it came from."""
    if one.at in files.paths:
        return _problem(files.paths[one.at], max(one.line, 1), one)
    return _problem(file, tree.line(one.at), one)


def _problem(file: Path, line: int, one: Misfit) -> Problem:
    return Problem(file, line, where(one.at), str(one), one.found, one.expected)
