"""Put something on the timeline."""

from typing import ClassVar, Self

from pydantic import Field

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Unsaid
from bot.heard import Answer, Original
from bot.messages import answers
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Kind


class Note(Verb):
    """Add a note."""

    words: ClassVar = ("note", "notes", "noted", "log", "record", "add note", "pin")
    usage: ClassVar = "note TEXT"
    says: ClassVar = "put something on the timeline; a 📌 reaction does the same with a message"
    example: ClassVar = "/incident note the last deploy was at 14:02"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    text: str = Field(min_length=1, max_length=20_000)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Unsaid(f"Say what to note, like `{cls.example}`.")
        return cls.checked({"text": rest})

    async def run(self, scene: Scene) -> Answer | Card | None:
        scene.record(Kind.NOTE, self.text)
        return answers.done("On the timeline.")


def pin(scene: Scene, original: Original, *, message: str) -> None:
    """Put somebody's message on the timeline, at the message's own time."""
    scene.record(Kind.NOTE, f"{original.author}: {original.text}", at=original.at, url=original.url or "", pin=message)


def unpin(scene: Scene, *, message: str) -> None:
    """Take a pinned message back: a retraction is appended, and views leave both out."""
    scene.record(Kind.RETRACTION, "Took a pinned message back", retracts=message)
