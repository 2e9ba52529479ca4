"""Files beside a playbook, read into it: templates by their place, runbooks by the name that the playbook gives.

What is read becomes part of the playbook, so that a kept version of it is whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from bot.errors import TocsinError
from bot.playbook.misfit import At, Misfit, listed, nearest, quoted
from bot.playbook.written import Templates

LARGEST = 64 * 1024
"""Bytes of one file."""
TEMPLATES, CUSTOMERS = "templates", "customers"
ENDS = ".j2"


class NotRead(TocsinError):
    """A file that is not read: what was found, and what was expected."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"found {found}, expected {expected}")
        self.found, self.expected = found, expected


@dataclass(slots=True)
class Beside:
    """What lay beside a playbook."""

    texts: dict[At, str] = field(default_factory=dict)
    """The text that belongs at each place of the playbook."""
    paths: dict[At, Path] = field(default_factory=dict)
    """Which file each text came from."""
    wrong: list[tuple[Path, Misfit]] = field(default_factory=list)
    """Files that cannot be read."""
    misfits: list[Misfit] = field(default_factory=list)
    """What the playbook says of a file and does not fit."""

    def into(self, data: dict[str, Any]) -> dict[str, Any]:
        """The playbook with the texts in their places; what has a wrong shape there stays, to be told."""
        templates = dict(data.get(TEMPLATES) or {}) if isinstance(data.get(TEMPLATES), dict | None) else None
        runbooks = list(data["runbooks"]) if isinstance(data.get("runbooks"), list) else []
        for at, text in self.texts.items():
            match at:
                case ("runbooks", int(place), _):
                    runbooks[place] = {**runbooks[place], "text": text}
                    del runbooks[place]["file"]
                case (_, "customers", status) if templates is not None:
                    drafts = templates.get(CUSTOMERS, {})
                    templates[CUSTOMERS] = {**drafts, status: text} if isinstance(drafts, dict) else drafts
                case (_, str(name)) if templates is not None:
                    templates[name] = text
        for one in self.misfits:  # what is told of the file is enough: nothing more is to be told of its runbook
            place = int(one.at[1])
            runbooks[place] = {"text": "-", **{key: said for key, said in runbooks[place].items() if key != "file"}}
        changed = {TEMPLATES: templates, "runbooks": runbooks}
        return data | {name: value for name, value in changed.items() if value}


def beside(folder: Path, data: dict[str, Any]) -> Beside:
    """Everything that lies beside the playbook in this folder and belongs to it."""
    found = Beside()
    _templates(folder, data, found)
    books = data.get("runbooks")
    for place, book in enumerate(books if isinstance(books, list) else []):
        if isinstance(book, dict) and isinstance(book.get("file"), str):
            at: At = ("runbooks", place, "text")
            if "text" in book:
                found.misfits.append(Misfit(("runbooks", place, "file"), "a file beside a text", "one of the two"))
                continue
            _take(found, at, folder, book["file"], named_at=("runbooks", place, "file"))
    return found


def _templates(folder: Path, data: dict[str, Any], found: Beside) -> None:
    own = data.get(TEMPLATES) if isinstance(data.get(TEMPLATES), dict) else {}
    known = [name for name in Templates.model_fields if name != CUSTOMERS]
    for path in _lying(folder):
        name = path.name.removesuffix(ENDS)
        for_customers = path.parent.name == CUSTOMERS
        at: At = (TEMPLATES, CUSTOMERS, name) if for_customers else (TEMPLATES, name)
        written = (own or {}).get(CUSTOMERS) if for_customers else own
        if not for_customers and name not in known:
            near = nearest(name, known)
            expected = f"“{near}{ENDS}”" if near else f"one of {listed(known)}, or a status below {CUSTOMERS}"
            found.wrong.append((path, Misfit((), f"a template {quoted(name)}", expected)))
        elif isinstance(written, dict) and name in written:
            found.wrong.append((path, Misfit((), "a template that the playbook holds too", "one of the two")))
        else:
            _take(found, at, folder, str(path.relative_to(folder).as_posix()))


def _lying(folder: Path) -> Iterator[Path]:
    """The template files there are."""
    for place in (folder / TEMPLATES, folder / TEMPLATES / CUSTOMERS):
        yield from sorted(place.glob(f"*{ENDS}"))


def _take(found: Beside, at: At, folder: Path, name: str, *, named_at: At | None = None) -> None:
    try:
        found.texts[at] = read(folder, name)
        found.paths[at] = folder / name
    except NotRead as no:
        if named_at is not None:
            found.misfits.append(Misfit(named_at, no.found, no.expected))
        else:
            found.wrong.append((folder / name, Misfit((), no.found, no.expected)))


def read(folder: Path, name: str) -> str:
    """The text of a file within a folder; raises :class:`NotRead`. Links are not followed."""
    parts = PurePosixPath(name).parts
    if not parts or PurePosixPath(name).is_absolute() or ".." in parts or "\\" in name or "\0" in name:
        raise NotRead(quoted(name), "a file within the playbook's folder, such as runbooks/database.md")
    path = folder
    for part in parts:
        path = path / part
        if path.is_symlink():
            raise NotRead(f"the link {quoted(part)}", "the file itself")
    if not path.is_file():
        raise NotRead(f"no file {quoted(name)}", "one in the playbook's folder")
    with path.open("rb") as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise NotRead(f"more than {LARGEST // 1024} KiB", "a shorter file")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").strip("\n")
    except UnicodeDecodeError as error:
        raise NotRead(f"the byte 0x{raw[error.start]:02x}", "text in UTF-8") from error
