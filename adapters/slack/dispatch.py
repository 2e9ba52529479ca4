"""An event on its way through Bolt: what Bolt itself stumbles over is no event of Slack's, and no fault of ours."""

from collections.abc import Callable
from http import HTTPStatus
from types import TracebackType

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.payloads import Unreadable

log = structlog.get_logger(__name__)
OURS = ("adapters.", "bot.")


async def dispatch(app: AsyncApp, request: Callable[[], AsyncBoltRequest]) -> BoltResponse:
    """Let Bolt dispatch a request, which is made here, since already that may fail; what cannot be read is
    acknowledged: sent again it would read the same."""
    try:
        made = request()
    except Exception as error:  # noqa: BLE001  # whatever Bolt stumbles over as it reads a body
        return acknowledged(error)
    try:
        answer = await app.async_dispatch(made)
    except Exception as error:
        if not strange(error):
            raise
        return acknowledged(error)
    if answer.status == HTTPStatus.NOT_FOUND:
        return BoltResponse(status=HTTPStatus.NOT_FOUND, body={"error": "Nothing here listens to such an event."})
    return answer


def acknowledged(error: Exception) -> BoltResponse:
    """Told in one line, and done with."""
    log.warning("slack payload not understood", where=str(error)[:200])
    return BoltResponse(status=200, body="")


def strange(error: Exception) -> bool:
    """Whether a payload was not of Slack's shape: we said so, or Bolt failed before any of our code was reached."""
    return isinstance(error, Unreadable) or not _reached_us(error.__traceback__)


def _reached_us(trace: TracebackType | None) -> bool:
    while trace is not None:
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        if name.startswith(OURS) and name != __name__:
            return True
        trace = trace.tb_next
    return False
