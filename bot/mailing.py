"""The e-mail to customers: shown, approved, sent to each recipient once, and what came of it.

Its words follow from the record until somebody writes their own or approves it. Whoever approves approves what they
saw: the button holds a digest of the words and the recipients. Addresses of lists are read when they are needed and
kept nowhere; each recipient is known by a mark (``bot/intents/mail.py``).
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from bot import deadlines, templates
from bot.card import Card
from bot.errors import Mistake
from bot.intents import MAIL, SendMail, Urgency
from bot.intents.mail import mark_of
from bot.learned import Mailed
from bot.messages import drafts, terms
from bot.messages import mail as says
from bot.messages.mail import Letter
from bot.playbook.part import fold
from bot.progress import Deadline, End, Mailing
from bot.scene import TOCSIN, Scene
from bot.store import Owed
from bot.timeline import Kind

MOST = 200
"""Recipients of one e-mail: each has a message and a row of its own."""
PATIENCE = timedelta(hours=1)
"""How long the mail server is tried: later, people have sent it some other way."""


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who gets it."""

    to: tuple[str, ...]
    """By recipient: the list, or the address itself where that stands in the playbook."""
    addresses: tuple[str, ...]
    lacking: tuple[str, ...]
    """Lists that hold nobody."""


def on(scene: Scene) -> bool:
    """Whether Tocsin sends e-mail for this playbook."""
    return MAIL in scene.connected.tools and scene.connected.lists is not None and bool(scene.playbook.mail.to)


def recipients(scene: Scene) -> Recipients:
    """Everybody once, in the order in which the playbook names them."""
    found: dict[str, tuple[str, str]] = {}
    lacking, lists = [], scene.connected.lists
    for name in scene.playbook.mail.to:
        known = (name,) if "@" in name else lists.addresses(name) if lists is not None else ()
        lacking += [] if known else [name]
        for address in known:
            found.setdefault(address.casefold(), (name, address))
    return Recipients(tuple(to for to, _ in found.values()), tuple(one for _, one in found.values()), tuple(lacking))


def deadline(scene: Scene) -> Deadline | None:
    """The running deadline that the e-mail meets."""
    for one in scene.incident.progress.deadlines.values():
        rule = deadlines.rule_of(scene.incident, scene.playbook, one.name)
        if one.running and rule is not None and fold(rule.draft) == fold(templates.EMAIL):
            return one
    return None


# Shown


def shown(scene: Scene) -> Card:
    """The draft, or what became of it."""
    incident, kept = scene.incident, scene.incident.progress.mail
    if kept is not None and kept.approved:
        return replace(says.standing(incident, kept), buttons=())
    if not on(scene) or incident.drill:
        return drafts.draft(incident, scene.playbook, templates.EMAIL)
    who = recipients(scene)
    why = says.BY_HAND if incident.private else _cannot(who)
    if why:
        return says.by_hand(drafts.draft(incident, scene.playbook, templates.EMAIL), why)
    words = says.letter(incident, scene.playbook)
    card = says.draft(incident, words, to=who.to, digest=digest(words, who), blocked=_not_yet(scene, words))
    return says.after_all(card, kept) if kept is not None and kept.needless_by else card


def digest(words: Letter, who: Recipients) -> str:
    """Of what is sent, and to whom."""
    whole = "\0".join((words.subject, words.text, *who.addresses)).encode()
    return hashlib.blake2b(whole, digest_size=8).hexdigest()


def _cannot(who: Recipients) -> str:
    if who.lacking:
        return says.lacking(who.lacking)
    return says.too_many(len(who.to), MOST) if len(who.to) > MOST else ""


def _not_yet(scene: Scene, words: Letter) -> str:
    incident = scene.incident
    if incident.open or incident.resolved_at is None:
        return says.not_over(incident)
    return says.gaps() if words.gaps else ""


def allowed(scene: Scene) -> None:
    """Raises ``Mistake`` where Tocsin sends nothing of this incident."""
    if scene.incident.drill:
        raise Mistake(says.NOT_IN_DRILLS)
    if scene.incident.private:
        raise Mistake(says.BY_HAND)
    if not on(scene):
        name = deadline(scene)
        by_hand = f", then `/incident clock {name.name} done`" if name is not None else ""
        raise Mistake(f"Sending e-mail is not set up. `/incident draft email` shows it for you to copy{by_hand}.")


# Decided


def send(scene: Scene, seen: str) -> Card | None:
    """Send what the button's digest says was seen; something else is shown instead. ``None``: it is on its way."""
    allowed(scene)
    kept = scene.incident.progress.mail or Mailing()
    if kept.approved:
        return Card(text=says.already(kept))
    words, who = says.letter(scene.incident, scene.playbook), recipients(scene)
    why = _cannot(who) or _not_yet(scene, words)
    if why:
        raise Mistake(why)
    if seen != digest(words, who):
        return says.changed(shown(scene))
    seed = str(UUID(bytes=hashlib.blake2b(_name(scene), digest_size=16).digest(), version=4))
    approved = kept.model_copy(update={
        "subject": words.subject, "text": words.text, "by": scene.actor, "at": scene.now, "seed": seed, "to": who.to,
        "marks": tuple(mark_of(seed, address) for address in who.addresses), "needless_by": "", "needless_because": "",
    })  # fmt: skip
    scene.record(Kind.MAIL, says.approved(approved))
    scene.bring(scene.actor)
    _begin(scene, approved, range(len(who.to)))
    return None


def rest(scene: Scene, turn: int) -> int:
    """Send to those who may not have it, as they were at this turn; returns how many that are."""
    allowed(scene)
    kept = scene.incident.progress.mail
    if kept is None or not kept.approved or kept.waiting or kept.turn != turn or not kept.open:
        return 0
    again = kept.open
    scene.record(Kind.MAIL, says.sent_again(kept, len(again)))
    ends = {index: end for index, end in kept.ends.items() if index not in again}
    _begin(scene, kept.model_copy(update={"ends": ends, "why": ""}), again)
    return len(again)


def _begin(scene: Scene, kept: Mailing, who: range | tuple[int, ...]) -> None:
    """One after the other: a crash leaves one recipient in doubt, not all of them."""
    until = scene.now + PATIENCE
    begun = kept.model_copy(update={"turn": kept.turn + 1, "waiting": tuple(who), "until": until})
    scene.incident.progress.mail = begun
    for index in who:
        _owe(scene, begun, index)


def _owe(scene: Scene, kept: Mailing, index: int, *, again: bool = False) -> None:
    at, until = kept.at or scene.now, kept.until or scene.now
    mail = SendMail(seed=kept.seed, index=index, to=kept.to[index], mark=kept.marks[index], subject=kept.subject,
                    text=kept.text, at=at, until=until, again=again)  # fmt: skip
    key = f"mail/{kept.turn}/{index}{'/again' if again else ''}"
    scene.owed.append(Owed(key, MAIL, mail, Urgency.POST, stream="mail"))


def reword(scene: Scene, subject: str, text: str) -> None:
    """Somebody's own words take the place of the record's; none at all bring those back."""
    allowed(scene)
    kept = scene.incident.progress.mail or Mailing()
    if kept.approved:
        raise Mistake("It is sent already; its words stay as they are.")
    by = scene.actor.name if text else ""
    scene.incident.progress.mail = kept.model_copy(update={"subject": subject, "text": text, "worded_by": by})
    scene.record(Kind.MAIL, "Changed the words of the e-mail to customers" if text else
                 "Took the record's own words for the e-mail to customers")  # fmt: skip


def skip(scene: Scene, because: str) -> str:
    """None is needed: its deadline ends. Returns what became of that."""
    kept = scene.incident.progress.mail or Mailing()
    if kept.approved:
        raise Mistake("It is sent already.")
    said = {"needless_by": scene.actor.name, "needless_because": because}
    scene.incident.progress.mail = kept.model_copy(update=said)
    scene.record(Kind.MAIL, f"No e-mail to customers: {because}")
    owed = deadline(scene)
    if owed is None:
        return ""
    gone = terms.is_gone(deadlines.drop(scene.incident, owed.name, now=scene.now, because=because))
    scene.record(Kind.DEADLINE, gone, deadline=owed.name)
    return gone


def looked(scene: Scene) -> bool:
    """Somebody looked where it was in doubt: all who should have it do. Whether there was anything to look at."""
    kept = scene.incident.progress.mail
    if kept is None or not kept.approved or kept.waiting or kept.done_at is not None:
        return False
    by = scene.actor.name
    scene.incident.progress.mail = kept.model_copy(update={"looked_by": by, "done_at": scene.now})
    scene.record(Kind.MAIL, "Looked where the e-mail to customers was in doubt: they have it")
    _meet(scene, by=by)
    return True


# Learned


def took(scene: Scene, came: Mailed) -> None:
    """The mail server spoke, or was lost. What is certain takes the place of a doubt, never the other way round."""
    kept, mail = scene.incident.progress.mail, came.mail
    if kept is None or mail.seed != kept.seed:
        return
    before = kept.ends.get(mail.index)
    if before in (End.SENT, End.REFUSED) or (before is not None and came.end is not End.SENT):
        return
    scene.changed = True
    if came.end is None:
        _owe(scene, kept, mail.index, again=True)
        return
    changes: dict[str, object] = {
        "ends": kept.ends | {mail.index: came.end},
        "waiting": tuple(index for index in kept.waiting if index != mail.index),
    }
    if came.end is End.REFUSED and len(kept.refused) < says.TOLD:
        changes["refused"] = (*kept.refused, says.refusal(came.address or mail.to, came.why))
    if came.end is End.LEFT:
        changes["why"] = came.why
    after = kept.model_copy(update=changes)
    scene.incident.progress.mail = after
    if not after.waiting:
        _over(scene, after, told=not kept.waiting)


def _over(scene: Scene, kept: Mailing, *, told: bool) -> None:
    """All were tried: it is on the timeline, meets its deadline where nobody is left, and what went wrong is told."""
    scene.record(Kind.MAIL, says.over(kept), by=TOCSIN)
    if kept.count(End.SENT) and not kept.open and kept.done_at is None:
        scene.incident.progress.mail = kept.model_copy(update={"done_at": scene.now})
        _meet(scene, by=kept.by.name if kept.by is not None else "")
    if not told and (kept.open or kept.count(End.REFUSED)):
        scene.say(says.trouble(scene.incident, kept))


def _meet(scene: Scene, *, by: str) -> None:
    owed = deadline(scene)
    if owed is not None:
        met = deadlines.meet(scene.incident, owed.name, at=scene.now, now=scene.now, by=by)
        scene.record(Kind.DEADLINE, terms.is_met(met), by=TOCSIN, deadline=owed.name)


def _name(scene: Scene) -> bytes:
    incident = scene.incident
    return f"{incident.declared_at.isoformat()}/{incident.number}/{scene.now.isoformat()}/mail".encode()
