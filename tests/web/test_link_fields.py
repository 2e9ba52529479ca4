"""A form at a page's link that holds more than any of ours is answered like one that says nothing."""

from starlette.applications import Starlette

from adapters.keys import Keyring
from adapters.sandbox.clock import SandboxClock
from adapters.web.answers import not_understood
from adapters.web.pages import PageDoors
from adapters.web.secrets import Secrets
from bot.people import stranger
from bot.replies import Links
from tests.fuzz import asgi
from tests.support.town import FRIDAY

ANA = stranger("slack", "U0ANA0001", "Ana")


async def test_hundreds_of_fields_are_no_fault_of_ours() -> None:
    clock = SandboxClock(FRIDAY)
    links = Links(Keyring(["the-secret-key-of-this-house"]), clock, url="https://tocsin.example")
    nobody: object = None  # nothing is asked of the database, and nobody learns of it
    doors = PageDoors(nobody, nobody, links, clock, pagers=[], secrets=Secrets(""))  # type: ignore[arg-type]
    path = links.link(1, 1, ANA).removeprefix("https://tocsin.example")
    answered = await asgi.send(Starlette(routes=doors.routes()), "POST", path, body=b"answer=have&" * 500)
    assert (answered.status, answered.body) == (
        422,
        b'{"error":"Answer \xe2\x80\x9chave\xe2\x80\x9d or \xe2\x80\x9ccannot\xe2\x80\x9d."}',
    )


def test_what_was_expected_ends_as_a_sentence() -> None:
    assert not_understood("JSON was expected").body == not_understood("JSON was expected.").body
