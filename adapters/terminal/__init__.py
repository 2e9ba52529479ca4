"""The command line: the same bot for a terminal and for scripts."""
