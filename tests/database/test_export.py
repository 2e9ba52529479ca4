"""Everything that is known of an incident is in its record, whichever database it comes from."""

from datetime import timedelta

from adapters.database import Database
from bot.export.gather import gather
from bot.export.record import Record
from bot.export.writing import Format, write
from bot.incident import Hyperlink
from bot.playbook.process import Checklist, Step
from bot.playbook.written import Fact
from bot.progress import Deadline, Progress, Raised, Tick
from bot.store import Change
from bot.timeline import Entry, Kind
from tests.database.build import ANA, BEN, NOW, PLAYBOOK, outage, track, tracked

HOUR = timedelta(hours=1)
STEPS = (Step(text="Look at the pool"), Step(text="Ask the owners"), Step(text="Write it down"))
PROCESS = PLAYBOOK.model_copy(
    update={
        "timezone": "Europe/Paris",
        "checklists": (Checklist(name="first", title="First steps", steps=STEPS),),
        "fields": (Fact(name="cause", title="Root cause"),),
    }
)
PIN = "C1/17.5"


async def stored(database: Database) -> int:
    """An incident in which a good deal happened."""
    progress = Progress(
        deadlines={
            "response": Deadline(name="response", title="Response", started_at=NOW, due_at=NOW + HOUR, met_at=NOW),
            "gdpr": Deadline(name="gdpr", title="Notice", started_at=NOW, due_at=NOW + HOUR, missed_at=NOW + HOUR),
        },
        ticks={"first": {1: Tick(at=NOW, by=ANA, note="full"), 2: Tick(at=NOW, by=BEN, skipped="all asleep")}},
        opened=("first",),
        flags={"data-loss": Raised(at=NOW, by="Ana", because="rows are gone")},
    )
    incident = outage(
        version=PROCESS.version, private=True, component="checkout", impact="nobody can pay", fix="a restart",
        fields={"cause": "a leak"}, links=(Hyperlink(url="https://example.com/pr/1", label="fix"),), progress=progress,
        resolved_at=NOW + HOUR, status="resolved", stage="resolved", responders={"ana": ANA, "ben": BEN},
    )  # fmt: skip
    entries = [
        Entry(at=NOW, kind=Kind.DECLARED, text="Declared SEV1", by="Ana", actor="ana"),
        Entry(at=NOW, kind=Kind.NOTE, text="Ben: the pool is full", by="Ana", actor="ana",
              data={"pin": PIN, "url": "https://chat.example/p17"}),
        Entry(at=NOW + HOUR, kind=Kind.UPDATE, text="Restarting the pool", by="Ben", actor="ben"),
        Entry(at=NOW + HOUR, kind=Kind.RETRACTION, text="Took it back", by="Ana", actor="ana", data={"retracts": PIN}),
    ]  # fmt: skip
    async with database.work() as work:
        await work.keep_playbook(PROCESS, at=NOW)
        number = await work.enter(incident)
        await work.save([Change(incident, entries)])
    await track(database, tracked("Disk is full", incident=number))
    return number


async def record(database: Database) -> Record:
    """Its record."""
    found = await gather(database.reader, await stored(database), now=NOW + 2 * HOUR)
    assert found is not None
    return found


async def test_the_record_holds_everything_and_says_how_it_is_proved(database: Database) -> None:
    found = await record(database)
    incident = await database.reader.incident(found.number)
    assert incident is not None
    assert {one.name: one.value for one in found.facts} == {
        "Impact": "nobody can pay", "Component": "checkout", "Fix": "a restart", "Root cause": "a leak",
    }  # fmt: skip
    assert [(one.title, one.person) for one in found.roles] == [("Captain", "Ana")]
    assert found.private and found.responders == ("Ana", "Ben") and found.lasted_seconds == 3600
    assert [one.url for one in found.links] == ["https://example.com/pr/1"]
    assert [(one.name, one.met_at, one.missed_at) for one in found.deadlines] == [
        ("gdpr", None, NOW + HOUR), ("response", NOW, None),
    ]  # fmt: skip
    assert [(step.state, step.by, step.note) for step in found.checklists[0].steps] == [
        ("done", "Ana", "full"), ("skipped", "Ben", "all asleep"), ("open", "", ""),
    ]  # fmt: skip
    assert [(one.title, one.state) for one in found.alerts] == [("Disk is full", "firing")]
    assert [(one.seq, one.taken_back, one.corrects) for one in found.timeline] == [
        (1, None, None), (2, 4, None), (3, None, None), (4, None, 2),
    ]  # fmt: skip
    assert found.timeline[1].link == "https://chat.example/p17"
    assert found.proof.whole and found.proof.anchor == f"{incident.head}:4"
    assert found.proof.command == f"tocsin verify {found.number} --anchor {incident.head}:4"


async def test_every_format_tells_all_of_it_in_the_zone_of_the_process(database: Database) -> None:
    found = await record(database)
    for form in (Format.MARKDOWN, Format.HTML):
        told = write(found, form).replace("\\", "")
        for part in ("PRIVATE", "Checkout is down", "nobody can pay", "a leak", "Captain", "rows are gone",
                     "https://example.com/pr/1", "Restarting the pool", "First steps", "Ask the owners", "all asleep",
                     "Disk is full", "2026-11-20 15:00:00+01:00", "taken back by entry 4", "corrects entry 2",
                     "https://chat.example/p17", found.proof.command, "missed, noted"):  # fmt: skip
            assert part in told, (form, part)
    assert Record.model_validate_json(write(found, Format.JSON)) == found


async def test_an_incident_that_is_not_there_has_no_record(database: Database) -> None:
    assert await gather(database.reader, 7, now=NOW) is None
