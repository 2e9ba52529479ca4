"""What is done with a post-mortem: drafted, written in, reviewed, published, or not needed."""

from collections.abc import Mapping
from datetime import datetime

from bot import deadlines, repository
from bot.errors import Mistake
from bot.intents import Attach
from bot.messages import postmortem as says
from bot.messages import terms
from bot.messages.postmortem_document import document
from bot.messages.postmortem_facts import Material
from bot.people import Person
from bot.playbook.process import Need
from bot.postmortem import blameless, outline
from bot.postmortem.kept import Postmortem, State, Written
from bot.postmortem.outline import Part
from bot.scene import Scene
from bot.timeline import Kind, append


def kept(scene: Scene) -> Postmortem:
    """The incident's post-mortem; one that nobody wrote in yet where there is none."""
    return scene.incident.progress.postmortem or Postmortem()


def _keep(scene: Scene, **changes: object) -> Postmortem:
    post = kept(scene).model_copy(update=changes)
    scene.incident.progress.postmortem = post
    return post


async def draft(scene: Scene) -> Postmortem:
    """Fill in the facts anew and post the document as a file; what people wrote stays as it is."""
    incident, before = scene.incident, kept(scene)
    state = State.DRAFT if before.state is State.NOT_NEEDED else before.state
    post = _keep(scene, revision=before.revision + 1, drawn_at=scene.now, fresh=True, state=state, because="")
    scene.record(Kind.POSTMORTEM, f"Post-mortem: draft {post.revision}")
    links = [link async for link in scene.reader.chain(incident.number)]
    links += append(incident.number, scene.entries, length=incident.entries, head=incident.head)
    names = blameless.names(incident, scene.playbook, links)
    content = document(Material(incident, scene.playbook, links, names, scene.now))
    name = f"postmortem-{incident.number}.md"
    attach = Attach(name=name, title=says.file_line(incident, post), content=content)
    scene.owe(f"postmortem/draft/{post.revision}", attach)
    repository.document(scene, content)
    return post


def write(scene: Scene, part: Part, answers: Mapping[str, str], *, add: bool) -> Postmortem:
    """Keep answers by the keys of their questions. ``add`` puts them below what stands there; else they take its
    place, and an empty one takes it away. Whatever was written stays on the timeline.
    """
    post = kept(scene)
    written = dict(post.answers)
    asked = {question.key: question.text for question in part.questions}
    for key, said in answers.items():
        before, text = written.get(key), said.strip()
        if add and before is not None and text:
            there = f"\n\n{text}\n\n" in f"\n\n{before.text}\n\n"  # as a paragraph of its own, not inside another word
            text = before.text if there else f"{before.text}\n\n{text}"
        if len(text) > says.LONGEST:
            raise Mistake(f"An answer holds {says.LONGEST} characters; that would be {len(text)}. Shorten it a little.")
        if text == (before.text if before is not None else "") or (add and not text):
            continue
        if text:
            written[key] = Written(text=text, at=scene.now, by=scene.actor)
        else:
            del written[key]
        scene.record(Kind.POSTMORTEM, f"Post-mortem, {part.title}: {asked[key]} {text or '(taken away)'}", question=key)
    return _keep(scene, answers=written, fresh=post.fresh and written == post.answers)


async def review(scene: Scene, reviewers: tuple[Person, ...]) -> None:
    """Ask people to read it."""
    before = kept(scene)
    if before.state is State.PUBLISHED:
        raise Mistake("It is published already. `/incident postmortem draft` makes a new draft of it.")
    every = tuple({person.key: person for person in (*before.reviewers, *reviewers)}.values())
    _keep(scene, state=State.REVIEW, reviewers=every, because="")
    scene.bring(*reviewers)
    scene.record(Kind.POSTMORTEM, f"Post-mortem: in review by {', '.join(person.name for person in every)}")
    await draft(scene)
    scene.say(says.review_asked(scene.incident, reviewers, by=scene.actor))


async def publish(scene: Scene, url: str) -> str:
    """It is published: the deadline is met, in the sentence that comes back (empty where none ran)."""
    incident = scene.incident
    owed = deadlines.publication(incident, scene.playbook)
    if kept(scene).state is State.PUBLISHED and owed is None and url in ("", kept(scene).url):
        raise Mistake("It is published already.")
    _keep(scene, state=State.PUBLISHED, published_at=scene.now, published_by=scene.actor.name,
          url=url or kept(scene).url, because="")  # fmt: skip
    if url and incident.keep_link(url, "post-mortem"):
        scene.record(Kind.LINK, f"Link post-mortem: {url}", url=url, label="post-mortem")
    scene.record(Kind.POSTMORTEM, f"Post-mortem: published{f': {url}' if url else ''}")
    sentence = ""
    if owed is not None:
        met = deadlines.meet(incident, owed.name, at=scene.now, now=scene.now, by=scene.actor.name)
        sentence = terms.is_met(met, words=url)
        scene.record(Kind.DEADLINE, sentence, deadline=owed.name)
    await draft(scene)
    return sentence


async def published_elsewhere(scene: Scene) -> None:
    """Somebody only said that its deadline is met. Nobody asked for a draft: one is made where what is filed of it is
    to say so."""
    post = scene.incident.progress.postmortem
    if post is None or post.over or not post.revision or not repository.on(scene):
        return
    _keep(scene, state=State.PUBLISHED, published_at=scene.now, published_by=scene.actor.name, because="")
    await draft(scene)


def own(scene: Scene, person: Person) -> None:
    """Name whoever sees to it."""
    _keep(scene, owner=person)
    scene.bring(person)
    scene.record(Kind.POSTMORTEM, f"Post-mortem: owned by {person.name}", person=person.key, name=person.name)
    if person.key != scene.actor.key:
        scene.say(says.owner_given(scene.incident, person, by=scene.actor))


def meet(scene: Scene, at: datetime) -> None:
    """Set when it is talked over."""
    _keep(scene, meeting_at=at)
    moment = terms.moment(at, now=scene.now, zone=scene.playbook.timezone)
    scene.record(Kind.POSTMORTEM, f"Post-mortem: review meeting {moment}", at_time=at.isoformat())


def not_needed(scene: Scene, because: str) -> None:
    """None is written, where the process only recommends one; why stays on the record."""
    need = outline.review(scene.incident, scene.playbook).need
    if need is Need.REQUIRED and not scene.incident.drill:
        raise Mistake(f"At {scene.incident.severity} the process requires a post-mortem, so it cannot be left out.")
    if kept(scene).state is State.PUBLISHED:
        raise Mistake("It is published already.")
    if need is Need.NONE:
        raise Mistake(f"Nothing asks for a post-mortem at {scene.incident.severity}, so there is nothing to leave out.")
    _keep(scene, state=State.NOT_NEEDED, because=because)
    scene.record(Kind.POSTMORTEM, f"Post-mortem: not needed: {because}")
