"""Every sender's own samples, through the doors: taken with the secret or the signature, and nonsense refused."""

from urllib.parse import urlencode

import httpx
import pytest

from tests.support.sources import Sample, Table, tables
from tests.web.conftest import Building
from tests.web.house import SECRET, House

HOOKS = [table for name, table in tables().items() if name != "events"]
GARBAGE: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "not JSON": b"<html><body>502 Bad Gateway</body></html>",
    "another encoding": '{"title": "Zähler"}'.encode("utf-16"),
    "deep": b'{"alerts":' * 50_000,
}
GREETING = b"SubscriptionConfirmation"

each_sender = pytest.mark.parametrize("table", HOOKS, ids=lambda table: table.source.name)


async def post(
    home: House, table: Table, sample: Sample, *, secret: str | None = SECRET, **more: str
) -> httpx.Response:
    """Send a sample as its sender does."""
    query = f"?{urlencode(sample.query)}" if sample.query else ""
    path = f"/alerts/{table.source.name}{query}"
    return await home.knock(path, table.body(sample), secret=secret, **{**sample.headers, **more})


@each_sender
async def test_what_a_sender_sends_is_stored(building: Building, table: Table) -> None:
    async with building(sources=[table.source]) as home:
        stored = 0
        for sample in table.webhooks:
            if GREETING in table.body(sample):
                continue
            tells = len(table.source.read(table.delivery(sample)))
            answer = await post(home, table, sample)
            assert (answer.status_code, answer.json()) == (202, {"accepted": tells}), sample.file
            stored += tells
        assert stored and 0 < await home.depth() <= stored, "one that was delivered before is not stored again"


@each_sender
async def test_nonsense_is_refused_with_what_was_expected(building: Building, table: Table) -> None:
    async with building(sources=[table.source]) as home:
        for body in GARBAGE.values():
            answer = await home.knock(f"/alerts/{table.source.name}", body)
            assert (answer.status_code, len(answer.json()["error"]) > 30) == (422, True)
        assert await home.depth() == 0
        assert {kept.source for kept in await home.inbox.strange()} == {table.source.name}
        assert (await home.knock(f"/alerts/{table.source.name}", b"x" * 1_100_000)).status_code == 413
        for secret in (None, "guess"):
            assert (await post(home, table, table.webhooks[0], secret=secret)).status_code in (401, 403)
        assert (await post(home, table, table.webhooks[0])).status_code == 202


@pytest.mark.parametrize("table", [one for one in HOOKS if one.sign is not None], ids=lambda table: table.source.name)
async def test_a_senders_signature_opens_its_door(building: Building, table: Table) -> None:
    assert table.sign is not None
    async with building(sources=[table.source], own={table.source.name: "theirs"}) as home:
        for sample in table.webhooks:
            body = table.body(sample)
            assert (await post(home, table, sample, secret=None, **table.sign(body, "theirs"))).status_code == 202
            assert (await post(home, table, sample, secret=None, **table.sign(body, SECRET))).status_code == 403
            assert (
                await post(home, table, sample, secret=None, **table.sign(body + b" ", "theirs"))
            ).status_code == 403
