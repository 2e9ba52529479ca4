"""The sandbox's Slack as tests and the page use it: one workspace, its people's doings, and its wire."""

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from adapters.sandbox.calls import CallBook
from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.faults import Faults
from adapters.sandbox.people import PEOPLE, SandboxPerson
from adapters.sandbox.slack import rooms
from adapters.sandbox.slack.acts import Acts
from adapters.sandbox.slack.answers import Answers
from adapters.sandbox.slack.api import LARGEST, Api
from adapters.sandbox.slack.courier import Courier, Envelope
from adapters.sandbox.slack.crowd import Crowd
from adapters.sandbox.slack.errors import Impossible
from adapters.sandbox.slack.http import Forgery, Http, written
from adapters.sandbox.slack.model import Delivery, Wire
from adapters.sandbox.slack.sockets import Sockets
from adapters.sandbox.slack.uploads import Uploads


class SlackWorkspace(Crowd):
    """A Slack workspace. What its people do are the methods; what the app does comes over the wire."""

    def __init__(
        self,
        clock: SandboxClock | None = None,
        people: Iterable[SandboxPerson] = PEOPLE,
        faults: Faults | None = None,
        calls: CallBook | None = None,
    ) -> None:
        super().__init__(clock, people, faults, calls)
        self.sockets = Sockets(self)
        self.http = Http(self)
        self.courier = Courier(self, sockets=self.sockets, http=self.http)
        self.sockets.courier = self.http.courier = self.courier
        self._acts = Acts(self, self.courier)
        rooms.seed(self)
        self.emit = self.courier.emit

    # What can be seen

    def messages(self, channel_id: str, *, viewer: str | None = None) -> list[Wire]:
        """Messages of a channel, oldest first, replies among them, with what only the viewer sees (is_ephemeral)."""
        own = [m for m in self.whispers.get(viewer or "", []) if m["channel"] == channel_id]
        return sorted([*self.place(channel_id).messages, *own], key=lambda message: str(message["ts"]))

    def ephemerals(self, user_id: str) -> list[Wire]:
        """Messages that only this user sees, in every channel (``channel``), oldest first."""
        return self.whispers.get(user_id, [])

    def home(self, user_id: str) -> Wire | None:
        """The home tab that the app published for this user."""
        return self.homes.get(user_id)

    def open_view(self, user_id: str) -> Wire | None:
        """The modal in front of this user."""
        stack = self.modals.get(user_id)
        return stack[-1] if stack else None

    # What people do, and what the app is told of it

    async def command(self, user_id: str, channel_id: str, text: str, *, command: str = "/incident") -> Delivery:
        """Type a slash command; ``text`` is what follows it."""
        return await self._acts.command(user_id, channel_id, text, command=command)

    async def press(
        self, user_id: str, channel_id: str, ts: str, action_id_or_text: str, *, value: Any = None
    ) -> Delivery:
        """Press a button of a message or an ephemeral, or choose ``value`` from its menu."""
        return await self._acts.press(user_id, channel_id, ts, action_id_or_text, value=value)

    async def press_in_view(self, user_id: str, action_id: str, value: Any = None) -> Delivery:
        """Press a button of the top modal, or choose from its menu; of the home tab while no modal is open."""
        return await self._acts.press_in_view(user_id, action_id, value)

    async def submit_view(self, user_id: str, values: dict[str, Any]) -> Delivery:
        """Fill in the top modal, by block_id, label or action_id, and submit it."""
        return await self._acts.submit(user_id, values)

    async def close_view(self, user_id: str) -> Delivery | None:
        """Close the top modal; ``None`` if the app did not ask to hear of it."""
        return await self._acts.close(user_id)

    async def suggest(self, user_id: str, action_id: str, typed: str) -> list[Wire]:
        """Type into an external menu of the top modal; the options that the app offers."""
        return await self._acts.suggest(user_id, action_id, typed)

    async def shortcut(
        self, user_id: str, callback_id: str, *, channel_id: str | None = None, ts: str | None = None
    ) -> Delivery:
        """Use a shortcut: of a message, or without one a global one."""
        return await self._acts.shortcut(user_id, callback_id, channel_id=channel_id or "", ts=ts or "")

    # The wire

    async def redeliver(self, which: int = -1) -> Delivery:
        """Deliver what was last sent to the app, or another of ``courier.journal``, once more with the same ids."""
        if not self.courier.journal:
            raise Impossible("nothing was delivered yet")
        return await self.courier.again(which)

    async def drop_sockets(self, *, politely: bool = False) -> None:
        """Cut every connection; ``politely`` with a closing frame, at which the client reconnects at once."""
        await self.sockets.cut(politely=politely)

    async def refresh_sockets(self, reason: str = "refresh_requested") -> None:
        """Ask the app to open new connections, as Slack does every few hours."""
        await self.sockets.refresh(reason)

    async def verify_url(self) -> bool:
        """Whether the app's ``http_url`` answers Slack's challenge."""
        return await self.http.verify()

    async def forge(self, how: Forgery | str, which: int = -1) -> int:
        """Post something that was delivered again, signed wrong; the HTTP status that the app answers."""
        known = self.courier.journal[which]
        body, content_type = written(Envelope(known.type, known.payload, known.id))
        status, _ = await self.http.ask(body, content_type, forged=Forgery(how))
        return status

    @property
    def connected(self) -> bool:
        """Whether the app can be reached: an open socket, or an address to post to."""
        return self.courier.way.is_open

    async def wait_connected(self) -> None:
        """Until the app has a connection open."""
        if not self.http_url:
            await self.sockets.wait()

    def application(self) -> web.Application:
        """What to mount at ``/slack/``; ``base_url`` is to be set to where that is."""
        app = web.Application(client_max_size=LARGEST)
        api = Api(self, self.sockets)
        answers, uploads = Answers(self, api), Uploads(self, api)
        app.router.add_route("GET", "/api/{method}", api.answer)
        app.router.add_route("POST", "/api/{method}", api.answer)
        app.router.add_get("/link/", self.sockets.link)
        app.router.add_post("/{kind:actions|commands|app}/{team}/{secret}", answers.receive)
        app.router.add_post("/upload/v1/{file}", uploads.receive)
        app.router.add_get("/files/{file}", uploads.show)
        app.on_shutdown.append(self._hang_up)
        return app

    async def _hang_up(self, app: web.Application) -> None:
        await self.sockets.cut(politely=True)
        await self.courier.stop()
        await self.http.close()
