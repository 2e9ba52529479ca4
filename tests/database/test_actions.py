"""Action items in lists over all incidents: kept in step with their incidents, and shown to whoever may see them."""

from collections.abc import Collection
from datetime import timedelta

from adapters.database import Database
from bot.people import Person
from bot.progress import ActionItem, Progress
from bot.reader import Todos
from bot.store import Change
from tests.database.build import ANA, BEN, NOW, PLAYBOOK, channel, declare, outage

HOUR = timedelta(hours=1)


def item(number: int, *, owner: Person | None = ANA, due: timedelta | None = HOUR, done: bool = False) -> ActionItem:
    """An action item that is due so long after now."""
    return ActionItem(
        number=number,
        text=f"item {number}",
        owner=owner,
        due_at=NOW + due if due is not None else None,
        added_at=NOW,
        added_by=ANA,
        done_at=NOW if done else None,
    )


def having(*items: ActionItem) -> Progress:
    """The progress of an incident with these items."""
    return Progress(actions=items)


async def listed(
    database: Database,
    viewer: Person | None = ANA,
    *,
    owners: Collection[str] | None = None,
    playbook: str | None = None,
    limit: int = 20,
) -> tuple[list[tuple[int, int]], int, int]:
    """Incident and number of each that is shown, how many are open, and how many overdue."""
    found: Todos = await database.reader.actions(viewer, now=NOW, owners=owners, playbook=playbook, limit=limit)
    return [(one.incident.number, one.item.number) for one in found.shown], found.open, found.overdue


async def stored(database: Database) -> None:
    """Keep the playbook, as every declaration does."""
    async with database.work() as work:
        await work.keep_playbook(PLAYBOOK, at=NOW)


async def test_open_items_come_by_due_date_those_without_one_last(database: Database) -> None:
    await stored(database)
    items = (item(1, due=None), item(2, due=2 * HOUR), item(3, done=True), item(4, due=-HOUR))
    one = await declare(database, outage(progress=having(*items)), channel())
    two = await declare(database, outage(progress=having(item(1))), channel())
    shown, count, overdue = await listed(database)
    assert shown == [(one, 4), (two, 1), (one, 2), (one, 1)] and (count, overdue) == (4, 1)
    found = await database.reader.actions(ANA, now=NOW, limit=1)
    assert found.shown[0].item == items[3] and found.shown[0].incident == await database.reader.summary(one)
    assert (found.open, found.overdue) == (4, 1)


async def test_without_items_there_is_nothing(database: Database) -> None:
    await stored(database)
    await declare(database, outage(), channel())
    assert await listed(database) == ([], 0, 0)


async def test_items_of_a_private_incident_show_to_its_members_only(database: Database) -> None:
    await stored(database)
    public = await declare(database, outage(progress=having(item(1))), channel())
    private = await declare(database, outage(private=True, progress=having(item(1, due=-HOUR))), channel())
    assert await listed(database, ANA) == ([(private, 1), (public, 1)], 2, 1)
    for stranger in (BEN, None):
        assert await listed(database, stranger) == ([(public, 1)], 1, 0)


async def test_they_are_found_by_owner_and_by_playbook(database: Database) -> None:
    await stored(database)
    number = await declare(
        database, outage(progress=having(item(1), item(2, owner=BEN), item(3, owner=None))), channel()
    )
    assert (await listed(database, owners=BEN.keys))[0] == [(number, 2)]
    assert (await listed(database, owners={"nobody"}))[0] == []
    assert (await listed(database, owners=()))[0] == []
    playbook = outage().playbook
    assert (await listed(database, playbook=playbook))[1] == 3 and (await listed(database, playbook="other"))[1] == 0


async def test_every_change_of_an_item_shows_in_the_next_list(database: Database) -> None:
    await stored(database)
    number = await declare(database, outage(progress=having(item(1))), channel())
    steps: list[tuple[tuple[ActionItem, ...], list[tuple[int, int]]]] = [
        ((item(1), item(2, due=-HOUR)), [(number, 2), (number, 1)]),
        ((item(1, due=-2 * HOUR), item(2, due=-HOUR)), [(number, 1), (number, 2)]),
        ((item(1, done=True), item(2)), [(number, 2)]),
        ((item(1), item(2, owner=None)), [(number, 1), (number, 2)]),
    ]
    for items, expected in steps:
        async with database.work() as work:
            incident = await work.incident(number)
            assert incident is not None
            incident.progress.actions = items
            await work.save([Change(incident)])
        assert (await listed(database))[0] == expected
    assert (await listed(database, owners=ANA.keys))[0] == [(number, 1)]


async def test_items_due_by_a_moment_leave_out_later_ones_those_without_a_date_and_those_of_drills(
    database: Database,
) -> None:
    await stored(database)
    items = (item(1, due=None), item(2, due=2 * HOUR), item(3, due=3 * HOUR), item(4, due=-HOUR))
    one = await declare(database, outage(progress=having(*items)), channel())
    two = await declare(database, outage(drill=True, progress=having(item(1, due=HOUR))), channel())
    until = NOW + 2 * HOUR
    found = await database.reader.actions(None, now=NOW, until=until, drills=False, limit=1)
    assert [(each.incident.number, each.item.number) for each in found.shown] == [(one, 4)]
    assert (found.open, found.overdue) == (2, 1), "the rest is counted"
    found = await database.reader.actions(None, now=NOW, until=until)
    assert [(each.incident.number, each.item.number) for each in found.shown] == [(one, 4), (two, 1), (one, 2)]
