"""A playbook as a page to read, and which of several is in force."""

from collections.abc import Sequence

from bot.card import Bold, Button, Card, CardField, Code, Link, Span, Text
from bot.durations import say_duration
from bot.messages import alert_rules
from bot.messages.words import level
from bot.playbook.process import Need, Rung, Severity
from bot.playbook.shape import Playbook

MOST_BUTTONS = 10
"""Other playbooks that are offered by a button."""


def page(
    playbook: Playbook, *, loaded: Sequence[Playbook], why: str, newer: bool = False, platforms: Sequence[str] = ()
) -> Card:
    """One playbook: its severities and what follows from them, its roles, and who is asked when nobody answers.

    ``why`` says why it is this one; ``newer`` whether a later version of it is loaded; ``platforms`` are those that an
    incident under it lives on.
    """
    others = [other for other in loaded if other.name != playbook.name]
    fields = [
        CardField(name="Roles", value=(_roles(playbook),)),
        CardField(name="If nobody answers", value=(_ladder(playbook.ladder),)),
        CardField(name="Alerts", value=("\n".join(alert_rules.told(playbook)),)),
        CardField(name="Announced", value=(_announced(playbook, platforms),)),
        CardField(name="Lives on", value=(" and ".join(map(str.title, platforms)) or "no platform",)),
    ]
    if playbook.status_page.url:
        fields.append(CardField(name="Status page", value=(Link(url=playbook.status_page.url, label="open it"),)))
    if others:
        fields.append(CardField(name="Chosen by", value=_chosen(playbook)))
    note = " A newer version of it is loaded for new incidents." if newer else ""
    return Card(
        title=playbook.title,
        text=(*_about(playbook), *_severities(playbook)),
        fields=tuple(fields),
        buttons=tuple(Button(label=other.title[:75], does=f"playbook {other.name}") for other in others[:MOST_BUTTONS]),
        footer=(f"{why}{note} Playbook {playbook.name}, version {playbook.version}.",),
    )


def _about(playbook: Playbook) -> Text:
    return (f"{playbook.about}\n\n",) if playbook.about else ()


def _severities(playbook: Playbook) -> Text:
    text: list[str | Span] = []
    for severity in playbook.severities:
        follows = "; ".join(_follows(severity))
        text += ["\n" if text else "", Bold(text=level(severity, severity.name)), f" {severity.meaning}"]
        text += [f"\n{follows}"] if follows else []
        text += [f"\nSuch as: {'; '.join(severity.examples)}"] if severity.examples else []
    return tuple(part for part in text if part)


def _follows(severity: Severity) -> list[str]:
    """What follows from a severity, each in a few words."""
    review, first = severity.postmortem, severity.first_update
    within = f" within {review.within}" if review.within is not None else ""
    said = [
        (severity.response is not None, f"answered within {severity.response}"),
        (
            first is not None and first != severity.cadence,
            f"first update within {say_duration(first)}" if first else "",
        ),
        (severity.cadence is not None, f"update every {say_duration(severity.cadence)}" if severity.cadence else ""),
        *((True, f"{cadence.audience.value} hear of it {cadence.rhythm}") for cadence in severity.cadences),
        (severity.resolution is not None, f"resolved within {severity.resolution}"),
        (bool(severity.page), f"pages {', '.join(severity.page)}"),
        (review.need is not Need.NONE, f"post-mortem {review.need.value}{within}"),
        (severity.freeze, "production changes are frozen"),
        (bool(severity.says), severity.says),
    ]
    return [words for so, words in said if so]


def _roles(playbook: Playbook) -> str:
    return "; ".join(f"{role.title}: {role.duties}" if role.duties else role.title for role in playbook.roles) or "none"


def _ladder(rungs: Sequence[Rung]) -> str:
    steps = (
        f"{', '.join(rung.rings)} {f'after {say_duration(rung.wait)}' if rung.wait else 'at once'}" for rung in rungs
    )
    return " → ".join(steps)


def _announced(playbook: Playbook, platforms: Sequence[str]) -> str:
    places = (playbook.announce.place(platform) for platform in platforms)
    names = dict.fromkeys(place if place.startswith("#") else "the announcement channel" for place in places)
    levels = ", ".join(playbook.announce.severities) or "every severity"
    return f"{levels} in {' and '.join(names) or 'the announcement channel'}"


def _chosen(playbook: Playbook) -> Text:
    """How a declaration comes under this one."""
    by = playbook.chosen_by
    rooms = [f"#{name.removeprefix('#')}" for names in by.channels.values() for name in names]
    ways = [
        f"typed in {', '.join(dict.fromkeys(rooms))}" if rooms else "",
        f"a title with {', '.join((*by.components, *by.words))}" if by.components or by.words else "",
    ]
    said = "".join(f"; {way}" for way in ways if way)
    return (Code(text=f"/incident {playbook.name} {playbook.severities[0].name} …"), said)
