"""The pager: sends pages through Apprise, to push services, phones, mail, PagerDuty, Opsgenie and a hundred more."""

QUIET = {"apprise": "WARNING", "requests": "WARNING", "urllib3": "WARNING"}

__all__ = ["QUIET"]
