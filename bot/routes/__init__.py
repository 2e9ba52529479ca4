"""Routes: how somebody is reached outside chat, set by themselves; and the hours in which they are left alone."""

from bot.routes.address import KINDS, LONGEST, Address, Kind, holds_one, parse
from bot.routes.hours import QuietHours, span
from bot.routes.port import Addressed, Letter, Reach, RouteBook, Routes
from bot.routes.route import CODE_LIVES, CODE_LONG, MOST_ROUTES, MOST_WRONG, Route

__all__ = [
    "CODE_LIVES",
    "CODE_LONG",
    "KINDS",
    "LONGEST",
    "MOST_ROUTES",
    "MOST_WRONG",
    "Address",
    "Addressed",
    "Kind",
    "Letter",
    "QuietHours",
    "Reach",
    "Route",
    "RouteBook",
    "Routes",
    "holds_one",
    "parse",
    "span",
]
