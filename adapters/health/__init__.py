"""Health checks: asks services over HTTP how they are, as owed, and brings back what they answer."""
