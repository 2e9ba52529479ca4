"""PagerDuty: its incidents, by webhook and as its app posts them in Slack; and events that others would send to it."""
