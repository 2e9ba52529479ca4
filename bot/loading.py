"""Loading adapters by name, when a command first needs them."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from bot import logs


def named(module: str, member: str) -> Any:
    """A member of a module that is loaded when first needed, and with it the loggers that its adapter wants quiet."""
    if module not in sys.modules:
        with logs.hushed(), nothing_to_collect():
            import_module(module)
    folder = import_module(".".join(module.split(".")[:2]))
    logs.quiet(getattr(folder, "QUIET", {}))
    return getattr(import_module(module), member)


@contextmanager
def nothing_to_collect() -> Iterator[None]:
    """Look for no garbage meanwhile, nor later among what was made: what modules make stays, and looking through it is
    a tenth of a start, and more the first time that Python looks again.
    """
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if looked:
            gc.enable()
