"""Holidays come from a library that is asked only where a playbook names a country; a wrong one is told."""

import subprocess
import sys
from pathlib import Path

import pytest

from adapters.holidays import public
from bot.playbook.load import BadPlaybook, load
from bot.playbook.reading import Reading

GOOD = """\
name: small
title: Small
severities:
  - name: sev1
    meaning: It is down
    cadence: 15m
roles:
  - name: lead
    title: Lead
commander: lead
ladder:
  - rings: [lead]
"""


def told(folder: Path, more: str) -> str:
    """What is wrong with a playbook that has this part besides."""
    file = folder / "playbook.yaml"
    file.write_text(f"{GOOD}{more}", encoding="utf-8")
    with pytest.raises(BadPlaybook) as found:
        load(folder, reading=Reading(holidays=public))
    (problem,) = found.value.problems
    return str(problem).removeprefix(f"{file}:")


def test_a_country_or_region_that_is_not_known_is_told_with_its_line(tmp_path: Path) -> None:
    assert told(tmp_path, "calendar:\n  opens: 08:00\n  country: XX\n") == (
        "15: calendar.country: found “XX”, expected a country whose holidays are known, such as US, "
        "or “closed” with the days themselves"
    )
    assert told(tmp_path, "calendar: {country: US, subdivision: Atlantis}\n") == (
        "13: calendar.subdivision: found “Atlantis”, expected a region of US whose holidays are known"
    )


def test_a_term_in_sprints_needs_to_know_when_one_begins(tmp_path: Path) -> None:
    rule = "deadlines:\n  - {name: fix, title: Fix, within: next sprint}\n"
    assert told(tmp_path, rule).startswith("14: deadlines[0].within: found “next sprint” and no sprints")
    whole = f"{GOOD}{rule}calendar: {{sprint: {{starts: 2026-11-02}}}}\n"
    (tmp_path / "playbook.yaml").write_text(whole, encoding="utf-8")
    assert load(tmp_path, reading=Reading(holidays=public)).calendar.sprint is not None


def test_nobody_pays_for_the_library_without_a_country() -> None:
    script = "import sys\nfrom bot.composition import Tocsin\n"
    script += "Tocsin().playbook('default')\nsys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
