"""The e-mail to customers: its words, whether it was approved, and what became of it at each recipient."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from bot.people import Person
from bot.progress.kept import Kept


class End(StrEnum):
    """What became of one recipient's message."""

    SENT = "sent"
    """The mail server took it."""
    REFUSED = "refused"
    """It said no to this recipient."""
    PERHAPS = "perhaps"
    """It may have taken it: the answer was lost, and nobody can ask."""
    LEFT = "left"
    """It did not take it in time."""


class Refusal(Kept):
    """A recipient whom the mail server does not take."""

    address: str
    why: str


class Mailing(Kept):
    """The one e-mail of an incident."""

    subject: str = ""
    """Somebody's own words, and from the approval on the ones that are sent; empty while the record's stand."""
    text: str = ""
    worded_by: str = ""
    by: Person | None = None
    """Who approved it."""
    at: AwareDatetime | None = None
    until: AwareDatetime | None = None
    seed: str = ""
    """A UUID of this sending."""
    to: tuple[str, ...] = ()
    """By recipient: the list that holds the address, or the address where that stands in the playbook."""
    marks: tuple[str, ...] = ()
    """By recipient: what the address is known by."""
    turn: int = 0
    """Counts how often sending was begun: first by the approval, then to the rest."""
    waiting: tuple[int, ...] = ()
    """Recipients of whom nothing is known yet."""
    ends: dict[int, End] = Field(default_factory=dict)
    refused: tuple[Refusal, ...] = ()
    """The first few of them."""
    why: str = ""
    """What the mail server said last where it did not take something in time."""
    done_at: AwareDatetime | None = None
    """When all was sent that could be."""
    looked_by: str = ""
    """Who looked where it was in doubt, and found it well."""
    needless_by: str = ""
    """Who said that none is needed; empty where nobody did."""
    needless_because: str = ""

    @property
    def approved(self) -> bool:
        """Whether it is on its way, or was."""
        return self.by is not None

    def count(self, end: End) -> int:
        """Recipients with this end."""
        return sum(each is end for each in self.ends.values())

    @property
    def open(self) -> tuple[int, ...]:
        """Recipients who may be sent to again: nobody knows whether they have it, or they surely have not."""
        if self.done_at is not None:
            return ()
        return tuple(index for index, end in self.ends.items() if end in (End.PERHAPS, End.LEFT))
