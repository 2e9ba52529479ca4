"""Draft the post-mortem, write in it, and bring it to its end."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import AwareDatetime, Field

from bot.card import Card, Style, When
from bot.commands.began import Lies, read_moment
from bot.commands.link import ADDRESS
from bot.commands.verb import Verb, Where, reason
from bot.errors import Mistake, Unsaid
from bot.forms import Form
from bot.heard import Answer
from bot.messages import answers
from bot.messages import postmortem as says
from bot.playbook.outside import Record
from bot.postmortem import acts, outline
from bot.postmortem.kept import Postmortem
from bot.postmortem.outline import Part
from bot.scene import Scene


class Does(StrEnum):
    """What becomes of it."""

    DRAFT = "draft"
    SHOW = "show"
    WRITE = "write"
    REVIEW = "review"
    PUBLISH = "publish"
    OWNER = "owner"
    MEETING = "meeting"
    NOT_NEEDED = "not needed"


_DOES = (
    (Does.NOT_NEEDED, re.compile(r"^(?:is\s+)?not?[\s-]+(?:needed|required|necessary)\b[\s:,]*", re.I)),
    (Does.DRAFT, re.compile(r"^(?:draft|redraft|new draft|refresh|regenerate|again|start)\b\s*$", re.I)),
    (Does.SHOW, re.compile(r"^(?:show|status|state)\b\s*$", re.I)),
    (Does.WRITE, re.compile(r"^(?:fill|answer|write)\b[\s:]*", re.I)),
    (Does.PUBLISH, re.compile(r"^publish(?:ed)?\b[\s:]*", re.I)),
    (Does.REVIEW, re.compile(r"^(?:in )?review(?:ed|ers?)?\b(?!\s+meeting)(?:\s+by)?[\s:]*|^(?=@|<@)", re.I)),
    (Does.OWNER, re.compile(r"^(?:owner|owned by)\b[\s:]*", re.I)),
    (Does.MEETING, re.compile(r"^(?:review\s+)?meeting\b[\s:]*(?:is\s+)?(?:on\s+|at\s+)?", re.I)),
)  # fmt: skip
_WHY = re.compile(r"^whys?\b[\s:]*", re.I)
_NUMBERED = re.compile(r"^(?P<title>.*\S)\s+(?P<number>\d{1,2})$")
_FORM = re.compile(r"^(?P<name>\S+)(?:\s+(?P<page>\d{1,2}))?(?:\s+(?P<mark>[0-9a-f]{6}))?$")
MOST = 10
"""Reviewers at a time."""


class WritePostmortem(Verb):
    """Draft, write, review, publish the post-mortem."""

    words: ClassVar = ("postmortem", "post-mortem", "post mortem", "pm", "retro", "retrospective", "review")
    usage: ClassVar = "postmortem [SECTION: TEXT, review @bo, publish URL, owner @ana, meeting tuesday 14:00]"
    says: ClassVar = "draft the post-mortem from the record; write in it, have it reviewed, publish it"
    example: ClassVar = "/incident postmortem root cause: the pool was half as large as the load"
    where: ClassVar = Where.INCIDENT
    people: ClassVar = True

    does: Does = Does.DRAFT
    section: str = ""
    answers: dict[str, str] = Field(default_factory=dict)
    """By the key of the question."""
    add: bool = True
    """Whether they go below what is written already."""
    persons: tuple[str, ...] = Field(default=(), max_length=MOST)
    url: str = Field(default="", max_length=2000)
    anyway: bool = False
    """Published, though questions wait."""
    at: AwareDatetime | None = None
    because: str = Field(default="", max_length=1000)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        rest = rest.strip()
        written = _written(rest, scene)
        if written is not None:
            part, answer = written
            return cls.checked({"does": Does.WRITE, "section": part.name, "answers": answer})
        does, tail = _what(rest)
        return cls.checked({"does": does, **_options(does, tail, scene)})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form | None:
        does, tail = _what(initial.strip())
        match does:
            case Does.REVIEW:
                return says.asks_reviewers(scene.incident)
            case Does.NOT_NEEDED:
                return says.asks_reason(scene.incident)
            case Does.WRITE:
                post = acts.kept(scene)
                part, number, _ = _asked(tail, scene, post)
                return says.form(scene.incident, post, part, number, mark=_mark(post, part, number))
        return None

    @classmethod
    def fill(cls, values: dict[str, str], scene: Scene, rest: str) -> Self:
        does, tail = _what(rest.strip())
        if does is Does.REVIEW:
            return cls.checked({"does": does, "persons": _persons(values.get("people", ""), scene)})
        if does is Does.NOT_NEEDED:
            return cls.checked({"does": does, "because": values.get("because", "").strip()})
        post = acts.kept(scene)
        part, number, mark = _asked(tail, scene, post)
        asked = {f"answer {place}": one.key for place, one in enumerate(says.page(part, number), start=1)}
        given = {asked[name]: text for name, text in values.items() if name in asked}
        stale = mark != _mark(post, part, number)
        return cls.checked({"does": Does.WRITE, "section": part.name, "answers": given, "add": stale})

    async def run(self, scene: Scene) -> Answer | Card | None:
        if scene.incident.open:
            raise Mistake(
                "It is still open. Its post-mortem comes once it is resolved; `/incident note` keeps thoughts."
            )
        match self.does:
            case Does.DRAFT:
                post = await acts.draft(scene)
                return says.drafted(scene.incident, scene.playbook, post)
            case Does.SHOW:
                return says.standing(scene.incident, scene.playbook, acts.kept(scene))
            case Does.WRITE:
                return self._write(scene)
            case Does.PUBLISH:
                return await self._publish(scene)
        return await self._settle(scene)

    async def _settle(self, scene: Scene) -> Card:
        """Who, when, or why not."""
        if self.does is Does.REVIEW:
            await acts.review(scene, tuple(scene.find_person(one) for one in self.persons))
            return answers.done("They are asked. A new draft comes into the channel.")
        if self.does is Does.OWNER:
            person = scene.find_person(self.persons[0])
            acts.own(scene, person)
            return answers.done(f"{person.name} owns the post-mortem.")
        if self.does is Does.NOT_NEEDED:
            acts.not_needed(scene, self.because)
            return answers.done("Noted: no post-mortem is needed.")
        return self._meet(scene)

    def _write(self, scene: Scene) -> Card:
        part = _named(scene.playbook.record, self.section)
        post = acts.write(scene, part, self.answers, add=self.add)
        return says.kept(part, post)

    async def _publish(self, scene: Scene) -> Card:
        post = acts.kept(scene)
        listed, every = bool(scene.incident.progress.actions), outline.parts(scene.playbook.record)
        waiting = sum(len(outline.unanswered(post, part, listed=listed)) for part in every)
        if waiting and not (self.url or self.anyway or post.over):
            return says.unanswered(scene.incident, waiting)
        follows = await acts.publish(scene, self.url)
        return says.published(scene.incident, scene.playbook, follows=follows)

    def _meet(self, scene: Scene) -> Card:
        if self.at is None or self.at <= scene.now:
            raise Mistake(
                "That is over already. Say when it will be, like `/incident postmortem meeting tuesday 14:00`."
            )
        acts.meet(scene, self.at)
        return answers.done("Review meeting ", When(at=self.at, style=Style.MOMENT), ".")


def _what(words: str) -> tuple[Does, str]:
    """What is to become of it, and the words after that."""
    if not words:
        return Does.DRAFT, ""
    for does, pattern in _DOES:
        found = pattern.match(words)
        if found is not None:
            return does, words[found.end() :].strip()
    return Does.WRITE, words


def _options(does: Does, tail: str, scene: Scene) -> dict[str, object]:
    match does:
        case Does.WRITE:
            _asked(tail, scene, acts.kept(scene))
            raise Unsaid("Say what it should read, like `/incident postmortem root cause: the pool was too small`.")
        case Does.PUBLISH:
            return _address(tail)
        case Does.NOT_NEEDED:
            return {"because": _said(reason(scene.readable(tail)), "not needed because nothing new was learned")}
        case Does.REVIEW | Does.OWNER:
            persons = _persons(tail, scene)
            if not persons:
                raise Unsaid(f"Say who, like `/incident postmortem {does} @bo`.")
            return {"persons": persons}
        case Does.MEETING:
            return {"at": _meeting(_said(tail, "meeting tuesday 14:00"), scene)}
    return {}


def _said(words: str, like: str) -> str:
    if not words:
        raise Unsaid(f"Say it, like `/incident postmortem {like}`.")
    return words


def _address(tail: str) -> dict[str, object]:
    if tail.casefold() in ("", "anyway"):
        return {"anyway": bool(tail)}
    url = tail.strip("<>").split("|")[0]
    if not ADDRESS.fullmatch(url):
        raise Mistake(f"“{url[:80]}” is no address. Write it whole, like `/incident postmortem publish https://…`.")
    return {"url": url}


def _meeting(words: str, scene: Scene) -> datetime:
    return read_moment(words, scene, lies=Lies.FUTURE)


def _persons(words: str, scene: Scene) -> tuple[str, ...]:
    """Whom the words name, as they were typed; raises ``Mistake`` where somebody is not known."""
    typed = [word for word in re.split(r"[\s,]+|\band\b", words) if word]
    for word in typed:
        scene.find_person(word)
    return tuple(typed)


def _written(words: str, scene: Scene) -> tuple[Part, Mapping[str, str]] | None:
    """``SECTION: TEXT``, ``SECTION 2: TEXT``, ``why TEXT``; ``None`` where it is nothing of these."""
    record, post = scene.playbook.record, acts.kept(scene)
    why = _WHY.match(words)
    guided = next(((part, outline.whys(part)) for part in outline.parts(record) if outline.whys(part)), None)
    if why is not None and guided is not None and words[why.end() :]:
        part, asked = guided
        following = next((one for one in asked if one.key not in post.answers), asked[-1])
        return part, {following.key: scene.readable(words[why.end() :])}
    title, colon, text = words.partition(":")
    numbered = _NUMBERED.match(title.strip())
    place = int(numbered["number"]) if numbered is not None else 0
    named = outline.named(record, numbered["title"] if numbered is not None else title)
    if colon and named is not None and text.strip():
        return named, _answer(post, named, place, scene.readable(text.strip()))
    return None


def _answer(post: Postmortem, part: Part, place: int, text: str) -> Mapping[str, str]:
    """The question that is meant: the one of this number, else the first that waits, else the last."""
    if not part.questions:
        raise Mistake(
            f"“{part.title}” is filled in from the record; nothing is asked there. `/incident note` adds to it."
        )
    if place > len(part.questions):
        raise Mistake(f"“{part.title}” asks {len(part.questions)} questions, so there is no number {place}.")
    waiting = next(iter(outline.unanswered(post, part)), part.questions[-1])
    return {(part.questions[place - 1] if place else waiting).key: text}


def _asked(words: str, scene: Scene, post: Postmortem) -> tuple[Part, int, str]:
    """The section whose form is meant, which of its forms, and what stood there when it was opened."""
    record = scene.playbook.record
    if not words:
        every = [part for part in outline.parts(record) if part.questions]
        return next((part for part in every if outline.unanswered(post, part)), every[0]), 1, ""
    found = _FORM.match(words)
    if found is not None and outline.named(record, found["name"]) is not None:
        return _with_questions(_named(record, found["name"])), int(found["page"] or 1), found["mark"] or ""
    return _with_questions(_named(record, words)), 1, ""


def _with_questions(part: Part) -> Part:
    _answer(Postmortem(), part, 0, "")
    return part


def _named(record: Record, words: str) -> Part:
    part = outline.named(record, words)
    if part is None:
        known = ", ".join(part.title for part in outline.parts(record) if part.questions)
        raise Mistake(f"“{words[:60]}” is no section of the post-mortem. There are {known}.")
    return part


def _mark(post: Postmortem, part: Part, number: int) -> str:
    """What stands in the answers of a form, in six letters."""
    texts = [post.answers[one.key].text if one.key in post.answers else "" for one in says.page(part, number)]
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=3).hexdigest()
