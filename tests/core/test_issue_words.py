"""What an issue says: a day in the playbook's zone, where it came from, the post-mortem; and the mark that finds it."""

from datetime import UTC, date, datetime
from uuid import UUID

from bot.filing import mark_of
from bot.incident import Hyperlink
from bot.issue import Line
from bot.messages import issues
from bot.postmortem.kept import Postmortem, State
from bot.progress import ActionItem, Progress
from tests.core.test_templates import ANA, NOW, incident, playbook

LATE = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
"""Still the 20th in Los Angeles."""
FIELDS = {"kind": "github", "place": "acme/shop", "incidents": ["sev1"], "fields": ["date", "postmortem"]}


def lines(**changes: object) -> dict[str, Line]:
    """The lines of an incident's issue, by their labels."""
    draft = issues.of_incident(incident(**changes), playbook(tracker=FIELDS), "github")
    return {one.label: one for one in draft.lines}


def test_days_are_those_of_the_playbooks_zone() -> None:
    assert lines(declared_at=LATE)["Date"].text == "2026-11-20"
    item = ActionItem(number=1, text="add a pool alert", added_at=NOW, added_by=ANA, due_at=LATE)
    assert issues.of_action(item, incident(), playbook(), "github").due == date(2026, 11, 20)


def test_an_action_item_leads_to_the_message_that_it_came_from() -> None:
    url = "https://chat.example/C1/p17"
    item = ActionItem(number=1, text="add a pool alert", added_at=NOW, added_by=ANA, url=url)
    said = [one.url for one in issues.of_action(item, incident(), playbook(), "github").lines if one.label == "From"]
    assert said == [url]


def test_the_post_mortem_is_where_it_was_published_else_where_the_last_link_leads() -> None:
    assert "Post-mortem" not in lines()
    links = tuple(Hyperlink(url=f"https://wiki.example/{n}", label="postmortem") for n in (1, 2))
    assert lines(links=links)["Post-mortem"].url == "https://wiki.example/2"
    published = Progress(postmortem=Postmortem(state=State.PUBLISHED, url="https://docs.example/9"))
    assert lines(links=links, progress=published)["Post-mortem"].url == "https://docs.example/9"


def test_a_mark_is_of_one_issue_of_one_incident_of_one_installation_and_always_the_same() -> None:
    every = [mark_of(incident(), "incident"), mark_of(incident(), "action/1"), mark_of(incident(number=43), "incident"),
             mark_of(incident(declared_at=LATE), "incident")]  # fmt: skip
    assert len(set(every)) == 4 and mark_of(incident(), "incident") == every[0]
    assert {UUID(mark).version for mark in every} == {4}, "Linear takes no other for an id"
