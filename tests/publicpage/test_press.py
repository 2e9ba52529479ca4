"""The press: when it writes, what it leaves alone, and what becomes of the copy when the database is gone."""

import json
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.publicpage.files import KEPT, NAME, Copy
from adapters.publicpage.press import AWAY, FRESH, Press
from adapters.sandbox.clock import SandboxClock
from bot.progress import Condition, PublicStage
from bot.public import PublicIncident
from tests.database.build import NOW
from tests.support.published import ADDRESS, ALL, ARABIC, COMPONENTS, OUTAGE, SETTINGS, Shelf, incident

SECOND = timedelta(seconds=1)


class House:
    """A press over a shelf, on a still clock, and the folder that it writes."""

    def __init__(self, folder: Path, *incidents: PublicIncident) -> None:
        self.shelf, self.clock, self.copy = Shelf(*incidents), SandboxClock(NOW), Copy(folder)
        self.begin()

    def begin(self, *, opened: bool = True) -> None:
        """Begin anew, as a process does."""
        self.press = Press(self.shelf, self.copy, self.clock, settings=SETTINGS, components=COMPONENTS)  # type: ignore[arg-type]  # all that it asks
        self.press.read(ADDRESS)
        if opened:
            self.press.open()

    async def look(self, after: timedelta = timedelta(0)) -> None:
        """Look again after some time."""
        self.clock.forward(after)
        await self.press.look()

    def text(self, name: str = "index.html") -> str:
        """A file that was written."""
        return (self.copy.folder / name).read_text(encoding="utf-8")

    def stamps(self) -> dict[str, int]:
        """When each file was written."""
        return {name: path.stat().st_mtime_ns for name, path in self.files()}

    def files(self) -> Iterator[tuple[str, Path]]:
        """All files."""
        paths = (path for path in self.copy.folder.rglob("*") if path.is_file())
        return ((str(path.relative_to(self.copy.folder)), path) for path in paths)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """With all incidents."""
    return House(tmp_path / "deep" / "status", *ALL)


async def test_everything_is_there_and_links_hold_wherever_the_folder_lies(house: House) -> None:
    await house.look()
    names = {name for name, _ in house.files()} - {KEPT}
    assert len([name for name in names if name.startswith("incidents/")]) == len(ALL)
    assert {"index.html", "404.html", "status.css", "history/index.html", "feed.atom", "feed.rss"} <= names
    assert all(NAME.fullmatch(name) for name in names)
    for name in names - {"404.html"}:
        if not name.endswith(".html"):
            continue
        for link in re.findall(r'(?:href|src)="([^"#]+)', house.text(name)):
            if not link.startswith("https://acme.example"):
                place = (house.copy.folder / name).parent / link
                assert place.resolve().is_file(), (name, link)


async def test_nothing_is_written_while_nothing_is_told(house: House) -> None:
    await house.look()
    before = house.stamps()
    for _ in range(5):
        await house.look(2 * SECOND)
    assert house.stamps() == before
    assert len(house.shelf.asked) == len(ALL)


async def test_after_five_minutes_only_the_pages_that_say_when_are_written(house: House) -> None:
    await house.look()
    before = house.stamps()
    await house.look(FRESH)
    changed = {name for name, at in house.stamps().items() if before[name] != at}
    open_one = f"incidents/{OUTAGE.mark}.html"
    assert changed == {"index.html", "history/index.html", "status.json", "history.json", open_one, KEPT}
    assert "As of" in house.text() and "14:05 UTC" in house.text()


async def test_what_is_told_is_there_at_the_next_look_and_only_that_incident_is_read(house: House) -> None:
    await house.look()
    house.shelf.asked.clear()
    more = ARABIC.updates[-1].model_copy(update={"id": 4, "text": "Over and done.", "stage": PublicStage.RESOLVED})
    house.shelf.put(1, OUTAGE.model_copy(update={"updates": (*OUTAGE.updates, more)}))
    await house.look(SECOND)
    assert "Over and done." in house.text() and "All systems operational" in house.text()
    assert house.shelf.asked == [1]


async def test_a_day_later_the_bars_have_moved(house: House) -> None:
    await house.look()
    before = house.text()
    assert "23 Aug 2026: no incident" in before
    await house.look(timedelta(hours=10, minutes=1))
    assert "23 Aug 2026: no incident" not in house.text() and "24 Aug 2026: no incident" in house.text()


async def test_an_incident_that_is_public_no_more_leaves_every_file(house: House) -> None:
    await house.look()
    del house.shelf.incidents[1], house.shelf.revisions[1]
    await house.look(SECOND)
    for name, _ in house.files():
        assert OUTAGE.mark not in name and OUTAGE.title not in house.text(name), name


async def test_one_that_turned_private_between_two_questions_is_not_written(house: House) -> None:
    del house.shelf.incidents[1]
    await house.look()
    assert OUTAGE.title not in house.text()


async def test_a_database_that_is_away_for_long_is_told_of_with_the_last_time_it_answered(house: House) -> None:
    await house.look()
    await house.look(65 * SECOND)
    house.shelf.away = True
    await house.look(AWAY)
    assert "May be out of date" not in house.text()
    await house.look(SECOND)
    assert "could not be brought up to date since 20 Nov 2026, 14:01 UTC" in house.text()
    told = json.loads(house.text("status.json"))["page"]
    assert (told["stale"], told["as_of"]) == (True, "2026-11-20T14:01:05Z")
    before = house.stamps()
    await house.look(timedelta(hours=30))
    assert house.stamps() == before
    house.shelf.away = False
    await house.look(SECOND)
    assert "May be out of date" not in house.text()


async def test_a_start_without_a_database_serves_the_last_copy_and_says_so(house: House) -> None:
    await house.look()
    house.begin(opened=False)
    await house.look(AWAY + SECOND)
    assert "May be out of date" in house.text() and OUTAGE.title in house.text()
    assert "since 20 Nov 2026, 14:00 UTC" in house.text()
    house.press.open()
    await house.look(SECOND)
    assert "May be out of date" not in house.text()


async def test_a_replica_without_a_database_spoils_a_shared_folder_until_the_next_look_of_another(house: House) -> None:
    await house.look()
    well, news = house.press, Shelf(*ALL)
    house.shelf.away = True
    house.begin()
    lost = house.press
    house.press, well._reader = well, news  # type: ignore[assignment]  # all that it asks
    await house.look(AWAY)
    news.put(9, incident("Search is slow", NOW, (0, PublicStage.INVESTIGATING, "", "We look.", {})))
    await house.look(SECOND)
    await lost.look()
    assert "May be out of date" in house.text() and "Search is slow" not in house.text()
    await house.look(SECOND)
    assert "May be out of date" not in house.text() and "Search is slow" in house.text()
    before = house.stamps()
    await lost.look()
    await house.look(SECOND)
    assert house.stamps() == before


async def test_a_writer_that_was_killed_in_the_middle_brings_nothing_back(house: House) -> None:
    await house.look()
    del house.shelf.incidents[1], house.shelf.revisions[1]
    (house.copy.folder / "index.html").unlink()
    (house.copy.folder / "index.html").mkdir()  # here its writing ends
    await house.look(SECOND)
    (house.copy.folder / "index.html").rmdir()
    house.begin(opened=False)
    await house.look(AWAY + SECOND)
    assert "May be out of date" in house.text()
    for name, _ in house.files():
        assert OUTAGE.mark not in name and OUTAGE.title not in house.text(name), name


async def test_a_first_start_without_a_database_writes_nothing(tmp_path: Path) -> None:
    house = House(tmp_path / "status")
    house.begin(opened=False)
    await house.look(AWAY + SECOND)
    assert list(house.files()) == []


async def test_a_new_process_draws_all_anew_since_another_version_may_have_drawn_it(house: House) -> None:
    await house.look()
    (house.copy.folder / "index.html").write_text("as an older version drew it")
    house.begin()
    await house.look(SECOND)
    assert "Partial outage" in house.text()


@pytest.mark.parametrize("kept", ["", "{", '{"title": 3}'])
async def test_a_spoilt_note_of_the_last_edition_is_as_none(house: House, kept: str) -> None:
    await house.look()
    (house.copy.folder / KEPT).write_text(kept)
    house.begin(opened=False)
    await house.look(AWAY + SECOND)
    assert "May be out of date" not in house.text()


async def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "status").write_text("a file stands where the folder should be")
    house = House(tmp_path / "status", OUTAGE)
    await house.look()
    (tmp_path / "status").unlink()
    await house.look(SECOND)
    assert OUTAGE.title in house.text()


async def test_what_a_killed_writer_left_is_cleared_away_and_what_another_writes_now_is_not(house: House) -> None:
    await house.look()
    old, new = (house.copy.folder / "incidents" / f".new-{word}" for word in ("old", "new"))
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    await house.look(FRESH)
    assert (old.exists(), new.exists()) == (False, True)


HOSTILE = "<script>alert(1)</script>\x00\x0b\u202e ]]> &amp; {{ 7*7 }} '\"> \ud800 " + "W" * 3000 + " \u0645\u0631"


async def test_words_of_people_are_words_in_every_file(tmp_path: Path) -> None:
    step = (0, PublicStage.INVESTIGATING, HOSTILE, HOSTILE, {HOSTILE: Condition.MAJOR})
    house = House(tmp_path / "status", incident("x", NOW, step).model_copy(update={"title": HOSTILE}))
    await house.look()
    for name, path in house.files():
        content = path.read_bytes().decode("utf-8")
        if name.endswith((".html", ".atom", ".rss")):
            assert "<script" not in content and "\x00" not in content, name
    assert "&lt;script&gt;" in house.text() and "{{ 7*7 }}" in house.text()


async def test_what_is_found_at_an_alert_and_at_its_incident_is_shown_once_as_the_incident_s(tmp_path: Path) -> None:
    house = House(tmp_path / "status", OUTAGE)
    house.shelf.put(-7, OUTAGE.model_copy(update={"updates": OUTAGE.updates[:1]}))
    await house.look()
    (seen,) = json.loads(house.text("history.json"))["incidents"]
    assert len(seen["incident_updates"]) == len(OUTAGE.updates)


async def test_a_mark_that_is_no_uuid_becomes_no_file(tmp_path: Path) -> None:
    house = House(tmp_path / "status", OUTAGE.model_copy(update={"mark": "../../etc/passwd"}), ARABIC)
    await house.look()
    assert OUTAGE.title not in house.text() and ARABIC.title in house.text()
    assert [name for name, _ in house.files() if name.startswith("incidents/")] == [f"incidents/{ARABIC.mark}.html"]
