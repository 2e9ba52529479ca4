"""The sandbox's Discord on a server of its own, for tests."""

from aiohttp import web

from adapters.sandbox.discord.guild import DiscordGuild
from adapters.sandbox.guard import is_loopback

MOUNT = "/discord"


async def start_discord(guild: DiscordGuild, host: str = "127.0.0.1", port: int = 0) -> web.AppRunner:
    """Serve a guild on loopback (port 0: a free one) and set its ``base_url``; ``cleanup()`` on the result stops it."""
    if not is_loopback(host):
        raise ValueError(f"the sandbox listens on loopback only, so its host may be 127.0.0.1 or ::1, not {host!r}")
    app = web.Application()
    app.add_subapp(MOUNT, guild.application())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    bound = runner.addresses[0][1]
    guild.base_url = f"http://[{host}]:{bound}{MOUNT}" if ":" in host else f"http://{host}:{bound}{MOUNT}"
    return runner
