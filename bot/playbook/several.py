"""Several playbooks side by side: what has to hold between them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.playbook.load import FILE, BadPlaybook, Problem, load
from bot.playbook.misfit import At, Misfit, where
from bot.playbook.reading import PLAIN, Reading
from bot.playbook.shape import Playbook
from bot.playbook.tree import read


def load_all(folders: Sequence[Path], *, reading: Reading = PLAIN) -> tuple[Playbook, ...]:
    """The playbooks in these folders, in this order; raises :class:`BadPlaybook` with the mistakes of all of them."""
    found: list[tuple[Path, Playbook]] = []
    problems: list[Problem] = []
    for folder in folders:
        try:
            found.append((folder, load(folder, reading=reading)))
        except BadPlaybook as bad:
            problems += bad.problems
    problems += _clashes(found)
    if problems:
        raise BadPlaybook(problems)
    return tuple(playbook for _, playbook in found)


def _clashes(found: Sequence[tuple[Path, Playbook]]) -> Iterator[Problem]:
    """One name for each playbook; one key for each person, and one person for each key, in all of them."""
    names: dict[str, Path] = {}
    keys: dict[tuple[str, str], tuple[str, str]] = {}
    handles: dict[tuple[str, str], tuple[str, str]] = {}
    for folder, playbook in found:
        file = folder / FILE if folder.is_dir() else folder
        if playbook.name in names:
            yield _problem(file, ("name",), f"“{playbook.name}” as in {names[playbook.name]}", "a name of its own")
        names.setdefault(playbook.name, folder)
        for place, person in enumerate(playbook.people):
            for platform, handle in person.handles.items():
                at, account = ("people", place), f"{handle} on {platform}"
                key, told = handles.setdefault((platform, handle), (person.key, playbook.name))
                if key != person.key:
                    expected = f"“{key}”, as the playbook {told} calls that person"
                    yield _problem(file, (*at, "key"), f"“{person.key}” for {account}", expected)
                other, told = keys.setdefault((person.key, platform), (handle, playbook.name))
                if other != handle:
                    expected = f"another key than in the playbook {told}, where “{person.key}” is {other}"
                    yield _problem(file, (*at, "key"), f"“{person.key}” for {account}", expected)


def _problem(file: Path, at: At, found: str, expected: str) -> Problem:
    one = Misfit(at, found, expected)
    return Problem(file, read(file).line(at), where(at), str(one), found, expected)
