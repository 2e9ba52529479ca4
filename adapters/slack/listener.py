"""What happens in Slack, brought to the core; and its answers, brought back. Built on Bolt.

Each listener saves first (``ear.hear``), then acknowledges, and leaves every call to Slack for afterwards.
"""

import re
from collections.abc import Awaitable, Callable
from logging import Logger
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import forms, heard
from adapters.slack.afterwards import KEY, Afterwards
from adapters.slack.answers import Answers
from adapters.slack.api import Api
from adapters.slack.dispatch import acknowledged, strange
from adapters.slack.names import Acquaintance
from adapters.slack.originals import Originals
from adapters.slack.payloads import (
    Command,
    MembershipEvent,
    OpeningEvent,
    Press,
    ReactionEvent,
    Shortcut,
    Submission,
)
from adapters.slack.posted import PostEvent, RenamingEvent
from adapters.slack.render import DOES
from adapters.slack.spans import PLATFORM
from adapters.slack.watch import Watch
from bot.ports import Ear

Json = dict[str, Any]


class Listener:
    """One Bolt app, and what it does with each kind of event."""

    def __init__(self, api: Api, ear: Ear, answers: Answers, originals: Originals) -> None:
        self._api, self._ear, self._answers, self._originals = api, ear, answers, originals
        self._watch = Watch(api, ear)
        self.app = AsyncApp(
            name="tocsin",
            client=AsyncWebClient(base_url=api.client.base_url, retry_handlers=[], proxy=api.client.proxy),
            authorize=_authorize(api),
            process_before_response=True,
            request_verification_enabled=False,
            ssl_check_enabled=False,
        )
        self._register(self.app)

    def _register(self, app: AsyncApp) -> None:
        everything = re.compile(".*")
        app.command(everything)(self.command)
        app.action(re.compile(f"^{DOES}"))(self.press)
        app.action(everything)(self.nothing)
        app.view(forms.CALLBACK)(self.submission)
        app.shortcut(re.compile("^declare"))(self.shortcut)
        app.event("reaction_added")(self.reaction)
        app.event("reaction_removed")(self.reaction)
        app.event("member_joined_channel")(self.membership)
        app.event("member_left_channel")(self.membership)
        app.event("app_home_opened")(self.home)
        app.event("message")(self.message)
        app.event("channel_rename")(self.renaming)
        app.event("group_rename")(self.renaming)
        app.event(everything)(self.nothing)
        app.error(self.failed)

    async def command(self, body: Json, ack: AsyncAck, context: AsyncBoltContext) -> BoltResponse:
        """A slash command: the answer goes back with the acknowledgement."""
        said = Command.read(body)
        answer = await self._ear.hear(heard.command(said))
        if answer.form is not None:
            self._after(context, self._answers.form(said.trigger_id, answer.form, channel=said.channel_id))
        return await ack(self._answers.payload(answer)) if answer.card is not None else await ack()

    async def press(self, body: Json, ack: AsyncAck, context: AsyncBoltContext) -> BoltResponse:
        """A pressed button."""
        pressed = Press.read(body)
        spoken = heard.press(pressed)
        answer = await self._ear.hear(spoken)
        if answer.form is not None:
            form = self._answers.form(pressed.trigger_id, answer.form, channel=spoken.channel, message=spoken.message)
            self._after(context, form)
        self._after(context, self._answers.private(pressed.user.id, answer, spoken.channel, press=pressed))
        if pressed.at_home:
            self._after(context, self._answers.home(self._ear, pressed.user.id))
        return await ack()

    async def shortcut(self, body: Json, ack: AsyncAck, context: AsyncBoltContext) -> BoltResponse:
        """A shortcut, on a message or anywhere."""
        used = Shortcut.read(body)
        author = self._originals.author(used.message) if used.message else ""
        spoken = heard.shortcut(used, self._api.identity, author)
        answer = await self._ear.hear(spoken)
        if answer.form is not None:
            self._after(context, self._answers.form(used.trigger_id, answer.form, channel=spoken.channel))
        self._after(context, self._answers.private(used.user.id, answer, spoken.channel, reply=used.response_url))
        return await ack()

    async def submission(self, body: Json, ack: AsyncAck, context: AsyncBoltContext) -> BoltResponse:
        """A modal that was sent: it closes, or gives way to the next."""
        filled = heard.filled(Submission.read(body))
        answer = await self._ear.hear(filled)
        handle = filled.actor.handles[PLATFORM]
        self._after(context, self._answers.private(handle, answer, filled.channel))
        if answer.form is None:
            return await ack()
        next_view = forms.view(answer.form, channel=filled.channel, message=filled.message)
        return await ack(response_action="update", view=next_view)

    async def reaction(self, body: Json, ack: AsyncAck, context: AsyncBoltContext) -> BoltResponse:
        """A reaction put on a message or taken away; bots' own are left alone."""
        event = ReactionEvent.read(body)
        who = event.event.user
        if event.event.item.type != "message" or self._is_me(who):
            return await ack()
        met = await self._originals.names.meet(who)
        if met.bot:
            return await ack()
        reacted = heard.reacted(event, met.name, await self._originals.under(event.event, self._ear))
        answer = await self._ear.hear(reacted)
        self._after(context, self._answers.private(who, answer, reacted.channel))
        return await ack()

    async def membership(self, body: Json, ack: AsyncAck) -> BoltResponse:
        """Somebody who joined a channel or left it. Whom we invited the core knows: nobody is asked for their name."""
        event = MembershipEvent.read(body)
        who, names = event.event.user, self._originals.names
        if self._is_me(who):
            return await ack()
        invited = event.event.inviter is not None and self._is_me(event.event.inviter)
        met = Acquaintance(names.known(who)) if invited else await names.meet(who)
        if not met.bot:
            await self._ear.hear(heard.moved(event, met.name))
        return await ack()

    async def home(self, body: Json, ack: AsyncAck, context: AsyncBoltContext) -> BoltResponse:
        """Somebody who looks at their own page."""
        opened = OpeningEvent.read(body).event
        if opened.tab == "home":
            self._after(context, self._answers.home(self._ear, opened.user))
        return await ack()

    async def message(self, body: Json, ack: AsyncAck) -> BoltResponse:
        """A post, or the change of one; only those of bots, apps and webhooks in watched channels matter."""
        await self._watch.hear(PostEvent.model_validate(body))
        return await ack()

    async def renaming(self, body: Json, ack: AsyncAck) -> BoltResponse:
        """A channel got another name."""
        self._watch.names.learn(RenamingEvent.model_validate(body).event.channel)
        return await ack()

    async def nothing(self, ack: AsyncAck) -> BoltResponse:
        """Whatever else Slack tells: it is acknowledged, or Slack would send it again."""
        return await ack()

    async def failed(self, error: Exception, logger: Logger) -> BoltResponse | None:
        """What is not of Slack's shape is told in one line and acknowledged: sent again it would read the same. Any
        other failure is a fault of ours, or of something that is away: Slack sends the event again."""
        if strange(error):
            return acknowledged(error)
        logger.error(f"Failed to run listener function (error: {error})", exc_info=error)
        return None

    def _is_me(self, user: str) -> bool:
        return self._api.identity is not None and self._api.identity.user == user

    @staticmethod
    def _after(context: AsyncBoltContext, deed: Callable[[], Awaitable[None]] | None) -> None:
        afterwards: Afterwards = context[KEY]
        if deed is not None:
            afterwards.add(deed)


def _authorize(api: Api) -> Callable[[], Awaitable[AuthorizeResult]]:
    """Who we are, from what is known: asking Slack for it would be a call before the acknowledgement."""

    async def known() -> AuthorizeResult:
        me = api.identity
        return AuthorizeResult(
            enterprise_id=None,
            team_id=me.team if me else None,
            bot_token=api.client.token,
            bot_user_id=me.user if me else None,
            bot_id=me.bot if me else None,
        )

    return known
