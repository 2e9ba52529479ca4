"""Discord: what its people say and press comes in, what is owed to them goes out (discord.py)."""
