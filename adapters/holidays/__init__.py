"""Public holidays by country and region, from the holidays library; loaded only where a playbook names a country."""

from collections.abc import Container
from datetime import date
from functools import lru_cache

import holidays


@lru_cache(64)
def public(country: str, subdivision: str) -> Container[date] | None:
    """The public holidays of a country (ISO 3166) and one of its states or regions; ``None`` where it is not known.

    The days of a year are worked out when one of them is first asked for (a few tens of milliseconds).
    """
    try:
        return holidays.country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        return None
