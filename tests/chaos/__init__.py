"""``python -m tests.chaos``: real processes killed at random instants, and every effect counted against a model."""
