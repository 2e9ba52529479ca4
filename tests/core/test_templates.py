"""Templates: an incident in its playbook's own words, and the standard words where those fail."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import templates
from bot.card import Card, Listing, plain
from bot.incident import Incident, Room, Update
from bot.messages import announcement, drafts, notices
from bot.naming import channel_name
from bot.people import Person
from bot.playbook.facts import FACTS
from bot.playbook.process import Stage
from bot.playbook.shape import Playbook
from bot.progress import Deadline, Progress
from bot.standing.channel import topic
from tests.support.story import default

NOW = datetime(2026, 11, 20, 22, 35, tzinfo=UTC)
"""14:35 in Los Angeles."""
ANA, BO = Person(key="ana", name="Ana Reyes"), Person(key="bo", name="Bo Lindqvist")
EVERYTHING = "@everyone <!channel>\n" + "\n".join(
    f"{name}={{{{ {name} }}}}" for name in FACTS if name not in ("fields", "role")
)
HOSTILE = (
    "@everyone",
    "<!channel> <@U0ANA0001>",
    "{{ 7*7 }}",
    "{% raw %}",
    "**[x](https://evil.example)**",
    "*" * 5000,
)


def playbook(**changes: Any) -> Playbook:
    """The default playbook in Los Angeles, with these parts changed."""
    base = default().model_dump() | {"timezone": "America/Los_Angeles"}
    return Playbook.model_validate(base | changes)


def worded(**templates: Any) -> Playbook:
    """One with these templates."""
    return playbook(templates=templates)


def incident(**changes: Any) -> Incident:
    """One that is open, 25 minutes old."""
    made = Incident(
        number=42, title="checkout is down", severity="sev1", status="identified", stage=Stage.IDENTIFIED,
        playbook="default", version="1", channel_name="incident-2026-11-20", declared_at=NOW, declared_by=ANA,
        began_at=NOW - timedelta(minutes=25), roles={"commander": ANA}, rooms={"slack": Room()},
    )  # fmt: skip
    made.reminding.due_at = NOW + timedelta(minutes=15)
    return made.model_copy(update=changes)


def everything(card: Card) -> str:
    """All of a card's text."""
    return "\n".join([card.title, plain(tuple(card.spans()))])


def test_every_fact_that_is_listed_is_known_and_no_other() -> None:
    facts = templates.facts(incident(), playbook())
    assert set(facts) == set(FACTS)
    plain_ones = [value for name, value in facts.items() if name not in ("fields", "role")]
    assert all(type(value) in (str, int) for value in plain_ones)
    assert facts["fields"] == {"cause": "", "ticket": ""}


def test_facts_are_told_in_the_playbooks_words_and_zone() -> None:
    last = Update(text="the pool is full", at=NOW + timedelta(minutes=5), by=BO)
    known = incident(last_update=last, fields={"cause": "a leak"}, impact="nobody can pay", environment="production")
    told = templates.facts(
        known, playbook(status_page={"url": "https://status.example", "states": {"identified": "x"}})
    )
    wanted = {
        "began": "14:10 PST", "declared": "14:35 PST", "next_update": "14:50 PST", "updated": "14:40 PST",
        "resolved": "", "duration": "30m", "cadence": "15m", "severity": "sev1", "severity_title": "SEV1",
        "lead": "Ana Reyes", "comms": "", "roles": "Incident commander: Ana Reyes", "date": "2026-11-20",
        "slug": "checkout-is-down", "cause": "a leak", "update": "the pool is full", "updated_by": "Bo Lindqvist",
        "public_status": "x", "status_page": "https://status.example", "number": 42, "environment": "production",
    }  # fmt: skip
    assert {name: told[name] for name in wanted} == wanted
    assert told["role"] == told["role"] | {"commander": "Ana Reyes", "ic": "Ana Reyes", "scribe": ""}  # type: ignore[operator]


@pytest.mark.parametrize(
    ("zone", "at", "said"),
    [
        ("America/Los_Angeles", NOW + timedelta(days=1), "2026-11-21 14:35 PST"),
        ("America/Los_Angeles", datetime(2026, 7, 1, 12, 0, tzinfo=UTC), "2026-07-01 05:00 PDT"),
        ("Europe/Madrid", NOW, "23:35 CET"),
        ("America/Sao_Paulo", NOW, "19:35 UTC-03"),
        ("UTC", NOW, "22:35 UTC"),
    ],
)
def test_a_time_has_its_zone_and_its_date_where_it_is_another_day(zone: str, at: datetime, said: str) -> None:
    assert templates.facts(incident(began_at=at), playbook(timezone=zone))["began"] == said


def test_the_post_mortems_due_time_is_known_once_its_deadline_runs() -> None:
    due = NOW + timedelta(hours=48)
    owed = Deadline(name="postmortem", title="Post-mortem", started_at=NOW, due_at=due)
    facts = templates.facts(incident(progress=Progress(deadlines={"postmortem": owed})), playbook())
    assert facts["postmortem_due"] == "2026-11-22 14:35 PST"
    assert templates.facts(incident(), playbook())["postmortem_due"] == ""


def test_an_announcement_keeps_its_living_parts_below_the_playbooks_words() -> None:
    one_line = worded(announcement="[INCIDENT] {{ severity_title }} - {{ title }}.")
    card = announcement.card(incident(), one_line, now=NOW)
    assert card.title == "[INCIDENT] SEV1 - checkout is down." and not card.text and not card.fields
    assert [button.does for button in card.buttons] == ["#42 join"]
    assert plain(card.footer) == "🎯 identified · #incident-2026-11-20 · next update due 2026-11-20 22:50 UTC"

    lines = worded(announcement="{{ emoji }} {{ severity }}: {{ title }}\nImpact: {{ impact or 'not known' }}\n")
    card = announcement.card(incident(impact="nobody can pay"), lines, now=NOW)
    assert (card.title, plain(card.text)) == ("🔴 sev1: checkout is down", "Impact: nobody can pay")

    over = incident(stage=Stage.RESOLVED, status="resolved", resolved_at=NOW)
    card = announcement.card(over, one_line, now=NOW)
    assert not card.buttons and "✅ resolved" in plain(card.footer) and "Resolved after 25m" in plain(card.footer)
    assert "next update" not in plain(card.footer)


def test_a_first_line_that_is_too_long_for_a_title_is_text() -> None:
    card = announcement.card(incident(title="x" * 200), worded(announcement="{{ title }}\nrest"), now=NOW)
    assert card.title == "" and plain(card.text) == f"{'x' * 200}\nrest"


def test_an_update_that_only_confirms_says_its_own_words_and_not_the_last_ones() -> None:
    known = incident(last_update=Update(text="old news", at=NOW, by=ANA))
    words = worded(update="UPDATE {{ updated }}: {{ update }} Next in {{ cadence }}.")
    said = notices.update(known, words, text="Status is now identified.", by=BO)
    assert plain(said.text) == "UPDATE 14:35 PST: Status is now identified. Next in 15m."
    assert "next update due" in plain(said.footer)


def test_a_resolution_is_told_in_the_playbooks_words() -> None:
    words = worded(resolution="Issue: {{ title }}\nFix: {{ fix or '?' }}\nDowntime: {{ duration }}")
    over = incident(stage=Stage.RESOLVED, resolved_at=NOW, fix="a restart")
    card = notices.resolved(over, words, now=NOW)
    assert plain(card.text) == "Issue: checkout is down\nFix: a restart\nDowntime: 25m" and not card.fields


def test_a_topic_is_one_line_and_a_drill_stays_marked() -> None:
    words = worded(topic="{{ severity }}\n  {{ title }} · {{ lead }}")
    assert topic(incident(), words) == "sev1 checkout is down · Ana Reyes"
    assert topic(incident(drill=True, private=True), words) == "DRILL · 🔒 · sev1 checkout is down · Ana Reyes"


def test_drafts_go_by_the_status_its_aliases_or_what_it_means() -> None:
    statuses = [*default().model_dump()["statuses"]]
    statuses[2] = {"name": "fixing", "stage": "monitoring", "aliases": ["patching"]}
    for key in ("monitoring", "fixing"):
        drafts_of = {"customers": {key: "We watch {{ component }}.", "email": "Dear"}}
        words = playbook(statuses=statuses, templates=drafts_of, mail={"subject": "Of {{ date }}: {{ title }}"})
        assert templates.customers(incident(component="api"), words, "fixing") == "We watch api."
        assert templates.customers(incident(), words, "patching") == "We watch ."
        assert templates.customers(incident(), words, "email") == "Dear"
        assert templates.customers(incident(), words, "identified") == ""
        said = plain(drafts.draft(incident(), words, "email").text)
        assert said == "Subject:\nOf 2026-11-20: checkout is down\nText:\nDear"


def test_where_the_playbook_words_nothing_customers_get_plain_words_without_what_insiders_know() -> None:
    for status in (*(s.name for s in default().statuses), "email"):
        said = plain(drafts.draft(incident(component="api"), playbook(), status).text)
        assert "api" in said and "sev1" not in said and "checkout" not in said and "{" not in said, said
    assert "14:50 PST" in plain(drafts.draft(incident(), playbook(), "identified").text)


def test_a_template_that_fails_gives_way_to_the_standard_words_and_operators_are_told_once() -> None:
    broken = "{% if number > title %}{% endif %}x"
    words = worded(
        announcement=broken, update=broken, resolution=broken, topic=broken, customers={"identified": broken}
    )
    with capture_logs() as logs:
        for _ in range(3):
            assert "Status" in {field.name for field in announcement.card(incident(), words, now=NOW).fields}
            assert plain(notices.update(incident(), words, text="new", by=BO).text) == "new"
            assert "Reminders have stopped" in plain(notices.resolved(incident(), words, now=NOW).text)
            assert topic(incident(), words).endswith("#42")
            assert "We know what causes" in plain(drafts.draft(incident(), words, "identified").text)
    told = [entry["template"] for entry in logs if entry["event"] == "template_failed"]
    assert sorted(told) == ["announcement", "customers.identified", "resolution", "topic", "update"]


def test_a_template_that_comes_to_nothing_gives_way_to_the_standard_words() -> None:
    words = worded(announcement="{% if impact %}{{ impact }}{% endif %}", topic="  \n ")
    assert announcement.card(incident(), words, now=NOW).title == "🔴 SEV1 · checkout is down"
    assert topic(incident(), words) == "🔴 SEV1 · checkout is down · #42"


def test_a_channels_name_that_fails_gives_way_to_the_usual_one() -> None:
    fails = playbook(channel="{% if number > slug %}x{% endif %}")
    assert channel_name(fails, incident(), now=NOW) == "incident-2026-11-20"
    named = playbook(channel="incident-{{ date }}-{{ slug }}-{{ severity }}-{{ number }}")
    assert channel_name(named, incident(), now=NOW) == "incident-2026-11-20-checkout-is-down-sev1-42"


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_go_through_every_template_as_plain_text(words: str) -> None:
    slots = ("announcement", "update", "first_update", "resolution")
    all_of_it = worded(**dict.fromkeys(slots, EVERYTHING), customers={"identified": EVERYTHING})
    last = Update(text=words, at=NOW, by=Person(key="x", name=words))
    known = incident(title=words, impact=words, last_update=last, fields={"cause": words})
    cards = (
        announcement.card(known, all_of_it, now=NOW),
        notices.update(known, all_of_it, text=words, by=last.by),
        notices.resolved(known, all_of_it, now=NOW),
        drafts.draft(known, all_of_it, "identified"),
    )
    for card in cards:
        assert "@everyone <!channel>" in everything(card), "text as any other; the platforms escape it"
        assert all(isinstance(part, str | Listing) for part in card.text), "words, and words to be copied"
        assert f"title={words}\n" in everything(card) and f"\nupdate={words}\n" in everything(card)
        assert "49" not in everything(card).replace("2026-11-20", "")
    assert topic(known, worded(topic="{{ title }}")) == words
