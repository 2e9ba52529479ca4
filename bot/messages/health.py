"""What health checks answered, in the channel and to whoever asked."""

from collections.abc import Sequence
from datetime import timedelta

from bot.card import Bold, Button, Card, Code, Span, Text, Tone, When
from bot.durations import say_duration
from bot.incident import Incident
from bot.learned import Met, Reading
from bot.messages.words import coded
from bot.playbook.help import HealthCheck
from bot.playbook.shape import Playbook
from bot.progress import Checked

SHOWN = 20
"""Health checks shown in one message; the red ones first."""


def says(check: HealthCheck, reading: Reading) -> str:
    """What a check was told, in a few words."""
    took = f"{reading.seconds * 1000:.0f} ms" if reading.seconds < 1 else f"{reading.seconds:.1f} s"
    match reading.met:
        case Met.ANSWER if not check.expects(reading.status):
            return f"{reading.status} in {took}, expected {_expected(check)}{_redirect(reading.status)}"
        case Met.ANSWER if not reading.words:
            return f"{reading.status} in {took}, but “{check.contains}” does not stand in it"
        case Met.ANSWER:
            return f"{reading.status} in {took}"
        case Met.SILENCE:
            return f"no answer within {say_duration(timedelta(seconds=check.patience))}"
        case Met.NO_NAME:
            return f"the name {check.host} has no address"
        case Met.NO_WAY:
            return f"{check.host} cannot be reached"
        case Met.DISTRUST:
            return f"the certificate of {check.host} does not hold"
        case Met.NONSENSE:
            return f"{check.host} broke off, or does not speak HTTP"
    return f"not asked: {check.host} is {reading.address}, which is not public, and not one of the allowed hosts"


def _expected(check: HealthCheck) -> str:
    return " or ".join(map(str, check.status)) or "a 2xx"


def _redirect(status: int) -> str:
    return "; redirects are not followed" if 300 <= status <= 399 else ""


def line(check: HealthCheck, told: Checked) -> str:
    """``✓ Backend: 200 in 85 ms``."""
    return f"{'✓' if told.ok else '✗'} {check.called}: {told.says}"


def asking(checks: Sequence[HealthCheck]) -> Card:
    """At once, before anything is answered."""
    return Card(text=(f"Asking {_many(len(checks))}. What they answer comes in the channel in a moment.",))


def _many(count: int) -> str:
    return "1 health check" if count == 1 else f"{count} health checks"


def results(incident: Incident, playbook: Playbook) -> Card:
    """What every check that was asked last answered, and since when it has been so."""
    known = incident.progress.checks
    told = [(check, known[check.name]) for check in playbook.checks if check.name in known]
    told.sort(key=lambda each: each[1].ok)
    text: list[str | Span] = []
    for check, last in told[:SHOWN]:
        text += ["\n" if text else "", "✓ " if last.ok else "✗ ", Bold(text=check.called)]
        text += [f" · {last.says} · since ", When(at=last.since)]
    if len(told) > SHOWN:
        text.append(f"\n… and {len(told) - SHOWN} more")
    watching = incident.progress.watching
    every = f"Asked every {say_duration(timedelta(seconds=watching.every))} · " if watching and watching.by else ""
    return Card(
        tone=Tone.GOOD if all(last.ok for _, last in told) else Tone.MAJOR,
        title="Health checks",
        text=tuple(part for part in text if part),
        buttons=(Button(label="Check again", does=f"{incident.name} check"),),
        footer=(every, Code(text="/incident check"), " asks them again") if every else (),
    )


def told(checks: Sequence[HealthCheck], known: dict[str, Checked]) -> Card:
    """The answers, for whoever asked."""
    lines = [line(check, known[check.name]) for check in checks if check.name in known]
    good = all(known[check.name].ok for check in checks if check.name in known)
    return Card(tone=Tone.GOOD if good else Tone.MAJOR, text=("\n".join(lines[:SHOWN]),))


def turned(changes: Sequence[tuple[HealthCheck, Checked, timedelta | None]]) -> Card:
    """Watched checks that went red, or are green again."""
    parts = []
    for check, now, lasted in changes[:SHOWN]:
        after = f" after {say_duration(lasted)}" if lasted is not None and now.ok else ""
        became = f"is green again{after}" if now.ok else "is red"
        parts.append(f"{'✓' if now.ok else '✗'} {check.called} {became}: {now.says}")
    return Card(tone=Tone.GOOD if all(now.ok for _, now, _ in changes) else Tone.MAJOR, text=("\n".join(parts),))


def red(incident: Incident, playbook: Playbook) -> Text:
    """On the live card, while something is red."""
    known, text = incident.progress.checks, list[str | Span]()
    bad = [check for check in playbook.checks if check.name in known and not known[check.name].ok]
    for check in bad[:3]:
        text += ["\n" if text else "", f"✗ {check.called}: {known[check.name].says} · since "]
        text.append(When(at=known[check.name].since))
    more = (f"\nand {len(bad) - 3} more",) if len(bad) > 3 else ()
    return (*(part for part in text if part), *more)


def none_here() -> str:
    """The playbook names none."""
    return "The playbook of this incident names no health checks. They stand under `checks:` in its playbook.yaml."


def no_such(name: str, playbook: Playbook) -> str:
    """A name that no check has."""
    names = ", ".join(check.name for check in playbook.checks)
    return (
        f"There is no health check “{name[:60]}”. There are {names}; `/incident check` alone asks all that belong here."
    )


def none_belong(incident: Incident, playbook: Playbook) -> str:
    """No check belongs to the incident's component or environment."""
    names = ", ".join(check.name for check in playbook.checks)
    return (
        f"No health check belongs to this component. Name those to ask, like `/incident check {names.split(',')[0]}`."
    )


def watching(checks: Sequence[HealthCheck], every: timedelta) -> Card:
    """From now on they are watched."""
    words = f"{_many(len(checks))} asked every {say_duration(every)}; I speak when one changes. "
    return Card(text=(words, *coded("`/incident watch stop` ends it.")))


def watched_no_more(*, quiet: bool) -> Card:
    """They are asked no more, or only as long as the quiet period lasts."""
    return Card(text=("I ask on until the quiet period is over, and stop then." if quiet else "I ask them no more.",))
