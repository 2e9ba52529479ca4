"""What is said where people outside the channel are called in."""

from collections.abc import Iterable
from datetime import datetime

from bot import calling, escalations
from bot.calling import Callees
from bot.card import Bold, Button, ButtonStyle, Card, CardField, Code, Quote, Style, Text, Tone, When, join
from bot.durations import say_duration
from bot.incident import Incident
from bot.messages import freeze
from bot.messages.lengths import QUOTED, cut
from bot.messages.words import group_of, stop, who
from bot.people import Group, Person
from bot.playbook.escalation import Escalation
from bot.playbook.shape import Playbook
from bot.progress import Called
from bot.rotations import Override

_UNHEARD = "I know no account of theirs here, so this rings nobody: please reach them yourself."
MOST = 20
"""Buttons of one message: Discord and Slack take 25."""


def call(incident: Incident, playbook: Playbook, called: Called) -> Card:
    """One call as it should read now: waiting, climbed past, answered, or no longer needed."""
    title = f"Escalation: {_title(called, playbook)}"
    if called.answered_at is not None:
        after = say_duration(called.answered_at - called.at)
        return Card(tone=Tone.GOOD, title=title, text=(f"✓ {called.answered_by} is here, {after} after the call.",))
    if called.dropped_at is not None:
        over = f": {incident.name} is {incident.status}." if not incident.open else "."
        return Card(title=title, text=(f"No longer needed{over}",))
    if _informs(called, playbook):
        return Card(tone=Tone.ASK, title=f"For information: {_title(called, playbook)}",
                    text=_waiting(incident, playbook, called))  # fmt: skip
    here = Button(label="I'm here", does=f"{incident.name} here {called.id}", style=ButtonStyle.PRIMARY)
    if called.followed:
        then = escalations.rule(called.followed, playbook)
        passed = f"Nobody answered in time, so I called {then.title if then is not None else called.followed} below."
        return Card(title=title, text=(passed,), buttons=(here,))
    return Card(tone=Tone.ASK, title=title, text=_waiting(incident, playbook, called), buttons=(here,))


def _waiting(incident: Incident, playbook: Playbook, called: Called) -> Text:
    rule = escalations.rule_of(called, playbook)
    says = f"{stop(rule.says)} " if rule is not None and rule.says else ""
    text: Text = (*_opening(incident, playbook, called), f"{says}Why: {stop(called.why)}")
    if called.told is not None:
        text = (*text, "\n", *_shown(called.told, incident), ", where it has improved, say so: ",
                Code(text="/incident status …"))  # fmt: skip
    last = incident.last_update
    if last is not None:
        when = When(at=last.at, style=Style.RELATIVE)
        text = (
            *text,
            "\n",
            Bold(text="Last update"),
            " ",
            when,
            " by ",
            *who(last.by),
            "\n",
            Quote(text=cut(last.text, QUOTED)),
        )
    then = escalations.following(called, incident, playbook)
    if called.then_at is not None and then is not None:
        text = (*text, "\nIf nobody answers by ", When(at=called.then_at), f", I call {then.title}.")
    return text


def _opening(incident: Incident, playbook: Playbook, called: Called) -> Text:
    """Whom it calls. A drill rings nobody, and says whom it would have called."""
    callees = _callees(called, playbook)
    if callees.empty:
        nobody = ", ".join(called.nobody)
        return (f"I found nobody to call for {nobody} now: please reach them yourself. ",)
    parts = _parts(callees, incident, playbook)
    if incident.drill:
        return ("In earnest this would call ", *join(parts), ". Nobody outside this channel is rung. ")
    said = "for your information. " if _informs(called, playbook) else "you are needed here. "
    unheard = "" if _rings(callees, incident) else f"{_UNHEARD} "
    return (*join(parts), f": {said}{unheard}")


def _rings(callees: Callees, incident: Incident) -> bool:
    """Whether a mention reaches anybody of them on a platform that the incident lives on."""
    people = any(person.on(platform) for person in callees.people for platform in incident.rooms)
    return people or any(group.handles.get(platform) for group in callees.groups for platform in incident.rooms)


def _callees(called: Called, playbook: Playbook) -> Callees:
    groups = [group for key in called.groups if (group := playbook.group(key)) is not None]
    return Callees(called.people, tuple(groups), called.nobody)


def _parts(callees: Callees, incident: Incident, playbook: Playbook) -> list[Text]:
    """Groups with their members, then everybody who is in none of them."""
    grouped = {key for group in callees.groups for key in group.members}
    alone = [person for person in callees.people if person.key not in grouped]
    groups = [_group(group, incident, playbook) for group in callees.groups]
    return [*groups, *(_shown(person, incident) for person in alone)]


def _group(group: Group, incident: Incident, playbook: Playbook) -> Text:
    if not incident.drill:
        return group_of(group, incident, playbook)
    members = [_shown(person, incident) for person in calling.members(group, playbook)]
    return (group.name, " (", *join(members), ")") if members else (group.name,)


def _shown(person: Person, incident: Incident) -> Text:
    """Somebody, rung. In a drill those in the channel are mentioned quietly, and all others only named."""
    if not incident.drill:
        return who(person, quiet=False)
    return who(person) if person.key in incident.responders else (person.name,)


def preview(incident: Incident, playbook: Playbook) -> list[CardField]:
    """Whom a declaration would call, and what it would freeze; nothing where that is nobody and nothing."""
    fields = [
        CardField(
            name=f"Called: {_title(called, playbook)}", value=(f"{_said(_callees(called, playbook))}: {called.why}",)
        )
        for called in incident.progress.calls
    ]
    if incident.progress.frozen_at is not None:
        fields.append(CardField(name="Production", value=(f"frozen: {freeze.ONLY}",)))
    return fields


def _informs(called: Called, playbook: Playbook) -> bool:
    rule = escalations.rule_of(called, playbook)
    return rule is not None and rule.informs


def _title(called: Called, playbook: Playbook) -> str:
    rule = escalations.rule_of(called, playbook)
    return rule.title if rule is not None else called.rule


def _said(callees: Callees) -> str:
    names = [*(group.name for group in callees.groups), *(person.name for person in callees.people)]
    return ", ".join([*names, *(f"{title} (nobody now)" for title in callees.nobody)])


def path(incident: Incident, playbook: Playbook, *, overrides: Iterable[Override], now: datetime) -> Card:
    """Whom one can escalate to, and who that is at this hour; for one person."""
    rules = playbook.escalations
    fields = [CardField(name=rule.title, value=_row(rule, incident, playbook, overrides, now=now)) for rule in rules]
    buttons = [Button(label=f"Call {r.title}"[:75], does=f"{incident.name} escalate {r.name}") for r in rules[:MOST]]
    text: Text = ("A button calls at once; ", Code(text="/incident escalate NAME because …"),
                  " says why, too.")  # fmt: skip
    return Card(title="Whom I can call", text=text, fields=tuple(fields), buttons=tuple(buttons))


def _row(
    rule: Escalation, incident: Incident, playbook: Playbook, overrides: Iterable[Override], *, now: datetime
) -> Text:
    meant = calling.who(rule.to, incident, playbook, overrides=overrides, now=now)
    called = escalations.standing(incident, rule)
    state: Text = (" · called at ", When(at=called.at), ", not answered yet") if called is not None else ()
    return (_said(meant), *(f" · {sentence}" for sentence in _when(rule, playbook)), *state)


def _when(rule: Escalation, playbook: Playbook) -> list[str]:
    """When it is called by itself, in words."""
    words = []
    if rule.at_once:
        words.append(f"at once at {', '.join(name.upper() for name in rule.at_once)}")
    if rule.flags:
        titles = [flag.title if (flag := playbook.flag(name)) is not None else name for name in rule.flags]
        words.append(f"on {' or '.join(titles)}")
    if rule.after is not None:
        words.append(f"after {say_duration(rule.after)} without an improvement")
    then = escalations.rule(rule.then, playbook) if rule.then else None
    if then is not None and rule.wait is not None:
        words.append(f"then {then.title} after {say_duration(rule.wait)}")
    return words


def called_now(rule: Escalation, called: Called, playbook: Playbook) -> Card:
    """For who called."""
    if not (called.people or called.groups):
        return _nobody(rule)
    if called.rule != rule.name:
        then = escalations.rule(called.rule, playbook)
        beyond = then.title if then is not None else called.rule
        return Card(text=(f"Nobody is there to call for {rule.title} now, so I called {beyond}.",))
    return Card(text=(f"Called: {rule.title}. The message in the channel shows who answers.",))


def _nobody(rule: Escalation) -> Card:
    return Card(tone=Tone.ASK, text=(f"I found nobody to call for {rule.title}: please reach them yourself.",))


def called_already(rule: Escalation, called: Called) -> Card:
    """For who called a second time."""
    if not (called.people or called.groups):
        return _nobody(rule)
    return Card(text=(f"{rule.title} was called at ", When(at=called.at), " and has not answered yet. ",
                      "A reason that you give is added to the call."))  # fmt: skip


def welcome(incident: Incident, called: Called, *, answered: bool) -> Card:
    """For who came."""
    if answered:
        thanks = "Thank you. "
    elif called.answered_by:
        thanks = f"{called.answered_by} answered already; you are welcome all the same. "
    else:
        thanks = "It is no longer needed, but you are welcome. "
    return Card(text=(thanks, Code(text="/incident catchup"), " shows privately what happened so far."),
                buttons=(Button(label="Catch me up", does=f"{incident.name} catchup"),))  # fmt: skip
