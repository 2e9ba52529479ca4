"""Reading: the alerts that a post in chat tells of."""

from collections.abc import Sequence

from bot.alerts.alert import Alert
from bot.alerts.post import Post
from bot.alerts.source import Source
from bot.playbook.shape import Playbook


def read(post: Post, sources: Sequence[Source], playbook: Playbook) -> list[Alert]:
    """The alerts of a post, as the first sender that recognises it reads them."""
    for source in sources:
        found = source.recognise(post)
        if found is not None:
            return [
                one.model_copy(update={"posted": post.place, "delivery": one.delivery or post.key}) for one in found
            ]
    return []
