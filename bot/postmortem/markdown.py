"""Words of others in Markdown: shown as they were written, and nothing in them acts.

Only :func:`address` makes a link. Everything else that comes from outside passes through :func:`inline` or
:func:`block`, which escape what CommonMark and GitHub's dialect would read.
"""

import re
import unicodedata
from urllib.parse import quote, urlsplit

_JOINER = "\u2060"
"""Shown as nothing; keeps what stands around it from being read as one word."""
_MARKS = re.compile(r"([\\`*_\[\]<>&~|$#])")
_ADDRESSES = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(:)|\b(www)(\.)")
"""What GitHub's dialect turns into a link without being asked."""
_CALLS = re.compile(r"(@|#|\bGH-)(?=\w)")
"""Mentions and references, which are read after Markdown: no backslash stops them."""
_STARTS = re.compile(r"^(?:([+=:-])|(\d{1,9})([.)]))")
"""What begins a heading, a list or a rule at the beginning of a line."""
_STEERING = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
"""Marks that turn the direction of what follows; the direction of letters needs none."""
_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SPACE = "\u00a0"


def inline(text: str) -> str:
    """Words on one line."""
    return _line(" ".join(_clean(text).split()))


def block(text: str, *, indent: int = 0) -> str:
    """Words with their lines as they are; all but the first are indented, to stay in the same item of a list."""
    lines = [_line(_indented(line)) for line in _clean(text).strip("\n").split("\n")]
    return f"\\\n{' ' * indent}".join(line or _SPACE for line in lines)


def address(url: str, label: str = "") -> str:
    """A link; without a label it shows where it leads. What is no address of the web is shown, and does not act."""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:  # such as http://[x
        scheme = ""
    if scheme not in ("http", "https") or re.search(r"\s", url):
        return inline(url)
    target = quote(_CONTROL.sub("", url), safe="!#$%&'*+,-./:;=?@_~").replace("&", "&amp;")
    return f"[{inline(label or url)}](<{target}>)"


def code(text: str) -> str:
    """Words on one line as code, such as a path."""
    return f"`{' '.join(_clean(text).replace('`', '').split())}`"


def _clean(text: str) -> str:
    unbroken = _BREAKS.sub("\n", text)
    return _STEERING.sub("", _CONTROL.sub("", unbroken)).replace("\t", "    ")


def _indented(line: str) -> str:
    """Spaces at the beginning stay, as such that no code block begins with."""
    bare = line.strip(" ")
    return _SPACE * (len(line.rstrip(" ")) - len(bare)) + bare if bare else ""


def _line(line: str) -> str:
    escaped = _MARKS.sub(r"\\\1", line)
    escaped = _ADDRESSES.sub(lambda found: f"{found[1] or found[3]}\\{found[2] or found[4]}", escaped)
    escaped = _CALLS.sub(rf"\1{_JOINER}", escaped)
    escaped = _STARTS.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", escaped)
    return f"\u2068{escaped}\u2069" if any(unicodedata.bidirectional(c) in ("R", "AL") for c in line) else escaped
