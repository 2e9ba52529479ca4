"""What can go wrong, as a tree.

    TocsinError
    ├── Mistake          what a person did wrong: the message is the sentence that this person reads
    │   ├── NotAllowed   the person may not do that
    │   └── Unsaid       something is missing that a form could ask for
    └── Outside          what the world outside refused
        ├── TryLater     no answer, or one that says to come again: asked again by itself
        └── Refused      a plain no: asking again the same way is of no use

Anything else that is raised is a fault of ours and goes to the log whole.
"""

from datetime import timedelta


class TocsinError(Exception):
    """Root of everything that Tocsin raises on purpose."""


class Mistake(TocsinError):
    """What a person did wrong; ``str()`` is a sentence for that person that names what would be right."""


class NotAllowed(Mistake):
    """The person may not do that; the sentence says who may."""


class Unsaid(Mistake):
    """Something is missing; where the platform has forms, the verb's form asks for it instead of this sentence."""


class Outside(TocsinError):
    """The world outside did not do what was asked of it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        """The platform's own word for it: ``ratelimited``, ``50013``, ``timeout``."""


class TryLater(Outside):
    """It may work later.

    ``after`` is the time that the platform asked us to wait (``Retry-After``), if it did: a rate limit. ``shows`` is
    how long this one effect may take to be seen, so that it is not looked for sooner; nothing else waits for that.
    ``maybe_done`` says that the effect may have happened all the same (a lost answer, a 5xx), so that the next attempt
    has to look first.
    ``unreachable`` says that the platform as a whole does not answer.
    """

    def __init__(
        self,
        why: str,
        *,
        after: timedelta | None = None,
        shows: timedelta | None = None,
        maybe_done: bool = False,
        unreachable: bool = False,
    ) -> None:
        super().__init__(why)
        self.after = after
        self.shows = shows
        self.maybe_done = maybe_done
        self.unreachable = unreachable


class Refused(Outside):
    """The platform said no and will say no again."""
