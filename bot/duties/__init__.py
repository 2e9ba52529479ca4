"""Duties: what the process asks for, one file each. A new one is one file and its line in ``DUTIES``.

Nobody who changes an incident needs to think of them: after each change, before it is saved, each duty compares the
incident with its playbook and brings it in line. It starts a deadline, notes that one is met, calls people in.
"""

from bot.duties.calm import Calm
from bot.duties.checklists import OpenChecklists
from bot.duties.deadlines import KeepDeadlines
from bot.duties.drill import TellDrill
from bot.duties.duty import Duty
from bot.duties.escalation import CallIn
from bot.duties.flags import SetFlags
from bot.duties.forge import TellForge
from bot.duties.freeze import Freeze
from bot.duties.issues import FileIssues
from bot.duties.log import KeepLog
from bot.duties.oncall import NoteOverrides
from bot.duties.paging import PagePeople
from bot.duties.postmortem import KeepPostmortem
from bot.duties.publication import KeepPublic
from bot.duties.rounds import RunRounds
from bot.scene import Scene

DUTIES: tuple[Duty, ...] = (
    SetFlags(),
    CallIn(),
    PagePeople(),
    NoteOverrides(),
    Freeze(),
    KeepDeadlines(),
    KeepPostmortem(),
    OpenChecklists(),
    RunRounds(),
    KeepPublic(),
    Calm(),
    FileIssues(),
    TellDrill(),
    TellForge(),
    KeepLog(),
)
"""Every duty, in the order in which they are seen to: later ones see what earlier ones changed."""


def settle(scene: Scene) -> None:
    """See to every duty of the scene's incident. A second time in the same act it changes nothing."""
    for duty in DUTIES:
        duty.settle(scene)
