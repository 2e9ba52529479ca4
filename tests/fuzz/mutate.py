"""Makes wrong inputs of right ones, by chance: texts, bytes, and structures as JSON holds them."""

import copy
import gzip
import json
import zlib
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

DEEP = 10_000
"""How deep nested structures are that nobody should follow to their end."""
HUGE = 60_000
"""Characters of a text that is too long."""
ODD = (
    "\u202e", "\u202c", "\u2066", "\u2069", "\u200b", "\u200d", "\ufeff", "\u2060", "\x00", "\x01", "\x07", "\x1b[31m",
    "\r", "\n", "\t", "\x0b", "\x85", "\u2028", "\u2029", "\u00a0", "\u3000", "\ud800", "\udfff", "\ufffe",
    "\U0010ffff",
    "🔥", "🧑‍🚒", "👩‍👩‍👧‍👦", "🇩🇪", "é", "e\u0301", "ﬀ", "İ", "ß", "ǅ",
    "مرحبا", "שלום", "支付失败", "²", "٣", "Ⅷ", "½", "１２",
)  # fmt: skip
"""Characters that are read in more than one way, or not at all."""
MARKS = (
    "@everyone", "@here", "<!channel>", "<!here|x>", "<!subteam^S1|@ops>", "<@U0ANA0001>", "<@U0ANA0001|ana>", "<@U",
    "<@!1>", "<@&1>", "<#C1|x>", "<@999999999999999999999>", "<https://x.example|y>", "<", ">", "&amp;", "&lt;", "&",
    "`", "```", "*", "_", "~", "**", "||", "> ", "# ", "[a](https://x.example)", "{{ title }}", "{% if x %}", "${x}",
    "%s", "{0}", "\\", "'", '"', ";", "--", "/*", "$(x)", "../../etc/passwd", "<script>x</script>",
)  # fmt: skip
NUMBERS = (
    "0", "-1", "1", "42", "#1", "#2", "#0", "#-1", "#99999999999999999999", "1e999", "9" * 400, "0x10", "1.5", "NaN",
    "inf", "-0", "2147483648", "9223372036854775808", "00001", "1,000",
)  # fmt: skip
TIMES = (
    "15m", "4h", "1h30m", "0m", "-5m", "999999w", "999999.999d", "0.001s", "366d", "367d", "next 20m", "in 3 days",
    "tomorrow", "yesterday", "monday", "next friday 15:00", "2026-02-29", "2026-02-30", "0000-00-00", "9999-12-31",
    "10000-01-01", "0001-01-01", "31.12.2026", "12/13/2026", "13/12", "24:00", "25:61", "12am", "0am", "5:00", "noon",
    "eod", "friday 15:00 UTC", "friday 15:00 europe/berlin", "2026-10-25 02:30", "2026-03-29 02:30",
    "2026-11-20T14:00:00Z", "2026-11-20T14:00:00+99:99", "at 14:05", "since 13:00", "until 25:00", "20 minutes ago",
    "in 99999999999 weeks", "end of next sprint", "in 3 working days", "last day of february",
)  # fmt: skip
WORDS: tuple[str, ...] = (*ODD, *MARKS, *NUMBERS, *TIMES)
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 1.5, 10**30, -(10**400), float("nan"), float("inf"), 1e308, "", " ", "0", [], {}, [[]],
    [None], {"": None}, {"a": {"b": [1]}}, "x" * HUGE, ["x"] * 3_000, "2026-02-30T00:00:00Z", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-23:59", "10000-01-01T00:00:00Z", 253402300800, 1e20, -1e20,
    "http://[::1", "https://", "javascript:alert(1)", "file:///etc/passwd", "https://x.example:99999/", "//x",
)  # fmt: skip
"""What stands where something else belongs."""


class Deep:
    """Stands for a structure so deep that only its text can be made."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __repr__(self) -> str:
        return f"Deep({self.kind!r})"

    @property
    def text(self) -> str:
        """Its JSON."""
        if self.kind == "list":
            return "[" * DEEP + "]" * DEEP
        return '{"a":' * DEEP + "1" + "}" * DEEP


def text(chance: Random, words: Sequence[str] = ()) -> str:
    """A few words of these and of the odd ones, with or without room between them."""
    pool = [*words, *words, *WORDS] if words else WORDS
    between = chance.choice((" ", " ", " ", "", "  ", "\n"))
    return between.join(chance.choice(pool) for _ in range(chance.choice((1, 1, 2, 3, 5, 9))))


def spoilt(chance: Random, said: str) -> str:
    """A text with a few changes, each of a kind of its own."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        said = chance.choice(_SPOIL)(chance, said)
    return said


def _insert(chance: Random, said: str) -> str:
    at = chance.randint(0, len(said))
    return said[:at] + chance.choice(WORDS) + said[at:]


def _cut(chance: Random, said: str) -> str:
    at, to = sorted((chance.randint(0, len(said)), chance.randint(0, len(said))))
    return said[:at] + said[to:]


def _repeat(chance: Random, said: str) -> str:
    piece = said[: chance.randint(1, 40)] or "x"
    return said + piece * chance.choice((2, 10, 300, max(1, HUGE // len(piece))))


def _shuffle(chance: Random, said: str) -> str:
    words = said.split(" ")
    chance.shuffle(words)
    return " ".join(words)


def _swap(chance: Random, said: str) -> str:
    if len(said) < 2:
        return said
    at = chance.randrange(len(said) - 1)
    return said[:at] + said[at + 1] + said[at] + said[at + 2 :]


def _case(chance: Random, said: str) -> str:
    return chance.choice((str.upper, str.title, str.swapcase, str.casefold))(said)


def _join(chance: Random, said: str) -> str:
    return said.replace(" ", chance.choice(("", "\n", "\u00a0", "\t", "  ", ", ")))


_SPOIL: tuple[Callable[[Random, str], str], ...] = (
    _insert,
    _insert,
    _insert,
    _cut,
    _repeat,
    _shuffle,
    _swap,
    _case,
    _join,
)


def structure(chance: Random, given: Any) -> Any:
    """A copy of a structure with a few places changed: types swapped, missing, huge, deep, doubled."""
    whole = copy.deepcopy(given)
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3, 6))):
        whole = _change(chance, whole)
    return whole


def _change(chance: Random, whole: Any) -> Any:
    spots = list(places(whole))
    if not spots or chance.random() < 0.01:
        return value(chance, whole)
    holder, key = chance.choice(spots)
    how = chance.random()
    if how < 0.2:
        del holder[key]
    elif how < 0.25 and isinstance(holder, list):
        holder += [holder[key]] * chance.choice((1, 3, 200))
    elif how < 0.3 and isinstance(holder, dict):
        holder[chance.choice(("", "a", "\x00", "x" * 300, *map(str, holder)))] = value(chance, holder[key])
    else:
        holder[key] = value(chance, holder[key])
    return whole


def value(chance: Random, before: Any) -> Any:
    """Something in the place of a value."""
    how = chance.random()
    if isinstance(before, str) and how < 0.45:
        return spoilt(chance, before) if how < 0.3 else text(chance)
    if how < 0.5:
        return [before]
    if how < 0.55:
        return {"value": before}
    if how < 0.58:
        return str(before)
    if how < 0.6:
        return Deep(chance.choice(("list", "object")))
    return copy.deepcopy(chance.choice(VALUES))


def places(held: Any) -> list[tuple[Any, Any]]:
    """Every place of a structure: what holds it, and its key there."""
    found: list[tuple[Any, Any]] = []
    waiting = [held]
    while waiting:
        one = waiting.pop()
        inside = list(one.items()) if isinstance(one, dict) else list(enumerate(one)) if isinstance(one, list) else []
        for key, inner in inside:
            found.append((one, key))
            if isinstance(inner, dict | list):
                waiting.append(inner)
    return found


def written(held: Any) -> str:
    """A structure as JSON, with NaN, half characters and depth as they come."""
    marks: dict[str, str] = {}

    def stand_in(one: Any) -> str:
        if not isinstance(one, Deep):
            return str(one)
        mark = f"__{len(marks)}__"
        marks[mark] = one.text
        return mark

    said = json.dumps(held, default=stand_in)
    for mark, instead in marks.items():
        said = said.replace(f'"{mark}"', instead)
    return said


def body(chance: Random, held: Any) -> bytes:
    """The bytes of a structure; now and then not quite JSON: doubled keys, cut off, in another encoding."""
    said = written(held)
    how = chance.random()
    if how < 0.03:
        said = said[: chance.randint(0, len(said))]
    elif how < 0.06 and said.startswith("{") and len(said) > 2:
        said = said[:-1] + "," + said[1:]  # every key twice
    elif how < 0.08:
        said = spoilt(chance, said)
    if how < 0.96:
        return said.encode("utf-8", "surrogatepass")
    return said.encode(chance.choice(("utf-16", "utf-32", "latin-1", "cp037", "utf-8-sig")), "replace")


def scrambled(chance: Random, given: bytes) -> bytes:
    """Bytes with a few of them changed, left out or put in."""
    held = bytearray(given)
    for _ in range(chance.choice((1, 2, 5, 20))):
        at = chance.randint(0, len(held))
        how = chance.random()
        if how < 0.4 and at < len(held):
            held[at] = chance.randrange(256)
        elif how < 0.7:
            held[at:at] = chance.randbytes(chance.choice((1, 2, 8)))
        else:
            del held[at : at + chance.choice((1, 4, 60))]
    return bytes(held)


def packed(chance: Random, plain: bytes) -> tuple[bytes, str]:
    """A body and its Content-Encoding, which now and then does not fit."""
    how = chance.random()
    if how < 0.88:
        return plain, ""
    if how < 0.92:
        return gzip.compress(plain, 1), "gzip"
    if how < 0.94:
        return zlib.compress(plain, 1), "deflate"
    if how < 0.96:
        return gzip.compress(plain, 1)[: -chance.randint(1, 30)], "gzip"
    return plain, chance.choice(("gzip", "br", "deflate", "identity", "x" * 200, "gzip, gzip"))
