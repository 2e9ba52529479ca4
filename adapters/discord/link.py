"""Whether we are connected to Discord's gateway, and since when we are not."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Link:
    """Kept by the listener, read by the platform and the supervisor."""

    ready: bool = False
    """Whether it was connected at least once since the start."""
    connected: bool = False
    without: list[str] = field(default_factory=list)
    """Privileged intents that Discord refused us, by name."""

    def up(self) -> None:
        """The gateway has greeted us, or gone on with the session."""
        self.ready = self.connected = True

    def down(self) -> None:
        """The connection is lost."""
        self.connected = False
