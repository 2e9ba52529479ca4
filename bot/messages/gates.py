"""What has to hold before an incident is resolved or closed, and does not yet; with what to do about each."""

from collections.abc import Sequence

from bot.card import Button, ButtonStyle, Card, Code, Link, Span, Text, Tone
from bot.durations import say_duration
from bot.incident import Incident
from bot.messages import changes
from bot.messages.lengths import shorten
from bot.messages.words import coded
from bot.playbook.part import named
from bot.playbook.shape import Playbook
from bot.progress import Lack, Lacking

STEPS = 3
"""Steps of a checklist that are named; the rest is counted."""
ITEM = 100
"""Characters of an action item."""


def title(field: str, playbook: Playbook) -> str:
    """What people read of a field."""
    fact = named(playbook.fields, field)
    return fact.title if fact is not None else field.capitalize()


def phrase(lack: Lack, playbook: Playbook) -> str:
    """What is missing, in a few words."""
    first = lack.names[0] if lack.names else ""
    match lack.kind:
        case Lacking.FIELD:
            return f"“{title(first, playbook)}”"
        case Lacking.CHECKLIST:
            return f"the checklist “{_list_title(first, playbook)}” ({_steps(lack)})"
        case Lacking.LINK:
            return f"a link of the kind {' or '.join(lack.names)}"
        case Lacking.MERGE:
            return f"the linked {' or '.join(lack.names)}, merged"
        case Lacking.STATUS_PAGE:
            return "the status page, resolved"
        case Lacking.CHECKS:
            return f"green health checks ({', '.join(lack.names)})"
        case Lacking.QUIET:
            return f"{say_duration(lack.span)} of quiet" if lack.span is not None else "the quiet period"
        case Lacking.ACTION:
            return f"{' and '.join(lack.steps)} for action item {first}"
    return "the post-mortem, published"


def phrases(lacks: Sequence[Lack], playbook: Playbook) -> str:
    """Several, in a row."""
    return ", ".join(phrase(lack, playbook) for lack in lacks)


def _list_title(name: str, playbook: Playbook) -> str:
    checklist = playbook.checklist(name)
    return checklist.title if checklist is not None else name


def _steps(lack: Lack) -> str:
    count = len(lack.steps)
    return "1 step to do" if count == 1 else f"{count} steps to do"


def _how(lack: Lack, incident: Incident, playbook: Playbook) -> Text:
    """What to do about it."""
    first = lack.names[0] if lack.names else ""
    match lack.kind:
        case Lacking.FIELD if named(playbook.fields, first) is not None:
            return (": ", Code(text=f"/incident set {first} …"))
        case Lacking.FIELD:
            words = "resolve WHAT FIXED IT" if first == "fix" else f"{first} …"
            return (": ", Code(text=f"/incident {words}"))
        case Lacking.CHECKLIST:
            more = f" and {len(lack.steps) - STEPS} more" if len(lack.steps) > STEPS else ""
            return (f": {'; '.join(lack.steps[:STEPS])}{more}",)
        case Lacking.LINK:
            return (": ", Code(text=f"/incident link https://… {first}"))
        case Lacking.STATUS_PAGE:
            return _page(incident, playbook)
        case Lacking.MERGE:
            return _merges(lack, incident)
        case Lacking.CHECKS:
            told = [incident.progress.checks.get(check.name) for check in playbook.checks if check.called in lack.names]
            answers = "; ".join(each.says for each in told if each is not None)
            return (f": {answers}",) if answers else ()
        case Lacking.ACTION:
            return (f": {shorten(lack.names[1], ITEM)}",)
        case Lacking.POSTMORTEM:
            draft = Code(text="/incident postmortem")
            return (": ", Code(text="/incident link https://… postmortem"), " once it is; ", draft, " drafts it")
    return ()


def _page(incident: Incident, playbook: Playbook) -> Text:
    """Where Tocsin writes the page, customers are told; elsewhere somebody says how it stands there."""
    if incident.progress.publication is not None:
        return (": ", Code(text="/incident publish"), " tells customers how it ended")
    url = playbook.status_page.url
    page: Text = (Link(url=url, label=url), " ") if url else ()
    return (": ", *page, Code(text="/incident statuspage none"), " where customers saw none")


def _merges(lack: Lack, incident: Incident) -> Text:
    """How the linked changes stand."""
    known = [incident.progress.changes[url] for url in lack.steps if url in incident.progress.changes]
    told = [(" · ", Link(url=one.url, label=one.label), f" is {changes.state(one)}") for one in known[:STEPS]]
    return (": ", *[piece for each in told for piece in each][1:])


def _button(lack: Lack, incident: Incident, playbook: Playbook) -> Button | None:
    match lack.kind:
        case Lacking.FIELD:
            return Button(label="Say it", does=f"{incident.name} resolve form", style=ButtonStyle.PRIMARY)
        case Lacking.CHECKLIST:
            shown = _list_title(lack.names[0], playbook)
            return Button(label=f"Open {shown}"[:75], does=f"{incident.name} checklist {lack.names[0]}"[:100])
        case Lacking.CHECKS:
            return Button(label="Check again", does=f"{incident.name} check")
        case Lacking.POSTMORTEM:
            begun = incident.progress.postmortem is not None
            label, does = ("Post-mortem", "show") if begun else ("Draft the post-mortem", "draft")
            return Button(label=label, does=f"{incident.name} postmortem {does}", style=ButtonStyle.PRIMARY)
        case Lacking.STATUS_PAGE if incident.progress.publication is not None:
            return Button(label="Tell customers", does=f"{incident.name} publish", style=ButtonStyle.PRIMARY)
        case Lacking.STATUS_PAGE:
            return Button(label="Status page is resolved", does=f"{incident.name} statuspage resolved")
        case Lacking.ACTION:
            return Button(label=f"Settle item {lack.names[0]}", does=f"{incident.name} action {lack.names[0]} form")
    return None


def _wanting(lacks: Sequence[Lack], incident: Incident, playbook: Playbook, *, title: str, anyway: str) -> Card:
    text: list[str | Span] = []
    for lack in lacks:
        shown = phrase(lack, playbook)
        text += ["\n• " if text else "• ", f"{shown[:1].upper()}{shown[1:]}", *_how(lack, incident, playbook)]
    made = [_button(lack, incident, playbook) for lack in lacks]
    buttons = tuple(dict.fromkeys(button for button in made if button is not None))[:5]
    last: Text = ("\n", Code(text=anyway), " goes on without it, on the record.")
    return Card(tone=Tone.ASK, title=title, text=("The process asks for this first:\n", *text, *last), buttons=buttons)


def not_resolved(lacks: Sequence[Lack], incident: Incident, playbook: Playbook) -> Card:
    """What is missing for *resolved*."""
    return _wanting(lacks, incident, playbook, title="Not resolved yet", anyway="/incident resolve now because …")


def not_closed(lacks: Sequence[Lack], incident: Incident, playbook: Playbook) -> Card:
    """What is missing for *closed*."""
    return _wanting(lacks, incident, playbook, title="Not closed yet", anyway="/incident close anyway because …")


def say_why(words: str, lacks: Sequence[Lack], playbook: Playbook) -> str:
    """Somebody wants to go on without what is missing, and gave no reason."""
    return f"Say why, like `/incident {words} because the supplier confirms it`. Missing: {phrases(lacks, playbook)}."


def asking_first(count: int) -> Card:
    """The health checks have to be green for *resolved*, and are being asked."""
    checks = "the health check" if count == 1 else f"{count} health checks"
    return Card(text=(f"Asking {checks} first; what follows comes in the channel in a moment.",))


def too_late(incident: Incident) -> Card:
    """The health checks were answered long after somebody wanted to resolve."""
    return Card(
        tone=Tone.ASK,
        text=coded(f"The health checks took too long to be asked, so {incident.name} stays open. Type "
                   "`/incident resolve` again."),
    )  # fmt: skip
