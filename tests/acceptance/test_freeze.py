"""A pipeline's step beside a bot: both are processes of their own, and only the address leads from one to the other."""

import asyncio
import json
import sys
from pathlib import Path

from adapters.sandbox.people import PEOPLE
from adapters.sandbox.server import Sandbox
from bot.settings import SHIPPED
from tests.support.processes import BotProcess, environment, free_port

ANA = PEOPLE[0]
PULL = "https://github.com/acme/shop/pull/7"


async def step(where: Path, *words: str, **env: str) -> tuple[int | None, str]:
    """What a step with these words exits with, and what it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "freeze", *words), env=env, cwd=where,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode, said.decode()


async def test_a_pipeline_asks_the_running_bot_and_goes_by_the_exit_code(tmp_path: Path) -> None:
    sandbox, port = Sandbox(), free_port()
    await sandbox.start()
    settings = environment(sandbox, f"sqlite:///{tmp_path / 'tocsin.db'}", playbook=SHIPPED / "platform")
    bot = BotProcess("bot", settings | {"HTTP_PORT": str(port), "FREEZE_TOKEN": "the-token"}, logs=tmp_path)
    root = str(SHIPPED.parent)
    pipeline = {"TOCSIN_URL": f"http://127.0.0.1:{port}", "FREEZE_TOKEN": "the-token", "PYTHONPATH": root}

    async def says(words: str) -> None:
        general = sandbox.slack.channel_named("general").id
        assert (await sandbox.slack.command(ANA.slack_id, general, words)).acked

    try:
        assert (await step(tmp_path, **pipeline))[0] == 3
        bot.start()
        async with asyncio.timeout(30):
            while not (sandbox.slack.connected and sandbox.discord.connected):
                await asyncio.sleep(0.05)
        assert (await step(tmp_path, **pipeline))[0] == 0
        await says("sev1 checkout is down")
        await says(f"#1 allow {PULL} because it brings the old pool size back")
        code, said = await step(tmp_path, **pipeline)
        assert code == 1 and "#1 is SEV1." in said
        code, said = await step(tmp_path, "--change", PULL, "--json", **pipeline)
        assert code == 0 and json.loads(said)["incidents"][0]["title"] == "checkout is down"
        code, said = await step(tmp_path, **(pipeline | {"FREEZE_TOKEN": "another"}))
        assert code == 3 and "wants another token" in said
    finally:
        await asyncio.to_thread(bot.stop)
        await sandbox.stop()
