"""What waits longest on each platform, and what was ever owed by a name: what the watch asks the ledger."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from adapters.database import Database
from adapters.database import tables as t
from bot.intents import LetDeploy
from bot.ledger import Later
from bot.store import Owed
from tests.database.build import declare, done, keys, notice, pin


async def age(database: Database, name: str, by: timedelta) -> None:
    """Let an effect have been owed so much earlier."""
    async with database._transaction() as connection:
        earlier = datetime.now(UTC) - by
        await connection.execute(update(t.owed).where(t.owed.c.key == name).values(owed_at=earlier))


async def test_where_nothing_is_owed_nothing_stands_still(database: Database) -> None:
    assert await database.ledger("w").standstills() == []


async def test_it_is_what_could_be_done_that_counts(database: Database) -> None:
    await declare(database, None, notice("first"), notice("second"), pin("pin", "first"))
    await age(database, "second", timedelta(hours=1))
    ledger = database.ledger("w")
    (found,) = await ledger.standstills()
    assert (found.platform, found.depth, found.why) == ("slack", 3, "")
    assert timedelta(0) <= found.age < timedelta(minutes=30), "the first that was owed"

    (first,) = await ledger.claim("slack", limit=1)
    assert (await ledger.standstills())[0].id == found.id, "held is not done"
    await ledger.finish([Later(first, timedelta(minutes=5), "timeout")])
    (later,) = await ledger.standstills()
    assert (later.id, later.why) == (found.id, "timeout")

    (second,) = await ledger.claim("slack", limit=9)
    await ledger.finish(done([second]))
    assert (await database.ledger("another").standstills())[0].depth == 2


async def test_once_it_is_done_another_waits_longest(database: Database) -> None:
    await declare(database, None, notice("first"), notice("second"))
    await age(database, "second", timedelta(hours=1))
    ledger = database.ledger("w")
    claims = await ledger.claim("slack", limit=1)
    assert keys(claims) == ["first"]
    await ledger.finish(done(claims), claim=False)
    (found,) = await ledger.standstills()
    assert timedelta(minutes=59) < found.age < timedelta(minutes=90) and found.depth == 1


async def test_where_nothing_is_ready_what_was_owed_first_counts(database: Database) -> None:
    await declare(database, None, notice("first"), notice("second"))
    async with database._transaction() as connection:
        await connection.execute(update(t.owed).values(ready=False))
    (found,) = await database.ledger("w").standstills()
    assert found.depth == 2


async def test_a_deployment_that_waits_for_the_thaw_does_not_stand_still(database: Database) -> None:
    waits = Owed(
        "let/1",
        "forge",
        LetDeploy(repository="werkly/shop", run=1, environment="production", sha="0" * 40, installation=1),
    )
    async with database.work() as work:
        await work.owe([waits])
    assert await database.ledger("w").standstills() == []


async def test_keys_are_found_by_their_beginning_be_they_done_or_not(database: Database) -> None:
    await declare(database, None, notice("watch/of-an-incident"))
    async with database.work() as work:
        await work.owe([notice("watch/slack/1"), notice("watch/slack/2"), notice("watch_slack"), notice("other")])
    ledger = database.ledger("w")
    await ledger.finish(done(await ledger.claim("slack", limit=2)))
    assert await ledger.keys("watch/") == {("slack", "watch/slack/1"), ("slack", "watch/slack/2")}
