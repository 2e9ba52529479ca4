"""The JSON Schema for editors is the one of this code, takes every playbook that ships, and refuses what is wrong."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.playbook.schema import schema
from bot.playbook.tree import read
from bot.settings import SHIPPED

KEPT = SHIPPED.parent / "docs" / "playbook.schema.json"
BROKEN = Path(__file__).parent / "broken"


def plain(value: Any) -> Any:
    """As an editor reads it: a day is a text."""
    if isinstance(value, dict):
        return {key: plain(held) for key, held in value.items()}
    if isinstance(value, list):
        return [plain(held) for held in value]
    return value.isoformat() if isinstance(value, date) else value


def mistakes(file: Path) -> list[str]:
    """What an editor would underline: the paths to it."""
    return [error.json_path for error in Draft202012Validator(schema()).iter_errors(plain(read(file).values))]


def test_the_schema_in_docs_is_current() -> None:
    assert json.loads(KEPT.read_text(encoding="utf-8")) == schema(), (
        "write it anew: tocsin check --schema > docs/playbook.schema.json"
    )
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*/playbook.yaml")), ids=lambda file: file.parent.name)
def test_every_shipped_playbook_fits_the_schema_and_names_it(file: Path) -> None:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    assert (file.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve() == KEPT
    assert mistakes(file) == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("wrong-durations", "$.severities[0].cadence"),
        ("wrong-words", "$.severities[0].tone"),
        ("wrong-names", "$.name"),
        ("yaml-numbers-and-days", "$.calendar.opens"),
        ("unknown-keys", "$"),
    ],
)
def test_an_editor_underlines_what_is_wrong(name: str, path: str) -> None:
    assert path in mistakes(BROKEN / f"{name}.yaml")


def test_what_stands_under_a_field_is_what_the_editor_says_of_it() -> None:
    severity = schema()["$defs"]["Severity"]["properties"]
    assert severity["cadence"]["description"] == "How often a status update is owed; none where left out."
    assert schema()["properties"]["severities"]["description"] == "The most severe first."
    assert "15m" in severity["cadence"]["anyOf"][0]["examples"]
