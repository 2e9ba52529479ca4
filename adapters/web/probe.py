"""What the doctor asks over HTTP: whether the running bot is ready, and whether runbook links lead anywhere."""

from collections.abc import Sequence

import httpx

from bot.doctor import Finding, Health
from bot.playbook.help import Runbook

PATIENCE = 5.0
"""Seconds that one address is given."""
MOST_LINKS = 50
"""Runbook links asked for at most."""


async def running(host: str, port: int) -> Finding:
    """Ask the running bot at this address how it is."""
    what, url = "Running bot", f"http://{f'[{host}]' if ':' in host else host}:{port}/readyz"
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        try:
            answer = await client.get(url)
            said = answer.json()
        except (httpx.HTTPError, ValueError) as no:
            says = f"nothing answers at {url} ({type(no).__name__})"
            return Finding(what=what, health=Health.WORTH_A_LOOK, says=says, mend="Start it with `tocsin run`.")
    if answer.status_code == httpx.codes.OK:
        remarks = "; ".join(f"{name}: {text}" for name, text in said.get("remarks", {}).items())
        return Finding(what=what, health=Health.FINE, says=f"ready{f'; {remarks}' if remarks else ''}")
    reason = "; ".join(f"{name} {text}" for name, text in said.get("reason", {}).items())
    mend = "Its log says more; the findings above may name the cause."
    return Finding(what=what, health=Health.WRONG, says=f"not ready: {reason}", mend=mend)


async def links(runbooks: Sequence[Runbook]) -> list[Finding]:
    """Follow every runbook's link."""
    named = [(book.title, book.url) for book in runbooks if book.url][:MOST_LINKS]
    async with httpx.AsyncClient(timeout=PATIENCE, follow_redirects=True) as client:
        return [await _link(client, title, url) for title, url in named]


async def _link(client: httpx.AsyncClient, title: str, url: str) -> Finding:
    what = f"Runbook “{title}”"
    try:
        answer = await client.head(url)
        if answer.status_code in (httpx.codes.METHOD_NOT_ALLOWED, httpx.codes.NOT_IMPLEMENTED):
            answer = await client.get(url)
    except httpx.HTTPError as no:
        return Finding(what=what, health=Health.WORTH_A_LOOK, says=f"{url} cannot be reached from here ({no})")
    if answer.status_code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
        mend = "Correct its `url` in the playbook, or put the page back."
        return Finding(what=what, health=Health.WRONG, says=f"{url} answers {answer.status_code}", mend=mend)
    return Finding(what=what, health=Health.FINE, says=f"{url} answers {answer.status_code}")
