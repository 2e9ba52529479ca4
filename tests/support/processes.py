"""Bots as real processes: started, killed with SIGKILL, started again."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from adapters.sandbox.server import Sandbox
from bot.composition import sandbox_settings

PLAYBOOK = Path(__file__).parent.parent / "chaos" / "playbook"
"""A process in a hurry: minutes are seconds there."""


def environment(sandbox: Sandbox, database: str, *, playbook: Path = PLAYBOOK) -> dict[str, str]:
    """What a bot needs to be pointed at the sandbox; nothing of this machine's proxies."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return {
        **kept,
        **sandbox_settings(sandbox),
        "DATABASE_URL": database,
        "PLAYBOOK": str(playbook),
        "HTTP_PORT": "0",
        "LOG_FORMAT": "json",
    }


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class BotProcess:
    """One replica."""

    def __init__(
        self,
        name: str,
        environment: dict[str, str],
        *,
        logs: Path,
        module: str = "bot",
        folder: Path | None = None,
    ) -> None:
        """``module`` is what is run, in ``folder``: other code than ours lies elsewhere."""
        self.name, self.module, self.folder = name, module, folder
        self._environment = environment
        self._log = logs / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.kills = 0

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process is not None and self.alive else None

    def start(self) -> None:
        """Start it; its log goes on in one file."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self.module, "run"],
                env=self._environment, cwd=self.folder, stdout=log, stderr=log,
            )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL, at once."""
        if self._process is not None and self.alive:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self.kills += 1

    def stop(self) -> None:
        """SIGTERM, and wait; SIGKILL after ten seconds."""
        if self._process is not None and self.alive:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    @property
    def code(self) -> int | None:
        """Its exit code once it has ended."""
        return self._process.poll() if self._process is not None else None

    def signal(self, sign: signal.Signals) -> None:
        """Send it a signal, and wait for nothing."""
        if self._process is not None and self.alive:
            self._process.send_signal(sign)

    def log(self) -> str:
        """Everything it logged."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""
