"""What contradicts itself towards the outside: alert rules and patterns, reactions."""

import re
import warnings
from collections.abc import Iterator

import regex

from bot.playbook.misfit import At, Misfit, listed, nearest, quoted
from bot.playbook.outside import AlertRule
from bot.playbook.part import fold
from bot.playbook.places import places
from bot.playbook.rules.repetition import LARGEST, blows_up, calls, written_out
from bot.playbook.written import Written
from bot.postmortem.paths import safe

GROUPS = ("title", "component", "severity", "key", "url")
"""What a pattern may read out of a post."""
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_PLACES = {
    "github": (re.compile(r"[\w.-]+/[\w.-]+"), "a repository as owner/name"),
    "linear": (_KEY, "a team's key, such as ENG of ENG-12"),
    "jira": (_KEY, "a project's key, such as OPS of OPS-12"),
}
"""How a place in a tracker is written."""
ADDRESS = re.compile(r"[^\s@<>(),;:\"\\]{1,64}@[^\s@<>(),;:\"\\]{1,253}")
"""An e-mail address, as far as its form tells; whether it exists knows the mail server."""
_LIST = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_FILLED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_CUSTOM = re.compile(r"[A-Za-z0-9_+'-]{2,32}")


def alerts(playbook: Written) -> Iterator[Misfit]:
    """Rules that declare or offer nothing in particular."""
    for place, rule in enumerate(playbook.alerts.rules):
        at = ("alerts", "rules", place)
        if rule.does == "declare" and not rule.severity:
            yield Misfit((*at, "does"), "“declare” and no severity", "“severity” beside it", lacks="severity")
        if rule.does == "offer" and not (rule.severity or rule.severities):
            expected = "“severity” or “severities” beside it"
            yield Misfit((*at, "does"), "“offer” and no severity", expected, lacks="severity, severities")
        yield from _useless(rule, at)
    quiet = playbook.alerts.quiet
    worst = playbook.severities[0].name if playbook.severities else ""
    for place, name in enumerate(quiet.holds if quiet is not None else ()):
        if fold(name) == fold(worst):
            found = f"{quoted(name)}, the most severe, which never waits"
            yield Misfit(("alerts", "quiet", "holds", place), found, "milder severities only")
    if quiet is not None and quiet.from_ == quiet.until:
        found = f"{quoted(f'{quiet.until:%H:%M}')}, when they begin as well"
        yield Misfit(("alerts", "quiet", "until"), found, "another time of the day")


def tracker(playbook: Written) -> Iterator[Misfit]:
    """A place that its tracker cannot have."""
    files = playbook.tracker
    if files is None:
        return
    shape, expected = _PLACES[files.kind]
    if files.place and not shape.fullmatch(files.place):
        yield Misfit(("tracker", "place"), quoted(files.place), expected)


def mail(playbook: Written) -> Iterator[Misfit]:
    """Recipients that are neither an address nor the name of a list."""
    for place, to in enumerate(playbook.mail.to):
        if not (ADDRESS.fullmatch(to) if "@" in to else _LIST.fullmatch(to)):
            expected = "an address such as ops@example.com, or a list's name such as customers"
            yield Misfit(("mail", "to", place), quoted(to), expected)


def _useless(rule: AlertRule, at: At) -> Iterator[Misfit]:
    """What says something only of alerts that make incidents."""
    if rule.does in ("declare", "offer"):
        return
    for name, said in (("together", bool(rule.together)), ("publish", rule.publish)):
        if said:
            yield Misfit((*at, name), f"“{name}” beside “{rule.does}”", "it beside “declare” or “offer” only")


def measures(playbook: Written) -> Iterator[Misfit]:
    """A measure of no value, or a value of nothing measured."""
    for place, rule in enumerate(playbook.alerts.rules):
        if (rule.match.measure is None) != (rule.match.above is None):
            expected = "both: what is measured, and above which value"
            yield Misfit(("alerts", "rules", place, "match"), "only one of “measure” and “above”", expected)


def patterns(playbook: Written) -> Iterator[Misfit]:
    """Regular expressions that are none, that could take for ever, that fit every post, or that read out nothing."""
    for path in ("alerts.patterns.pattern", "alerts.patterns.clears"):
        for at, pattern in places(playbook, path):
            told = list(_endless(pattern)) or list(_read(pattern, titled=path.endswith("pattern")))
            yield from (Misfit(at, found, expected) for found, expected in told)


def _endless(pattern: str) -> Iterator[tuple[str, str]]:
    """What could take for ever, some of it even before the first post is read."""
    if endless := blows_up(pattern):
        found = f"{quoted(endless)}, which repeats what itself repeats or branches"
        yield found, "a repetition that cannot take for ever, such as [a-z ]+"
    if called := calls(pattern):
        yield f"{quoted(called)}, which calls a group from within", "the group itself, written out"
    size = written_out(pattern)
    if size > LARGEST:
        yield f"repetitions that come to {size} characters", f"at most {LARGEST}"


def _read(pattern: str, *, titled: bool) -> Iterator[tuple[str, str]]:
    """What is wrong with a pattern that does end; ``titled`` where it has to read out a title."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a pattern that a later version may read otherwise
            read = regex.compile(pattern)
    except (regex.error, OverflowError, RecursionError) as error:
        yield f"{quoted(pattern)}: {error}", "a regular expression"
        return
    if read.search("") is not None:
        yield f"{quoted(pattern)}, which fits every post, even an empty one", "some word that has to stand there"
    strange = [group for group in read.groupindex if group not in GROUPS]
    near = {group: nearest(group, GROUPS) for group in strange}
    if titled and "title" not in (*read.groupindex, *near.values()):
        yield "no group “title”", "(?P<title>…) around what the incident is to be called"
    for group in strange:
        expected = f"the group “{near[group]}”" if near[group] else f"one of the groups {listed(GROUPS)}"
        yield f"the unknown group {quoted(group)}", expected


def record(playbook: Written) -> Iterator[Misfit]:
    """Paths that no repository could hold; what a template fills in stands for itself."""
    for name, path in (("file", playbook.record.file), ("log", playbook.record.log)):
        shown = _FILLED.sub("x", path) if name == "file" else path
        if path.strip() and not safe(shown):
            expected = (
                "a path inside the repository, such as docs/incidents/log.md, without parts that begin with a dot"
            )
            yield Misfit(("record", name), quoted(path), expected)


def reactions(playbook: Written) -> Iterator[Misfit]:
    """Reactions that nobody can put on a message."""
    for name, mark in playbook.reactions.model_dump().items():
        own = _CUSTOM.fullmatch(mark) if mark.isascii() else not any(one.isalpha() or one.isspace() for one in mark)
        if not own:
            yield Misfit(
                ("reactions", name), quoted(mark), "one emoji, such as ✅, or the bare name of one of your own"
            )
