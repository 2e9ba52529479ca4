"""Paths in the repository: as the playbook names them, inside, and a plain file's."""

import pytest

from bot.postmortem import paths
from bot.templates import report
from tests.core.test_templates import incident as an_incident
from tests.support.story import acquainted


@pytest.mark.parametrize("path", ["docs/incidents/2026-11-20-down.md", "a.md", "Zwischenfälle/ä b.md"])
def test_a_plain_path_stays(path: str) -> None:
    assert paths.safe(path) == path


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../x.md", "docs/../../x.md", "docs//x.md", "docs/", ".git/config", "docs/.GIT/x", "git~1/x.md",
     ".github/workflows/x.yml", "docs/.gitattributes", "docs/./x.md", "aux.md", "docs/x.", " "],
)  # fmt: skip
def test_a_path_that_leads_out_or_is_gits_own_is_none(path: str) -> None:
    assert paths.safe(path) == ""


def test_what_no_file_system_takes_becomes_a_dash_and_long_names_are_cut() -> None:
    assert paths.safe('docs/a:b*c"d\u202e\n.md') == "docs/a-b-c-d-.md"
    long = paths.safe(f"docs/{'ü' * 300}.md")
    assert long.endswith("ü.md") and len(long.rpartition("/")[2].encode()) <= 255


def test_a_file_beside_and_how_it_is_linked() -> None:
    assert paths.beside("docs/x.y.md", "42") == "docs/x.y-42.md" and paths.beside("docs/x", "42") == "docs/x-42"
    assert paths.relative("docs/incidents/x.md", "docs/LOG.md") == "incidents/x.md"
    assert paths.relative("incidents/x.md", "LOG.md") == "incidents/x.md"
    assert paths.relative("a/x.md", "logs/LOG.md") == "../a/x.md"


def test_no_fact_of_an_incident_begins_a_folder() -> None:
    playbook = acquainted(record={"file": "docs/{{ title }}-{{ lead }}.md"})
    made = an_incident(title="../../etc/passwd")
    assert report(made, playbook) == "docs/..-..-etc-passwd-Ana Reyes.md"
