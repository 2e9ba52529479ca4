"""The sections of a post-mortem and the questions in them: the playbook's, or sensible ones where it has none."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.incident import Incident
from bot.people import Person
from bot.playbook.help import slug
from bot.playbook.outside import Record, Section
from bot.playbook.part import fold
from bot.playbook.process import Need, Review
from bot.playbook.shape import Playbook
from bot.postmortem.kept import Postmortem, State

HEADER = ("date", "severity", "duration", "affected", "lead")
"""What stands at the top where the playbook does not say."""
SECTIONS = (
    Section(title="Summary", fills="summary", asks=("What happened, in two or three sentences?",)),
    Section(title="Impact", fills="impact", asks=("What did it mean for those affected?",)),
    Section(title="Timeline", fills="timeline"),
    Section(title="Root cause", asks=("What made it possible?",)),
    Section(title="Contributing factors", asks=("What made it worse, longer or harder to see?",)),
    Section(title="What went well", asks=("What helped us?",)),
    Section(title="What could be better", asks=("What slowed us down?",)),
    Section(title="Action items", fills="actions"),
)
ACTIONS = "What will be done, by whom, and by when?"
"""Asked where a section of action items asks nothing itself."""
WHYS = 5
FIVE_WHYS = "Five whys"
CAUSES = ("root cause", "cause")
"""Titles of sections in which the five whys belong."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question that people answer."""

    key: str
    """``root-cause/1``: what its answer is kept under."""
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One section with its questions."""

    name: str
    """What it is called in words that carry no spaces: ``root-cause``."""
    title: str
    fills: str = ""
    questions: tuple[Question, ...] = ()


def parts(record: Record) -> tuple[Part, ...]:
    """The sections, in order."""
    return tuple(_part(section) for section in _with_whys(record))


def _with_whys(record: Record) -> tuple[Section, ...]:
    """The sections; the five whys stand with the cause, else before what will be done, else at the end."""
    sections = record.sections or SECTIONS
    if not record.five_whys:
        return sections
    whys = tuple(f"Why {count}: {'why did it happen' if count == 1 else 'why was that so'}?"
                 for count in range(1, WHYS + 1))  # fmt: skip
    for place, section in enumerate(sections):
        if fold(section.title) in map(fold, CAUSES):
            with_them = section.model_copy(update={"asks": (*section.asks, *whys)})
            return (*sections[:place], with_them, *sections[place + 1 :])
    places = (place for place, section in enumerate(sections) if section.fills == "actions")
    before = next(places, len(sections))
    return (*sections[:before], Section(title=FIVE_WHYS, asks=whys), *sections[before:])


def _part(section: Section) -> Part:
    name = slug(section.title)
    asks = section.asks or ((ACTIONS,) if section.fills == "actions" else ())
    questions = (Question(f"{name}/{count}", ask) for count, ask in enumerate(asks, start=1))
    return Part(name, section.title, section.fills, tuple(questions))


def whys(part: Part) -> tuple[Question, ...]:
    """The questions of a section that follow from one another."""
    return tuple(one for one in part.questions if one.text.startswith("Why ") and one.text[4:5].isdigit())


def questions(record: Record) -> Iterator[Question]:
    """Every question, in order."""
    for part in parts(record):
        yield from part.questions


def unanswered(post: Postmortem, part: Part, *, listed: bool = False) -> list[Question]:
    """The questions of a section that wait for somebody. Of the whys only those up to the cause: one answered is
    enough, since not every cause lies five deep. Action items that are ``listed`` answer what will be done.
    """
    guided = whys(part)
    deep = any(one.key in post.answers for one in guided)
    said = ACTIONS if listed else ""
    left = [one for one in part.questions if one.key not in post.answers and one.text != said]
    return [one for one in left if not (deep and one in guided)]


def named(record: Record, words: str) -> Part | None:
    """The section that these words name: its title, its name, or the beginning of only one of them."""
    wanted = slug(words) if words.strip() else ""
    every = parts(record)
    exact = [part for part in every if wanted and wanted == part.name]
    begun = [part for part in every if wanted and part.name.startswith(wanted)]
    found = exact or begun
    return found[0] if len(found) == 1 else None


def review(incident: Incident, playbook: Playbook) -> Review:
    """What the severity says of its post-mortem."""
    severity = playbook.severity(incident.severity)
    return severity.postmortem if severity is not None else Review()


def owner(incident: Incident, playbook: Playbook) -> Person:
    """Whoever sees to it: the one who was named, else whoever leads the incident, else whoever declared it."""
    post = incident.progress.postmortem
    named = post.owner if post is not None else None
    return named or incident.holder(playbook.commander) or incident.declared_by


def missing(incident: Incident, playbook: Playbook) -> bool:
    """Whether a post-mortem is owed and is not published. Nobody owes one before the resolution, or for a drill."""
    deadline = incident.progress.deadlines.get("postmortem")
    if deadline is not None:
        return deadline.running
    post = incident.progress.postmortem
    done = post is not None and post.state is State.PUBLISHED
    required = review(incident, playbook).need is Need.REQUIRED
    return required and incident.resolved_at is not None and not incident.drill and not done
