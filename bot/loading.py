"""Loading adapters by name, when a command first needs them."""

from importlib import import_module
from typing import Any

from bot import logs


def named(module: str, member: str) -> Any:
    """A member of a module that is loaded when first needed, and with it the loggers that its adapter wants quiet."""
    with logs.hushed():
        found = getattr(import_module(module), member)
    folder = import_module(".".join(module.split(".")[:2]))
    logs.quiet(getattr(folder, "QUIET", {}))
    return found
