"""What somebody is told of their own routes and quiet hours, and what is sent by a route for its own sake."""

from collections.abc import Sequence
from datetime import datetime

from bot.card import Button, Card, CardField, Code, Text, Tone, When
from bot.durations import say_duration
from bot.forms import Form, FormField
from bot.routes import CODE_LIVES, MOST_WRONG, QuietHours, Route

WHERE_TO_ADD = "Say where you are reached, like `/incident routes add ntfy://your-topic`."
IN_CHAT = (
    "Set your routes in chat, by direct message with me: an address is a secret, and what is typed here stays in the "
    "shell's history."
)
UNKNOWN = (
    "I know `routes`, `routes add ADDRESS`, `routes verify CODE`, `routes code 1`, `routes first 2`, "
    "`routes remove 2`, `routes test 1`, `routes quiet 22:00-07:00 except sev2` and `routes quiet off`."
)
UNKNOWN_KIND = "Write the address behind `routes add`, or before it what it is: push, sms, email, pager or chat."
NO_PAGER = "Nothing can be sent from here: no pager is switched on. Ask whoever looks after Tocsin."
NO_CODE = "Type the code that came, its six digits, like `routes verify 471108`."
WRONG_CODE = "That is not the code that was sent. Look at the newest message and type it again."
VOID = (
    f"That was wrong {MOST_WRONG} times, so the code that was sent is void. "
    f"In {say_duration(CODE_LIVES)} `routes code 1` sends another."
)


def adding(longest: int) -> Form:
    """Asks for an address where nobody else sees it."""
    hint = "As Apprise writes it: ntfy://your-topic, pover://USER@TOKEN, mailtos://you:password@example.com"
    address = FormField(name="address", label="Where you are reached", hint=hint[:100], required=True, longest=longest)
    return Form(title="Add a route of your own", does="routes add", submit="Send the code", fields=(address,))


def shown(routes: Sequence[Route], quiet: QuietHours | None, *, now: datetime) -> Card:
    """All of somebody's routes, by names that tell no address."""
    fields = tuple(
        CardField(name=f"{number}. {route.name}", value=_state(route, number, now))
        for number, route in enumerate(routes, 1)
    )
    others = "by the ways that whoever looks after Tocsin has set up"
    said = f"Pages reach you by these, in this order; then {others}." if routes else f"Pages reach you {others}."
    hours = CardField(name="Quiet hours", value=_hours(quiet))
    add = Button(label="Add a route", does="routes add")
    return Card(title="Your routes", text=(said,), fields=(*fields, hours), buttons=(add,))


def _state(route: Route, number: int, now: datetime) -> Text:
    if route.verified_at is not None:
        return (f"{route.kind}, verified",)
    if route.awaits(now):
        return (f"{route.kind}, not used yet: its code waits to be typed until ", When(at=_until(route)))
    return (f"{route.kind}, not used yet: ", Code(text=f"/incident routes code {number}"), " sends another code")


def _until(route: Route) -> datetime:
    return route.code_until or route.added_at


def _hours(quiet: QuietHours | None) -> Text:
    if quiet is None:
        return ("none",)
    excepted = ", ".join(sorted(quiet.excepts))
    return (f"{quiet.begins:%H:%M} to {quiet.ends:%H:%M} ({quiet.zone}), except {excepted}",)


def how_it_goes_on(route: Route, number: int) -> str:
    """What to do with a route that is there."""
    if route.verified_at is not None:
        return "It is verified."
    return f"Type the code that was sent by it, or have another sent with `routes code {number}`."


def wait_for_code(route: Route) -> str:
    """A code was sent lately."""
    return (
        f"A code for {route.name} was sent already; another can be sent {say_duration(CODE_LIVES)} after it. "
        "If it does not come, the address may be wrong: remove the route and add it again."
    )


def added(route: Route, number: int) -> Card:
    """It is kept, and its code is on its way."""
    return Card(
        tone=Tone.ASK,
        text=(
            f"Route {number}, {route.name}, is kept, sealed. I am sending a code by it. Type it within "
            f"{say_duration(CODE_LIVES)}: ",
            Code(text="/incident routes verify CODE"),
            "\nUntil then no page goes there.",
        ),
    )


def verified(route: Route, number: int) -> Card:
    """From now on pages go there."""
    return Card(
        tone=Tone.GOOD,
        text=(f"{route.name} is verified: pages reach you by it from now on, as your route {number}. ",
              Code(text="/incident routes"), " shows all of them."),
    )  # fmt: skip


def removed(route: Route, *, left: Sequence[Route]) -> Card:
    """It is forgotten."""
    usable = [each for each in left if each.verified_at is not None]
    rest = "" if usable else " You have no verified route of your own now."
    return Card(text=(f"{route.name} is removed, and its address forgotten.{rest}",))


def tested(routes: Sequence[Route]) -> Card:
    """A test is on its way."""
    names = " and ".join(route.name for route in routes)
    return Card(text=(f"I am sending a test by {names}. If it cannot be sent, I tell you here.",))


def quiet_from_now_on(hours: QuietHours) -> Card:
    """Quiet hours are kept."""
    excepted = ", ".join(sorted(hours.excepts))
    return Card(
        text=(
            f"From {hours.begins:%H:%M} to {hours.ends:%H:%M} ({hours.zone}) you are paged for {excepted} only. "
            "For all else whoever comes after you is paged at once, and the channel sees it.",
        )
    )


def never_quiet() -> Card:
    """There are none any more."""
    return Card(text=("You have no quiet hours: pages reach you at any hour.",))


def failed(name: str, why: str, *, test: bool) -> Card:
    """What was sent for a route's own sake did not go out."""
    what = "The test" if test else "The code"
    return Card(
        tone=Tone.ASK,
        text=(f"{what} could not be sent by {name}: {why}. Is the address right? ",
              Code(text="/incident routes"), " shows your routes; remove it there and add it again."),
    )  # fmt: skip


# What the route itself brings


def code_letter(code: str) -> tuple[str, str]:
    """Title and text of what proves that somebody is reached there."""
    lives = say_duration(CODE_LIVES)
    return (
        f"Tocsin: your code is {code}",
        f"Type this to me in chat within {lives}: /incident routes verify {code}\n"
        "From then on you are paged here. If you did not ask for it, do nothing.",
    )


def test_letter() -> tuple[str, str]:
    """Title and text of a test."""
    return ("Tocsin: a test", "You asked for a test of this route. Pages reach you here.")
