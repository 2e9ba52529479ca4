"""Importing: an on-call schedule kept elsewhere, as rotations that a person reads and puts into the playbook."""
