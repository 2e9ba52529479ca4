"""Bots that begin where everything is loaded already: a process of their own each, forked from one that has imported
what a bot needs. Loading takes seconds of a processor, a thousand times; being killed while a file is read from disk
shows nothing.
"""

import multiprocessing
import os
import sys
from importlib import import_module
from pathlib import Path

from tests.support.processes import BotProcess

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.chaos.loaded"])


class ForkedBot(BotProcess):
    """One replica of today's code; of another folder's code it is started as any process is."""

    _forked: multiprocessing.context.ForkServerProcess | None = None

    @property
    def alive(self) -> bool:
        return self._forked.is_alive() if self._forked is not None else super().alive

    @property
    def pid(self) -> int | None:
        if self._forked is None:
            return super().pid
        return self._forked.pid if self.alive else None

    def start(self) -> None:
        self._forked = None
        if self.folder is not None:
            super().start()
            return
        self._forked = _FORKS.Process(target=_be, args=(self._environment, self._log), name=self.name)
        self._forked.start()

    def kill(self) -> None:
        if self._forked is None:
            super().kill()
        elif self.alive:
            self._forked.kill()
            self._forked.join()
            self.kills += 1

    def stop(self) -> None:
        if self._forked is None:
            super().stop()
        elif self.alive:
            self._forked.terminate()
            self._forked.join(10)
            self._forked.kill()
            self._forked.join()


def _be(environment: dict[str, str], log: Path) -> None:
    """Become a bot, as a shell would have started it."""
    live = import_module("tests.chaos.bot").live  # in the forked process only
    os.environ.clear()
    os.environ.update(environment)
    said = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(said, stream)
    sys.argv = ["tocsin", "run"]
    live()
