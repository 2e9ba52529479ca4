"""The bot's own web server: health, readiness, metrics, and whatever routes the adapters bring."""
