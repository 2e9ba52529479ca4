"""One edition of the page: everything that is in it, all of it public. It is kept beside what is made of it."""

import hashlib
import re
from typing import Any

from pydantic import AwareDatetime, ConfigDict

from bot.model import Model
from bot.overview import Overview, overview
from bot.public import PublicIncident

MARK = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""A UUID as it is written; it becomes the name of a file."""
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What neither XML nor a page may hold (https://www.w3.org/TR/xml/#charsets), and what is of no use in either."""


class Edition(Model):
    """What the page says at one moment."""

    model_config = ConfigDict(frozen=True)

    title: str
    link: str = ""
    """Where the title leads; empty where nowhere."""
    address: str
    """Its own, with a slash at the end."""
    components: tuple[str, ...] = ()
    incidents: tuple[PublicIncident, ...] = ()
    subscribe: bool = False
    """Whether an address may be given that is told by webhook."""
    as_of: AwareDatetime
    """When the database was asked last."""
    stale: bool = False
    """Whether it could not be asked since."""

    def seen(self) -> Overview:
        """The page as it looks back from then."""
        return overview(self.incidents, self.components, now=self.as_of)

    def digest(self) -> str:
        """Of everything but the minute: two editions that share it say the same."""
        said = self.model_dump_json(exclude={"as_of"})
        return hashlib.sha256(f"{self.as_of:%Y-%m-%d}{said}".encode()).hexdigest()


def fit(incident: PublicIncident) -> PublicIncident | None:
    """The incident with such characters only as every file can hold; ``None`` where its mark names no file."""
    if not MARK.fullmatch(incident.mark):
        return None
    return PublicIncident.model_validate(_clean(incident.model_dump()))


def _clean(value: Any) -> Any:
    match value:
        case str():
            return _UNFIT.sub("", value)
        case dict():
            return {_clean(key): _clean(each) for key, each in value.items()}
        case list() | tuple():
            return [_clean(each) for each in value]
        case _:
            return value
