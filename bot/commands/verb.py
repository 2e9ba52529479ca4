"""What every verb is made of: its words, its options, and its run."""

import re
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from bot.card import Card
from bot.durations import parse_duration
from bot.errors import Mistake, Unsaid
from bot.forms import Form
from bot.heard import Answer
from bot.model import Model
from bot.playbook.permissions import Right
from bot.playbook.shape import Playbook
from bot.scene import Scene


class Where(StrEnum):
    """What a verb needs to find."""

    ANYWHERE = "anywhere"
    INCIDENT = "incident"
    """An incident, whatever became of it."""
    OPEN = "open"
    """An incident whose responders are still at work."""


class Verb(Model):
    """One verb with its options. ``read`` makes it from words, ``fill`` from a form, and ``run`` does it.

    Options are pydantic fields: chat adapters build forms and the command line its parser from the same words.
    """

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    words: ClassVar[tuple[str, ...]]
    """What people type: the verb's name first, then synonyms and tenses."""
    usage: ClassVar[str]
    """How it is typed: ``update TEXT [next 20m]``."""
    says: ClassVar[str]
    """What it does, in a short sentence."""
    example: ClassVar[str]
    right: ClassVar[Right]
    """The right that it takes, where a playbook has rules; each verb says so of itself."""
    where: ClassVar[Where] = Where.OPEN
    people: ClassVar[bool] = False
    """Whether its words name people; in those of all others a mention is only text."""
    listed: ClassVar[bool] = True
    """Whether people type it; others are pressed."""

    @classmethod
    def offered(cls, playbook: Playbook) -> bool:
        """Whether help and completion show it: what can do nothing under this playbook is left out."""
        return cls.listed

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        """Make it from the words after the verb; raises ``Mistake``. Verbs without options take none."""
        return cls.model_validate({})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form | None:
        """The form that is offered where the words do not say enough."""
        return None

    @classmethod
    def fill(cls, values: dict[str, str], scene: Scene, rest: str) -> Self:
        """Make it from a form's answers; ``rest`` are the words that opened the form."""
        return cls.checked({name: value for name, value in values.items() if value.strip()})

    @classmethod
    def checked(cls, values: dict[str, object]) -> Self:
        """Validate options; what is wrong with them becomes a sentence for the person."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0]) if first["loc"] else "options"
            raise Mistake(cls._wrong(name, first)) from error

    @classmethod
    def _wrong(cls, name: str, first: ErrorDetails) -> str:
        """The sentence for one option that does not fit."""
        match first["type"]:
            case "missing" | "string_too_short":
                return f"The {name} is missing. Write it like `{cls.example}`."
            case "string_too_long":
                most = first["ctx"]["max_length"]
                return f"The {name} is too long: {len(first['input'])} characters, and {most} fit."
            case "value_error":
                said = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
                return f"{said[:1].upper()}{said[1:]}."
        return f"I cannot read the {name}. Write it like `{cls.example}`."

    def needs(self, scene: Scene) -> tuple[Right, ...]:
        """The rights that it takes with these options; nothing is done unless its author has them all."""
        return (self.right,)

    async def run(self, scene: Scene) -> Answer | Card | None:
        """Do it: change the scene, and return what its author is told privately."""
        raise NotImplementedError


class Because(Verb):
    """A verb whose only option is why."""

    because: str = Field(default="", max_length=2000)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        return cls.checked({"because": reason(rest)})


class Statement(Verb):
    """A verb that takes one text, and asks for it where it is missing."""

    text: str = Field(min_length=1, max_length=2000)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Unsaid(f"Say it, like `{cls.example}`.")
        return cls.checked({"text": rest})


_NEXT = re.compile(r"\bnext(?:\s+update)?(?:\s+in)?[\s:]+(?P<span>[\d.]+\s*[a-z]+)[)\].]*\s*$", re.IGNORECASE)
_BEFORE_NEXT = " \t\r\n,;.(["
LAST = 100
"""Characters at the end of a text among which the time of the next update is looked for."""
_WRAPPED = re.compile(r"^<(?P<url>https?://[^|>\s]+)(?:\|[^>]*)?>", re.IGNORECASE)
_BECAUSE = re.compile(r"^(?:because|since|as|:)\s+", re.IGNORECASE)
_ANYWAY = re.compile(r"^(?:now|anyway)[\s,:]*(?=$|because\b|since\b|as\b)", re.IGNORECASE)


def split_next(text: str) -> tuple[str, timedelta | None]:
    """Part ``TEXT next 20m`` into its text and the time; what is no duration stays part of the text."""
    text = text.strip()
    found = _NEXT.search(text, max(0, len(text) - LAST))
    if found is None:
        return text, None
    try:
        return text[: found.start()].rstrip(_BEFORE_NEXT), parse_duration(found["span"])
    except ValueError:
        return text, None


def unwrapped(words: str) -> str:
    """Words that begin with an address, without the brackets that people and platforms put around one
    (``<https://…|label>``)."""
    return _WRAPPED.sub(r"\g<url>", words.strip())


def overrides(rest: str) -> str | None:
    """Why something is done whatever the playbook still asks for (*now because …*, *anyway because …*), which may be
    left out; ``None`` where it is not to be done so.
    """
    return reason(_ANYWAY.sub("", rest)) if _ANYWAY.match(rest) else None


def reason(text: str) -> str:
    """What stands after ``because``; the whole where the word is left out."""
    return _BECAUSE.sub("", text.strip()).strip()
