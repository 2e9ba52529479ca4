"""What UptimeRobot sends: its variables, as JSON, as a form, or in the address, by the names that people give them."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import parse_qsl

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from bot.alerts.foreign import Foreign, read, text, when
from bot.alerts.source import Delivery, NotUnderstood

EXPECTED = (
    "UptimeRobot's variables were expected, as JSON, as a form or in the address: at least “monitorFriendlyName” and "
    "“alertType”"
)
MOST = 60
"""Fields of a form."""
LONGEST = timedelta(days=3650)
_PART = re.compile(r"(\d{1,9})\s*(day|hour|minute|min|second|sec)", re.IGNORECASE)
_SECONDS = {"day": 86400, "hour": 3600, "minute": 60, "min": 60, "second": 1, "sec": 1}


def _filled(value: object) -> str:
    """A variable's value; one that was not filled in still stands between asterisks."""
    said = text(value).strip()
    return "" if re.fullmatch(r"\*\w{1,40}\*", said) else said


Filled = Annotated[str, BeforeValidator(_filled)]


class Sent(Foreign):
    """The variables. Receivers in the field name them in snake case as well."""

    id: Filled = Field(default="", validation_alias=AliasChoices("monitorID", "monitor_id", "monitorId"))
    name: Filled = Field(default="", validation_alias=AliasChoices("monitorFriendlyName", "monitor_friendly_name"))
    url: Filled = Field(default="", validation_alias=AliasChoices("monitorURL", "monitor_url", "monitorUrl"))
    type: Filled = Field(default="", validation_alias=AliasChoices("alertType", "alert_type"))
    kind: Filled = Field(default="", validation_alias=AliasChoices("alertTypeFriendlyName", "alert_type_friendly_name"))
    details: Filled = Field(default="", validation_alias=AliasChoices("alertDetails", "alert_details"))
    seconds: Filled = Field(default="", validation_alias=AliasChoices("alertDuration", "alert_duration"))
    spelled: Filled = Field(
        default="", validation_alias=AliasChoices("alertFriendlyDuration", "alert_friendly_duration")
    )
    time: Filled = Field(default="", validation_alias=AliasChoices("alertDateTime", "alert_date_time"))
    expires_in: Filled = Field(default="", validation_alias=AliasChoices("sslExpiryDaysLeft", "ssl_expiry_days_left"))

    @model_validator(mode="before")
    @classmethod
    def _only_filled(cls, value: Any) -> Any:
        """A name that holds nothing leaves its place to the next."""
        return {name: held for name, held in value.items() if _filled(held)} if isinstance(value, dict) else value

    @property
    def at(self) -> datetime | None:
        """When it happened."""
        return when(float(self.time)) if re.fullmatch(r"\d{1,13}(\.\d{1,6})?", self.time) else when(self.time)

    @property
    def duration(self) -> timedelta | None:
        """How long it was down, or has been."""
        if re.fullmatch(r"\d{1,9}(\.\d{1,6})?", self.seconds):
            return min(LONGEST, timedelta(seconds=float(self.seconds)))
        parts = _PART.findall(self.spelled)[:5]
        spelled = timedelta(seconds=sum(int(amount) * _SECONDS[unit.lower()] for amount, unit in parts))
        return min(LONGEST, spelled) if parts else None


def sent(delivery: Delivery) -> Sent:
    """The variables of a request; those in the address count where the body has none."""
    body = delivery.body.strip()
    found = read(Sent, body, expected=EXPECTED) if body.startswith((b"{", b"\xef\xbb\xbf")) else _form(body)
    if not found.name:
        found = Sent.model_validate(dict(delivery.query))
    if not found.name or not (found.type or found.kind):
        raise NotUnderstood(EXPECTED)
    return found


def _form(body: bytes) -> Sent:
    try:
        return Sent.model_validate(dict(parse_qsl(body.decode(), max_num_fields=MOST)))
    except ValueError as error:
        raise NotUnderstood(EXPECTED) from error
