"""What several commands and timed rules do alike to an incident: update it, fill a role, end it."""

from datetime import timedelta

from bot import announcing, reminders
from bot.card import Card
from bot.incident import Handover, HowAnswered, Incident, Offered, Update
from bot.intents import Post, Urgency, Whisper
from bot.messages import notices
from bot.people import Person
from bot.playbook.process import Role, Stage
from bot.playbook.shape import Playbook
from bot.scene import Scene
from bot.store import Owed
from bot.timeline import Kind

REPLY_LIVES = timedelta(minutes=14)
"""How long a private answer may still go out as the answer to what the person did: Discord's interaction tokens live
15 minutes, Slack's response addresses 30."""


def post_update(
    scene: Scene, text: str, *, within: timedelta | None = None, no_change: bool = False, news: bool = True
) -> None:
    """Give a status update: it is kept, told, and sets the clock anew.

    *No change* is not posted in the channel. Without ``news`` the last real update stays on the card, confirmed.
    """
    incident = scene.incident
    last = incident.last_update
    if last is not None and (no_change or not (news or last.bare)):
        incident.last_update = last.model_copy(update={"confirmed_at": scene.now})
    else:
        incident.last_update = Update(text=text, at=scene.now, by=scene.actor, bare=not news)
    incident.updates += 1
    incident.updated_first_at = incident.updated_first_at or scene.now
    acknowledge(scene)
    how = HowAnswered.NO_CHANGE if no_change else HowAnswered.UPDATE
    reminders.answer(incident, how=how, by=scene.actor, now=scene.now)
    reminders.promise(incident, scene.playbook, now=scene.now, within=within)
    scene.record(Kind.UPDATE, text)
    card = notices.update(incident, scene.playbook, text=text, by=scene.actor)
    if not no_change:
        scene.say(card)
    announce(scene, card)


def announce(scene: Scene, card: Card) -> None:
    """Tell the thread under the announcement, where there is one. One that is to come says it all by itself."""
    incident = scene.incident
    if not announced(incident, scene.playbook):
        return
    incident.said += 1
    name = f"{incident.name} · {incident.title}"
    for platform in incident.rooms:
        if not announcing.waits(incident, platform):
            thread = announcing.key(incident, platform)
            post = Post(card=card, to="announcements", thread=thread, about_thread=name, rings=False)
            scene.owed.append(Owed(f"said/{incident.said}", platform, post))


def announced(incident: Incident, playbook: Playbook) -> bool:
    """Whether the incident is told to those outside: private ones and drills are not, nor are milder severities than
    the playbook announces. What was announced once is told to its end.
    """
    if incident.private or incident.drill:
        return False
    stands = any(announcing.is_key(mark.partition(":")[2]) for mark in incident.standing)
    return stands or playbook.applies(playbook.announce.severities, incident.severity)


def acknowledge(scene: Scene) -> None:
    """Somebody is on it: note the first time."""
    if scene.incident.acknowledged_at is None:
        scene.incident.acknowledged_at = scene.now
    scene.bring(scene.actor)


def assign(scene: Scene, role: Role, person: Person) -> Person | None:
    """Give a role to somebody and note it; returns who held it before, if that was somebody else."""
    incident = scene.incident
    before = incident.holder(role.name)
    if before is not None and before.key == person.key:
        return None
    incident.roles[role.name] = person
    scene.bring(person)
    taken = f" (was {before.name})" if before is not None else ""
    scene.record(Kind.ROLE, f"{role.title}: {person.name}{taken}", role=role.name, person=person.key)
    return before


def enter_stage(scene: Scene, stage: Stage) -> None:
    """Move to the first status of a stage, with the times that are kept of it."""
    move_to(scene, scene.playbook.first_status(stage).name, stage)


def move_to(scene: Scene, status: str, stage: Stage) -> None:
    """Set the status and keep the times of its stage; what ends the incident stops its clock."""
    incident, now = scene.incident, scene.now
    incident.status, incident.stage = status, stage
    if stage is Stage.IDENTIFIED:
        incident.identified_at = incident.identified_at or now
    if stage in (Stage.MONITORING, Stage.RESOLVED):
        incident.mitigated_at = incident.mitigated_at or now
    if stage is Stage.RESOLVED:
        incident.resolved_at = now
    if stage in (Stage.CLOSED, Stage.CANCELLED):
        incident.ended_at = now
    if not stage.open:
        reminders.answer(incident, how=HowAnswered.ENDED, by=scene.actor, now=now)
        reminders.stop(incident)


def whisper(scene: Scene, card: Card) -> None:
    """Tell the person privately, on the platform they spoke on, once what the card links to is there."""
    intent = whispering(scene)
    if intent is not None and scene.platform in scene.incident.rooms:
        owe_whisper(scene, intent.model_copy(update={"card": card}), platform=scene.platform)


def whispering(scene: Scene) -> Whisper | None:
    """A whisper to whoever spoke, without its card yet: for an answer that takes a while. ``None`` for a timed rule."""
    heard = scene.heard
    if heard is None or scene.platform not in scene.platforms:
        return None
    until = scene.now + REPLY_LIVES
    return Whisper(person=scene.actor, card=Card(), reply=heard.reply, channel=heard.channel, until=until)


def owe_whisper(scene: Scene, whisper: Whisper, *, platform: str) -> None:
    """Owe a whisper."""
    key = f"whisper/{scene.incident.revision + 1}/{len(scene.owed)}"
    scene.owed.append(Owed(key, platform, whisper, Urgency.ANSWER))


def role_title(scene: Scene, name: str) -> str:
    """What a role is called; its name where the playbook knows it no longer."""
    role = scene.playbook.role(name)
    return role.title if role is not None else name


def settle_offer(incident: Incident, offer: Handover, state: Offered) -> None:
    """Note what became of an offered role."""
    settled = offer.model_copy(update={"state": state})
    incident.offers = tuple(settled if other.id == offer.id else other for other in incident.offers)
