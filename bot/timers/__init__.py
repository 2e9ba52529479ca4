"""What time may do: one file a rule. A new rule is one file and its line in ``RULES``."""

from bot.timers.action import RemindOfActions
from bot.timers.announce import AnnounceAgain
from bot.timers.archive import ArchiveChannel
from bot.timers.changes import AskAboutChanges
from bot.timers.deadline import AskForDeadlines
from bot.timers.escalation import Escalate
from bot.timers.handover import HandoverEnds
from bot.timers.page import PageOn
from bot.timers.phase import PhaseTurns
from bot.timers.publication import PageBehind
from bot.timers.quiet import QuietEnds
from bot.timers.remind import Remind
from bot.timers.rounds import AskRound
from bot.timers.rule import Rule
from bot.timers.watch import WatchChecks

RULES: tuple[Rule, ...] = (
    QuietEnds(),
    PageOn(),
    Remind(),
    AskForDeadlines(),
    Escalate(),
    HandoverEnds(),
    ArchiveChannel(),
    PhaseTurns(),
    AskRound(),
    PageBehind(),
    WatchChecks(),
    RemindOfActions(),
    AnnounceAgain(),
    AskAboutChanges(),
)
"""Every rule, in the order in which they act when several are due: what ends an incident before what asks about it."""
