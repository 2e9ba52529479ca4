"""What the doctor finds of a tracker, in one shape for all of them."""

from adapters.tracker.tracker import Gone
from bot.doctor import Finding, doubt, fine, wrong
from bot.errors import Outside, Refused


class Checked:
    """One place of one tracker that is examined."""

    def __init__(self, tracker: str, place: str) -> None:
        self._what = f"{tracker} ({place})" if place else tracker

    def fine(self) -> list[Finding]:
        """All is well."""
        return [fine(self._what, "it may file issues there")]

    def wrong(self, says: str, *, mend: str, name: str = "tracker.rights") -> list[Finding]:
        """Something is wrong."""
        return [wrong(name, self._what, says, mend)]

    def failed(self, no: Outside | Gone, *, unknown: str = "", missing: str = "") -> list[Finding]:
        """It was refused: how to mend a token that is ``unknown`` (401), and a place that is ``missing``."""
        why = no.why if isinstance(no, Outside) else "gone"
        if not isinstance(no, Refused):
            mend = "Nothing is to be done here: what is owed waits until it answers again."
            return [doubt("tracker.silent", self._what, f"does not answer: {why}", mend)]
        stranger = why.startswith("401")
        name = "tracker.token" if stranger else "tracker.place"
        return self.wrong(f"it refuses: {why}", mend=unknown if stranger else missing, name=name)
