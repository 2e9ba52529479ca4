"""On-call rotations: who is on call at a given moment, by plain arithmetic on the wall clock. Pure; reads no clock.

A rotation is one list of people in turn, or several layers of which a later one stands over an earlier one wherever
its hours cover, as at PagerDuty and Opsgenie. Over all of them stand overrides, the newest first. What comes of it at
each moment, the *final schedule*, is one person or a named gap.

Turns change, and hours begin and end, at times of the wall clock in the zone of their layer, so a turn over a change to
summer time is an hour shorter or longer. A time that the clock skips counts as the moment of the skip; one that it
shows twice, as the first of the two. So what meets on the wall clock (18:00 and 18:00) meets on every day: no change of
the clocks makes a gap or puts two people on one layer.
"""

from bot.rotations.line import Line, Turn, lines
from bot.rotations.override import Override, Overrides
from bot.rotations.schedule import Gap, Shift, handovers, on_call, shift, shifts, stint
from bot.rotations.turns import next_handover, turn

__all__ = (
    "Gap",
    "Line",
    "Override",
    "Overrides",
    "Shift",
    "Turn",
    "handovers",
    "lines",
    "next_handover",
    "on_call",
    "shift",
    "shifts",
    "stint",
    "turn",
)
