"""The quiet period before an incident counts as resolved: how it stands, what started it over, how it ended."""

from collections.abc import Sequence

from bot.card import Card, Code, Style, Text, Tone, When
from bot.durations import say_duration
from bot.messages.gates import phrases
from bot.messages.words import coded, who
from bot.playbook.help import HealthCheck
from bot.playbook.shape import Playbook
from bot.progress import Lack, Quiet, QuietEnd


def waiting(quiet: Quiet, *, red: Sequence[HealthCheck], watched: int) -> Card:
    """How the quiet period stands."""
    if quiet.over is not None:
        return Card(tone=Tone.CALM, title="Quiet period over", text=_ended(quiet))
    at_once: Text = (Code(text="/incident resolve now because …"), " ends it at once.")
    if red:
        names = ", ".join(check.called for check in red)
        wait = f"{names} {'is' if len(red) == 1 else 'are'} red. Counts as resolved {say_duration(quiet.span)} after "
        text: Text = (wait, "all is green again; ", *at_once)
        return Card(tone=Tone.MAJOR, title="Waiting for quiet", text=text)
    many = "1 health check" if watched == 1 else f"{watched} health checks"
    eyes = f"\nMeanwhile I ask {many} every minute." if watched else ""
    text = ("Counts as resolved at ", When(at=quiet.until), ", ", When(at=quiet.until, style=Style.RELATIVE),
            ", if it stays quiet; ", *at_once, eyes)  # fmt: skip
    footer: Text = ("asked for by ", *who(quiet.by), " · a status update ends it")
    return Card(tone=Tone.GOOD, title="Waiting for quiet", text=tuple(part for part in text if part), footer=footer)


def _ended(quiet: Quiet) -> Text:
    by, again = quiet.over_by, coded("; `/incident resolve` begins it anew.")
    match quiet.over:
        case QuietEnd.HELD:
            return ("It stayed quiet: resolved.",)
        case QuietEnd.AT_ONCE:
            return (f"{by} resolved it at once.",)
        case QuietEnd.LACKING:
            return ("It stayed quiet, but something was missing", *again)
        case QuietEnd.SEVERITY:
            return (f"{by} made it worse: the severity rose", *again)
        case QuietEnd.STATUS:
            return (f"{by} set the status back", *again)
        case QuietEnd.UPDATE:
            return (f"{by} posted a status update", *again)
    return (f"{by} ended the incident.",)


def disturbed(quiet: Quiet) -> Card:
    """What started it over; one message, however often."""
    again = "It starts over: " if quiet.broken == 1 else f"It started over {quiet.broken} times, last because "
    when: Text = (" · ", When(at=quiet.broken_at)) if quiet.broken_at is not None else ()
    return Card(tone=Tone.MAJOR, title="Not quiet yet", text=(f"{again}{quiet.broken_by}", *when))


def lacking(quiet: Quiet, lacks: Sequence[Lack], playbook: Playbook) -> Card:
    """It stayed quiet, but something no longer holds: whoever asked is rung."""
    return Card(
        tone=Tone.ASK,
        title="Not resolved",
        text=(*who(quiet.by, quiet=False), f": it stayed quiet, but this is missing now: {phrases(lacks, playbook)}. "
              "Then ", Code(text="/incident resolve"), "."),
    )  # fmt: skip


def still(quiet: Quiet, *, red: Sequence[HealthCheck]) -> Card:
    """Somebody resolves while it is on."""
    if red:
        when: Text = (f"Counts as resolved {say_duration(quiet.span)} after all health checks are green again; ",)
    else:
        when = ("Counts as resolved at ", When(at=quiet.until), " if it stays quiet; ")
    return Card(text=(*when, Code(text="/incident resolve now because …"), " ends it at once."))


def begun(quiet: Quiet) -> Card:
    """To whoever resolves: it begins."""
    return Card(text=("Not at once: it counts as resolved at ", When(at=quiet.until), " if it stays quiet until then."))


def over_for_now() -> str:
    """What follows from an update, a rise, a step back."""
    return "The quiet period is over; /incident resolve begins it anew."
