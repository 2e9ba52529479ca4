"""Health checks and gates as a playbook may write them, and what counts as a good answer."""

import pytest
from pydantic import ValidationError

from bot.checks import green
from bot.learned import Met, Reading
from bot.playbook.help import HealthCheck
from bot.playbook.shape import Playbook
from tests.support.story import default


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"url": "ftp://example.com/"}, "url"),
        ({"url": "http:///healthz"}, "a whole address"),
        ({"url": "http://example.com:99999/"}, "a whole address"),
        ({"url": "https://bot:secret@example.com/"}, "a user name or a password"),
        ({"method": "HEAD", "contains": "ok"}, "method: GET"),
        ({"timeout": "31s"}, "at most 30s"),
        ({"status": [99]}, "found 99, expected an HTTP status"),
    ],
)
def test_a_check_that_cannot_be_asked_is_refused(parts: dict[str, object], says: str) -> None:
    check = {"name": "web", "url": "https://example.com/healthz"} | parts
    with pytest.raises(ValidationError, match=says):
        Playbook.model_validate(default().model_dump() | {"checks": [check]})


def test_a_good_answer_has_an_expected_status_and_the_words() -> None:
    any_2xx = HealthCheck(name="web", url="https://example.com/")
    strict = HealthCheck(name="web", url="https://example.com/", status=(401, 403), contains="sign in")
    assert green(any_2xx, Reading(met=Met.ANSWER, status=204))
    assert not green(any_2xx, Reading(met=Met.ANSWER, status=302))
    assert green(strict, Reading(met=Met.ANSWER, status=401))
    assert not green(strict, Reading(met=Met.ANSWER, status=200))
    assert not green(strict, Reading(met=Met.ANSWER, status=401, words=False))
    assert not green(any_2xx, Reading(met=Met.SILENCE))


def test_a_rule_leaves_a_check_out_only_where_the_incident_names_another() -> None:
    check = HealthCheck(name="web", url="https://example.com/", components=("web",), environments=("production",))
    assert check.belongs("web", "production") and check.belongs(None, "") and check.belongs("web", "")
    assert not check.belongs("mail", "production") and not check.belongs("web", "staging")


def test_only_what_can_still_be_waited_for_stands_before_the_close() -> None:
    parts = default().model_dump()
    for gate in ({"quiet": "15m"}, {"checks": True}):
        assert Playbook.model_validate(parts | {"resolve": [gate]}).resolve
        with pytest.raises(ValidationError, match="before the close, expected it under “resolve”"):
            Playbook.model_validate(parts | {"close": [gate]})
