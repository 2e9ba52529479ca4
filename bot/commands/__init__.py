"""What people may do: one file a verb. A new verb is one file and its line in ``VERBS``."""

from bot.commands.account import WhoAmI
from bot.commands.ack import Acknowledge
from bot.commands.action import Action
from bot.commands.action_date import DateAction
from bot.commands.actions import Actions
from bot.commands.affected import Affected
from bot.commands.alert_answer import AnswerAlert
from bot.commands.alerts import Alerts
from bot.commands.allow import Allow, Disallow
from bot.commands.answer import AnswerReminder
from bot.commands.anyway import Anyway
from bot.commands.attach import Attach
from bot.commands.began import Began
from bot.commands.calendar import ShowCalendar
from bot.commands.cancel import Cancel
from bot.commands.catchup import CatchUp
from bot.commands.change import Change
from bot.commands.check import Check
from bot.commands.checklist import ShowChecklist
from bot.commands.clock import Clock
from bot.commands.close import Close
from bot.commands.component import Component
from bot.commands.cover import Cover
from bot.commands.deadlines import Deadlines
from bot.commands.declare import Declare, Drill, Preview, Private
from bot.commands.done import Done
from bot.commands.draft import Draft
from bot.commands.drills import ShowDrills
from bot.commands.drop import Drop
from bot.commands.escalate import Escalate
from bot.commands.fact import SetFact
from bot.commands.find import Find
from bot.commands.flag import SetFlag, TakeFlagBack
from bot.commands.freeze import Freeze, Unfreeze
from bot.commands.handoff import ShowHandoff
from bot.commands.handover import Accept, Decline, Handover
from bot.commands.help import Help
from bot.commands.here import Here
from bot.commands.ignore import Ignore
from bot.commands.impact import Impact
from bot.commands.join import Join
from bot.commands.link import AddLink
from bot.commands.listing import List
from bot.commands.mail import Mail
from bot.commands.note import Note
from bot.commands.oncall import OnCall, WhenOnCall
from bot.commands.page import Have, PageSomebody
from bot.commands.pause import Pause, Resume
from bot.commands.phase import ShowPhase
from bot.commands.playbook import ShowPlaybook
from bot.commands.postmortem import WritePostmortem
from bot.commands.publish import Publish
from bot.commands.reopen import Reopen
from bot.commands.resolve import Resolve
from bot.commands.role import GiveRole
from bot.commands.roles import Roles
from bot.commands.routes import Routes
from bot.commands.runbook import ShowRunbook
from bot.commands.severity import ChangeSeverity
from bot.commands.skip import Skip
from bot.commands.snooze import Snooze
from bot.commands.stats import Stats
from bot.commands.status import Status
from bot.commands.statuspage import StatusPage
from bot.commands.swap import Swap
from bot.commands.take import Take
from bot.commands.tick import Tick, Untick
from bot.commands.timeline import Timeline
from bot.commands.told import Told
from bot.commands.update import Update
from bot.commands.verb import Verb
from bot.commands.watch import Watch

VERBS: tuple[type[Verb], ...] = (
    Declare,
    Preview,
    Drill,
    Private,
    Update,
    Status,
    ChangeSeverity,
    Resolve,
    Close,
    Cancel,
    Reopen,
    Acknowledge,
    Snooze,
    Pause,
    Resume,
    AnswerReminder,
    Told,
    GiveRole,
    Take,
    Handover,
    Accept,
    Decline,
    Drop,
    Roles,
    ShowChecklist,
    Tick,
    Untick,
    Skip,
    ShowPhase,
    ShowRunbook,
    SetFlag,
    TakeFlagBack,
    Escalate,
    Here,
    PageSomebody,
    Have,
    Freeze,
    Unfreeze,
    Allow,
    Disallow,
    Change,
    Note,
    Timeline,
    CatchUp,
    Impact,
    Affected,
    Began,
    Component,
    SetFact,
    AddLink,
    Attach,
    Action,
    DateAction,
    Actions,
    Done,
    Clock,
    Deadlines,
    Check,
    Watch,
    WritePostmortem,
    Draft,
    Publish,
    Mail,
    StatusPage,
    Anyway,
    Join,
    Alerts,
    Ignore,
    AnswerAlert,
    List,
    Find,
    Stats,
    Help,
    OnCall,
    WhenOnCall,
    Cover,
    Swap,
    ShowHandoff,
    ShowCalendar,
    ShowDrills,
    WhoAmI,
    Routes,
    ShowPlaybook,
)
"""Every verb, in the order in which help lists them."""
