"""Reads a playbook from its folder and says every mistake with its line, what was found and what was expected."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from bot.calendar import Holidays
from bot.errors import TocsinError
from bot.playbook.shape import Playbook

FILE = "playbook.yaml"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a playbook."""

    file: Path
    line: int
    where: str
    """Path to the value: ``severities[0].cadence``."""
    says: str

    def __str__(self) -> str:
        at = f" {self.where}:" if self.where else ""
        return f"{self.file}:{self.line}:{at} {self.says}"


class BadPlaybook(TocsinError):
    """A playbook that cannot be used; ``problems`` says why, all at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def load(folder: Path, *, holidays: Holidays | None = None) -> Playbook:
    """The playbook in a folder; raises :class:`BadPlaybook`. ``holidays`` is asked whether it knows the country."""
    path = folder / FILE if folder.is_dir() else folder
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadPlaybook([Problem(path, 1, "", f"cannot be read as a UTF-8 file: {error}")]) from error
    tree = _tree(path, text)
    try:
        playbook = Playbook.model_validate(_bare(tree))
    except ValidationError as error:
        raise BadPlaybook([_problem(path, tree, details) for details in _real(error.errors())]) from error
    calendar = playbook.calendar
    if holidays is not None and calendar.country and holidays(calendar.country, calendar.subdivision) is None:
        where = f"{calendar.country} {calendar.subdivision}".strip()
        says = f"no holidays are known for {where}; write an ISO 3166 code like US, with its region like CA beside it"
        raise BadPlaybook([Problem(path, _line(tree, ["calendar", "country"]), "calendar.country", says)])
    return playbook


def _tree(path: Path, text: str) -> Any:
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise BadPlaybook([Problem(path, line, "", f"is not YAML: {error.problem or error.context}")]) from error
    if not isinstance(tree, CommentedMap):
        raise BadPlaybook([Problem(path, 1, "", "is empty; a playbook begins with `name:`")])
    return tree


def _bare(node: Any) -> Any:
    """Plain dicts, lists and scalars out of ruamel's round-trip types."""
    if isinstance(node, dict):
        return {str(key): _bare(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_bare(value) for value in node]
    for plain in (bool, int, float):
        if isinstance(node, plain):
            return plain(node)
    return str(node) if isinstance(node, str) else node


def _real(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without those that only follow from others: a list is not too short because its one item is wrong."""
    return [
        one
        for one in errors
        if one["type"] != "too_short"
        or not any(other is not one and other["loc"][: len(one["loc"])] == one["loc"] for other in errors)
    ]


def _problem(path: Path, tree: Any, details: ErrorDetails) -> Problem:
    loc = [part for part in details["loc"] if not _is_tag(part, tree)]
    says = str(details["msg"]).removeprefix("Value error, ")
    if details["type"] == "extra_forbidden":
        says = f"unknown key “{loc[-1]}”{_nearest(str(loc[-1]), loc[:-1])}"
    elif details["type"] == "missing":
        says = f"“{loc[-1]}” is missing"
    elif not loc and (key := says.split(":")[0].split(".")[0]) in tree:
        return Problem(path, _line(tree, [key]), key, says.partition(":")[2].strip())
    elif not isinstance(details["input"], dict | list):
        says = f"found {details['input']!r}: {says}"
    return Problem(path, _line(tree, loc), _where(loc), says)


def _is_tag(part: int | str, tree: Any) -> bool:
    """Pydantic names the branch of a union in the location; such a part is no key of the file."""
    return isinstance(part, str) and (part.startswith(("function-", "literal[", "constrained", "tagged")))


def _line(tree: Any, loc: list[int | str]) -> int:
    """Line of the value at a path, or of the nearest thing that is there (1 for the first)."""
    node, line = tree, 1
    for part in loc:
        if isinstance(node, CommentedMap) and part in node:
            line = node.lc.key(part)[0] + 1
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            line = node.lc.item(part)[0] + 1
        else:
            break
        node = node[part]
    return line


def _where(loc: list[int | str]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")


def _nearest(key: str, parents: list[int | str]) -> str:
    """`` ; did you mean “cadence”?`` for a misspelled key."""
    model: Any = Playbook
    for part in parents:
        if isinstance(part, int) or not isinstance(model, type) or not issubclass(model, BaseModel):
            continue
        field = model.model_fields.get(part)
        inner = [a for a in getattr(field.annotation, "__args__", (field.annotation,)) if field] if field else []
        model = next((a for a in inner if isinstance(a, type) and issubclass(a, BaseModel)), None)
    known = list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []
    best = process.extractOne(key, known, score_cutoff=60)
    return f"; did you mean “{best[0]}”?" if best else f"; known are {', '.join(known)}" if known else ""
