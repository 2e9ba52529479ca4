"""The grammar: what people type, however they spell it, and what is understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import VERBS
from bot.commands.verb import unwrapped
from bot.grammar import Grammar, Parsed
from bot.playbook.process import Severity
from bot.playbook.shape import Playbook
from tests.fuzz.found import within
from tests.support.story import default

PLAYBOOK = default()
GRAMMAR = Grammar(VERBS)


def parse(words: str, playbook: Playbook = PLAYBOOK) -> Parsed:
    """What a line is understood as."""
    return GRAMMAR.parse(words, playbook)


DECLARED = [
    ("sev1 checkout is down", "sev1", "checkout is down"),
    ("SEV1 checkout is down", "sev1", "checkout is down"),
    ("sev-1 checkout is down", "sev1", "checkout is down"),
    ("SEV-1: checkout is down", "sev1", "checkout is down"),
    ("SEV 1 checkout is down", "sev1", "checkout is down"),
    ("sev 1: checkout is down", "sev1", "checkout is down"),
    ("sev_1 checkout is down", "sev1", "checkout is down"),
    ("Severity1 checkout is down", "sev1", "checkout is down"),
    ("s1 checkout is down", "sev1", "checkout is down"),
    ("p1 checkout is down", "sev1", "checkout is down"),
    ("P1: checkout is down", "sev1", "checkout is down"),
    ("P-1 checkout is down", "sev1", "checkout is down"),
    ("1 checkout is down", "sev1", "checkout is down"),
    ("critical checkout is down", "sev1", "checkout is down"),
    ("Critical: checkout is down", "sev1", "checkout is down"),
    ("crit checkout is down", "sev1", "checkout is down"),
    ("sev2 search", "sev2", "search"),
    ("major search is slow", "sev2", "search is slow"),
    ("p2, search is slow", "sev2", "search is slow"),
    ("2 regions are down", "sev2", "regions are down"),
    ("sev3", "sev3", ""),
    ("sev 3", "sev3", ""),
    ("minor exports fail", "sev3", "exports fail"),
    ("low a typo", "sev4", "a typo"),
    ("sev4   two   spaces", "sev4", "two   spaces"),
    ("/incident sev1 checkout", "sev1", "checkout"),
    ("sev1 #3 of the disks", "sev1", "#3 of the disks"),
]

SPOKEN = [
    ("declare sev1 x", "declare", "sev1 x"),
    ("new", "declare", ""),
    ("preview sev1 x", "preview", "sev1 x"),
    ("dry-run sev1 x", "preview", "sev1 x"),
    ("drill sev1 x", "drill", "sev1 x"),
    ("Game Day sev1 x", "drill", "sev1 x"),
    ("private sev1 x", "private", "sev1 x"),
    ("security sev2 a key leaked", "private", "sev2 a key leaked"),
    ("update the pool is full", "update", "the pool is full"),
    ("Update: the pool is full", "update", "the pool is full"),
    ("updated the pool", "update", "the pool"),
    ("post it is better", "update", "it is better"),
    ("say it is better", "update", "it is better"),
    ("update", "update", ""),
    ("status", "status", ""),
    ("STATUS identified", "status", "identified"),
    ("state", "status", ""),
    ("summary", "status", ""),
    ("identified", "status", "identified"),
    ("identified: a bad deploy", "status", "identified: a bad deploy"),
    ("monitoring", "status", "monitoring"),
    ("mitigated by a rollback", "status", "mitigated by a rollback"),
    ("investigating", "status", "investigating"),
    ("severity sev2", "severity", "sev2"),
    ("sev sev2 because calmer", "severity", "sev2 because calmer"),
    ("priority p2", "severity", "p2"),
    ("downgrade to sev3", "severity", "to sev3"),
    ("upgrade sev1", "severity", "sev1"),
    ("ack", "ack", ""),
    ("acked", "ack", ""),
    ("Acknowledged", "ack", ""),
    ("acknowledge", "ack", ""),
    ("on it", "ack", ""),
    ("snooze", "snooze", ""),
    ("snooze 10m", "snooze", "10m"),
    ("snoozed for 10 minutes", "snooze", "for 10 minutes"),
    ("later", "snooze", ""),
    ("remind me in 5m", "snooze", "5m"),
    ("pause because lunch", "pause", "because lunch"),
    ("paused: lunch", "pause", "lunch"),
    ("mute because lunch", "pause", "because lunch"),
    ("resume", "resume", ""),
    ("unpause", "resume", ""),
    ("role comms @ana", "role", "comms @ana"),
    ("assign comms @ana", "role", "comms @ana"),
    ("give comms @ana", "role", "comms @ana"),
    ("take ic", "take", "ic"),
    ("claim scribe", "take", "scribe"),
    ("ic", "take", ""),
    ("lead", "take", ""),
    ("commander @bo", "take", "@bo"),
    ("handover ic @bo", "handover", "ic @bo"),
    ("hand over ic @bo", "handover", "ic @bo"),
    ("hand off ic to @bo", "handoff", "ic to @bo"),
    ("transfer ic @bo", "handover", "ic @bo"),
    ("accept", "accept", ""),
    ("declined", "decline", ""),
    ("drop scribe", "drop", "scribe"),
    ("release scribe", "drop", "scribe"),
    ("roles", "roles", ""),
    ("who", "roles", ""),
    ("note deploy at 14:02", "note", "deploy at 14:02"),
    ("noted: deploy at 14:02", "note", "deploy at 14:02"),
    ("log deploy", "note", "deploy"),
    ("add note deploy", "note", "deploy"),
    ("timeline", "timeline", ""),
    ("history", "timeline", ""),
    ("catchup", "catchup", ""),
    ("catch up", "catchup", ""),
    ("catch-up", "catchup", ""),
    ("catch me up", "catchup", ""),
    ("impact nobody can pay", "impact", "nobody can pay"),
    ("affected 500", "affected", "500"),
    ("affects 500", "affected", "500"),
    ("began 14:35", "began", "14:35"),
    ("started 20 minutes ago", "began", "20 minutes ago"),
    ("since 14:35", "began", "14:35"),
    ("component checkout", "component", "checkout"),
    ("set cause a leak", "set", "cause a leak"),
    ("link https://x.example fix", "link", "https://x.example fix"),
    ("url https://x.example", "link", "https://x.example"),
    ("resolve", "resolve", ""),
    ("Resolved the pool was restarted", "resolve", "the pool was restarted"),
    ("resolve now because calm", "resolve", "now because calm"),
    ("fixed", "resolve", ""),
    ("solved by a restart", "resolve", "by a restart"),
    ("close", "close", ""),
    ("closed", "close", ""),
    ("cancel", "cancel", ""),
    ("cancelled because x", "cancel", "because x"),
    ("canceled", "cancel", ""),
    ("false alarm", "cancel", ""),
    ("False Alarm because the monitor lied", "cancel", "because the monitor lied"),
    ("reopen", "reopen", ""),
    ("reopened because x", "reopen", "because x"),
    ("re-open", "reopen", ""),
    ("join", "join", ""),
    ("list", "list", ""),
    ("ls", "list", ""),
    ("find checkout timeout", "find", "checkout timeout"),
    ("search checkout", "find", "checkout"),
    ("stats", "stats", ""),
    ("statistics", "stats", ""),
    ("help", "help", ""),
    ("?", "help", ""),
    ("help update", "help", "update"),
    ("update two\nlines", "update", "two\nlines"),
    ("update   spaced   out", "update", "spaced   out"),
]

TITLES = [
    "checkout is down",
    "payments bounce in Spain",
    "customers cannot log in",
    "users see blank pages",
    "system clock is wrong",
    "service mesh drops packets",
    "the update service is down",
    "5xx on the API",
    "10 of 12 disks are full",
    "DNS",
    "<!channel> @everyone",
    "支付失败",
    "{{ 7*7 }}",
    "sev9 is unheard of",
]

NEAR = [
    ("updte foo", "update foo"),
    ("udpate foo", "update foo"),
    ("statsu", "status"),
    ("resolev it was the pool", "resolve it was the pool"),
    ("timelne", "timeline"),
    ("hepl", "help"),
    ("acknowlege", "acknowledge"),
    ("snoze 10m", "snooze 10m"),
    ("severty sev2", "severity sev2"),
    ("handovr ic @bo", "handover ic @bo"),
    ("canel", "cancel"),
    ("reopn", "reopen"),
    ("#42 updte foo", "#42 update foo"),
]


@pytest.mark.parametrize(("words", "severity", "title"), DECLARED)
def test_a_severity_in_front_declares(words: str, severity: str, title: str) -> None:
    parsed = parse(words)
    assert parsed.severity is not None and parsed.severity.name == severity
    assert parsed.rest == title and parsed.verb is None and parsed.number is None


@pytest.mark.parametrize(("words", "verb", "rest"), SPOKEN)
def test_a_verb_is_known_by_its_name_its_synonyms_and_tenses(words: str, verb: str, rest: str) -> None:
    parsed = parse(words)
    assert parsed.verb is not None, parsed
    assert (parsed.verb.words[0], parsed.rest) == (verb, rest)


@pytest.mark.parametrize("words", TITLES)
def test_words_that_are_nothing_else_are_a_title(words: str) -> None:
    parsed = parse(words)
    assert (parsed.verb, parsed.severity, parsed.near) == (None, None, None)
    assert parsed.rest == words


@pytest.mark.parametrize(("words", "meant"), NEAR)
def test_a_near_miss_is_told_with_the_whole_line_as_it_was_meant(words: str, meant: str) -> None:
    parsed = parse(words)
    assert parsed.near is not None and parsed.verb is None
    assert parsed.meant == meant


@pytest.mark.parametrize(
    ("words", "number", "verb"),
    [("#42 status", 42, "status"), ("#42: status", 42, "status"), ("#42, status", 42, "status"), ("#42", 42, "status"),
     ("#1 answer 3 no-change", 1, "answer"), ("/incident #7 update x", 7, "update"), ("#42x status", None, None),
     ("# 42 status", None, None)],
)  # fmt: skip
def test_a_number_may_stand_before_any_command(words: str, number: int | None, verb: str | None) -> None:
    parsed = parse(words)
    assert parsed.number == (42 if words == "#42x status" else number)
    assert (parsed.verb.words[0] if parsed.verb else None) == verb


def test_the_playbooks_own_severity_names_win_over_verbs() -> None:
    own = PLAYBOOK.model_copy(update={"severities": (Severity(name="update", meaning="odd"), *PLAYBOOK.severities)})
    own = Playbook.model_validate(own.model_dump())
    parsed = parse("update the pool", own)
    assert parsed.severity is not None and parsed.severity.name == "update" and parsed.rest == "the pool"


def test_no_word_means_two_verbs() -> None:
    words = [word for verb in VERBS for word in verb.words]
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_every_verbs_own_example_and_usage_are_understood_as_that_verb() -> None:
    for verb in VERBS:
        parsed = parse(verb.example)
        if verb.words[0] == "declare":
            assert parsed.severity is not None
        else:
            assert parsed.verb is verb, verb.example


@given(st.text(max_size=200))
def test_any_words_at_all_are_understood_somehow(words: str) -> None:
    parsed = parse(words)
    assert not (parsed.verb and parsed.near) and len(parsed.rest) <= len(words)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("<https://a.example/1>", "https://a.example/1"),
        ("<https://a.example/1|a graph> of checkout", "https://a.example/1 of checkout"),
        ("https://a.example/1 dashboard", "https://a.example/1 dashboard"),
        ("CPU | web-1 is high", "CPU | web-1 is high"),
        ("<script> tag in logs", "<script> tag in logs"),
        ("a17", "a17"),
    ],
)
def test_an_address_loses_its_brackets_and_other_words_lose_nothing(words: str, read: str) -> None:
    assert unwrapped(words) == read


def test_a_word_of_a_million_letters_is_compared_with_no_verb() -> None:
    with within(2.0):  # of the processor's time; it took a minute
        assert parse("update" * 200_000).near is None
