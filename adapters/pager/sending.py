"""Sending through Apprise: one address at a time, each in a thread of its own, within a bounded time."""

import asyncio
import logging
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat, NotifyType
from apprise.plugins import url_to_dict

from adapters.pager.letter import Letter

DROPS_DOUBLES = {"pagerduty": "dedup", "opsgenie": "alias"}
"""Services that drop what they know by this parameter: PagerDuty's ``dedup_key`` (Events API v2), Opsgenie's ``alias``
(Alert API)."""
ENDS = frozenset({"pagerduty"})
"""Services whose alert of a mark can be ended. Opsgenie's takes the id that it gave, which Apprise forgets."""
_STATUS = re.compile(r"error=(\d{3})\b")


@dataclass(frozen=True, slots=True)
class Sent:
    """What one service made of a page."""

    service: str
    """As people call it: ``ntfy``."""
    why: str = ""
    """Why it was not taken; empty where it was."""


def _hush() -> None:
    """Apprise's own lines name topics, numbers and hosts: nothing of them goes to our log. What failed is read from its
    result, and told in our words."""
    logger = logging.getLogger("apprise")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def service_of(address: str) -> str:
    """What an address's service is called; empty where the address cannot be read."""
    made = _made(address, mark="")
    return str(made.service_name) if made is not None else ""


def drops_doubles(address: str) -> bool:
    """Whether its service drops a page that it knows already, so that it may be sent again."""
    return _scheme(address) in DROPS_DOUBLES


async def send(addresses: Sequence[str], letter: Letter, *, within: float) -> list[Sent]:
    """Send to all of them side by side; returns what became of each, after so many seconds at the most."""
    return list(await asyncio.gather(*(_bounded(address, letter, within) for address in addresses)))


async def call_off(addresses: Sequence[str], letter: Letter, *, within: float) -> str:
    """End at their services what was sent under the letter's mark; why that failed, where it did."""
    able = [address for address in addresses if _scheme(address) in ENDS]
    came = await asyncio.gather(*(_bounded(address, letter, within, over=True) for address in able))
    return "; ".join(f"{one.service} {one.why}" for one in came if one.why)


def _scheme(address: str) -> str:
    return address.partition("://")[0].strip().lower()


async def _bounded(address: str, letter: Letter, within: float, *, over: bool = False) -> Sent:
    made = _made(address, mark=letter.mark, over=over)
    if made is None:
        return Sent("a service", "its address cannot be read")
    name = str(made.service_name)
    try:
        async with asyncio.timeout(within):
            return await _in_thread(lambda: _send(made, name, letter))
    except TimeoutError:
        return Sent(name, f"no answer within {within:g}s")


def _send(made: NotifyBase, name: str, letter: Letter) -> Sent:
    apprise = Apprise(asset=made.asset)
    apprise.add(made)
    came = apprise.notify(
        title=letter.title, body=letter.body, notify_type=NotifyType.FAILURE, body_format=NotifyFormat.TEXT
    )
    return Sent(name) if came else Sent(name, _why([entry.message for one in came for entry in one.logs()]))


def _why(said: Sequence[str]) -> str:
    """In our words: the library's name the address."""
    status = next((found[1] for line in said if (found := _STATUS.search(line))), "")
    if status:
        return f"answered {status}"
    return "cannot be reached" if any("onnection" in line or "ocket" in line for line in said) else "did not take it"


def _made(address: str, *, mark: str, over: bool = False) -> NotifyBase | None:
    """The service behind an address; its second notice of the same step is dropped where it can do so."""
    _hush()
    parts: dict[str, Any] | None = url_to_dict(address)  # type: ignore[no-untyped-call]
    if parts is None:
        return None
    known = DROPS_DOUBLES.get(str(parts.get("schema")))
    if known is not None and mark:
        parts[known] = mark
    if over:
        parts["action"] = "resolve"
    return Apprise.instantiate(parts, asset=_asset())


def _asset() -> AppriseAsset:
    """Tocsin's own face; no picture is fetched from anywhere, and the time is bounded by us."""
    return AppriseAsset(
        app_id="Tocsin", app_desc="Tocsin", app_url="", image_url_mask="", image_url_logo="", service_timeout=0
    )


async def _in_thread(does: Callable[[], Sent]) -> Sent:
    """Run it in a thread that nobody waits for at the end: one that hangs holds up no stop of the bot."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Sent] = loop.create_future()

    def settle(came: Sent) -> None:
        if not done.done():
            done.set_result(came)

    def run() -> None:
        came = does()  # Apprise turns whatever a service raises into a failure
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, came)

    threading.Thread(target=run, daemon=True, name="pager").start()
    return await done
