"""Datadog: alerts of its monitors, by webhook and as its app posts them in Slack."""
