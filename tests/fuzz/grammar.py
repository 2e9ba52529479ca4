"""Words as people type them, press them and send them in forms: in an incident's channel, and outside of one."""

from datetime import timedelta
from random import Random
from typing import Any

from bot.audit import audit
from bot.commands import VERBS
from bot.commands.verb import Verb
from bot.heard import Filled, Moved, Original, Reacted, Spoken
from tests.fuzz import judge, mutate
from tests.fuzz.found import Wrong
from tests.fuzz.world import CHANNELS, PLATFORMS, World, Worlds, person
from tests.support.town import FRIDAY

NAMES = (
    "@ana", "@bo", "me", "@nobody", "comms", "lead", "commander", "scribe", "ops", "leadership", "channel", "sev1",
    "sev2",
    "sev3", "SEV-1", "p1", "critical", "minor", "identified", "monitoring", "resolved", "investigating", "because",
    "now",
    "next", "public", "customers", "on", "off", "start", "stop", "done", "undo", "all", "new", "from 1", "at", "since",
    "because it is so", "checkout", "api", "https://github.com/acme/shop/pull/17", "https://x.example/a?b=c#d",
    "a17", "1",
    "https://acme.slack.com/archives/C1/p1", "sms +491701234567", "mailto:a@b.example", "every", "severity:sev1",
    "tonight",
)  # fmt: skip
"""Words that verbs know, beside their own."""
EMOJI = ("✅", "👀", "⏰", "🙋", "🔕", "📌", "📝", "🎉", "", "x" * 300, "\u202e", "party_parrot")
PLACES = (None, None, None, "C_ELSEWHERE", *range(len(CHANNELS["slack"])))


def line(chance: Random, verbs: tuple[type[Verb], ...] = VERBS) -> str:
    """A line as somebody might type it: a verb and what may follow, usually not quite right."""
    verb = chance.choice(verbs)
    word = chance.choice(verb.words)
    how = chance.random()
    if how < 0.3:
        said = verb.example
    elif how < 0.4:
        said = verb.usage
    elif how < 0.85:
        said = f"{word} {mutate.text(chance, NAMES)}"
    else:
        said = mutate.text(chance, (*NAMES, word))
    if chance.random() < 0.2:
        said = f"#{chance.choice((1, 2, 3, 4, 5, 6, 7, 8, 9, 99))} {said}"
    return said if chance.random() < 0.3 else mutate.spoilt(chance, said)


class Grammar:
    """The desk, as it hears people."""

    block = 400

    def __init__(self) -> None:
        self._worlds = Worlds()
        self._world: World

    def make(self, chance: Random) -> dict[str, Any]:
        """What is heard, as data."""
        platform = chance.choice(PLATFORMS)
        place = chance.choice(PLACES)
        made: dict[str, Any] = {
            "kind": chance.choice(("spoken",) * 8 + ("filled", "original", "reacted", "moved")),
            "platform": platform,
            "channel": CHANNELS[platform][place] if isinstance(place, int) else place,
            "who": chance.choice((0, 1, 2, 3, 4, 5, 9)),
            "words": line(chance),
        }
        if made["kind"] == "filled":
            names = (
                "title",
                "severity",
                "details",
                "text",
                "status",
                "next",
                "fix",
                "impact",
                "reason",
                "what",
                "to",
                "public",
            )
            made["values"] = {name: mutate.text(chance, NAMES) for name in names if chance.random() < 0.7}
            made["words"] = chance.choice((chance.choice(VERBS).words[0], made["words"]))
        if made["kind"] in ("original", "reacted"):
            made["text"] = mutate.text(chance, NAMES)
            made["emoji"] = chance.choice(EMOJI)
        return made

    async def open(self) -> None:
        """A fresh world."""
        self._world = await self._worlds.fresh()

    async def feed(self, given: dict[str, Any]) -> str:
        """Let it be heard, and judge the answer."""
        world, said = self._world, str(given.get("words", ""))
        world.said += 1
        where = {
            "key": f"fuzz/{world.said}",
            "platform": given["platform"],
            "actor": person(given["platform"], given["who"]),
            "channel": given["channel"],
        }
        match given["kind"]:
            case "filled":
                heard: Any = Filled(**where, words=said, values=given.get("values", {}))
            case "original":
                heard = Spoken(**where, words="", original=_original(given))
            case "reacted":
                message = f"{given['channel']}:1"
                heard = Reacted(
                    **where | {"channel": given["channel"] or "C"},
                    message=message,
                    emoji=given.get("emoji", ""),
                    original=_original(given),
                )
            case "moved":
                heard = Moved(**where | {"channel": given["channel"] or "C"}, joined=bool(len(said) % 2))
            case _:
                heard = Spoken(**where, words=said)
        echoed = said + str(given.get("values", "")) + str(given.get("text", ""))
        answered = await world.desk.hear(heard)
        world.fed(echoed)
        kind = judge.answer(answered, given=world.given + echoed)
        if given["kind"] == "spoken":
            for one in await world.desk.suggest(given["platform"], given["channel"], said[:100]):
                judge.whole(one.label, given=echoed)
        return kind

    async def settle(self) -> None:
        """Judge every card that is owed now, let time pass, and look whether the timelines hold."""
        world = self._world
        await world.delivered()
        world.clock.forward(timedelta(hours=9))
        await world.bell.ring()
        await world.delivered()
        await unharmed(world)

    async def close(self) -> None:
        """Leave the world."""
        await self._world.close()

    def end(self) -> None:
        """Leave nothing behind."""
        self._worlds.remove()


async def unharmed(world: World) -> None:
    """Whether each incident can be read, and its timeline holds."""
    for number in await world.database.reader.numbers():
        found = await audit(world.database.reader, number)
        if found is None or not found.whole:
            raise Wrong(f"the timeline of #{number} is broken")


def _original(given: dict[str, Any]) -> Original:
    return Original(text=str(given.get("text", "")), author="Ana Reyes", at=FRIDAY, url="https://x.example/1")
