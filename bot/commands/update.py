"""Give a status update: what is new, and when the next one comes."""

import re
from typing import ClassVar, Self

from pydantic import Field

from bot import acts, duties, publishing, templates
from bot.card import Card
from bot.commands.verb import Verb, split_next
from bot.durations import Duration
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer
from bot.messages import answers
from bot.messages import publication as public
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Kind

_PUBLIC = re.compile(r"^(?:public(?![\w-])|customers:)[\s:]*", re.IGNORECASE)
"""“customers” by itself begins many a sentence that is for the channel only."""


class Update(Verb):
    """Post a status update."""

    words: ClassVar = ("update", "updated", "updates", "post", "posted", "say")
    usage: ClassVar = "update [public] TEXT [next 20m]"
    says: ClassVar = "post a status update, tell customers the same, and say when the next one comes"
    example: ClassVar = "/incident update the pool is full, restarting it next 20m"
    right: ClassVar = Right.UPDATE

    text: str = Field(min_length=1, max_length=20_000)
    next: Duration | None = None
    status: str = ""
    public: bool = False
    """Whether customers are told the same."""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        found = _PUBLIC.match(rest) if scene.connected.pages else None
        if found is not None and scene.incident.private:
            raise Mistake(public.nothing_goes_out(scene.incident))
        if found is not None and len(rest) > public.LONGEST + found.end():
            raise Mistake(public.too_long(rest[found.end() :]))
        text, span = split_next(rest[found.end() :] if found is not None else rest)
        if not text:
            raise Unsaid("Say what is new, like `/incident update the pool is full, restarting it next 20m`.")
        return cls.checked({"text": text, "next": span, "public": found is not None})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        incident, found = scene.incident, _PUBLIC.match(initial)
        initial = initial[found.end() :] if found is not None and scene.connected.pages else initial
        if not initial and incident.updated_first_at is None:
            initial = templates.first_update(incident, scene.playbook) or ""
        statuses = tuple((s.name, s.name.capitalize()) for s in scene.playbook.statuses if s.stage.open)
        tick: tuple[FormField, ...] = ()
        if publishing.possible(scene):
            yes = "yes" if found is not None else "no"
            choices = (("no", "No, only those in the channel"), ("yes", "Yes, customers read the same"))
            tick = (FormField(name="public", label="Tell customers?", ask=Ask.CHOICE, choices=choices, initial=yes),)
        return Form(
            title="Status update",
            does=f"{incident.name} update",
            submit="Post",
            fields=(
                FormField(name="text", label="What is new?", ask=Ask.PARAGRAPH, required=True, initial=initial,
                          hint="What was found, what is being tried", longest=3000),
                FormField(name="status", label="Status", ask=Ask.CHOICE, choices=statuses[:25],
                          initial=incident.status),
                FormField(name="next", label="Next update in", hint="Like 20m; empty for the usual time", longest=20),
                *tick,
            ),
        )  # fmt: skip

    def needs(self, scene: Scene) -> tuple[Right, ...]:
        return (self.right, Right.PUBLISH) if self.public else (self.right,)

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident = scene.incident
        if self.status and self.status != incident.status:
            status = scene.playbook.status(self.status)
            if status is None or not status.stage.open:
                raise Mistake("Choose a status of an incident at work; `/incident resolve` ends it.")
            acts.move_to(scene, status.name, status.stage)
            scene.record(Kind.STATUS, f"Status: {status.name}")
        acts.post_update(scene, self.text, within=self.next)
        if self.public:
            scene.follows.append(self._publish(scene))
        duties.settle(scene)
        return answers.done(" ".join(("Posted.", *scene.follows)), incident=incident)

    def _publish(self, scene: Scene) -> str:
        """Before the duties, which would otherwise write the next text by themselves."""
        if not publishing.possible(scene):
            return public.nothing_goes_out(scene.incident)
        return publishing.tell(scene, self.text, by=scene.actor)
