"""Files beside a playbook, read into it: templates by their place, runbooks by the name that the playbook gives.

What is read becomes part of the playbook, so that a kept version of it is whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from bot.playbook.misfit import At
from bot.playbook.wording import nearest
from bot.playbook.written import Templates

LARGEST = 64 * 1024
"""Bytes of one file."""
TEMPLATES, CUSTOMERS = "templates", "customers"
ENDS = ".j2"


class Unreadable(ValueError):
    """A file that is not read; its words say why."""


@dataclass(slots=True)
class Beside:
    """What lay beside a playbook."""

    texts: dict[At, str] = field(default_factory=dict)
    """The text that belongs at each place of the playbook."""
    paths: dict[At, Path] = field(default_factory=dict)
    """Which file each text came from."""
    wrong: list[tuple[Path | At, str]] = field(default_factory=list)
    """What cannot be read, by the file itself or by the place that names it."""

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
        for named, _ in self.wrong:  # what is told of the file is enough: nothing more is to be told of its runbook
            if not isinstance(named, Path) and named[:1] == ("runbooks",):
                place = int(named[1])
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
                found.wrong.append((("runbooks", place, "file"), "has a text already; keep one of the two"))
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
            found.wrong.append((path, f"there is no template “{name}”{nearest(name, known)}"))
        elif isinstance(written, dict) and name in written:
            found.wrong.append((path, "stands in the playbook too; keep one of the two"))
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
    except Unreadable as no:
        found.wrong.append((named_at or folder / name, str(no)))


def read(folder: Path, name: str) -> str:
    """The text of a file within a folder; raises :class:`Unreadable`. Links are not followed."""
    parts = PurePosixPath(name).parts
    if not parts or PurePosixPath(name).is_absolute() or ".." in parts or "\\" in name or "\0" in name:
        raise Unreadable(f"“{name[:80]}” is no file within the playbook's folder; write it like runbooks/database.md")
    path = folder
    for part in parts:
        path = path / part
        if path.is_symlink():
            raise Unreadable(f"“{name}” is a link; put the file itself there")
    if not path.is_file():
        raise Unreadable(f"there is no file “{name}” in the playbook's folder")
    with path.open("rb") as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Unreadable(f"“{name}” is larger than {LARGEST // 1024} KiB")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").strip("\n")
    except UnicodeDecodeError as error:
        raise Unreadable(f"“{name}” is no UTF-8 text") from error
