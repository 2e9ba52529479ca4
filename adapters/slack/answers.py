"""The core's answers to what somebody did, as far as they are not part of the acknowledgement."""

from typing import Any

from adapters.slack import forms, render
from adapters.slack.afterwards import Deed
from adapters.slack.api import Api
from adapters.slack.payloads import Press
from adapters.slack.posts import Posts
from adapters.slack.spans import PLATFORM
from bot.card import Card
from bot.forms import Form
from bot.heard import Answer
from bot.ports import Ear


class Answers:
    """Makes each answer a deed for after the acknowledgement."""

    def __init__(self, api: Api, posts: Posts) -> None:
        self._api, self._posts = api, posts

    @staticmethod
    def payload(answer: Answer) -> dict[str, Any]:
        """An answer that goes back with the acknowledgement of a slash command."""
        return {"response_type": "ephemeral", **render.message(answer.card or Card())}

    def form(self, trigger: str, form: Form, *, channel: str | None, message: str | None = None) -> Deed:
        """Open a form; Slack takes the trigger once, within three seconds."""
        view = forms.view(form, channel=channel, message=message)

        async def deed() -> None:
            await self._api.call(self._api.client.views_open, trigger_id=trigger, view=view)

        return deed

    def home(self, ear: Ear, user: str) -> Deed:
        """Show somebody their own page."""

        async def deed() -> None:
            answer = await ear.home(PLATFORM, user)
            if answer.card is not None:
                view = render.home(answer.card)
                await self._api.call(self._api.client.views_publish, user_id=user, view=view)

        return deed

    def private(
        self, user: str, answer: Answer, channel: str | None, *, press: Press | None = None, reply: str | None = None
    ) -> Deed | None:
        """Tell somebody privately; in place of the private message that they pressed, where the answer says so."""
        replaces = press is not None and press.private and answer.replaces
        url = press.response_url if press is not None else reply
        card = answer.card
        if card is None:
            return self._remove(url) if replaces and url is not None else None

        async def deed() -> None:
            if replaces and url is not None:
                said = render.message(card)
                if await self._api.respond(url, {"response_type": "ephemeral", "replace_original": True, **said}):
                    return
            await self._posts.tell_card(user, card, channel=channel, reply=url if not replaces else None)

        return deed

    def _remove(self, url: str) -> Deed:
        async def deed() -> None:
            await self._api.respond(url, {"delete_original": True})

        return deed
