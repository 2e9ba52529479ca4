"""Page somebody, wherever they are."""

import re
from typing import ClassVar, Self

from pydantic import Field

from bot import pages, paging
from bot.card import Card
from bot.commands.verb import Verb, Where, reason
from bot.errors import Mistake
from bot.heard import Answer
from bot.intents import PAGER
from bot.messages import paging as says
from bot.naming import near_name, read_name
from bot.people import Person
from bot.playbook.part import fold
from bot.playbook.permissions import Right
from bot.playbook.shape import Playbook
from bot.progress import Page
from bot.scene import Scene
from bot.timeline import Kind


class PageSomebody(Verb):
    """Page."""

    words: ClassVar = ("page", "paged", "ring", "call up")
    usage: ClassVar = "page WHO [because …]"
    says: ClassVar = "page somebody on their phone: a person, a group, a rotation, a role"
    example: ClassVar = "/incident page @ana because the database is hers"
    right: ClassVar = Right.PAGE
    people: ClassVar = True

    who: str
    """A key of the playbook, or of the person."""
    title: str
    person: Person | None = None
    """Somebody whom the playbook does not name."""
    because: str = Field(default="", max_length=500)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Mistake(f"Say whom, like `{cls.example}`. I can page {_known(scene.playbook)}, or a person by @.")
        words, names = rest.removeprefix("the "), _names(scene.playbook)
        found, why = read_name(words, names)
        if found is not None:
            _refuse_another(why, scene, names)
            return cls.checked({"who": found[0], "title": found[1], "because": reason(scene.readable(why))})
        person, why = _person(words, scene, names)
        _refuse_another(why, scene, names)
        stranger = person if scene.playbook.person(person.key) is None else None
        because = reason(scene.readable(why))
        return cls.checked({"who": person.key, "title": person.name, "person": stranger, "because": because})

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident, why = scene.incident, self.because
        ground = f"{pages.HAND}{self.who}"
        before = next((page for page in pages.running(incident) if page.ground == ground), None)
        if before is not None and before.alone_at is None:
            raise Mistake(says.already(before))
        if incident.drill:
            scene.record(Kind.PAGE, f"Would have paged {self.title}{f': {why}' if why else ''}")
            return says.in_a_drill(self.title)
        if PAGER not in scene.connected.tools:
            meant = scene.who([self.who]).people
            meant = (self.person,) if self.person is not None else meant
            return says.no_pager(self.title, scene.playbook, meant)
        if not pages.plan([self.who], incident, scene.playbook, overrides=scene.overrides, now=scene.now,
                          person=self.person):  # fmt: skip
            raise Mistake(says.nobody(self.title))
        page = paging.begin(
            scene, [self.who], title=self.title, why=why, ground=ground, by=scene.actor, person=self.person
        )
        scene.bring(scene.actor)
        return says.paging(page)


class Have(Verb):
    """Acknowledge a page."""

    words: ClassVar = ("have", "have it", "i have it", "i've got it", "got it", "mine")
    usage: ClassVar = "have"
    says: ClassVar = "answer the page: you have it, and nobody else is paged"
    example: ClassVar = "/incident have"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT
    listed: ClassVar = False

    id: int = 0

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        bare = rest.removeprefix("it").strip()
        return cls.checked({"id": int(bare) if bare.isdecimal() and len(bare) < 9 else 0})

    async def run(self, scene: Scene) -> Answer | Card | None:
        page = pages.get(scene.incident, self.id) if self.id else _latest(scene)
        if page is None:
            raise Mistake("No page waits for an answer here. `/incident ack` says that you are on it.")
        had = not page.running
        if not had:
            paging.acknowledge(scene, page)
        scene.bring(scene.actor)
        scene.changed = True
        return says.thanks(page, had=had)


def _latest(scene: Scene) -> Page | None:
    """The page to answer where none is named: the latest for this person, else the latest."""
    running = pages.running(scene.incident)
    mine = [page for page in running if pages.pages(page, scene.actor)]
    return next(reversed(mine or running), None)


_AND = re.compile(r"^(?:and\b|or\b|[,;&+/])\s*", re.IGNORECASE)
"""What stands between two names."""
Named = tuple[str, str]
"""A key and what it is called."""


def _person(words: str, scene: Scene, names: dict[str, Named]) -> tuple[Person, str]:
    """Somebody named at the beginning of the words, and what follows; raises ``Mistake``."""
    parts = words.split()
    for count in range(min(3, len(parts)), 0, -1):
        try:
            person = scene.find_person(" ".join(parts[:count]))
        except Mistake:
            continue
        return person, " ".join(parts[count:])
    near = near_name(words, names)
    meant = f" Did you mean `/incident page {near[0]}`?" if near is not None else ""
    raise Mistake(
        f"I do not know whom to page by “{words[:60]}”.{meant} I can page {_known(scene.playbook)}, or a person by @; "
        "a reason comes after “because”."
    )


def _refuse_another(why: str, scene: Scene, names: dict[str, Named]) -> None:
    """Raise ``Mistake`` where somebody else is named in the place of a reason, who would go without a page."""
    bare = _AND.sub("", why).strip()
    found, rest = read_name(bare, names)
    if found is None:
        try:
            _, rest = _person(bare, scene, names)
        except Mistake:
            return
    if bare != why.strip() or not rest:
        raise Mistake(f"I page one name at a time, and have paged nobody yet. Write `{PageSomebody.example}`, once for "
                      "each; a reason comes after “because”.")  # fmt: skip


def _names(playbook: Playbook) -> dict[str, Named]:
    """Every word for somebody whom the playbook names."""
    names: dict[str, Named] = {}
    rotations = [(one.name, one.title) for one in playbook.rotations]
    groups = [(one.key, one.name) for one in playbook.groups]
    people = [(one.key, one.name) for one in playbook.people]
    for key, title in (*rotations, *groups, *people):
        for word in (key, title):
            names.setdefault(fold(word), (key, title))
    for role in playbook.roles:
        for word in (role.name, role.title, *role.aliases):
            names.setdefault(fold(word), (role.name, role.title))
    return names


def _known(playbook: Playbook) -> str:
    """Whom the playbook names, in words."""
    names = [*(one.name for one in playbook.rotations), *(one.key for one in playbook.groups),
             *(one.key for one in playbook.people), *(one.name for one in playbook.roles)]  # fmt: skip
    return ", ".join(dict.fromkeys(names)) or "nobody by name"
