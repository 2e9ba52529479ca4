"""Tell what one can type."""

from typing import ClassVar, Self

from bot import permission
from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.heard import Answer
from bot.messages import help as words_of_help
from bot.playbook.permissions import Right
from bot.scene import Scene


class Help(Verb):
    """Help."""

    words: ClassVar = ("help", "?", "commands", "usage", "man", "hilfe", "ayuda")
    usage: ClassVar = "help [COMMAND]"
    says: ClassVar = "list what you can type, or explain one command"
    example: ClassVar = "/incident help update"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE

    about: str = ""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        return cls.checked({"about": rest})

    async def run(self, scene: Scene) -> Answer | Card | None:
        others = [other for other in scene.loaded if other.name != scene.playbook.name]
        rights = {verb.right for verb in scene.verbs}
        locked = [right for right in rights if await permission.locked(scene, right)]
        return words_of_help.overview(scene.verbs, self.about, scene.playbook, others, locked=locked)
