"""``python -m adapters.sandbox``: the sandbox alone, for whatever bot one wants to point at it."""

import asyncio
import signal
from typing import Annotated

import typer

from adapters.sandbox.server import Sandbox

STOPS = (signal.SIGINT, signal.SIGTERM)


def main(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 picks a free one.", min=0, max=65535)] = 8090,
) -> None:
    """Run the local Slack and Discord until Ctrl-C. Example: python -m adapters.sandbox --port 8090"""
    try:
        asyncio.run(serve(port))
    except OSError as error:
        raise SystemExit(f"The sandbox cannot listen on port {port}: {error.strerror or error}.") from error


async def serve(port: int) -> None:
    """Run until the process is told to stop."""
    sandbox, stopped = Sandbox(), asyncio.Event()
    for stop in STOPS:
        asyncio.get_running_loop().add_signal_handler(stop, stopped.set)
    await sandbox.start(port=port)
    try:
        typer.echo(welcome(sandbox))
        await stopped.wait()
    finally:
        await sandbox.stop()


def welcome(sandbox: Sandbox) -> str:
    """Where the page is, and what a bot needs to be pointed here."""
    slack, discord = sandbox.slack, sandbox.discord
    lines = {
        "Open": f"{sandbox.url}/",
        "SLACK_API_URL": sandbox.slack_api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "DISCORD_API_URL": sandbox.discord_api_url,
        "DISCORD_TOKEN": discord.token,
        "DISCORD_GUILD_ID": discord.guild_id,
    }
    told = "\n".join(f"{name:<22}{value}" for name, value in lines.items())
    return f"{told}\n\nThe tokens open nothing but this sandbox. Ctrl-C stops it."


if __name__ == "__main__":
    typer.run(main)
