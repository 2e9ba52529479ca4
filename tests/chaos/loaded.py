"""Imports whatever a bot may need, once: see :mod:`tests.chaos.forked`."""

import pkgutil
from importlib import import_module

import apprise

import adapters
import bot

LIBRARIES = (
    "httpcore", "httptools", "lxml.etree", "uvicorn.lifespan.on", "uvicorn.protocols.http.httptools_impl",
    "slack_bolt.listener_matcher.async_builtins",
)  # fmt: skip
LEFT = ("adapters.sandbox", "adapters.database.migrations")
"""What no bot runs."""

apprise.Apprise().add("ntfy://127.0.0.1/topic")  # it loads all that it knows once an address is given

for package in (adapters, bot):
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.startswith(LEFT) and not found.name.endswith("__main__"):
            import_module(found.name)
for name in (*LIBRARIES, "bot.composition", "tests.chaos.bot"):
    import_module(name)
