"""Better Stack: incidents of its monitors and heartbeats, by webhook and as its app posts them in Slack."""
