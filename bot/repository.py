"""The repository: what it is to hold of an incident, and what came of putting it there.

The post-mortem is filed from its review on, each time its document is made anew; the line of the log from the moment
the incident is mitigated, each time it would read differently. Private incidents and drills are filed nowhere.
"""

import hashlib
from zoneinfo import ZoneInfo

from bot import gates, templates, ticking
from bot.durations import say_duration
from bot.incident import Incident
from bot.intents import FORGE, GIT, Commit, Propose, Urgency
from bot.learned import Committed, Proposed
from bot.messages import repository as says
from bot.playbook.shape import Playbook
from bot.postmortem import blameless, paths
from bot.postmortem.kept import Filed, State
from bot.postmortem.log import Entered, Row
from bot.scene import Scene
from bot.store import Owed
from bot.timeline import Kind


def on(scene: Scene) -> bool:
    """Whether anything of this incident is filed."""
    return GIT in scene.connected.tools and not scene.incident.private and not scene.incident.drill


def document(scene: Scene, content: str) -> None:
    """Owe the post-mortem's document as it was just drawn, and the line of the log with it."""
    incident, post = scene.incident, scene.incident.progress.postmortem
    filed = incident.progress.filed or Filed()
    meant = filed.meant or paths.safe(templates.report(incident, scene.playbook) or "")
    if not on(scene) or not meant or post is None or post.state not in (State.REVIEW, State.PUBLISHED):
        return
    incident.progress.filed = filed.model_copy(update={"meant": meant})
    log, row = _line(incident, scene.playbook, report=filed.path or meant)
    _owe(scene, Commit(turn=filed.turn + 1, incident=incident.number, revision=post.revision, path=meant,
                       content=content, log=log, row=row, title=says.commit(incident), at=scene.now))  # fmt: skip


def line(scene: Scene) -> None:
    """Owe the line of the log where it should stand, or reads differently by now."""
    incident = scene.incident
    filed = incident.progress.filed or Filed()
    if not on(scene) or not (filed.row or incident.mitigated_at is not None):
        return
    log, row = _line(incident, scene.playbook, report=filed.path or filed.meant)
    if row is not None and _digest(row) != filed.row:
        _owe(scene, Commit(turn=filed.turn + 1, incident=incident.number, log=log, row=row,
                           title=says.commit_of_line(incident), at=scene.now))  # fmt: skip


def took(scene: Scene, came: Committed) -> None:
    """It stands in the repository: keep where, and tell people what they could not expect."""
    incident, commit = scene.incident, came.commit
    filed = incident.progress.filed or Filed()
    changes: dict[str, object] = {"revision": came.revision, "branch": came.branch} if came.wrote else {}
    if came.path:
        changes |= {"path": came.path, "url": came.url}
    if came.wrote and (came.path or not filed.revision):  # of the line alone the first time says enough
        what = came.path or commit.log
        scene.record(Kind.POSTMORTEM, f"Written in the repository: {what}, commit {came.revision}", path=what)
    if came.path and came.path != commit.path and came.path != filed.path:
        scene.say(says.beside(incident, meant=commit.path, stands=came.path), rings=False)
    if came.log is Entered.LEFT and not filed.log_left:
        changes["log_left"] = True
        scene.say(says.line_left(incident, commit.log), rings=False)
    incident.progress.filed = filed.model_copy(update=changes)
    scene.changed = True
    if came.wrote and not came.branch:
        ticking.filed(scene, {"postmortem": bool(came.path), "log": came.log is not None})
    if FORGE in scene.connected.tools and came.branch and came.page and (came.wrote or not filed.pull):
        title, text = says.pull_request(incident, commit.path or commit.log)
        propose = Propose(page=came.page, branch=came.branch, onto=came.onto, title=title, text=text)
        scene.owed.append(Owed(f"propose/{commit.turn}", FORGE, propose, Urgency.POST, stream="propose"))


def proposed(scene: Scene, came: Proposed) -> None:
    """A pull request is there: keep its address with the incident."""
    incident, filed = scene.incident, scene.incident.progress.filed
    if filed is None or not came.url or came.url == filed.pull:
        return
    incident.progress.filed = filed.model_copy(update={"pull": came.url})
    scene.record(Kind.POSTMORTEM, f"Pull request for the post-mortem: {came.url}", url=came.url)
    incident.keep_link(came.url, "pull request of the record")


def _owe(scene: Scene, commit: Commit) -> None:
    filed = scene.incident.progress.filed or Filed()
    row = _digest(commit.row) if commit.row is not None else filed.row
    scene.incident.progress.filed = filed.model_copy(update={"turn": commit.turn, "row": row})
    scene.owed.append(Owed(f"commit/{commit.turn}", GIT, commit, Urgency.POST, stream="commit"))


def _line(incident: Incident, playbook: Playbook, *, report: str) -> tuple[str, Row | None]:
    """Path of the log and the line in it, as far as the process keeps one."""
    log = paths.safe(playbook.record.log)
    return (log, _row(incident, playbook, report)) if log else ("", None)


def _row(incident: Incident, playbook: Playbook, report: str) -> Row:
    """Reads no clock: what goes on with time alone is left out until it has ended."""
    names = blameless.names(incident, playbook, ())
    ended = incident.resolved_at or incident.ended_at
    lead = incident.holder(playbook.commander)
    return Row(
        number=incident.number,
        date=f"{incident.began_at.astimezone(ZoneInfo(playbook.timezone)):%Y-%m-%d}",
        severity=incident.severity,
        title=names.hide(incident.title),
        status=incident.status,
        duration=say_duration(ended - incident.began_at) if ended is not None else "",
        lead=names.of(lead.name) if lead is not None else "",
        cause=names.hide(gates.stated(incident, "cause")),
        fix=names.hide(incident.fix),
        report=report,
    )


def _digest(row: Row) -> str:
    return hashlib.sha256(row.model_dump_json().encode()).hexdigest()[:12]
