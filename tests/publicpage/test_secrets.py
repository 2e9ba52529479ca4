"""What nobody meant for customers is in no file: private incidents, drills, drafts, all else that is kept."""

from pathlib import Path

import pytest

from adapters.database import Database
from adapters.publicpage.files import Copy
from adapters.publicpage.press import Press
from adapters.sandbox.clock import SandboxClock
from bot.incident import Hyperlink, Incident, Update
from bot.people import Person
from bot.progress import Condition, Drafted, Progress, Publication, PublicStage, Told
from bot.store import Change
from tests.database.build import NOW, declare, note, outage
from tests.database.conftest import database, opening, url
from tests.support.postgres import postgres_server
from tests.support.published import ADDRESS, SETTINGS

__all__ = ["database", "opening", "postgres_server", "url"]

HIDDEN = "Geheimwort"
"""Stands in everything that customers must not see."""
PERSON = Person(key=f"key-{HIDDEN}", name=f"Ana {HIDDEN}", handles={"slack": f"U0{HIDDEN}"})


def publication(mark: int, *, drafts_only: bool = False) -> Publication:
    """Something that customers were told by somebody, and a draft that waits."""
    told = Told(
        id=1, at=NOW, stage=PublicStage.INVESTIGATING, word="investigating", text="We look into it.",
        components={"Checkout": Condition.PARTIAL}, by=PERSON,
    )  # fmt: skip
    draft = Drafted(
        id=2, at=NOW, stage=PublicStage.IDENTIFIED, word=HIDDEN, text=f"draft {HIDDEN}",
        components={f"part {HIDDEN}": Condition.MAJOR}, by=PERSON,
    )  # fmt: skip
    return Publication(
        mark=f"00000000-0000-4000-8000-{mark:012}", title=f"Payments fail {mark}", opened_at=NOW,
        told=() if drafts_only else (told,), draft=draft, drafted=2,
    )  # fmt: skip


def incident(shown: Publication, *, private: bool = False, drill: bool = False) -> Incident:
    """An incident with the word in every place that people can write in."""
    return outage(
        f"title {HIDDEN}",
        private=private,
        drill=drill,
        severity=f"sev-{HIDDEN}",
        declared_by=PERSON,
        roles={"captain": PERSON},
        responders={PERSON.key: PERSON},
        impact=HIDDEN,
        affected=HIDDEN,
        component=HIDDEN,
        fix=HIDDEN,
        environment=HIDDEN,
        channel_name=f"incident-{HIDDEN}-{shown.mark}",
        fields={"cause": HIDDEN},
        links=(Hyperlink(url=f"https://internal.example/{HIDDEN}", label=HIDDEN),),
        last_update=Update(text=HIDDEN, at=NOW, by=PERSON),
        progress=Progress(publication=shown, frozen_because=HIDDEN, closed_without=HIDDEN),
    )


def words(folder: Path) -> dict[str, str]:
    """Every file that was written, with its name."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in paths}


@pytest.fixture
def press(database: Database, tmp_path: Path) -> Press:
    """A press over a real database."""
    made = Press(database.reader, Copy(tmp_path / "status"), SandboxClock(NOW), settings=SETTINGS, components=())
    made.read(ADDRESS)
    made.open()
    return made


async def test_no_file_holds_a_word_that_was_not_told(database: Database, press: Press, tmp_path: Path) -> None:
    await declare(database, incident(publication(1)))
    await declare(database, incident(publication(2), private=True))
    await declare(database, incident(publication(3), drill=True))
    await declare(database, incident(publication(4, drafts_only=True)))
    await press.look()
    written = words(tmp_path / "status")
    assert "We look into it." in written["index.html"] and "Payments fail 1" in written["status.json"]
    for name, content in written.items():
        assert HIDDEN not in name + content, name
        assert all(f"Payments fail {mark}" not in content for mark in (2, 3, 4)), name
    assert [name for name in written if name.startswith("incidents/")] == [f"incidents/{publication(1).mark}.html"]


async def test_an_incident_that_is_made_private_leaves_every_file_at_the_next_look(
    database: Database, press: Press, tmp_path: Path
) -> None:
    number = await declare(database, incident(publication(1)))
    await press.look()
    assert "Payments fail 1" in words(tmp_path / "status")["feed.rss"]
    async with database.work() as work:
        one = await work.incident(number)
        assert one is not None
        one.private = True
        await work.save([Change(one, [note("private")])])
    await press.look()
    for name, content in words(tmp_path / "status").items():
        assert publication(1).mark not in name + content and "Payments fail" not in content, name
