"""What the doctor says of playbooks that are wrong, or do not fit what is connected, and of what they lead to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from adapters.health.checks import examine as examine_health
from adapters.web.probe import links
from bot import inspecting
from bot.playbook.help import HealthCheck, Runbook
from bot.playbook.load import check
from bot.playbook.shape import Playbook
from tests.core.test_playbook_files import SMALL, write
from tests.doctor.seen import amiss, seen
from tests.support.story import default

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PEOPLE = [{"key": "ana", "name": "Ana", "handles": {"slack": "U0ANA0001"}}]
ROTATION = {"name": "first", "title": "First line", "people": ["ana"], "starts": "2026-01-05"}


def playbook(**changes: Any) -> Playbook:
    return Playbook.model_validate(default().model_dump() | {"people": PEOPLE} | changes)


def test_a_healthy_playbook_shows_none_of_them() -> None:
    assert amiss(inspecting.inspect([playbook(rotations=[ROTATION])], ["slack"], now=NOW)) == {}


@pytest.mark.parametrize(
    ("name", "changes", "mend"),
    [
        ("playbook.chat-off", {"chats": ["discord"]}, "take it out of `chats`"),
        ("playbook.nobody-on-call", {"rotations": [ROTATION | {"starts": "2027-01-04"}]}, "/incident cover first"),
        (
            "playbook.no-handle",
            {"people": [{"key": "ana", "name": "Ana", "handles": {"discord": "1"}}], "rotations": [ROTATION]},
            "member ID",
        ),
    ],
)
def test_what_does_not_fit_is_named_with_its_mend(name: str, changes: dict[str, Any], mend: str) -> None:
    seen(inspecting.inspect([playbook(**changes)], ["slack"], now=NOW), name, mend)


def test_playbooks_that_are_not_there_or_give_doubts(tmp_path: Path) -> None:
    seen(inspecting.missing([tmp_path / "gone"]), "playbook.missing", "PLAYBOOK")
    doubtful = f"""{SMALL}
people: [{{key: ana, name: Ana}}]
rotations: [{{name: first, title: First line, people: [ana], starts: 2126-01-07}}]
"""
    folder = write(tmp_path / "doubtful", {}, doubtful)
    seen(inspecting.doubts([folder], lambda name: check(Path(name))), "playbook.doubts", f"tocsin check {folder}")


async def test_health_checks_that_are_never_asked() -> None:
    def checks(url: str, **more: Any) -> list[Playbook]:
        return [playbook(checks=[HealthCheck(name="api", url=url).model_dump()], **more)]

    inside = "http://127.0.0.1:9/health"
    seen(await examine_health(checks(inside)), "playbook.check-inside", "allowed_hosts")
    assert amiss(await examine_health(checks(inside, allowed_hosts=["127.0.0.1"]))) == {}
    seen(await examine_health(checks("https://no-such-host.invalid/")), "playbook.check-no-name", "DNS")


@contextmanager
def wiki(status: HTTPStatus) -> Iterator[str]:
    """A wiki that answers everything alike."""

    class Page(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *said: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/runbook"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_runbooks_that_lead_nowhere() -> None:
    with wiki(HTTPStatus.NOT_FOUND) as url:
        seen(await links([Runbook(title="Pool", url=url)]), "runbook.gone", "put the page back")
    seen(await links([Runbook(title="Pool", url="http://127.0.0.1:9/")]), "runbook.unreachable", "sign-in")
    with wiki(HTTPStatus.OK) as url:
        assert amiss(await links([Runbook(title="Pool", url=url)])) == {}
