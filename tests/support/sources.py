"""The table that each source brings to the contract: its samples, and what each of them tells."""

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.alerts.post import Post
from bot.alerts.source import Delivery, Source
from tests.support.posts import discord_post, slack_post

ADAPTERS = Path(__file__).parents[2] / "adapters"
SOURCES = Path(__file__).parents[1] / "sources"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One recorded sample."""

    file: str
    """Its name below ``samples/``; one of ``slack-`` or ``discord-`` is a post, any other a webhook's body."""
    tells: Mapping[str, object] = field(default_factory=dict)
    """Fields of the alert, and what they hold; empty where it tells of none."""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Table:
    """What one source is held to."""

    source: Source
    folder: str = ""
    """Below ``adapters/``, where it is not named as the source."""
    below: str = ""
    """Below the folder's ``samples/``, where a folder holds two sources."""
    samples: tuple[Sample, ...]
    one: tuple[tuple[str, ...], ...]
    """Samples that tell of the same alert."""
    apart: tuple[tuple[str, str], ...] = ()
    """Samples that tell of different ones."""
    sign: Callable[[bytes, str], Mapping[str, str]] | None = None
    """Headers with the sender's own signature of a body; ``None`` where it signs nothing."""
    reads_all: bool = False
    """Whether it reads what other senders send as well, as the generic one does."""

    @property
    def room(self) -> Path:
        """Where its samples lie."""
        return self.home / "samples" / self.below

    @property
    def home(self) -> Path:
        """Its folder."""
        return ADAPTERS / (self.folder or self.source.name)

    @property
    def webhooks(self) -> list[Sample]:
        """Those that came by webhook."""
        return [one for one in self.samples if not one.file.startswith(("slack-", "discord-"))]

    @property
    def posts(self) -> list[Sample]:
        """Those that stood in chat."""
        return [one for one in self.samples if one.file.startswith(("slack-", "discord-"))]

    def sample(self, file: str) -> Sample:
        """One by its name."""
        return next(one for one in self.samples if one.file == file)

    def body(self, sample: Sample) -> bytes:
        """What came."""
        return (self.room / sample.file).read_bytes()

    def delivery(self, sample: Sample, *, body: bytes | None = None) -> Delivery:
        """The request."""
        came = self.body(sample) if body is None else body
        return Delivery(body=came, headers=dict(sample.headers), query=dict(sample.query))

    def raw(self, sample: Sample) -> dict[str, Any]:
        """The platform's own message, of a post."""
        held: dict[str, Any] = json.loads(self.body(sample))
        return held

    def post(self, sample: Sample) -> Post:
        """The neutral post."""
        return slack_post(self.raw(sample)) if sample.file.startswith("slack-") else discord_post(self.raw(sample))


def tables() -> dict[str, Table]:
    """The tables of all sources, by the names of their files."""
    names = sorted(path.stem for path in SOURCES.glob("*.py") if not path.stem.startswith("test_"))
    return {name: importlib.import_module(f"tests.sources.{name}").TABLE for name in names}
