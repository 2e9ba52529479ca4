"""Words for customers: a draft to copy for each status and for the e-mail afterwards, and deadlines that they meet."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.playbook.load import load
from bot.settings import SHIPPED
from tests.support.seen import Seen
from tests.support.story import ROOM, declared, last, posts, tell, town_with
from tests.support.town import ANA, BO, FRIDAY, Side, Town, sqlite

STATUSES = ("investigating", "identified", "monitoring", "resolved", "email")
WORDS: dict[str, Any] = {
    "investigating": "We look into it.",
    "resolved": "It is over.\nIt lasted {{ duration|spelled }}.",
    "email": "Hello,\n\nit lasted {{ duration|spelled }}.\n\nThe team",
}
MAIL: dict[str, Any] = {"severities": ["sev1"], "subject": "Trouble on {{ date }}", "within": "24h"}
CUSTOMERS: dict[str, Any] = {"name": "customers", "title": "Customers", "audience": "customers", "every": "30m"}


def town_of(folder: Path, platform: str, **changes: Any) -> Town:
    """A town whose playbook has words for customers, and owes an e-mail after a sev1."""
    return town_with(folder, (platform,), **({"templates": {"customers": WORDS}, "mail": MAIL} | changes))


def told_by(cadences: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The severities, of which the first tells by these cadences."""
    severities = [one.model_dump() for one in load(SHIPPED / "default").severities]
    severities[0]["cadences"] = cadences
    return severities


def blocks(message: Seen) -> list[str]:
    """What stands in blocks of its own, as it is copied from there."""
    found = [
        "".join(one["text"] for one in part["elements"])
        for block in message.raw.get("blocks", [])
        for part in block.get("elements", [])
        if part.get("type") == "rich_text_preformatted"
    ]
    for embed in message.raw.get("embeds", []):
        found += [piece.strip("\n") for piece in embed.get("description", "").split("```")[1::2]]
    return found


async def drafted(town: Town, side: Side, about: str = "", *, room: str = ROOM) -> Seen:
    """Ask for a draft, and look at it."""
    await tell(town, side, ANA, f"draft {about}".strip(), room=room)
    return side.whispered(ANA)


async def test_the_words_stand_alone_in_a_block_to_be_copied(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side)
        await town.forward(minutes=20)
        assert blocks(await drafted(town, side)) == ["We look into it."]
        await tell(town, side, ANA, "resolve anyway because it is over")
        assert blocks(await drafted(town, side)) == ["It is over.\nIt lasted 20 minutes."]
        mail = await drafted(town, side, "email")
        assert blocks(mail) == ["Trouble on 2026-11-20", "Hello,\n\nit lasted 20 minutes.\n\nThe team"]
        assert mail.buttons[0] == "I sent it" and {"Investigating", "Identified", "Monitoring"} <= set(mail.buttons)


@pytest.mark.parametrize("title", ["@everyone ``` **now** `x`", "<!channel> [a](https://evil.example)", "{{ 7*7 }}"])
async def test_what_people_typed_is_copied_as_it_was_and_does_nothing(
    tmp_path: Path, platform: str, title: str
) -> None:
    async with town_of(tmp_path, platform, templates={"customers": {"investigating": "{{ title }}!"}}) as town:
        side = town.sides[platform]
        await declared(town, side, f"sev1 {title}")
        room = (await town.incident()).channel_name
        message = await drafted(town, side, room=room)
        (words,) = blocks(message)
        assert words.replace("ˋˋˋ", "```") == f"{(await town.incident()).title}!"
        assert message.rings == frozenset()


async def test_the_e_mail_is_owed_its_reminder_shows_the_draft_and_saying_that_it_was_sent_meets_it(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "resolve now because it is over")
        owed = (await town.incident()).progress.deadlines["email"]
        assert owed.due_at == FRIDAY + timedelta(hours=24) and owed.title == "E-mail to customers"
        await town.forward(hours=23)
        reminder = last(side)
        assert "E-mail to customers is due" in reminder.text and reminder.buttons == ("Done", "Show the draft")
        count = len(posts(side))
        await side.taps(BO, "Show the draft", reminder, room=ROOM)
        await town.settle()
        draft = side.whispered(BO)
        assert "The team" in blocks(draft)[1] and len(posts(side)) == count, "shown to whoever asked, alone"
        told = await side.taps(BO, "I sent it", draft, room=ROOM)
        await town.settle()
        assert "E-mail to customers" in told and "in time" in told
        assert (await town.incident()).progress.deadlines["email"].met_by == BO.name
        assert "✓ Done by Bo Lindqvist" in next(one for one in posts(side) if one.ref == reminder.ref).text
        assert "I sent it" not in (await drafted(town, side, "email")).buttons


async def test_a_milder_severity_owes_no_e_mail_and_a_drill_sends_nothing(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform) as town:
        side = town.sides[platform]
        await declared(town, side, "sev3 exports fail")
        await declared(town, side, "drill sev1 the database is gone")
        for number in (1, 2):
            await tell(town, side, ANA, f"#{number} resolve now because it is over", room="general")
        assert "email" not in (await town.incident(1)).progress.deadlines
        await tell(town, side, ANA, "#2 draft email", room="general")
        assert "A drill: nothing is sent to anybody" in side.whispered(ANA).text


async def test_the_draft_of_a_status_says_that_customers_were_told_where_news_is_owed(
    tmp_path: Path, platform: str
) -> None:
    async with town_of(tmp_path, platform, severities=told_by([CUSTOMERS])) as town:
        side = town.sides[platform]
        await declared(town, side)
        assert "Told them" in (await drafted(town, side)).buttons, "before anybody asks, too"
        assert "Told them" not in (await drafted(town, side, "email")).buttons, "that is for afterwards"
        await town.forward(minutes=30)
        question = next(one for one in posts(side) if "Customers: news is due" in one.text)
        assert blocks(question) == ["We look into it."], "copied from the question itself"
        draft = await drafted(town, side)
        assert "Told them" in draft.buttons and "I sent it" not in draft.buttons
        told = await side.taps(ANA, "Told them", draft, room=ROOM)
        await town.settle()
        assert "Noted. Customers: news is due again" in told
        assert (await town.incident()).progress.rounds["customers"].told_by == ANA.name


async def test_only_news_for_customers_that_is_still_owed_is_told_by_a_draft(tmp_path: Path, platform: str) -> None:
    leaders = {**CUSTOMERS, "name": "leaders", "title": "Leaders", "audience": "leadership"}
    once = {**CUSTOMERS, "every": None, "at_once": True}
    async with town_of(tmp_path, platform, severities=told_by([leaders, once])) as town:
        side = town.sides[platform]
        await declared(town, side)
        for _ in range(3):
            await town.forward(minutes=11)
        assert (await town.incident()).progress.rounds["customers"].due_at is None, "asked for often enough"
        told = await side.taps(ANA, "Told them", await drafted(town, side), room=ROOM)
        await town.settle()
        rounds = (await town.incident()).progress.rounds
        assert "Noted" in told and (rounds["customers"].told_by, rounds["leaders"].told_by) == (ANA.name, "")
        assert "Told them" not in (await drafted(town, side)).buttons, "once was all; the leaders are told otherwise"


async def test_a_deadline_may_have_words_of_its_own(tmp_path: Path, platform: str) -> None:
    rule = {"name": "notice", "title": "Notice to the customer", "within": "24h", "starts": "declared",
            "draft": "notice", "before": ["8h"]}  # fmt: skip
    words = {"customers": {"notice": "Your data was read: {{ impact or '…' }}"}}
    async with town_of(tmp_path, platform, deadlines=[rule], templates=words) as town:
        side = town.sides[platform]
        await declared(town, side)
        draft = await drafted(town, side, "notice")
        assert "Draft for customers: Notice to the customer" in draft.text and draft.buttons[0] == "I sent it"
        assert blocks(draft) == ["Your data was read: …"] and "stands for what nobody has said yet" in draft.text
        assert "I sent it" not in (await drafted(town, side)).buttons, "other words, for another moment"
        await tell(town, side, ANA, "impact two files")
        assert blocks(await drafted(town, side, "notice")) == ["Your data was read: two files"]


async def test_where_a_playbook_has_no_words_plain_ones_stand_with_what_was_said(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "impact nobody can pay")
    await town.forward(minutes=20)
    await tell(town, side, ANA, "update it is the pool")
    await town.forward(minutes=5)
    assert "It lasted …." in blocks(await drafted(town, side, "email"))[0]
    await tell(town, side, ANA, "resolve now because it is over")
    (mail,) = blocks(await drafted(town, side, "email"))
    assert mail == (
        "On 2026-11-20 there was a problem. It lasted 25 minutes. What you may have noticed: nobody can pay. "
        "We are sorry for the trouble."
    )
    assert blocks(await drafted(town, side, "resolved")) == ["The problem is solved. It lasted 25 minutes."]


@pytest.mark.parametrize(
    ("name", "on", "severity"),
    [
        ("muntin", "slack", "P1"),
        ("platform", "slack", "Sev1"),
        ("werkly", "slack", "Sev1"),
        ("sartiq", "discord", "S1"),
        ("dragonfly", "discord", "SEV-1"),
    ],
)
async def test_each_of_the_five_processes_has_words_that_can_be_sent_at_every_moment(
    tmp_path: Path, name: str, on: str, severity: str
) -> None:
    playbook = load(SHIPPED / name).model_copy(update={"announce": load(SHIPPED / "default").announce})
    async with Town(sqlite(tmp_path), platforms=(on,), playbook=playbook) as town:
        side = town.sides[on]
        await declared(town, side, f"{severity} uploads fail")
        room = (await town.incident()).channel_name
        page, loose = playbook.status_page.url, ("None", "{{", "}}", " .", ",,", "  ", "ended .", "to .", " :")
        for moment in ("before", "after"):
            for status in STATUSES:
                *_, words = blocks(await drafted(town, side, status, room=room))
                assert len(words) > 20 and not any(mark in words for mark in loose), (moment, status, words)
                if name == "muntin":
                    assert page in words, "every customer text carries the status address"
                if moment == "after":
                    assert "lasted …" not in words and "ended …" not in words
            await tell(town, side, ANA, "impact nobody can upload", room=room)
            await town.forward(minutes=10)
            await tell(town, side, ANA, "resolve now because it is over", room=room)
