"""The post-mortem counts as published when its deadline is met by whichever way, and is owed anew after a reopening."""

from bot import deadlines
from bot.playbook.clocks import Meets
from bot.postmortem.kept import State
from bot.progress import Deadline
from bot.scene import Scene


class KeepPostmortem:
    """Keep the post-mortem in line with its deadline."""

    name = "postmortem"

    def settle(self, scene: Scene) -> None:
        """Note that it is published, or that it has to be once more."""
        post, deadline = scene.incident.progress.postmortem, _deadline(scene)
        if post is None or deadline is None:
            return
        if deadline.met_at is not None and deadline.met_by and not post.over:
            published = {"published_at": deadline.met_at, "published_by": deadline.met_by, "state": State.PUBLISHED}
            scene.incident.progress.postmortem = post.model_copy(update=published)
        published_at = post.published_at if post.state is State.PUBLISHED else None
        if deadline.running and published_at is not None and published_at < deadline.started_at:
            scene.incident.progress.postmortem = post.model_copy(update={"state": State.DRAFT})


def _deadline(scene: Scene) -> Deadline | None:
    """The deadline that a published post-mortem meets."""
    for deadline in scene.incident.progress.deadlines.values():
        rule = deadlines.rule_of(scene.incident, scene.playbook, deadline.name)
        if rule is not None and rule.met_by is Meets.PUBLISHED:
            return deadline
    return None
