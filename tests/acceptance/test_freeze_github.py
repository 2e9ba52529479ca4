"""A real process, its real web server, and GitHub: a freeze is shown, a deployment waits through a kill and goes."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from adapters.sandbox.people import PEOPLE
from adapters.sandbox.server import Sandbox
from bot.settings import SHIPPED
from tests.support.forge import REPOSITORY, TOKEN, GitHub, signed
from tests.support.processes import BotProcess, environment, free_port

ANA = PEOPLE[0]
WITHIN = 60.0
"""Seconds for a start, a lease that runs out, and a deployment's next look."""


async def test_a_deployment_that_waits_survives_a_kill_and_goes_once_production_thaws(tmp_path: Path) -> None:
    sandbox, port = Sandbox(), free_port()
    await sandbox.start()
    async with GitHub() as github:
        settings = github.gated(tmp_path)
        about = {
            "GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": settings.github_api_url, "FREEZE_REPOSITORIES": REPOSITORY,
            "GITHUB_WEBHOOK_SECRET": "what GitHub signs with", "GITHUB_APP_ID": settings.github_app_id,
            "GITHUB_APP_KEY_FILE": settings.github_app_key_file, "HTTP_PORT": str(port),
        }  # fmt: skip
        url = f"sqlite:///{tmp_path / 'tocsin.db'}"
        bot = BotProcess("one", environment(sandbox, url, playbook=SHIPPED / "default") | about, logs=tmp_path)
        pull = github.opens()
        try:
            bot.start()
            discord = sandbox.discord
            await until(lambda: discord.connected)
            general = str(discord.channel_named("general")["id"])
            await discord.command(ANA.discord_id, general, "incident", {"what": "sev1", "details": "checkout is down"})
            await discord.command(
                ANA.discord_id, general, "incident", {"what": "#1 freeze", "details": "because it restarts"}
            )
            await until(lambda: github.stands(pull)[0] == "failure")

            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
                body, headers = signed("deployment_protection_rule", github.deploys("a" * 40, run=7))
                answer = await client.post("/freeze/github", content=body, headers=headers)
            assert answer.status_code == 202
            await until(lambda: len(github.reviews) == 1)
            assert "state" not in github.reviews[0]
            bot.kill()

            bot.start()
            while not await asyncio.to_thread(ready, port):
                await asyncio.sleep(0.1)
            await discord.command(
                ANA.discord_id, general, "incident", {"what": "#1 unfreeze", "details": "because it holds"}
            )
            await until(lambda: github.stands(pull)[0] == "success")
            await until(lambda: any(one.get("state") == "approved" for one in github.reviews))
            assert sum(one.get("state") == "approved" for one in github.reviews) == 1
            assert TOKEN not in bot.log() and "PRIVATE KEY" not in bot.log()
        finally:
            bot.stop()
            await sandbox.stop()


def ready(port: int) -> bool:
    """Whether every platform is connected to this process."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.02)
