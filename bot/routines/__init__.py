"""What time does outside of incidents: one file a routine. A new one is one file and its line in ``ROUTINES``."""

from bot.routines.actions import TellOfActions
from bot.routines.drill import AnnounceDrill
from bot.routines.handover import TellHandover
from bot.routines.routine import Routine

ROUTINES: tuple[Routine, ...] = (AnnounceDrill(), TellOfActions(), TellHandover())
"""Every routine."""
