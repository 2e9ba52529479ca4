"""Deadlines: they start by themselves or by somebody's word, ask before and after they are due, and none is lost."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.seen import Seen
from tests.support.story import ROOM, acquainted, card, declared, last, posts, react, tell
from tests.support.town import ANA, BO, CLEO, FRIDAY, Side, Town, sqlite

AWARE = "we became aware of the breach"
RULES: list[dict[str, object]] = [
    {
        "name": "gdpr", "title": "GDPR notice", "aliases": ["data protection"], "within": "72h", "moment": AWARE,
        "audience": "the supervisory authority", "asks": ["comms"],
    },
    {"name": "customers", "title": "Customer notice", "within": "24h", "starts": "flag", "flag": "data-loss"},
    {"name": "report", "title": "Report", "within": "4 business hours", "severities": ["sev1"], "starts": "declared"},
]  # fmt: skip


def strict(**of_severity: dict[str, object]) -> dict[str, object]:
    """Changes that give the default's severities clocks of their own."""
    severities = [s.model_dump() | of_severity.get(s.name, {}) for s in acquainted().severities]
    return {"severities": severities}


def town_of(folder: Path, platform: str, **changes: object) -> Town:
    """A town on one platform, whose process has response times, a resolution target and a post-mortem."""
    clocks = strict(
        sev1={
            "response": "15m",
            "resolution": "4h",
            "postmortem": {"need": "required", "within": "2 business days"},
        },
        sev2={"response": "1h", "resolution": "8 business hours"},
        sev3={"response": "next business day"},
    )
    flags = [{"name": "data-loss", "title": "Data loss"}]
    rules = [rule for rule in RULES if rule["name"] != "report"]
    changed = {"flags": flags, "deadlines": rules} | clocks | changes
    return Town(sqlite(folder), platforms=(platform,), playbook=acquainted(**changed))


@pytest.fixture
async def town(tmp_path: Path, platform: str) -> AsyncIterator[Town]:
    """A town with deadlines."""
    async with town_of(tmp_path, platform) as made:
        yield made


def about(side: Side, title: str) -> list[Seen]:
    """The posts about a deadline, by the beginning of their title."""
    return [one for one in posts(side) if title in one.text.strip().splitlines()[0]]


def bare(text: str) -> str:
    """Text without the marks that make it bold or code."""
    return text.replace("*", "").replace("`", "")


def asking(side: Side, title: str) -> list[Seen]:
    """Those that still ask for it."""
    return [one for one in about(side, title) if one.buttons]


async def sentences(town: Town) -> list[str]:
    """What the timeline says."""
    return [link.entry.text for link in await town.timeline()]


# The response


async def test_a_response_in_time_is_noted_and_nobody_was_asked_for_it(town: Town, side: Side) -> None:
    await declared(town, side)
    await town.forward(minutes=4)
    await tell(town, side, BO, "ack")
    await town.forward(minutes=12)

    response = (await town.incident()).progress.deadlines["response"]
    assert response.due_at == FRIDAY + timedelta(minutes=15)
    assert response.met_at == FRIDAY + timedelta(minutes=4) and response.missed_at is None
    assert about(side, "First response") == []
    assert "First response: done in time, after 4m" in await sentences(town)


async def test_nobody_responds_so_it_is_asked_for_once_before_and_told_once_after(town: Town, side: Side) -> None:
    await declared(town, side)
    await town.forward(minutes=10)
    (before,) = asking(side, "First response is due")
    assert before.rings == {"Ana Reyes"} and before.buttons == ("I'm on it",)
    assert "Deadlines" in card(side).text and "First response due" in card(side).text

    await town.forward(minutes=5)
    (missed,) = asking(side, "First response is overdue")
    assert missed.ref != before.ref and missed.rings == {"Ana Reyes"}
    assert "Nobody has said yet that they are on it" in missed.text
    assert "First response overdue" in bare(card(side).text)
    assert "Missed: First response overdue since 14:15 UTC" in await sentences(town)

    count = len(posts(side))
    await side.taps(BO, "I'm on it", missed, room=ROOM)
    await town.settle()
    assert "again below" in about(side, "First response")[0].text
    assert "✓ Done" in about(side, "First response")[1].text and asking(side, "First response") == []
    assert "First response: done 0s late, after 15m" in await sentences(town)
    assert len(posts(side)) == count and "Deadlines" not in card(side).text


async def test_the_first_ten_minutes_stay_as_calm_as_without_deadlines(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "ack")
    await town.forward(minutes=10)
    assert len(posts(side)) <= 3


# Clocks that somebody starts


async def test_a_regulatory_clock_counts_from_the_stated_moment_in_whose_words(town: Town, side: Side) -> None:
    await declared(town, side)
    told = await tell(town, side, ANA, f"clock gdpr at 14:05 by {side.at(BO)} because the export log shows it")
    assert "GDPR notice runs" in told

    gdpr = (await town.incident()).progress.deadlines["gdpr"]
    stated = datetime(2026, 11, 20, 13, 5, tzinfo=FRIDAY.tzinfo)  # 14:05 in Madrid, where Ana is
    assert gdpr.started_at == stated and gdpr.due_at == stated + timedelta(hours=72)
    assert (gdpr.established_by, gdpr.words) == ("Bo Lindqvist", "the export log shows it")
    entry = next(link.entry for link in await town.timeline() if link.entry.data.get("since"))
    assert AWARE in entry.text and "established by Bo Lindqvist: “the export log shows it”" in entry.text
    assert entry.data["since"] == stated.isoformat() and entry.by == "Ana Reyes"
    (shown,) = asking(side, "GDPR notice: the clock runs")
    assert "the supervisory authority" in shown.text and "the export log shows it" in shown.text
    assert shown.rings == frozenset() and shown.buttons == ("Done",)
    assert "GDPR notice" not in card(side).text


async def test_it_asks_before_and_after_in_few_posts_and_tells_whoever_owes_it_privately(
    town: Town, side: Side
) -> None:
    await declared(town, side)
    await tell(town, side, ANA, f"role comms {side.at(CLEO)}")
    await tell(town, side, ANA, "clock gdpr at 15:00 because the export log shows it")
    await tell(town, side, ANA, "resolve rolled back")
    started = len(about(side, "GDPR notice"))

    await town.forward(hours=48)
    (early,) = asking(side, "GDPR notice is due")
    assert early.rings == {"Cleo Okafor"} and "GDPR notice due" in card(side).text
    await town.forward(hours=20)
    assert asking(side, "GDPR notice is due")[0].ref == early.ref
    assert sum("GDPR notice is due" in text for text in side.private(CLEO)) == 1

    await town.forward(hours=4)
    (late,) = asking(side, "GDPR notice is overdue")
    assert late.ref != early.ref and late.rings == {"Cleo Okafor"}
    await town.forward(hours=8)
    assert asking(side, "GDPR notice")[0].ref == late.ref
    assert sum("GDPR notice is overdue" in text for text in side.private(CLEO)) == 1
    assert len(about(side, "GDPR notice")) == started + 2

    await town.forward(seconds=30)  # Discord lets few old messages be edited in that time
    await side.taps(CLEO, "Done", late, room=ROOM)
    await town.settle()
    assert asking(side, "GDPR notice") == [] and "8h late" in about(side, "GDPR notice")[-1].text
    assert "GDPR notice: done 8h late, after 3d 8h" in await sentences(town)
    before = len(await town.timeline())
    await town.forward(days=3)
    assert all("GDPR" not in text for text in (await sentences(town))[before:])


async def test_without_words_it_runs_and_they_are_asked_for_in_a_form(town: Town, side: Side) -> None:
    await declared(town, side)
    told = await tell(town, side, ANA, "clock data protection at 14:05")
    assert "in whose words" in told
    assert (await town.incident()).progress.deadlines["gdpr"].words == ""
    await side.taps(ANA, "Say it", side.whispered(ANA), room=ROOM)
    await side.fills(ANA, because="the export log shows it")
    await town.settle()
    gdpr = (await town.incident()).progress.deadlines["gdpr"]
    assert gdpr.words == "the export log shows it" and gdpr.started_at < FRIDAY
    assert len(about(side, "GDPR notice")) == 1


async def test_without_a_moment_the_form_asks_for_it(town: Town, side: Side) -> None:
    await declared(town, side)
    await side.says(ANA, "clock gdpr", room=ROOM)
    await side.fills(ANA, at="2026-11-20 13:00", by="our counsel", because="the export log shows it")
    await town.settle()
    gdpr = (await town.incident()).progress.deadlines["gdpr"]
    assert gdpr.started_at == datetime(2026, 11, 20, 12, 0, tzinfo=FRIDAY.tzinfo)
    assert gdpr.established_by == "our counsel"


async def test_a_clock_without_a_name_is_chosen_in_a_form(town: Town, side: Side) -> None:
    await declared(town, side)
    await side.says(ANA, "clock", room=ROOM)
    await side.fills(ANA, deadline="customers", at="2026-11-20 15:00")
    await town.settle()
    notice = (await town.incident()).progress.deadlines["customers"]
    assert notice.due_at == FRIDAY + timedelta(hours=24) and notice.established_by == "Ana Reyes"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("clock gdpr at 2026-11-21 09:00 because x", "still to come"),
        (
            "clock gdpr at 18:00 because x",
            "18:00 in Europe/Madrid is still to come today. For yesterday write the date",
        ),
        ("clock gdrp at 14:00 because x", "Did you mean `/incident clock gdpr`"),
        ("clock nonsense", "is no deadline here. There are response, resolution"),
        ("clock gdpr at noonish because x", "I cannot read “noonish” as a time"),
        ("clock gdpr done", "does not run"),
        ("clock postmortem at 14:00", "starts by itself when the incident is resolved"),
        ("clock resolution", "Resolution target runs: due"),
    ],
)
async def test_wrong_words_are_told_what_would_be_right_and_start_nothing(
    town: Town, side: Side, words: str, says: str
) -> None:
    await declared(town, side)
    before = (await town.incident()).progress.deadlines
    told = await tell(town, side, ANA, words)
    assert bare(says) in bare(told)
    assert (await town.incident()).progress.deadlines == before


async def test_a_clock_is_called_off_for_a_reason_moved_and_started_anew_on_record(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "clock gdpr at 14:05 because the export log shows it")
    await tell(town, side, ANA, "clock gdpr at 13:05")
    moved = (await town.incident()).progress.deadlines["gdpr"]
    assert moved.due_at == FRIDAY + timedelta(hours=70, minutes=5) and moved.words == "the export log shows it"

    await side.says(ANA, "clock gdpr drop", room=ROOM)
    await side.fills(ANA, because="no personal data was in it")
    await town.settle()
    assert asking(side, "GDPR notice") == [] and "No longer owed" in about(side, "GDPR notice")[0].text
    assert "GDPR notice called off: no personal data was in it" in await sentences(town)
    await town.forward(hours=80)
    assert not any("Missed: GDPR" in text for text in await sentences(town))

    await tell(town, side, ANA, "clock gdpr at 14:05 because there was, after all")
    again = (await town.incident()).progress.deadlines["gdpr"]
    assert again.turn == 2 and again.running and len(asking(side, "GDPR notice")) == 1


# The list


async def test_the_list_shows_what_runs_what_was_met_and_what_can_be_started(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "ack")
    told = await tell(town, side, ANA, "deadlines")
    told = bare(told)
    assert "✓ First response · done" in told and "⏳ Resolution target · due" in told
    assert "By hand: /incident clock gdpr GDPR notice (72h)" in told
    await town.forward(hours=5)
    assert "❗ Resolution target · overdue" in bare(await tell(town, side, ANA, "deadlines"))


# The severity


async def test_a_change_of_severity_plans_anew_from_the_original_moment_and_says_what_changed(
    town: Town, side: Side
) -> None:
    await declared(town, side, "sev3 exports are slow")
    await town.forward(minutes=5)
    await tell(town, side, ANA, "severity sev1 because all exports fail")

    kept = (await town.incident()).progress.deadlines
    assert kept["response"].due_at == FRIDAY + timedelta(minutes=15)
    assert kept["resolution"].due_at == FRIDAY + timedelta(hours=4)
    said = next(one.text for one in posts(side) if "Severity is now SEV1" in one.text)
    assert "First response due 14:15 UTC (was Mon 2026-11-23 17:00 UTC)." in said
    assert "Resolution target due 18:00 UTC." in said

    await tell(town, side, BO, "ack")
    await tell(town, side, ANA, "severity sev2")
    said = last(side).text
    kept = (await town.incident()).progress.deadlines
    assert "First response" not in said and kept["response"].met_at == FRIDAY + timedelta(minutes=5)
    assert "Resolution target due Mon 2026-11-23 14:00 UTC (was 18:00 UTC)." in said
    assert kept["response"].due_at == FRIDAY + timedelta(minutes=15)

    await town.forward(minutes=10)  # Discord lets a topic be changed twice in that time
    await tell(town, side, ANA, "severity sev4")
    assert "Resolution target no longer applies." in last(side).text
    await tell(town, side, ANA, "severity sev1")
    assert (await town.incident()).progress.deadlines["resolution"].due_at == FRIDAY + timedelta(hours=4)


async def test_a_clock_started_by_hand_outlives_a_change_of_severity(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "clock gdpr at 14:05 because the export log shows it")
    await tell(town, side, ANA, "severity sev4")
    assert (await town.incident()).progress.deadlines["gdpr"].running


async def test_editing_the_playbook_changes_nothing_for_an_open_incident(town: Town, side: Side) -> None:
    await declared(town, side)
    before = (await town.incident()).progress.deadlines
    await town.bot.stop()
    town.playbook = acquainted(**strict(sev1={"response": "1h"}))
    await town.start_bot()
    await tell(town, side, BO, "note still looking")
    assert (await town.incident()).progress.deadlines == before
    await town.forward(minutes=15)
    assert len(asking(side, "First response is overdue")) == 1


# The end


async def test_the_post_mortem_is_owed_from_the_resolution_and_asked_for_after_closing_until_it_is_done(
    town: Town, side: Side
) -> None:
    await declared(town, side)
    await town.forward(hours=1)
    await tell(town, side, ANA, "resolve rolled back")
    await tell(town, side, ANA, "close")
    kept = (await town.incident()).progress.deadlines
    assert kept["resolution"].met_at == FRIDAY + timedelta(hours=1)
    assert kept["postmortem"].due_at == datetime(2026, 11, 24, 15, 0, tzinfo=FRIDAY.tzinfo)

    await town.forward(days=4)
    assert len(asking(side, "Post-mortem is overdue")) == 1
    await town.forward(days=9)
    incident = await town.incident()
    assert incident.archived_at is None and incident.progress.deadlines["postmortem"].running
    assert "Post-mortem overdue" in bare(card(side).text)

    await town.forward(seconds=30)
    await tell(town, side, ANA, "clock postmortem done https://wiki.example/pm/1")
    assert asking(side, "Post-mortem") == [] and (await town.incident()).archived_at is not None


async def test_a_reopened_incident_has_its_target_back_and_owes_no_post_mortem_yet(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "resolve rolled back")
    await tell(town, side, ANA, "reopen")
    kept = (await town.incident()).progress.deadlines
    assert kept["resolution"].running and kept["resolution"].due_at == FRIDAY + timedelta(hours=4)
    assert not kept["postmortem"].running and kept["response"].met_at is not None
    await town.forward(minutes=30)
    await tell(town, side, ANA, "resolve rolled back for good")
    kept = (await town.incident()).progress.deadlines
    assert kept["postmortem"].turn == 2 and kept["postmortem"].started_at == FRIDAY + timedelta(minutes=30)


async def test_a_false_alarm_drops_them_all(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "clock gdpr at 14:05 because the export log shows it")
    await tell(town, side, ANA, "cancel")
    assert not any(one.running for one in (await town.incident()).progress.deadlines.values())
    count = len(posts(side))
    await town.forward(days=5)
    assert len(posts(side)) == count


async def test_a_drill_has_its_clocks_but_owes_no_post_mortem(town: Town, side: Side) -> None:
    await declared(town, side, "drill sev1 the database is gone")
    await tell(town, side, ANA, "resolve found the backup")
    assert set((await town.incident()).progress.deadlines) == {"response", "resolution"}


# Restarts and jumps


async def test_a_restart_in_the_middle_loses_none_and_doubles_none(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "clock customers at 15:00")
    await town.forward(minutes=10)
    assert len(asking(side, "First response is due")) == 1
    await town.bot.stop()
    town.clock.forward(timedelta(minutes=5))
    await town.start_bot("two")
    await town.settle()
    assert len(asking(side, "First response is overdue")) == 1
    await town.bot.stop()
    await town.start_bot("three")
    await town.settle()
    assert [len(about(side, title)) for title in ("First response", "Customer notice")] == [2, 1]


async def test_a_clock_that_jumps_past_several_due_times_tells_each_once(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "clock gdpr at 15:00 because the export log shows it")
    await tell(town, side, ANA, "clock customers at 15:00")
    await town.bot.stop()
    town.clock.forward(timedelta(days=10))
    await town.start_bot("two")
    await town.settle()
    missed = [text for text in await sentences(town) if text.startswith("Missed: ")]
    assert len(missed) == 4
    for title in ("First response", "Resolution target", "GDPR notice", "Customer notice"):
        assert len(asking(side, f"{title} is overdue")) == 1 and sum(title in text for text in missed) == 1
    assert all(one.ask_at is None or one.ask_at > town.clock.now()
               for one in (await town.incident()).progress.deadlines.values())  # fmt: skip


async def test_working_time_terms_ask_in_working_time_only_over_holidays(tmp_path: Path, platform: str) -> None:
    calendar = {"country": "US", "subdivision": "CA", "opens": "09:00", "closes": "17:00"}
    changes = {"calendar": calendar, "timezone": "America/Los_Angeles", "deadlines": RULES[2:]} | strict()
    async with town_of(tmp_path, platform, **changes) as town:
        side = town.sides[platform]
        town.clock.forward(timedelta(days=5, hours=9))  # Wednesday 25 November, 15:00 in Los Angeles
        await side.says(ANA, "sev1 checkout is down")
        await town.settle()
        report = (await town.incident()).progress.deadlines["report"]
        assert report.due_at == datetime(2026, 11, 30, 19, 0, tzinfo=FRIDAY.tzinfo)  # Monday, 11:00 there
        assert report.ask_at == datetime(2026, 11, 30, 17, 0, tzinfo=FRIDAY.tzinfo)  # Monday, when work begins


# Reactions


@pytest.mark.parametrize("emoji", ["✅", "👀"])
async def test_a_reaction_on_the_question_for_a_response_says_that_somebody_is_on_it(
    town: Town, side: Side, emoji: str
) -> None:
    await declared(town, side)
    await town.forward(minutes=10)
    await react(town, side, BO, emoji, about(side, "First response")[-1])
    incident = await town.incident()
    assert incident.progress.deadlines["response"].met_at == FRIDAY + timedelta(minutes=10)
    assert "✓ Done" in about(side, "First response")[-1].text and incident.acknowledged_at is not None


async def test_a_reaction_says_that_a_deadline_is_done_on_its_newest_post_only(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "clock gdpr at 13:50 because the log shows it")
    await town.forward(hours=71, minutes=50)
    first, newest = about(side, "GDPR notice")[0], about(side, "GDPR notice")[-1]
    await side.reacts(ANA, "✅", first, room=ROOM)
    await side.reacts(BO, "🙋", newest, room=ROOM)
    await react(town, side, BO, "✅", newest)
    kept = (await town.incident()).progress.deadlines["gdpr"]
    assert kept.met_by == "Bo Lindqvist" and kept.met_at == FRIDAY + timedelta(hours=71, minutes=50)
    assert "✓ Done by Bo Lindqvist" in about(side, "GDPR notice")[-1].text


async def test_a_reaction_does_not_resolve(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, ANA, "ack")
    await tell(town, side, ANA, "update we look into it next 1d")
    await town.forward(hours=4)
    (target,) = asking(side, "Resolution target is overdue")
    await side.reacts(BO, "✅", target, room=ROOM)
    await town.forward(minutes=1)
    assert (await town.incident()).open and asking(side, "Resolution target is overdue")
