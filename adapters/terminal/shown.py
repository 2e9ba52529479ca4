"""Cards and findings as plain text for a terminal."""

from collections.abc import Sequence

from bot.card import Card, Tone, plain
from bot.doctor import Finding, Health

MARKS = {Health.FINE: "✓", Health.WORTH_A_LOOK: "!", Health.WRONG: "✗"}


def card(shown: Card) -> str:
    """A card, a line for each part that is there."""
    fields = [f"{field.name}: {plain(field.value)}" for field in shown.fields]
    lines = [shown.title, plain(shown.text).strip(), *fields, plain(shown.footer)]
    return "\n".join(line for line in lines if line)


def as_data(shown: Card) -> dict[str, object]:
    """A card for a script; ``ok`` is false where something was wrong or is asked."""
    fields = {field.name: plain(field.value) for field in shown.fields}
    return {"ok": shown.tone is not Tone.ASK, "title": shown.title, "text": plain(shown.text), "fields": fields}


def findings(found: Sequence[Finding]) -> str:
    """What the doctor found, what is wrong with its mend below it."""
    lines = []
    for one in found:
        lines.append(f"{MARKS[one.health]} {one.what}: {one.says}")
        if one.mend:
            lines.append(f"  → {one.mend}{f' ({one.name})' if one.name else ''}")
    return "\n".join(lines)
