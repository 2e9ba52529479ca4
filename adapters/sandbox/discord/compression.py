"""The gateway's transport compression: one stream for as long as the socket lives, flushed after each event."""

import zlib
from typing import Protocol

ZSTD_MAGIC = (0xFD2FB528).to_bytes(4, "little")
ZSTD_FRAME = bytes([0x00, 0x58])
"""Frame header: no content size, no checksum, no dictionary; a window of 2^(10+11) bytes [RFC 8878 §3.1.1.1]."""
ZSTD_BLOCK = 128 * 1024
"""The largest block that the format allows."""


class Stream(Protocol):
    def pack(self, frame: str) -> bytes | str:
        """One event as it goes over the socket; text goes as a text frame."""
        ...


class Plain:
    """No compression."""

    def pack(self, frame: str) -> str:
        return frame


class ZlibStream:
    """``compress=zlib-stream``: a shared deflate context, each event ending in 00 00 FF FF."""

    def __init__(self) -> None:
        self._deflate = zlib.compressobj()

    def pack(self, frame: str) -> bytes:
        return self._deflate.compress(frame.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """``compress=zstd-stream``: one endless frame of raw blocks.

    Raw blocks do not shrink anything, which on loopback nobody misses, and need no library; to the client's
    decompressor they are as good as any.
    """

    def __init__(self) -> None:
        self._begun = False

    def pack(self, frame: str) -> bytes:
        data = frame.encode()
        packed = bytearray() if self._begun else bytearray(ZSTD_MAGIC + ZSTD_FRAME)
        self._begun = True
        for start in range(0, len(data), ZSTD_BLOCK):
            block = data[start : start + ZSTD_BLOCK]
            # Three bytes: "last block" (never), type 0 (raw), size.
            packed += (len(block) << 3).to_bytes(3, "little") + block
        return bytes(packed)


def stream_for(compress: str) -> Stream:
    """The stream that the URL's ``compress`` asks for."""
    if compress == "zlib-stream":
        return ZlibStream()
    return ZstdStream() if compress == "zstd-stream" else Plain()
