"""Grafana: alerts of its unified alerting and of the older one, by webhook and as Grafana itself posts them in chat."""
