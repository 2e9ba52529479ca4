"""Where a page is answered from outside: the page behind its link, and what pagers tell back.

``GET`` shows and changes nothing. ``POST`` answers, and leads back to what it then says.
"""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from http import HTTPMethod, HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from adapters.web import answers, requests
from adapters.web.answers import Answer, Left, TurnedAway
from adapters.web.secrets import Secrets, given, without
from bot import pages
from bot.alerts.source import NotUnderstood
from bot.errors import TryLater
from bot.learned import Meant, PageAnswered
from bot.messages import replies as messages
from bot.ports import Clock, Ear
from bot.reader import Reader
from bot.replies import PLACE, Acknowledged, Links, Pager, Reply, paged

log = structlog.get_logger()

HERE = Path(__file__).parent
OWN = "pages_"
"""What stands before a pager's name in the setting of what it signs its answers with: it has a key of its own for each
address that it calls."""


class PageDoors:
    """``/pages/TOKEN`` for people, ``/pages/PAGER`` for pagers."""

    def __init__(
        self, reader: Reader, ear: Ear, links: Links, clock: Clock, *, pagers: Sequence[Pager], secrets: Secrets
    ) -> None:
        self._people = LinkDoor(reader, ear, links, clock)
        self._pagers = [PagerDoor(pager, ear, secrets) for pager in pagers]

    def routes(self) -> list[BaseRoute]:
        """Where they are; no token looks like a pager's name, for it has a dot in it."""
        own: list[BaseRoute] = [Route(f"{PLACE}{door.name}", door) for door in self._pagers]
        return [*own, Route(f"{PLACE}{{token}}", self._people)]


class LinkDoor:
    """The page behind a link."""

    def __init__(self, reader: Reader, ear: Ear, links: Links, clock: Clock) -> None:
        self._reader, self._ear, self._links, self._clock = reader, ear, links, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            answer = await self._answer(scope, receive)
        except TurnedAway as turned:
            answer = turned.answer
        except TryLater as gone:
            log.warning("page_not_answered", why=gone.why)
            answer = _shown(messages.away(), HTTPStatus.SERVICE_UNAVAILABLE)
        except Left:
            return
        await answer(send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        method, token = scope["method"], scope["path_params"]["token"]
        if method not in (HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.POST):
            said = "Open it with GET, answer with POST."
            raise TurnedAway(answers.refusal(HTTPStatus.METHOD_NOT_ALLOWED, said, allow="GET, HEAD, POST"))
        reply = self._links.read(token)
        if reply is None:
            return _shown(messages.strange(), HTTPStatus.NOT_FOUND)
        if method == HTTPMethod.POST:
            return await self._posted(scope, receive, reply, token)
        incident = await self._reader.incident(reply.incident)
        found = paged(incident, reply)
        if found is None or incident is None:
            return _shown(messages.strange(), HTTPStatus.NOT_FOUND)
        late = self._links.late(reply)
        return _shown(messages.sheet(incident, *found, now=self._clock.now(), late=late), HTTPStatus.OK)

    async def _posted(self, scope: Scope, receive: Receive, reply: Reply, token: str) -> Answer:
        """Answer, unless it is too late for that; then what the page shows says all."""
        body = await requests.read(receive, requests.head(scope).headers)
        said = _field(body, "answer")
        if said not in set(Meant):
            raise TurnedAway(answers.refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "Answer “have” or “cannot”."))
        if not self._links.late(reply):
            answered = PageAnswered(
                key=f"answer:{hashlib.sha256(token.encode()).hexdigest()[:32]}:{said}",
                incident=reply.incident,
                page=reply.page,
                person=reply.person,
                meant=Meant(said),
                how="by the link",
            )
            await self._ear.learn(answered)
        # told from here: PUBLIC_URL may have a path of its own before ours
        return Answer(HTTPStatus.SEE_OTHER, b"", ((b"location", token.encode()), *_STERN))


class PagerDoor:
    """What one pager tells back."""

    def __init__(self, pager: Pager, ear: Ear, secrets: Secrets) -> None:
        self.name = pager.name
        self._pager, self._ear, self._secrets = pager, ear, secrets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            answer = await self._answer(scope, receive)
        except TurnedAway as turned:
            answer = turned.answer
        except NotUnderstood as wrong:
            answer = answers.not_understood(str(wrong))
        except TryLater as gone:
            log.warning("page_not_answered", why=gone.why, pager=self.name)
            answer = answers.away()
        except Left:
            return
        await answer(send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if scope["method"] != HTTPMethod.POST:
            raise TurnedAway(answers.refusal(HTTPStatus.METHOD_NOT_ALLOWED, "Use POST.", allow="POST"))
        head = requests.head(scope)
        signing = self._secrets.signing(f"{OWN}{self.name}")
        if not signing:
            raise TurnedAway(answers.closed(f"{OWN}{self.name}"))
        offered = given(head)
        if offered and not self._secrets.fits(offered):
            raise TurnedAway(answers.wrong_secret())
        delivery = without(head, await requests.read(receive, head.headers))
        if not offered and self._pager.signed(delivery, signing) is not True:
            raise TurnedAway(answers.wrong_signature(f"{OWN}{self.name}"))
        told = self._pager.read(delivery)
        return answers.accepted(sum([await self._took(each) for each in told]))

    async def _took(self, said: Acknowledged) -> int:
        meant = pages.read_mark(said.mark)
        if meant is None:
            return 0  # something that others sent there
        incident, page, step = meant
        await self._ear.learn(
            PageAnswered(
                key=f"answer:{self.name}:{said.event}"[:200],
                incident=incident,
                page=page,
                step=step,
                by=said.by,
                meant=Meant.HAVE,
                how=f"at {self._pager.title}",
            )
        )
        return 1


def _field(body: bytes, name: str) -> str:
    """What a form says under a name; nothing where it says nothing, or more than any form of ours holds."""
    try:
        return parse_qs(body.decode("latin-1"), max_num_fields=requests.FIELDS).get(name, [""])[0]
    except ValueError:
        return ""


@cache
def _template() -> tuple[Template, str]:
    kept = Environment(autoescape=True, undefined=StrictUndefined, loader=FileSystemLoader(HERE), trim_blocks=True)
    return kept.get_template("page.html.j2"), (HERE / "page.css").read_text()


_STERN = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex, nofollow"),
)
"""The address is the right to answer: it is kept nowhere and told to nobody."""


def _shown(sheet: messages.Sheet, status: int) -> Answer:
    """A page without a script, to which nothing is added from elsewhere."""
    template, css = _template()
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    whole = template.render(sheet=sheet, css=css, have=messages.HAVE, cannot=messages.CANNOT)
    headers = ((b"content-type", b"text/html; charset=utf-8"), (b"content-security-policy", policy.encode()), *_STERN)
    return Answer(status, whole.encode(), headers)
