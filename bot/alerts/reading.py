"""Reading: what a bot's post in a watched channel tells, by whoever knows its author best.

The senders that Tocsin knows are asked first, then the playbook's own patterns. What neither reads is guessed from its
words, and such an alert is not :attr:`~bot.alerts.alert.Alert.sure`: it is taken up only by a rule about such posts.
"""

import re
from collections.abc import Iterable

from bot.alerts import patterns, words
from bot.alerts.alert import Alert, AlertState, dedupe
from bot.alerts.measures import measures
from bot.alerts.post import Colour, Post
from bot.alerts.source import Source
from bot.playbook.shape import Playbook

GUESSED = "post"
"""Name of the source of an alert that was only guessed."""
COMPONENTS = ("service", "component", "app", "application", "monitor", "job", "project", "host")
"""Names of fields that say what is hit, in this order."""
_INCIDENTS = re.compile(r"\b(?:incident\.io|rootly|firehydrant|blameless|tocsin)\b", re.IGNORECASE)
"""Bots that tell of incidents: taking these for alerts, two of them could talk to each other for ever."""


def read(post: Post, sources: Iterable[Source], playbook: Playbook) -> list[Alert]:
    """The alerts that a post tells of; empty where it tells of none."""
    for source in sources:
        recognised = source.recognise(post)
        if recognised is not None:
            return [_here(alert, post) for alert in recognised]
    if not post.text.strip() or _INCIDENTS.search(post.author):
        return []
    matched = patterns.read(post, playbook.alerts.patterns)
    return matched if matched is not None else guess(post)


def _here(alert: Alert, post: Post) -> Alert:
    """An alert with the place where it was posted; a post that comes twice counts once."""
    return alert.model_copy(update={"posted": post.place, "delivery": alert.delivery or post.key})


def guess(post: Post) -> list[Alert]:
    """What a post may mean: it fires, unless its title or else its colour speaks for something else.

    A reply in a thread has to say how it stands: others are talk.
    """
    said = words.state(post.title)
    if said is None and post.place.reply:
        return []
    state = said or (AlertState.CLEARED if post.colour is Colour.GREEN else AlertState.FIRING)
    title = words.opened(post.title)
    return [
        Alert(
            source=GUESSED,
            key=dedupe(GUESSED, post.author, words.lasting(post.title) or title),
            state=state,
            title=title,
            text=post.text,
            severity=_field(post, ("severity", "priority", "level")) or words.severity(post.title, post.text[:4000]),
            component=_field(post, COMPONENTS),
            labels=post.fields,
            link=next((part.link for part in post.parts if part.link), "") or next(iter(post.addresses), post.url),
            started_at=None if post.edited else post.at,
            measures={} if state.over else measures(title, post.text),
            posted=post.place,
            delivery=post.key,
            sure=False,
        )
    ]


def _field(post: Post, names: tuple[str, ...]) -> str:
    held = {name.strip(" *:").casefold(): value.strip() for name, value in post.fields.items()}
    return next((held[name] for name in names if held.get(name)), "")
