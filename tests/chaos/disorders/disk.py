"""A disk that is full."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from tests.chaos.disorders.disorder import Disorder
from tests.chaos.fire import Fire

SIZE = {"sqlite": "96m", "postgres": "400m"}
LUMP = 1 << 16


class DiskFull(Disorder):
    """The database lies on a small file system of its own, which something else fills."""

    name = "disk full"
    says = "the database's file system is full to the last byte for up to fifteen seconds, three times"
    share = 4

    def lacks(self, database: str) -> str:
        if may_mount():
            return ""
        return "only root may mount the small file system that it needs; run it as root, in a container for instance"

    def lasts(self, fire: Fire) -> float:
        """About."""
        return 40.0

    async def burn(self, fire: Fire) -> None:
        assert fire.disk is not None
        for _ in range(3):
            await asyncio.sleep(fire.random.uniform(2, 5))
            ballast = fire.disk / "ballast"
            with fire.outages.during():
                await asyncio.to_thread(_fill, ballast)
                ends = asyncio.get_running_loop().time() + fire.random.uniform(4, 15)
                while asyncio.get_running_loop().time() < ends:
                    await asyncio.sleep(0.2)
                    await asyncio.to_thread(_fill, ballast)
                ballast.unlink()
                if fire.server is not None and not fire.server.alive:
                    fire.tell("PostgreSQL had stopped for want of room; started again")
                    await asyncio.to_thread(fire.server.resume)


def _fill(ballast: Path) -> None:
    """To the last byte."""
    with ballast.open("ab", buffering=0) as written:
        for lump in (LUMP, 4096, 512, 1):
            try:
                while True:
                    written.write(b"\0" * lump)
            except OSError:
                continue


@cache
def may_mount() -> bool:
    """Whether a file system can be mounted here."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    with ExitStack() as stack:
        try:
            small(stack, "1m")
        except OSError:
            return False
    return True


def small(stack: ExitStack, size: str) -> Path:
    """A small file system of its own, as long as ``stack`` lives."""
    folder = Path(tempfile.mkdtemp(prefix="tocsin-disk-"))
    stack.callback(folder.rmdir)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=777", "tocsin", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        raise OSError("mount was refused")
    stack.callback(lambda: subprocess.run(["umount", "--lazy", str(folder)], check=True))
    return folder
