"""Discord: what its people say and press comes in, what is owed to them goes out (discord.py)."""

QUIET = {"discord": "WARNING", "discord.client": "ERROR"}
"""Loggers of our library that say much, and the level from which on they are worth hearing; ``discord.client`` warns at
each start that voice is not supported."""
