"""Loading adapters by name, when a command first needs them."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from bot import logs


def named(module: str, member: str) -> Any:
    """A member of a module that is loaded when first needed, and with it the loggers that its adapter wants quiet."""
    with logs.hushed(), nothing_to_collect():
        found = getattr(import_module(module), member)
    folder = import_module(".".join(module.split(".")[:2]))
    logs.quiet(getattr(folder, "QUIET", {}))
    return found


@contextmanager
def nothing_to_collect() -> Iterator[None]:
    """Look for no garbage meanwhile: what modules make stays, and looking through it is an eighth of a start."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()
