"""REST: answering interactions, and writing with their tokens. These paths need no bot token."""

from typing import Any

from adapters.sandbox.discord.callbacks import answer, delete_own, edit_own, follow, own_message
from adapters.sandbox.discord.errors import Wire, refusal
from adapters.sandbox.discord.interactions import Interaction, Interactions
from adapters.sandbox.discord.rest import Answer, Asked, Handler
from adapters.sandbox.discord.world import World


class InteractionRoutes:
    """The handlers, with the book of interactions that they write in."""

    def __init__(self, book: Interactions) -> None:
        self._book = book

    def table(self) -> list[tuple[str, str, Handler]]:
        hook, message = "/webhooks/{application}/{token}", "/webhooks/{application}/{token}/messages/{message}"
        return [
            ("POST", "/interactions/{interaction}/{token}/callback", self._callback),
            ("POST", hook, self._follow),
            ("GET", message, self._read),
            ("PATCH", message, self._edit),
            ("DELETE", message, self._delete),
        ]

    def _callback(self, world: World, asked: Asked) -> Any:
        interaction = self._book.by_id.get(asked.ids["interaction"])
        if interaction is None or interaction.token != asked.ids["token"]:
            raise refusal(10062)
        if interaction.answered:
            raise refusal(40060)
        if interaction.timed_out:
            raise refusal(10062)
        resource = answer(self._book, interaction, body=asked.body, uploads=asked.uploads)
        wanted = str(asked.query.get("with_response", "")).lower() in ("1", "true")
        return resource if wanted else Answer(204, None)

    def _living(self, asked: Asked) -> Interaction:
        interaction = self._book.by_token.get(asked.ids["token"])
        if interaction is None or asked.ids["application"] != self._book.world.application_id:
            raise refusal(10015)
        if interaction.expired(self._book.world.clock.now()):
            raise refusal(50027)
        if not interaction.answered:
            raise refusal(10015)
        return interaction

    def _follow(self, world: World, asked: Asked) -> Wire:
        return dict(follow(self._book, self._living(asked), body=asked.body, uploads=asked.uploads))

    def _read(self, world: World, asked: Asked) -> Wire:
        return dict(own_message(self._book, self._living(asked), message_id=asked.ids["message"]))

    def _edit(self, world: World, asked: Asked) -> Wire:
        interaction, message_id = self._living(asked), asked.ids["message"]
        edited = edit_own(self._book, interaction, message_id=message_id, body=asked.body, uploads=asked.uploads)
        return dict(edited)

    def _delete(self, world: World, asked: Asked) -> None:
        delete_own(self._book, self._living(asked), message_id=asked.ids["message"])
