"""A bot that only mentions an alert of a sender's is not that sender."""

from adapters.opsgenie.source import Opsgenie
from adapters.sentry.source import Sentry
from tests.support.posts import slack_post

ISSUE = "https://acme.sentry.io/issues/1170820242/"
DETAIL = "https://acme.app.opsgenie.com/alert/detail/052652ac-5d1c-464a-812a-7dd18bbfba8c/details"


def test_a_pull_request_that_mends_an_issue_is_no_alert() -> None:
    said = {
        "username": "GitHub",
        "text": f"Merged #28: checkout answers again, see <{ISSUE}|the issue> and <{DETAIL}|#28>",
    }

    assert Sentry().recognise(slack_post(said)) is None
    assert Opsgenie().recognise(slack_post(said)) is None


def test_a_relay_whose_title_leads_to_the_alert_is_read() -> None:
    issue = {"username": "relay", "attachments": [{"title": "ReferenceError", "title_link": ISSUE}]}
    alert = {"username": "relay", "attachments": [{"title": "#28: Checkout is slow", "title_link": DETAIL}]}

    (read,) = Sentry().recognise(slack_post(issue)) or []
    assert (read.key, read.title, read.link) == ("sentry:1170820242", "ReferenceError", ISSUE)
    (read,) = Opsgenie().recognise(slack_post(alert)) or []
    assert (read.key, read.title, read.link) == ("opsgenie:28", "Checkout is slow", DETAIL)


def test_a_sentry_of_ones_own_is_known_by_its_name() -> None:
    own = {"username": "Sentry (acme)", "text": "🔴 <https://errors.acme.example/organizations/acme/issues/7/|*Boom*>"}

    (read,) = Sentry().recognise(slack_post(own)) or []
    assert (read.key, read.title, read.severity) == ("sentry:7", "Boom", "error")
    assert Sentry().recognise(slack_post({**own, "username": "relay"})) is None


def test_a_project_is_known_by_its_name_or_by_where_it_leads() -> None:
    for project in ("front-end", "<https://sentry.io/organizations/acme/projects/front-end/>"):
        said = {"username": "Sentry", "text": f"<{ISSUE}|Boom>\nProject: {project}    Short ID: FRONT-END-9"}
        (read,) = Sentry().recognise(slack_post(said)) or []
        assert read.component == "front-end"
