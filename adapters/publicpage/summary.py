"""``status.json`` and ``history.json``: shaped after Statuspage's public ``summary.json`` and ``incidents.json``.

Source: https://support.atlassian.com/statuspage/docs/what-are-the-different-apis-under-statuspage/ and ``/api/v2/``
of any public page. What reads those reads these; ``page.as_of`` and ``page.stale`` are ours.
"""

import json
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import AwareDatetime

from adapters.publicpage.edition import Edition
from bot.messages import public as words
from bot.model import Model
from bot.overview import Component, Overview, affected
from bot.progress import Condition, PublicStage, worst
from bot.public import PublicIncident, PublicUpdate


class Indicator(StrEnum):
    """How grave it is, in Statuspage's words."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"
    MAINTENANCE = "maintenance"


GRAVE = {
    Condition.OPERATIONAL: Indicator.NONE,
    Condition.DEGRADED: Indicator.MINOR,
    Condition.PARTIAL: Indicator.MAJOR,
    Condition.MAJOR: Indicator.CRITICAL,
    Condition.MAINTENANCE: Indicator.MAINTENANCE,
}


class Page(Model):
    """The page itself."""

    id: str
    name: str
    url: str
    time_zone: str = "Etc/UTC"
    updated_at: AwareDatetime | None
    """When customers were told anything last; ``null`` before that."""
    as_of: AwareDatetime
    """When the bot last looked whether there is news."""
    stale: bool
    """Whether it cannot look."""


class Status(Model):
    """How everything is."""

    indicator: Indicator
    description: str


class Part(Model):
    """A component."""

    id: str
    name: str
    status: Condition
    position: int


class Touched(Model):
    """What an update said of a component."""

    code: str
    """The component's id."""
    name: str
    new_status: Condition


class IncidentUpdate(Model):
    """One text."""

    id: str
    incident_id: str
    status: PublicStage
    word: str
    """The process's own word for that status."""
    body: str
    created_at: AwareDatetime
    updated_at: AwareDatetime
    display_at: AwareDatetime
    affected_components: list[Touched]


class Incident(Model):
    """One incident."""

    id: str
    name: str
    status: PublicStage
    impact: Indicator
    """The gravest that was told of it."""
    shortlink: str
    created_at: AwareDatetime
    started_at: AwareDatetime
    updated_at: AwareDatetime
    monitoring_at: AwareDatetime | None
    resolved_at: AwareDatetime | None
    incident_updates: list[IncidentUpdate]
    """Newest first."""
    components: list[Part]
    """Those that it was told of, as it left them."""


class Summary(Model):
    """``status.json``."""

    page: Page
    status: Status
    components: list[Part]
    incidents: list[Incident]
    """Those that are open, newest first."""
    scheduled_maintenances: list[Incident] = []  # noqa: RUF012  # the schema tells it, and pydantic copies it
    """Always empty: Tocsin plans none."""


class History(Model):
    """``history.json``."""

    page: Page
    incidents: list[Incident]
    """Open ones, and those resolved within 90 days; newest first."""


def summary(edition: Edition, seen: Overview) -> Summary:
    """How it is now."""
    indicator = GRAVE[seen.condition]
    if seen.open and indicator is Indicator.NONE:
        indicator = Indicator.MINOR
    return Summary(
        page=_page(edition),
        status=Status(indicator=indicator, description=words.state(seen)),
        components=[_part(edition, one, place) for place, one in enumerate(seen.components, 1)],
        incidents=[_incident(edition, one) for one in seen.open],
    )


def history(edition: Edition, seen: Overview) -> History:
    """How it was."""
    return History(page=_page(edition), incidents=[_incident(edition, one) for one in (*seen.open, *seen.past)])


class Meta(Model):
    """About the subscription."""

    unsubscribe: str
    """The address at which it ends: DELETE there, or look at it in a browser."""


class PageStatus(Model):
    """The page in a message to a subscriber."""

    id: str
    status_indicator: Indicator
    status_description: str


class Message(Model):
    """What subscribers are sent for each text, shaped after Statuspage's webhooks."""

    meta: Meta
    page: PageStatus
    incident: Incident
    """As it was with that text, which is the first of its ``incident_updates``."""


def message(edition: Edition, incident: PublicIncident, *, unsubscribe: str) -> Message:
    """What a subscriber is sent; ``incident`` ends with the text in question."""
    now = summary(edition, edition.seen()).status
    page = PageStatus(id=page_id(edition), status_indicator=now.indicator, status_description=now.description)
    return Message(meta=Meta(unsubscribe=unsubscribe), page=page, incident=_incident(edition, incident))


def update_id(incident: PublicIncident, update: PublicUpdate) -> str:
    """Names one text for ever."""
    return str(uuid5(UUID(incident.mark), str(update.id)))


def page_id(edition: Edition) -> str:
    """Names the page as long as it stays at its address."""
    return str(uuid5(NAMESPACE_URL, edition.address))


def told_at(edition: Edition) -> datetime | None:
    """When customers were told anything last."""
    return max((one.updated_at for one in edition.incidents), default=None)


def _page(edition: Edition) -> Page:
    return Page(
        id=page_id(edition),
        name=edition.title,
        url=edition.address,
        updated_at=told_at(edition),
        as_of=edition.as_of.replace(microsecond=0),
        stale=edition.stale,
    )


def _component_id(edition: Edition, name: str) -> str:
    return str(uuid5(UUID(page_id(edition)), name))


def _part(edition: Edition, component: Component, place: int) -> Part:
    return Part(
        id=_component_id(edition, component.name), name=component.name, status=component.condition, position=place
    )


def _incident(edition: Edition, one: PublicIncident) -> Incident:
    watched = (update.at for update in one.updates if update.stage is PublicStage.MONITORING)
    told = (condition for update in one.updates for condition in update.components.values())
    return Incident(
        id=one.mark,
        name=words.title(one),
        status=one.stage,
        impact=GRAVE[worst(told)],
        shortlink=f"{edition.address}incidents/{one.mark}.html",
        created_at=one.opened_at,
        started_at=one.opened_at,
        updated_at=one.updated_at,
        monitoring_at=next(watched, None),
        resolved_at=one.resolved_at,
        incident_updates=[_update(edition, one, each) for each in reversed(one.updates)],
        components=[
            Part(id=_component_id(edition, name), name=name, status=condition, position=place)
            for place, (name, condition) in enumerate(affected(one).items(), 1)
        ],
    )


def _update(edition: Edition, incident: PublicIncident, one: PublicUpdate) -> IncidentUpdate:
    return IncidentUpdate(
        id=update_id(incident, one),
        incident_id=incident.mark,
        status=one.stage,
        word=words.word(one.word, one.stage),
        body=one.text,
        created_at=one.at,
        updated_at=one.at,
        display_at=one.at,
        affected_components=[
            Touched(code=_component_id(edition, name), name=name, new_status=condition)
            for name, condition in one.components.items()
        ],
    )


if __name__ == "__main__":  # python -m adapters.publicpage.summary: writes the schemas in docs/ anew
    for name, model in (("status", Summary), ("history", History)):
        described = json.dumps(model.model_json_schema(mode="serialization"), indent=1, ensure_ascii=False)
        Path("docs", f"publicpage.{name}.schema.json").write_text(f"{described}\n", encoding="utf-8")
