"""Show the playbook in force here, or another one that is loaded."""

from typing import ClassVar, Self

from bot.card import Card
from bot.choosing import here
from bot.commands.verb import Verb, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import playbooks
from bot.playbook.part import fold
from bot.playbook.permissions import Right
from bot.scene import Scene


class ShowPlaybook(Verb):
    """Show a playbook."""

    words: ClassVar = ("playbook", "playbooks")
    usage: ClassVar = "playbook [NAME]"
    says: ClassVar = "show the process in force here: severities, roles, who is asked"
    example: ClassVar = "/incident playbook"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE

    name: str = ""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        return cls.checked({"name": rest})

    async def run(self, scene: Scene) -> Answer | Card | None:
        playbook, why = scene.playbook, self._why(scene)
        if self.name:
            wanted = fold(self.name)
            named = next((one for one in scene.loaded if wanted in (fold(one.name), fold(one.title))), None)
            if named is None:
                known = ", ".join(one.name for one in scene.loaded)
                raise Mistake(f"No playbook “{self.name[:60]}” is loaded. There are {known}.")
            playbook, why = named, why if named is playbook else "One of those loaded."
        newer = any(one.name == playbook.name and one.version != playbook.version for one in scene.loaded)
        lives_on = playbook.lives_on(scene.platforms)
        return playbooks.page(playbook, loaded=scene.loaded, why=why, newer=newer, platforms=lives_on)

    def _why(self, scene: Scene) -> str:
        if scene.here is not None:
            return f"{scene.here.name} runs under it."
        if here(scene.loaded, scene.place) is not None:
            return "In force in this channel."
        return "In force where nothing else is said." if len(scene.loaded) > 1 else "In force."
