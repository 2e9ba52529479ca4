"""Add an action item, or change one: who owns it, until when, what kind, and that it is dropped or taken up again."""

import re
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import AwareDatetime, Field

from bot import actions, due, items, owners
from bot.card import Card
from bot.commands.verb import Verb, Where, reason
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer, Original
from bot.items import LONGEST, item_of, on_record, read_due, tell_owner
from bot.messages import actions as says
from bot.messages.lengths import shorten
from bot.people import Group, Person
from bot.progress import ActionItem, ActionKind
from bot.scene import Scene

_NUMBER = re.compile(r"^#?(?P<number>\d{1,4})\b[:,.]?\s*(?P<rest>.*)$", re.DOTALL)
_KIND = re.compile(r"(?:^|(?<=\s))(?P<kind>prevent|detect|mitigat|repair)(?:e|ion|ive)?:\s*", re.IGNORECASE)
_DROP = re.compile(r"^(?:drop(?:ped)?|cancel(?:led)?|won't do|wont do)\b[\s:,.]*", re.IGNORECASE)
_AGAIN = re.compile(r"^(?:again|reopen(?:ed)?|undo|not done)[.!]?$", re.IGNORECASE)
_FORM = re.compile(r"^(?:form|edit|change|by|due)?$", re.IGNORECASE)
_FROM = re.compile(r"^from\s+(?P<parked>\d+)$", re.IGNORECASE)
_TO = re.compile(r"^(?:to|for)\s+(?=[@<])", re.IGNORECASE)


class Does(StrEnum):
    """What becomes of it."""

    SET = "set"
    DROP = "drop"
    AGAIN = "again"


class Action(Verb):
    """Add or change an action item."""

    words: ClassVar = ("action", "task", "todo", "to-do", "follow-up", "followup", "action item")
    usage: ClassVar = "action @ana TEXT [by friday]"
    says: ClassVar = "add an action item; `action 3 @bo`, `action 3 by monday` and `action 3 drop because …` change one"
    example: ClassVar = "/incident action @ana add a pool alert by friday"
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
    source: int = 0
    """Id of the parked message that it is made from."""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if (parked := _FROM.match(rest)) is not None:
            return cls.checked({"source": int(parked["parked"])})
        found = _NUMBER.match(rest)
        change = _change(found["rest"], scene) if found is not None else None
        if found is not None and change is not None:
            item = item_of(scene, int(found["number"]))
            return cls.checked({"number": item.number, **change})
        given = _parts(rest, scene)
        if not given["text"]:
            raise Unsaid(f"Say what is to be done, like `{cls.example}`.")
        return cls.checked(given)

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form:
        found = _NUMBER.match(initial)
        item = actions.get(scene.incident, int(found["number"])) if found is not None else None
        does, name = f"{scene.incident.name} action", scene.incident.name
        if item is not None and found is not None and _DROP.match(found["rest"]):
            why = FormField(name="because", label="Why?", ask=Ask.PARAGRAPH, required=True, longest=1000)
            title = f"Drop item {item.number}"
            return Form(title=title, does=f"{does} {item.number} drop", submit="Drop it", fields=(why,))
        zone = scene.actor.zone(scene.playbook.timezone)
        due = f"{item.due_at.astimezone(zone):%Y-%m-%d %H:%M}" if item is not None and item.due_at is not None else ""
        owner = item.owned_by.key if item is not None and item.owned_by is not None else ""
        fields = (
            FormField(name="text", label="What is to be done?", ask=Ask.PARAGRAPH, required=True, longest=LONGEST,
                      initial=item.text if item is not None else ""),
            FormField(name="owner", label="Who owns it?", hint="A name, like ana, or me", initial=owner, longest=100),
            FormField(name="due", label="Until when?", hint="friday, 2026-12-04 15:00, in 3 days", initial=due,
                      longest=60),
            FormField(name="kind", label="What is it good for?", ask=Ask.CHOICE,
                      choices=tuple((kind.value, kind.value) for kind in ActionKind),
                      initial=item.kind.value if item is not None and item.kind is not None else ""),
        )  # fmt: skip
        if item is None:
            return Form(title="Action item", does=does, submit="Add", fields=fields)
        return Form(title=f"Item {item.number} of {name}"[:24], does=f"{does} {item.number}", fields=fields)

    @classmethod
    def fill(cls, values: dict[str, str], scene: Scene, rest: str) -> Self:
        found = _NUMBER.match(rest)
        number = item_of(scene, int(found["number"])).number if found is not None else 0
        if found is not None and _DROP.match(found["rest"]):
            return cls.checked({"number": number, "does": Does.DROP, "because": values.get("because", "")})
        owner, due = values.get("owner", "").strip(), values.get("due", "").strip()
        given: dict[str, object] = {
            "number": number,
            "text": values.get("text", ""),
            "kind": values.get("kind") or None,
        }
        if owner:
            given["owner"] = _kept(scene, number, owner) or owners.find_owner(owner, scene)
        if due:
            given["due_at"] = read_due(due, scene)
        return cls.checked(given)

    async def run(self, scene: Scene) -> Answer | Card | None:
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
        item = items.add(scene, text=self.text, kind=self.kind, owner=self.owner, due_at=self.due_at)
        return says.added(item, scene.incident)

    async def _add_from(self, scene: Scene) -> Card:
        parked = await scene.work.parked(self.source)
        if parked is None or parked.actor not in scene.actor.keys:
            raise Mistake("That message is gone; point at it again.")
        original = Original.model_validate_json(parked.words)
        text = shorten(original.text, LONGEST)
        if not text:
            raise Mistake(f"That message has no words. Say what is to be done, like `{self.example}`.")
        return says.added(items.add(scene, text=text, url=original.url or ""), scene.incident)

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


def _parts(text: str, scene: Scene) -> dict[str, object]:
    """A new item's text, owner, kind and date."""
    text, owner = owners.split_owner(text, scene)
    kind = _KIND.search(text)
    text = _KIND.sub("", text, count=1)
    text, due_at = due.split_due(text, lambda words: read_due(words, scene))
    text = scene.readable(" ".join(text.split()))
    return {"text": text, "owner": owner, "kind": _kind(kind["kind"]) if kind else None, "due_at": due_at}


def _kind(word: str) -> ActionKind:
    return next(kind for kind in ActionKind if kind.value.startswith(word.casefold()))


def _change(tail: str, scene: Scene) -> dict[str, object] | None:
    """What becomes of an item that exists; ``None`` where these are words of a new one: *3 replicas must run*."""
    tail = tail.strip()
    if _FORM.match(tail):
        raise Unsaid("Say what changes, like `/incident action 3 @bo` or `/incident action 3 by monday`.")
    dropped = _DROP.match(tail)
    if dropped is not None:
        because = scene.readable(reason(tail[dropped.end() :]))
        if not because:
            raise Unsaid("Say why, like `/incident action 3 drop because the pool is gone`.")
        return {"does": Does.DROP, "because": because}
    if _AGAIN.match(tail):
        return {"does": Does.AGAIN}
    tail = _TO.sub("", tail)
    if not tail.startswith(("@", "<", "by ", "due ", "until ")) and not _KIND.match(tail):
        return None
    given = _parts(tail, scene)
    return given if not given["text"] else None


def _kept(scene: Scene, number: int, owner: str) -> Person | Group | None:
    """The owner whom the form showed, where it was left as it was."""
    item = actions.get(scene.incident, number) if number else None
    before = item.owned_by if item is not None else None
    return before if before is not None and before.key == owner else None
