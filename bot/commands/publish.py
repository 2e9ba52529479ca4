"""Tell customers on the status page: let out what waits, change it, leave it out, or write something else."""

import re
from typing import ClassVar, Self

from pydantic import Field

from bot import publications, publishing
from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer
from bot.messages import answers, publication
from bot.playbook.permissions import Right
from bot.progress import Drafted
from bot.scene import Scene

_DOES = "change|edit|skip|not|no"
_ONE = re.compile(rf"^(?:draft\s+)?(?P<draft>\d{{1,9}})(?:\s+(?P<does>{_DOES}))?$", re.IGNORECASE)
"""A draft that waits, and what is to be done with it."""
_ANY = re.compile(rf"^(?:{_DOES})$", re.IGNORECASE)
"""The same of whichever waits."""


def refuse(scene: Scene) -> None:
    """Raise ``Mistake`` where there is nobody to tell."""
    if not scene.connected.pages:
        raise Mistake(publication.NO_PAGE)
    if scene.incident.private or scene.incident.drill:
        raise Mistake(publication.nothing_goes_out(scene.incident))


class Publish(Verb):
    """Tell customers."""

    words: ClassVar = ("publish",)
    usage: ClassVar = "publish [TEXT]"
    says: ClassVar = "tell customers on the status page; without a text, in the words that the process has for it"
    example: ClassVar = "/incident publish Card payments work again; we keep watching."
    right: ClassVar = Right.PUBLISH
    where: ClassVar = Where.INCIDENT

    text: str = Field(default="", max_length=publication.LONGEST)
    title: str = Field(default="", max_length=200)
    draft: int = 0
    """The draft that is meant, by its number."""
    skip: bool = False
    """Customers are not told what it publication."""
    usual: bool = False
    """The process's own words, which whoever asks for this has read."""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        refuse(scene)
        found = _ONE.match(_numbered(scene, rest))
        if rest == "words":
            return cls.checked({"usual": True})
        if found is None and rest:
            return cls.checked({"text": rest})
        does = (found["does"] or "").casefold() if found is not None else "change"
        if does in ("change", "edit"):
            raise Unsaid(f"Write what customers should read, like `{cls.example}`.")
        return cls.checked({"draft": found["draft"] if found is not None else 0, "skip": bool(does)})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form | None:
        refuse(scene)
        incident = scene.incident
        kept, found = incident.progress.publication, _ONE.match(initial)
        waits = _waits(scene, int(found["draft"])) if found is not None else kept.draft if kept is not None else None
        text = waits.text if waits is not None else publication.words(incident, scene.playbook)
        fields = [FormField(name="text", label="What should customers read?", ask=Ask.PARAGRAPH, required=True,
                            initial=text, longest=publication.LONGEST)]  # fmt: skip
        if kept is None or not kept.told:
            title = kept.title if kept is not None else incident.title
            fields.append(FormField(name="title", label="Its title on the page", initial=title[:200], longest=200))
        does = f"{incident.name} publish" if waits is None else f"{incident.name} publish {waits.id} change"
        shown_first = waits is None and scene.playbook.status_page.approve
        submit = "Show it first" if shown_first else "Publish"
        return Form(title="For customers", does=does, submit=submit, fields=tuple(fields))

    @classmethod
    def fill(cls, values: dict[str, str], scene: Scene, rest: str) -> Self:
        refuse(scene)
        found = _ONE.match(rest)
        draft = {"draft": found["draft"]} if found is not None else {}
        return cls.checked({"text": values.get("text", ""), "title": values.get("title", ""), **draft})

    async def run(self, scene: Scene) -> Answer | Card | None:
        refuse(scene)
        drafted = _waits(scene, self.draft) if self.draft else None
        if self.title:
            publishing.rename(scene, self.title)
        return answers.done(self._did(scene, drafted), incident=scene.incident)

    def _did(self, scene: Scene, drafted: Drafted | None) -> str:
        if drafted is None:
            there = publications.stand(scene.incident, scene.playbook)
            if not self.usual:
                return publishing.tell(scene, self.text, by=scene.actor)
            text = publication.words(scene.incident, scene.playbook)
            if not publication.whole(text):
                return publication.waits(publishing.draft(scene, text, there, by=scene.actor))
            return publication.done(publishing.let_out(scene, text, there, by=scene.actor))
        if self.skip:
            publishing.leave(scene)
            return "Customers are not told this."
        if self.text and self.text != drafted.text:
            return publication.done(publishing.reword(scene, drafted, self.text, by=scene.actor))
        return publication.done(publishing.publish(scene, drafted, by=scene.actor))


def _numbered(scene: Scene, said: str) -> str:
    """What is to be done with the draft that waits, with its number; raises ``Mistake`` where none does: no customer is
    told “skip”.
    """
    if not _ANY.match(said):
        return said
    kept = scene.incident.progress.publication
    if kept is None or kept.draft is None:
        raise Mistake(publication.NONE_WAITS)
    return f"{kept.draft.id} {said}"


def _waits(scene: Scene, number: int) -> Drafted:
    """The draft of this number; raises ``Mistake`` where it was decided meanwhile."""
    kept = scene.incident.progress.publication
    if kept is None or kept.draft is None or kept.draft.id != number:
        raise Mistake(publication.gone(number, kept.last if kept is not None else None))
    return kept.draft
