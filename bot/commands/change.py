"""Document a change to production; while it is frozen, with what the change is for."""

import re
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer
from bot.messages import answers
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Kind

_ADDRESS = re.compile(r"<?(?P<url>https?://[^\s<>|]+)(?:\|[^>]*)?>?")
_PURPOSE = re.compile(
    r"^(?:to\s+)?(?P<word>mitigat(?:es?|ing|ion)|prevent(?:s|ing|ion)?|neither)\b[\s:,]*", re.IGNORECASE
)


class Purpose(StrEnum):
    """What a change to production is for, while it is frozen."""

    MITIGATES = "mitigates"
    PREVENTS = "prevents"
    NEITHER = "neither"


_SAYS = {
    Purpose.MITIGATES: "mitigates this",
    Purpose.PREVENTS: "prevents its return",
    Purpose.NEITHER: "neither mitigates nor prevents",
}


class Change(Verb):
    """Note a change to production."""

    words: ClassVar = ("change", "changed", "deployed", "deploy")
    usage: ClassVar = "change TEXT [URL]"
    says: ClassVar = "put a change to production on the timeline"
    example: ClassVar = "/incident change rolled checkout back to 4.1 https://ci.example/run/7"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    text: str = Field(min_length=1, max_length=2000)
    url: str = Field(default="", max_length=2000)
    purpose: Purpose | None = None

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        purpose, text, url = _parts(rest)
        if not text and not url:
            raise Unsaid(f"Say what was changed, like `{cls.example}`.")
        if _frozen(scene) and purpose is None:
            raise Unsaid(
                "Production is frozen. Say what the change is for: `/incident change mitigates …` or "
                "`/incident change prevents …`."
            )
        return cls.checked({"text": text or url, "url": url, "purpose": purpose})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        purpose, text, url = _parts(initial)
        fields = [
            FormField(name="text", label="What was changed?", ask=Ask.PARAGRAPH, initial=text, required=True,
                      hint="What, where, and to which version", longest=2000),
            FormField(name="url", label="Address", initial=url, hint="Of the deploy or the change", longest=2000),
        ]  # fmt: skip
        if _frozen(scene):
            choices = (
                (Purpose.MITIGATES.value, "It mitigates this incident"),
                (Purpose.PREVENTS.value, "It prevents its return"),
                (Purpose.NEITHER.value, "Neither: it had to go out"),
            )
            fields.append(
                FormField(name="purpose", label="Production is frozen. What is it for?", ask=Ask.CHOICE,
                          choices=choices, initial=purpose or "", required=True)
            )  # fmt: skip
        does = f"{scene.incident.name} change"
        return Form(title="Production change", does=does, submit="Note it", fields=tuple(fields))

    async def run(self, scene: Scene) -> Answer | Card | None:
        frozen = _frozen(scene)
        if frozen and self.purpose is None:
            raise Mistake("Production is frozen: say whether the change mitigates this or prevents its return.")
        if self.url and not _ADDRESS.fullmatch(self.url):
            raise Mistake(f"“{self.url[:80]}” is no address. Write it whole, with https:// before it.")
        about = f" ({_SAYS[self.purpose]})" if self.purpose is not None else ""
        link = f" {self.url}" if self.url and self.url != self.text else ""
        said = f"Production change{about}: {self.text}{link}"
        scene.record(Kind.CHANGE, said, url=self.url, purpose=self.purpose or "", frozen="yes" if frozen else "no")
        scene.bring(scene.actor)
        if frozen and self.purpose is Purpose.NEITHER:
            return answers.done("On the timeline. Production is frozen: say in the channel why it had to go out.")
        return answers.done("On the timeline.")


def _frozen(scene: Scene) -> bool:
    return scene.incident.progress.frozen_at is not None


def _parts(words: str) -> tuple[Purpose | None, str, str]:
    """What it is for, where the words begin with that; the text; and the first address in it."""
    stated = _PURPOSE.match(words)
    purpose = None
    if stated is not None:
        words = words[stated.end() :]
        beginning = stated["word"].casefold()
        purpose = next(one for one in Purpose if beginning.startswith(one.value[:6]))
    found = _ADDRESS.search(words)
    if found is None:
        return purpose, words.strip(), ""
    text = f"{words[: found.start()].strip()} {words[found.end() :].strip()}".strip()
    return purpose, text, found["url"]
