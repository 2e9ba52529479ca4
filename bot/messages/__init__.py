"""Every sentence that the bot says, in one place: short, calm, and ending in what to do next."""
