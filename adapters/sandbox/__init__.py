"""A local chat workspace that speaks Slack's and Discord's own wire protocols, on loopback only."""
