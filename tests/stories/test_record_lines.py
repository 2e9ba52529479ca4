"""The line of the log and the names of files: by the playbook's zone, blameless, lasting; and when a step is done."""

from pathlib import Path

import pytest

from bot.timeline import Kind
from tests.stories.test_repository import LOG, filing, resolved
from tests.support.repository import Repository
from tests.support.story import act, declared, tell
from tests.support.town import ANA


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """One that people use already."""
    made = Repository(tmp_path / "incidents.git")
    made.write("README.md", "Incidents\n")
    return made


@pytest.mark.parametrize("blameless", [True, False])
async def test_a_blameless_process_names_nobody_in_any_column_of_the_log(
    tmp_path: Path, platform: str, repository: Repository, blameless: bool
) -> None:
    repository.write(LOG, "| Date | Lead | Incident | Root cause | Fix |\n|---|---|---|---|---|\n")
    async with filing(tmp_path, platform, repository, blameless=blameless) as town:
        side = town.sides[platform]
        await resolved(town, side, "sev1 checkout is down")
        async with act(town) as scene:
            scene.incident.fields = {"cause": "Bo Lindqvist pulled a cable", "lead": "x"}
            scene.incident.fix = "Bo Lindqvist put it back"
        await tell(town, side, ANA, "postmortem publish anyway")
        line = repository.read(LOG).splitlines()[-1]
        assert "pulled a cable" in line and "put it back" in line and "tocsin 1 " in line
        assert ("Bo" in line, "Lindqvist" in line, "Ana" in line) == (not blameless,) * 3


async def test_a_day_is_that_of_the_playbooks_zone(tmp_path: Path, platform: str, repository: Repository) -> None:
    async with filing(tmp_path, platform, repository, timezone="Pacific/Auckland") as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "resolve a restart", room=(await town.incident()).channel_name)
        assert "| 2026-11-21 | 1 |" in repository.read(LOG), "there it is Saturday already"


async def test_a_document_stays_where_it_is_when_what_its_name_was_made_of_changes(
    tmp_path: Path, platform: str, repository: Repository
) -> None:
    named = {"file": "docs/{{ component }}-{{ slug }}.md", "components": ("checkout", "search")}
    async with filing(tmp_path, platform, repository, **named) as town:
        side = town.sides[platform]
        await resolved(town, side)
        await tell(town, side, ANA, "component checkout")
        await tell(town, side, ANA, "postmortem publish anyway")
        await tell(town, side, ANA, "component search")
        await tell(town, side, ANA, "postmortem root cause: a leak")
        await tell(town, side, ANA, "postmortem")
        assert (await town.incident()).component == "search"
        assert repository.files() == ["README.md", LOG, "docs/checkout-checkout-is-down.md"]
        assert "a leak" in repository.read("docs/checkout-checkout-is-down.md")


@pytest.mark.parametrize(("by", "ticked"), [("commit", 1), ("pull request", 0)])
async def test_a_step_is_done_by_what_stands_in_the_common_branch_not_by_what_waits_to_be_merged(
    tmp_path: Path, platform: str, repository: Repository, by: str, ticked: int
) -> None:
    steps = [{"text": "The log has its line", "filed": "log"}, {"text": "The report is there", "filed": "postmortem"}]
    checklists = [
        {"name": "closure", "title": "Closure", "opens": "declared", "steps": steps},
        {"name": "small", "title": "Small", "opens": "declared", "steps": steps, "severities": ["sev4"]},
    ]
    async with filing(tmp_path, platform, repository, record_by=by, checklists=checklists) as town:
        side = town.sides[platform]

        async def ticks() -> list[str]:
            links = await town.timeline()
            return [one.entry.text for one in links if one.entry.kind is Kind.CHECKLIST and "☑" in one.entry.text]

        await resolved(town, side)
        told = await ticks()
        assert len(told) == ticked and all("Closure 1. The log has its line" in one for one in told)
        await tell(town, side, ANA, "postmortem publish anyway")
        assert len(await ticks()) == 2 * ticked, "each once"
