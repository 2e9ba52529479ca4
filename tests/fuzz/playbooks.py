"""Playbooks: small ones with parts of the shipped ones, made wrong as structures, as lines and as bytes."""

import re
import shutil
import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from ruamel.yaml import YAML

from adapters.holidays import public
from adapters.memory import MemoryStore
from bot.errors import Mistake
from bot.playbook.load import FILE, BadPlaybook, load
from bot.rehearsal import Rehearsal
from bot.rehearsing import Plan
from bot.settings import SHIPPED
from tests.fuzz import judge, mutate
from tests.fuzz.found import Wrong
from tests.fuzz.target import folder
from tests.fuzz.world import SHIPPED as NAMES
from tests.support.town import FRIDAY

LIVED = timedelta(minutes=45)
"""How long the incident lives that is declared under a loaded playbook."""
SMALL: dict[str, Any] = {
    "name": "small",
    "title": "Small",
    "severities": [{"name": "sev1", "meaning": "It is down", "cadence": "15m"}],
    "roles": [{"name": "lead", "title": "Lead"}],
    "commander": "lead",
    "ladder": [{"rings": ["lead"]}],
}
YAMLS = (
    "&a [*a, *a]", "&a", "*a", "!!python/object:os.system x", "!!binary x", "<<: *x", "? x", "---", "...",
    "%YAML 3.0", "\t",
    "|", ">", "- - - -", "{{ title }}", "{% if x %}", "{{ title | upper }}", "{{ __class__ }}", "0x1F", "1e9", "~",
    "yes",
    "2026-02-30", "12:30:45", "[" * 2_000, "{a: " * 2_000, "#", ": :", "'", '"', "\u2028", "\x00", "\ufeff", "\ud800",
)  # fmt: skip
WORDS = (
    "lead",
    "sev1",
    "nobody",
    "15m",
    "0m",
    "-1h",
    "999999w",
    "{{ title }}",
    "{{ nothing }}",
    "slack",
    "#x",
    "weekly",
)


@cache
def parts() -> list[tuple[str, Any]]:
    """The first level of every shipped playbook."""
    yaml = YAML(typ="safe")
    return [part for name in NAMES for part in yaml.load((SHIPPED / name / FILE).read_text()).items()]


class Playbooks:
    """The loader, and for what it lets through a declaration in memory."""

    block = 500

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="tocsin-fuzz-", dir=folder() or None))

    def make(self, chance: Random) -> bytes:
        """A playbook's bytes."""
        held = dict(SMALL)
        for key, part in chance.sample(parts(), chance.choice((0, 1, 1, 2, 3))):
            held[key] = _pruned(chance, part)
        how = chance.random()
        if how < 0.75:
            held = mutate.structure(chance, held)
        said = _yaml(held)
        if how >= 0.75:
            lines = said.splitlines(keepends=True) or [""]
            for _ in range(chance.choice((1, 2, 4))):
                at = chance.randrange(len(lines))
                line, piece = lines[at], chance.choice((*YAMLS, *mutate.WORDS))
                to = chance.randint(0, len(line))
                lines[at] = chance.choice(
                    (line[:to] + piece + line[to:], line * 2, "", f"{line.rstrip()}{piece}\n", " " + line)
                )
            said = "".join(lines)
        plain = said.encode("utf-8", "surrogatepass")
        return mutate.scrambled(chance, plain) if how > 0.93 else plain

    async def open(self) -> None:
        """Nothing is needed."""

    async def feed(self, given: bytes) -> str:
        """Load it, and rehearse what was loaded."""
        file = self._folder / FILE
        file.write_bytes(given)
        echoed = given.decode("utf-8", "replace")
        try:
            playbook = load(self._folder)
        except BadPlaybook as bad:
            if not bad.problems:
                raise Wrong("refused without a word") from bad
            for one in bad.problems:
                if one.line < 1:
                    raise Wrong("a problem without a line", str(one)) from bad
                judge.whole(one.says, given=echoed + " null None nan NaN")
                if not one.says.strip():
                    raise Wrong("a problem without a sentence") from bad
            return "refused"
        store = MemoryStore()
        rehearsal = Rehearsal(store, playbook, changes=store.changes, now=FRIDAY, holidays=public)
        plan = Plan(severity=playbook.severities[0].name, length=LIVED)
        try:
            await rehearsal.run(plan)
        except Mistake as mistake:
            judge.sentence(str(mistake), given=echoed)
            return "loaded, and told why it cannot be rehearsed"
        return "loaded"

    async def settle(self) -> None:
        """Nothing is left to be done."""

    async def close(self) -> None:
        """Nothing is open."""

    def end(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _pruned(chance: Random, part: Any) -> Any:
    """Of a long list a few."""
    return chance.sample(part, 3) if isinstance(part, list) and len(part) > 3 else part


def _yaml(held: Any) -> str:
    """As YAML; JSON is YAML as well, and far quicker to write."""
    if not isinstance(held, dict):
        return mutate.written(held)
    return "\n".join(f"{_key(key)}: {mutate.written(part)}" for key, part in held.items()) + "\n"


def _key(key: Any) -> str:
    said = str(key)
    return said if re.fullmatch(r"\w+", said) else mutate.written(said)
