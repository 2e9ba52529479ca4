"""A strict local Slack: Web API, Socket Mode and signed HTTP, for the real slack-bolt and slack-sdk to run against."""
