"""The other doors: GitHub's webhooks, answers of pagers and by link, subscriptions, calendars."""

import hashlib
import hmac
import json
from contextlib import AsyncExitStack
from random import Random
from typing import Any

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from adapters.calendar.door import CalendarDoor
from adapters.health.addresses import Addresses
from adapters.health.asking import client
from adapters.health.pinned import INSIDE
from adapters.opsgenie.replies import OpsgenieReplies
from adapters.pagerduty.replies import PagerDutyReplies
from adapters.publicpage.adapter import PublicPage
from adapters.publicpage.posting import Posting
from adapters.publicpage.settings import PageSettings
from adapters.tracker.hooks import Hooks
from adapters.tracker.settings import TrackerSettings
from adapters.web.freeze import FreezeDoor
from adapters.web.pages import PageDoors
from adapters.web.secrets import Secrets
from bot.pages import mark
from bot.replies import Links
from tests.fuzz import asgi, mutate
from tests.fuzz.world import World, Worlds, person, playbooks
from tests.support.sources import ADAPTERS

SECRET, SIGNS = "what-everybody-may-give-0001", "what-others-sign-with-000002"
PULL: dict[str, Any] = {
    "action": "opened",
    "number": 7,
    "repository": {"full_name": "acme/shop"},
    "pull_request": {"number": 7, "head": {"sha": "0" * 40}},
}
DEPLOYMENT: dict[str, Any] = {
    "action": "requested",
    "environment": "production",
    "deployment_callback_url": "https://api.github.com/repos/acme/shop/actions/runs/123/deployment_protection_rule",
    "deployment": {"sha": "0" * 40},
    "repository": {"full_name": "acme/shop"},
    "pull_requests": [{"number": 7}],
    "installation": {"id": 99},
}


class DoorOf:
    """What all these doors share: a request is made, sent, and its answer judged."""

    block = 300

    def __init__(self) -> None:
        self.worlds = Worlds()
        self.world: World
        self.application: Starlette
        self.kept = AsyncExitStack()

    async def routes(self) -> list[BaseRoute]:
        """The door's own, in a fresh world."""
        raise NotImplementedError

    async def open(self) -> None:
        """A fresh world with the door."""
        self.world = await self.worlds.fresh()
        self.application = Starlette(routes=await self.routes())

    async def feed(self, given: dict[str, Any]) -> str:
        """Knock, and judge the answer."""
        answered = await asgi.send(
            self.application, given.get("method", "POST"), given["path"], headers=given.get("headers"),
            query=given.get("query"), body=given.get("body", b""),
        )  # fmt: skip
        text = given.get("body", b"").decode("utf-8", "replace") + str(given["path"])
        self.world.fed(text)
        return asgi.judged(answered, given=text)

    async def settle(self) -> None:
        """Whatever was learned is drawn."""
        await self.world.delivered()

    async def close(self) -> None:
        """Leave the world."""
        await self.kept.aclose()
        await self.world.close()

    def end(self) -> None:
        """Leave nothing behind."""
        self.worlds.remove()


class GitHub(DoorOf):
    """``/freeze/github``."""

    def make(self, chance: Random) -> dict[str, Any]:
        """A delivery, signed."""
        held = mutate.structure(chance, chance.choice((PULL, DEPLOYMENT)))
        body = mutate.body(chance, held)
        digest = hmac.new(SIGNS.encode(), body, hashlib.sha256).hexdigest()
        headers = {
            "x-hub-signature-256": f"sha256={digest}"
            if chance.random() < 0.96
            else chance.choice(("", "sha256=", "é", digest)),
            "x-github-event": chance.choice(("pull_request", "deployment_protection_rule", "ping", "x" * 999)),
            "x-github-delivery": chance.choice(("0" * 36, f"{chance.getrandbits(64):016x}", "", "\x00", "é")),
        }
        return {"path": "/freeze/github", "headers": headers, "body": body}

    async def routes(self) -> list[BaseRoute]:
        """GitHub's."""
        settings = TrackerSettings(_env_file=None).model_copy(
            update={
                "github_webhook_secret": SecretStr(SIGNS), "freeze_repositories": "acme/shop", "github_app_id": "4711",
                "github_app_key_file": "/nowhere",
            }
        )  # fmt: skip
        hooks = Hooks(settings)
        hooks.ear = self.world.desk
        return list(hooks.routes())


class Answers(DoorOf):
    """``/pages/…``: what pagers tell back, and links."""

    def __init__(self) -> None:
        super().__init__()
        self._told = {
            "pagerduty": _bodies("pagerduty", ("triggered", "acknowledged", "resolved", "annotated", "ping")),
            "opsgenie": _bodies("opsgenie", ("acknowledge", "create", "close", "add-note", "escalate")),
        }

    def make(self, chance: Random) -> dict[str, Any]:
        """An answer of a pager's, or the use of a link."""
        how = chance.choice(("pagerduty", "opsgenie", "link"))
        if how == "link":
            said = chance.choice(
                (
                    b"answer=have",
                    b"answer=cannot",
                    b"answer=",
                    b"answer=have&" * 500,
                    mutate.text(chance).encode("utf-8", "replace"),
                )
            )
            return {
                "path": "LINK",
                "cut": chance.choice((0, 0, 0, 1, 9)),
                "who": chance.randrange(9),
                "incident": chance.choice((0, 1, 2, 4, 99)),
                "page": chance.choice((0, 1, 7)),
                "method": chance.choice(("GET", "HEAD", "POST", "POST", "PUT", "X\xff")),
                "body": mutate.scrambled(chance, said) if chance.random() < 0.3 else said,
            }
        held = chance.choice(self._told[how])
        if chance.random() < 0.6:
            held = json.loads(json.dumps(held).replace(_MARK, mark(chance.choice((1, 4, 99)), 1, 1)))
        body = mutate.body(chance, mutate.structure(chance, held))
        headers = {"content-type": "application/json"}
        query = {"secret": SECRET} if chance.random() < 0.7 else {}
        if not query:
            headers["x-pagerduty-signature"] = f"v1={hmac.new(SIGNS.encode(), body, hashlib.sha256).hexdigest()}"
        return {"path": f"/pages/{how}", "headers": headers, "query": query, "body": body}

    async def routes(self) -> list[BaseRoute]:
        """Those of pages."""
        world = self.world
        self._links = Links(world.keys, world.clock, url="https://tocsin.example")
        doors = PageDoors(
            world.database.reader, world.desk, self._links, world.clock, pagers=[PagerDutyReplies(), OpsgenieReplies()],
            secrets=Secrets(SECRET, own={"pages_pagerduty": SIGNS}),
        )  # fmt: skip
        return doors.routes()

    async def feed(self, given: dict[str, Any]) -> str:
        """Knock; a link is made by the door's own keys."""
        if given.get("path") == "LINK":
            link = self._links.link(given["incident"], given["page"], person("slack", given["who"]))
            path = link.removeprefix("https://tocsin.example")
            given = given | {"path": path[: len(path) - given["cut"]]}
        return await super().feed(given)


class Subscriptions(DoorOf):
    """The public page and its subscriptions."""

    def make(self, chance: Random) -> dict[str, Any]:
        """Somebody who subscribes, ends it, or looks."""
        url = mutate.spoilt(
            chance,
            chance.choice(
                (
                    "https://example.com/hook",
                    "http://127.0.0.1:9/x",
                    "https://[::1]/",
                    "https://user:pw@example.com/",
                    "https://xn--a/",
                )
            ),
        )
        how = chance.random()
        if how < 0.4:
            return {
                "path": "/status/subscriptions",
                "headers": {"content-type": "application/json"},
                "body": mutate.body(chance, mutate.structure(chance, {"url": url})),
            }
        if how < 0.6:
            return {
                "path": "/status/subscriptions",
                "headers": {"content-type": "application/x-www-form-urlencoded"},
                "body": mutate.scrambled(chance, b"url=" + url.encode("utf-8", "replace")),
            }
        if how < 0.8:
            return {
                "path": f"/status/subscriptions/{mutate.text(chance)[:300]}",
                "method": chance.choice(("GET", "HEAD", "POST", "DELETE")),
            }
        files = (
            "",
            "index.html",
            "history.json",
            "status.json",
            "history.atom",
            "../../../etc/passwd",
            "..%2f",
            "\x00",
        )
        headers = {
            chance.choice(("if-none-match", "if-modified-since", "accept-encoding", "range")): mutate.text(chance)[:200]
        }
        return {
            "path": f"/status/{mutate.spoilt(chance, chance.choice(files))[:300]}",
            "method": chance.choice(("GET", "HEAD", "POST", "DELETE")),
            "headers": headers,
        }

    async def routes(self) -> list[BaseRoute]:
        """The page's."""
        hosts = Addresses(_nowhere)
        http = client(hosts)
        self.kept.push_async_callback(http.aclose)
        settings = PageSettings(
            _env_file=None, status_page="on", status_page_dir=self.world.file.parent / "status",
            status_page_subscribers=5,
            public_url="https://tocsin.example",
        )  # fmt: skip
        page = PublicPage(
            self.world.database,
            Posting(http, extension=INSIDE),
            self.world.clock,
            keys=self.world.keys,
            settings=settings,
            components=(),
        )
        page._press.read(settings.address(1))
        page._press.open()
        await page._press.look()
        return list(page.routes())


class Reading(DoorOf):
    """Calendars of on-call, and whether production is frozen."""

    def make(self, chance: Random) -> dict[str, Any]:
        """Somebody who asks."""
        token = mutate.text(chance)[:200]
        path = chance.choice(
            (
                "/oncall/people/TOKEN.ics",
                f"/oncall/people/{token}.ics",
                "/oncall/primary.ics",
                f"/oncall/{token}.ics",
                "/api/freeze",
            )
        )
        query = {chance.choice(("token", "change", "x")): chance.choice(("TOKEN", token))}
        headers = {
            chance.choice(("if-none-match", "if-modified-since", "authorization")): mutate.text(
                chance, ("Bearer x", "*", 'W/"x"', "Fri, 20 Nov 2026 14:00:00 GMT")
            )[:300]
        }
        return {
            "path": path,
            "query": query,
            "headers": headers,
            "method": chance.choice(("GET", "GET", "HEAD", "POST")),
        }

    async def routes(self) -> list[BaseRoute]:
        """Both doors'."""
        world = self.world
        self._calendars = CalendarDoor(
            world.database.reader, playbooks(), keys=world.keys, clock=world.clock, base="https://x.example"
        )
        return [*self._calendars.routes(), *FreezeDoor(world.database.reader, "").routes()]

    async def feed(self, given: dict[str, Any]) -> str:
        """Knock; a right token is made by the door itself."""
        known = playbooks()[0].people[0].key if playbooks()[0].people else "ana"
        token = self._calendars.of_person(known).rpartition("/")[2].removesuffix(".ics")
        query = {name: value.replace("TOKEN", token) for name, value in given.get("query", {}).items()}
        return await super().feed(given | {"path": given["path"].replace("TOKEN", token), "query": query})


_MARK = "tocsin-mark"


def _bodies(sender: str, names: tuple[str, ...]) -> list[Any]:
    found = [json.loads((ADAPTERS / sender / "samples" / f"{name}.json").read_text()) for name in names]
    for one in found:
        for place in (one.get("alert"), one.get("event", {}).get("data")):
            if isinstance(place, dict):
                place["alias"] = place["incident_key"] = _MARK
    return found


def _nowhere(_: str, __: int) -> list[str]:
    """No name leads anywhere: nothing leaves this machine."""
    return []
