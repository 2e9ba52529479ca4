"""Settle an action item that was asked back: take a reading of its date, or fill in its form."""

import re
from typing import ClassVar, Self

from pydantic import Field

from bot import items
from bot.card import Card
from bot.commands.action import Action
from bot.commands.verb import Verb, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import actions as says
from bot.playbook.permissions import Right
from bot.scene import Scene

_PARKED = re.compile(r"^(?P<parked>\d{1,15})(?:\s+(?P<due>.+))?$")


class DateAction(Verb):
    """Say what was meant; what was typed beside it is kept."""

    words: ClassVar = ("action-date",)
    usage: ClassVar = "action-date 17 [DATE]"
    says: ClassVar = "say until when an action item is to be done, or whose it is, where that was doubtful"
    example: ClassVar = "action-date 17 2026-12-04"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT
    listed: ClassVar = False

    parked: int
    """Id of what was typed."""
    due: str = ""
    """The date; left out, a form asks."""
    values: dict[str, str] = Field(default_factory=dict)
    """That form's answers."""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        found = _PARKED.match(rest)
        if found is None:
            raise Mistake(f"That answers nothing. Type the action item again, like `{Action.example}`.")
        return cls.checked({"parked": int(found["parked"]), "due": found["due"] or ""})

    @classmethod
    def fill(cls, values: dict[str, str], scene: Scene, rest: str) -> Self:
        return cls.read(rest, scene).model_copy(update={"values": values})

    async def run(self, scene: Scene) -> Answer | Card | None:
        parked = await scene.work.parked(self.parked)
        if parked is None or parked.actor not in scene.actor.keys:
            raise Mistake("Those words are not yours or are gone; type the action item again.")
        typed = Action.model_validate_json(parked.words)
        if self.values:
            item = self._filled(typed, scene)
        elif self.due:
            item = typed.model_copy(update={"due_at": items.read_due(self.due, scene), "asks": None})
        else:
            return self._form(typed, scene)
        return await item.model_copy(update={"mark": typed.mark or items.mark(self.parked)}).run(scene)

    def _filled(self, typed: Action, scene: Scene) -> Action:
        """From the form; an owner that was left as shown need not be found again by that name."""
        owner = typed.owner if typed.owner is not None and typed.owner.key == self.values.get("owner", "") else None
        values = self.values | ({"owner": ""} if owner is not None else {})
        item = Action.fill(values, scene, str(typed.number or ""))
        return item.model_copy(update={"owner": owner}) if owner is not None else item

    def _form(self, typed: Action, scene: Scene) -> Answer:
        known = items.item_of(scene, typed.number) if typed.number else None
        return Answer(
            form=says.form_again(
                scene.incident,
                self.parked,
                text=typed.text or (known.text if known is not None else ""),
                owner=typed.owner or (known.owned_by if known is not None else None),
                due=_date(typed, scene),
                kind=typed.kind or (known.kind if known is not None else None),
            )
        )


def _date(typed: Action, scene: Scene) -> str:
    """The date as it was typed, or as it was read."""
    if typed.due_at is not None:
        return items.shown(typed.due_at, scene)
    return typed.asks.words if typed.asks is not None else ""
