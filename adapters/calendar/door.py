"""``GET /oncall/ROTATION.ics`` and ``GET /oncall/people/TOKEN.ics``: on-call as feeds that calendars subscribe to.

Both need a token that only the bot can make, since a feed names people and when they can be reached.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot import feeds
from bot.errors import TryLater
from bot.feeds import Entry
from bot.keys import Keys, Purpose
from bot.loading import named
from bot.playbook.escalation import Rotation
from bot.playbook.shape import Playbook
from bot.ports import Clock
from bot.reader import Reader
from bot.rota import overrides
from bot.rotations import Override

log = structlog.get_logger()

KEPT = 200
"""Feeds that are remembered, so that one that is asked for again is not made again."""
FOREVER = datetime(9000, 1, 1, tzinfo=UTC)
"""A calendar is subscribed to once; what ends an address is another SECRET_KEY."""
PERSON, ROTATION = "person:", "rotation:"
"""What a token is for."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A feed as it was made last."""

    of: tuple[object, ...]
    """What it was made of; the same makes the same."""
    body: bytes
    tag: str
    since: datetime
    """When it first read so here."""


class CalendarDoor:
    """Answers calendars, and says where they are (:class:`bot.feeds.Feeds`)."""

    def __init__(
        self, reader: Reader, playbooks: Sequence[Playbook], *, keys: Keys, clock: Clock, base: str = ""
    ) -> None:
        """``base`` is the bot's address for the world."""
        self._reader, self._playbooks, self._keys, self._clock = reader, tuple(playbooks), keys, clock
        self._base = base.rstrip("/")
        self._made: dict[str, _Made] = {}

    def at(self, address: str) -> None:
        """Be found at the web server's own address, where no other was set."""
        self._base = self._base or address.rstrip("/")

    def routes(self) -> list[BaseRoute]:
        """Its addresses."""
        return [
            Route("/oncall/people/{token}.ics", self._of_person, methods=["GET"]),
            Route("/oncall/{rotation}.ics", self._of_rotation, methods=["GET"]),
        ]

    # Where they are

    def of_person(self, key: str) -> str:
        """The address of somebody's own."""
        return f"{self._base}/oncall/people/{self._token(PERSON + key)}.ics"

    def of_rotation(self, playbook: str, rotation: str) -> str:
        """The address of a rotation's."""
        return f"{self._base}/oncall/{rotation}.ics?token={self._token(f'{ROTATION}{playbook}/{rotation}')}"

    def _token(self, said: str) -> str:
        return self._keys.sign(Purpose.CALENDAR, said, until=FOREVER)

    def _said(self, token: str) -> str:
        """What a token says; nothing where it is none of ours."""
        read = self._keys.read(Purpose.CALENDAR, token)
        return read.said if read is not None else ""

    # Answering

    async def _of_person(self, request: Request) -> Response:
        said = self._said(request.path_params["token"])
        key = said.removeprefix(PERSON)
        if not said.startswith(PERSON) or not any(playbook.person(key) for playbook in self._playbooks):
            return _nothing()
        known = next(found for playbook in self._playbooks if (found := playbook.person(key)) is not None)
        return await self._answer(request, f"On call: {known.name}", key=key)

    async def _of_rotation(self, request: Request) -> Response:
        said = self._said(request.query_params.get("token", ""))
        name, _, rotation = said.removeprefix(ROTATION).partition("/")
        if not said.startswith(ROTATION) or rotation != request.path_params["rotation"]:
            return _nothing()
        playbook = next((one for one in self._playbooks if one.name == name), None)
        found = next((one for one in playbook.rotations if one.name == rotation), None) if playbook else None
        if playbook is None or found is None:
            return _nothing()
        return await self._answer(request, f"On call: {found.title}", of=(playbook, found))

    async def _answer(
        self, request: Request, title: str, *, key: str = "", of: tuple[Playbook, Rotation] | None = None
    ) -> Response:
        now = self._clock.now()
        try:
            known = [(one, await self._overrides(one, now)) for one in ([of[0]] if of else self._playbooks)]
        except TryLater as gone:
            log.warning("calendar_not_told", why=gone.why)
            return JSONResponse(
                {"error": "The database does not answer. Ask again a little later."},
                HTTPStatus.SERVICE_UNAVAILABLE,
                {"Retry-After": "60", "Cache-Control": "no-store"},
            )
        made = self._make(request.url.path, title, known, key=key, of=of, now=now)
        headers = {
            "ETag": made.tag,
            "Last-Modified": format_datetime(made.since, usegmt=True),
            "Cache-Control": "private, max-age=300",
        }
        if _has(request, made):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(made.body, headers=headers, media_type="text/calendar; charset=utf-8")

    async def _overrides(self, playbook: Playbook, now: datetime) -> Sequence[Override]:
        return await overrides(self._reader, playbook, since=now - feeds.BACK * 2, until=now + feeds.AHEAD * 2)

    def _make(
        self,
        path: str,
        title: str,
        known: Sequence[tuple[Playbook, Sequence[Override]]],
        *,
        key: str,
        of: tuple[Playbook, Rotation] | None,
        now: datetime,
    ) -> _Made:
        """Made once a day, and anew once an override is another."""
        day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        which = of[0].name if of else ""
        name, parts = f"{which}{path}", (day, *(tuple(stand) for _, stand in known))
        before = self._made.get(name)
        if before is not None and before.of == parts:
            return before
        entries: list[Entry] = (
            feeds.of_rotation(*of, known[0][1], now=day) if of else feeds.of_person(key, known, now=day)
        )
        body: bytes = named("adapters.calendar.writing", "write")(entries, title=title, day=day)
        tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        made = _Made(parts, body, tag, now.replace(microsecond=0))
        if len(self._made) >= KEPT:
            self._made.pop(next(iter(self._made)))
        self._made[name] = made
        return made


def _has(request: Request, made: _Made) -> bool:
    """Whether whoever asks has it already [RFC 9110 §13.2.2: the tag goes before the date]."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return "*" in tags or made.tag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    since = request.headers.get("if-modified-since")
    try:
        then = parsedate_to_datetime(since) if since is not None else None
    except (ValueError, OverflowError):
        return False
    return then is not None and then.tzinfo is not None and made.since <= then


def _nothing() -> Response:
    """The same for a wrong token as for what there is not, so that nothing can be found out by trying."""
    said = "There is no calendar at this address. `/incident calendar` in chat gives the right ones."
    return JSONResponse({"error": said}, HTTPStatus.NOT_FOUND, {"Cache-Control": "no-store"})
