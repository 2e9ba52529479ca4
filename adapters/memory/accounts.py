"""Accounts in memory: nobody has linked any."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.accounts import Account


class NoAccounts:
    """See :class:`bot.accounts.Accounts`."""

    async def of(self, platform: str, handles: Collection[str]) -> list[Account]:
        """None is linked."""
        return []

    async def link(self, accounts: Sequence[Account], *, at: datetime) -> None:
        """Not kept."""

    async def unlink(self, person: str) -> None:
        """Nothing to forget."""

    async def give_code(self, digest: str, account: Account, *, until: datetime) -> None:
        """Not kept."""

    async def code(self, digest: str, *, now: datetime) -> Account | None:
        """No code was given."""
        return None

    async def wrong_codes(self, platform: str, handle: str, *, now: datetime) -> int:
        """None was typed."""
        return 0

    async def typed_wrong(self, platform: str, handle: str, *, now: datetime, until: datetime) -> None:
        """Not counted."""
