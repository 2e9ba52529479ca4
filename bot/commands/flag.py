"""Yes-or-no facts that change what follows: set one, take one back, or see them all."""

from typing import ClassVar, Self

from pydantic import Field

from bot import duties
from bot.card import Card
from bot.commands.verb import Verb, Where, reason
from bot.errors import Mistake, Unsaid
from bot.forms import Ask, Form, FormField
from bot.heard import Answer
from bot.messages import answers, flags
from bot.naming import near_name, read_name
from bot.playbook.escalation import Flag
from bot.playbook.part import fold
from bot.playbook.permissions import Right
from bot.playbook.shape import Playbook
from bot.progress import Raised
from bot.scene import Scene
from bot.timeline import Kind


class SetFlag(Verb):
    """Set a flag."""

    words: ClassVar = ("flag", "flags", "flagged", "fact")
    usage: ClassVar = "flag NAME [because …]"
    says: ClassVar = "state a fact that changes what follows, such as data loss; without a name, show them"
    example: ClassVar = "/incident flag data-loss because rows are gone"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    name: str = ""
    because: str = Field(default="", max_length=500)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            return cls.checked({})
        flag, why = _read(rest, scene.playbook, does="flag")
        return cls.checked({"name": flag.name, "because": reason(why)})

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident, playbook = scene.incident, scene.playbook
        if not self.name:
            _some(playbook)
            return flags.overview(incident, playbook)
        flag = playbook.flag(self.name)
        if flag is None:
            raise Mistake("I do not know that flag.")
        raised = incident.progress.flags.get(flag.name)
        if raised is not None and not raised.severity and not self.because:
            return answers.done(f"{flag.title} is set already, by {raised.by}.")
        incident.progress.flags[flag.name] = _raised(scene, raised, because=self.because)
        incident.progress.lowered = tuple(name for name in incident.progress.lowered if name != flag.name)
        because = f" ({self.because})" if self.because else ""
        scene.record(Kind.FLAG, f"Set: {flag.title}{because}", flag=flag.name)
        scene.bring(scene.actor)
        duties.settle(scene)
        return answers.done(" ".join([f"{flag.title} is set.", *scene.follows]))


class TakeFlagBack(Verb):
    """Take a flag back."""

    words: ClassVar = ("unflag", "unset", "unflagged", "flag off")
    usage: ClassVar = "unflag NAME because …"
    says: ClassVar = "take a flag back, and say why"
    example: ClassVar = "/incident unflag data-loss because the rows were only moved"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    name: str
    because: str = Field(min_length=1, max_length=500)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Mistake(f"Say which, and why, like `{cls.example}`.")
        flag, why = _read(rest, scene.playbook, does="unflag")
        if flag.name not in scene.incident.progress.flags:
            raise Mistake(f"{flag.title} is not set.")
        if not reason(why):
            raise Unsaid(f"Say why, like `/incident unflag {flag.name} because …`.")
        return cls.checked({"name": flag.name, "because": reason(why)})

    @classmethod
    def form(cls, scene: Scene, *, initial: str = "") -> Form | None:
        flag, _ = _read(initial, scene.playbook, does="unflag")
        why = FormField(name="because", label="Why is it no longer so?", ask=Ask.PARAGRAPH, required=True, longest=500)
        does = f"{scene.incident.name} unflag {flag.name}"
        return Form(title="Take it back", does=does, submit="Take back", fields=(why,))

    @classmethod
    def fill(cls, values: dict[str, str], scene: Scene, rest: str) -> Self:
        return cls.checked({"name": rest, "because": values.get("because", "")})

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident, progress = scene.incident, scene.incident.progress
        flag = scene.playbook.flag(self.name)
        if flag is None or flag.name not in progress.flags:
            return answers.done("It is not set any more.")
        del progress.flags[flag.name]
        progress.lowered = (*progress.lowered, flag.name)
        scene.record(Kind.FLAG, f"Taken back: {flag.title} ({self.because})", flag=flag.name)
        scene.bring(scene.actor)
        duties.settle(scene)
        return answers.done(" ".join([f"{flag.title} is no longer set for {incident.name}.", *scene.follows]))


def _raised(scene: Scene, before: Raised | None, *, because: str) -> Raised:
    """Set by hand from now on; what it was set for counts from when it was first set."""
    at = before.at if before is not None else scene.now
    return Raised(at=at, by=scene.actor.name, because=because or (before.because if before is not None else ""))


def _read(words: str, playbook: Playbook, *, does: str) -> tuple[Flag, str]:
    """A flag at the beginning of the words, and what follows; raises ``Mistake``."""
    _some(playbook)
    names = {fold(name): flag for flag in playbook.flags for name in (flag.name, flag.title, *flag.aliases)}
    flag, rest = read_name(words, names)
    if flag is not None:
        return flag, rest
    near = near_name(words, names)
    meant = f" Did you mean `/incident {does} {near.name}`?" if near is not None else ""
    known = ", ".join(one.name for one in playbook.flags)
    raise Mistake(f"There is no flag “{words[:60]}”.{meant} There are {known}.")


def _some(playbook: Playbook) -> None:
    if not playbook.flags:
        raise Mistake("This playbook knows no flags. `/incident note …` puts it on the timeline.")
