"""What people are told of the playbook's permission rules: who may, and what to do where nobody of them can be waited
for."""

from collections.abc import Sequence
from datetime import datetime

from bot.card import Card, Tone, When, join
from bot.forms import Ask, Form, FormField
from bot.incident import Incident
from bot.messages.words import who
from bot.people import Person
from bot.playbook.misfit import listed
from bot.playbook.part import Names, named
from bot.playbook.permissions import DECLARER, Right
from bot.playbook.shape import Playbook

MOST = 5
"""People whom a refusal names."""
SAYS = {
    Right.DECLARE: "declare an incident",
    Right.UPDATE: "give updates, move the status on, or pause the reminders",
    Right.SEVERITY: "change the severity",
    Right.LOWER: "lower the severity",
    Right.ROLES: "give or take roles",
    Right.PAGE: "page people or call them in",
    Right.FREEZE: "freeze production or lift its freeze",
    Right.PUBLISH: "tell customers",
    Right.IGNORE: "let an alert be",
    Right.RESOLVE: "resolve the incident",
    Right.CANCEL: "call the incident off",
    Right.CLOSE: "close the incident",
    Right.REOPEN: "reopen the incident",
    Right.ANYWAY: "act in spite of the rules",
}
"""What each right lets people do."""


def meant(names: Names, playbook: Playbook) -> str:
    """Whom a rule names, in words: ``Incident commander or Leads``."""
    return listed(_title(name, playbook) for name in names)


def refused(
    right: Right,
    names: Names,
    people: Sequence[Person],
    playbook: Playbook,
    incident: Incident | None,
    *,
    anyway: bool,
) -> str:
    """Who may, who that is now, and what to do."""
    now = listed([person.name for person in people[:MOST]])
    sentence = f"Nothing was done: only {meant(names, playbook)} may {SAYS[right]}. That is {now} now."
    if not anyway:
        return f"{sentence} Please ask them."
    if incident is not None:
        way = f"`/incident {incident.name} anyway because …`"
        return f"{sentence} Ask them; if it cannot wait, {way} lets you do it, and the channel reads why."
    if right is Right.DECLARE:
        way = "`/incident declare anyway SEVERITY TITLE`"
        return f"{sentence} Ask them; if it cannot wait, {way} declares it all the same, on the record."
    return f"{sentence} Please ask them."


def kept(sentence: str, values: dict[str, str]) -> str:
    """A refusal of a form, with what was written in it, lest it be lost."""
    wrote = "\n".join(value.strip() for value in values.values() if value.strip())
    return f"{sentence}\nYou wrote:\n{wrote}" if wrote else sentence


def nobody_there(right: Right, names: Names, playbook: Playbook) -> str:
    """For the timeline: nobody whom the rule names was there."""
    return f"Nobody was there whom the rule “{right}” names ({meant(names, playbook)}), so anyone could do this"


def in_spite(right: Right) -> str:
    """For the timeline: done by somebody who had said why."""
    return f"Done in spite of the rule “{right}”"


def declared_anyway() -> str:
    """For the timeline: declared by somebody whom the rule does not name."""
    return "Declared in spite of the rule “declare”"


def going_anyway(by: Person, because: str, until: datetime, rings: Sequence[Person]) -> Card:
    """The channel reads that somebody no longer waits for the rules; whoever leads is rung."""
    names = join([who(person, quiet=False) for person in rings])
    text = (*who(by), " acts in spite of the permission rules until ", When(at=until), f": {because}")
    return Card(tone=Tone.ASK, title="Rules set aside", text=(*text, *((" · ", *names) if rings else ())))


def why(incident: Incident) -> Form:
    """Asks why no rule may hold somebody back."""
    field = FormField(name="because", label="Why can it not wait?", ask=Ask.PARAGRAPH, required=True, longest=500)
    return Form(title="In spite of the rules", does=f"{incident.name} anyway", submit="Go on", fields=(field,))


def who_may(right: Right, playbook: Playbook) -> str:
    """For help: who may, where that is not everyone."""
    names = playbook.permissions.names(right)
    return f"By {playbook.title}, only {meant(names, playbook)} may {SAYS[right]}." if names else ""


def _title(name: str, playbook: Playbook) -> str:
    if name == DECLARER:
        return "whoever declared it"
    role, group, person = playbook.role(name), playbook.group(name), playbook.person(name)
    rotation = named(playbook.rotations, name)
    if role is not None:
        return f"the {role.title}"
    if rotation is not None:
        return f"whoever is on call in {rotation.title}"
    return group.name if group is not None else person.name if person is not None else name
