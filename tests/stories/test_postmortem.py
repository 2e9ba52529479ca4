"""The post-mortem: drafted from the record, written in by people, reviewed, published, asked for until then."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.postmortem.kept import State
from bot.progress import Alerted, AlertSeen
from bot.timeline import Kind
from tests.support.drafts import addresses, drafts, newest, sections, shown, tokens
from tests.support.hostile import HOSTILE, harmless
from tests.support.postmortems import RECORD, bare, over, stands, town_of
from tests.support.story import ROOM, acquainted, act, declared, last, posts, react, tell
from tests.support.town import ANA, BO, CLEO, DMITRI, FINN, FRIDAY, Side, Town, sqlite


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town with post-mortems."""
    async with town_of(tmp_path, platform) as made:
        yield made


async def test_a_draft_holds_the_facts_and_asks_the_rest(town: Town, side: Side) -> None:
    await over(town, side)
    told = await tell(town, side, ANA, "postmortem")
    assert "Draft 1 of the post-mortem comes into the channel. 4 questions wait for an answer." in told
    (draft,) = await drafts(town)
    assert draft.name == "postmortem-1.md" and draft.title == "Post-mortem of #1: draft, revision 1"
    found = sections(draft.content)
    assert list(found) == [
        "What happened", "Timeline", "Root cause", "What went well", "Action items", "From the record"
    ]  # fmt: skip
    top = shown(draft.content.partition("\n## ")[0])
    for line in ("Post-mortem: checkout is down", "Date: 2026-11-20", "Severity: sev1: ", "Duration: 40m",
                 "Affected: 500", "Incident lead: Ana Reyes"):  # fmt: skip
        assert line in top, line
    assert "Impact: nobody can pay" in found["What happened"] and "Fix: the pool was doubled" in found["What happened"]
    assert "14:10 UTC · Bo Lindqvist: Ana restarted the pool" in found["Timeline"]
    assert "What made it possible?\nStill to be answered." in found["Root cause"]
    facts = found["From the record"]
    assert "Noticed by Ana Reyes, who declared it at 14:00 UTC, 10m after it began." in facts
    assert "Incident commander: Ana Reyes" in facts and "Ana restarted the pool" in facts
    assert "Post-mortem: due 2026-11-24 14:30 UTC" in facts


async def test_the_message_tells_what_is_missing_and_the_buttons_open_the_forms(town: Town, side: Side) -> None:
    await over(town, side)
    await tell(town, side, ANA, "pm")
    seen = bare(stands(side).text)
    assert "draft" in seen and "4 questions wait: Root cause, What went well, Action items." in seen
    assert "Ana Reyes" in seen and "30m, no date yet: /incident postmortem meeting tuesday 14:00" in seen
    assert stands(side).buttons[:3] == ("Answer: Root cause", "Answer: What went well", "Answer: Action items")
    await side.taps(CLEO, "Answer: Root cause", stands(side), room=ROOM)
    await side.fills(CLEO, **{"answer 1": "half the pool", "answer 2": "the Friday load"})
    await town.settle()
    kept = (await town.incident()).progress.postmortem
    assert kept is not None and kept.answers["root-cause/1"].text == "half the pool"
    assert kept.answers["root-cause/2"].by.name == CLEO.name and kept.answers["root-cause/2"].at == FRIDAY + timedelta(
        minutes=30
    )
    seen = bare(stands(side).text)
    assert "2 questions wait: What went well, Action items." in seen and "New draft" in stands(side).buttons
    stand = [one for one in posts(side) if "Post-mortem of #1: draft" in one.text and one.buttons]
    assert len(stand) == 1, "one message, edited"


async def test_making_it_anew_refreshes_the_facts_and_leaves_what_people_wrote(town: Town, side: Side) -> None:
    await over(town, side)
    await tell(town, side, ANA, "postmortem")
    assert "Still open there: What set it off?" in await tell(town, side, BO, "postmortem root cause: half the *pool*")
    await tell(town, side, BO, "postmortem root cause 2: the Friday load")
    await tell(town, side, CLEO, "postmortem what went well: alerts came early")
    await tell(town, side, DMITRI, "postmortem what went well: nobody panicked")
    await tell(town, side, DMITRI, "postmortem what went well: early")
    await tell(town, side, ANA, "affected 900")
    await tell(town, side, ANA, "note the pool leaked for a week")
    await tell(town, side, ANA, "postmortem draft")
    first, second = [one.content for one in await drafts(town)]
    assert "Affected: 500" in shown(first) and "Affected: 900" in shown(second)
    found = sections(second)
    assert "half the *pool*\nBo Lindqvist, 14:30 UTC" in found["Root cause"] and "\\*pool\\*" in second
    assert "alerts came early\n\nnobody panicked\n\nearly" in found["What went well"].replace(" \n", "\n")
    assert "the pool leaked for a week" in found["Timeline"] and "half the" not in found["Timeline"]
    written = [link.entry for link in await town.timeline() if link.entry.kind is Kind.POSTMORTEM]
    assert any("What set it off? the Friday load" in entry.text and entry.by == BO.name for entry in written)


async def test_two_who_write_at_once_lose_nothing(town: Town, side: Side) -> None:
    await over(town, side)
    await tell(town, side, ANA, "postmortem")
    await side.taps(CLEO, "Answer: What went well", stands(side), room=ROOM)
    await tell(town, side, BO, "postmortem what went well: from Bo")
    await side.fills(CLEO, **{"answer 1": "from Cleo"})
    await town.settle()
    kept = (await town.incident()).progress.postmortem
    assert kept is not None and kept.answers["what-went-well/1"].text == "from Bo\n\nfrom Cleo"


async def test_it_goes_from_draft_to_review_to_published_and_meets_what_was_owed(town: Town, side: Side) -> None:
    await over(town, side)
    assert "The post-mortem, published" in await tell(town, side, ANA, "close")
    await tell(town, side, ANA, "postmortem")
    assert "They are asked" in await tell(town, side, ANA, f"postmortem review {side.at(BO)} {side.at(CLEO)}")
    asked = next(one for one in posts(side) if "Please review the post-mortem" in one.text)
    assert asked.rings == {BO.name, CLEO.name} and "Ana Reyes asks you to read it" in asked.text
    assert "in review" in stands(side).text and side.sees(CLEO, ROOM)
    assert "4 questions wait for an answer" in await tell(town, side, BO, "postmortem publish")
    assert (await town.incident()).progress.deadlines["postmortem"].running
    told = await tell(town, side, BO, "postmortem publish https://wiki.example/pm/1")
    assert "Published. Post-mortem: done in time" in told and "For engineering." in told
    incident = await town.incident()
    kept, deadline = incident.progress.postmortem, incident.progress.deadlines["postmortem"]
    assert kept is not None and kept.state is State.PUBLISHED and deadline.met_by == BO.name
    assert incident.links[-1].url == "https://wiki.example/pm/1"
    assert "Published by Bo Lindqvist" in stands(side).text and not stands(side).buttons
    assert "published" in (await drafts(town))[-1].title and "https://wiki.example/pm/1" in addresses(
        await newest(town)
    )
    assert "#1 is closed." in await tell(town, side, ANA, "close")
    assert "It is published already" in await tell(town, side, ANA, f"postmortem review {side.at(BO)}")


@pytest.mark.parametrize("words", ["link https://wiki.example/1 post-mortem", "clock postmortem done"])
async def test_published_by_another_way_it_counts_as_published(town: Town, side: Side, words: str) -> None:
    await over(town, side)
    await tell(town, side, ANA, "postmortem")
    await tell(town, side, BO, words)
    kept = (await town.incident()).progress.postmortem
    assert kept is not None and kept.state is State.PUBLISHED and kept.published_by == BO.name
    await town.forward(minutes=1)
    await tell(town, side, ANA, "clock postmortem because a customer knows more")
    again = (await town.incident()).progress.postmortem
    assert again is not None and again.state is State.DRAFT, "it is owed once more"


async def test_the_owner_is_asked_directly_and_then_the_lead_too(town: Town, side: Side) -> None:
    await over(town, side)
    await tell(town, side, ANA, "postmortem")
    assert "Finn Walsh owns the post-mortem." in await tell(town, side, ANA, f"postmortem owner {side.at(FINN)}")
    assert last(side).rings == {FINN.name}
    assert "Finn Walsh" in stands(side).text
    before = len(side.direct(FINN)), len(side.direct(ANA))
    due = (await town.incident()).progress.deadlines["postmortem"].due_at
    assert due == datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
    while town.clock.now() + timedelta(hours=2) < due:
        await town.forward(hours=2)
    assert len(side.direct(FINN)) > before[0] and len(side.direct(ANA)) == before[1], (
        "before it is due, the owner alone"
    )
    await town.forward(hours=2)
    assert len(side.direct(ANA)) == before[1] + 1, "the lead hears of it as soon as it is overdue"
    for _ in range(12):
        await town.forward(hours=2)
    assert "Post-mortem is overdue" in side.direct(ANA)[-1].text and "overdue" in side.direct(FINN)[-1].text
    await side.says(FINN, "postmortem publish anyway", room=ROOM)
    deadline = (await town.incident()).progress.deadlines["postmortem"]
    assert deadline.met_by == FINN.name and deadline.ask_at is None, "nobody is asked any more"


async def test_it_is_left_out_only_where_the_process_recommends_it(town: Town, side: Side) -> None:
    await over(town, side, "sev2")
    assert "recommended: /incident postmortem drafts it" in bare(last(side).text)
    assert await tell(town, side, ANA, "postmortem not needed") == ""
    await side.fills(ANA, because="nothing new was learned")
    await town.settle()
    kept = (await town.incident()).progress.postmortem
    assert kept is not None and kept.state is State.NOT_NEEDED
    assert "Reason: nothing new was learned." in stands(side).text
    assert any("not needed: nothing new was learned" in link.entry.text for link in await town.timeline())
    assert "#1 is closed." in await tell(town, side, ANA, "close")


async def test_a_required_one_cannot_be_left_out(town: Town, side: Side) -> None:
    await over(town, side)
    told = await tell(town, side, ANA, "postmortem not needed because we are tired")
    assert "requires a post-mortem" in told and (await town.incident()).progress.postmortem is None


async def test_the_review_meeting_stands_on_the_message(town: Town, side: Side) -> None:
    await over(town, side)
    await tell(town, side, ANA, "postmortem")
    told = await tell(town, side, ANA, "postmortem meeting tuesday 14:00")
    assert "Review meeting" in told
    kept = (await town.incident()).progress.postmortem
    assert kept is not None and kept.meeting_at == datetime(2026, 11, 24, 13, 0, tzinfo=UTC), "Ana is in Madrid"
    assert "no date yet" not in stands(side).text
    assert "over already" in await tell(town, side, ANA, "postmortem meeting 2026-11-19 14:00")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("postmortem roof cause: x", "“roof cause: x” is no section of the post-mortem. There are Root cause"),
        ("postmortem timeline: more", "“Timeline” is filled in from the record"),
        ("postmortem root cause 3: more", "“Root cause” asks 2 questions"),
        ("postmortem publish nowhere", "“nowhere” is no address"),
        ("postmortem owner @nobody", "I do not know who"),
        ("postmortem meeting whenever", "I cannot read “whenever” as a time"),
        (f"postmortem root cause: {'x' * 3001}", "An answer holds 3000 characters"),
    ],
)
async def test_what_is_wrong_is_said_in_one_sentence(town: Town, side: Side, words: str, sentence: str) -> None:
    await over(town, side)
    assert sentence in bare(await tell(town, side, ANA, words))
    assert (await town.incident()).progress.postmortem is None


async def test_reviewers_are_asked_for_in_a_form(town: Town, side: Side) -> None:
    await over(town, side)
    assert await tell(town, side, ANA, "postmortem review") == ""
    await side.fills(ANA, people="@Bo Lindqvist, cleo and me")
    await town.settle()
    kept = (await town.incident()).progress.postmortem
    assert kept is not None and [one.name for one in kept.reviewers] == [BO.name, CLEO.name, ANA.name]


async def test_a_required_one_without_a_term_still_holds_the_closing_back(tmp_path: Path, platform: str) -> None:
    severities = [one.model_dump() | {"postmortem": {"need": "required"}} for one in acquainted().severities]
    playbook = acquainted(severities=severities, record=RECORD, close=({"postmortem": True},))
    async with Town(sqlite(tmp_path), platforms=(platform,), playbook=playbook) as town:
        side = town.sides[platform]
        await over(town, side)
        assert "The post-mortem, published" in await tell(town, side, ANA, "close")
        assert "Published." in await tell(town, side, ANA, "postmortem publish anyway")
        assert "#1 is closed." in await tell(town, side, ANA, "close")


async def test_an_alert_that_declared_it_is_told_as_how_it_was_noticed(town: Town, side: Side) -> None:
    await over(town, side)
    seen = AlertSeen(id=7, title="Pool <b>full</b>", source="Grafana", link="https://grafana.example/7", fires=False,
                     since=FRIDAY, count=3)  # fmt: skip
    async with act(town) as scene:
        scene.incident.progress.alerts = Alerted(declared=True, first=7, alerts=2, latest=(seen,))
    await tell(town, side, ANA, "postmortem")
    document = await newest(town)
    facts = sections(document)["From the record"]
    assert "An alert of Grafana: Pool <b>full</b>. Declared by it at 14:00 UTC" in facts
    assert "Pool <b>full</b> (Grafana): cleared at 14:00 UTC, arrived 3 times" in facts and "1 more" in facts
    assert addresses(document) == ["https://grafana.example/7"]
    assert not [token for token in tokens(document) if token.type == "html_inline"]


async def test_on_two_platforms_each_has_the_file_and_the_message(tmp_path: Path) -> None:
    async with Town(sqlite(tmp_path), playbook=acquainted(record=RECORD)) as town:
        slack, discord = town.sides["slack"], town.sides["discord"]
        await declared(town, slack)
        await tell(town, slack, ANA, "resolve the pool was doubled")
        await tell(town, discord, BO, "postmortem root cause: half the pool")
        await tell(town, slack, ANA, "postmortem")
        (here,), (there,) = await drafts(town, platform="slack"), await drafts(town, platform="discord")
        assert here == there and "half the pool" in here.content
        assert "3 questions wait" in stands(slack).text and "3 questions wait" in stands(discord).text


async def test_while_it_is_open_there_is_none(town: Town, side: Side) -> None:
    await declared(town, side)
    assert "It is still open" in await tell(town, side, ANA, "postmortem")


async def test_blameless_names_nobody_anywhere(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, blameless=True) as town:
        side = town.sides[platform]
        await over(town, side)
        await tell(town, side, ANA, f"note {side.at(BO)} told CLEO that Bo's script did it; it will restart")
        await tell(town, side, ANA, f"action {side.at(DMITRI)} add a pool alert")
        await tell(town, side, CLEO, "join")
        said = await side.writes(CLEO, "I saw Dmitri deploy", room=ROOM)
        await react(town, side, ANA, "📌", said)
        await tell(town, side, CLEO, "postmortem root cause: Ana Reyes and @bo had no second pair of eyes")
        await tell(town, side, ANA, "postmortem review @bo")
        written = await newest(town)
        text = shown(written)
        for name in (
            "Ana",
            "Reyes",
            "Bo ",
            "Bo'",
            "Bo\n",
            "Lindqvist",
            "Cleo",
            "CLEO",
            "Okafor",
            "Dmitri",
            "@bo",
            "@ana",
        ):
            assert name not in text, name
        assert "I saw a responder deploy" in text
        assert ANA.slack_id not in written and ANA.discord_id not in written
        assert "Incident lead: Incident commander" in text and "it will restart" in text
        assert "Communications lead: Incident commander restarted the pool, Incident commander says it holds" in text
        assert "Incident commander and Communications lead had no second pair of eyes" in text
        assert "Ana Reyes" in stands(side).text, "in the channel people are called by their names"


async def test_the_five_whys_lead_from_one_to_the_next(tmp_path: Path, platform: str) -> None:
    async with town_of(tmp_path, platform, five_whys=True) as town:
        side = town.sides[platform]
        await over(town, side)
        assert "Why 2: why was that so?" in await tell(town, side, ANA, "postmortem why the pool was empty")
        assert "Why 3: why was that so?" in await tell(town, side, ANA, "postmortem why a job held every connection")
        await tell(town, side, ANA, "postmortem")
        cause = sections(await newest(town))["Root cause"]
        assert "Why 1: why did it happen?\nthe pool was empty" in cause and "Why 3" not in cause
        assert "4 questions wait: Root cause" in bare(stands(side).text)


async def test_two_thousand_hostile_entries_make_a_correct_document(town: Town, side: Side) -> None:
    await over(town, side)
    words = (
        *HOSTILE,
        "```\nrm -rf /\n```",
        "<script>alert(1)</script>",
        "- [ ] a\n\n# b\n===",
        "see https://evil.example",
    )
    async with act(town) as scene:
        for count in range(2000):
            scene.record(Kind.NOTE, f"{words[count % len(words)]} №{count}")
    await tell(town, side, ANA, "postmortem")
    document = await newest(town)
    kinds = {token.type for token in tokens(document)}
    assert not kinds & {"html_block", "html_inline", "fence", "code_block", "code_inline", "image", "blockquote_open"}
    assert addresses(document) == []
    timeline = document.split("\n## Timeline\n")[1].split("\n## ")[0]
    rows = [token for token in tokens(timeline) if token.type == "list_item_open"]
    assert len(rows) == timeline.count("\n- **") and len(rows) > 2000
    text = shown(timeline)
    assert all(f"№{count}" in text for count in range(2000))
    assert len(sections(document)) == 6
    harmless(side, ROOM, declarers={ANA.name, BO.name})
