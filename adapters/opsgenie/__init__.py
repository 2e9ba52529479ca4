"""Opsgenie and Jira Service Management: their alerts, by webhook and as their apps post them in chat."""
