"""Several playbooks side by side: what has to hold between them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.playbook.load import FILE, BadPlaybook, Problem, load
from bot.playbook.reading import PLAIN, Reading
from bot.playbook.shape import Playbook


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
            says = f"the playbook in {names[playbook.name]} has the name “{playbook.name}” too"
            yield Problem(file, 1, "name", says)
        names.setdefault(playbook.name, folder)
        for person in playbook.people:
            for handle in person.handles.items():
                account = f"account {handle[1]} on {handle[0].title()}"
                key, told = handles.setdefault(handle, (person.key, playbook.name))
                if key != person.key:
                    says = (
                        f"{account} is “{person.key}” here and “{key}” in the playbook {told}; one person has one key"
                    )
                    yield Problem(file, 1, "people", says)
                other, told = keys.setdefault((person.key, handle[0]), (handle[1], playbook.name))
                if other != handle[1]:
                    says = f"“{person.key}” has the {account} here and {other} in the playbook {told}"
                    yield Problem(file, 1, "people", f"{says}; two people have two keys")
