"""Which address serves whom, what the doctor says of them, and that nobody ever reads one."""

from pathlib import Path

import pytest

from adapters.pager.checks import examine
from adapters.pager.reach import Reaching
from adapters.pager.settings import PagerSettings, setting, split
from bot.composition import known_secrets
from bot.doctor import Health
from bot.people import Person
from tests.pager.test_sending import page
from tests.support.paged import paged

HELD = {
    "PAGER_URLS": "ntfy://push.example/all",
    "PAGER_URLS_SMS": "gotify://push.example/AbCdEfGhIjKlMnO, ntfy://push.example/a,b",
    "PAGER_URLS_ANA_SMS": "ntfy://push.example/ana",
    "OTHER": "ntfy://push.example/other",
}


@pytest.mark.parametrize(
    ("person", "route", "expected"),
    [
        ("ana", "sms", ("ntfy://push.example/ana",)),
        ("bo", "sms", ("gotify://push.example/AbCdEfGhIjKlMnO", "ntfy://push.example/a,b")),
        ("bo", "push", ("ntfy://push.example/all",)),
    ],
)
async def test_the_setting_that_says_most_is_the_one_that_serves(
    person: str, route: str, expected: tuple[str, ...]
) -> None:
    intent = page().model_copy(update={"person": Person(key=person, name=person), "route": route})
    assert (await Reaching(PagerSettings(HELD), None).of(intent)).addresses == expected


async def test_whoever_has_no_address_hears_which_setting_is_missing() -> None:
    found = await Reaching(PagerSettings({}), None).of(page())
    assert (found.addresses, found.why) == ((), "no address is set (PAGER_URLS_SMS)")


def test_names_of_settings_are_capitals_and_underscores() -> None:
    assert setting("ana-maría", "Night push") == "PAGER_URLS_ANA_MAR_A_NIGHT_PUSH"
    assert split(" ntfy://a/b,c ;json://d/e\n ntfy://f/g, ") == ["ntfy://a/b,c", "json://d/e", "ntfy://f/g"]


def test_an_environment_variable_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("PAGER_URLS=ntfy://push.example/file\nPAGER_URLS_SMS=ntfy://push.example/sms\n")
    monkeypatch.setenv("PAGER_URLS", "ntfy://push.example/environment")
    held = PagerSettings.read()
    assert held.general == ("ntfy://push.example/environment",)
    assert held.own("ana", "sms") == ("ntfy://push.example/sms",)
    assert {"ntfy://push.example/environment", "ntfy://push.example/sms"} <= set(known_secrets())


def test_the_doctor_names_what_cannot_be_read_what_names_no_route_and_who_has_none() -> None:
    held = {
        "PAGER_URLS_FINN_PUSH": "ntfy://push.example/secret-topic, nonsense://secret-word",
        "PAGER_URLS_FINN_SMS": "gotify://push.example/AbCdEfGhIjKlMnO",
        "PAGER_URLS_FAX": "json://push.example",
    }
    found = {one.what: one for one in examine(PagerSettings(held), [paged()])}
    assert found["PAGER_URLS_FINN_PUSH"].name == "pager.unreadable" and found["PAGER_URLS_FAX"].name == "pager.no-route"
    assert found["PAGER_URLS_FINN_PUSH"].says == "address 2 of 2 cannot be read, so it pages nobody."
    assert found["PAGER_URLS_FINN_SMS"].says == "pages by Gotify"
    assert found["PAGER_URLS_FAX"].says == "names no route of a playbook that is loaded, so nobody is paged by it."
    sms = found["Pager: SMS (default)"]
    assert sms.name == "pager.no-address" and "esha, cleo, bo" in sms.says and "finn" not in sms.says
    assert "secret" not in repr(list(found.values())) and "AbCdEf" not in repr(list(found.values()))


def test_the_doctor_is_content_where_everybody_can_be_reached_and_says_nothing_where_nobody_is_paged() -> None:
    everybody = PagerSettings({"PAGER_URLS": "ntfy://push.example/all"})
    assert {one.health for one in examine(everybody, [paged()])} == {Health.FINE}
    assert examine(PagerSettings({}), [paged(severities=paged_by_nobody())]) == []


def paged_by_nobody() -> list[dict[str, object]]:
    """Severities that page nobody."""
    return [severity | {"page": []} for severity in paged().model_dump()["severities"]]
