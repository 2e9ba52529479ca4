"""Alertmanager: alerts of Prometheus, by webhook and as Alertmanager itself posts them in chat."""
