"""Generic: alerts of any sender that can send JSON, in a small shape of our own."""
