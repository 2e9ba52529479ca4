"""A sandbox Slack on a server of its own, for tests that need no more than that."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from adapters.sandbox.guard import guard, is_loopback
from adapters.sandbox.slack.workspace import SlackWorkspace


async def start_slack(workspace: SlackWorkspace, host: str = "127.0.0.1", port: int = 0) -> web.AppRunner:
    """Serve the workspace at ``http://HOST:PORT/slack/``; end with the runner's ``cleanup()``.

    Raises :class:`ValueError` for a host that others could reach.
    """
    if not is_loopback(host):
        raise ValueError(f"the sandbox listens on loopback only, so its host may be 127.0.0.1 or ::1, not {host!r}")
    app = web.Application(middlewares=[guard])
    app.add_subapp("/slack/", workspace.application())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    name = f"[{host}]" if ":" in host else host
    workspace.base_url = f"http://{name}:{runner.addresses[0][1]}/slack"
    return runner


@asynccontextmanager
async def running(workspace: SlackWorkspace, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve the workspace for a while; gives the ``base_url`` for slack_sdk."""
    runner = await start_slack(workspace, host, port)
    try:
        yield f"{workspace.base_url}/api/"
    finally:
        await runner.cleanup()
