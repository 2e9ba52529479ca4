"""Logs hold no secret, whatever is logged and by whom."""

import subprocess
import sys

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
