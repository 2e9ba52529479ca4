"""Which incidents somebody asks for, read from their words: ``checkout severity sev1 since october``."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.commands.began import read_moment
from bot.days import MONTH, WEEKDAY, YEARS
from bot.errors import Mistake
from bot.loading import named
from bot.naming import read_severity
from bot.playbook.part import fold
from bot.reader import Sought
from bot.scene import Scene

_PARTS = re.compile(r'"(?P<quoted>[^"]*)"|“(?P<curly>[^”]*)”|(?P<bare>\S+)')
_CERTAIN = ("since", "until")
_MAYBE = ("after", "before", "in", "on")
"""Words that people also search for: they tell a date only where one follows."""
_NAMES = ("severity", "component")
TOLD = ("severity", "week")
"""What figures are counted by, also where nobody asks for it."""
_UNCLEAR = re.compile(r"\d{1,3}(?:st|nd|rd|th)?|\d{1,4}[/.]\d{1,2}(?:[/.]\d{1,4})?", re.IGNORECASE)
"""A day of which month, or a day and a month in the order of which country: never guessed."""
_TELLS = re.compile(
    rf"\b(?:{MONTH}|{WEEKDAY}|today|yesterday|tomorrow|now|noon|midnight|ago|(?:second|minute|min|hour|day|week|month|year)s?"
    r"|(?:19|20)\d\d|\d{1,2}:\d\d|\d{1,2}\s*[ap]m|\d+[hdw])\b",
    re.IGNORECASE,
)
"""What tells of a time. Words without it are none, whatever a reader of dates makes of ``a``, ``m1`` or ``6379``."""
_LENGTH = re.compile(r"\bago$|^\d+\s+(?:day|week|month|year)s?$", re.IGNORECASE)
_WEEK = re.compile(r"^(?:this|last|past|current)\s+week$", re.IGNORECASE)
LONGEST = 5
"""Words that a date, or a component's name, may have."""
LIKE = "`since october`, `since 2026-01`, `until yesterday` or `in march 2026`"


def read(rest: str, scene: Scene, *, dates_alone: bool = False) -> Sought:
    """Understand words; what is in quotes is searched for as it stands. Raises ``Mistake`` for what is unclear.

    With ``dates_alone``, words that are nothing but a date are taken for one: ``last week``.
    """
    parts = [(found["bare"], found["quoted"] or found["curly"] or "") for found in _PARTS.finditer(rest)]
    whole = _span(rest.strip(), scene) if dates_alone else None
    if whole is not None:
        return Sought(since=whole[0], until=whole[1])
    sought, words = Sought(), []
    while parts:
        (bare, quoted), parts = parts[0], parts[1:]
        key = bare.casefold().rstrip(":") if bare is not None else ""
        by = _by(parts, figures=dates_alone) if key == "by" else None
        if by is not None:
            taken = by
        elif key == "between":
            sought, taken = _between(_ahead(parts), scene, sought)
            words += [] if taken else [bare]
        elif key in _NAMES:
            sought, taken = _named(key, _ahead(parts), scene, sought)
        elif key in (*_CERTAIN, *_MAYBE):
            sought, taken = _dated(key, _ahead(parts), scene, sought)
            if not taken:
                words.append(bare)
        else:
            words.append(bare or quoted)
            taken = 0
        parts = parts[taken:]
    if sought.since is not None and sought.until is not None and sought.since >= sought.until:
        raise Mistake("That ends before it begins. The earlier date comes after `since`, the later one after `until`.")
    return replace(sought, words=" ".join(words))


def _ahead(parts: Sequence[tuple[str | None, str]]) -> list[str]:
    """The words that follow, up to the next that has a meaning of its own."""
    ahead: list[str] = []
    for bare, quoted in parts:
        if bare is not None and bare.casefold().rstrip(":") in (*_CERTAIN, *_MAYBE, *_NAMES):
            break
        ahead.append(quoted if bare is None else bare.rstrip(",;"))
    return ahead


def _by(parts: Sequence[tuple[str | None, str]], *, figures: bool) -> int | None:
    """How many words after *by* say nothing; ``None`` where *by* is itself a word that is searched."""
    word = (parts[0][0] or "").casefold() if parts else ""
    rest = _ahead(parts[1:])
    if figures and word in TOLD and rest[:1] in ([], ["by"]):
        return 1
    return 0 if word in _NAMES else None


def _named(key: str, ahead: list[str], scene: Scene, sought: Sought) -> tuple[Sought, int]:
    """What a severity or component is called, and how many words that takes."""
    if not ahead:
        raise Mistake(f"Say which {key}, like `{key} {'sev1' if key == 'severity' else 'checkout'}`.")
    if key == "severity":
        return _severity(ahead, scene, sought)
    known = {fold(name): name for one in scene.loaded for name in one.components}
    for count in range(min(LONGEST, len(ahead)), 0, -1):
        name = known.get(fold(" ".join(ahead[:count])))
        if name is not None:
            return replace(sought, component=name), count
    if known:
        raise Mistake(f"“{ahead[0][:60]}” is no component of the playbook. There are {', '.join(known.values())}.")
    return replace(sought, component=ahead[0]), 1


def _severity(ahead: list[str], scene: Scene, sought: Sought) -> tuple[Sought, int]:
    line, names, left = " ".join(ahead), set(), None
    for playbook in scene.loaded:
        severity, rest = read_severity(line, playbook)
        if severity is not None:
            names.add(severity.name)
            left = rest if left is None else min(left, rest, key=len)
    if left is None:
        there = dict.fromkeys(one.name for playbook in scene.loaded for one in playbook.severities)
        raise Mistake(f"“{ahead[0][:60]}” is no severity here. There are {', '.join(there)}.")
    return replace(sought, severities=sought.severities | names), len(ahead) - len(left.split())


def _dated(key: str, ahead: list[str], scene: Scene, sought: Sought) -> tuple[Sought, int]:
    """The time that is named, and how many words that takes; none where these words tell of no time."""
    for count in range(min(LONGEST, len(ahead)), 0, -1):
        span = _span(" ".join(ahead[:count]), scene)
        if span is None:
            continue
        begin, end = span
        if begin > scene.now:
            raise Mistake(f"“{' '.join(ahead[:count])}” is still to come.")
        since = begin if key in ("since", "in", "on") else end if key == "after" else sought.since
        until = end if key in ("until", "in", "on") else begin if key == "before" else sought.until
        return replace(sought, since=since, until=until), count
    if key in _CERTAIN:
        said = " ".join(ahead[:LONGEST])[:60]
        raise Mistake(f"I cannot read “{said}” as a date after `{key}`. Write it like {LIKE}; quotes make it a word.")
    return sought, 0


def _between(ahead: list[str], scene: Scene, sought: Sought) -> tuple[Sought, int]:
    """``between october and 3 november``, and how many words that takes; none where these words tell of no times."""
    if "and" not in ahead:
        return sought, 0
    middle = ahead.index("and")
    first = _span(" ".join(ahead[:middle]), scene)
    for count in range(min(LONGEST, len(ahead) - middle - 1), 0, -1):
        last = _span(" ".join(ahead[middle + 1 : middle + 1 + count]), scene)
        if first is not None and last is not None:
            return replace(sought, since=first[0], until=last[1]), middle + 1 + count
    return sought, 0


def _span(words: str, scene: Scene) -> tuple[datetime, datetime] | None:
    """From when to when a date in words lasts, in the person's own zone; ``None`` where it is unclear."""
    words = words.strip().strip(",;")
    if not _TELLS.search(words) or (_UNCLEAR.fullmatch(words) and not re.fullmatch(r"\d{4}", words)):
        return None
    zone = scene.actor.zone(scene.playbook.timezone)
    here = scene.now.astimezone(zone).replace(tzinfo=None)
    settings = {"RELATIVE_BASE": here, "PREFER_DATES_FROM": "past", "RETURN_TIME_AS_PERIOD": True}
    found = named("dateparser.date", "DateDataParser")(languages=["en"], settings=settings).get_date_data(words)
    if found.date_obj is None:
        return None
    if found.date_obj.year not in YEARS:
        raise Mistake(f"“{words[:60]}” is too far away. Write it like {LIKE}; quotes make it a word.")
    if found.period == "time":
        at = read_moment(words, scene)
        return at, at
    period: str = "day" if _LENGTH.search(words) else "week" if _WEEK.match(words) else found.period or "day"
    first = _floor(found.date_obj.replace(tzinfo=None), period)
    return first.replace(tzinfo=zone), _after(first, period).replace(tzinfo=zone)


def _floor(at: datetime, period: str) -> datetime:
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    match period:
        case "year":
            return day.replace(month=1, day=1)
        case "month":
            return day.replace(day=1)
        case "week":
            return day - timedelta(days=day.weekday())
    return day


def _after(first: datetime, period: str) -> datetime:
    """When a period that begins then is over."""
    days = {"year": 366, "month": 31, "week": 7}.get(period, 1)
    return _floor(first + timedelta(days=days), period)
