"""What responders let out in chat is what customers read on Tocsin's own page, from the declaration to the end."""

import json
from pathlib import Path

from adapters.publicpage.files import Copy
from adapters.publicpage.press import Press
from adapters.publicpage.settings import component_names
from bot.intents import OWN_PAGE
from bot.playbook.shape import Playbook
from tests.stories.test_publishing import process
from tests.support.published import ADDRESS, SETTINGS
from tests.support.publishing import PublishedTown
from tests.support.story import ROOM, declared, tell
from tests.support.town import ANA, BO, Side, Town, sqlite

SECRET = "the password of the vault leaked"


class OwnPage(PublishedTown):
    """A town that has no other page than Tocsin's own."""

    def __init__(self, town: Town) -> None:
        super().__init__(town, on=())

    def connect(self, *, key: str = "") -> None:
        """No page outside."""
        super().connect()
        self.town.pages = (OWN_PAGE,)


class Reading:
    """Customers, who read the page."""

    def __init__(self, town: Town, playbook: Playbook, folder: Path) -> None:
        self._folder, names = folder, component_names([playbook])
        self._press = Press(town.store.reader, Copy(folder), town.clock, settings=SETTINGS, components=names)
        self._press.read(ADDRESS)
        self._press.open()

    async def reads(self) -> str:
        """The first page, as it is now."""
        await self._press.look()
        return (self._folder / "index.html").read_text(encoding="utf-8")

    def everything(self) -> str:
        """All words that were written."""
        found = (path for path in self._folder.rglob("*") if path.suffix in (".html", ".json", ".atom", ".rss"))
        return "".join(path.read_text(encoding="utf-8") for path in found)

    def status(self) -> dict[str, str]:
        """How each component is, as programs read it."""
        told = json.loads((self._folder / "status.json").read_text(encoding="utf-8"))
        return {part["name"]: part["status"] for part in told["components"]}


async def test_customers_read_what_was_let_out_and_never_what_was_not(tmp_path: Path, platform: str) -> None:
    playbook = process()
    async with OwnPage(Town(sqlite(tmp_path), platforms=(platform,), playbook=playbook)) as it:
        side: Side = it.town.sides[platform]
        customers = Reading(it.town, playbook, tmp_path / "status")
        assert "All systems operational" in await customers.reads()
        await declared(it.town, side)
        await tell(it.town, side, ANA, f"note {SECRET}")
        assert "All systems operational" in await customers.reads(), "a draft is shown to nobody"

        (draft,) = it.drafts(side)
        await side.taps(BO, "Publish", draft, room=ROOM)
        await it.town.settle()
        assert "We are looking into a problem." in await customers.reads()
        await tell(it.town, side, ANA, "component checkout")
        await tell(it.town, side, ANA, "update public Card payments fail for some.")
        assert "Card payments fail for some." not in await customers.reads() + customers.everything()
        await side.taps(BO, "Publish", it.drafts(side)[-1], room=ROOM)
        await it.town.settle()
        assert "Card payments fail for some." in await customers.reads()
        assert customers.status()["Checkout"] != "operational" == customers.status()["Search"]

        shown = customers.everything()
        hidden = (SECRET, ANA.name, BO.name, "sev1", "SEV1", "#1", ROOM)
        assert [word for word in hidden if word in shown] == []


async def test_drills_and_private_incidents_are_never_there(tmp_path: Path, platform: str) -> None:
    playbook = process(page={"approve": False})
    async with OwnPage(Town(sqlite(tmp_path), platforms=(platform,), playbook=playbook)) as it:
        side: Side = it.town.sides[platform]
        customers = Reading(it.town, playbook, tmp_path / "status")
        for words in (f"drill sev1 {SECRET}", f"private sev1 {SECRET}"):
            await side.says(ANA, words)
            await it.town.settle()
        assert "All systems operational" in await customers.reads() and SECRET not in customers.everything()
        await side.says(ANA, "sev1 checkout is down")
        await it.town.settle()
        assert "checkout is down" in await customers.reads(), "and one that customers may read is there"
