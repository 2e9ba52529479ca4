"""Gates: what the playbook asks for before an incident is resolved, and before it is closed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.card import plain
from bot.heard import Spoken
from bot.people import Person
from bot.playbook.process import Stage
from bot.progress import QuietEnd
from bot.timeline import Kind
from tests.support.story import ROOM, card, declared, default, last, posts, tell, town_with
from tests.support.town import ANA, BO, FRIDAY, Side, Town

FIELDS = (
    {"name": "cause", "title": "Root cause"},
    {"name": "data", "title": "Data lost", "choices": ("none", "some")},
    {"name": "ticket", "title": "Ticket", "longest": 20},
)
CHECKLISTS = (
    {
        "name": "verify",
        "title": "Verify",
        "steps": (
            {"text": "Queue drained", "required": True},
            {"text": "Error rate at its baseline", "required": True},
            {"text": "Tell the team"},
        ),
    },
)


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town that asks for a lot before sev1 is resolved, and for a test or monitor before it is closed."""
    resolve = (
        {"fields": ("impact", "fix"), "severities": ("sev1",)},
        {"fields": ("cause", "data", "affected", "ticket"), "severities": ("sev1",)},
        {"checklists": ("verify",), "severities": ("sev1", "sev2")},
    )
    close = ({"links": ("test", "monitor"), "fields": ("cause",)}, {"postmortem": True})
    severities = [severity.model_dump() for severity in default().severities]
    severities[3] |= {"postmortem": {"need": "required", "within": "5 business days"}}
    parts = {"severities": severities, "fields": FIELDS, "checklists": CHECKLISTS, "resolve": resolve, "close": close}
    async with town_with(tmp_path, (platform,), **parts) as made:
        yield made


async def tick(town: Town, side: Side, *steps: int) -> None:
    """Tick steps of the checklist."""
    for step in steps:
        await tell(town, side, ANA, f"tick verify {step}")


async def test_the_form_asks_for_what_is_missing_five_at_a_time(town: Town, side: Side) -> None:
    await declared(town, side)
    await tick(town, side, 1, 2)
    count = len(posts(side))
    assert await tell(town, side, ANA, "resolve the pool was restarted") == ""
    assert (await town.incident()).fix == "the pool was restarted", "what was typed is kept"
    shown = str(side.form(ANA))
    assert "Root cause" in shown and "What did customers see?" in shown
    given = {"impact": "nobody could pay", "affected": "500", "fact cause": "a leak", "fact data": "none"}
    await side.fills(ANA, **given, **{"fact ticket": "T-1"})
    await town.settle()

    incident = await town.incident()
    assert incident.stage is Stage.RESOLVED and incident.fields == {"cause": "a leak", "data": "none", "ticket": "T-1"}
    assert incident.impact == "nobody could pay" and len(posts(side)) == count + 1
    assert "a leak" in card(side).text


async def test_what_no_form_has_room_for_is_asked_for_in_the_next(town: Town, side: Side) -> None:
    await declared(town, side)
    await tick(town, side, 1, 2)
    await tell(town, side, ANA, "resolve")
    first = {"fix": "a restart", "impact": "nobody could pay", "affected": "500"}
    await side.fills(ANA, **first, **{"fact cause": "a leak", "fact data": "some"})
    await town.settle()
    told = side.whispered(ANA)
    assert "Not resolved yet" in told.text and "“Ticket”: /incident set ticket …" in told.text.replace("`", "")
    assert (await town.incident()).open and told.buttons == ("Say it",)
    await side.taps(ANA, "Say it", told, room=ROOM)
    assert "Ticket" in str(side.form(ANA)) and "Root cause" not in str(side.form(ANA))
    await side.fills(ANA, **{"fact ticket": "T-1"})
    await town.settle()
    assert (await town.incident()).stage is Stage.RESOLVED


async def test_the_shell_names_what_is_missing_with_the_words_for_each(town: Town, side: Side) -> None:
    await declared(town, side)
    said = await shell(town, "#1 resolve a restart")
    for words in ("impact …", "set cause …", "affected …", "Queue drained", "resolve now because …"):
        assert words in said, words
    assert (await town.incident()).fix == "a restart" and (await town.incident()).open


async def shell(town: Town, words: str) -> str:
    """Say something at the machine itself."""
    key = f"cli:{words}"
    heard = Spoken(key=key, platform="cli", actor=Person(key="cli:root", name="root"), words=words)
    answer = await town.bot.desk.hear(heard)
    await town.settle()
    return plain(answer.card.text) if answer.card is not None else ""


async def test_open_steps_are_named_with_a_button_to_their_checklist(town: Town, side: Side) -> None:
    await declared(town, side, "sev2 checkout is down")
    await tick(town, side, 1)
    count = len(posts(side))
    told = await tell(town, side, ANA, "resolve a restart")
    assert "The checklist “Verify” (1 step to do): Error rate at its baseline" in told
    told_privately = side.whispered(ANA)
    assert told_privately.buttons == ("Open Verify",) and len(posts(side)) == count
    await side.taps(ANA, "Open Verify", told_privately, room=ROOM)
    await town.settle()
    assert any("Error rate at its baseline" in one.text for one in posts(side))
    await tick(town, side, 2)
    assert "#1 is resolved." in await tell(town, side, ANA, "resolve")


async def test_an_override_needs_a_reason_and_stands_in_the_resolution(town: Town, side: Side) -> None:
    await declared(town, side)
    told = await tell(town, side, ANA, "resolve now")
    assert "Say why, like" in told and "“Root cause”" in told and (await town.incident()).open
    await tell(town, side, ANA, "resolve now because customers are back")
    assert "“Root cause”" in last(side).text and "the checklist “Verify” (2 steps to do)" in last(side).text
    (entry,) = [link.entry for link in await town.timeline() if link.entry.kind is Kind.END]
    assert entry.text.startswith("Resolved now, because customers are back (not met: “Impact”, “Fix”,")


async def test_a_severity_that_asks_for_nothing_resolves_as_ever(town: Town, side: Side) -> None:
    await declared(town, side, "sev4 a label is misspelled")
    assert "#1 is resolved." in await tell(town, side, ANA, "resolve")
    assert "Resolved without" not in last(side).text


async def test_it_is_closed_once_a_test_or_monitor_is_linked(town: Town, side: Side) -> None:
    await declared(town, side, "sev3 checkout is slow")
    await tell(town, side, ANA, "resolve a restart")
    count = len(posts(side))
    told = await tell(town, side, ANA, "close")
    assert (
        "Not closed yet" in told
        and "A link of the kind test or monitor: /incident link https://… test" in told.replace("`", "")
    )
    assert "“Root cause”: /incident set cause …" in told.replace("`", "")
    assert len(posts(side)) == count and (await town.incident()).stage is Stage.RESOLVED
    await side.taps(ANA, "Say it", side.whispered(ANA), room=ROOM)
    await side.fills(ANA, **{"fact cause": "a leak"})
    await town.settle()
    await tell(town, side, ANA, "link https://git.example/8 the latest dashboard")
    assert "Not closed yet" in await tell(town, side, ANA, "close")
    await tell(town, side, ANA, "link https://git.example/9 regression test")
    assert "#1 is closed." in await tell(town, side, ANA, "close")
    assert "Closed without" not in card(side).text


async def test_closing_anyway_needs_a_reason_and_stands_on_the_card_for_ever(town: Town, side: Side) -> None:
    await declared(town, side, "sev3 checkout is slow")
    await tell(town, side, ANA, "resolve a restart")
    told = await tell(town, side, BO, "close anyway")
    assert "Say why, like" in told and "a link of the kind test or monitor" in told
    assert "#1 is closed." in await tell(town, side, BO, "close now because nobody has time")
    left = "“Root cause”, a link of the kind test or monitor"
    assert "Closed without" in card(side).text and f"{left}; {BO.name}: nobody has time" in card(side).text
    ended = [link.entry.text for link in await town.timeline() if link.entry.kind is Kind.END]
    assert ended[-1] == f"Closed: nobody has time (not met: {left})"
    await tell(town, side, ANA, "reopen")
    assert "nobody has time" in card(side).text


async def test_the_post_mortem_that_is_owed_comes_before_the_close(town: Town, side: Side) -> None:
    await declared(town, side, "sev4 checkout is slow")
    for words in ("resolve a restart", "set cause a leak", "link https://git.example/9 monitor"):
        await tell(town, side, ANA, words)
    over = next(one.text for one in posts(side) if "Resolved: checkout is slow" in one.text)
    assert "Post-mortem" in over and "/incident link https://… postmortem once it is published" in over.replace("`", "")
    told = await tell(town, side, ANA, "close")
    assert "The post-mortem, published: /incident link https://… postmortem once it is" in told.replace("`", "")
    await tell(town, side, ANA, "clock postmortem done")
    assert "#1 is closed." in await tell(town, side, ANA, "close")


@pytest.mark.parametrize("label", ["postmortem", "Post-mortem of Friday", "the retro"])
async def test_a_link_to_the_post_mortem_counts_as_published(town: Town, side: Side, label: str) -> None:
    await declared(town, side, "sev4 checkout is slow")
    await tell(town, side, ANA, f"link https://wiki.example/1 {label}")
    for words in ("resolve a restart", "set cause a leak", "link https://git.example/9 monitor"):
        await tell(town, side, ANA, words)
    assert "The post-mortem, published" in await tell(town, side, ANA, "close"), "before the end it was none yet"
    told = await tell(town, side, BO, f"link https://wiki.example/1 {label}")
    assert "Post-mortem: done in time" in told
    assert (await town.incident()).progress.deadlines["postmortem"].met_by == BO.name
    assert len((await town.incident()).links) == 2
    assert "That link is kept already" in await tell(town, side, BO, f"link https://wiki.example/1 {label}")
    assert "#1 is closed." in await tell(town, side, ANA, "close")


async def test_a_document_may_be_the_post_mortem_and_one_tap_says_so(town: Town, side: Side) -> None:
    await declared(town, side, "sev4 checkout is slow")
    assert "published" not in await tell(town, side, ANA, "link https://wiki.example/1 doc")
    for words in ("resolve a restart", "set cause a leak", "link https://git.example/9 monitor"):
        assert "published" not in await tell(town, side, ANA, words)
    assert "Is it the post-mortem" in await tell(town, side, ANA, "link https://wiki.example/2 incident document")
    assert "The post-mortem, published" in await tell(town, side, ANA, "close")
    await tell(town, side, ANA, "link https://wiki.example/3 doc")
    await side.taps(ANA, "Yes, it is published", side.whispered(ANA), room=ROOM)
    await town.settle()
    assert "#1 is closed." in await tell(town, side, ANA, "close")


async def test_where_resolved_comes_last_it_waits_for_a_test_or_monitor(tmp_path: Path, platform: str) -> None:
    statuses = (
        {"name": "triage", "stage": "investigating"},
        {"name": "cause known", "stage": "identified"},
        {"name": "restored", "stage": "monitoring", "says": "Customers are served again"},
        {"name": "resolved", "stage": "resolved"},
        {"name": "closed", "stage": "closed"},
        {"name": "cancelled", "stage": "cancelled"},
    )
    gates = ({"links": ("test", "monitor")},)
    async with town_with(tmp_path, (platform,), statuses=statuses, resolve=gates, close=gates) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "status restored")
        assert (await town.incident()).mitigated_at == FRIDAY
        assert "A link of the kind test or monitor" in await tell(town, side, ANA, "resolve")
        await tell(town, side, ANA, "link https://git.example/9 monitor")
        assert "#1 is resolved." in await tell(town, side, ANA, "resolve")
        assert "#1 is closed." in await tell(town, side, ANA, "close")


async def test_what_no_longer_holds_when_the_quiet_is_over_is_said(tmp_path: Path, platform: str) -> None:
    gates = ({"quiet": "15m", "checklists": ("verify",)},)
    async with town_with(tmp_path, (platform,), checklists=CHECKLISTS, resolve=gates) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tick(town, side, 1, 2)
        await tell(town, side, BO, "resolve a restart")
        await tell(town, side, ANA, "untick verify 2")
        count = len(posts(side))
        await town.forward(minutes=15)
        incident = await town.incident()
        assert incident.open and len(posts(side)) == count + 1
        assert "this is missing now: the checklist “Verify” (1 step to do)" in last(side).text
        assert last(side).rings == {BO.name}
        assert incident.progress.quiet is not None and incident.progress.quiet.over is QuietEnd.LACKING
        await tick(town, side, 2)
        await tell(town, side, BO, "resolve")
        await town.forward(minutes=15)
        assert (await town.incident()).stage is Stage.RESOLVED
