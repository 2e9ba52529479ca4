"""Our own shape of an alert, with the names that most senders have for its parts."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from bot.alerts.alert import AlertState, Measure
from bot.alerts.foreign import Foreign, Pairs, Text, When

STATES = {
    AlertState.FIRING: (
        "firing fire alerting alert alarm triggered trigger active down open opened problem error critical warning "
        "failing failed unhealthy unresolved"
    ),
    AlertState.ACKNOWLEDGED: "acknowledged acknowledge acked ack",
    AlertState.CLEARED: "resolved resolve cleared clear ok up closed close recovered recovery normal healthy inactive",
}
"""Words for how an alert stands."""
WORDS = {word: state for state, words in STATES.items() for word in words.split()}
MOST = 500
"""Alerts in one request."""


def _measures(value: object) -> dict[Measure, float]:
    """``{"error_rate": 7.5}``: what is measured, in its unit."""
    named = {measure.value: measure for measure in Measure}
    held = value.items() if isinstance(value, Mapping) else ()
    read = ((str(name).replace("_", " ").replace("-", " ").casefold(), figure) for name, figure in held)
    return {named[name]: float(figure) for name, figure in read if name in named and _fits(figure)}


def _fits(figure: object) -> bool:
    return isinstance(figure, int | float) and not isinstance(figure, bool) and 0 <= figure <= 10**12


def _names(*names: str) -> Any:
    """A text, under the first of these names that is there."""
    return Field(default="", validation_alias=AliasChoices(*names))


class Item(Foreign):
    """One alert."""

    key: Text = _names("dedupe_key", "dedup_key", "key", "id")
    status: Text = _names("status", "state")
    severity: Text = _names("severity", "priority", "level")
    title: Text = ""
    summary: Text = ""
    message: Text = ""
    text: Text = ""
    description: Text = _names("description", "details", "body")
    url: Text = _names("url", "link")
    runbook: Text = _names("runbook", "runbook_url")
    component: Text = _names("component", "service", "app", "job")
    source: Text = ""
    labels: Pairs = Field(default_factory=dict)
    links: Pairs = Field(default_factory=dict)
    started_at: When = Field(
        default=None, validation_alias=AliasChoices("started_at", "starts_at", "startsAt", "since")
    )
    ended_at: When = Field(default=None, validation_alias=AliasChoices("ended_at", "ends_at", "endsAt"))
    measures: Annotated[dict[Measure, float], BeforeValidator(_measures)] = Field(default_factory=dict)
    delivery: Text = _names("delivery", "event_id")

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, value: Any) -> Any:
        """A name that holds nothing leaves its place to the next: templates send the ones that they did not set."""
        return (
            {name: held for name, held in value.items() if held not in (None, "")} if isinstance(value, dict) else value
        )

    @property
    def name(self) -> str:
        """What it is called."""
        return next(iter(self._said()), "")

    @property
    def body(self) -> str:
        """What is said of it besides."""
        lines = [self.description, *self._said()]
        return "\n".join(line for line in dict.fromkeys(lines) if line and line != self.name)

    @property
    def stands(self) -> AlertState | None:
        """How it stands: it fires where nothing is said; ``None`` for a word that nobody knows."""
        return WORDS.get(self.status.strip().casefold()) if self.status.strip() else AlertState.FIRING

    def _said(self) -> list[str]:
        lines = (" ".join(line.split()) for line in (self.title, self.summary, self.message, self.text))
        return [line for line in lines if line]


class Several(Foreign):
    """Several alerts at once."""

    alerts: list[Item] = Field(min_length=1, max_length=MOST)
