"""Slack: what is heard there becomes the core's words, and what the core owes becomes calls of Slack's Web API."""
