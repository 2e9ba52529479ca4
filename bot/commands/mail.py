"""The e-mail to customers: see it, approve it, change its words, do without it."""

import re
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field

from bot import mailing
from bot.card import Card
from bot.commands.verb import Verb, Where, reason
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer
from bot.messages import answers
from bot.messages import mail as says
from bot.playbook.permissions import Right
from bot.scene import Scene

LONGEST = 3000
"""Characters of the text that a form takes (Slack's limit)."""


class Does(StrEnum):
    """What is to become of it."""

    SHOW = "show"
    SEND = "send"
    EDIT = "edit"
    SKIP = "skip"
    REST = "rest"
    DONE = "done"


_WORDS = {
    "": Does.SHOW, "show": Does.SHOW, "draft": Does.SHOW, "send": Does.SEND, "edit": Does.EDIT, "change": Does.EDIT,
    "words": Does.EDIT, "skip": Does.SKIP, "none": Does.SKIP, "needless": Does.SKIP, "rest": Does.REST,
    "done": Does.DONE, "arrived": Does.DONE,
}  # fmt: skip


class Mail(Verb):
    """Send customers the e-mail afterwards."""

    words: ClassVar = ("mail", "email", "e-mail")
    usage: ClassVar = "mail [edit, skip because …]"
    says: ClassVar = "see the e-mail to customers and approve it; it is sent once"
    example: ClassVar = "/incident mail skip because nobody noticed"
    right: ClassVar = Right.PUBLISH
    where: ClassVar = Where.INCIDENT

    does: Does = Does.SHOW
    seen: str = ""
    """Digest of what was seen when it was approved."""
    turn: int = 0
    because: str = Field(default="", max_length=1000)
    subject: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=LONGEST)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        does, tail = _what(rest)
        if does is Does.SEND:
            return cls.checked({"does": does, "seen": tail})
        if does is Does.REST:
            return cls.checked({"does": does, "turn": int(tail) if re.fullmatch(r"\d{1,6}", tail) else 0})
        if does is Does.EDIT:
            _editable(scene)
            raise Unsaid("Change its words in the form: press *Change the words* on `/incident mail`.")
        if does is Does.SKIP and not reason(tail):
            raise Unsaid(f"Say why none is needed, like `{cls.example}`.")
        return cls.checked({"does": does, "because": reason(tail)})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        name = scene.incident.name
        if _what(initial)[0] is Does.SKIP:
            why = FormField(name="because", label="Why is none needed?", ask=Ask.PARAGRAPH, required=True, longest=1000)
            return Form(title="No e-mail", does=f"{name} mail skip", submit="None needed", fields=(why,))
        words = says.letter(scene.incident, scene.playbook)
        hint = "Empty both to take the record's own words again"
        fields = (
            FormField(name="subject", label="Subject", initial=words.subject[:200], longest=200, hint=hint),
            FormField(name="text", label="Text", ask=Ask.PARAGRAPH, initial=words.text, longest=LONGEST),
        )
        return Form(title="E-mail to customers", does=f"{name} mail edit", submit="Keep", fields=fields)

    @classmethod
    def fill(cls, values: dict[str, str], scene: Scene, rest: str) -> Self:
        return cls.checked({**{name: text for name, text in values.items() if text.strip()}, "does": _what(rest)[0]})

    def needs(self, scene: Scene) -> tuple[Right, ...]:
        return (Right.OPEN if self.does is Does.SHOW else self.right,)

    async def run(self, scene: Scene) -> Answer | Card | None:
        match self.does:
            case Does.SEND:
                return mailing.send(scene, self.seen) or answers.done("Approved. The channel shows how it goes.")
            case Does.EDIT:
                return self._edit(scene)
            case Does.SKIP:
                gone = mailing.skip(scene, self.because)
                return answers.done(f"Noted.{f' {gone}.' if gone else ''}")
            case Does.REST:
                many = mailing.rest(scene, self.turn)
                return answers.done(f"On its way to {many}." if many else "Nothing is left to be sent.")
            case Does.DONE:
                return answers.done("Noted.") if mailing.looked(scene) else says.untouched()
        return mailing.shown(scene)

    def _edit(self, scene: Scene) -> Card:
        if bool(self.subject) != bool(self.text):
            raise Mistake("Both are needed, a subject and a text; nothing was changed.")
        mailing.reword(scene, " ".join(self.subject.split()), self.text)
        return mailing.shown(scene)


def _what(rest: str) -> tuple[Does, str]:
    first, _, tail = rest.strip().partition(" ")
    does = _WORDS.get(first.casefold().strip(".:"))
    if does is None:
        raise Mistake("Say `mail` alone to see the e-mail to customers, `mail edit`, or `mail skip because …`.")
    return does, tail.strip()


def _editable(scene: Scene) -> None:
    """Raises ``Mistake`` where there is nothing to change, or more than a form holds."""
    mailing.allowed(scene)
    long = len(says.letter(scene.incident, scene.playbook).text)
    if long > LONGEST:
        raise Mistake(f"The text has {long} characters, and a form takes {LONGEST}. Shorten it in the playbook.")
