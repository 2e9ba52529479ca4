"""What people type after ``postmortem``: what is to become of it, which section, which question, who and when."""

import hashlib
import re
from collections.abc import Mapping
from enum import StrEnum

from bot.errors import Mistake
from bot.messages import postmortem as says
from bot.playbook.outside import Record
from bot.postmortem import acts, outline
from bot.postmortem.kept import Postmortem
from bot.postmortem.outline import Part
from bot.scene import Scene


class Does(StrEnum):
    """What becomes of it."""

    DRAFT = "draft"
    SHOW = "show"
    WRITE = "write"
    REVIEW = "review"
    PUBLISH = "publish"
    OWNER = "owner"
    MEETING = "meeting"
    NOT_NEEDED = "not needed"


_DOES = (
    (Does.NOT_NEEDED, re.compile(r"^(?:is\s+)?not?[\s-]+(?:needed|required|necessary)\b[\s:,]*", re.I)),
    (Does.DRAFT, re.compile(r"^(?:draft|redraft|new draft|refresh|regenerate|again|start)\b\s*$", re.I)),
    (Does.SHOW, re.compile(r"^(?:show|status|state)\b\s*$", re.I)),
    (Does.WRITE, re.compile(r"^(?:fill|answer|write)\b[\s:]*", re.I)),
    (Does.PUBLISH, re.compile(r"^publish(?:ed)?\b[\s:]*", re.I)),
    (Does.REVIEW, re.compile(r"^(?:in )?review(?:ed|ers?)?\b(?!\s+meeting)(?:\s+by)?[\s:]*|^(?=@|<@)", re.I)),
    (Does.OWNER, re.compile(r"^(?:owner|owned by)\b[\s:]*", re.I)),
    (Does.MEETING, re.compile(r"^(?:review\s+)?meeting\b[\s:]*(?:is\s+)?(?:on\s+|at\s+)?", re.I)),
)  # fmt: skip
_WHYS = re.compile(r"whys?", re.I)
_WHY = re.compile(r"^whys?\b(?:\s*(?P<number>\d{1,2})\s*[:.)]|[\s:]*)", re.I)
_NUMBERED = re.compile(r"^(?P<title>.*\S)\s+(?P<number>\d{1,2})$")
_FORM = re.compile(r"^(?P<name>\S+)\s+(?P<page>\d{1,2})\s+(?P<mark>[0-9a-f]{6})$")


def what(words: str) -> tuple[Does, str]:
    """What is to become of it, and the words after that."""
    if not words:
        return Does.DRAFT, ""
    for does, pattern in _DOES:
        found = pattern.match(words)
        if found is not None:
            return does, words[found.end() :].strip()
    return Does.WRITE, words


def persons(words: str, scene: Scene) -> tuple[str, ...]:
    """Whom the words name, as they were typed (``@bo @cleo``, ``@Bo Lindqvist and me``); raises ``Mistake``."""
    typed: list[str] = []
    for words_of_one in filter(None, map(str.strip, re.split(r"[,\n]|\band\b|(?=<@)|(?<!<)(?=@)", words))):
        typed += [words_of_one] if _known(words_of_one, scene) else words_of_one.split()
    for word in typed:
        scene.find_person(word)
    return tuple(typed)


def _known(words: str, scene: Scene) -> bool:
    try:
        scene.find_person(words)
    except Mistake:
        return False
    return True


def written(words: str, scene: Scene) -> tuple[Part, Mapping[str, str]] | None:
    """``SECTION: TEXT``, ``SECTION 2: TEXT``, ``why TEXT``, ``why 3: TEXT``; ``None`` where it is nothing of these."""
    record = scene.playbook.record
    found = _section(words, scene)
    if found is None and outline.named(record, words) is None:
        found = _why(words, scene)
    does, tail = what(words)
    if found is None and does is Does.WRITE and tail != words:
        return written(tail, scene)
    return found


def _section(words: str, scene: Scene) -> tuple[Part, Mapping[str, str]] | None:
    """``SECTION: TEXT``. Where there are whys, ``why: TEXT`` and ``why 3: TEXT`` are theirs."""
    title, colon, text = words.partition(":")
    numbered = _NUMBERED.match(title.strip())
    place = int(numbered["number"]) if numbered is not None else 0
    called = numbered["title"] if numbered is not None else title
    part = outline.named(scene.playbook.record, called)
    if not colon or part is None or not text.strip() or (_guided(scene) and _WHYS.fullmatch(called.strip())):
        return None
    return part, _answer(acts.kept(scene), part, place, scene.readable(text.strip()))


def _why(words: str, scene: Scene) -> tuple[Part, Mapping[str, str]] | None:
    """``why TEXT`` answers the next of them, ``why 3: TEXT`` the third."""
    why, part = _WHY.match(words), _guided(scene)
    text = words[why.end() :].strip() if why is not None else ""
    if why is None or part is None or not text:
        return None
    asked, post = outline.whys(part), acts.kept(scene)
    if why["number"] is not None:
        place = int(why["number"])
        if not 1 <= place <= len(asked):
            raise Mistake(f"There are {len(asked)} whys, so there is no number {place}.")
        return part, {asked[place - 1].key: scene.readable(text)}
    following = next((one for one in asked if one.key not in post.answers), asked[-1])
    return part, {following.key: scene.readable(text)}


def _guided(scene: Scene) -> Part | None:
    """The section of the whys."""
    return next((part for part in outline.parts(scene.playbook.record) if outline.whys(part)), None)


def _answer(post: Postmortem, part: Part, place: int, text: str) -> Mapping[str, str]:
    """The question that is meant: the one of this number, else the first that waits, else the last."""
    if not part.questions:
        raise Mistake(
            f"“{part.title}” is filled in from the record; nothing is asked there. `/incident note` adds to it."
        )
    if place > len(part.questions):
        raise Mistake(f"“{part.title}” asks {len(part.questions)} questions, so there is no number {place}.")
    waiting = next(iter(outline.unanswered(post, part)), part.questions[-1])
    return {(part.questions[place - 1] if place else waiting).key: text}


def asked(words: str, scene: Scene, post: Postmortem) -> tuple[Part, int, str]:
    """The section whose form is meant, which of its forms, and what stood there when it was opened."""
    record = scene.playbook.record
    if not words:
        every = [part for part in outline.parts(record) if part.questions]
        if not every:
            raise Mistake("Nothing is asked in this post-mortem: the record fills it in. `/incident note` adds to it.")
        part = next((part for part in every if outline.unanswered(post, part)), every[0])
        return part, _page(post, part), ""
    sent = _FORM.match(words)
    if sent is not None and outline.named(record, sent["name"]) is not None:
        return _with_questions(named(record, sent["name"])), int(sent["page"]), sent["mark"]
    numbered = _NUMBERED.match(words)
    if numbered is not None and outline.named(record, words) is None:
        part, place = _with_questions(named(record, numbered["title"])), int(numbered["number"])
        _answer(post, part, place, "")
        return part, _page(post, part, place=place), ""
    part = _with_questions(named(record, words))
    return part, _page(post, part), ""


def _page(post: Postmortem, part: Part, *, place: int = 0) -> int:
    """The form, counted from 1, that asks the question of this number; else the first one that waits."""
    waiting = outline.unanswered(post, part)
    number = place or (part.questions.index(waiting[0]) + 1 if waiting else 1)
    return (number - 1) // says.FIELDS + 1


def _with_questions(part: Part) -> Part:
    _answer(Postmortem(), part, 0, "")
    return part


def named(record: Record, words: str) -> Part:
    part = outline.named(record, words)
    if part is None:
        known = ", ".join(part.title for part in outline.parts(record) if part.questions)
        raise Mistake(f"“{words[:60]}” is no section of the post-mortem. There are {known}.")
    return part


def mark(post: Postmortem, part: Part, number: int) -> str:
    """What stands in the answers of a form, in six letters."""
    texts = [post.answers[one.key].text if one.key in post.answers else "" for one in says.page(part, number)]
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=3).hexdigest()
