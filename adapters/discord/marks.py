"""What makes an effect recognisable, so that a second attempt finds the first one's (see docs/decisions/0011)."""

import base64
import hashlib
from datetime import datetime, timedelta

import discord

from adapters.discord.limits import NONCE
from bot.ports import Job

CODE = 5
"""Characters of the code in a marker: enough among what the bot itself wrote since the job's first attempt."""
SKEW = timedelta(minutes=1)
"""By how much our clock may be ahead of Discord's when we ask for what is younger than the first attempt."""


def _digest(key: str) -> str:
    return base64.b32encode(hashlib.sha256(key.encode()).digest()).decode().rstrip("=").lower()


def nonce(job: Job) -> str:
    """The same for every attempt: within a few minutes Discord itself answers a repeated post with the first one."""
    return _digest(job.key)[:NONCE]


def marker(job: Job) -> str:
    """A quiet reference at the end of a footer or topic, such as ``ref k7f3q``."""
    return f"ref {_digest(job.key)[:CODE]}"


def since(job: Job) -> int:
    """A snowflake that is older than anything that an attempt of this job made."""
    return discord.utils.time_snowflake(job.since - SKEW)


def made_at(snowflake: str) -> datetime:
    """When the thing with this id was made, aware, in UTC."""
    return discord.utils.snowflake_time(int(snowflake))
