"""In which order effects may be done, and which fall."""

from datetime import timedelta

from adapters.database import Database
from bot.card import Card
from bot.intents import Post, Urgency, Whisper
from bot.ledger import Done, GivenUp, Later
from bot.store import Owed
from tests.database.build import ANA, change, channel, declare, deliver, done, edit, keys, notice, pin, post, topic


async def test_what_needs_the_channel_waits_for_it_and_then_knows_it(database: Database) -> None:
    number = await declare(database, None, channel(), post("hello"), pin("pin", "hello"), notice("news"))
    ledger = database.ledger("w")
    first = await ledger.claim("slack", limit=9)
    assert keys(first) == ["channel", "news"]
    second = await ledger.finish(done(first))
    assert keys(second) == ["hello"]
    assert second[0].refs == {"channel": f"{number}:channel"}
    third = await ledger.finish(done(second))
    assert keys(third) == ["pin"]
    assert third[0].refs == {"channel": f"{number}:channel", "hello": f"{number}:hello"}
    assert await ledger.finish(done(third)) == []
    assert await ledger.backlog() == []


async def test_without_claiming_what_became_ready_is_there_for_anybody(database: Database) -> None:
    await declare(database, None, channel(), post("hello"))
    ledger = database.ledger("w")
    assert await ledger.finish(done(await ledger.claim("slack", limit=9)), claim=False) == []
    assert keys(await database.ledger("v").claim("slack", limit=9)) == ["hello"]


async def test_what_was_given_up_has_no_reference_and_frees_what_waits(database: Database) -> None:
    await declare(database, None, channel(), post("hello"))
    ledger = database.ledger("w")
    (claim,) = await ledger.claim("slack", limit=9)
    (freed,) = await ledger.finish([GivenUp(claim, "restricted_action")])
    assert (freed.key, freed.refs) == ("hello", {})


async def test_the_newest_channel_is_the_channel(database: Database) -> None:
    number = await declare(database, None, channel())
    ledger = database.ledger("w")
    await deliver(ledger)
    await change(database, number, channel(2), post("in the new one"))
    opened = await ledger.claim("slack", limit=9)
    assert keys(opened) == ["channel/2"]
    assert opened[0].refs == {"channel": f"{number}:channel"}
    (posted,) = await ledger.finish(done(opened))
    assert posted.refs == {"channel": f"{number}:channel/2"}
    summary = await database.reader.summary(number)
    assert summary is not None
    assert summary.refs == {"slack": f"{number}:channel/2"}
    assert await database.reader.number_of("slack", channel=f"{number}:channel") == number


async def test_what_was_ready_waits_again_when_a_new_channel_is_owed(database: Database) -> None:
    number = await declare(database, None, channel())
    ledger = database.ledger("w")
    await deliver(ledger)
    await change(database, number, post("early"))
    await change(database, number, channel(2))
    assert await deliver(ledger) == ["channel/2", "early"]


async def test_the_tenth_channel_comes_after_the_ninth(database: Database) -> None:
    number = await declare(database, None, channel())
    ledger = database.ledger("w")
    for generation in range(2, 12):
        await change(database, number, channel(generation))
    await deliver(ledger, limit=1)
    summary = await database.reader.summary(number)
    assert summary is not None
    assert summary.refs == {"slack": f"{number}:channel/11"}


async def test_platforms_do_not_wait_for_each_other(database: Database) -> None:
    elsewhere = Owed("hello", "discord", Post(card=Card()))
    await declare(database, None, channel(), post("hello"), elsewhere)
    assert keys(await database.ledger("w").claim("discord", limit=9)) == ["hello"]


async def test_a_stream_goes_one_by_one_in_order(database: Database) -> None:
    number = await declare(database, None, *(notice(f"say {n}", stream="talk") for n in range(3)))
    await change(database, number, notice("say 3", stream="talk", urgency=Urgency.SETUP), notice("aside"))
    ledger = database.ledger("w")
    first = await ledger.claim("slack", limit=9)
    assert keys(first) == ["say 0", "aside"]
    await ledger.finish([Later(first[0], timedelta(0), "ratelimited"), Done(first[1])])
    assert await deliver(ledger) == ["say 0", "say 1", "say 2", "say 3"]


async def test_after_waits_only_as_long_as_the_other_is_open(database: Database) -> None:
    number = await declare(database, None, notice("one"), notice("two", after=frozenset({"one", "never owed"})))
    ledger = database.ledger("w")
    assert await deliver(ledger, limit=1) == ["one", "two"]
    await change(database, number, notice("three", after=frozenset({"one"})))
    assert await deliver(ledger) == ["three"]


async def test_a_newer_edit_replaces_what_nobody_began(database: Database) -> None:
    number = await declare(database, None, notice("card"))
    ledger = database.ledger("w")
    await deliver(ledger)
    await change(database, number, edit("card/1", "card", stream="card", replaces=True))
    (begun,) = await ledger.claim("slack", limit=9)
    for place in (2, 3, 4):
        await change(database, number, edit(f"card/{place}", "card", stream="card", replaces=True))
    await ledger.finish([Later(begun, timedelta(0), "timeout", maybe_done=True)])
    assert await deliver(ledger) == ["card/1", "card/4"]


async def test_another_kind_in_the_stream_is_not_replaced(database: Database) -> None:
    number = await declare(database, None, channel(), post("say", stream="card"))
    await change(database, number, topic("topic", stream="card", replaces=True))
    assert await deliver(database.ledger("w")) == ["channel", "say", "topic"]


async def test_in_one_batch_the_later_edit_replaces_the_earlier(database: Database) -> None:
    edits = [edit(f"card/{place}", "card", stream="card", replaces=True) for place in (1, 2)]
    await declare(database, None, notice("card"), *edits)
    assert await deliver(database.ledger("w")) == ["card", "card/2"]


async def test_instead_of_drops_what_nobody_began_with_all_that_needs_it(database: Database) -> None:
    number = await declare(
        database,
        None,
        notice("ask"),
        pin("pin", "ask"),
        edit("ask/1", "ask"),
        notice("afterwards", after=frozenset({"ask"})),
    )
    gone = frozenset({"ask"})
    await change(database, number, notice("never mind", instead_of=gone), pin("late pin", "ask"))
    assert sorted(await deliver(database.ledger("w"))) == ["afterwards", "never mind"]


async def test_instead_of_leaves_what_was_begun(database: Database) -> None:
    number = await declare(database, None, notice("ask"), pin("pin", "ask"))
    ledger = database.ledger("w")
    begun = await ledger.claim("slack", limit=9)
    await change(database, number, notice("never mind", instead_of=frozenset({"ask"})))
    assert keys(await ledger.finish(done(begun))) == ["pin"]


async def test_a_key_is_done_once_for_ever(database: Database) -> None:
    number = await declare(database, None, notice("one"))
    ledger = database.ledger("w")
    await deliver(ledger)
    await change(database, number, notice("one"), notice("two", after=frozenset({"one"})))
    assert await deliver(ledger) == ["two"]


async def test_a_key_that_is_open_stays_what_it_was(database: Database) -> None:
    number = await declare(database, None, notice("one"))
    await change(database, number, notice("one", urgency=Urgency.TIDY), notice("one"))
    (claim,) = await database.ledger("w").claim("slack", limit=9)
    assert claim.urgency is Urgency.POST


async def test_a_private_answer_belongs_to_no_incident(database: Database) -> None:
    whisper = Owed("answer/1", "slack", Whisper(person=ANA, card=Card(title="hi")), Urgency.ANSWER)
    for _ in range(2):
        async with database.work() as work:
            await work.owe([whisper])
    ledger = database.ledger("w")
    (claim,) = await ledger.claim("slack", limit=9)
    assert (claim.incident, claim.intent, claim.refs) == (None, whisper.intent, {})
    assert await ledger.finish([Done(claim, "1.2")]) == []
    async with database.work() as work:
        await work.owe([whisper])
    assert await ledger.backlog() == []


async def test_dropping_a_stream_s_head_lets_the_next_go(database: Database) -> None:
    number = await declare(database, None, notice("one", stream="talk"), notice("two", stream="talk"))
    await change(database, number, notice("three", instead_of=frozenset({"one"})))
    assert await deliver(database.ledger("w")) == ["two", "three"]
