"""What goes out to six services of Apprise, on the wire, and what comes of it when they fail or hang."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.pager.letter import letter
from adapters.pager.sending import call_off, drops_doubles, send, service_of
from bot.intents import PagePerson
from bot.people import Person
from tests.support.pagers import ADDRESSES, AUTH, Pagers, Trouble

ANA = Person(key="ana", name="Ana Reyes")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def page(title: str = "checkout is down", why: str = "it is SEV1") -> PagePerson:
    """A page to Ana."""
    return PagePerson(page=1, step=0, person=ANA, route="sms", severity="sev1", title=title, why=why, at=NOON)


LETTER = letter(page(), number=42, mark="tocsin/42/page/1/0", channel="https://chat.example/C1",
                answer="https://bot.example/a/x")  # fmt: skip


@pytest.fixture
async def pagers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pagers]:
    """The services, and the way to them."""
    async with Pagers(tmp_path) as made:
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        yield made


def addresses(pagers: Pagers) -> dict[str, str]:
    """One of each."""
    return ADDRESSES | {"ntfy": pagers.ntfy("oncall"), "gotify": pagers.gotify("AbCdEfGhIjKlMnO")}


SERVICES = ["ntfy", "gotify", "pagerduty", "opsgenie", "twilio", "pushover"]


@pytest.mark.parametrize("service", SERVICES)
async def test_a_page_says_how_bad_it_is_what_it_is_and_where_to_go(pagers: Pagers, service: str) -> None:
    (came,) = await send([addresses(pagers)[service]], LETTER, within=9.0)
    assert came.why == "" and came.service
    (arrived,) = pagers.arrived
    assert arrived.service == service
    for part in ("SEV1 #42: checkout is down", "it is SEV1", "https://chat.example/C1", "https://bot.example/a/x"):
        assert part in arrived.text, arrived.text
    assert arrived.mark == ("tocsin/42/page/1/0" if service in ("pagerduty", "opsgenie") else "")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("trouble", "says"), [(Trouble.REFUSES, "answered 401"), (Trouble.FALLS, "answered 500")])
async def test_a_service_that_refuses_says_its_status_and_nothing_of_the_address(
    pagers: Pagers, service: str, trouble: Trouble, says: str
) -> None:
    pagers.trouble[service] = trouble
    address = addresses(pagers)[service]
    (came,) = await send([address], LETTER, within=9.0)
    assert came.why == says
    assert all(part not in f"{came.service} {came.why}" for part in (AUTH, "oncall", "127.0.0.1", "AbCdEf"))


@pytest.mark.parametrize("trouble", [Trouble.HANGS, Trouble.DRIPS])
async def test_a_service_that_hangs_is_given_up_in_time_and_holds_up_no_other(pagers: Pagers, trouble: Trouble) -> None:
    pagers.trouble["ntfy/slow"] = trouble
    began = time.monotonic()
    slow, quick = await send([pagers.ntfy("slow"), pagers.ntfy("quick")], LETTER, within=0.5)
    assert time.monotonic() - began < 3
    assert (slow.why, quick.why) == ("no answer within 0.5s", "")


async def test_a_service_that_is_not_there_cannot_be_reached(pagers: Pagers) -> None:
    (came,) = await send(["ntfy://127.0.0.1:1/oncall"], LETTER, within=9.0)
    assert came.why == "cannot be reached"


@pytest.mark.parametrize("service", ["pagerduty", "opsgenie"])
async def test_a_service_that_drops_doubles_takes_the_same_step_once(pagers: Pagers, service: str) -> None:
    address = addresses(pagers)[service]
    assert drops_doubles(address) and not drops_doubles(pagers.ntfy("oncall"))
    await send([address], LETTER, within=9.0)
    await send([address], LETTER, within=9.0)
    assert len(pagers.asked) == 2 and len(pagers.arrived) == 1


async def test_what_was_sent_to_pagerduty_is_ended_there_and_others_are_left_alone(pagers: Pagers) -> None:
    every = list(addresses(pagers).values())
    assert await call_off(every, LETTER, within=9.0) == ""
    assert pagers.ended == ["tocsin/42/page/1/0"] and pagers.asked == []


async def test_an_address_that_cannot_be_read_fails_alone(pagers: Pagers) -> None:
    wrong, right = await send(["nonsense://x", pagers.ntfy("oncall")], LETTER, within=9.0)
    assert wrong.why == "its address cannot be read" and right.why == ""
    assert service_of("nonsense://x") == "" and service_of(pagers.ntfy("x")) == "ntfy"


@pytest.mark.parametrize(
    "words",
    ["<!channel> @everyone [click](https://evil.example) `rm` *loud*", "line\none @here\u202e https://evil.example/x"],
)
async def test_words_of_people_mention_link_and_format_nothing(pagers: Pagers, words: str) -> None:
    hostile = letter(page(words, words), number=42, mark="m")
    await send([pagers.ntfy("oncall")], hostile, within=9.0)
    (arrived,) = pagers.arrived
    for sign in ("<!", "@everyone", "@here", "](", "https://evil", "`", "*", "\u202e"):
        assert sign not in arrived.text, arrived.text
    assert len(arrived.text.splitlines()) == 3


def test_a_private_incident_says_only_that_there_is_one() -> None:
    private = letter(page("", ""), number=7, mark="m", channel="https://chat.example/C1")
    assert private.title == "SEV1 #7: a private incident"
    assert private.body == "https://chat.example/C1\nAnswer in the channel, or type: /incident #7 ack"
