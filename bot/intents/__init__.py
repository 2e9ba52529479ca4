"""What is owed to the outside, as data: each intent is one effect there, nearly always on a chat platform.

Intents name channels and messages of their own incident by *key*; the delivery resolves a key to the platform's
reference once the effect with that key is there, and that is also how one intent depends on another. The key
``channel`` is the incident's channel.
"""

from typing import Annotated

from pydantic import Field

from bot.intents.chat import (
    Archive,
    Attach,
    Bookmark,
    Edit,
    Invite,
    OpenChannel,
    Pin,
    Post,
    React,
    SetTopic,
    Unarchive,
    Whisper,
)
from bot.intents.health import HEALTH, Asking, Probe
from bot.intents.intent import CHANNEL, Urgency
from bot.intents.mail import MAIL, SendMail
from bot.intents.paging import PAGER, CallOff, PagePerson
from bot.intents.repository import FORGE, GIT, Commit, Inquire, LetDeploy, Propose, ShowFreeze
from bot.intents.routes import SendToRoute
from bot.intents.statuspage import BETTERSTACK, OWN_PAGE, PAGES, STATUSPAGE, TellPublic
from bot.intents.tracker import TRACKER, ChangeIssue, OpenIssue

__all__ = [
    "BETTERSTACK",
    "CHANNEL",
    "FORGE",
    "GIT",
    "HEALTH",
    "MAIL",
    "OWN_PAGE",
    "PAGER",
    "PAGES",
    "STATUSPAGE",
    "TRACKER",
    "Archive",
    "Asking",
    "Attach",
    "Bookmark",
    "CallOff",
    "ChangeIssue",
    "Commit",
    "Edit",
    "Inquire",
    "Intent",
    "Invite",
    "LetDeploy",
    "OpenChannel",
    "OpenIssue",
    "PagePerson",
    "Pin",
    "Post",
    "Probe",
    "Propose",
    "React",
    "SendMail",
    "SendToRoute",
    "SetTopic",
    "ShowFreeze",
    "TellPublic",
    "Unarchive",
    "Urgency",
    "Whisper",
]

Intent = Annotated[
    OpenChannel
    | Invite
    | SetTopic
    | Post
    | Attach
    | Edit
    | Pin
    | Bookmark
    | Whisper
    | React
    | Archive
    | Unarchive
    | Probe
    | OpenIssue
    | ChangeIssue
    | Commit
    | Propose
    | Inquire
    | SendToRoute
    | TellPublic
    | PagePerson
    | CallOff
    | SendMail
    | ShowFreeze
    | LetDeploy,
    Field(discriminator="kind"),
]
