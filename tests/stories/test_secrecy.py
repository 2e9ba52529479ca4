"""A private incident, with a word in everything that people write, is looked for wherever others can look.

It is declared, worked on in every way and closed; then nothing of it may stand where only its members may read.
"""

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import structlog

from adapters.calendar.door import CalendarDoor
from adapters.git.adapter import GitAdapter
from adapters.git.settings import RecordSettings
from adapters.health.adapter import HealthAdapter
from adapters.publicpage.files import Copy
from adapters.publicpage.press import Press
from adapters.web.freeze import FreezeDoor
from adapters.web.server import WebServer
from bot.intents import OWN_PAGE
from tests.support.alerts import alert, arrive
from tests.support.published import ADDRESS, SETTINGS
from tests.support.repository import Repository
from tests.support.story import acquainted, tell
from tests.support.town import ANA, BO, CLEO, DMITRI, ESHA, FINN, Side, Town, sqlite

MARK = "Geheimwort"
"""In everything that the members write."""
WORK = (
    f"update public {MARK} is what we know",
    f"publish {MARK} for customers",
    f"note {MARK} noted",
    f"impact {MARK} for everybody",
    "affected 500",
    f"component {MARK}",
    f"link https://internal.example/{MARK} fix",
    f"change {MARK} was deployed https://internal.example/{MARK}/1",
    f"action @bo mend the {MARK} by friday",
    f"flag data-loss because {MARK}",
    f"freeze because {MARK}",
    f"allow https://git.example/acme/shop/pull/7 because {MARK}",
    f"page bo because {MARK}",
    f"escalate leadership because {MARK}",
    f"role comms @bo because {MARK}",
    f"told customers {MARK}",
    f"draft email {MARK}",
    f"mail skip because {MARK}",
    f"severity sev2 because {MARK}",
    f"pause because {MARK}",
    "resume",
    f"postmortem cause: {MARK} was in the log",
    f"resolve {MARK} was rotated",
    f"reopen because {MARK} is back",
    f"resolve {MARK} again",
    "postmortem review @bo",
    f"postmortem publish https://internal.example/{MARK}/pm",
    "statuspage none",
    f"close anyway because {MARK}",
)
"""What is typed in its channel, one after the other; what does not fit is answered there, and that is searched too."""
ASKED = (
    "list", f"find {MARK}", "find key", "stats", "alerts", f"alerts {MARK}", "actions", "actions mine", "oncall",
    "freeze", "drills", "deadlines", "timeline", "catchup", "checklist", "roles", "status",
    "#1 status", "#1 timeline", "#1 join",
    "#1 actions", "#1 postmortem", "#1 catchup", "#1 update x", "#1 resolve", "done 1", "#1 done 1",
    "action 1 @cleo",
    "postmortem", "handoff", "help", "playbook", "calendar", f"runbook {MARK}", f"preview sev1 {MARK}",
)  # fmt: skip
"""What somebody asks who may not see it."""


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Every line that the bot and its libraries log meanwhile, from INFO on."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    handler, root = Kept(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    with structlog.testing.capture_logs() as own:
        yield lines
        lines += [json.dumps(one, default=repr) for one in own]
    root.removeHandler(handler)
    root.setLevel(before)


@asynccontextmanager
async def town_of(folder: Path, platform: str, repository: Repository) -> AsyncIterator[Town]:
    """With a record in git, trackers and a page of its own switched on."""
    record = {"file": "docs/{{ date }}-{{ slug }}.md", "log": "docs/LOG.md"}
    town = Town(sqlite(folder), platforms=(platform,), playbook=acquainted(record=record))
    known = RecordSettings.model_validate({"record_repository": str(repository.folder)})
    town.tools = [HealthAdapter(), GitAdapter(known, folder=folder / "var")]
    town.pages = (OWN_PAGE,)
    async with town:
        yield town


async def served(town: Town) -> str:
    """Everything that the bot's own addresses tell without a secret."""
    feeds = CalendarDoor(town.store.reader, [town.playbook], keys=town.keys, clock=town.clock)
    web = WebServer(
        host="127.0.0.1", port=0, readiness=town.bot, metrics=town.metrics, reader=town.store.reader,
        ledger=town.store.ledger("w"), routes=[*FreezeDoor(town.store.reader).routes(), *feeds.routes()],
    )  # fmt: skip
    await web.start()
    try:
        async with httpx.AsyncClient(trust_env=False, base_url=f"http://127.0.0.1:{web.port}") as client:
            paths = ("/healthz", "/readyz", "/metrics", "/api/freeze", "/status/", "/oncall/x")
            return "".join([(answer := await client.get(path)).text + str(answer.headers) for path in paths])
    finally:
        await web.stop()


def overheard(side: Side, private: str) -> dict[str, str]:
    """Whatever stands in a channel that is not the incident's own."""
    return {room: repr([one.raw for one in side.room(room)]) for room in side.rooms() if room != private}


def named(said: str, room: str) -> bool:
    """Whether its channel is named; the next one of that day is called alike."""
    return re.search(re.escape(room) + r"(?!-?\w)", said) is not None


async def test_no_word_of_a_private_incident_is_anywhere_else(tmp_path: Path, platform: str, logged: list[str]) -> None:
    repository = Repository(tmp_path / "incidents.git")
    repository.write("README.md", "Incidents\n")
    async with town_of(tmp_path, platform, repository) as town:
        side = town.sides[platform]
        await side.says(ANA, f"private sev1 the key {MARK} has leaked")
        await town.settle()
        room = (await town.incident()).channel_name
        await arrive(town, alert("Key used twice", severity="warning"))
        await side.says(ANA, "#1 attach a1")
        for words in WORK[:15]:
            await tell(town, side, ANA, words, room=room)
        assert MARK not in await served(town)
        for words in WORK[15:]:
            await tell(town, side, ANA, words, room=room)
            await town.forward(minutes=10)
        incident = await town.incident()
        assert incident.private and not incident.open, incident.status
        assert str(await town.timeline()).count(MARK) > 15

        outside = [who for who in (CLEO, DMITRI, ESHA, FINN, BO) if not side.sees(who, room)]
        assert DMITRI in outside
        told = {words: await side.says(DMITRI, words) for words in ASKED}
        await town.settle()
        for words, answer in told.items():
            assert MARK not in answer.replace(words, "") or MARK in words, (words, answer)
            assert "leaked" not in answer and not named(answer, room), (words, answer)

        for where, said in overheard(side, room).items():
            assert f"key {MARK}" not in said and "leaked" not in said and not named(said, room), where
        for who in outside:
            for said in (*side.private(who), *(str(one.raw) for one in side.direct(who))):
                assert "leaked" not in said and not named(said, room), (who.name, said)
        assert MARK not in await served(town)

        press = Press(town.store.reader, Copy(tmp_path / "status"), town.clock, settings=SETTINGS, components=())
        press.read(ADDRESS)
        press.open()
        await press.look()
        for file in (each for each in (tmp_path / "status").rglob("*") if each.is_file()):
            assert MARK not in file.name + file.read_text(encoding="utf-8"), file
        assert repository.files() == ["README.md"]
    assert not [line for line in logged if MARK in line or "leaked" in line]
