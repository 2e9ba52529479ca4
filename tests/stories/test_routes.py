"""People's own routes: added privately, proved by a code, kept sealed, ordered, tested, removed; and quiet hours."""

import json
import logging
import re
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.keys import Keyring
from bot.export.gather import gather
from bot.heard import Spoken
from bot.people import Person
from bot.reaching import Reaching
from tests.support.phones import Phones, phones
from tests.support.story import acquainted, declared, tell
from tests.support.town import ANA, BO, FRIDAY, Side, Town, sqlite

ADDRESS = "ntfy://ana-at-night-8c1f6e2b"
OTHER = "pover://uSerKey012345678901234567890@aToken0123456789012345678901"
CODE = re.compile(r"routes verify (\d{6})")


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town with phones, whose playbook knows its people."""
    made = Town(sqlite(tmp_path), platforms=(platform,), playbook=acquainted())
    made.tools = [phones(made)]
    async with made:
        yield made


@pytest.fixture
def theirs(town: Town) -> Phones:
    """The phones."""
    (tool,) = town.tools
    assert isinstance(tool, Phones)
    return tool


def person(town: Town, who: str = "ana") -> Person:
    """Somebody as an intent names them."""
    found = town.playbook.person(who)
    assert found is not None
    return found


async def routes(town: Town, side: Side, words: str = "", who: object = ANA) -> str:
    """Say it to the bot, anywhere."""
    return await tell(town, side, who, f"routes {words}".strip(), room="general")  # type: ignore[arg-type]


async def added(town: Town, side: Side, theirs: Phones, address: str = ADDRESS) -> str:
    """Add a route and return the code that came by it."""
    told = await routes(town, side, f"add {address}")
    assert "routes verify CODE" in told, told
    found = CODE.search(theirs.got[-1].text)
    assert found is not None and theirs.got[-1].to.address == address
    return found[1]


async def verified(town: Town, side: Side, theirs: Phones, address: str = ADDRESS) -> None:
    """Add a route and prove it."""
    told = await routes(town, side, f"verify {await added(town, side, theirs, address)}")
    assert "is verified" in told, told


async def usable(town: Town, **about: object) -> list[str]:
    """The addresses that a page to Ana would go to now."""
    return [each.address for each in (await theirs_book(town).of(person(town), **about)).routes]  # type: ignore[arg-type]


def theirs_book(town: Town) -> Reaching:
    """What the pager asks."""
    return Reaching(town.store.reader, town.keys, town.clock)


async def test_a_route_is_of_use_once_the_code_that_came_by_it_is_typed(town: Town, side: Side, theirs: Phones) -> None:
    assert "Pages reach you by the ways" in await routes(town, side)
    code = await added(town, side, theirs)
    assert await usable(town) == [] and "not used yet" in await routes(town, side)
    assert "is verified" in await routes(town, side, f"verify {code}")
    assert await usable(town) == [ADDRESS]
    shown = await routes(town, side)
    assert "1. ntfy …6e2b" in shown and "push, verified" in shown and "ana-at-night" not in shown
    assert "None of your routes waits" in await routes(town, side, f"verify {code}")


async def test_the_form_asks_for_it_where_nobody_else_sees_it(town: Town, side: Side, theirs: Phones) -> None:
    await side.says(ANA, "routes add")
    await town.until(lambda: shown(side))
    await side.fills(ANA, address=ADDRESS)
    await town.settle()
    assert [letter.to.address for letter in theirs.got] == [ADDRESS]
    assert any("sending a code" in told for told in side.private(ANA))
    assert all(ADDRESS not in told for told in side.private(ANA))


async def shown(side: Side) -> bool:
    """Whether Ana sees a form."""
    return side.form(ANA) is not None


async def test_five_wrong_codes_make_the_right_one_void(town: Town, side: Side, theirs: Phones) -> None:
    code = await added(town, side, theirs)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(4):
        assert "That is not the code" in await routes(town, side, f"verify {wrong}")
    assert "void" in await routes(town, side, f"verify {wrong}")
    assert "None of your routes waits" in await routes(town, side, f"verify {code}")
    assert "A code for ntfy …6e2b was sent already" in await routes(town, side, "code 1")
    await town.forward(minutes=15)
    assert "sending a code" in await routes(town, side, "code 1")
    new = CODE.search(theirs.got[-1].text)
    assert new is not None and "is verified" in await routes(town, side, f"verify {new[1]}")


async def test_four_wrong_codes_do_no_harm(town: Town, side: Side, theirs: Phones) -> None:
    code = await added(town, side, theirs)
    for _ in range(4):
        await routes(town, side, "verify 12")
    assert "is verified" in await routes(town, side, f"verify {code[:3]} {code[3:]}")


async def test_a_code_runs_out_after_a_quarter_of_an_hour(town: Town, side: Side, theirs: Phones) -> None:
    code = await added(town, side, theirs)
    await town.forward(minutes=15)
    assert "None of your routes waits" in await routes(town, side, f"verify {code}")
    assert await usable(town) == []


async def test_a_code_is_nobody_elses(town: Town, side: Side, theirs: Phones) -> None:
    code = await added(town, side, theirs)
    assert "None of your routes waits" in await routes(town, side, f"verify {code}", BO)
    assert "by the ways" in await routes(town, side, "", BO)
    assert "Say which" in await routes(town, side, "remove 1", BO)
    assert "is verified" in await routes(town, side, f"verify {code}")


async def test_they_are_put_in_order_tested_and_removed(town: Town, side: Side, theirs: Phones) -> None:
    await verified(town, side, theirs)
    await verified(town, side, theirs, OTHER)
    assert await usable(town) == [ADDRESS, OTHER]
    assert "1. Pushover …8901" in await routes(town, side, "first 2")
    assert await usable(town) == [OTHER, ADDRESS]

    theirs.got.clear()
    assert "ntfy …6e2b" in await routes(town, side, "test 2")
    assert [(one.to.address, one.title) for one in theirs.got] == [(ADDRESS, "Tocsin: a test")]
    await routes(town, side, "test")
    assert sorted(one.to.address for one in theirs.got) == sorted([ADDRESS, OTHER, ADDRESS]), "side by side"

    assert "Pushover …8901 is removed" in await routes(town, side, "remove 1")
    assert await usable(town) == [ADDRESS]
    assert "no verified route of your own" in await routes(town, side, "remove 1")
    assert "no verified route to test" in await routes(town, side, "test")


async def test_the_same_one_twice_is_one(town: Town, side: Side, theirs: Phones) -> None:
    await added(town, side, theirs)
    assert "your route 1 already" in await routes(town, side, f"add {ADDRESS}")
    assert len(theirs.got) == 1


async def test_at_most_ten(town: Town, side: Side, theirs: Phones) -> None:
    for number in range(10):
        await added(town, side, theirs, f"{ADDRESS}{number}")
    assert "10 routes already" in await routes(town, side, f"add {ADDRESS}")


@pytest.mark.parametrize(
    "words",
    ["add json://10.0.0.1/x", "add push gotify://localhost/t", "add sms ntfy://some-topic-of-mine", "add so ntfy://t",
     "add file:///etc/passwd", "add", "verify", "first 2", "first x", "remove 0", "test 99999", "quiet", "quiet 7-7",
     "quiet 22-7 except sev9", "frobnicate"],
)  # fmt: skip
async def test_what_does_not_fit_is_answered_with_a_sentence_and_changes_nothing(
    town: Town, side: Side, theirs: Phones, words: str
) -> None:
    if words == "add":
        await side.says(ANA, "routes add")
        await town.until(lambda: shown(side))
        await side.fills(ANA, address="http://10.0.0.1")
        await town.settle()
        told = side.private(ANA)[-1]
    else:
        told = await routes(town, side, words)
    assert told and "10.0.0.1" not in told and "Declare" not in told
    assert theirs.got == [] and await usable(town) == []
    assert "none" in await routes(town, side)


@pytest.mark.parametrize(
    "words", ["rutes add push ntfy://secret-topic-of-ana", "rout add push NTFY://secret-topic-of-ana"]
)
async def test_an_address_behind_a_mistyped_command_is_offered_to_nobody_as_a_title(
    town: Town, side: Side, theirs: Phones, words: str
) -> None:
    await side.says(ANA, words)
    await town.settle()
    assert not any("eclare" in label for label in side.whispered(ANA).buttons), side.whispered(ANA).buttons


async def test_a_mistyped_address_is_offered_to_nobody_as_a_title(town: Town, side: Side, theirs: Phones) -> None:
    await side.says(ANA, "routes add push please my ntfyy://secret-topic-of-ana")
    await town.settle()
    assert "secret-topic" not in json.dumps(side.whispered(ANA).raw) and not side.whispered(ANA).buttons


async def test_what_cannot_be_sent_is_told_privately_once(town: Town, side: Side, theirs: Phones) -> None:
    theirs.broken = True
    await routes(town, side, f"add {ADDRESS}")
    told = [one for one in side.private(ANA) if "could not be sent" in one]
    assert len(told) == 1 and "ntfy …6e2b: it takes nothing" in told[0] and ADDRESS not in told[0]


async def test_the_address_stands_nowhere_but_sealed(
    town: Town, side: Side, theirs: Phones, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        code = await added(town, side, theirs)
        await routes(town, side, f"verify {code}")
        await declared(town, side)
    secret = ADDRESS.partition("://")[2]
    kept = sqlite3.connect(tmp_path / "tocsin.db").iterdump()
    dump = "\n".join(kept)
    assert "ntfy" in dump and secret not in dump and secret[:12] not in dump and f"'{code}'" not in dump
    record = await gather(town.store.reader, 1, now=town.clock.now())
    assert record is not None and secret not in record.model_dump_json()
    assert secret not in caplog.text and secret.encode() not in town.metrics.page([], [], now=0.0)
    assert secret not in repr(theirs.got) and code not in repr(theirs.got)


async def test_another_key_opens_nothing_and_names_what_is_closed(town: Town, side: Side, theirs: Phones) -> None:
    await verified(town, side, theirs)
    reach = await Reaching(town.store.reader, Keyring(["another-key-altogether"]), town.clock).of(person(town))
    assert reach.routes == [] and reach.closed == ["ntfy …6e2b"]


async def test_quiet_hours_hold_back_what_can_wait_and_never_the_most_severe(town: Town, side: Side) -> None:
    told = await routes(town, side, "quiet 22:00-07:00 except sev2")
    assert "From 22:00 to 07:00 (Europe/Madrid) you are paged for sev1, sev2 only" in told
    assert "22:00 to 07:00 (Europe/Madrid), except sev1, sev2" in await routes(town, side)
    book, ana = theirs_book(town), person(town)
    assert (await book.of(ana, severity="sev3", most_severe=False)).quiet_until is None
    await town.forward(hours=8)
    morning = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
    assert town.clock.now() > FRIDAY
    assert (await book.of(ana, severity="sev3", most_severe=False)).quiet_until == morning
    assert (await book.of(ana, severity="sev2", most_severe=False)).quiet_until is None
    assert (await book.of(ana, severity="sev1", most_severe=True)).quiet_until is None
    assert (await book.of(person(town, "bo"), severity="sev3", most_severe=False)).quiet_until is None
    assert "at any hour" in await routes(town, side, "quiet off")
    assert (await book.of(ana, severity="sev3", most_severe=False)).quiet_until is None


async def test_no_secret_is_taken_at_the_command_line(town: Town, side: Side, theirs: Phones) -> None:
    spoken = Spoken(key="cli:1", platform="cli", actor=person(town), words=f"routes add {ADDRESS}")
    answer = await town.bot.desk.hear(spoken)
    assert answer.card is not None and "by direct message" in str(answer.card) and ADDRESS not in str(answer.card)
    assert theirs.got == []


async def test_who_links_accounts_later_keeps_the_routes_of_each(tmp_path: Path) -> None:
    made = Town(sqlite(tmp_path))
    made.tools = [phones(made)]
    async with made as town:
        (tool,) = town.tools
        assert isinstance(tool, Phones)
        slack, discord = town.sides["slack"], town.sides["discord"]
        await verified(town, slack, tool)
        code = re.search(r"account ([2-9A-Z]{4}-[2-9A-Z]{4})", await tell(town, slack, ANA, "account", room="general"))
        assert code is not None and "by the ways" in await routes(town, discord)
        await tell(town, discord, ANA, f"account {code[1]}", room="general")
        assert "1. ntfy …6e2b" in await routes(town, discord)


async def test_no_code_at_all_is_no_wrong_code(town: Town, side: Side, theirs: Phones) -> None:
    await added(town, side, theirs)
    for words in ("verify", "verify now", "verify 12345"):
        assert "Type the code that came" in await routes(town, side, words)
    (route,) = await town.store.reader.routes(frozenset({"ana"}))
    assert route.wrong == 0
