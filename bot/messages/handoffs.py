"""The hand-over as a message with steps to tick and two who confirm; and what is said where nobody does."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.card import Bold, Button, ButtonStyle, Card, Mention, Span, Style, Text, Tone, When, join
from bot.durations import say_duration
from bot.handoff import Handoff, Mark
from bot.messages.handover_note import LATE
from bot.messages.lengths import fit, shorten
from bot.messages.words import coded, people, who

STEPS = 600
"""Characters for all steps."""
NAMED = 12
"""A longer checklist says who ticked each step, and leaves out when."""
BUTTONS = 20
"""Steps with a button of their own; platforms take 25, and two are for those who confirm."""
SHORT = 24
"""Characters of a step on its button."""


def message(one: Handoff) -> Card:
    """The whole. It rings whoever comes, and nobody else."""
    parts = [_change(one), _steps(one), _confirmed(one), one.brief]
    return Card(
        tone=Tone.GOOD if one.confirmed else Tone.CALM,
        title=f"Hand-over: {one.title}",
        text=join([part for part in parts if part], "\n"),
        buttons=tuple(_buttons(one)),
        footer=coded(
            "`/incident handoff` shows where it stands; more: `/incident list`, `/incident actions`, `/incident alerts`"
        ),
    )


def _change(one: Handoff) -> Text:
    off: Text = (*who(one.off), " goes off.") if one.off is not None else ("the rotation begins.",)
    when: Text = ()
    if one.opened_at - one.begins > LATE:
        when = (" That was at ", When(at=one.begins, style=Style.MOMENT), "; this note is late.")
    until: Text = (" Next hand-over ", When(at=one.ends, style=Style.MOMENT), ".")
    return (Mention(person=one.on), " is on call now; ", *off, *when, *until)


def _steps(one: Handoff) -> Text:
    lines: list[str | Span] = [Bold(text=shorten(one.checklist, 80))]
    for number, text in enumerate(fit(one.steps, STEPS), start=1):
        mark = one.ticks.get(number)
        lines += [f"\n{'☐' if mark is None else '☑'} {number}. {text}", *_by(mark, timed=len(one.steps) <= NAMED)]
    return tuple(lines)


def _by(mark: Mark | None, *, timed: bool) -> Text:
    if mark is None:
        return ()
    return (" · ", *who(mark.by), *((", ", When(at=mark.at)) if timed else ()))


def _confirmed(one: Handoff) -> Text:
    """Who of the two has said so, and when."""
    lines: list[Text] = []
    if one.off is not None:
        lines.append(_said(one.gave, (*who(one.off), " hands over"), "handed over"))
    lines.append(_said(one.took, (*who(one.on), " has it"), "has it"))
    if one.told_at is not None and one.took is None:
        lines.append(("Nobody has confirmed; the others were told ", When(at=one.told_at, style=Style.MOMENT), "."))
    return join(lines, "\n")


def _said(mark: Mark | None, waiting: Text, done: str) -> Text:
    if mark is None:
        return ("☐ ", *waiting, ": not confirmed yet")
    return ("☑ ", *who(mark.by), f" {done}, ", When(at=mark.at))


def _buttons(one: Handoff) -> Iterator[Button]:
    if one.off is not None and one.gave is None:
        yield Button(label="I hand over", does=f"handoff {one.name} gave", style=ButtonStyle.PRIMARY)
    if one.took is None:
        yield Button(label="I have it", does=f"handoff {one.name} have", style=ButtonStyle.PRIMARY)
    unticked = [number for number in range(1, len(one.steps) + 1) if number not in one.ticks]
    for number in unticked[:BUTTONS]:
        label = f"☑ {number}. {shorten(one.steps[number - 1], SHORT)}"
        yield Button(label=label, does=f"handoff {one.name} tick {number}")


def once_more(one: Handoff) -> Card:
    """Privately, to whoever comes and has not confirmed."""
    off: Text = (" from ", *who(one.off)) if one.off is not None else ()
    return Card(
        tone=Tone.ASK,
        title=f"You are on call: {one.title}",
        text=(
            "You took over", *off, " at ", When(at=one.begins, style=Style.MOMENT),
            " and have not confirmed yet. Do you have it? "
            f"If I hear nothing within {say_duration(one.wait)}, I tell the others.",
        ),
        buttons=(Button(label="I have it", does=f"handoff {one.name} have", style=ButtonStyle.PRIMARY),),
    )  # fmt: skip


def nobody(one: Handoff) -> Card:
    """In the channel of the hand-over: whoever goes, and the backups, are rung by name."""
    others: list[Text] = [who(one.off, quiet=False)] if one.off is not None else []
    others += [who(person, quiet=False) for person in one.backups]
    stay = "please stay on call until somebody has it, or reach them." if others else "somebody has to reach them."
    return Card(
        tone=Tone.ASK,
        title=f"Nobody has confirmed: {one.title}",
        text=(
            *join(others), *((": ",) if others else ()), *who(one.on), " is on call since ",
            When(at=one.begins, style=Style.MOMENT), f" and has not confirmed, though asked twice; {stay}",
        ),
        buttons=(Button(label="I have it", does=f"handoff {one.name} have", style=ButtonStyle.PRIMARY),),
    )  # fmt: skip


def standing(found: Sequence[Handoff], *, now: datetime) -> Card:
    """Where the current hand-overs stand."""
    if not found:
        return Card(
            text=coded(
                "No hand-over stands now. At a rotation whose playbook gives it a checklist, one is opened at each "
                "change of turn; `/incident handover ic @bo` hands a role over."
            )
        )
    lines = [join([_headline(one), _confirmed(one), *_left(one)], "\n") for one in found]
    return Card(title="Hand-overs", text=join(lines, "\n\n"), buttons=tuple(_private(found)))


def _headline(one: Handoff) -> Text:
    since: Text = (" since ", When(at=one.begins, style=Style.MOMENT))
    return (Bold(text=shorten(one.title, 80)), f" ({one.rotation}): ", *people([one.on]), " is on call", *since, ".")


def _left(one: Handoff) -> list[Text]:
    open_ones = [number for number in range(1, len(one.steps) + 1) if number not in one.ticks]
    if not open_ones:
        return [(f"All {len(one.steps)} steps are ticked.",)]
    texts = fit([one.steps[number - 1] for number in open_ones[:NAMED]], STEPS)
    lines = [(f"☐ {number}. {text}",) for number, text in zip(open_ones, texts, strict=False)]
    return [(f"{len(one.ticks)} of {len(one.steps)} steps are ticked. To do:",), *lines]


def _private(found: Sequence[Handoff]) -> Iterator[Button]:
    for one in found[:2]:
        which = f" ({shorten(one.title, 20)})" if len(found) > 1 else ""
        for button in list(_buttons(one))[:10]:
            yield replace(button, label=f"{button.label}{which}"[:75])


def ticked(one: Handoff, step: int) -> Card:
    """A step is ticked."""
    left = len(one.steps) - len(one.ticks)
    more = "It was the last one." if not left else f"{left} to go."
    return Card(text=(f"☑ {step}. {shorten(one.steps[step - 1], 200)} {more}",))


def ticked_before(one: Handoff, step: int) -> Card:
    """A step was ticked already."""
    mark = one.ticks[step]
    return Card(text=("That was done: ", *who(mark.by), ", ", When(at=mark.at), "."))


def unticked(one: Handoff, step: int) -> Card:
    """A tick is taken back."""
    return Card(text=(f"☐ {step}. {shorten(one.steps[step - 1], 200)} To do again.",))


def confirmed(one: Handoff) -> Card:
    """Somebody has confirmed; what is left."""
    if one.confirmed:
        return Card(tone=Tone.GOOD, text=(f"{shorten(one.title, 80)} is handed over.",))
    waiting: Text = who(one.on) if one.took is None else who(one.off) if one.off is not None else ()
    return Card(text=("Noted. ", *waiting, " has not confirmed yet."))


def confirmed_before(mark: Mark) -> Card:
    """It was confirmed already."""
    return Card(text=("That is confirmed: ", *who(mark.by), ", ", When(at=mark.at), "."))


def early(one: Handoff) -> Card:
    """Whoever comes took over before the time."""
    off: Text = (" ", *who(one.off), " is asked to confirm.") if one.off is not None else ()
    return Card(text=(f"You are on call now: {shorten(one.title, 80)}. Confirm with “I have it”.", *off))
