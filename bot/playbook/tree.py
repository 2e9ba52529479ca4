"""A playbook's file as plain values, each with its line and the word that was written."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from bot.hidden import broken, readable
from bot.playbook.misfit import At, Misfit, quoted

LARGEST = 256 * 1024
"""Bytes of a file; a long playbook has 40,000."""
MOST = 20_000
"""Values of a file, aliases written out: an alias of aliases grows without an end otherwise."""
DEEPEST = 24
"""Lists and mappings within each other."""
STEEPEST = 500
"""Brackets that may stand open at once."""
_BRACKETS = re.compile(r"[\[\]{}]")
_CORE = "tag:yaml.org,2002:"
_PLAIN = {f"{_CORE}{kind}" for kind in ("null", "bool", "int", "float", "timestamp")}


class Unreadable(Exception):
    """A file that holds no values at all; :attr:`misfit` says why, and :attr:`line` where."""

    def __init__(self, line: int, found: str, expected: str) -> None:
        super().__init__(f"found {found}, expected {expected}")
        self.line = line
        self.misfit = Misfit((), found, expected)


@dataclass(slots=True)
class Tree:
    """What a file holds."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[At, int] = field(default_factory=dict)
    """Line of each key and of each item of a list, from 1 on."""
    words: dict[At, str] = field(default_factory=dict)
    """Each single value as it is written: ``0900`` where the value is 900."""
    misfits: list[tuple[int, Misfit]] = field(default_factory=list)
    """What YAML allows and a playbook does not (doubled keys, tags), each with its line."""

    def line(self, at: At) -> int:
        """Line of the value at a path, or of the nearest thing around it that is there."""
        return next((self.lines[at[:end]] for end in range(len(at), 0, -1) if at[:end] in self.lines), 1)


def read(path: Path) -> Tree:
    """Read a file; raises :class:`Unreadable`."""
    root = _compose(_text(path))
    if root is None:
        raise Unreadable(1, "an empty file", "a playbook, which begins with `name:`")
    if not isinstance(root, MappingNode):
        raise Unreadable(_line(root), "no keys and values", "a playbook, which begins with `name:`")
    try:
        return _Reader().tree(root)
    except RecursionError as error:
        raise _too_deep() from error


def _too_deep() -> Unreadable:
    return Unreadable(1, "lists or keys too deep within each other", f"at most {DEEPEST} of them")


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise Unreadable(1, f"no readable file: {error.strerror or error}", f"the playbook in {path.name}") from error
    if raw is None or len(raw) > LARGEST:
        raise Unreadable(1, f"more than {LARGEST // 1024} KiB", "a shorter file")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unreadable(line, f"the byte 0x{raw[error.start]:02x}", "text in UTF-8") from error


def _steep(text: str) -> bool:
    """Whether so many brackets stand open at once that the parser, which looks at all of them at each word, would take
    minutes. Those within quotes count as well: no text holds hundreds that are never closed."""
    opened = 0
    for sign in _BRACKETS.findall(text):
        opened = max(0, opened + (1 if sign in "[{" else -1))
        if opened > STEEPEST:
            return True
    return False


def _compose(text: str) -> Node | None:
    if _steep(text):
        raise _too_deep()
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.composer.warn_double_anchors = False
        node: Node | None = yaml.compose(text)
    except MarkedYAMLError as error:
        said = " ".join(filter(None, (error.context, error.problem)))
        opened = any(sign in said for sign in OPENED)
        mark = (error.context_mark if opened else None) or error.problem_mark or error.context_mark
        raise Unreadable(mark.line + 1 if mark else 1, *_explained(said, mark)) from error
    except ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise Unreadable(line, f"the character U+{error.character:04X}", "text without control characters") from error
    except YAMLError as error:
        raise Unreadable(1, f"no YAML: {error}", "YAML") from error
    except RecursionError as error:
        raise _too_deep() from error
    return node


OPENED = ("could not find expected ':'", "quoted scalar", "flow sequence", "flow mapping")
"""What went wrong where it began, and not where the parser noticed."""
EXPLAINED = (
    ("'\\t'", "a tab", "spaces, which is all that YAML takes for indentation"),
    ("that cannot start any token", "a word that begins with a special character", "it in quotes"),
    ("mapping values are not allowed", "a second “: ” on one line", "one `key: value` a line; quote a text with “: ”"),
    ("could not find expected ':'", "a line without “:”", "`key: value`, or `- ` before an item of a list"),
    ("undefined alias", "an alias (*) of nothing", "its anchor (&) further above"),
    ("duplicate anchor", "an anchor (&) a second time", "each once"),
    ("quoted scalar", "a quote that is never closed", "its end"),
    ("flow sequence", "a “[” that is never closed", "“,” between items and “]” at the end"),
    ("flow mapping", "a “{” that is never closed", "“,” between values and “}” at the end"),
    ("expected a single document", "a second document after `---`", "one playbook a file"),
    ("block mapping", "a line that is indented otherwise", "the indentation of the lines around it"),
    ("block collection", "a line that is indented otherwise", "the indentation of the lines around it"),
)
"""What the parser says, and what a person reads; the first that fits."""


def _explained(said: str, mark: StringMark | None) -> tuple[str, str]:
    near = ""
    if mark is not None and mark.buffer is not None:
        end = mark.buffer.find("\n", mark.pointer)
        start = mark.buffer.rfind("\n", 0, mark.pointer) + 1
        near = mark.buffer[start : end if end >= 0 else None].strip().strip("\0")
    at = f" in {quoted(near)}" if near else ""
    for sign, found, expected in EXPLAINED:
        if sign in said:
            return f"{found}{at}", expected
    return f"no YAML{at}: {said}", "YAML"


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


class _Reader:
    """Makes plain values of the parser's nodes."""

    def __init__(self) -> None:
        self._tree = Tree()
        self._left = MOST
        self._constructor = YAML(typ="safe", pure=True).constructor

    def tree(self, root: MappingNode) -> Tree:
        """The whole file."""
        self._tree.values = self._mapping(root, ())
        return self._tree

    def _value(self, node: Node, at: At) -> Any:
        self._count(node)
        if len(at) > DEEPEST:
            raise Unreadable(_line(node), "lists or keys too deep within each other", f"at most {DEEPEST} of them")
        if isinstance(node, MappingNode):
            return self._mapping(node, at)
        if isinstance(node, SequenceNode):
            for place, item in enumerate(node.value):
                self._tree.lines[(*at, place)] = _line(item)
            return [self._value(item, (*at, place)) for place, item in enumerate(node.value)]
        return self._scalar(node, at)

    def _count(self, node: Node) -> None:
        self._left -= 1
        if self._left < 0:
            raise Unreadable(_line(node), f"more than {MOST} values, aliases written out", "fewer")

    def _mapping(self, node: MappingNode, at: At) -> dict[str, Any]:
        values: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key, held in self._pairs(node, at):
            if not isinstance(key, ScalarNode):
                self._told(_line(key), at, "a list or keys where a key belongs", "a word before the “:”")
                continue
            name, line = self._word(key, at), _line(key)
            if name in values:
                self._told(line, (*at, name), f"{quoted(name)} again, after line {lines[name]}", "each key once")
                continue
            lines[name] = self._tree.lines[(*at, name)] = line
            values[name] = self._value(held, (*at, name))
        return values

    def _pairs(self, node: MappingNode, at: At) -> list[tuple[Node, Node]]:
        """Its keys and values; those that it merges (``<<: *other``) come last and give way to its own."""
        own = [pair for pair in node.value if pair[0].tag != f"{_CORE}merge"]
        names = {key.value for key, _ in own if isinstance(key, ScalarNode)}
        for key, held in node.value:
            if key.tag != f"{_CORE}merge":
                continue
            for other in held.value if isinstance(held, SequenceNode) else [held]:
                if not isinstance(other, MappingNode):
                    self._told(_line(key), at, "“<<” before what is no mapping", "an alias of keys and values")
                    continue
                for pair in self._pairs(other, at):
                    self._count(pair[0])
                    if isinstance(pair[0].value, str) and pair[0].value not in names:
                        names.add(pair[0].value)
                        own.append(pair)
        return own

    def _scalar(self, node: Node, at: At) -> Any:
        word = self._word(node, at)
        self._tree.words[at] = word
        if node.tag in _PLAIN:
            try:
                return self._constructor.construct_object(node)
            except (
                ValueError,
                AttributeError,
                LookupError,
                YAMLError,
            ):  # `2026-13-45`: what it is meant for says what is wrong
                return word
        if node.tag not in (f"{_CORE}str", f"{_CORE}value", f"{_CORE}merge"):
            self._told(_line(node), at, f"the tag {quoted(str(node.tag))}", "a plain value")
        return word

    def _word(self, node: Node, at: At) -> str:
        """What is written, without what an escape such as ``"\\ud800"`` smuggles in: no database takes it."""
        word = str(node.value)
        if sign := broken(word):
            self._told(_line(node), at, f"the character {sign}", "text without control characters")
            return readable(word)
        return word

    def _told(self, line: int, at: At, found: str, expected: str) -> None:
        self._tree.misfits.append((line, Misfit(at, found, expected)))
