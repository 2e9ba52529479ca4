"""The bench: what Tocsin costs and how punctual it is, measured against the sandbox on this machine."""
