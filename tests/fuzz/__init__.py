"""Inputs that nobody should send, in great numbers, to everything that reads what comes from outside."""
