"""The written copy: a folder in which every file is whole at every moment, and that says when it was written."""

import contextlib
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from time import time

from pydantic import ValidationError

from adapters.publicpage.edition import Edition

KEPT = "edition.json"
"""What the copy was made of; read where the database cannot be asked after a start."""
NAME = re.compile(r"(?:(?:history/)?index\.html|404\.html|status\.css|icon\.svg|(?:status|history)\.json"
                  r"|feed\.(?:atom|rss)|incidents/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.html)")  # fmt: skip
"""The files that are served. No other name reaches the disk."""
HALF = ".new-"
"""How the name of a file begins that is being written."""
LEFT_AFTER = 60.0
"""Seconds after which nobody is writing it any more; another replica may share the folder."""
FOLDERS = ("incidents", "history")


class Copy:
    """The folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: tuple[tuple[int, int] | None, bool] = (None, False)

    def write(self, files: Mapping[str, bytes]) -> None:
        """Put these in the place of what stands there; raises ``OSError``. What says the same is left as it is."""
        for name in FOLDERS:
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            if self._stands(name) != content:
                self._put(name, content)

    def drop(self, besides: Iterable[str]) -> None:
        """Delete the pages of incidents that are public no more, and what a writer that was killed left lying."""
        kept = set(besides)
        for path in (self.folder / "incidents").glob("*.html"):
            if f"incidents/{path.name}" not in kept:
                path.unlink(missing_ok=True)
        for path in self.folder.rglob(f"{HALF}*"):
            with contextlib.suppress(FileNotFoundError):
                if time() - path.stat().st_mtime > LEFT_AFTER:
                    path.unlink()

    def edition(self) -> Edition | None:
        """What was written last; ``None`` where nothing was, or nothing that can be read."""
        stands = self._stands(KEPT)
        try:
            return None if stands is None else Edition.model_validate_json(stands)
        except ValidationError:
            return None

    def stale(self) -> bool:
        """Whether what stands says that it may be out of date; read only where it was written since."""
        try:
            looked = (self.folder / KEPT).stat()
        except OSError:
            return False
        stamp = (looked.st_mtime_ns, looked.st_ino)
        if self._seen[0] != stamp:
            known = self.edition()
            self._seen = (stamp, known is not None and known.stale)
        return self._seen[1]

    def keep(self, edition: Edition) -> None:
        """Note what the copy was made of."""
        self.write({KEPT: edition.model_dump_json().encode()})

    def try_out(self) -> None:
        """Write and delete a file; raises ``OSError`` where that cannot be done."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".tried-"):
            pass

    def _stands(self, name: str) -> bytes | None:
        try:
            return (self.folder / name).read_bytes()
        except OSError:
            return None

    def _put(self, name: str, content: bytes) -> None:
        """A reader sees the old file or the new one, never half of either."""
        place = self.folder / name
        handle, made = tempfile.mkstemp(dir=place.parent, prefix=HALF)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(made).chmod(0o644)  # mkstemp's own is for the owner only, and another server may serve the folder
            Path(made).replace(place)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(made).unlink()
            raise
