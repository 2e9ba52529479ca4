"""A store in memory, for rehearsals: what happens there is remembered only as long as it is told."""

from adapters.memory.alerts import MemoryInbox
from adapters.memory.store import MemoryStore

__all__ = ["MemoryInbox", "MemoryStore"]
