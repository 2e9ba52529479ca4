"""Add an action item, or change one: who owns it, until when, what kind, and that it is dropped or taken up again."""

import re
from typing import ClassVar, Self

from pydantic import AwareDatetime, Field

from bot import actions, items, owners
from bot.card import Card
from bot.commands.action_words import DROP, Asks, Does, change, new
from bot.commands.verb import Verb, Where
from bot.due import Doubtful
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer, Original
from bot.items import LONGEST, item_of, on_record, read_due, tell_owner
from bot.messages import actions as says
from bot.messages.lengths import shorten
from bot.people import Group, Person
from bot.playbook.permissions import Right
from bot.progress import ActionItem, ActionKind
from bot.scene import Scene

_NUMBER = re.compile(r"^#?(?P<number>\d{1,4})\b[:,.]?\s*(?P<rest>.*)$", re.DOTALL)
_FROM = re.compile(r"^from\s+(?P<parked>\d{1,15})$", re.IGNORECASE)


class Action(Verb):
    """Add or change an action item."""

    words: ClassVar = ("action", "task", "todo", "to-do", "follow-up", "followup", "action item")
    usage: ClassVar = "action @ana TEXT [by friday]"
    says: ClassVar = "add an action item; `action 3 @bo`, `action 3 by monday` and `action 3 drop because …` change one"
    example: ClassVar = "/incident action @ana add a pool alert by friday"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT
    people: ClassVar = True

    number: int = 0
    """Of the item that is changed; 0 for a new one."""
    does: Does = Does.SET
    text: str = Field(default="", max_length=LONGEST)
    kind: ActionKind | None = None
    owner: Person | Group | None = None
    due_at: AwareDatetime | None = None
    because: str = Field(default="", max_length=1000)
    asks: Asks | None = None
    """Where the date is doubtful, or nobody knows the owner: nothing happens yet."""
    source: int = 0
    """Id of the parked message that it is made from."""
    mark: str = ""
    """What it is made from, so that it is made once: see ``ActionItem.message``."""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if (parked := _FROM.match(rest)) is not None:
            return cls.checked({"source": int(parked["parked"])})
        found = _NUMBER.match(rest)
        changes = change(found["rest"], scene) if found is not None else None
        if found is not None and changes is not None:
            item = item_of(scene, int(found["number"]))
            return cls.checked({"number": item.number, **changes})
        given = new(rest, scene)
        if not given["text"]:
            raise Unsaid(f"Say what is to be done, like `{cls.example}`.")
        return cls.checked(given)

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        found = _NUMBER.match(initial)
        item = actions.get(scene.incident, int(found["number"])) if found is not None else None
        if item is not None and found is not None and DROP.match(found["rest"]):
            why = FormField(name="because", label="Why?", ask=Ask.PARAGRAPH, required=True, longest=1000)
            does = f"{scene.incident.name} action {item.number} drop"
            return Form(title=f"Drop item {item.number}", does=does, submit="Drop it", fields=(why,))
        return says.form(scene.incident, item, due=items.due_shown(item, scene))

    @classmethod
    def fill(cls, values: dict[str, str], scene: Scene, rest: str) -> Self:
        found = _NUMBER.match(rest)
        number = item_of(scene, int(found["number"])).number if found is not None else 0
        if found is not None and DROP.match(found["rest"]):
            return cls.checked({"number": number, "does": Does.DROP, "because": values.get("because", "")})
        owner, due = values.get("owner", "").strip(), values.get("due", "").strip()
        given: dict[str, object] = {
            "number": number,
            "text": values.get("text", ""),
            "kind": values.get("kind") or None,
        }
        if owner:
            given["owner"] = _kept(scene, number, owner) or owners.find_owner(owner, scene)
        item = actions.get(scene.incident, number)
        if due and due != items.due_shown(item, scene):  # what was shown and left alone may be past by now
            try:
                given["due_at"] = read_due(due, scene)
            except Mistake as mistake:
                given["asks"] = Asks.of(Doubtful(mistake, words=due))
        return cls.checked(given)

    async def run(self, scene: Scene) -> Answer | Card | None:
        if self.asks is not None:
            parked = await scene.work.park(self.model_dump_json(), actor=scene.actor, at=scene.now)
            return says.asked_back(
                scene.incident, self.asks.sentence, self.asks.readings, dated=bool(self.asks.words), parked=parked
            )
        if self.source:
            return await self._add_from(scene)
        if not self.number:
            return self._add(scene)
        item = item_of(scene, self.number)
        match self.does:
            case Does.DROP:
                return self._drop(scene, item)
            case Does.AGAIN:
                return self._again(scene, item)
        return self._set(scene, item)

    def _add(self, scene: Scene) -> Card:
        made = items.made_of(scene.incident, message=self.mark)
        if made is not None:
            return says.there(made)
        item = items.add(scene, text=self.text, kind=self.kind, owner=self.owner, due_at=self.due_at, message=self.mark)
        return says.added(item, scene.incident)

    async def _add_from(self, scene: Scene) -> Card:
        parked = await scene.work.parked(self.source)
        if parked is None or parked.actor not in scene.actor.keys:
            raise Mistake("That message is gone; point at it again.")
        original = Original.model_validate_json(parked.words)
        text, url, mark = shorten(original.text, LONGEST), original.url or "", items.mark(self.source)
        if not text:
            raise Mistake(f"That message has no words. Say what is to be done, like `{self.example}`.")
        made = items.made_of(scene.incident, message=mark, url=url)
        if made is not None:
            return says.there(made)
        return says.added(items.add(scene, text=text, url=url, message=mark), scene.incident)

    def _set(self, scene: Scene, item: ActionItem) -> Card:
        incident, now, here = scene.incident, scene.now, scene.working_time
        if not item.open:
            raise Mistake(f"{says.over(item)} `/incident action {item.number} again` takes it up again.")
        before = item
        if self.text and (self.text, self.kind) != (item.text, item.kind):
            item = actions.reword(incident, item, text=self.text, kind=self.kind)
        elif not self.text and self.kind is not None:
            item = actions.reword(incident, item, text=item.text, kind=self.kind)
        if self.due_at is not None and self.due_at != item.due_at:
            item = actions.date(incident, item, self.due_at, now=now, here=here)
        if self.owner is not None and self.owner != item.owned_by:
            item = actions.own(incident, item, self.owner, now=now, here=here)
            tell_owner(scene, item)
        if item == before:
            return says.unchanged(item, incident)
        on_record(scene, item, does="changed")
        return says.changed(item, incident)

    def _drop(self, scene: Scene, item: ActionItem) -> Card:
        if not item.open:
            raise Mistake(says.over(item))
        item = actions.drop(scene.incident, item, because=self.because, now=scene.now)
        on_record(scene, item, does="dropped")
        return says.dropped(item)

    def _again(self, scene: Scene, item: ActionItem) -> Card:
        if item.open:
            return says.unchanged(item, scene.incident)
        item = actions.take_up(scene.incident, item, now=scene.now, here=scene.working_time)
        on_record(scene, item, does="taken up again")
        return says.changed(item, scene.incident)


def _kept(scene: Scene, number: int, owner: str) -> Person | Group | None:
    """The owner whom the form showed, where it was left as it was."""
    item = actions.get(scene.incident, number) if number else None
    before = item.owned_by if item is not None else None
    return before if before is not None and before.key == owner else None
