"""The due date within a sentence. What is no date stays text of it; a doubtful one is asked back."""

import re
from collections.abc import Callable
from datetime import datetime

from bot.days import COUNT, MONTH, WEEKDAY, Either, Unread
from bot.errors import Mistake

_SPAN = r"(?:day|week|month|quarter|year|sprint|business|working|weekend)"
_DATED = re.compile(
    rf"^(?:on\s+|at\s+|the\s+)*(?:{WEEKDAY}\b|{MONTH}\b|today\b|tomorrow\b|tonight\b|yesterday\b|noon\b|midnight\b"
    rf"|eo[dwmbqy]\b|cob\b|asap\b|soon\b|later\b|day\s+after\s+tomorrow|close\s+of\s+business"
    rf"|end\s+of\s+(?:(?:the|this|next)\s+)?{_SPAN}|(?:next|this|coming|last)\s+(?:{WEEKDAY}|{_SPAN})\b"
    rf"|(?:in|within)\s+{COUNT}\s+(?:{_SPAN}|hour|minute|min)|\d{{4}}[-/.]\d|\d{{1,2}}(?::\d\d|\s*[ap]\.?m\b|st\b|nd\b"
    rf"|rd\b|th\b)|\d{{1,2}}[./]\d{{1,2}}\b|\d{{1,2}}\s+(?:of\s+)?(?:{MONTH}\b|{_SPAN}|hours?\b))",
    re.IGNORECASE,
)
_BY = re.compile(r"(?:^|(?<=[\s,;(]))(?:due\s+by|due\s+on|due|by|until)\s+", re.IGNORECASE)
_GOES_ON = re.compile(r"^(?:or|and|to|-|–|morning|afternoon|evening|night|week|at|early|late)\b", re.IGNORECASE)
LONGEST = 7
"""Words of a date."""


class Doubtful(Mistake):
    """A date that has to be asked back, with all that was typed, so that only the date has to be typed anew."""

    def __init__(self, mistake: Mistake, *, words: str, text: str = "") -> None:
        super().__init__(str(mistake))
        self.mistake = mistake
        self.words = words
        """The date as it was typed."""
        self.text = text
        """What was typed beside it."""
        self.readings = mistake.of(words) if isinstance(mistake, Either) else ()
        """The date as it may be typed instead."""


def split_due(text: str, read: Callable[[str], datetime]) -> tuple[str, datetime | None]:
    """Part ``TEXT by friday`` into the text and the moment; raises ``Doubtful`` where what follows is a doubtful date.

    What is no date at all stays part of the text: *fail over by hand*.
    """
    for found in reversed(list(_BY.finditer(text))):
        tail = text[found.end() :].strip()
        if _DATED.match(tail):
            before = text[: found.start()].strip(" ,;(")
            try:
                at, rest = _first_date(tail, read)
            except Doubtful as doubt:
                raise Doubtful(doubt.mistake, words=doubt.words, text=_join(before, doubt.text)) from doubt
            return _join(before, rest), at
    return text, None


def _join(before: str, rest: str) -> str:
    return " ".join(filter(None, (before, rest.lstrip(" ,;:)"))))


def _first_date(tail: str, read: Callable[[str], datetime]) -> tuple[datetime, str]:
    """The date at the beginning of the words, and what follows it; raises ``Doubtful`` with the same."""
    words, doubt = tail.split(), None
    for count in range(min(LONGEST, len(words)), 0, -1):
        rest = " ".join(words[count:])
        try:
            at = read(" ".join(words[:count]))
        except Unread:
            continue
        except Mistake as mistake:
            doubt = doubt or Doubtful(mistake, words=" ".join(words[:count]), text=rest)
            continue
        if rest and (_DATED.match(rest) or _GOES_ON.match(rest)):
            break
        return at, rest
    unread = " ".join(words[:LONGEST])
    raise doubt or Doubtful(Unread(unread), words=unread, text=" ".join(words[LONGEST:]))
