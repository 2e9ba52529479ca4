"""PagerDuty's schedules: ``GET /schedules/{id}`` of its REST API v2 as layers of people who take turns.

[developer.pagerduty.com/api-reference, “Get a schedule”]: turns have a length in seconds and are counted from
``rotation_virtual_start``; a restriction is ``daily_restriction`` or ``weekly_restriction`` (day 1 is Monday). The
layer that goes before the others is listed first; what was rendered of the layers and of the final schedule is held
against that.
"""

import json
import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import httpx
from pydantic import AwareDatetime, ConfigDict, Field, ValidationError

from adapters.calendar.fetching import fetch
from adapters.calendar.settings import PagerDutySettings
from bot import zones
from bot.errors import Mistake
from bot.importing.found import DAY, Cycle, Somebody, Window
from bot.model import Model
from bot.understanding import STRANGE

LOOK = timedelta(weeks=6)
"""So far ahead the schedule is rendered, so that the order of its layers can be seen."""
_ID = re.compile(r"[A-Za-z0-9]{1,32}")
NO_TOKEN = "PAGERDUTY_API_TOKEN is not set. Make a read-only key in PagerDuty (Integrations, API Access Keys)."  # noqa: S105


class _Read(Model):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Reference(_Read):
    """Somebody, as other things refer to them."""

    id: str = ""
    summary: str | None = None
    name: str | None = None
    email: str | None = None

    @property
    def somebody(self) -> Somebody:
        """In the core's words."""
        return Somebody((self.name or self.summary or self.id)[:200], (self.email or "")[:200])


class User(_Read):
    """A place in a layer's order."""

    user: Reference


class Restriction(_Read):
    """When a layer covers."""

    type: Literal["daily_restriction", "weekly_restriction"]
    start_time_of_day: time
    duration_seconds: int = Field(ge=60, le=7 * 86_400)
    start_day_of_week: int | None = Field(default=None, ge=1, le=7)

    @property
    def windows(self) -> list[Window]:
        """In the core's words."""
        begins, length = self.start_time_of_day.hour * 60 + self.start_time_of_day.minute, self.duration_seconds // 60
        if self.type == "weekly_restriction":
            return [Window(((self.start_day_of_week or 1) - 1) * DAY + begins, length)]
        return [Window(day * DAY + begins, length) for day in range(7)]


class Rendered(_Read):
    """Somebody's stretch of time, as PagerDuty works it out."""

    start: AwareDatetime
    end: AwareDatetime
    user: Reference


class Layer(_Read):
    """People in turn."""

    name: str | None = None
    start: AwareDatetime
    end: AwareDatetime | None = None
    rotation_virtual_start: AwareDatetime
    rotation_turn_length_seconds: int = Field(ge=60, le=366 * 86_400)
    users: Annotated[tuple[User, ...], Field(max_length=500)] = ()
    restrictions: Annotated[tuple[Restriction, ...], Field(max_length=100)] = ()
    rendered_schedule_entries: Annotated[tuple[Rendered, ...], Field(max_length=5000)] = ()


class Sub(_Read):
    """What was rendered of all layers, or of the overrides."""

    rendered_schedule_entries: Annotated[tuple[Rendered, ...], Field(max_length=5000)] = ()


class Schedule(_Read):
    """A whole schedule."""

    name: str | None = None
    summary: str | None = None
    time_zone: str
    schedule_layers: Annotated[tuple[Layer, ...], Field(min_length=1, max_length=50)]
    overrides_subschedule: Sub = Sub()
    final_schedule: Sub = Sub()


class Found(Model):
    """What was found, in the core's words."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    title: str
    zone: str
    cycles: list[Cycle]
    """That which goes before the others first."""
    overrides: list[str]
    """A sentence for each stretch that somebody took over."""


async def schedule(id: str, settings: PagerDutySettings, *, now: datetime) -> Found:
    """The schedule of this id; raises :class:`~bot.errors.Mistake` with what is wrong and what would be right."""
    if not settings.token:
        raise Mistake(NO_TOKEN)
    if not _ID.fullmatch(id):
        raise Mistake(f"“{id[:40]}” is no id of a schedule. It is the last part of its address, such as PI7DH85.")
    base = settings.pagerduty_api_url.rstrip("/")
    if httpx.URL(base).scheme not in ("http", "https"):
        raise Mistake("PAGERDUTY_API_URL has to begin with https://, such as https://api.eu.pagerduty.com.")
    status, body = await fetch(
        f"{base}/schedules/{id}",
        headers={
            "Authorization": f"Token token={settings.token}",
            "Accept": "application/vnd.pagerduty+json;version=2",
        },
        params={"since": now.isoformat(), "until": (now + LOOK).isoformat(), "time_zone": "UTC"},
    )
    return _found(_read(status, body, id), now=now)


def _read(status: int, body: bytes, id: str) -> Schedule:
    match status:
        case HTTPStatus.OK:
            pass
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            raise Mistake(
                "PagerDuty does not take the token: check PAGERDUTY_API_TOKEN, and PAGERDUTY_API_URL for an account in "
                "the EU (https://api.eu.pagerduty.com)."
            )
        case HTTPStatus.NOT_FOUND:
            raise Mistake(f"PagerDuty knows no schedule “{id}”. Its id is the last part of the schedule's address.")
        case HTTPStatus.TOO_MANY_REQUESTS:
            raise Mistake("PagerDuty asks to wait: too many requests. Try again in a minute.")
        case _:
            raise Mistake(f"PagerDuty answered {status} and no schedule. Try again later.")
    try:
        told: Any = json.loads(body)
        return Schedule.model_validate(told["schedule"])
    except ValidationError as no:
        where = ".".join(str(part) for part in no.errors()[0]["loc"])[:120]
        raise Mistake(f"PagerDuty's answer is not as its API describes it (schedule.{where}).") from no
    except STRANGE as no:
        raise Mistake("PagerDuty's answer is no schedule. Is PAGERDUTY_API_URL right?") from no


def _found(one: Schedule, *, now: datetime) -> Found:
    zone = zones.known(one.time_zone)
    if zone is None:
        raise Mistake(f"PagerDuty names a time zone that nobody knows: “{one.time_zone[:60]}”.")
    layers = list(one.schedule_layers)
    if _turned(layers, one):
        layers.reverse()
    title = one.name or one.summary or "On-call"
    cycles = [_cycle(layer, place) for place, layer in enumerate(layers)]
    return Found(title=title, zone=one.time_zone, cycles=cycles, overrides=_overrides(one, zone))


def _cycle(layer: Layer, place: int) -> Cycle:
    return Cycle(
        title=layer.name or f"Layer {place + 1}",
        people=[each.user.somebody for each in layer.users],
        turn=timedelta(seconds=layer.rotation_turn_length_seconds),
        counted_from=layer.rotation_virtual_start,
        begins=layer.start,
        ends=layer.end,
        windows=tuple(window for each in layer.restrictions for window in each.windows),
    )


def _turned(layers: Sequence[Layer], one: Schedule) -> bool:
    """Whether what was rendered shows that the last layer goes before the others, and not the first."""
    final = one.final_schedule.rendered_schedule_entries
    forwards, backwards = _agrees(layers, final), _agrees(layers[::-1], final)
    return backwards > forwards


def _agrees(layers: Sequence[Layer], final: Sequence[Rendered]) -> int:
    """At how many beginnings of final entries the first of these layers that covers them has the same person."""
    count = 0
    for entry in final:
        here = (_at(layer.rendered_schedule_entries, entry.start) for layer in layers)
        count += next((who for who in here if who), "") == entry.user.id
    return count


def _at(entries: Sequence[Rendered], moment: datetime) -> str:
    return next((each.user.id for each in entries if each.start <= moment < each.end), "")


def _overrides(one: Schedule, zone: ZoneInfo) -> list[str]:
    said = []
    for each in one.overrides_subschedule.rendered_schedule_entries[:20]:
        begins, ends = each.start.astimezone(zone), each.end.astimezone(zone)
        said.append(
            f"An override: {each.user.somebody.name} from {begins:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M}; enter it "
            "by `cover` or `swap`."
        )
    return said
