"""Alerts in groups: the shape in which Alertmanager, and Grafana after it, send what they keep together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pydantic import Field

from bot.alerts.alert import Alert, AlertState, dedupe
from bot.alerts.foreign import Count, Foreign, Pairs, Text, When
from bot.alerts.headline import Block, Headline, blocks, headline
from bot.alerts.labels import component, severity, spoken, worst
from bot.alerts.measures import measures, stated
from bot.alerts.post import Post

TITLES = ("summary", "title")
TEXTS = ("description", "message", "summary", "title")
"""Annotations that say in a sentence what is the matter."""
RUNBOOKS = ("runbook_url", "runbook", "runbookURL")
NAME = "alertname"
LINES = 8
"""Alerts of a group whose texts are written out."""


class One(Foreign):
    """One alert of a group."""

    status: Text = ""
    labels: Pairs = Field(default_factory=dict)
    annotations: Pairs = Field(default_factory=dict)
    starts_at: When = Field(default=None, alias="startsAt")
    ends_at: When = Field(default=None, alias="endsAt")
    origin: Text = Field(default="", alias="generatorURL")

    @property
    def over(self) -> bool:
        """Whether this one no longer fires."""
        return self.status == "resolved"


class Group(Foreign):
    """One notification: a group of alerts, as it stands."""

    status: Literal["firing", "resolved"]
    """``firing`` while any of them fires."""
    key: Text = Field(default="", alias="groupKey")
    grouped_by: Pairs = Field(default_factory=dict, alias="groupLabels")
    labels: Pairs = Field(default_factory=dict, alias="commonLabels")
    annotations: Pairs = Field(default_factory=dict, alias="commonAnnotations")
    address: Text = Field(default="", alias="externalURL")
    receiver: Text = ""
    left_out: Count = Field(default=0, alias="truncatedAlerts")
    """Alerts that the sender cut off."""

    @property
    def subject(self) -> str:
        """The values of the labels it is grouped by, as the sender's own titles put them: the alert's name first."""
        return _values(self.grouped_by)

    @property
    def rest(self) -> str:
        """The values of the other labels that all have in common."""
        return _values({name: value for name, value in self.labels.items() if name not in self.grouped_by})


def _values(labels: Mapping[str, str]) -> str:
    names = sorted(labels, key=lambda name: (name != NAME, name))
    return " ".join(labels[name] for name in names).strip()


def first(annotations: Mapping[str, str], names: tuple[str, ...]) -> str:
    """The first of these annotations that says anything."""
    return next((annotations[name].strip() for name in names if annotations.get(name, "").strip()), "")


@dataclass(frozen=True, slots=True)
class Told:
    """A group as somebody told of it: a webhook, or a post in chat."""

    group: Group
    alerts: Sequence[One]
    origin: str = ""
    """Where the sender's own page of it is."""
    links: Mapping[str, str] = field(default_factory=dict)
    said: Headline | None = None
    """The headline of a post; its counts are the sender's, also where not every alert is written out."""
    post: Post | None = None

    @property
    def look(self) -> Sequence[One]:
        """Those that say what is the matter: the ones that fire, as long as any does."""
        return [one for one in self.alerts if not one.over] or self.alerts

    @property
    def labels(self) -> dict[str, str]:
        """What all have in common."""
        return {**self.group.grouped_by, **(self.group.labels or _shared([one.labels for one in self.look]))}

    @property
    def notes(self) -> dict[str, str]:
        """The annotations that all have in common."""
        return self.group.annotations or _shared([one.annotations for one in self.look])

    @property
    def subject(self) -> str:
        """What it is grouped by."""
        return self.said.subject if self.said is not None else self.group.subject

    @property
    def rest(self) -> str:
        """The values of what else all have in common."""
        return self.said.rest if self.said is not None else self.group.rest


def tell(told: Told, *, source: str, called: str = "", adds: Sequence[str] = ()) -> Alert:
    """The alert that a group is to us: one for the whole of it. ``called`` is a better title than the usual one, and
    ``adds`` what is to stand at the end of its text."""
    look, labels, notes, over = told.look, told.labels, told.notes, told.group.status == "resolved"
    title = called or _called(told, notes)
    text = "\n".join([*_lines(told, notes=notes, title=title), *adds])
    return Alert(
        source=source,
        key=dedupe(source, told.subject or told.group.key or told.rest or "alert"),
        state=AlertState.CLEARED if over else AlertState.FIRING,
        title=title or first(labels, tuple(labels)) or "Alert without a name",
        text=text,
        severity=severity(labels) or _worst(told),
        component=component(labels),
        labels=labels,
        link=next((one.origin for one in look if one.origin), "") or told.origin,
        links={name: url for name, url in told.links.items() if url},
        runbook=first(notes, RUNBOOKS) or next((first(one.annotations, RUNBOOKS) for one in look), ""),
        started_at=min(_times(one.starts_at for one in look), default=None),
        ended_at=max(_times(one.ends_at for one in told.alerts), default=None) if over else None,
        measures={} if over else measures(title, text, *(stated(one.annotations) for one in look[:LINES])),
        posted=told.post.place if told.post is not None else None,
        delivery=told.post.key if told.post is not None else "",
    )


def spoken_in(post: Post) -> Told | None:
    """What a post tells of a group of alerts; ``None`` where it is not titled as such posts are."""
    written = blocks(post.text)
    alerts = [_written_out(block) for block in written]
    name = next((one.labels[NAME] for one in alerts if one.labels.get(NAME)), "")
    links = {kind: url for block in reversed(written) for kind, url in block.links.items() if kind != "source"}
    for part in post.parts:
        said = headline(part.title or part.text, name=name)
        if said is not None:
            group = Group(status="resolved" if said.state.over else "firing")
            return Told(group, alerts, origin=part.link, links=links, said=said, post=post)
    return None


def _written_out(block: Block) -> One:
    return One.model_validate(
        {
            "status": "resolved" if block.over else "firing",
            "labels": block.labels,
            "annotations": block.annotations,
            "generatorURL": block.links.get("source", ""),
        }
    )


def _times(times: Iterable[datetime | None]) -> Iterable[datetime]:
    return (at for at in times if at is not None)


def _shared(several: Sequence[dict[str, str]]) -> dict[str, str]:
    """What all have in common."""
    if not several:
        return {}
    return {name: value for name, value in several[0].items() if all(one.get(name) == value for one in several[1:])}


def _called(told: Told, notes: Mapping[str, str]) -> str:
    """What its annotations call it, else what the sender's own posts are titled."""
    if noted := first(notes, TITLES):
        return " ".join(noted.split())
    return f"{told.subject} ({told.rest})" if told.subject and told.rest else told.subject or told.rest


def _worst(told: Told) -> str:
    """The worst that any alert says of itself; a Slack post says it only as one of the values in its title."""
    return worst(severity(one.labels) for one in told.look) or (spoken(told.rest) if told.said is not None else "")


def _lines(told: Told, *, notes: Mapping[str, str], title: str) -> list[str]:
    common = first(notes, TEXTS)
    each = [common] if common else [first(one.annotations, TEXTS) for one in told.look]
    lines = [line for line in dict.fromkeys(each) if line and line != title]
    more = max(0, len(lines) - LINES) + told.group.left_out
    return [*lines[:LINES], f"… and {more} more that are not shown"] if more else lines
