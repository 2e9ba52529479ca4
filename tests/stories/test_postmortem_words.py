"""What people type for a post-mortem reaches the question that they mean, and nothing is published unasked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.people import Group
from bot.postmortem.kept import Postmortem, State
from tests.support.drafts import newest, sections, shown
from tests.support.postmortems import RECORD, over, stands, town_of
from tests.support.seen import Seen
from tests.support.story import ROOM, acquainted, declared, posts, react, tell
from tests.support.town import ANA, BO, CLEO, DMITRI, ESHA, Side, Town, sqlite

SEVEN = tuple(f"What of part {count}?" for count in range(1, 8))


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town with post-mortems."""
    async with town_of(tmp_path, platform) as made:
        yield made


async def kept(town: Town) -> Postmortem:
    """The incident's post-mortem."""
    found = (await town.incident()).progress.postmortem
    assert found is not None
    return found


async def answers(town: Town) -> dict[str, str]:
    """What people wrote, by question."""
    return {key: one.text for key, one in (await kept(town)).answers.items()}


async def test_a_why_is_answered_by_its_number_and_a_section_may_begin_with_why(tmp_path: Path, platform: str) -> None:
    late = {"title": "Why it was seen late", "asks": ("What hid it?",)}
    async with town_of(tmp_path, platform, five_whys=True, sections=(*RECORD["sections"], late)) as town:
        side = town.sides[platform]
        await over(town, side)
        for words in (
            "why 3: nobody looked",
            "why: the pool was empty",
            "why 2 replicas had one pool",
            "whys 5. habit",
        ):
            assert "Kept" in await tell(town, side, ANA, f"postmortem {words}"), words
        assert await answers(town) == {
            "root-cause/3": "the pool was empty",
            "root-cause/4": "2 replicas had one pool",
            "root-cause/5": "nobody looked",
            "root-cause/7": "habit",
        }
        assert "There are 5 whys, so there is no number 6." in await tell(town, side, ANA, "postmortem why 6: x")
        await tell(town, side, ANA, "postmortem why it was seen late: no alert")
        assert (await answers(town))["why-it-was-seen-late/1"] == "no alert"
        assert await tell(town, side, ANA, "postmortem why it was seen late") == ""
        assert "no alert" in str(side.form(ANA)), "its form"


@pytest.mark.parametrize("word", ["write", "answer", "fill"])
async def test_write_before_a_section_is_only_a_word(town: Town, side: Side, word: str) -> None:
    await over(town, side)
    told = await tell(town, side, ANA, f"postmortem {word} root cause 2: the Friday load")
    assert "Kept under “Root cause”. Still open there: What made it possible?" in told
    assert await answers(town) == {"root-cause/2": "the Friday load"}


async def test_a_section_of_more_than_five_questions_has_several_forms(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, sections=({"title": "All of it", "asks": SEVEN},)) as town:
        side = town.sides[platform]
        await over(town, side)
        await tell(town, side, ANA, "postmortem")
        await side.taps(ANA, "Answer: All of it", stands(side), room=ROOM)
        assert SEVEN[4] in str(side.form(ANA)) and SEVEN[5] not in str(side.form(ANA))
        await side.fills(ANA, **{f"answer {count}": f"part {count}" for count in range(1, 6)})
        await town.settle()
        await side.taps(ANA, "Answer the rest", side.whispered(ANA), room=ROOM)
        assert SEVEN[5] in str(side.form(ANA)) and SEVEN[4] not in str(side.form(ANA))
        await side.fills(ANA, **{"answer 1": "part 6", "answer 2": "part 7"})
        await town.settle()
        assert list((await answers(town)).values()) == [f"part {count}" for count in range(1, 8)]
        await side.says(ANA, "postmortem all of it 7", room=ROOM)
        assert "part 7" in str(side.form(ANA)) and "part 5" not in str(side.form(ANA))
        await side.dismisses(ANA)
        assert "asks 7 questions, so there is no number 8" in await tell(town, side, ANA, "postmortem all of it 8")


async def test_where_nothing_is_asked_that_is_said(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, sections=({"title": "Timeline", "fills": "timeline"},)) as town:
        side = town.sides[platform]
        await over(town, side)
        assert "Nothing is asked in this post-mortem" in await tell(town, side, ANA, "postmortem fill")


async def test_a_link_to_it_publishes_it_also_where_no_deadline_runs(tmp_path: Path, platform: str) -> None:
    severities = [one.model_dump() | {"postmortem": {"need": "required"}} for one in acquainted().severities]
    playbook = acquainted(severities=severities, record=RECORD, close=({"postmortem": True},))
    async with Town(sqlite(tmp_path), platforms=(platform,), playbook=playbook) as town:
        side = town.sides[platform]
        await over(town, side)
        assert "The post-mortem, published" in await tell(town, side, ANA, "close")
        assert "Published." in await tell(town, side, BO, "link https://wiki.example/1 post-mortem")
        post = await kept(town)
        assert (post.state, post.url, post.published_by) == (State.PUBLISHED, "https://wiki.example/1", BO.name)
        assert [one.url for one in (await town.incident()).links] == ["https://wiki.example/1"]
        assert "kept already" in await tell(town, side, BO, "link https://wiki.example/1 post-mortem")
        assert "#1 is closed." in await tell(town, side, ANA, "close")


async def asked_for(town: Town, side: Side, *answered: str) -> Seen:
    """The post that asks for it, once it is near; with answers in these sections."""
    await over(town, side)
    await tell(town, side, ANA, "postmortem")
    for words in answered:
        await tell(town, side, ANA, f"postmortem {words}: something")
    while True:
        await town.forward(hours=6)
        for one in posts(side):
            if "Post-mortem is due" in one.text:
                return one


async def test_a_tick_on_what_asks_for_it_publishes_it(town: Town, side: Side) -> None:
    asked = await asked_for(town, side, "root cause", "root cause", "what went well", "action items")
    await react(town, side, CLEO, "✅", asked)
    assert (await kept(town)).state is State.PUBLISHED and (await kept(town)).published_by == CLEO.name


async def test_a_tick_on_what_asks_for_it_asks_first_where_a_question_waits(town: Town, side: Side) -> None:
    asked = await asked_for(town, side, "root cause", "root cause", "what went well")

    async def asked_back() -> bool:
        await town.settle()
        return any("1 question waits for an answer" in text for text in side.private(BO))

    await side.reacts(BO, "✅", asked, room=ROOM)
    await town.until(asked_back)
    assert (await kept(town)).state is State.DRAFT


async def test_an_owner_who_was_replaced_is_named_by_no_blameless_timeline(tmp_path: Path, platform: str) -> None:
    playbook = acquainted(record=RECORD | {"blameless": True}, people=())
    async with Town(sqlite(tmp_path), platforms=(platform,), playbook=playbook) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "resolve a restart")
        await tell(town, side, ANA, f"action {side.at(DMITRI)} add a pool alert by friday")
        await tell(town, side, ANA, f"action 1 {side.at(ESHA)}")
        await tell(town, side, ANA, "postmortem")
        text = shown(await newest(town))
        assert "Action item 1 added: add a pool alert (a responder, due" in text
        assert not [name for name in (*DMITRI.name.split(), *ESHA.name.split()) if name in text]


async def test_a_group_that_owns_an_item_keeps_its_name_where_it_is_blameless(tmp_path: Path, platform: str) -> None:
    group = Group(key="platform", name="Platform team", members=("cleo", "bo"))
    playbook = acquainted(record=RECORD | {"blameless": True}, groups=(group,))
    async with Town(sqlite(tmp_path), platforms=(platform,), playbook=playbook) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "action @platform add a pool alert by friday")
        await tell(town, side, ANA, f"action {side.at(CLEO)} look at it by friday")
        await tell(town, side, ANA, "resolve a restart")
        await tell(town, side, ANA, "postmortem")
        found = sections(await newest(town))["Action items"]
        assert "add a pool alert · Platform team · due" in found and "look at it · a responder · due" in found
