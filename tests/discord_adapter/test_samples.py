"""The recorded shapes are understood."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.discord.forms import answers, modal
from adapters.discord.heard import original
from adapters.discord.posted import flat
from bot.alerts.colours import colour
from bot.alerts.post import Colour, Part
from bot.forms import Ask, Form, FormField

SAMPLES = Path(__file__).parents[2] / "adapters" / "discord" / "samples"


def sample(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    return read


def test_a_sent_form() -> None:
    assert answers(sample("form")["data"]["components"]) == {"text": "We roll back.", "status": "identified"}


def test_a_sent_form_of_the_older_shape_and_one_left_empty() -> None:
    row = {"type": 1, "components": [{"type": 4, "custom_id": "text", "value": "hello"}]}
    empty = {"type": 18, "component": {"type": 3, "custom_id": "status", "values": []}}
    assert answers([row, empty, {"type": 10, "content": "words"}]) == {"text": "hello"}


@pytest.mark.parametrize(
    ("name", "text", "author"),
    [("alert", "[FIRING:1] HighLatency\np99 is 4 s", "Grafana"), ("message", "SEV1\ncheckout is down", "Tocsin")],
)
def test_a_message_that_somebody_points_at(name: str, text: str, author: str) -> None:
    told = original(sample(name), 7)
    assert (told.text, told.author, told.at.isoformat()) == (text, author, "2026-11-20T12:00:00+00:00")
    assert told.url is not None and told.url.startswith("https://discord.com/channels/7/")


async def test_a_form_keeps_to_discords_limits() -> None:
    fields = tuple(
        FormField(
            name=f"f{n}",
            label="l" * 45,
            hint="h" * 100,
            ask=Ask.CHOICE if n % 2 else Ask.PARAGRAPH,
            choices=tuple((f"v{c}", f"Label {c}" * 30) for c in range(25)) if n % 2 else (),
            initial="v3" if n % 2 else "i" * 9000,
            longest=9000,
        )
        for n in range(5)
    )
    shown = modal(Form(title="Declare an incident", does="", fields=fields))
    assert shown["custom_id"] == "/"
    labels = shown["components"]
    assert len(labels) == 5
    assert labels[0]["component"]["max_length"] == len(labels[0]["component"]["value"]) == 4000
    options = labels[1]["component"]["options"]
    assert [option["value"] for option in options if option.get("default")] == ["v3"]
    assert all(len(option["label"]) <= 100 for option in options)
    assert modal(Form(title="x", does="#4 set", fields=(FormField(name="a", label="A", ask=Ask.CHOICE),)))


def test_an_alert_is_laid_flat() -> None:
    told = sample("alert_full")
    parts, addresses = flat(told["content"], told["embeds"], told["components"])
    assert parts == (
        Part(
            text="**Firing**\nValue: B=22\nSource: https://grafana.example.com/view\n@everyone <@1573306918502400001>"
        ),
        Part(
            title="[FIRING:1] HighLatency :blob: (prod)",
            link="https://grafana.example.com/alerting/list",
            text="Monitoring\np99 is 4 s, see the panel (https://grafana.example.com/d/abcd?a=1&b=2)\nno name",
            fields={"Region": "eu-west-1", "Runbook": "open (https://runbooks.example.com/latency)"},
            colour=Colour.RED,
            footer="Grafana v12.1.0",
        ),
    )
    assert addresses == (
        "https://grafana.example.com/view",
        "https://grafana.example.com/incident/1",
        "https://grafana.example.com/alerting/list",
        "https://grafana.example.com/d/abcd?a=1&b=2",
        "https://runbooks.example.com/latency",
    )


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (10038562, Colour.RED),
        (14037554, Colour.RED),
        (15158332, Colour.RED),
        (0xE01E5A, Colour.RED),
        (0xDAA038, Colour.AMBER),
        (3066993, Colour.GREEN),
        (3581519, Colour.GREEN),
        (5763719, Colour.GREEN),
        (9807270, Colour.NONE),
        (0x5865F2, Colour.NONE),
        (0, Colour.NONE),
        (None, Colour.NONE),
    ],
)
def test_a_colour_says_what_its_hue_says(number: int | None, says: Colour) -> None:
    assert colour(number) is says
