"""Each organisation's process, rehearsed: every figure as its document has it, written here by hand."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from adapters.holidays import public
from adapters.memory import MemoryStore
from bot.happenings import Happening, Kind
from bot.playbook.load import load
from bot.rehearsal import Rehearsal
from bot.rehearsing import Answers, Plan
from bot.settings import SHIPPED
from tests.support.paged import paged

FRIDAY = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)
"""15:30 in New York, 12:30 in Los Angeles, 21:30 in Rome, 14:30 in Chicago."""
MINUTE, HOUR = 60, 3600
DAY, NAMED = "incident-2026-11-20", "incident-2026-11-20-checkout-is-down"
"""A channel called by its day, or by its day and what is wrong."""


async def rehearsed(
    playbook: str, severity: str, *, hours: float = 2, at: datetime = FRIDAY, **more: object
) -> list[Happening]:
    """Everything that would happen."""
    store = MemoryStore()
    made = Rehearsal(store, load(SHIPPED / playbook), changes=store.changes, now=at, holidays=public)
    return await made.run(Plan(severity, length=timedelta(hours=hours), **more))  # type: ignore[arg-type]


def after(told: Sequence[Happening], kind: Kind, words: str, *, began: datetime = FRIDAY) -> list[int]:
    """Seconds after the declaration at which something of this kind with these words happens."""
    return [round((one.at - began).total_seconds()) for one in told if one.kind is kind and words in one.text]


def due(told: Sequence[Happening], title: str) -> str | None:
    """When a deadline is due, in UTC; ``None`` where there is none."""
    found = [one.due for one in told if one.kind is Kind.DEADLINE and one.text.startswith(f"{title} due")]
    return f"{found[0]:%a %Y-%m-%d %H:%M}" if found and found[0] is not None else None


def text(told: Sequence[Happening], kind: Kind) -> str:
    """All that is said of a kind."""
    return "\n".join(one.text for one in told if one.kind is kind)


@pytest.mark.parametrize(
    ("playbook", "severity", "first", "every"),
    [
        ("muntin", "P1", 15, 15), ("muntin", "P2", 30, 30), ("muntin", "P3", None, None), ("muntin", "P4", None, None),
        ("platform", "Sev0", 15, 15), ("platform", "Sev1", 15, 30), ("platform", "Sev2", 60, 60),
        ("platform", "Sev3", None, None),
        ("werkly", "Sev1", 15, 15), ("werkly", "Sev2", 15, 15), ("werkly", "Sev3", None, None),
        ("werkly", "Sev4", None, None),
        ("sartiq", "S1", 30, 30), ("sartiq", "S2", 60, 60), ("sartiq", "S3", None, None), ("sartiq", "S4", None, None),
        ("dragonfly", "SEV-1", 30, 30), ("dragonfly", "SEV-2", None, None), ("dragonfly", "SEV-3", None, None),
    ],
)  # fmt: skip
async def test_status_updates_are_asked_for_at_the_cadence(
    playbook: str, severity: str, first: int | None, every: int | None
) -> None:
    told = await rehearsed(playbook, severity, answers=Answers.UPDATES)
    asked = after(told, Kind.REMINDER, "Status update, please")
    if first is None or every is None:
        assert asked == []
    else:
        assert asked == [minute * MINUTE for minute in (first, *range(first + every, 121, every))]


@pytest.mark.parametrize("playbook", ["muntin", "werkly"])
async def test_in_silence_every_rung_climbs_once_and_the_cadence_goes_on(playbook: str) -> None:
    told = await rehearsed(playbook, "1", hours=1)
    assert after(told, Kind.REMINDER, "status update") + after(told, Kind.REMINDER, "Status update, please") == [
        30 * MINUTE, 45 * MINUTE, 60 * MINUTE, 15 * MINUTE,
    ]  # fmt: skip
    assert after(told, Kind.ESCALATION, "Still no status update") == [20 * MINUTE, 25 * MINUTE]


@pytest.mark.parametrize(
    ("playbook", "severity", "deadline", "when"),
    [
        ("muntin", "P1", "First response", "Fri 2026-11-20 20:45"),
        ("muntin", "P2", "First response", "Fri 2026-11-20 21:30"),
        ("muntin", "P3", "First response", "Mon 2026-11-23 16:30"),  # 1.5 working hours on Friday, 2.5 on Monday
        ("muntin", "P4", "First response", "Mon 2026-11-23 22:00"),
        ("platform", "Sev0", "First status update", "Fri 2026-11-20 20:45"),
        ("platform", "Sev1", "First status update", "Fri 2026-11-20 20:45"),
        ("platform", "Sev2", "First status update", None),
        ("werkly", "Sev1", "First response", "Fri 2026-11-20 20:45"),
        ("werkly", "Sev2", "First response", "Fri 2026-11-20 21:30"),
        ("werkly", "Sev3", "First response", "Sat 2026-11-21 00:30"),
        ("werkly", "Sev4", "First response", "Sat 2026-11-21 20:30"),
        ("sartiq", "S1", "First response", "Fri 2026-11-20 21:00"),
        ("sartiq", "S2", "First response", "Fri 2026-11-20 22:30"),
        ("sartiq", "S3", "First response", "Mon 2026-11-23 17:00"),
        ("sartiq", "S4", "First response", "Fri 2026-12-04 17:00"),  # the end of the sprint after the running one
        ("dragonfly", "SEV-1", "First response", "Fri 2026-11-20 20:35"),
        ("dragonfly", "SEV-1", "Resolution target", "Sat 2026-11-21 00:30"),
        ("dragonfly", "SEV-2", "First response", "Fri 2026-11-20 21:30"),
        ("dragonfly", "SEV-2", "Resolution target", "Sat 2026-11-21 20:30"),
        ("dragonfly", "SEV-3", "First response", "Sat 2026-11-21 20:30"),
        ("dragonfly", "SEV-3", "Resolution target", "Fri 2026-12-04 23:00"),
    ],
)
async def test_clocks_that_start_with_the_declaration(
    playbook: str, severity: str, deadline: str, when: str | None
) -> None:
    assert due(await rehearsed(playbook, severity, hours=1), deadline) == when


@pytest.mark.parametrize(
    ("playbook", "severity", "when"),
    [
        # resolved on Friday at 16:30 in New York; Thursday 26 November is Thanksgiving
        ("muntin", "P1", "Mon 2026-11-30 21:30"), ("muntin", "P2", "Mon 2026-11-30 21:30"), ("muntin", "P3", None),
        ("platform", "Sev0", "Mon 2026-11-30 09:00"),  # after closing time in UTC: counted from Monday 09:00
        ("platform", "Sev1", "Mon 2026-11-30 09:00"), ("platform", "Sev2", None), ("platform", "Sev3", None),
        ("werkly", "Sev1", "Sun 2026-11-22 21:30"), ("werkly", "Sev2", "Sun 2026-11-22 21:30"),
        ("werkly", "Sev3", None),
        ("sartiq", "S1", "Mon 2026-11-30 08:00"), ("sartiq", "S2", "Mon 2026-11-30 08:00"), ("sartiq", "S3", None),
        ("dragonfly", "SEV-1", "Mon 2026-11-30 21:30"), ("dragonfly", "SEV-2", "Mon 2026-11-30 21:30"),
        ("dragonfly", "SEV-3", None),
    ],
)  # fmt: skip
async def test_the_post_mortem_is_due_as_if_resolved_at_the_end(playbook: str, severity: str, when: str | None) -> None:
    assert due(await rehearsed(playbook, severity, hours=1), "Post-mortem") == when


@pytest.mark.parametrize(
    ("playbook", "severity", "who", "freezes", "channel"),
    [
        ("muntin", "P1", ["on-call"], False, NAMED),
        ("muntin", "P2", ["on-call"], False, NAMED),
        ("muntin", "P3", ["on-call"], False, NAMED),
        ("muntin", "P4", [], False, NAMED),
        ("platform", "Sev0", ["on-call"], True, NAMED),
        ("platform", "Sev1", ["on-call"], True, NAMED),
        ("platform", "Sev2", [], False, NAMED),
        ("platform", "Sev3", [], False, NAMED),
        ("werkly", "Sev1", ["on-call", "CTO"], False, DAY),
        ("werkly", "Sev2", ["on-call"], False, DAY),
        ("werkly", "Sev3", [], False, DAY),
        ("werkly", "Sev4", [], False, DAY),
        ("sartiq", "S1", [], False, DAY),
        ("sartiq", "S2", [], False, DAY),
        ("sartiq", "S3", [], False, DAY),
        ("sartiq", "S4", [], False, DAY),
        ("dragonfly", "SEV-1", ["on-call", "Tech lead"], False, NAMED),
        ("dragonfly", "SEV-2", ["on-call"], False, NAMED),
        ("dragonfly", "SEV-3", [], False, NAMED),
    ],
)
async def test_who_is_paged_what_is_frozen_and_how_the_channel_is_called(
    playbook: str, severity: str, who: list[str], freezes: bool, channel: str
) -> None:
    told = await rehearsed(playbook, severity, hours=0.5, title="checkout is down")
    pages = [one for one in told if one.kind is Kind.PAGE]
    assert [list(one.who) for one in pages] == ([who] if who else [])
    assert [one.text.splitlines()[0] for one in pages] == ([f"Paged: {', '.join(who)}"] if who else [])
    assert text(told, Kind.FREEZE) == (f"Production is frozen: it is {severity.upper()}" if freezes else "")
    assert after(told, Kind.FREEZE, "frozen") == ([0] if freezes else [])
    assert text(told, Kind.CHANNEL) == f"Channel #{channel} is opened"


async def test_a_page_names_its_ways_and_whoever_is_on_call() -> None:
    turn = datetime(2026, 12, 7, 20, 30, tzinfo=UTC)  # Alice's week began on 29 November
    told = text(await rehearsed("werkly", "Sev1", hours=0.5, at=turn), Kind.PAGE)
    assert told.splitlines() == [
        "Paged: on-call (Bob), CTO",
        "By PagerDuty; unanswered for 15m, by a second route",
        "Where on-call does not answer for 15m: CTO",
    ]
    told = text(await rehearsed("muntin", "P1", hours=0.5), Kind.PAGE)
    assert "By Better Stack; unanswered for 5m, by SMS to the founder" in told


async def test_the_day_in_a_channels_name_is_the_playbooks_own() -> None:
    late = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)  # still Friday in Los Angeles
    assert "#incident-2026-11-20 " in text(await rehearsed("werkly", "Sev1", hours=0.5, at=late), Kind.CHANNEL)


async def test_muntin_tells_customers_every_half_hour_and_opens_the_status_page_at_once() -> None:
    told = await rehearsed("muntin", "P1")
    assert after(told, Kind.REMINDER, "tell customers") == [30 * MINUTE, 60 * MINUTE, 90 * MINUTE, 120 * MINUTE]
    assert "investigating" in text(told, Kind.STATUS_PAGE) and after(told, Kind.STATUS_PAGE, "at once") == [0]
    gdpr = next(one for one in told if "GDPR" in one.text)
    assert "within 72h" in gdpr.text and "we became aware" in gdpr.text and gdpr.due == FRIDAY + timedelta(hours=72)
    notice = next(one for one in told if "broken audit chain" in one.text)
    assert "within 24h" in notice.text and "when flag “Audit chain broken” is set" in notice.text
    assert "Pinned: 📖 Runbooks: Incident response (incident-response.md)" in text(told, Kind.PIN).splitlines()
    assert "https://status.muntin.digital" in next(one.text for one in told if "tell customers" in one.text)
    relaxed = await rehearsed("muntin", "P2", hours=3)
    assert after(relaxed, Kind.REMINDER, "tell customers") == [HOUR, 2 * HOUR, 3 * HOUR]
    steps = next(one for one in told if one.kind is Kind.CHECKLIST).text
    assert "P1 response · 0 of 7" in steps


async def test_what_is_to_do_at_once_stands_in_the_channel_at_once() -> None:
    for playbook, severity, titles in (
        ("muntin", "P1", ["P1 response · 0 of 7"]), ("muntin", "P2", ["P2 response · 0 of 3"]), ("muntin", "P3", []),
        ("platform", "Sev2", ["Triage and stabilise · 0 of 4"]), ("platform", "Sev3", []),
        ("werkly", "Sev1", ["The first five minutes · 0 of 5"]), ("werkly", "Sev3", []),
        ("sartiq", "S4", ["Triage · 0 of 4"]), ("dragonfly", "SEV-2", ["1 · Detection and triage · 0 of 4"]),
        ("dragonfly", "SEV-3", ["1 · A minor one · 0 of 4"]),
    ):  # fmt: skip
        told = await rehearsed(playbook, severity, hours=0.1)
        opened = [one.text for one in told if one.kind is Kind.CHECKLIST and one.at == FRIDAY]
        assert [one.splitlines()[0].partition(" ")[2] for one in opened] == titles, severity


async def test_platform_freezes_production_calls_leadership_at_once_and_owners_after_half_an_hour() -> None:
    for severity, frozen, leadership, owners in (
        ("Sev0", [0], [0], [30 * MINUTE]), ("Sev1", [0], [], [30 * MINUTE]), ("Sev2", [], [], []), ("Sev3", [], [], []),
    ):  # fmt: skip
        told = await rehearsed("platform", severity, hours=1)
        assert after(told, Kind.FREEZE, "rozen") == frozen, severity
        assert after(told, Kind.ESCALATION, "Escalation: Leadership") == leadership, severity
        assert after(told, Kind.ESCALATION, "Owners, for want of progress") == owners, severity


async def test_werklys_announcement_has_its_five_lines() -> None:
    told = text(await rehearsed("werkly", "Sev1", hours=0.5), Kind.ANNOUNCE)
    for part in ("IMPACT:", "STARTED:", "STATUS: investigating", "LEAD:", "Updates every 15 minutes"):
        assert part in told, told


async def test_muntins_broken_audit_chain_is_a_p1_that_calls_the_founder_and_owes_the_customer_a_notice() -> None:
    told = await rehearsed("muntin", "P3", hours=1, title="audit verify says valid: false")
    assert "🔴 P1" in text(told, Kind.CARD)
    assert after(told, Kind.ESCALATION, "Escalation: Founder") == [0]
    assert due(told, "Notice to the customer of a broken audit chain") == "Sat 2026-11-21 20:30"
    assert "always P1" in text(told, Kind.DIRECT)


async def test_the_announcement_is_shown_as_posted_and_says_where() -> None:
    for playbook, severity, where in (
        ("muntin", "P1", "#incident"), ("platform", "Sev0", "#incidents"), ("werkly", "Sev1", "#incidents"),
        ("sartiq", "S1", "#ops"), ("dragonfly", "SEV-1", "the announcement channel"),
    ):  # fmt: skip
        posted = [one for one in await rehearsed(playbook, severity, hours=0.5) if one.kind is Kind.ANNOUNCE]
        assert [one.who for one in posted] == [(where,)], playbook


async def test_the_status_page_opens_where_the_process_says() -> None:
    for playbook, severity, opens in (
        ("muntin", "P4", True), ("werkly", "Sev1", True), ("werkly", "Sev2", True), ("werkly", "Sev3", False),
        ("platform", "Sev0", False), ("sartiq", "S1", False), ("dragonfly", "SEV-1", False),
    ):  # fmt: skip
        told = text(await rehearsed(playbook, severity, hours=0.5), Kind.STATUS_PAGE)
        assert ("a public incident, investigating" in told) is opens, playbook
    told = text(await rehearsed("werkly", "Sev1"), Kind.STATUS_PAGE)
    assert "customers see it when somebody approves" in told and "A text that waits 15m is told to" in told


@pytest.mark.parametrize(
    ("playbook", "severity", "resolved", "closed"),
    [
        ("muntin", "P1", ["“Recovery” (3 steps", "15m of quiet"], ["the post-mortem"]),
        ("platform", "Sev1", ["“Verify and resolve” (3 steps"], ["the post-mortem"]),
        ("werkly", "Sev2", ["“Root cause”", "(2 steps", "15m of quiet"], ["the post-mortem"]),
        ("sartiq", "S2", ["green health checks (Backend, Compute)"], ["the post-mortem"]),
        ("dragonfly", "SEV-3", ["test or monitor", "“5 · Closure”"], ["test or monitor"]),
    ],
)
async def test_what_has_to_hold_before_the_end(
    playbook: str, severity: str, resolved: list[str], closed: list[str]
) -> None:
    gates = text(await rehearsed(playbook, severity, hours=1), Kind.GATE).splitlines()
    assert gates[0].startswith("Before it is resolved: ") and all(part in gates[0] for part in resolved)
    assert gates[1].startswith("Before it is closed: ") and all(part in gates[1] for part in closed)


async def test_each_deadline_has_its_due_time_and_what_is_said_of_the_same_moment_begins_with_the_channel() -> None:
    told = await rehearsed("muntin", "P1")
    assert [one.text for one in told if one.kind is Kind.DEADLINE and one.due is None] == []
    assert told[0].kind is Kind.CHANNEL
    assert [one.at for one in told] == sorted(one.at for one in told)


async def test_the_declarer_hears_what_the_process_says_at_this_severity() -> None:
    for severity, words in (("Sev3", "handled in business hours"), ("Sev4", "the usual way of work")):
        told = next(one for one in await rehearsed("werkly", severity, hours=0.5) if one.kind is Kind.DIRECT)
        assert words in told.text and "Declared as #1" in told.text and told.who == ("Declarer",)


async def test_sartiq_posts_one_line_for_its_two_worst_severities_only() -> None:
    assert text(await rehearsed("sartiq", "S1", title="the database is silent"), Kind.ANNOUNCE) == (
        "[INCIDENT] S1 - the database is silent. Investigating."
    )
    assert text(await rehearsed("sartiq", "S2"), Kind.ANNOUNCE).startswith("[INCIDENT] S2 - ")
    assert text(await rehearsed("sartiq", "S3"), Kind.ANNOUNCE) == ""


async def test_dragonfly_tells_tech_lead_and_stakeholders_at_once_and_the_team_at_the_standup() -> None:
    told = await rehearsed("dragonfly", "SEV-1")
    assert after(told, Kind.ESCALATION, "Escalation: Tech lead")[0] == 0
    assert after(told, Kind.ESCALATION, "For information: Stakeholders") == [0]
    told = await rehearsed("dragonfly", "SEV-2", hours=72)
    standups = [one.at for one in told if one.kind is Kind.REMINDER and "standup" in one.text.casefold()]
    assert standups[0] == datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # Monday 09:30 in Chicago
    assert text(await rehearsed("dragonfly", "SEV-3"), Kind.ESCALATION) == ""


async def test_dragonflys_path_ends_at_the_ceo_where_nobody_answers() -> None:
    told = await rehearsed("dragonfly", "SEV-1")
    assert after(told, Kind.ESCALATION, "CEO: you are needed") == [15 * MINUTE]
    assert after(await rehearsed("dragonfly", "SEV-2"), Kind.ESCALATION, "CEO") == []


async def test_reports_and_issues_are_told_with_their_places() -> None:
    told = await rehearsed("dragonfly", "SEV-3", title="a word is misspelled")
    assert text(told, Kind.REPORT) == (
        "Incident report, optional: docs/incidents/2026-11-20-a-word-is-misspelled.md; "
        "a line in docs/INCIDENT_LOG.md at the end"
    )
    assert text(told, Kind.TRACKER) == "Tracker: an issue in GitHub, labelled sev-3"
    assert "required" in text(await rehearsed("dragonfly", "SEV-1"), Kind.REPORT)
    assert "Linear, with severity, component, date, postmortem" in text(await rehearsed("werkly", "Sev4"), Kind.TRACKER)


async def test_four_hours_take_less_than_a_second() -> None:
    began = time.process_time()
    told = await rehearsed("muntin", "P1", hours=4)
    assert time.process_time() - began < 1
    assert after(told, Kind.REMINDER, "Still no status update") == [15 * MINUTE * n for n in range(2, 17)]


def test_no_question_of_a_post_mortem_was_cut_in_two_at_a_comma() -> None:
    for file in sorted(SHIPPED.glob("*/playbook.yaml")):
        asked = [ask for section in load(file).record.sections for ask in section.asks]
        assert [ask for ask in asked if not (ask[0].isupper() and ask.endswith("?"))] == [], file


def test_the_command_line_prints_what_scripts_rely_on() -> None:
    words = [
        "rehearse",
        "werkly",
        "sev1",
        "--for",
        "1h",
        "--at",
        "2026-11-20T20:30Z",
        "--title",
        "chat is down",
        "--json",
    ]
    told = subprocess.run([sys.executable, "-m", "bot", *words], capture_output=True, text=True, check=True)
    rows = json.loads(told.stdout)
    assert all(set(row) - {"due"} == {"at", "after", "kind", "who", "text"} for row in rows)
    assert [row["after"] for row in rows] == sorted(row["after"] for row in rows)
    assert rows[0]["at"] == "2026-11-20T20:30:00Z"
    assert all(isinstance(row["who"], list) for row in rows)
    response = next(row for row in rows if row["kind"] == "deadline" and "First response" in row["text"])
    assert response["due"] == "2026-11-20T20:45:00Z"


def test_the_table_fits_the_terminal_and_says_each_time_once() -> None:
    words = ["rehearse", "sartiq", "S1", "--for", "1h", "--at", "2026-11-20T20:30Z"]
    shown = {**os.environ, "COLUMNS": "90"}
    told = subprocess.run([sys.executable, "-m", "bot", *words], capture_output=True, text=True, check=True, env=shown)
    lines = told.stdout.splitlines()
    assert lines[0] == "Declared Fri 2026-11-20 20:30 UTC" and max(map(len, lines)) <= 90
    assert told.stdout.count(" at once  ") == 1 and told.stdout.count("    +30m  ") == 1
    place = lines.index("          announce     [INCIDENT] S1 - rehearsal. Investigating.")
    assert lines[place + 1].strip() == "→ #ops"


def test_the_table_says_where_it_is_announced_though_the_incidents_channel_is_named_alike() -> None:
    words = ["rehearse", "muntin", "P4", "--for", "1h", "--at", "2026-11-20T20:30Z"]
    told = subprocess.run([sys.executable, "-m", "bot", *words], capture_output=True, text=True, check=True)
    assert "#incident-2026-11-20-rehearsal" in told.stdout and "→ #incident\n" in told.stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["werkly", "sev9"], 2, "“sev9” is no severity of werkly. It can be Sev1, Sev2, Sev3, Sev4."),
        (["werkly", "sev1", "--with", "magic"], 2, "nothing to rehearse with"),
        (["werkly", "sev1", "--for", "soon"], 2, "is not a duration"),
        (["nowhere", "sev1"], 1, "nowhere"),
        (["werkly", "sev1", "--with", "resolve-after", "50m", "--for", "1h"], 0, "Resolved"),
        (["werkly", "sev1", "--with", "updates", "--for", "1h"], 0, "as rehearsed"),
    ],
)
def test_the_command_line_answers_wrong_words_in_a_sentence(words: list[str], code: int, says: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "bot", "rehearse", *words], capture_output=True, text=True, check=False
    )
    assert told.returncode == code and says in told.stdout + told.stderr


async def test_a_page_names_whom_the_playbook_calls_where_nobody_answers_once() -> None:
    store = MemoryStore()
    made = Rehearsal(store, paged(), changes=store.changes, now=FRIDAY, holidays=public)
    told = text(await made.run(Plan("sev1", length=timedelta(minutes=30))), Kind.PAGE)
    assert told.splitlines() == [
        "Paged: on call (Finn Walsh)",
        "By push; unanswered for 5m, by SMS",
        "Where on call does not answer: Cleo Okafor",
        "Where nobody answers: Esha Rao",
    ]
