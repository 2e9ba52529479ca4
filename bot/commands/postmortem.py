"""Draft the post-mortem, write in it, and bring it to its end."""

from datetime import datetime
from typing import ClassVar, Self

from pydantic import AwareDatetime, Field

from bot.card import Card, Style, When
from bot.commands.began import Lies, read_moment
from bot.commands.verb import Verb, Where, reason, unwrapped
from bot.errors import Mistake, Unsaid
from bot.forms import Form
from bot.heard import Answer
from bot.incident import ADDRESS
from bot.messages import answers
from bot.messages import postmortem as says
from bot.playbook.permissions import Right
from bot.postmortem import acts, outline, typed
from bot.postmortem.typed import Does
from bot.scene import Scene

MOST = 10
"""Reviewers at a time."""


class WritePostmortem(Verb):
    """Draft, write, review, publish the post-mortem."""

    words: ClassVar = ("postmortem", "post-mortem", "post mortem", "pm", "retro", "retrospective", "review")
    usage: ClassVar = "postmortem [SECTION: TEXT, review @bo, publish URL, owner @ana, meeting tuesday 14:00]"
    says: ClassVar = "draft the post-mortem from the record; write in it, have it reviewed, publish it"
    example: ClassVar = "/incident postmortem root cause: the pool was half as large as the load"
    right: ClassVar = Right.OPEN
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
        wrote = typed.written(rest, scene)
        if wrote is not None:
            part, answer = wrote
            return cls.checked({"does": Does.WRITE, "section": part.name, "answers": answer})
        does, tail = typed.what(rest)
        return cls.checked({"does": does, **_options(does, tail, scene)})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form | None:
        does, tail = typed.what(initial.strip())
        match does:
            case Does.REVIEW:
                return says.asks_reviewers(scene.incident)
            case Does.NOT_NEEDED:
                return says.asks_reason(scene.incident)
            case Does.WRITE:
                post = acts.kept(scene)
                part, number, _ = typed.asked(tail, scene, post)
                return says.form(scene.incident, post, part, number, mark=typed.mark(post, part, number))
        return None

    @classmethod
    def fill(cls, values: dict[str, str], scene: Scene, rest: str) -> Self:
        does, tail = typed.what(rest.strip())
        if does is Does.REVIEW:
            return cls.checked({"does": does, "persons": typed.persons(values.get("people", ""), scene)})
        if does is Does.NOT_NEEDED:
            return cls.checked({"does": does, "because": values.get("because", "").strip()})
        post = acts.kept(scene)
        part, number, mark = typed.asked(tail, scene, post)
        asked = {f"answer {place}": one.key for place, one in enumerate(says.page(part, number), start=1)}
        given = {asked[name]: text for name, text in values.items() if name in asked}
        stale = mark != typed.mark(post, part, number)
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
        part = typed.named(scene.playbook.record, self.section)
        post = acts.write(scene, part, self.answers, add=self.add)
        return says.kept(scene.incident, part, post)

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


def _options(does: Does, tail: str, scene: Scene) -> dict[str, object]:
    match does:
        case Does.WRITE:
            typed.asked(tail, scene, acts.kept(scene))
            raise Unsaid("Say what it should read, like `/incident postmortem root cause: the pool was too small`.")
        case Does.PUBLISH:
            return _address(tail)
        case Does.NOT_NEEDED:
            return {"because": _said(reason(scene.readable(tail)), "not needed because nothing new was learned")}
        case Does.REVIEW | Does.OWNER:
            persons = typed.persons(tail, scene)
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
    url = unwrapped(tail)
    if not ADDRESS.fullmatch(url):
        raise Mistake(f"“{url[:80]}” is no address. Write it whole, like `/incident postmortem publish https://…`.")
    return {"url": url}


def _meeting(words: str, scene: Scene) -> datetime:
    return read_moment(words, scene, lies=Lies.FUTURE)
