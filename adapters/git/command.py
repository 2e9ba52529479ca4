"""Running git: each command in a process of its own, never asked for a password, and its refusals told apart."""

import asyncio
import base64
import contextlib
import os
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from adapters.git.settings import RecordSettings
from bot.errors import Outside, Refused, TryLater

LONGEST = 120.0
"""Seconds for one command."""
AGAIN = timedelta(minutes=1)
"""How long to wait where the repository does not know us: somebody has to mend that first."""
_SAYS = (r"remote: (?:error|fatal)", r"remote: \w", r"fatal:", r"! \[", r"error:")
"""How the lines begin that say why, the most telling first."""
_PASSWORD = re.compile(r"(\w+://)[^/\s]+@")
_UNKNOWN = re.compile(
    r"authentication failed|could not read (?:username|password)|permission denied|access denied|invalid credentials"
    r"|host key verification|does not appear to be a git repository|requested url returned error: 4|not found"
    r"|dubious ownership",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"protected branch|hook declined|refusing to update checked out branch|denied by|not allowed|GH\d{3}"
    r"|appears as both a file and as a directory|too large",
    re.IGNORECASE,
)


class Broken(Exception):
    """The clone itself is at fault: it has to be made anew."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def why(self) -> str:
        """The line that says most, without a password: the repository's own words, else git's."""
        lines = [" ".join(line.split()) for line in self.err.splitlines()]
        told = next((line for start in _SAYS for line in lines if re.match(start, line)), "")
        last = next((line for line in reversed(lines) if line), f"git ended with {self.code}")
        return _PASSWORD.sub(r"\1", (told or last)[:200])


class Git:
    """The git command line in one bare repository; ``held`` is a lock that its processes keep while they live."""

    def __init__(self, folder: Path, settings: RecordSettings, *, held: int | None = None) -> None:
        self.folder, self._settings, self._held = folder, settings, held

    async def run(
        self, *words: str, given: bytes = b"", env: Mapping[str, str] | None = None, within: float = LONGEST
    ) -> Ran:
        """Run a command and return what it answered, whatever that is; raises ``TryLater`` where it cannot run."""
        command = ("git", "--literal-pathspecs", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", *words)
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=pipe, stdout=pipe, stderr=pipe, env={**self._environment(), **(env or {})},
                pass_fds=(self._held,) if self._held is not None else (), start_new_session=True,
            )  # fmt: skip
        except FileNotFoundError as none:
            raise TryLater("there is no git on this machine", unreachable=True) from none
        except OSError as full:
            raise TryLater(f"git cannot run ({full.strerror})", unreachable=True) from full
        try:
            async with asyncio.timeout(within):
                out, err = await process.communicate(given)
        except TimeoutError as silent:
            raise TryLater(f"git {words[0]}: no answer in {within:.0f}s", maybe_done=True, unreachable=True) from silent
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):  # with its helpers: ssh, a credential helper
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        code = process.returncode if process.returncode is not None else -1
        return Ran(code, out.decode(errors="surrogateescape"), err.decode(errors="replace"))

    async def local(self, *words: str, given: bytes = b"", env: Mapping[str, str] | None = None) -> str:
        """A command that reads and writes the clone alone; raises :class:`Broken` where that fails."""
        ran = await self.run(*words, given=given, env=env)
        if ran.code != 0:
            raise refusal(ran) if _CLOSED.search(ran.err) else Broken(ran.why)
        return ran.out

    async def remote(self, *words: str) -> Ran:
        """A command that asks the repository; raises ``TryLater`` where it does not answer, or not us."""
        ran = await self.run(*words)
        if ran.code != 0:
            raise refusal(ran)
        return ran

    def _environment(self) -> dict[str, str]:
        """The operator's own settings of git hold, but nobody is there to answer a question."""
        settings = self._settings
        who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
               for what, value in (("NAME", settings.record_author), ("EMAIL", settings.record_email))}  # fmt: skip
        ours = {"GIT_DIR": str(self.folder), "GIT_TERMINAL_PROMPT": "0", "GCM_INTERACTIVE": "never", "LC_ALL": "C"}
        kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
        ssh = {} if "GIT_SSH_COMMAND" in kept else {"GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=15"}
        return kept | ours | who | ssh | self._token(kept.get("GIT_CONFIG_COUNT", ""))

    def _token(self, told: str) -> dict[str, str]:
        """GitHub's token, handed over where no list of processes shows it; not before the address's own password.

        ``told`` is how many settings the operator's environment tells git already; ours comes behind them.
        """
        token, page = self._settings.github_token, self._settings.page
        parts = urlsplit(self._settings.repository)
        if token is None or not page or parts.scheme != "https" or parts.password:
            return {}
        basic = base64.b64encode(f"x-access-token:{token.get_secret_value()}".encode()).decode()
        place = int(told) if told.isdecimal() else 0
        return {
            "GIT_CONFIG_COUNT": f"{place + 1}",
            f"GIT_CONFIG_KEY_{place}": f"http.https://{self._settings.host}/.extraheader",
            f"GIT_CONFIG_VALUE_{place}": f"Authorization: Basic {basic}",
        }


_FOREIGN = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE"}
"""Of a git that started us, such as in a hook."""


def refusal(ran: Ran) -> Outside:
    """What a repository's no means: nobody may do that, not us, or not now."""
    if _CLOSED.search(ran.err):
        return Refused(ran.why)
    if _UNKNOWN.search(ran.err):
        return TryLater(ran.why, after=AGAIN)
    return TryLater(ran.why, maybe_done=True, unreachable=True)
