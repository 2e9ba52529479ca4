"""One attempt in a process of its own, to be killed: ``python -m tests.git.one REPOSITORY FOLDER TURN``."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from adapters.git.adapter import GitAdapter
from adapters.git.settings import RecordSettings
from bot.intents import Commit
from bot.ports import Job
from bot.postmortem.log import Row
from tests.support.learner import Learner

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LOG = "docs/INCIDENT_LOG.md"


async def attempt(repository: str, folder: str, turn: int) -> Learner:
    """Have a document and a line kept."""
    adapter = GitAdapter(RecordSettings.model_validate({"record_repository": repository}), folder=Path(folder))
    adapter.platform.ear = ear = Learner()
    row = Row(number=42, date="2026-11-20", severity="SEV-1", title="down", status=f"turn {turn}")
    commit = Commit(turn=turn, incident=42, revision=turn, path="down.md", content=f"# Down {turn}\n", log=LOG,
                    row=row, title=f"Turn {turn}", at=NOON)  # fmt: skip
    await adapter.platform.perform(Job(f"42/commit/{turn}", commit, 42, NOON))
    return ear


if __name__ == "__main__":
    asyncio.run(attempt(sys.argv[1], sys.argv[2], int(sys.argv[3])))
