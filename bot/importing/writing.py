"""A schedule as YAML for the playbook: people and a rotation to read and commit; in comments what did not fit."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import time
from io import StringIO
from typing import Any, get_args

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from bot.hidden import seen
from bot.importing.found import Layer, Schedule, Somebody
from bot.people import Person
from bot.playbook.clocks import Weekday
from bot.playbook.shape import Playbook

DAYS: tuple[str, ...] = get_args(Weekday)
KEY = 32
"""Characters of a key at most."""
LINE = 118
"""Characters of a comment's line."""
SAID = 500
"""Characters of a remark."""


def write(schedule: Schedule, playbook: Playbook, *, source: str) -> str:
    """The whole text; ``source`` is where it comes from, for whoever reads it."""
    keys, missing = _keys(schedule.people, playbook)
    rotation = _rotation(schedule, keys, taken={one.name for one in playbook.rotations})
    head = [
        f"From {source}. Read it, and put it into {playbook.name}'s playbook.yaml; nothing was changed there.",
        *schedule.remarks,
    ]
    parts = ["".join(f"{line}\n" for said in head for line in _comment(said))]
    if missing:
        parts += [_comments("People whom the playbook does not know; add their handles."), _dump({"people": missing})]
    parts.append(_dump({"rotations": CommentedSeq([rotation])}))
    return "\n".join(part.rstrip("\n") for part in parts) + "\n"


def _comments(text: str) -> str:
    return "\n".join(_comment(text))


def _comment(text: str) -> list[str]:
    """A remark as lines of a comment: whatever stands in it, nothing of it is YAML."""
    words = plain(text)[:SAID].split()
    lines, line = [], "#"
    for word in words:
        if len(line) + len(word) >= LINE and line != "#":
            lines.append(line)
            line = "#"
        line += f" {word}"
    return [*lines, line]


def plain(text: str) -> str:
    """One line, without what people do not see or what controls a terminal."""
    shown = "".join(" " if unicodedata.category(letter)[0] in "ZC" else letter for letter in seen(text))
    return " ".join(shown.split())


def _keys(people: Sequence[Somebody], playbook: Playbook) -> tuple[dict[str, str], CommentedSeq]:
    """Everybody's key in the playbook; and those whom it lacks, as its ``people`` have them."""
    taken = {one.key for one in playbook.people} | {one.key for one in playbook.groups}
    keys: dict[str, str] = {}
    missing = CommentedSeq()
    for somebody in people:
        known = _known(somebody, playbook)
        if known is not None:
            keys[somebody.known_by] = known.key
            continue
        name = plain(somebody.name)[:80] or plain(somebody.email)[:80] or "Somebody"
        key = _free(_slug(name.partition("@")[0].partition(" ")[0]) or _slug(name) or "somebody", _slug(name), taken)
        taken.add(key)
        keys[somebody.known_by] = key
        missing.append(_flow({"key": key, "name": _text(name)}))
    return keys, missing


def _known(somebody: Somebody, playbook: Playbook) -> Person | None:
    """The playbook's person of this address, or of this name."""
    email, name = somebody.email.strip().casefold(), plain(somebody.name).casefold()
    for person in playbook.people:
        contact = playbook.contacts.get(person.key)
        if email and contact is not None and contact.email.strip().casefold() == email:
            return person
    return next((one for one in playbook.people if name in {one.name.casefold(), one.key}), None)


def _slug(name: str) -> str:
    """Small letters, digits and dashes; empty where a name has none of them."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:KEY].strip("-")


def _free(short: str, whole: str, taken: set[str]) -> str:
    """The first of these that nobody has."""
    for key in (short, whole):
        if key and key not in taken:
            return key
    count = 2
    while (key := f"{short[: KEY - 4]}-{count}") in taken:
        count += 1
    return key


def _rotation(schedule: Schedule, keys: Mapping[str, str], *, taken: set[str]) -> CommentedMap:
    title = plain(schedule.title)[:80] or "On-call"
    slug = _slug(title) or "oncall"
    rotation = CommentedMap({"name": _free(slug, slug, taken), "title": _text(title)})
    if len(schedule.layers) == 1:
        rotation.update(_turns(schedule.layers[0], keys))
        rotation["timezone"] = schedule.zone
        return rotation
    rotation["timezone"] = schedule.zone
    layers, names = CommentedSeq(), set[str]()
    for layer in reversed(schedule.layers):  # a later one stands over an earlier one
        name = _slug(plain(layer.title).removeprefix(title)) or _slug(layer.title) or "layer"
        name = _free(name, name, names)
        names.add(name)
        layers.append(CommentedMap({"name": name} | _turns(layer, keys)))
    rotation["layers"] = layers
    return rotation


def _turns(layer: Layer, keys: Mapping[str, str]) -> dict[str, Any]:
    turns: dict[str, Any] = {
        "people": _flow([keys[one.known_by] for one in layer.people]),
        "turn": _turn(layer.turn),
        "starts": layer.starts,
    }
    if not layer.turn % 7:
        turns["day"] = DAYS[layer.starts.weekday()]
    turns["at"] = _time(layer.at)
    if layer.hours:
        turns["hours"] = CommentedSeq(
            _flow({"days": [DAYS[day] for day in each.days], "from": _time(each.begins), "until": _time(each.ends)})
            for each in layer.hours
        )
    return turns


def _turn(days: int) -> str:
    if days % 7:
        return "daily" if days == 1 else f"{days} days"
    return "weekly" if days == 7 else f"{days // 7} weeks"


def _time(at: time) -> str:
    return _text(f"{at:%H:%M}")


def _text(words: str) -> str:
    quoted: str = DoubleQuotedScalarString(words)
    return quoted


def _flow(value: Any) -> Any:
    made = CommentedMap(value) if isinstance(value, dict) else CommentedSeq(value)
    made.fa.set_flow_style()
    return made


def _dump(value: Any) -> str:
    yaml = YAML()
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(value, out)
    return out.getvalue()
