"""Reads everything that is known of an incident."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from bot import checklists
from bot.audit import Audit, audit
from bot.chain import Illegible
from bot.export.record import Address, Clock, Fired, Happened, Held, Named, Proof, Record, Sheet, Step
from bot.incident import Incident
from bot.playbook.shape import Playbook
from bot.reader import Reader
from bot.timeline import Anchor, Link


async def gather(reader: Reader, number: int, *, now: datetime) -> Record | None:
    """The record of one incident; ``None`` where there is none.

    The timeline ends where the proof does, also while people go on writing to it.
    """
    incident = await reader.incident(number)
    found = await audit(reader, number)
    if incident is None or found is None:
        return None
    playbook = await reader.playbook(incident.playbook, incident.version)
    links = [link async for link in _readable(reader, number, most=found.length if found.whole else None)]
    ended = incident.resolved_at or incident.ended_at
    return Record(
        **{name: getattr(incident, name) for name in _SAME},
        written_at=now,
        timezone=playbook.timezone if playbook is not None else "UTC",
        declared_by=incident.declared_by.name,
        lasted_seconds=round(incident.lasted(now).total_seconds()) if ended is not None else None,
        facts=_facts(incident, playbook),
        flags=tuple(Named(name=name, value=one.because) for name, one in incident.progress.flags.items()),
        roles=_roles(incident, playbook),
        responders=tuple(person.name for person in incident.responders.values()),
        links=tuple(Address(url=link.url, label=link.label) for link in incident.links),
        deadlines=_deadlines(incident),
        checklists=_checklists(incident, playbook),
        alerts=await _alerts(reader, number),
        timeline=happened(links),
        proof=_proof(found),
    )


_SAME = (
    *("number", "title", "severity", "status", "private", "drill", "playbook", "version", "declared_at", "began_at"),
    *("acknowledged_at", "identified_at", "mitigated_at", "resolved_at", "ended_at"),
)
"""What an incident and its record call the same."""


async def _readable(reader: Reader, number: int, *, most: int | None) -> AsyncIterator[Link]:
    """The entries up to a number; a row that is no entry any more is left to the proof to tell of."""
    async for each in reader.rows(number):
        if most is not None and each.seq > most:
            return
        if not isinstance(each, Illegible):
            yield each


def _facts(incident: Incident, playbook: Playbook | None) -> tuple[Named, ...]:
    titles = {fact.name: fact.title for fact in playbook.fields} if playbook is not None else {}
    stated = {
        "Impact": incident.impact,
        "Affected": incident.affected,
        "Component": incident.component or "",
        "Environment": incident.environment,
        "Fix": incident.fix,
        **{titles.get(name, name): value for name, value in incident.fields.items()},
        "Closed without": incident.progress.closed_without,
    }
    return tuple(Named(name=name, value=value) for name, value in stated.items() if value)


def _roles(incident: Incident, playbook: Playbook | None) -> tuple[Held, ...]:
    titles = {role.name: role.title for role in playbook.roles} if playbook is not None else {}
    names = dict.fromkeys((*titles, *incident.roles))
    holders = {name: person.name for name, person in incident.roles.items()}
    return tuple(Held(role=name, title=titles.get(name, name), person=holders.get(name, "")) for name in names)


def _deadlines(incident: Incident) -> tuple[Clock, ...]:
    known = sorted(incident.progress.deadlines.values(), key=lambda one: (one.due_at, one.title))
    return tuple(Clock.model_validate(one.model_dump(include=set(Clock.model_fields))) for one in known)


def _checklists(incident: Incident, playbook: Playbook | None) -> tuple[Sheet, ...]:
    if playbook is None:
        return ()
    used = {*incident.progress.opened, *(key for key, ticks in incident.progress.ticks.items() if ticks)}
    return tuple(_sheet(incident, one) for one in checklists.sheets(playbook) if one.key in used)


def _sheet(incident: Incident, sheet: checklists.Sheet) -> Sheet:
    ticks = checklists.ticks(incident, sheet)
    steps = []
    for number in sheet.numbers():
        tick, text = ticks.get(number), sheet.step(number).text
        if tick is None:
            steps.append(Step(text=text, state="open"))
            continue
        state: dict[str, object] = {"state": "skipped" if tick.skipped else "done", "note": tick.skipped or tick.note}
        steps.append(Step.model_validate({"text": text, "at": tick.at, "by": tick.by.name, **state}))
    return Sheet(name=sheet.name, title=sheet.title, steps=tuple(steps))


async def _alerts(reader: Reader, number: int) -> tuple[Fired, ...]:
    return tuple(
        Fired(
            key=one.key,
            title=one.alert.title,
            sender=one.sender or one.alert.source,
            state=one.state.value,
            first_at=one.first_at,
            last_at=one.last_at,
            cleared_at=one.cleared_at,
            count=one.count,
            link=one.alert.link,
        )
        for one in await reader.alerts.of_incident(number)
    )


def happened(links: Sequence[Link]) -> tuple[Happened, ...]:
    """The timeline; an entry that was taken back and the one that takes it back name each other."""
    pinned: dict[tuple[str, str], int] = {}
    corrects: dict[int, int] = {}
    for link in links:
        data, actor = link.entry.data, link.entry.actor
        if "pin" in data:
            pinned[data["pin"], actor] = link.seq
        elif (data.get("retracts", ""), actor) in pinned:
            corrects[link.seq] = pinned.pop((data["retracts"], actor))
    back = {old: new for new, old in corrects.items()}
    return tuple(
        Happened(
            **link.entry.model_dump(),
            seq=link.seq,
            before=link.before,
            hash=link.hash,
            link=link.entry.data.get("url", ""),
            corrects=corrects.get(link.seq),
            taken_back=back.get(link.seq),
        )
        for link in links
    )


def _proof(found: Audit) -> Proof:
    anchor = str(Anchor(found.head, found.length))
    return Proof(
        whole=found.whole,
        says=found.says,
        length=found.length,
        head=found.head,
        anchor=anchor,
        command=f"tocsin verify {found.incident} --anchor {anchor}",
    )
