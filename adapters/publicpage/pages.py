"""The page for people: HTML without a script, links that hold wherever the folder lies."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.publicpage.edition import Edition
from bot.messages import public as words
from bot.overview import DAYS, Overview, affected
from bot.progress.publication import GRAVITY
from bot.public import PublicIncident

HERE = Path(__file__).parent / "templates"
RECENT = timedelta(days=7)
"""For so long a resolved incident stays on the first page."""
STYLE, ICON = "status.css", "icon.svg"
BAR, GAP, HIGH = 3, 1, 32
"""Of the bars, in units of their picture."""


def look() -> dict[str, bytes]:
    """What all pages share: their style and their icon."""
    return {name: (HERE / name).read_bytes() for name in (STYLE, ICON)}


def pages(edition: Edition, seen: Overview) -> Iterator[tuple[str, bytes]]:
    """The pages about everything, by the names of their files."""
    recent = [one for one in seen.past if one.updated_at > edition.as_of - RECENT]
    yield "index.html", _render("index", edition, root="", seen=seen, recent=recent)
    yield "history/index.html", _render("history", edition, root="../", months=_months((*seen.open, *seen.past)))
    yield "404.html", _render("missing", edition, root=urlsplit(edition.address).path)


def incident_page(edition: Edition, incident: PublicIncident) -> tuple[str, bytes]:
    """The page about one incident, by the name of its file."""
    return f"incidents/{incident.mark}.html", _render("incident", edition, root="../", incident=incident)


def notice(edition: Edition | None, said: object) -> bytes:
    """A page that answers somebody; without an edition it has no title of its own."""
    shown = edition or Edition(title=words.UNTITLED, address="/status/", as_of=datetime.now(UTC))
    return _render("notice", shown, root=urlsplit(shown.address).path, said=said)


def _months(incidents: Sequence[PublicIncident]) -> list[tuple[str, list[PublicIncident]]]:
    newest = sorted(incidents, key=lambda one: one.opened_at, reverse=True)
    return [(month, list(each)) for month, each in groupby(newest, key=lambda one: words.month(one.opened_at))]


def _render(name: str, edition: Edition, **known: Any) -> bytes:
    return _environment().get_template(f"{name}.html.j2").render(edition=edition, **known).encode()


@lru_cache(1)
def _environment() -> Environment:
    made = Environment(
        autoescape=True, undefined=StrictUndefined, loader=FileSystemLoader(HERE), trim_blocks=True, lstrip_blocks=True
    )
    gravity = {each: place for place, each in enumerate(GRAVITY)}
    made.globals |= {"words": words, "affected": affected, "gravity": gravity, "days": DAYS}
    made.globals |= {"bar": BAR, "gap": GAP, "high": HIGH, "style": STYLE, "icon": ICON}
    return made
