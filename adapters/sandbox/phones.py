"""The sandbox's phones: one for each person. What a pager posts there (as Apprise's ``json://`` does) is shown."""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from json import JSONDecodeError

from aiohttp import web
from jinja2 import Environment, StrictUndefined

from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.people import SandboxPerson

MOST = 20
"""Messages that a phone keeps."""
LONGEST = 4000
"""Characters of a message that are kept."""
_LINK = re.compile(r"(http://127\.0\.0\.1:\d+/\S+)")
"""Only addresses on this machine can be followed from here."""


@dataclass(frozen=True, slots=True)
class Received:
    """One message on a phone."""

    at: datetime
    title: str
    text: str

    @property
    def parts(self) -> list[str]:
        """The text, in which each second part is a link."""
        return _LINK.split(self.text)


class Phones:
    """Everybody's phones, and the page that shows them."""

    def __init__(self, clock: SandboxClock, people: Sequence[SandboxPerson]) -> None:
        self._clock, self._people = clock, people
        self.received: dict[str, deque[Received]] = {one.key: deque(maxlen=MOST) for one in people}
        """By the person's key, the newest first."""

    def application(self) -> web.Application:
        """``GET /`` shows them, ``POST /PERSON`` brings a message."""
        app = web.Application()
        app.router.add_get("/", self._show)
        app.router.add_post("/{person}", self._take)
        return app

    async def _take(self, request: web.Request) -> web.Response:
        phone = self.received.get(request.match_info["person"])
        try:
            said = await request.json()
        except (JSONDecodeError, UnicodeDecodeError):
            said = None
        if phone is None or not isinstance(said, dict):
            return web.json_response({"error": "no such phone, or nothing that it can read"}, status=404)
        title, text = (str(said.get(name, ""))[:LONGEST] for name in ("title", "message"))
        phone.appendleft(Received(self._clock.now(), title, text))
        return web.json_response({"ok": True})

    async def _show(self, request: web.Request) -> web.Response:
        return web.Response(text=_PAGE.render(people=self._people, received=self.received), content_type="text/html")


_PAGE = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string("""\
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="refresh" content="5">
  <title>Phones</title>
  <link rel="icon" href="/page/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/page/phones.css">
</head>
<body>
<header><h1>Phones</h1><p><a href="/">Back to chat</a>. Page somebody there: <code>/incident page @bo because …</code></p></header>
<main>
{% for one in people %}
  <section aria-labelledby="{{ one.key }}">
    <h2 id="{{ one.key }}">{{ one.name }}</h2>
    {% for message in received[one.key] %}
    <article>
      <h3>{{ message.title }}</h3>
      <p>{% for part in message.parts %}{% if loop.index is even %}<a href="{{ part }}">{{ part }}</a>{% else %}{{ part }}{% endif %}{% endfor %}</p>
      <time datetime="{{ message.at.isoformat() }}">{{ message.at.strftime("%H:%M:%S") }} UTC</time>
    </article>
    {% else %}
    <p class="empty">Nothing yet.</p>
    {% endfor %}
  </section>
{% endfor %}
</main>
</body>
</html>
""")  # noqa: E501
