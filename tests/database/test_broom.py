"""The broom: what nobody can need any more goes, and nothing else."""

import asyncio
from datetime import datetime, timedelta

from adapters.database import Database
from bot.accounts import Account
from bot.alerts.book import Strange
from bot.broom import ALERTS, BATCH, EVERY, HEARD, PARKED, STRANGE, Broom
from bot.playbook.process import Stage
from bot.store import Change
from tests.database.build import ANA, NOW, declare, track, tracked
from tests.database.conftest import Opening

MOMENT = timedelta(seconds=1)


class Still:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        """The time that it was set to."""
        return self.at


async def hear(database: Database, *keys: str, at: datetime) -> list[bool]:
    """Note these keys; whether each was new."""
    async with database.work() as work:
        return [await work.hear_once(key, at=at) for key in keys]


async def test_old_keys_go_and_young_ones_stay(database: Database) -> None:
    await hear(database, "old", at=NOW - HEARD - MOMENT)
    await hear(database, "young", at=NOW - HEARD)
    assert await Broom(database, Still()).sweep() == 1
    assert await hear(database, "old", "young", at=NOW) == [True, False]


async def test_words_that_nobody_came_back_for_and_codes_that_ran_out_go(database: Database) -> None:
    async with database.work() as work:
        old = await work.park("old", actor=ANA, at=NOW - PARKED - MOMENT)
        young = await work.park("young", actor=ANA, at=NOW - PARKED)
        for handle, until in (("U1", NOW), ("U2", NOW + MOMENT)):
            await work.accounts.give_code(handle, Account("slack", handle, f"slack:{handle}", "ana"), until=until)
            await work.accounts.typed_wrong("slack", handle, now=NOW - EVERY, until=until)
    assert await Broom(database, Still()).sweep() == 3
    async with database.work() as work:
        assert await work.parked(old) is None and await work.parked(young) is not None
        assert await work.accounts.code("U1", now=NOW - MOMENT) is None
        assert await work.accounts.code("U2", now=NOW) is not None
        assert await work.accounts.wrong_codes("slack", "U1", now=NOW - MOMENT) == 0
        assert await work.accounts.wrong_codes("slack", "U2", now=NOW) == 1


async def test_alerts_that_come_no_more_go_unless_an_open_incident_has_them(database: Database) -> None:
    running, over = await declare(database), await declare(database)
    async with database.work() as work:
        incident = await work.incident(over)
        assert incident is not None
        incident.stage, incident.status = Stage.CLOSED, "closed"
        await work.save([Change(incident)])
    old = NOW - ALERTS - MOMENT
    await track(
        database,
        tracked("old", at=old),
        tracked("young", at=NOW - ALERTS),
        tracked("of an open incident", at=old, incident=running),
        tracked("of one that is over", at=old, incident=over),
    )
    assert await Broom(database, Still()).sweep() == 2
    kept = {one.alert.title for one in await database.reader.alerts.latest()}
    assert kept == {"young", "of an open incident"}


async def test_what_nobody_understood_goes_after_a_while(database: Database) -> None:
    for at in (NOW - STRANGE - MOMENT, NOW - STRANGE):
        await database.inbox.set_aside([Strange("grafana", at, "no JSON", "{")], keep=10)
    assert await Broom(database, Still()).sweep() == 1
    assert [one.at for one in await database.inbox.strange()] == [NOW - STRANGE]


async def test_it_sweeps_once_an_hour_but_goes_on_while_there_is_more(database: Database) -> None:
    await hear(database, *(f"old {place}" for place in range(BATCH + 1)), at=NOW - 2 * HEARD)
    clock = Still()
    made = Broom(database, clock)
    assert [await made.sweep() for _ in range(3)] == [BATCH, 1, 0]
    await hear(database, "more", at=NOW - 2 * HEARD)
    assert await made.sweep() == 0
    clock.at += EVERY
    assert await made.sweep() == 1


async def test_a_clock_that_went_back_does_not_keep_it_from_sweeping(database: Database) -> None:
    clock = Still()
    made = Broom(database, clock)
    await made.sweep()
    clock.at = NOW - timedelta(days=1)
    await hear(database, "old", at=clock.at - HEARD - MOMENT)
    assert await made.sweep() == 1


async def test_replicas_that_sweep_at_once_do_each_other_no_harm(url: str, opening: Opening) -> None:
    replicas = [await opening(url) for _ in range(3)]
    await hear(replicas[0], *(f"old {place}" for place in range(3 * BATCH)), at=NOW - 2 * HEARD)
    swept = 0
    while gone := sum(await asyncio.gather(*(Broom(one, Still()).sweep() for one in replicas))):
        swept += gone
    assert swept == 3 * BATCH
    assert await hear(replicas[1], "old 0", at=NOW) == [True]
