"""A connection to the web server that is held open no longer, and reads no more of a request's head, than is wise.

uvicorn's protocol for httptools knows no bound for either: one endless header keeps the loop busy with copying it, and
whoever sends a byte now and then keeps a connection for ever.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD = 64 * 1024
"""Bytes of a head that are read beyond the piece in which it begins (a piece is 256 KiB at most)."""
PATIENCE = 60.0
"""Seconds in which a request has to be there whole; a door's own patience for a body ends before, and is told."""
TOO_LONG = "The head of the request is too long."


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's own, within bounds."""

    patience = PATIENCE

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._begun = self._in_head = self._began_now = False
        self._head = 0
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Somebody connected, and has to say what for."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read a piece; a head that goes on and on is refused, and a request that does is waited for until it is
        late."""
        self._began_now = False
        super().data_received(data)
        if self._in_head and not self._began_now:
            self._head += len(data)
        if self.transport.is_closing():
            return
        if self._head > HEAD:
            self.send_400_response(TOO_LONG)
        elif self._begun and self._late is None:
            self._wait()
        elif not self._begun:
            self._wait_no_more()

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._begun = self._in_head = self._began_now = True
        self._head = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its head is whole."""
        self._in_head, self._head = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All of it is there."""
        self._begun = False
        super().on_message_complete()

    def _wait(self) -> None:
        self._late = self.loop.call_later(self.patience, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
