"""Telling: the bot's one message about an alert, where it was posted or in the first alert channel.

It belongs to no incident, so it is owed by itself, and edited as things become of the alert. What came by webhook is
told only where somebody is asked: a declared incident has its announcement.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.alerts.alert import Posted
from bot.alerts.tracked import Answer, Became, Tracked
from bot.card import Card
from bot.intents import CHANNEL, Edit, Post, React, Urgency
from bot.messages import alert_posts as says
from bot.playbook.shape import Playbook
from bot.reader import Summary
from bot.store import Owed

SEEN = "👀"
"""The reaction on a post that was taken up."""
Places = Mapping[str, str]
"""Platform to where on it alerts are told that were posted nowhere, as :class:`bot.intents.Post` names places."""


def places(playbook: Playbook, platforms: Sequence[str], *, watched: Sequence[str]) -> Places:
    """The first alert channel on each platform that a playbook lives on, else where it announces.

    ``watched`` are the channels of the setting ``ALERT_CHANNELS``.
    """
    found = {}
    for platform in playbook.lives_on(platforms):
        first = next(iter((*playbook.alerts.channels.get(platform, ()), *watched)), "")
        found[platform] = f"#{first.removeprefix('#')}" if first else playbook.announce.place(platform)
    return found


def settle(
    tracked: Tracked, playbook: Playbook, incident: Summary | None, *, places: Places, now: datetime
) -> Iterator[Owed]:
    """Owe what is missing for the message about an alert to stand as it should; noted in ``tracked.answers``."""
    wanted = _wanted(tracked, places)
    for platform, answer in [(platform, answer) for platform, answer in tracked.answers.items() if answer.digest]:
        yield from _stand(tracked, platform, answer, playbook, incident, now=now)
    for platform, (under, to) in wanted.items():
        if platform not in tracked.answers or not tracked.answers[platform].digest:
            turn = tracked.answers[platform].turn if platform in tracked.answers else 1
            answer = tracked.answers[platform] = Answer(turn=turn, under=under, to=to)
            yield from _stand(tracked, platform, answer, playbook, incident, now=now)


def anew(tracked: Tracked) -> None:
    """From here on a new message is about it: the earlier one stays as it is."""
    tracked.answers = {
        platform: Answer(turn=answer.turn + 1) if answer.digest else answer
        for platform, answer in tracked.answers.items()
    }


def seen(posted: Posted) -> Owed:
    """The reaction on a post that was taken up."""
    react = React(message=posted.message, emoji=SEEN)
    return Owed(f"alert/seen/{posted.message}"[:100], posted.platform, react, Urgency.TIDY)


def _wanted(tracked: Tracked, places: Places) -> dict[str, tuple[str, str]]:
    """On which platforms it should be told: under which post, or where."""
    if tracked.behind is not None or tracked.became in (Became.NOTHING, Became.JOINED) or not tracked.tells:
        return {}
    posted = tracked.alert.posted
    if posted is not None and not posted.reply:
        return {posted.platform: (posted.message, CHANNEL)}
    if tracked.became is Became.OFFERED:
        return {platform: ("", to) for platform, to in places.items()}
    return {}


def _stand(
    tracked: Tracked, platform: str, answer: Answer, playbook: Playbook, incident: Summary | None, *, now: datetime
) -> Iterator[Owed]:
    card = says.answer(tracked, playbook, incident, now=now, here=bool(answer.under))
    digest = card.digest()
    if digest == answer.digest:
        return
    key = f"alert/{tracked.id}/{answer.turn}"
    posted = answer.digest != ""
    tracked.answers[platform] = answer.model_copy(update={"digest": digest})
    if posted:
        edit, number = Edit(message=key, card=card), _count(tracked, platform)
        yield Owed(f"{key}/edit/{number}", platform, edit, Urgency.EDIT, stream=key, replaces=True)
    else:
        yield Owed(key, platform, _post(answer, card), Urgency.ASK, stream=key)


def _post(answer: Answer, card: Card) -> Post:
    return Post(card=card, under=answer.under) if answer.under else Post(card=card, to=answer.to)


def _count(tracked: Tracked, platform: str) -> int:
    """A number for the key of an edit: each is owed once."""
    answer = tracked.answers[platform]
    tracked.answers[platform] = answer.model_copy(update={"edits": answer.edits + 1})
    return answer.edits + 1
