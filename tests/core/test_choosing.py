"""Choosing: which of several playbooks a declaration falls under."""

from typing import Any

import pytest

from bot.choosing import NOWHERE, Place, by_name, choose, here
from bot.commands import VERBS
from bot.grammar import Grammar
from bot.playbook.shape import Playbook
from bot.suggest import MOST, suggest
from tests.support.story import default

GRAMMAR = Grammar(VERBS)


def named(name: str, severities: tuple[str, ...], **chosen_by: Any) -> Playbook:
    """A playbook with these severities."""
    levels = [{"name": level, "meaning": f"{level} of {name}"} for level in severities]
    changes = {"name": name, "title": name.title(), "severities": levels, "chosen_by": chosen_by}
    changes |= {"components": chosen_by.get("components", ())}
    return Playbook.model_validate(default().model_dump() | changes)


WERKLY = named("werkly", ("Sev1", "Sev2"), words=("chat", "calls"))
SARTIQ = named("sartiq", ("S1", "S2"), channels={"discord": ("#ops", "42")}, components=("backend",))
PLATFORM = named("platform", ("Sev0", "Sev1", "Sev2"), channels={"slack": ("C0PLATFORM",)}, words=("deploy",))
ALL = (WERKLY, SARTIQ, PLATFORM)
MUNTIN = named("muntin", ("P1", "P2"))
OPS = Place("discord", "7", "ops")


@pytest.mark.parametrize(
    ("line", "place", "chosen"),
    [
        # its name typed first always decides
        ("sartiq s1 chat is down", NOWHERE, SARTIQ),
        ("Platform: sev2 chat is down", OPS, PLATFORM),
        ("platform private sev1 chat is down", NOWHERE, PLATFORM),
        ("platform sev9 chat is down", NOWHERE, PLATFORM),
        ("platform", OPS, PLATFORM),
        # one alone knows the severity
        ("s1 chat is down", NOWHERE, SARTIQ),
        ("sev0 chat is down", OPS, PLATFORM),
        # several know it: the channel, then component and words, then the first
        ("sev1 chat is down", Place("slack", "C0PLATFORM", ""), PLATFORM),
        ("sev1 deploys hang", NOWHERE, PLATFORM),
        ("sev1 the backend is slow", NOWHERE, WERKLY),
        ("sev1 something", NOWHERE, WERKLY),
        # no severity
        ("", OPS, SARTIQ),
        ("chat is down", OPS, SARTIQ),
        ("the backend is slow", NOWHERE, SARTIQ),
        ("deploys hang", NOWHERE, PLATFORM),
        ("platform is down", NOWHERE, WERKLY),
        ("something", NOWHERE, WERKLY),
        ("sev9 something", OPS, SARTIQ),
    ],
)
def test_a_declaration_falls_under_the_playbook_that_is_meant(line: str, place: Place, chosen: Playbook) -> None:
    assert choose(line, ALL, place=place).playbook.name == chosen.name


def test_what_a_playbook_calls_a_severity_goes_before_what_another_also_calls_it() -> None:
    both = (default(), SARTIQ, MUNTIN)
    for line, chosen in (("s1 x", "sartiq"), ("P2: x", "muntin"), ("sev1 x", "default"), ("p3 x", "default")):
        assert choose(line, both).playbook.name == chosen
    here_it_is_called_otherwise = (named("here", ("Sev1",), channels={"slack": ("a",)}, words=("mail",)), *both)
    assert choose("sev1 x", here_it_is_called_otherwise, place=Place("slack", "1", "a")).playbook.name == "here"


def test_a_component_chooses_after_the_channel_and_before_the_words() -> None:
    assert choose("deploys hang", ALL, component="backend").playbook is SARTIQ
    assert choose("x", ALL, place=Place("slack", "C0PLATFORM", ""), component="backend").playbook is PLATFORM


def test_the_name_is_taken_off_and_a_title_that_begins_with_it_is_a_title() -> None:
    assert choose("sartiq: s1 backend is down", ALL).rest == "s1 backend is down"
    assert choose("platform is down", ALL).rest == "platform is down"
    assert by_name("platform is down", ALL) is None and by_name("", ALL) is None
    assert by_name("default s1 x", ALL) is None


@pytest.mark.parametrize(
    ("place", "chosen"),
    [
        (Place("discord", "7", "ops"), SARTIQ),
        (Place("discord", "42", ""), SARTIQ),
        (Place("discord", "7", "OPS"), SARTIQ),
        (Place("slack", "C1", "ops"), None),
        (Place("discord", "7", ""), None),
        (Place("discord", None, ""), None),
        (NOWHERE, None),
    ],
)
def test_a_channel_chooses_by_its_name_or_id_on_its_platform_only(place: Place, chosen: Playbook | None) -> None:
    assert here(ALL, place) is chosen


def test_the_grammar_knows_the_severities_and_names_of_all() -> None:
    def parse(words: str, playbook: Playbook = WERKLY) -> tuple[str, str, str]:
        found = GRAMMAR.parse(words, playbook, ALL)
        verb = found.verb.words[0] if found.verb is not None else ""
        return found.severity.name if found.severity is not None else "", verb, found.line or found.rest

    assert parse("s1 backend is down") == ("S1", "", "s1 backend is down")
    assert parse("sev0: deploys hang") == ("Sev0", "", "sev0: deploys hang")
    assert parse("sartiq s1 backend") == ("", "declare", "sartiq s1 backend")
    assert parse("#3 sartiq private s1 backend") == ("", "declare", "sartiq private s1 backend")
    assert parse("platform is down") == ("", "", "platform is down")
    assert parse("preview sartiq s1 x") == ("", "preview", "sartiq s1 x")
    assert parse("update the platform") == ("", "update", "the platform")


def test_completion_offers_the_severities_here_the_other_names_and_behind_a_name_its_own() -> None:
    def offered(typed: str) -> list[str]:
        return [one.words for one in suggest(GRAMMAR, SARTIQ, None, typed, loaded=ALL)]

    assert offered("")[:2] == ["S1", "S2"] and offered("")[-2:] == ["werkly", "platform"]
    assert offered("wer") == ["werkly"]
    assert offered("platform") == ["platform Sev0", "platform Sev1", "platform Sev2"]
    assert offered("platform sev1") == ["platform Sev1"]
    assert "Sev0" not in offered("sev")
    assert [one.words for one in suggest(GRAMMAR, WERKLY, None, "wer", loaded=(WERKLY,))] == []
    assert len(offered("")) <= MOST
