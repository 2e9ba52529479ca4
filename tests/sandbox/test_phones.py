"""The sandbox's phones: what a pager posts is shown on the right one, and nothing in it acts."""

from collections.abc import AsyncIterator

import httpx
import pytest

from adapters.pager.letter import Letter
from adapters.pager.sending import send
from adapters.pager.settings import PagerSettings
from adapters.sandbox.phones import MOST
from adapters.sandbox.server import Sandbox
from bot.building import phones
from tests.support.story import default


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A running one."""
    made = Sandbox()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """A browser."""
    async with httpx.AsyncClient(trust_env=False, base_url=sandbox.url) as client:
        yield client


async def page(sandbox: Sandbox, who: str, title: str, text: str) -> None:
    """Page somebody as the demo's pager does."""
    (address,) = PagerSettings(phones(sandbox, [default()])).own(who, "pager")
    (came,) = await send([address], Letter(title, text, mark=""), within=5.0)
    assert came.why == ""


async def test_a_page_is_shown_on_the_phone_of_whoever_is_paged_with_its_link(
    sandbox: Sandbox, http: httpx.AsyncClient
) -> None:
    await page(sandbox, "bo", "SEV1 #42: checkout is down", "I have it: http://127.0.0.1:8080/pages/a.b")
    assert [one.title for one in sandbox.phones.received["bo"]] == ["SEV1 #42: checkout is down"]
    assert not sandbox.phones.received["ana"]
    shown = (await http.get("/phones/")).text
    assert '<a href="http://127.0.0.1:8080/pages/a.b">' in shown and "SEV1 #42: checkout is down" in shown


async def test_every_route_of_a_process_leads_to_somebodys_phone(sandbox: Sandbox) -> None:
    held = PagerSettings(phones(sandbox, [default()]))
    names = ["pager", *(route.name for route in default().paging.routes)]
    for one in sandbox.people:
        assert {held.own(one.key, name) for name in names} == {(f"json://{sandbox.url[7:]}/phones/{one.key}",)}


async def test_nothing_in_a_message_acts_and_no_other_host_can_be_followed(
    sandbox: Sandbox, http: httpx.AsyncClient
) -> None:
    await page(
        sandbox, "ana", "<script>x</script>", "<img src=x> https://evil.example/ http://127.0.0.1.evil.example:1/"
    )
    answer = await http.get("/phones/")
    assert "<script" not in answer.text and "<img" not in answer.text and 'href="http' not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_a_phone_keeps_the_newest_and_takes_nothing_else(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    for number in range(MOST + 5):
        assert (await http.post("/phones/ana", json={"title": f"{number}", "message": "m"})).status_code == 200
    assert [one.title for one in sandbox.phones.received["ana"]][:: MOST - 1] == [f"{MOST + 4}", "5"]
    for path, body in (("/phones/nobody", b"{}"), ("/phones/ana", b"no json"), ("/phones/ana", b"[]")):
        assert (await http.post(path, content=body)).status_code == 404
