"""What the doctor asks over HTTP: whether the running bot is ready, and whether runbook links lead anywhere."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx

from bot.doctor import Finding, doubt, fine, wrong
from bot.playbook.help import Runbook

PATIENCE = 5.0
"""Seconds that one address is given."""
MOST_LINKS = 50
"""Runbook links asked for at most."""


async def running(host: str, port: int, *, patience: float = PATIENCE) -> Finding:
    """Ask the running bot at this address how it is."""
    what, url = "Running bot", f"http://{f'[{host}]' if ':' in host else host}:{port}/readyz"
    async with httpx.AsyncClient(timeout=patience, trust_env=False) as client:
        try:
            answer: httpx.Response | None = await client.get(url)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return doubt("bot.not-running", what, f"nothing answers at {url}", "Start it with `tocsin run`.")
        except httpx.TimeoutException:
            says, mend = f"whatever listens at {url} does not answer", "Its log says why; then start it anew."
            return wrong("bot.silent", what, says, mend)
        except httpx.HTTPError:
            answer = None
    said = _told(answer) if answer is not None else None
    if answer is None or said is None:
        mend = "Set HTTP_PORT to one that is free, or end that program."
        return wrong("bot.port-taken", what, f"another program than Tocsin answers at {url}", mend)
    if answer.status_code == httpx.codes.OK:
        remarks = "; ".join(f"{name}: {text}" for name, text in said.get("remarks", {}).items())
        return fine(what, f"ready{f'; {remarks}' if remarks else ''}")
    reason = "; ".join(f"{name} {text}" for name, text in said.get("reason", {}).items())
    mend = "Its log says more; the findings above may name the cause."
    return wrong("bot.not-ready", what, f"not ready: {reason}", mend)


def _told(answer: httpx.Response) -> dict[str, Any] | None:
    """What a Tocsin says; ``None`` where it is another program that answers."""
    try:
        said = answer.json()
    except ValueError:
        return None
    return said if isinstance(said, dict) and "ready" in said else None


async def links(runbooks: Sequence[Runbook]) -> list[Finding]:
    """Follow every runbook's link."""
    named = [(book.title, book.url) for book in runbooks if book.url][:MOST_LINKS]
    if not named:
        return []
    async with httpx.AsyncClient(timeout=PATIENCE, follow_redirects=True) as client:
        return list(await asyncio.gather(*(_link(client, title, url) for title, url in named)))


async def _link(client: httpx.AsyncClient, title: str, url: str) -> Finding:
    what = f"Runbook “{title}”"
    try:
        answer = await client.head(url)
        if answer.status_code in (httpx.codes.METHOD_NOT_ALLOWED, httpx.codes.NOT_IMPLEMENTED):
            answer = await client.get(url)
    except httpx.HTTPError as no:
        mend = "Look whether people can open it; it may be behind a sign-in, or its server away."
        return doubt("runbook.unreachable", what, f"{url} cannot be reached from here ({type(no).__name__})", mend)
    if answer.status_code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
        mend = "Correct its `url` in the playbook, or put the page back."
        return wrong("runbook.gone", what, f"{url} answers {answer.status_code}", mend)
    return fine(what, f"{url} answers {answer.status_code}")
