"""People: users.info, users.list, users.lookupByEmail."""

from adapters.sandbox.slack import scopes
from adapters.sandbox.slack.ask import Ask
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.model import Wire


def info(ask: Ask) -> Wire:
    return {"user": _shown(ask, ask.world.users[ask.user()])}


def listing(ask: Ask) -> Wire:
    users = [_shown(ask, user) for user in ask.world.users.values()]
    page, more = ask.page(users, default=1000)
    return {"members": page, "cache_ts": ask.world.stamps.seconds(), **more}


def lookup_by_email(ask: Ask) -> Wire:
    (email,) = ask.required("email")
    for user in ask.world.users.values():
        if str(user["profile"].get("email", "")).lower() == email.lower():
            return {"user": _shown(ask, user)}
    raise Refusal("users_not_found")


def _shown(ask: Ask, user: Wire) -> Wire:
    """A user, without the address where the token may not read addresses."""
    if scopes.allowed(scopes.EMAIL, ask.world.scopes):
        return user
    return {**user, "profile": {name: value for name, value in user["profile"].items() if name != "email"}}
