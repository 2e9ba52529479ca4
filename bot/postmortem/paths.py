"""Paths in a repository: what a playbook names, as a path that stays inside and is a plain file's."""

import posixpath
import re
import unicodedata

LONGEST = 200
"""Bytes of one part; file systems take 255."""
_OUTSIDE = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+')
"""What a file system somewhere refuses, and characters that nobody sees."""
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_GIT = re.compile(r"^\.?git(?:~\d+|modules|attributes|ignore)?$", re.IGNORECASE)
"""Names that mean something to git itself."""


def part(words: str) -> str:
    """Words as a piece of one part of a path: no folder begins in them."""
    return _OUTSIDE.sub("-", words.replace("/", "-"))


def safe(path: str) -> str:
    """A path of folders and a file, relative to the repository; empty where it is none.

    Whatever would lead out of it, hide the file, or be git's own makes the whole path void rather than another one.
    """
    parts = [_OUTSIDE.sub("-", unicodedata.normalize("NFC", one)).strip() for one in path.strip().split("/")]
    wrong = any(not one or one.startswith(".") or one.endswith(".") or _RESERVED.match(one) or _GIT.match(one)
                for one in parts)  # fmt: skip
    return "/".join(map(_cut, parts)) if not wrong else ""


def beside(path: str, mark: str) -> str:
    """The path of another file in the same folder: ``a/b.md`` and ``42`` give ``a/b-42.md``."""
    stem, end = posixpath.splitext(path)
    return f"{stem}-{mark}{end}"


def relative(path: str, of: str) -> str:
    """How a file is linked to from another one."""
    return posixpath.relpath(path, posixpath.dirname(of) or ".")


def _cut(name: str) -> str:
    stem, end = posixpath.splitext(name)
    room = LONGEST - len(end.encode()[:20])
    return stem.encode()[:room].decode(errors="ignore") + end if len(name.encode()) > LONGEST else name
