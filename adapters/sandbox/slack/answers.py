"""What the app answers to an act: with its acknowledgement, or later at the response_url."""

from http import HTTPStatus

from aiohttp import web

from adapters.sandbox.slack import limits, log, scopes
from adapters.sandbox.slack.api import Api, read_arguments
from adapters.sandbox.slack.ask import Ask
from adapters.sandbox.slack.draft import as_bot, content, replacement
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.model import ResponseUrl, Wire
from adapters.sandbox.slack.world import World

METHOD = "response_url"
"""The name of such an answer in the book of calls, and for faults."""


class Answers:
    """The endpoint behind every response_url."""

    def __init__(self, world: World, api: Api) -> None:
        self._world = world
        self._api = api

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """``POST /{kind}/{team}/{secret}``: ``ok``, or an error that names what is wrong."""
        arguments, complaint = await read_arguments(request)
        call = self._world.calls.begin("slack", METHOD, arguments, at=self._world.now())
        spoiled = await self._api.befall(request, call)
        if spoiled is not None:
            return spoiled
        try:
            if complaint:
                raise Refusal(complaint)
            self._answer(request.match_info["secret"], arguments)
        except (Refusal, RecursionError) as mistake:
            refusal = mistake if isinstance(mistake, Refusal) else Refusal("invalid_json")
            gone = refusal.error in ("used_url", "expired_url")
            status = HTTPStatus.NOT_FOUND if gone else HTTPStatus.BAD_REQUEST
            body = web.json_response(refusal.answer, status=status)
            return self._api.end(call, refusal.error, body, result=refusal.answer, request=request)
        return self._api.end(call, "ok", web.Response(text="ok"), result={"ok": True}, request=request)

    def _answer(self, secret: str, arguments: Wire) -> None:
        url = self._world.response_urls.get(secret)
        if url is None:
            raise Refusal("expired_url")
        if (self._world.now() - url.at).total_seconds() > limits.RESPONSE_URL_SECONDS:
            raise Refusal("expired_url")
        if url.uses >= limits.RESPONSE_URL_USES:
            raise Refusal("used_url")
        respond(self._world, url, arguments)
        url.uses += 1


def respond(world: World, url: ResponseUrl, arguments: Wire) -> Wire | None:
    """Do what an answer says: a message for one or for all, another in its place, or none. Raises Refusal."""
    ask = Ask(world, METHOD, arguments, scopes.NONE)
    if ask.flag("delete_original"):
        _delete(world, url)
        return None
    if ask.flag("replace_original") and url.ts:
        return _replace(ask, url)
    said = {**as_bot(world), **content(ask)}
    if ask.text("response_type", "ephemeral") != "in_channel":
        thread = {"thread_ts": ask.text("thread_ts")} if ask.text("thread_ts") else {}
        return log.whisper(world, url.user, url.channel, {**said, **thread})
    channel = world.channels[url.channel]
    if channel.is_archived:
        raise Refusal("is_archived")
    return log.post(world, channel, said, thread_ts=ask.text("thread_ts"))


def acknowledged(world: World, user: str, channel_id: str, payload: Wire | None) -> None:
    """The message that came with the acknowledgement of a command, if there was one."""
    if payload and any(payload.get(part) for part in ("text", "blocks", "attachments")):
        respond(world, ResponseUrl(user, channel_id, world.now()), payload)


def _replace(ask: Ask, url: ResponseUrl) -> Wire:
    world, whispered, changed = ask.world, ask.world.whisper(url.user, url.ts), replacement(ask)
    if whispered is None:
        original = _original(world, url)
        return log.amend(world, world.channels[url.channel], original, changed, edited_by=world.bot_user_id)
    for name, value in changed.items():
        if value is None:
            whispered.pop(name, None)
        else:
            whispered[name] = value
    world.changed("ephemeral message replaced")
    return whispered


def _delete(world: World, url: ResponseUrl) -> None:
    whispered = world.whisper(url.user, url.ts)
    if whispered is None:
        log.erase(world, world.channels[url.channel], _original(world, url))
        return
    world.whispers[url.user].remove(whispered)
    world.changed("ephemeral message deleted")


def _original(world: World, url: ResponseUrl) -> Wire:
    message = world.channels[url.channel].message(url.ts) if url.ts else None
    if message is None:
        raise Refusal("message_not_found")
    return message
