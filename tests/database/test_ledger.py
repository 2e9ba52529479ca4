"""Who holds what, for how long, and what the next attempt is told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.database import LONGEST_WAIT, Database
from bot.intents import Urgency
from bot.ledger import Done, GivenUp, Later
from tests.database.build import declare, done, keys, notice, pin, until
from tests.database.conftest import Opening

SHORT = timedelta(milliseconds=200)


async def test_the_most_urgent_goes_first_then_the_oldest(database: Database) -> None:
    await declare(
        database,
        None,
        notice("tidy", urgency=Urgency.TIDY),
        notice("one"),
        notice("two"),
        notice("ask", urgency=Urgency.ASK),
    )
    ledger = database.ledger("w")
    assert keys(await ledger.claim("slack", limit=2)) == ["ask", "one"]
    assert keys(await ledger.claim("slack", limit=9)) == ["two", "tidy"]
    assert await ledger.claim("slack", limit=9) == []


async def test_kinds_that_are_not_wanted_are_left_alone(database: Database) -> None:
    await declare(database, None, notice("one"), pin("two", "elsewhere"))
    assert keys(await database.ledger("w").claim("slack", limit=9, without={"post", "edit"})) == ["two"]


async def test_a_first_attempt_does_not_look(database: Database) -> None:
    before = datetime.now(UTC)
    await declare(database, None, notice("one"))
    (claim,) = await database.ledger("w").claim("slack", limit=9)
    assert (claim.attempts, claim.look_first, claim.fence) == (1, False, 1)
    assert before - timedelta(seconds=1) <= claim.owed_at <= claim.first_try_at <= datetime.now(UTC)


@pytest.mark.parametrize("maybe_done", [True, False])
async def test_the_next_attempt_looks_first_where_this_one_may_have_worked(
    database: Database, *, maybe_done: bool
) -> None:
    await declare(database, None, notice("one"))
    ledger = database.ledger("w")
    (first,) = await ledger.claim("slack", limit=9)
    await ledger.finish([Later(first, timedelta(0), "timeout", maybe_done=maybe_done)])
    (second,) = await ledger.claim("slack", limit=9)
    assert (second.attempts, second.look_first) == (2, maybe_done)
    assert second.first_try_at == first.first_try_at
    await ledger.finish([Later(second, timedelta(0), "ratelimited")])
    (third,) = await ledger.claim("slack", limit=9)
    assert third.look_first is maybe_done


async def test_later_is_not_now(database: Database) -> None:
    await declare(database, None, notice("one"))
    ledger = database.ledger("w")
    (claim,) = await ledger.claim("slack", limit=9)
    await ledger.finish([Later(claim, SHORT, "ratelimited")])
    assert await ledger.claim("slack", limit=9) == []
    assert keys(await until(lambda: ledger.claim("slack", limit=9))) == ["one"]


async def test_a_very_long_wait_is_cut_to_the_longest(database: Database) -> None:
    await declare(database, None, notice("one"))
    ledger = database.ledger("w")
    (claim,) = await ledger.claim("slack", limit=9)
    await ledger.finish([Later(claim, 3 * LONGEST_WAIT, "ratelimited")])
    assert await ledger.claim("slack", limit=9) == []


async def test_what_is_given_back_untouched_does_not_count(database: Database) -> None:
    await declare(database, None, notice("one"))
    ledger = database.ledger("w")
    claims = await ledger.claim("slack", limit=9)
    await ledger.release(claims)
    (again,) = await ledger.claim("slack", limit=9)
    assert (again.attempts, again.look_first, again.fence) == (1, False, 2)


async def test_a_dead_owner_is_followed_by_somebody_who_looks(url: str, opening: Opening) -> None:
    database = await opening(url, lease=SHORT)
    await declare(database, None, notice("one"))
    (dead,) = await database.ledger("dead").claim("slack", limit=9)
    heir = database.ledger("heir")
    (claim,) = await until(lambda: heir.claim("slack", limit=9))
    assert (claim.id, claim.attempts, claim.look_first) == (dead.id, 2, True)
    assert claim.fence > dead.fence


async def test_a_stale_owner_can_neither_close_nor_renew_nor_release(url: str, opening: Opening) -> None:
    database = await opening(url, lease=SHORT)
    number = await declare(database, None, notice("one"), pin("pin", "one"))
    stale = database.ledger("stale")
    old = await stale.claim("slack", limit=9)
    heir = database.ledger("heir")
    new = await until(lambda: heir.claim("slack", limit=9))
    assert await stale.renew(old) == set()
    await stale.release(old)
    assert await stale.finish([Done(old[0], "doubled")]) == []
    assert await stale.finish([GivenUp(old[0], "doubled")]) == []
    assert await stale.finish([Later(old[0], SHORT, "doubled")]) == []
    assert await heir.renew(new) == {new[0].id}
    assert keys(await heir.finish([Done(new[0], "right")])) == ["pin"]
    assert await database.reader.message("slack", ref="right") == (number, "one")
    assert await database.reader.message("slack", ref="doubled") is None


async def test_the_same_worker_cannot_close_with_its_older_claim(url: str, opening: Opening) -> None:
    database = await opening(url, lease=SHORT)
    await declare(database, None, notice("one"))
    ledger = database.ledger("w")
    old = await ledger.claim("slack", limit=9)
    new = await until(lambda: ledger.claim("slack", limit=9))
    assert await ledger.renew(old) == set()
    await ledger.finish(done(old))
    assert len(await ledger.backlog()) == 1
    await ledger.finish(done(new))
    assert await ledger.backlog() == []


async def test_whoever_renews_keeps_what_he_holds(url: str, opening: Opening) -> None:
    database = await opening(url, lease=timedelta(seconds=1))
    await declare(database, None, notice("kept"), notice("let go", urgency=Urgency.TIDY))
    owner, other = database.ledger("owner"), database.ledger("other")
    kept, let_go = await owner.claim("slack", limit=9)

    async def renewed() -> list[str]:
        assert await owner.renew([kept]) == {kept.id}
        return keys(await other.claim("slack", limit=9))

    assert await until(renewed) == ["let go"]
    assert await owner.renew([kept, let_go]) == {kept.id}


async def test_outcomes_said_twice_count_once(database: Database) -> None:
    await declare(database, None, notice("one"), pin("pin", "one"))
    ledger = database.ledger("w")
    claims = await ledger.claim("slack", limit=9)
    assert keys(await ledger.finish(done(claims) + done(claims))) == ["pin"]
    assert await ledger.finish(done(claims)) == []
    assert await ledger.finish([]) == []


async def test_the_backlog_tells_how_much_and_how_long(database: Database) -> None:
    before = datetime.now(UTC)
    await declare(database, None, notice("one"), notice("two"))
    (backlog,) = await database.ledger("w").backlog()
    assert (backlog.platform, backlog.depth) == ("slack", 2)
    assert backlog.oldest is not None
    assert before - timedelta(seconds=1) <= backlog.oldest <= datetime.now(UTC)


async def test_a_clock_that_went_back_holds_nothing_for_ever(url: str, opening: Opening) -> None:
    """Leases and waits written by a clock that was an hour ahead."""
    yesterday = await opening(url, lease=timedelta(hours=1))
    await declare(yesterday, None, notice("held"))
    await yesterday.ledger("w").claim("slack", limit=9)
    database = await opening(url, lease=timedelta(minutes=1))
    assert keys(await database.ledger("v").claim("slack", limit=9)) == ["held"]


async def test_on_sqlite_the_next_start_takes_over_at_once_and_looks(tmp_path: Path, opening: Opening) -> None:
    address = f"sqlite:///{tmp_path}/tocsin.db"
    dead = await opening(address)
    await declare(dead, None, notice("one"))
    old = await dead.ledger("w").claim("slack", limit=9)
    heir = await opening(address)
    (claim,) = await heir.ledger("w").claim("slack", limit=9)
    assert (claim.look_first, claim.attempts) == (True, 2)
    await dead.ledger("w").finish(done(old))
    assert len(await heir.ledger("w").backlog()) == 1


async def test_a_process_that_only_saves_takes_nothing_from_the_one_that_delivers(
    tmp_path: Path, opening: Opening
) -> None:
    address = f"sqlite:///{tmp_path}/tocsin.db"
    bot = await opening(address)
    await declare(bot, None, notice("one"))
    held = await bot.ledger("w").claim("slack", limit=9)
    line = Database(address)
    await line.start(delivers=False)
    await line.stop()
    assert await bot.ledger("w").renew(held) == {held[0].id}
