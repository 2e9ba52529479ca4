"""Who may do what: rights, each for the roles, rotations, groups and people that a playbook names."""

from enum import StrEnum

from bot.playbook.part import Names, Part

EVERYONE = "everyone"
"""In a rule: everybody in the workspace."""
DECLARER = "declarer"
"""In a rule: whoever declared the incident."""


class Right(StrEnum):
    """What a rule can be about; each is a key of :class:`Permissions`, but for the first."""

    OPEN = "open"
    """Everybody's, whatever a playbook says: to look, to answer, to write on the record, to do one's own part."""
    DECLARE = "declare"
    UPDATE = "update"
    SEVERITY = "severity"
    LOWER = "lower"
    ROLES = "roles"
    PAGE = "page"
    FREEZE = "freeze"
    PUBLISH = "publish"
    IGNORE = "ignore"
    RESOLVE = "resolve"
    CANCEL = "cancel"
    CLOSE = "close"
    REOPEN = "reopen"
    ANYWAY = "anyway"


FOLLOWS = {Right.LOWER: Right.SEVERITY, Right.CANCEL: Right.RESOLVE}
"""A right without a rule of its own falls under the rule of another."""


class Permissions(Part):
    """Who may do what: everyone, where a right is left out. All of those named may.

    A role counts for whoever holds it, a rotation for whoever is on call, a group for the members that the playbook
    names.
    """

    declare: Names = ()
    """Declare an incident under this playbook, be it from an alert; no incident has roles then."""
    update: Names = ()
    """Give status updates, say that nothing is new, move the status on, pause and resume the reminders."""
    severity: Names = ()
    """Change how bad it is."""
    lower: Names = ()
    """Say that it is less bad; as ``severity`` where left out."""
    roles: Names = ()
    """Give, take and free roles. One's own can always be handed over and laid down, an offered one accepted."""
    page: Names = ()
    """Page people, and call people in by the rules of escalation."""
    freeze: Names = ()
    """Freeze production, lift the freeze, let changes pass it."""
    publish: Names = ()
    """Tell customers: on the status page, by a public update, by the e-mail afterwards."""
    ignore: Names = ()
    """Let an alert be for a while."""
    resolve: Names = ()
    cancel: Names = ()
    """Call off a false alarm; as ``resolve`` where left out."""
    close: Names = ()
    reopen: Names = ()
    anyway: Names = ()
    """Act in spite of these rules, with a reason, which the channel reads."""
    private: Names = ()
    """Rotations, groups and people who are brought into every private incident from the start."""

    @property
    def bind(self) -> bool:
        """Whether any rule holds anybody back."""
        return any(self.names(right) for right in Right if right is not Right.ANYWAY)

    def names(self, right: Right) -> Names:
        """Who may; empty for everyone."""
        if right is Right.OPEN:
            return ()
        found: Names = getattr(self, right)
        if not found and right in FOLLOWS:
            return self.names(FOLLOWS[right])
        return () if EVERYONE in found else found
