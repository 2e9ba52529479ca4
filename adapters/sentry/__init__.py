"""Sentry: errors and metric alerts, by webhook and as Sentry itself posts them in chat."""
