"""When there is a page, where it is, and what the doctor says of it."""

from pathlib import Path
from typing import Any

import pytest

from adapters.publicpage.checks import examine
from adapters.publicpage.settings import PageSettings, component_names
from bot.playbook.outside import StatusPage
from bot.playbook.shape import Playbook
from tests.database.build import PLAYBOOK
from tests.support.shipped import as_shipped

SHOP = PLAYBOOK.model_copy(update={"status_page": StatusPage(components={"checkout": "Checkout", "db": "Data"})})
MAIL = PLAYBOOK.model_copy(update={"status_page": StatusPage(components={"smtp": "Mail", "warehouse": "Data"})})
BARE = PLAYBOOK.model_copy(update={"status_page": StatusPage(opens="declared")})


@pytest.mark.parametrize(
    ("word", "playbook", "on"),
    [
        ("", BARE, True),
        ("auto", PLAYBOOK, False),
        ("auto", as_shipped("default"), True),
        ("auto", as_shipped("platform"), True),
        ("auto", as_shipped("sartiq"), False),
        ("ON", PLAYBOOK, True),
        ("true", PLAYBOOK, True),
        ("off", SHOP, False),
    ],
)
def test_the_page_is_there_where_a_process_has_one_unless_the_operator_says_otherwise(
    word: str, playbook: Playbook, on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATUS_PAGE", word)
    assert PageSettings().on([playbook]) is on


def test_components_come_in_the_playbooks_order_each_once() -> None:
    assert component_names([SHOP, PLAYBOOK, MAIL]) == ("Checkout", "Data", "Mail")


@pytest.mark.parametrize(
    ("known", "address"),
    [
        ({"public_url": "https://acme.example/tocsin/"}, "https://acme.example/tocsin/status/"),
        ({}, "http://127.0.0.1:8123/status/"),
        ({"http_host": "::1"}, "http://[::1]:8123/status/"),
    ],
)
def test_its_address_is_the_worlds_or_else_this_machines(known: dict[str, Any], address: str) -> None:
    assert PageSettings(**known).address(8123) == address


def found(playbook: Playbook, folder: Path, **known: Any) -> list[tuple[str, str]]:
    """What the doctor says."""
    settings = PageSettings(status_page_dir=folder, **known)
    return [(one.name, f"{one.says} {one.mend}") for one in examine([playbook], port=8080, settings=settings)]


def test_the_doctor_says_where_it_is_and_whether_its_copy_can_be_written(tmp_path: Path) -> None:
    world = {"public_url": "https://tocsin.example"}
    assert found(PLAYBOOK, tmp_path) == []
    ((name, says),) = found(SHOP, tmp_path / "new", **world)
    assert name == "" and f"at https://tocsin.example/status/, written to {tmp_path / 'new'}" in says
    assert list((tmp_path / "new").iterdir()) == []
    ((name, says),) = found(SHOP, tmp_path)
    assert name == "publicpage.address" and "PUBLIC_URL" in says
    ((name, says),) = found(BARE, tmp_path, **world)
    assert name == "publicpage.components" and "components" in says
    (tmp_path / "file").touch()
    ((name, says),) = found(SHOP, tmp_path / "file", **world)
    assert name == "publicpage.folder" and "cannot be written" in says and "STATUS_PAGE_DIR" in says
