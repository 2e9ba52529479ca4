"""What somebody is told of their accounts: who the bot takes them for, how to link two, and that two were linked."""

from collections.abc import Sequence

from bot.accounts import CODE_LIVES, Account, lacking
from bot.card import Card, CardField, Code, Text, Tone
from bot.durations import say_duration
from bot.messages.words import coded
from bot.people import Person

UNLINK = "`/incident account unlink`"


def whoami(person: Person, accounts: Sequence[Account], *, here: str, platforms: Sequence[str], code: str = "") -> Card:
    """Who the bot takes somebody for on each platform, and how to become one person on those that are missing."""
    linked = {one.platform: one.name for one in accounts if person.on(one.platform) == one.handle}
    fields = []
    for platform in platforms:
        known = f"you, as {linked[platform]}" if platform in linked else "you, says the playbook"
        value = "this account" if platform == here else known if person.on(platform) else "nobody that I know of"
        fields.append(CardField(name=platform.title(), value=(value,)))
    missing = names(lacking(person, platforms))
    text: Text = coded(f"{UNLINK} makes them several people again.") if linked else ()
    if code:
        text = (
            f"Are you on {missing} too? Then type this there, within {say_duration(CODE_LIVES)}: ",
            Code(text=f"/incident account {code}"),
            "\nIt works once. Whoever types it acts as you from then on, so show it to nobody.",
        )
    return Card(title=f"You are {person.name}", text=text, fields=tuple(fields))


def linked(other: Account) -> Card:
    """Two accounts are one person's now: for whoever typed the code."""
    said = f"You are one person with {other.name} on {other.platform.title()} now. {UNLINK} takes it back."
    return Card(tone=Tone.GOOD, text=coded(said))


def linked_there(other: Account) -> Card:
    """The same, for the account that the code was given to: it may not have been meant."""
    return Card(
        tone=Tone.ASK,
        title="Your accounts are linked",
        text=coded(
            f"{other.name} on {other.platform.title()} typed your code, and acts as you from now on. "
            f"If that was not you, type {UNLINK}."
        ),
    )


def unlinked(accounts: Sequence[Account]) -> Card:
    """They are several people again."""
    where = " and ".join(sorted({one.platform.title() for one in accounts}))
    return Card(text=(f"Your accounts on {where} are unlinked. Incidents that they took part in stay as they are.",))


def names(platforms: Sequence[str]) -> str:
    """``Slack or Discord``."""
    return " or ".join(platform.title() for platform in platforms)
