"""The feeds and the JSON: what programs read, and the schema that is published for it."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from adapters.publicpage.edition import Edition
from adapters.publicpage.feeds import MOST, feeds
from adapters.publicpage.summary import History, Summary, history, summary
from bot.progress import Condition, PublicStage
from bot.public import PublicIncident
from tests.database.build import NOW
from tests.support.published import ADDRESS, ALL, COMPONENTS, OUTAGE, incident

ATOM = "{http://www.w3.org/2005/Atom}"
DOCS = Path(__file__).resolve().parents[2] / "docs"


def edition(*incidents: PublicIncident, as_of: datetime = NOW) -> Edition:
    """An edition with these."""
    return Edition(title="Acme Shop", address=ADDRESS, components=COMPONENTS, incidents=incidents, as_of=as_of)


def test_the_summary_reads_like_a_hosted_page_s() -> None:
    one = edition(*ALL)
    told = json.loads(summary(one, one.seen()).model_dump_json())
    assert told["status"] == {"indicator": "major", "description": "Partial outage"}
    assert {part["name"]: part["status"] for part in told["components"]} == {
        "Checkout": "partial_outage", "Search": "operational", "Sign-in": "operational", "Webhooks": "operational",
    }  # fmt: skip
    (only,) = told["incidents"]
    assert (only["id"], only["status"], only["impact"]) == (OUTAGE.mark, "monitoring", "critical")
    assert only["shortlink"] == f"{ADDRESS}incidents/{OUTAGE.mark}.html" and only["resolved_at"] is None
    assert [update["word"] for update in only["incident_updates"]] == ["Watching", "Identified", "Investigating"]
    ids = {part["name"]: part["id"] for part in told["components"]}
    assert only["incident_updates"][-1]["affected_components"][0] == {
        "code": ids["Checkout"], "name": "Checkout", "new_status": "major_outage",
    }  # fmt: skip


def test_the_history_holds_those_that_are_over_as_well() -> None:
    one = edition(*ALL)
    told = history(one, one.seen())
    assert [each.id for each in told.incidents] == [each.mark for each in ALL]
    assert told.incidents[1].resolved_at == ALL[1].updates[-1].at


@pytest.mark.parametrize(
    ("condition", "indicator", "says"),
    [
        (None, "minor", "We are looking into an incident"),
        (Condition.OPERATIONAL, "minor", "We are looking into an incident"),
        (Condition.MAINTENANCE, "maintenance", "Maintenance in progress"),
        (Condition.DEGRADED, "minor", "Degraded performance"),
        (Condition.MAJOR, "critical", "Major outage"),
    ],
)
def test_the_whole_is_as_its_worst_part(condition: Condition | None, indicator: str, says: str) -> None:
    known = {"Search": condition} if condition is not None else {}
    one = edition(incident("x", NOW, (0, PublicStage.INVESTIGATING, "", "…", known)))
    told = summary(one, one.seen()).status
    assert (told.indicator, told.description) == (indicator, says)


def test_nothing_open_is_all_well() -> None:
    told = summary(edition(), edition().seen())
    assert (told.status.indicator, told.status.description) == ("none", "All systems operational")
    assert told.page.updated_at is None


@pytest.mark.parametrize(("model", "name"), [(Summary, "status"), (History, "history")])
def test_the_published_schemas_are_what_is_written(model: type[Summary] | type[History], name: str) -> None:
    schema = json.loads((DOCS / f"publicpage.{name}.schema.json").read_text())
    assert schema == model.model_json_schema(mode="serialization"), (
        "write it anew: python -m adapters.publicpage.summary"
    )
    one = edition(*ALL)
    made = (summary if model is Summary else history)(one, one.seen())
    jsonschema.validate(json.loads(made.model_dump_json()), schema)


def test_each_text_is_an_entry_newest_first_and_keeps_its_name() -> None:
    root = ElementTree.fromstring(feeds(edition(*ALL))["feed.atom"])  # noqa: S314  # our own
    entries = root.findall(f"{ATOM}entry")
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert titles[:3] == [f"{word}: {OUTAGE.title}" for word in ("Watching", "Identified", "Investigating")]
    assert entries[0].find(f"{ATOM}link").attrib["href"] == f"{ADDRESS}incidents/{OUTAGE.mark}.html#update-3"  # type: ignore[union-attr]
    assert entries[0].findtext(f"{ATOM}updated") == OUTAGE.updated_at.isoformat() == root.findtext(f"{ATOM}updated")
    later = ElementTree.fromstring(feeds(edition(*ALL, as_of=NOW + timedelta(days=1)))["feed.atom"])  # noqa: S314
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert ids == [entry.findtext(f"{ATOM}id") for entry in later.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids) == sum(len(one.updates) for one in ALL)


def test_the_same_as_rss() -> None:
    root = ElementTree.fromstring(feeds(edition(*ALL))["feed.rss"])  # noqa: S314
    items = root.findall("channel/item")
    assert items[0].findtext("title") == f"Watching: {OUTAGE.title}"
    assert (items[0].findtext("description") or "").endswith("Checkout: partial outage · Search: operational")
    assert [item.findtext("guid") for item in items] == [
        entry.findtext(f"{ATOM}id")
        for entry in ElementTree.fromstring(feeds(edition(*ALL))["feed.atom"]).findall(f"{ATOM}entry")  # noqa: S314
    ]


def test_markup_in_a_text_acts_in_no_reader_of_feeds() -> None:
    text = "<img src=x onerror=alert(1)> a < b & c\n@everyone"
    made = feeds(edition(incident("x", NOW, (0, PublicStage.INVESTIGATING, "", text, {}))))
    content = ElementTree.fromstring(made["feed.atom"]).find(f"{ATOM}entry/{ATOM}content")  # noqa: S314
    assert content is not None and content.text == text and content.get("type", "text") == "text"
    html = ElementTree.fromstring(made["feed.rss"]).findtext("channel/item/description")  # noqa: S314
    assert html == "&lt;img src=x onerror=alert(1)&gt; a &lt; b &amp; c<br>\n@everyone"


def test_a_feed_does_not_change_while_nothing_is_told() -> None:
    assert feeds(edition(*ALL)) == feeds(edition(*ALL, as_of=NOW + timedelta(minutes=7)))
    assert feeds(edition()) == feeds(edition(as_of=NOW + timedelta(minutes=7)))


def test_a_feed_holds_the_newest_only() -> None:
    many = [incident(f"{day}", NOW - timedelta(days=day), (0, PublicStage.RESOLVED, "", "…", {})) for day in range(80)]
    root = ElementTree.fromstring(feeds(edition(*many))["feed.atom"])  # noqa: S314
    titles = [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")]
    assert len(titles) == MOST and titles[0] == "Resolved: 0" and titles[-1] == f"Resolved: {MOST - 1}"
