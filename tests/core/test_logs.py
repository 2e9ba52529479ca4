"""Logs hold no secret, whatever is logged and by whom."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot import logs
from tests.fuzz.found import within

SLACK = "xoxb-" + "1" * 12 + "-abcdefghijkl"
DISCORD = "MTAxMjM0NTY3ODkwMTIzNDU2Nzg5.Gabcde." + "x" * 30
PROGRAM = f"""
import logging, structlog
from bot import logs
logs.set_up(format="json", secrets=["hunter2hunter2"])
log = structlog.get_logger()
log.warning("refused", token="{SLACK}", other="Bot {DISCORD}", nested={{"a": ["{SLACK}"]}}, secret="hunter2hunter2")
logging.getLogger("some.library").warning("calling %s with %s", "postgresql://tocsin:letmein@db/x", "{SLACK}")
try:
    raise RuntimeError("no such token {DISCORD}")
except RuntimeError:
    log.exception("failed", incident=42)
"""


def test_tokens_passwords_and_known_secrets_never_reach_the_log() -> None:
    written = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stderr

    for secret in (SLACK, DISCORD, "letmein", "hunter2hunter2"):
        assert secret not in written
    assert written.count("[secret]") >= 6
    assert '"incident": 42' in written


ODD = 'pa"ss\\wörd+x'
"""A secret that is spelled otherwise in JSON, in a Python string and in an address."""
SPELLED = f"""
import structlog
from bot import logs
secret = {ODD!r}
logs.set_up(format="FORMAT", secrets=[secret, logs.password_in("postgresql://tocsin:ha/lf@way@db/x")])
log = structlog.get_logger()
log.warning("plain " + secret, a=secret, b={{"c": [secret]}}, d=repr(secret))
log.warning("address", e="?secret=pa%22ss%5Cw%C3%B6rd%2Bx", f="postgresql://tocsin:ha/lf@way@db/x")
"""


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_secret_reaches_the_log_in_no_spelling(form: str) -> None:
    program = SPELLED.replace("FORMAT", form)
    written = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr

    assert "address" in written and written.count("[secret]") >= 5
    for part in ("ss\\", "rd+x", "rd%2Bx", "ha/lf", "way"):
        assert part not in written


FORGED = """
import logging, structlog
from bot import logs
logs.set_up(format="console")
words = "x\\n2026-11-27 [error] forged\\x1b]0;owned\\x07\\u2028"
structlog.get_logger().warning(words, why=words)
logging.getLogger("some.library").warning("%s", words)
try:
    raise RuntimeError(words)
except RuntimeError:
    structlog.get_logger().exception("failed")
"""


def test_what_people_wrote_begins_no_line_and_steers_no_terminal() -> None:
    written = subprocess.run([sys.executable, "-c", FORGED], capture_output=True, text=True, check=True).stderr

    assert "\x1b]" not in written and "\x07" not in written and "\u2028" not in written
    lines = written.split("\n")
    assert sum(line.startswith("2026-11-27 [error] forged") for line in lines) == 1  # in the traceback, below its error
    assert sum("some.library" in line or "why" in line for line in lines) >= 1


def test_looking_for_tokens_takes_no_longer_than_reading() -> None:
    """Of what grows with the square this would take hours."""
    redactor = logs.Redactor(["hunter2hunter2"])
    for evil in ("M", "xoxb-", "://a", "://", "M" * 22 + ".", "xapp-xox", "MM.", "://:"):
        assert len(redactor.clean(evil * (1_000_000 // len(evil)))) > 0


LOADED = """
import logging
from bot import logs
from bot.loading import named
logs.set_up(format="json", level="info")
{loads}
print(logging.getLogger("{logger}").getEffectiveLevel())
"""
LOADS = [
    ("adapters.slack.settings", "SlackSettings", "slack_bolt.AsyncApp", 30),
    ("adapters.discord.settings", "DiscordSettings", "discord.gateway", 30),
    ("adapters.discord.settings", "DiscordSettings", "discord.client", 40),
    ("adapters.database", "Database", "alembic.runtime.migration", 30),
    ("adapters.alarm", "SchedulerAlarm", "apscheduler.scheduler", 30),
    ("adapters.web.server", "WebServer", "uvicorn.access", 30),
]


@pytest.mark.parametrize(("module", "member", "logger", "level"), LOADS)
def test_the_libraries_of_an_adapter_fall_quiet_with_it(module: str, member: str, logger: str, level: int) -> None:
    for loads, heard_from in (("", 20), (f"named('{module}', '{member}')", level)):
        program = LOADED.format(loads=loads, logger=logger)
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert int(done.stdout) == heard_from and '"info"' not in done.stderr


def test_the_core_names_no_chat_platforms_logger() -> None:
    written = Path(logs.__file__).read_text()
    assert not any(name in written for name in ("slack_", "discord", "apscheduler", "uvicorn", "httpx"))


def test_a_long_word_takes_no_longer_than_its_length() -> None:
    with within(2.0):  # of the processor's time; it took minutes
        assert logs.Redactor().clean("PROBLEM" * 150_000) == "PROBLEM" * 150_000
