"""What a playbook may say and probably does not mean is told beside the check, with its line, and stops nothing."""

from pathlib import Path

import pytest

from bot.messages.outline import outline
from bot.playbook.load import check
from tests.support.story import default

BASE = """\
name: base
title: Base
severities:
  - { name: sev1, meaning: Everything is down, cadence: 30m, page: [oncall] }
  - { name: sev2, meaning: Something is down, cadence: 1h }
roles:
  - { name: lead, title: Lead, required: true, rotation: oncall }
  - { name: comms, title: Comms }
commander: lead
ladder:
  - { rings: [lead] }
people:
  - { key: ana, name: Ana, handles: { slack: U0ANA0001 } }
rotations:
  - { name: oncall, title: On call, people: [ana], starts: 2026-11-02 }
"""


def told(folder: Path, text: str) -> list[str]:
    """The doubts about a playbook, without its file."""
    file = folder / "playbook.yaml"
    file.write_text(text, encoding="utf-8")
    return [str(doubt).removeprefix(f"{file}:") for doubt in check(file).doubts]


def test_there_is_no_doubt_about_the_default_playbook_nor_about_a_plain_one(tmp_path: Path) -> None:
    assert told(tmp_path, BASE) == []
    assert check(Path(__file__).parents[2] / "playbooks" / "default").doubts == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (", rotation: oncall", "", "7: roles[0]: found “lead”, always required and held by nobody from the start"),
        ("[lead] }", "[comms] }", "4: severities[0]: found a ladder for sev1 that may ring nobody"),
        (", page: [oncall]", "", "4: severities[0]: found sev1, the most severe, which pages nobody"),
        ("cadence: 1h", "cadence: 15m", "5: severities[1].cadence: found 15m, more often than at sev1"),
        ("cadence: 1h", "cadence: 1h, first_update: 2h", "5: severities[1].first_update: found 2h, while every other"),
    ],
)
def test_what_is_probably_not_meant_is_told(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in BASE
    found = told(tmp_path, BASE.replace(old, new, 1))
    assert any(one.startswith(says) for one in found), found


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("tracker: { kind: linear }", "16: tracker: found a tracker and nothing to file there, expected “incidents”"),
        (
            "tracker: { kind: github, actions: true, labels: { sev1: [x] } }",
            "16: tracker.labels: found labels of incidents, none of which is filed",
        ),
        (
            "runbooks:\n  - { title: A, text: a }\n  - { title: B, text: b }\n",
            "17: runbooks[0]: found “A”, shown with every incident",
        ),
        (
            "phases:\n  - { name: a, title: A }\n  - { name: b, title: B, ends: 5m }\n",
            "18: phases[1]: found “b”, which is never current: “a” comes first",
        ),
        (
            "phases:\n  - { name: a, title: A, statuses: [identified, monitoring] }\n"
            "  - { name: b, title: B, statuses: [monitoring] }\n",
            "18: phases[1]: found “b”, which is never current",
        ),
        ("resolve:\n  - { checks: true }\n", "17: resolve[0].checks: found green health checks and none"),
        (
            "alerts:\n  rules:\n    - { name: all, does: ignore }\n    - { name: more, does: ignore }\n",
            "19: alerts.rules[1]: found “more”, which is never asked: “all” takes every alert",
        ),
        (
            "alerts:\n  rules:\n"
            "    - { name: warn, match: { measure: error rate, above: 1 }, does: offer, severity: sev1 }\n"
            "    - { name: bad, match: { measure: error rate, above: 5 }, does: declare, severity: sev1 }\n",
            "19: alerts.rules[1]: found “bad”, which is never asked: “warn” takes whatever it would",
        ),
        (
            "alerts:\n  channels: { slack: [alerts] }\n  rules:\n"
            "    - { name: a, match: { channels: [errors] }, does: ignore }\n",
            "19: alerts.rules[0].match.channels[0]: found “errors”, which is not watched",
        ),
        (
            "alerts:\n  quiet: { from: '22:00', until: '07:00', holds: [sev2] }\n  rules:\n"
            "    - { name: all, does: offer, severity: sev1 }\n",
            "17: alerts.quiet.holds[0]: found “sev2”, which no rule declares or offers",
        ),
        (
            "escalations:\n  - { name: up, title: Up, to: [ana], wait: 5m }\n",
            "17: escalations[0].wait: found 5m after which nothing follows",
        ),
        (
            "checklists:\n  - name: a\n    title: A\n    steps:\n      - { text: Look, any_of: x }\n",
            "20: checklists[0].steps[0].any_of: found “x” at one step only",
        ),
    ],
)
def test_what_leads_nowhere_is_told(tmp_path: Path, more: str, says: str) -> None:
    found = told(tmp_path, BASE + more)
    assert len(found) >= 1 and found[0].startswith(says), found


UNKNOWN = BASE.replace(", handles: { slack: U0ANA0001 }", "")
MORE = """\
  - { key: bo, name: Bo, handles: { discord: "80351110224678912" } }
  - { key: cleo, name: Cleo }
rotations"""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (UNKNOWN, ["13: people[0]: found nobody to ring on any platform for ana"]),
        (
            BASE + "chats: [discord]\n",
            ["13: people[0]: found nobody to ring on Discord for ana, expected each one's id"],
        ),
        (BASE + "chats: [discord, slack]\n", []),
        (BASE.replace("rotations", MORE, 1), []),  # nobody asks for them
        (
            BASE.replace("rotations", MORE, 1).replace("people: [ana]", "people: [ana, bo], backup: [cleo]")
            + "chats: [slack]\n",
            ["14: people[1]: found nobody to ring on Slack for bo and cleo"],
        ),
        (
            BASE + "groups:\n  - { key: ops, name: Ops, members: [ana] }\n  - { key: law, name: Law }\n"
            "escalations:\n  - { name: up, title: Up, to: [ops, law] }\n",
            ["18: groups[1]: found nobody to ring on any platform for law"],
        ),
        (  # the group is rung through Ana
            BASE.replace("rotations", MORE, 1) + "groups:\n  - { key: ops, name: Ops, members: [ana, cleo] }\n"
            "escalations:\n  - { name: up, title: Up, to: [ops] }\n",
            [],
        ),
    ],
)
def test_whoever_is_to_be_called_and_cannot_be_rung_is_told_in_one_doubt(
    tmp_path: Path, text: str, says: list[str]
) -> None:
    found = told(tmp_path, text)
    assert len(found) == len(says)
    assert all(one.startswith(beginning) for one, beginning in zip(found, says, strict=True)), found


@pytest.mark.parametrize(
    "rules",
    [
        "    - { name: attach, does: attach }\n    - { name: all, does: ignore }\n",
        "    - { name: sure, does: ignore }\n    - { name: posts, match: { channels: [a] }, does: ignore }\n",
        "    - { name: long, match: { words: [a], for: 5m }, does: ignore }\n"
        "    - { name: short, match: { words: [a] }, does: ignore }\n",
        "    - { name: bad, match: { measure: error rate, above: 5 }, does: ignore }\n"
        "    - { name: warn, match: { measure: error rate, above: 1 }, does: ignore }\n",
        "    - { name: one, match: { sources: [a], labels: { x: y } }, does: ignore }\n"
        "    - { name: two, match: { sources: [a] }, does: ignore }\n",
    ],
)
def test_a_rule_that_is_asked_after_all_is_no_doubt(tmp_path: Path, rules: str) -> None:
    assert told(tmp_path, f"{BASE}alerts:\n  rules:\n{rules}") == []


def test_how_alerts_are_taken_stands_in_the_outline(tmp_path: Path) -> None:
    more = (
        "alerts:\n  channels: { slack: ['#alerts'] }\n"
        "  quiet: { from: '22:00', until: '07:00', holds: [sev2] }\n  rules:\n"
        "    - { name: queue, match: { measure: queue depth, above: 100, for: 5m }, does: declare, severity: sev1 }\n"
        "    - { name: slow, match: { measure: response time, above: 2.5 }, does: offer, severities: [sev1, sev2] }\n"
        "    - { name: noise, match: { sources: [sentry], words: [test] }, does: ignore }\n"
    )
    (tmp_path / "playbook.yaml").write_text(BASE + more, encoding="utf-8")
    *_, alerts, _ = outline(check(tmp_path).playbook)
    assert alerts == (
        "alerts  watched: #alerts · queue (queue depth above 100 for 5m): declares sev1 · "
        "slow (response time above 2.5 s): offers sev1, sev2 · noise (sentry, “test”): ignored · "
        "any other: declares sev1 where it is that bad, else offers · "
        "quiet hours: from 22:00 until 07:00 sev2 waits · storm: from 5 within 5m on, all join the newest"
    )


def test_a_playbook_in_a_few_lines_names_each_severity_with_its_clocks() -> None:
    first, *_, ladder = outline(default())
    assert first == "sev1  update every 15m · needs comms"
    assert ladder == "asks  comms or commander, after 5m deputy or commander, after 10m channel"


def test_an_audience_that_is_told_once_stands_in_the_outline(tmp_path: Path) -> None:
    once = "cadences: [{ name: heads-up, title: Stakeholders, audience: stakeholders, at_once: true }]"
    (tmp_path / "playbook.yaml").write_text(BASE.replace("cadence: 30m", f"cadence: 30m, {once}"), encoding="utf-8")
    assert "update every 30m · stakeholders at once" in outline(check(tmp_path).playbook)[0]
