"""A record as one page to read and to print: no scripts, nothing from outside, and a policy that says so."""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.export.record import Record
from bot.export.sections import headline, sections

HERE = Path(__file__).parent


def write(record: Record) -> str:
    """The whole page."""
    style = (HERE / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made: str = _template().render(
        record=record, title=headline(record), sections=list(sections(record)), style=style, digest=digest
    )
    return made


@lru_cache(1)
def _template() -> Template:
    kept = Environment(autoescape=True, undefined=StrictUndefined, loader=FileSystemLoader(HERE), trim_blocks=True)
    return kept.get_template("page.html.j2")
