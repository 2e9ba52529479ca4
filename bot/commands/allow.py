"""Let a change pass the production freeze, and take that back."""

from typing import ClassVar, Self

from pydantic import Field

from bot import freezing
from bot.card import Card
from bot.commands.verb import Verb, reason, unwrapped
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer
from bot.incident import ADDRESS
from bot.messages import answers, freeze
from bot.playbook.permissions import Right
from bot.progress import Allowed
from bot.scene import Scene
from bot.timeline import Kind

MOST = 50
"""Changes that one freeze lets pass."""


class Allow(Verb):
    """Let one change pass."""

    words: ClassVar = ("allow", "permit", "let through")
    usage: ClassVar = "allow LINK because …"
    says: ClassVar = "let a change that mitigates this pass the production freeze, and say why"
    example: ClassVar = "/incident allow https://github.com/acme/shop/pull/7 because it brings the old pool size back"
    right: ClassVar = Right.FREEZE

    url: str = Field(min_length=1, max_length=2000)
    because: str = Field(min_length=1, max_length=1000)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        _frozen(scene)
        url, why = _parts(rest)
        if not url or not why:
            raise Unsaid(f"Say which change may pass, and why, like `{cls.example}`.")
        return cls.checked({"url": url, "because": why})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        url, why = _parts(initial)
        fields = (
            FormField(name="url", label="Address of the change", initial=url, required=True, longest=2000,
                      hint="The one that your pipeline asks with"),
            FormField(name="because", label="How does it mitigate this?", ask=Ask.PARAGRAPH, initial=why, required=True,
                      longest=1000),
        )  # fmt: skip
        does = f"{scene.incident.name} allow"
        return Form(title="Let a change pass", does=does, submit="Let it pass", fields=fields)

    async def run(self, scene: Scene) -> Answer | Card | None:
        _frozen(scene)
        url = _address(self.url, self.example)
        progress = scene.incident.progress
        if any(freezing.same(one.url, url) for one in progress.allowed):
            return answers.done("That change may pass already.")
        if len(progress.allowed) >= MOST:
            raise Mistake(f"{MOST} changes may pass already. Take one back with `/incident disallow LINK`.")
        one = Allowed(url=url, by=scene.actor.name, because=self.because, at=scene.now)
        progress.allowed = (*progress.allowed, one)
        scene.record(Kind.FREEZE, f"Let a change pass the freeze: {url} ({self.because})", url=url)
        scene.bring(scene.actor)
        scene.say(freeze.let_pass(one))
        return answers.done("It may pass. Once it is out, note it with `/incident change`.")


class Disallow(Verb):
    """Hold a change back that was let pass."""

    words: ClassVar = ("disallow", "forbid")
    usage: ClassVar = "disallow LINK [because …]"
    says: ClassVar = "hold a change back again that `allow` let pass the production freeze"
    example: ClassVar = "/incident disallow https://github.com/acme/shop/pull/7 because it was the wrong one"
    right: ClassVar = Right.FREEZE

    url: str = Field(min_length=1, max_length=2000)
    because: str = Field(default="", max_length=1000)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        _frozen(scene)
        url, why = _parts(rest)
        return cls.checked({"url": _address(url, cls.example), "because": why})

    async def run(self, scene: Scene) -> Answer | Card | None:
        progress = scene.incident.progress
        left = tuple(one for one in progress.allowed if not freezing.same(one.url, self.url))
        if len(left) == len(progress.allowed):
            raise Mistake("That change may not pass anyway. `/incident freeze status` shows which may.")
        progress.allowed = left
        because = f" ({self.because})" if self.because else ""
        scene.record(Kind.FREEZE, f"Held a change back again: {self.url}{because}", url=self.url)
        scene.bring(scene.actor)
        scene.say(freeze.held_back(self.url, by=scene.actor.name, because=self.because))
        return answers.done("It is held back.")


def _frozen(scene: Scene) -> None:
    if scene.incident.progress.frozen_at is None:
        raise Mistake(f"{scene.incident.name} does not freeze production. `/incident freeze status` shows what does.")


def _parts(words: str) -> tuple[str, str]:
    url, _, why = unwrapped(words).partition(" ")
    return url, reason(why)


def _address(url: str, example: str) -> str:
    if not ADDRESS.fullmatch(url):
        raise Mistake(f"“{url[:80]}” is no address. Write it whole, like `{example}`.")
    return url
