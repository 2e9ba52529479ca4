"""What is said where the clock or an outbox stands still: on the platform that works, and in ``/readyz``."""

from datetime import datetime

from bot.card import Card, Code, Text, Tone, When
from bot.messages.notices import OUTSIDE
from bot.standstill import Cause, Trouble


def line(trouble: Trouble) -> str:
    """For an operator who looks at ``/readyz``; times are UTC."""
    name = _name(trouble.platform)
    waits = f"{_things(trouble.depth)}, the oldest since {trouble.oldest:%H:%M:%S} UTC"
    since = f"{trouble.since:%H:%M:%S} UTC"
    match trouble.cause:
        case Cause.AWAY:
            return f"{name} has not taken anything since {since} and does not answer; {waits}"
        case Cause.LIMITED if trouble.until is not None:
            return (
                f"{name} has not taken anything since {since} and asks to wait until {trouble.until:%H:%M:%S}; {waits}"
            )
        case Cause.IDLE:
            return f"nothing was tried on {name} since {since}, so the fault is here: restart this process; {waits}"
    return f"{name} has not taken anything since {since}, the last attempt ended with “{trouble.why}”; {waits}"


def stuck(trouble: Trouble, *, here: str) -> Card:
    """A platform takes nothing: told on another one, ``here``."""
    name, on = _name(trouble.platform), _name(here)
    since = When(at=trouble.since)
    begin: Text = (f"{name} has not taken anything from me since ", since, ". ")
    if trouble.cause is Cause.IDLE:
        begin = (f"I have not got anything done on {name} since ", since, ", though it can be reached. ")
    waits: Text = (f"{_things(trouble.depth)}, the oldest since ", When(at=trouble.oldest), ". ")
    return Card(
        tone=Tone.MINOR,
        title=f"{name} takes nothing at the moment",
        text=(*begin, *waits, *_because(trouble), f"\nPlease go on here on {on}: incidents, updates and reminders work "
              f"as ever. What waits for {name} is kept and comes by itself, once and in order. ", *_mend(trouble)),
    )  # fmt: skip


def _because(trouble: Trouble) -> Text:
    match trouble.cause:
        case Cause.AWAY:
            return ("It does not answer; I keep trying.",)
        case Cause.LIMITED if trouble.until is not None:
            return ("It asks me to wait until ", When(at=trouble.until), "; I go on then.")
        case Cause.IDLE:
            return ("That is a fault of mine.",)
    return ("My last attempt ended with ", Code(text=trouble.why), "; I keep trying.")


def _mend(trouble: Trouble) -> Text:
    if trouble.cause is Cause.LIMITED:
        return ()
    if trouble.cause is Cause.IDLE:
        return ("An operator restarts Tocsin; its log says more at ", Code(text="outbox_stuck"), ".")
    return (Code(text="tocsin doctor"), " tells an operator what is wrong.")


def moves(platform: str, *, oldest: datetime) -> Card:
    """In its place, once that is over."""
    name = _name(platform)
    return Card(
        tone=Tone.GOOD,
        title=f"{name} takes everything again",
        text=(f"What had waited for {name} since ", When(at=oldest), " is there now. Where something was given up on "
              "the way, its incident's channel says so."),
    )  # fmt: skip


def clock_stuck(*, due: datetime) -> Card:
    """The clock does not do what is due."""
    return Card(
        tone=Tone.MAJOR,
        title="My clock is stuck",
        text=("What was due at ", When(at=due), " is not done: reminders, deadlines and escalations do not come until "
              "this is over. Please keep the time of updates yourselves; commands work as ever.\nAn operator restarts "
              "Tocsin, which loses nothing: what is due then comes at once. Its log says more at ",
              Code(text="clock_stuck"), "."),
    )  # fmt: skip


def clock_runs(*, due: datetime) -> Card:
    """In its place, once that is over."""
    said: Text = ("It was stuck from ", When(at=due), " on. All that was due by now is done; nothing is left out.")
    return Card(tone=Tone.GOOD, title="My clock runs again", text=said)


def _name(platform: str) -> str:
    return OUTSIDE.get(platform, platform.capitalize()).removeprefix("The ")


def _things(count: int) -> str:
    return "1 thing waits" if count == 1 else f"{count} things wait"
