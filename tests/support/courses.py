"""What an alert of a sender's comes to, written by hand from its samples: the incident that people see."""

from dataclasses import dataclass

from tests.support.sources import Table, tables

TABLES = tables()
"""Of all senders, by their names."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """One alert from its first firing to its end, in samples."""

    sender: str
    fires: str
    clears: str
    severity: str
    """Of the incident, in the playbook that comes with Tocsin."""
    declares: bool = False
    """Whether it declares by itself; otherwise it is offered."""
    title: str
    component: str | None
    link: tuple[str, str]
    """What the incident's link to the alert is called, and where it leads."""

    def __str__(self) -> str:
        return f"{self.sender}-{self.fires.partition('.')[0]}"

    @property
    def table(self) -> Table:
        """Its sender's samples."""
        return TABLES[self.sender]
