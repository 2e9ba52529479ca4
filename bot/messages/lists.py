"""Checklists and their steps, as they stand in the channel and as one person sees them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot import checklists, phases
from bot.card import Bold, Button, ButtonStyle, Card, CardField, Code, Span, Style, Text, Tone, When
from bot.checklists import BOOK, Sheet
from bot.incident import Incident
from bot.messages.lengths import cut, fit, shorten, weight
from bot.messages.phases import phase
from bot.messages.words import coded, linked, who
from bot.playbook.process import Checklist
from bot.playbook.shape import Playbook
from bot.progress import Tick

ROOM = 3700
"""Characters of a standing message's text, so that the smallest of the platforms (Discord, 4,096) never cuts it."""
DETAIL = 500
"""Characters of the next step's details in a standing message."""
HEADING = 160
"""Characters of the title of a sheet that stands below another."""
OFFERED = 5
"""Steps that a message offers to tick at once, and lists that it offers to open."""
SHORT = 60
"""Characters of a step or a list on its button."""
ROLE = 30
"""Characters of a role beside its step."""
WITHIN = 120
"""Characters of a step within a sentence."""


def message(incident: Incident, playbook: Playbook, one: Sheet) -> Card:
    """A sheet as it stands in the channel, with those that opened together with it below."""
    also = checklists.below(incident, playbook, one)
    room = ROOM // (1 + len(also)) - HEADING * bool(also)
    first, *rest = (sheet(incident, playbook, each, room=room) for each in (one, *also))
    text = [*first.text]
    for card in rest:
        text += ["\n\n", Bold(text=card.title), "\n", *card.text]
    done = all(card.tone is Tone.GOOD for card in (first, *rest))
    buttons = tuple(button for card in (first, *rest) for button in card.buttons)
    return replace(first, tone=Tone.GOOD if done else Tone.CALM, text=tuple(text), buttons=buttons)


def sheet(incident: Incident, playbook: Playbook, one: Sheet, *, room: int = ROOM) -> Card:
    """A sheet: every step with its state, and buttons for those that come next; its text in so many characters."""
    ticks = checklists.ticks(incident, one)
    upcoming = checklists.upcoming(one, ticks)
    done, whole = checklists.count(one, ticks)
    sign = "✅" if done == whole else "📖" if one.key.startswith(BOOK) else "📋"
    told = f"{done} of {whole}" if done < whole else f"all {whole} done" if whole > 1 else "done"
    return Card(
        tone=Tone.CALM if done < whole else Tone.GOOD,
        title=f"{sign} {shorten(one.title, WITHIN)} · {told}",
        text=_steps(playbook, one, ticks, upcoming, room=room),
        buttons=tuple(_tick_button(incident, one, number) for number in upcoming[:OFFERED]),
        footer=_footer(incident, playbook, one),
    )


def _steps(playbook: Playbook, one: Sheet, ticks: Mapping[int, Tick], upcoming: list[int], *, room: int) -> Text:
    """All steps, one a line; below the next one, where they go in order, its details.

    The steps' own words and the reasons for leaving some out share the room that the rest leaves.
    """
    settled = checklists.settled(one, ticks)
    first = upcoming[0] if one.ordered and upcoming else 0
    heads = [_head(one, number, ticks, settled) for number in one.numbers()]
    tails = [_tail(playbook, one, number, ticks, settled, first) for number in one.numbers()]
    detail = cut(one.step(first).detail.strip(), DETAIL) if first else ""
    taken = sum(weight((head, *tail)) + 7 for head, tail in zip(heads, tails, strict=True)) + weight((detail,))
    reasons = [shorten(ticks[number].skipped, WITHIN) if number in ticks else "" for number in one.numbers()]
    said = fit([step.text for step in one.steps] + reasons, room - taken)
    lines: list[str | Span] = []
    for number, head, tail in zip(one.numbers(), heads, tails, strict=True):
        lines += ["\n" if lines else "", Bold(text=head) if one.ordered and number in upcoming else head]
        lines += [" ", *coded(said[number - 1]), *tail, said[len(heads) + number - 1]]
        if detail and number == first:
            lines += ["\n", *linked(detail)]
    return tuple(part for part in lines if part)


def _head(one: Sheet, number: int, ticks: Mapping[int, Tick], settled: frozenset[int]) -> str:
    """``☐ 3.``; ``or`` before a step that stands for an earlier one, ``–`` where another was done in its place."""
    kept, group = ticks.get(number), one.step(number).any_of
    mark = "☑" if kept is not None else "–" if number in settled else "☐"
    mark = "⊘" if kept is not None and kept.skipped else mark
    again = group and any(one.step(other).any_of == group for other in range(1, number))
    said = one.step(number).text.casefold().startswith("or ")
    return f"{mark} {number}. or" if again and not said else f"{mark} {number}."


def _tail(
    playbook: Playbook, one: Sheet, number: int, ticks: Mapping[int, Tick], settled: frozenset[int], first: int
) -> Text:
    """Who did it and when, or whose it is; before the reason where it was left out."""
    step, kept = one.step(number), ticks.get(number)
    if kept is not None:
        before, after = (" · left out by ", ": ") if kept.skipped else (" · ", "")
        return (before, *who(kept.by), ", ", When(at=kept.at), after)
    if number in settled:
        return ()
    role = playbook.role(step.role) if step.role else None
    whose = f" ({shorten(role.title, ROLE)})" if role is not None else ""
    return (f"{whose}{' ⓘ' if step.detail and number != first else ''}",)


def _tick_button(incident: Incident, one: Sheet, number: int) -> Button:
    label = f"☑ {number}. {shorten(one.step(number).text, SHORT)}"
    style = ButtonStyle.PRIMARY if one.ordered else ButtonStyle.PLAIN
    return Button(label=label, does=f"{incident.name} tick {one.key} {number}", style=style)


def _footer(incident: Incident, playbook: Playbook, one: Sheet) -> Text:
    checklist = playbook.checklist(one.key)
    off = checklist is not None and not playbook.applies(checklist.severities, incident.severity)
    told = f"not asked for at {incident.severity.upper()} · " if off else ""
    order = "in order · " if one.ordered else ""
    return (f"{told}{order}", Code(text=f"/incident checklist {one.name} 1"), " tells all about step 1")


def overview(incident: Incident, playbook: Playbook, *, now: datetime) -> Card:
    """Where the checklists stand, the current phase's first; and those that are not open yet, to be opened."""
    text: list[str | Span] = []
    if current := phase(incident, playbook, now=now):
        text += [Bold(text="Phase"), "  ", *current, "\n"]
    closed: list[Sheet] = []
    for one, opens in _all(incident, playbook, now=now):
        text += ["\n" if text else "", *_summary(incident, one), f" · {opens}" if opens else ""]
        closed += [one] if opens else []
    if not any(text):
        return Card(text=coded("This process has no checklists. `/incident runbook` shows what help there is."))
    buttons = tuple(
        Button(label=f"Open {shorten(one.title, SHORT)}", does=f"{incident.name} checklist {one.key}")
        for one in closed[:OFFERED]
    )
    return Card(title=f"Checklists of {incident.name}", text=tuple(part for part in text if part), buttons=buttons)


def _all(incident: Incident, playbook: Playbook, *, now: datetime) -> Iterator[tuple[Sheet, str]]:
    """Every sheet, and when it opens where it does not stand yet."""
    ahead = phases.ahead(incident, playbook, now=now)
    for checklist in ahead:
        found = checklists.sheet(playbook, checklist.name)
        if found is not None:
            yield found, _opens(incident, checklist)
    names = {checklist.name for checklist in ahead}
    yield from ((one, "") for one in checklists.standing(incident, playbook) if one.key not in names)


def _opens(incident: Incident, checklist: Checklist) -> str:
    if checklist.name in incident.progress.opened:
        return ""
    when = {"resolved": "opens when it is resolved", "closed": "opens when it is closed"}
    return when.get(checklist.opens, "not in the channel yet")


def _summary(incident: Incident, one: Sheet) -> Iterator[str | Span]:
    ticks = checklists.ticks(incident, one)
    done, whole = checklists.count(one, ticks)
    yield from (Bold(text=one.title), " ", Code(text=one.name), f" · {done} of {whole}")
    upcoming = checklists.upcoming(one, ticks)
    yield f" · next: {upcoming[0]}. {shorten(one.step(upcoming[0]).text, WITHIN)}" if upcoming else ""


def step(incident: Incident, playbook: Playbook, one: Sheet, number: int) -> Card:
    """One step with all its details."""
    what, kept = one.step(number), checklists.ticks(incident, one).get(number)
    role = playbook.role(what.role) if what.role else None
    fields = [CardField(name="State", value=_state(kept))]
    if role is not None:
        holder = incident.holder(role.name)
        held: Text = who(holder) if holder is not None else ("nobody yet",)
        fields.append(CardField(name="Whose", value=(f"{role.title}: ", *held)))
    if kept is not None and kept.note:
        fields.append(CardField(name="Note", value=(kept.note,)))
    detail: Text = ("\n\n", *linked(what.detail.strip())) if what.detail.strip() else ()
    return Card(
        title=f"{shorten(one.title, WITHIN)} · step {number} of {len(one.steps)}",
        text=(*linked(what.text.strip()), *detail),
        fields=tuple(fields),
        buttons=_step_buttons(f"{one.key} {number}", incident, kept),
    )


def _step_buttons(which: str, incident: Incident, kept: Tick | None) -> tuple[Button, ...]:
    if kept is not None:
        return (Button(label="Untick", does=f"{incident.name} untick {which}"),)
    return (
        Button(label="Tick", does=f"{incident.name} tick {which}", style=ButtonStyle.PRIMARY),
        Button(label="Leave it out", does=f"{incident.name} skip {which}"),
    )


def _state(kept: Tick | None) -> Text:
    if kept is None:
        return ("☐ to do",)
    done: Text = (*who(kept.by), ", ", When(at=kept.at, style=Style.MOMENT))
    return ("⊘ left out by ", *done, f": {kept.skipped}") if kept.skipped else ("☑ ", *done)


def opened(sheets: Sequence[Sheet]) -> str:
    """What now stands in the channel."""
    titles = [f"“{one.title}”" for one in sheets]
    if len(titles) == 1:
        return f"The checklist {titles[0]} stands in the channel."
    return f"The checklists {', '.join(titles[:-1])} and {titles[-1]} stand in the channel."


def ticked(incident: Incident, one: Sheet, number: int) -> Card:
    """A step was ticked or left out; and what comes next."""
    ticks = checklists.ticks(incident, one)
    done, whole = checklists.count(one, ticks)
    mark = "⊘" if ticks[number].skipped else "☑"
    said = f"{mark} {number}. {shorten(one.step(number).text, WITHIN)} · {done} of {whole}."
    upcoming = checklists.upcoming(one, ticks)
    if not upcoming:
        return Card(tone=Tone.GOOD, text=coded(f"{said} {one.title} is complete."))
    return Card(text=coded(f"{said} Next: {named(one, upcoming[0])}"))


def ticked_before(one: Sheet, number: int, kept: Tick, *, mine: bool) -> Card:
    """Somebody was quicker, or it was done long ago."""
    by: Text = ("you",) if mine else who(kept.by)
    return Card(text=(f"Step {number} of {one.title} is ticked already, by ", *by, " at ", When(at=kept.at), "."))


def named(one: Sheet, number: int) -> str:
    """A step at the end of a sentence: ``4. Triage.``."""
    text = shorten(one.step(number).text, WITHIN)
    return f"{number}. {text}" if text.endswith((".", "!", "?", "…")) else f"{number}. {text}."
