"""Keeping the record in git, and asking the forge."""

from typing import Literal

from pydantic import AwareDatetime

from bot.intents.chat import Whisper
from bot.intents.intent import BaseIntent
from bot.people import Person
from bot.postmortem.log import Row

GIT = "git"
"""Lane of the repository in which post-mortems and the log of incidents are kept."""


FORGE = "forge"
"""Lane of the forge: where changes are proposed, and where it is known which of them are merged."""


class Commit(BaseIntent):
    """Keep a post-mortem, and the incident's line of the log, in the repository: one commit, or none where all of it
    stands there already. What came of it comes back as ``Committed`` (``bot/learned.py``).
    """

    kind: Literal["commit"] = "commit"
    turn: int
    """Counts the commits of its incident."""
    incident: int
    revision: int = 0
    """Of the post-mortem."""
    path: str = ""
    """Of the document in the repository; empty where only the line is to be kept."""
    content: str = ""
    log: str = ""
    """Path of the log; empty where the organisation keeps none."""
    row: Row | None = None
    title: str
    """First line of the commit's message."""
    at: AwareDatetime

    def about(self) -> str:
        return f"writing {self.path or self.log} in the repository"


class Propose(BaseIntent):
    """Ask for a branch to be merged: a pull request, of which there is one at a time. What came of it comes back as
    ``Proposed``.
    """

    kind: Literal["propose"] = "propose"
    page: str
    """The repository's address for people."""
    branch: str
    onto: str
    """The branch that it is to be merged into."""
    title: str
    text: str
    """Markdown in which nobody's words act."""

    def about(self) -> str:
        return f"asking for {self.branch} to be merged"


class ShowFreeze(BaseIntent):
    """Show at the forge which changes may pass the production freeze, as it is when this is done: on the heads of the
    open pull requests, or on one head.
    """

    kind: Literal["show freeze"] = "show freeze"
    repository: str = ""
    """``OWNER/NAME`` of the one head; every repository that the settings name where left out."""
    pull: int = 0
    sha: str = ""

    def about(self) -> str:
        return "showing the freeze on pull requests"


class LetDeploy(BaseIntent):
    """Let a deployment go that waits for our word, once production is not frozen or its change may pass."""

    kind: Literal["let deploy"] = "let deploy"
    repository: str
    """``OWNER/NAME``."""
    run: int
    """The forge's number of what deploys."""
    environment: str
    sha: str
    pulls: tuple[int, ...] = ()
    """Pull requests that the deployment comes from."""
    installation: int
    """Where our app is installed: the leave to answer."""

    def about(self) -> str:
        return f"letting a deployment to {self.environment} go"


class Inquire(BaseIntent):
    """Ask whether a change is merged. The answer comes back as ``Inquired``."""

    kind: Literal["inquire"] = "inquire"
    url: str
    run: int
    """Counts the questions about it."""
    by: Person | None = None
    platform: str = ""
    """The chat platform on which somebody wants to know."""
    answer: Whisper | None = None
    """How to tell that person; its card is filled in when there is something to tell."""

    def about(self) -> str:
        return "asking whether a change is merged"
