"""Runbooks as such: which match a title, a component, an alert's labels; and which somebody means."""

import pytest

from bot import runbooks
from bot.playbook.help import Runbook, Symptom
from bot.playbook.shape import Playbook
from tests.support.story import default

STUCK = Symptom(symptom="Queue stuck", cause="a dead worker", check="look", words=("queue", "backlog"))
SLOW = Symptom(symptom="Slow", cause="no index", check="explain", words=("slow",))


def playbook(*books: Runbook) -> Playbook:
    """The default one with these runbooks."""
    return default().model_copy(update={"runbooks": books})


def test_a_runbook_matches_by_a_word_a_symptom_or_the_component() -> None:
    book = Runbook(title="Queues", words=("dlq",), symptoms=(STUCK, SLOW), components=("worker",))
    assert book.matches("The DLQ grows") and book.matches("queues are stuck") and book.matches("odd", "worker")
    assert not book.matches("checkout is down", "web")
    assert book.rows("the backlog makes it slow") == (STUCK, SLOW) and book.rows("the DLQ grows") == ()


def test_one_without_a_rule_always_matches_and_one_by_hand_never() -> None:
    assert Runbook(title="First steps").matches("anything")
    assert not Runbook(title="Queues", words=("queue",), by_hand=True).matches("the queue is stuck")


@pytest.mark.parametrize(
    ("labels", "fits"),
    [
        ({"service": "docling", "alert": "QueueDepthHigh"}, True),
        ({"service": "docling", "alert": "QueueDepth"}, True),
        ({"service": "docling"}, False),
        ({"service": "docling-2", "alert": "QueueDepth"}, False),
        ({}, False),
    ],
)
def test_all_of_its_labels_must_stand_on_the_alert(labels: dict[str, str], fits: bool) -> None:
    book = Runbook(title="Workers", labels={"service": "docling", "alert": "QueueDepth*"})
    assert book.matches("odd", None, labels) is fits and not book.matches("odd")


def test_the_most_severe_of_what_matches_is_the_least_that_it_can_be() -> None:
    minor = Runbook(title="Slow", words=("slow",), at_least="SEV 3")
    chain = Runbook(title="Chain", words=("chain",), at_least="sev1", severities=("sev1",))
    book = playbook(minor, chain)
    found = runbooks.at_least(book, "the chain is slow")
    assert found is not None and (found[0].name, found[1].title) == ("sev1", "Chain")
    found = runbooks.at_least(book, "it is slow")
    assert found is not None and found[0].name == "sev3" and runbooks.at_least(book, "it is down") is None


def test_words_find_a_runbook_by_name_title_words_and_symptoms_also_misspelled() -> None:
    deploy = Runbook(title="Undo the last deploy", words=("release", "rollback"))
    queues = Runbook(title="Queues and workers", name="queues", symptoms=(STUCK,))
    book = playbook(deploy, queues)
    for words in ("undo-the-last-deploy", "Undo the last deploy", "deploy", "roll back", "relese"):
        assert [one.title for one in runbooks.find(book, words)] == ["Undo the last deploy"], words
    for words in ("queues", "backlog", "wrokers", "workers stuck queue"):
        assert [one.title for one in runbooks.find(book, words)] == ["Queues and workers"], words
    assert runbooks.find(book, "pizza") == []


def test_a_title_of_any_script_gives_a_name() -> None:
    assert Runbook(title="  500s & Time-outs!  ").key == "500s-time-outs"
    assert Runbook(title="توقف الخدمة").key == "توقف-الخدمة" and Runbook(title="🔥").key == "runbook"
    assert len(Runbook(title="a" * 100).key) == 32
