"""The formats in which a record is written."""

from enum import StrEnum
from typing import Any

from bot.export import markdown, page
from bot.export.record import Record


class Format(StrEnum):
    """What to write; also what its files are called at the end."""

    MARKDOWN = "md"
    JSON = "json"
    HTML = "html"


def write(record: Record, form: Format) -> str:
    """A record as a document."""
    match form:
        case Format.MARKDOWN:
            return markdown.write(record)
        case Format.JSON:
            return record.model_dump_json(indent=1) + "\n"
        case Format.HTML:
            return page.write(record)


def schema() -> dict[str, Any]:
    """The JSON Schema of what is written as JSON."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Record.model_json_schema(mode="serialization")
