"""The messages about a post-mortem: the one that stands, its forms, and what people are told."""

from collections.abc import Sequence

from bot.card import Button, ButtonStyle, Card, CardField, Code, Link, Mention, Style, Text, Tone, When
from bot.durations import say_duration
from bot.forms import Ask, Form, FormField
from bot.incident import Incident
from bot.messages import repository
from bot.messages.lengths import shorten
from bot.messages.words import coded, people, stop, who
from bot.people import Person
from bot.playbook.shape import Playbook
from bot.postmortem import outline
from bot.postmortem.kept import Postmortem, State, Written
from bot.postmortem.outline import Part

BUTTONS = 3
"""Sections that have a button at a time, before those that go on with the whole."""
FIELDS = 5
"""Questions of one form: the smaller of the platforms' limits."""
LONGEST = 3000
"""Characters of one answer: what a form can hold."""
_TONES = {State.DRAFT: Tone.ASK, State.REVIEW: Tone.ASK, State.PUBLISHED: Tone.GOOD, State.NOT_NEEDED: Tone.CALM}


# The message that stands


def standing(incident: Incident, playbook: Playbook, post: Postmortem) -> Card:
    """How it stands, and what is still to be done."""
    title = f"Post-mortem of {incident.name}: {post.state.value}"
    if post.state is State.NOT_NEEDED:
        return Card(title=title, text=(f"None is written. Reason: {stop(post.because)}",))
    fields = [
        CardField(name="Owner", value=who(outline.owner(incident, playbook))),
        *([CardField(name="Reviewers", value=people(post.reviewers))] if post.reviewers else []),
        *_due(incident, post),
        *_meeting(incident, playbook, post),
        *repository.where(incident),
    ]
    waiting = _waiting(incident, playbook, post)
    text = _published(incident, playbook, post) if post.state is State.PUBLISHED else _open(waiting)
    buttons = () if post.state is State.PUBLISHED else _buttons(incident, post, waiting)
    return Card(tone=_TONES[post.state], title=title, text=text, fields=tuple(fields), buttons=buttons)


def _waiting(incident: Incident, playbook: Playbook, post: Postmortem) -> list[tuple[Part, int]]:
    """Sections with questions that wait, and how many."""
    listed = bool(incident.progress.actions)
    every = outline.parts(playbook.record)
    counted = [(part, len(outline.unanswered(post, part, listed=listed))) for part in every]
    return [(part, count) for part, count in counted if count]


def _open(waiting: Sequence[tuple[Part, int]]) -> Text:
    if not waiting:
        return coded("Every question is answered. `/incident postmortem review @bo` asks for a review.")
    count = sum(number for _, number in waiting)
    named = ", ".join(part.title for part, _ in waiting)
    first = waiting[0][0].title.lower()
    asks = "1 question waits" if count == 1 else f"{count} questions wait"
    return (f"{asks}: {named}.\n", Code(text=f"/incident postmortem {first}: …"), " answers, and so do the buttons.")


def _published(incident: Incident, playbook: Playbook, post: Postmortem) -> Text:
    where: Text = (": ", Link(url=post.url, label=post.url)) if post.url else ("",)
    by = f" by {post.published_by}" if post.published_by else ""
    return (f"Published{by}", *where, ".", *_shares(incident, playbook))


def _shares(incident: Incident, playbook: Playbook) -> Text:
    """Who reads it, and where it is kept, as the process has it."""
    groups = {group.key: group.name for group in playbook.groups}
    readers = [groups.get(name, name) for name in outline.review(incident, playbook).share]
    told = f" For {', '.join(readers)}." if readers else ""
    wiki = playbook.record.wiki
    return (f"{told}{f' To be archived in {wiki}.' if wiki else ''}",)


def _due(incident: Incident, post: Postmortem) -> list[CardField]:
    deadline = incident.progress.deadlines.get("postmortem")
    if deadline is None or not deadline.running or post.over:
        return []
    at = deadline.due_at
    return [CardField(name="Due", value=(When(at=at, style=Style.MOMENT), ", ", When(at=at, style=Style.RELATIVE)))]


def _meeting(incident: Incident, playbook: Playbook, post: Postmortem) -> list[CardField]:
    if post.meeting_at is not None:
        return [CardField(name="Review meeting", value=(When(at=post.meeting_at, style=Style.MOMENT),))]
    length = outline.review(incident, playbook).meeting
    if length is None or post.over:
        return []
    says: Text = (f"{say_duration(length)}, no date yet: ", Code(text="/incident postmortem meeting tuesday 14:00"))
    return [CardField(name="Review meeting", value=says)]


def _buttons(incident: Incident, post: Postmortem, waiting: Sequence[tuple[Part, int]]) -> tuple[Button, ...]:
    name = incident.name
    answers = [
        Button(label=shorten(f"Answer: {part.title}", 75), does=f"{name} postmortem fill {part.name}")
        for part, _ in waiting[:BUTTONS]
    ]
    draft = [] if post.fresh else [Button(label="New draft", does=f"{name} postmortem draft")]
    asks = post.state is State.DRAFT and not waiting
    review = (
        [Button(label="Ask for review", does=f"{name} postmortem review", style=ButtonStyle.PRIMARY)] if asks else []
    )
    return (*answers, *draft, *review, Button(label="Published", does=f"{name} postmortem publish"))


# Forms


def page(part: Part, number: int) -> tuple[outline.Question, ...]:
    """The questions of a section that one form asks; ``number`` counts the forms from 1."""
    return part.questions[(number - 1) * FIELDS : number * FIELDS]


def form(incident: Incident, post: Postmortem, part: Part, number: int, *, mark: str) -> Form:
    """The questions of a section. ``mark`` says what stood there when the form was opened."""
    fields = [
        FormField(
            name=f"answer {place}",
            label=shorten(question.text, 45),
            ask=Ask.PARAGRAPH,
            hint=_hint(post, part, question),
            initial=_text(post.answers.get(question.key)),
            longest=LONGEST,
        )
        for place, question in enumerate(page(part, number), start=1)
    ]
    does = f"{incident.name} postmortem fill {part.name} {number} {mark}"
    return Form(title=shorten(part.title, 24), does=does, submit="Keep", fields=tuple(fields))


def _text(written: Written | None) -> str:
    return written.text if written is not None else ""


def _hint(post: Postmortem, part: Part, question: outline.Question) -> str:
    """The question whole, where the label had to cut it; of a why, what it asks about."""
    guided = outline.whys(part)
    if question in guided[1:]:
        before = _text(post.answers.get(guided[guided.index(question) - 1].key))
        return shorten(f"Why: {before}", 100) if before else "Why was the answer above so?"
    return shorten(question.text, 100) if len(question.text) > 45 else ""


def asks_reviewers(incident: Incident) -> Form:
    """Who is to review it."""
    field = FormField(name="people", label="Who reviews it?", hint="Like @bo @cleo", required=True, longest=300)
    return Form(title="Ask for review", does=f"{incident.name} postmortem review", fields=(field,))


def asks_reason(incident: Incident) -> Form:
    """Why none is written."""
    field = FormField(name="because", label="Why is none needed?", ask=Ask.PARAGRAPH, required=True, longest=1000)
    return Form(title="No post-mortem", does=f"{incident.name} postmortem not needed", fields=(field,))


# What people are told


def drafted(incident: Incident, playbook: Playbook, post: Postmortem) -> Card:
    """A draft was made, or made anew."""
    count = sum(number for _, number in _waiting(incident, playbook, post))
    left = f" {count} {'question waits' if count == 1 else 'questions wait'} for an answer." if count else ""
    return Card(text=(f"Draft {post.revision} of the post-mortem comes into the channel.{left}",))


def kept(incident: Incident, part: Part, post: Postmortem) -> Card:
    """An answer was kept; of the whys, which one follows."""
    guided = outline.whys(part)
    given = [one for one in guided if one.key in post.answers]
    left = outline.unanswered(post, part)
    if given and len(given) < len(guided):
        following = guided[len(given)].text
        return Card(text=("Kept. ", f"{following} ", Code(text="/incident postmortem why …"), " answers."))
    rest = f" Still open there: {left[0].text}" if left else ""
    goes_on = Button(label="Answer the rest", does=f"{incident.name} postmortem fill {part.name}")
    return Card(text=(f"Kept under “{part.title}”.{rest}",), buttons=(goes_on,) if left else ())


def review_asked(incident: Incident, reviewers: Sequence[Person], *, by: Person) -> Card:
    """Reviewers are rung."""
    named: Text = tuple(piece for person in reviewers for piece in (Mention(person=person), " "))
    how = coded("`/incident postmortem SECTION: …` adds what is missing; `/incident postmortem publish` ends it.")
    return Card(
        title="Please review the post-mortem",
        text=(*named, f"{by.name} asks you to read it; the draft is the file in this channel. ", *how),
        buttons=(Button(label="Published", does=f"{incident.name} postmortem publish"),),
    )


def owner_given(incident: Incident, owner: Person, *, by: Person) -> Card:
    """Somebody was named by another: they are rung."""
    return Card(title="Post-mortem", text=(Mention(person=owner), f", {by.name} made you the post-mortem's owner."))


def published(incident: Incident, playbook: Playbook, *, follows: str) -> Card:
    """It is published, and what that met."""
    return Card(tone=Tone.GOOD, text=(f"Published.{f' {follows}.' if follows else ''}", *_shares(incident, playbook)))


def unanswered(incident: Incident, count: int) -> Card:
    """Somebody says that it is published while questions wait, and names no address of it."""
    asks = "1 question waits" if count == 1 else f"{count} questions wait"
    return Card(
        tone=Tone.ASK,
        text=(f"{asks} for an answer. Written elsewhere? ", Code(text="/incident postmortem publish https://…"),
              " names it."),
        buttons=(Button(label="Publish as it is", does=f"{incident.name} postmortem publish anyway"),),
    )  # fmt: skip


def file_line(incident: Incident, post: Postmortem) -> str:
    """Said beside the file."""
    return f"Post-mortem of {incident.name}: {post.state.value}, revision {post.revision}"
