"""Undoes a Content-Encoding in pieces, so that a small answer never grows beyond what is asked for.

gzip and deflate (RFC 9110, section 8.4.1), br (RFC 7932) and zstd (RFC 8878). A zstd window is at most 8 MB, as
RFC 9659 has it; the decoder would otherwise set 128 MB aside at a server's word.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli

from watchers.feed_model import Reason
from watchers.ports import FetchError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"
"""What we tell servers that we can unpack."""
PIECE = 65_536
"""Bytes that one piece has at most; brotli may give out up to twice as much."""
MOST_STREAMS = 200
"""Streams that may follow each other in one body; each costs time, however little it holds."""

_WINDOW_LOG = 23
_PLAIN = frozenset({"", "identity"})
_GZIP_START = b"\x1f"


class _Decoder(Protocol):
    """One packed stream."""

    @property
    def ended(self) -> bool:
        """Whether the stream is complete."""

    @property
    def rest(self) -> bytes:
        """What followed the complete stream."""

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """Give out what `chunk` adds."""


class Unpacker:
    """Unpacks one body, chunk by chunk; raises `FetchError` where it is not packed as the server says."""

    def __init__(self, encoding: str) -> None:
        """Unpack what a `Content-Encoding` header calls `encoding` ("": not packed)."""
        self._encoding = encoding.strip().lower()
        if self._encoding not in _PLAIN and self._encoding not in _DECODERS:
            raise FetchError(
                Reason("the answer is packed in a way we did not ask for ({encoding})", encoding=self._encoding[:40])
            )
        self._decoder: _Decoder | None = None
        self._streams = 0
        self._over = False

    @property
    def is_plain(self) -> bool:
        """Whether the body is not packed at all."""
        return self._encoding in _PLAIN

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """Give out what `chunk` adds, a piece at a time: whoever has enough stops asking."""
        if self.is_plain:
            yield chunk
            return
        try:
            while chunk := self._stream_in(chunk):
                decoder = self._decoder or self._open(chunk)
                yield from decoder.pieces(chunk)
                if not decoder.ended:
                    return
                self._decoder, chunk = None, decoder.rest
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise FetchError(
                Reason(
                    "the answer says it is packed with {encoding}, but it cannot be unpacked", encoding=self._encoding
                )
            ) from error

    def _stream_in(self, chunk: bytes) -> bytes:
        """Return what is left of `chunk` to unpack: what follows the last stream is padding, as browsers have it."""
        if self._decoder is not None or self._streams == 0 or self._encoding == "zstd":
            return chunk
        chunk = chunk.lstrip(b"\0")
        if self._encoding in {"gzip", "x-gzip"} and chunk[:1] == _GZIP_START and not self._over:
            return chunk
        self._over = self._over or chunk != b""
        return b""

    def _open(self, chunk: bytes) -> _Decoder:
        self._streams += 1
        if self._streams > MOST_STREAMS:
            raise FetchError(Reason("the answer is packed in more than {count} parts", count=MOST_STREAMS))
        self._decoder = decoder = _DECODERS[self._encoding](chunk)
        return decoder

    def finish(self) -> None:
        """Refuse a packed body that stopped before its end."""
        if self._decoder is not None:
            raise FetchError(Reason("the answer breaks off before its end"))


class _Inflater:
    """gzip and deflate."""

    def __init__(self, wbits: int) -> None:
        self._inflater = zlib.decompressobj(wbits=wbits)

    @classmethod
    def gzip(cls, _: bytes) -> _Inflater:
        return cls(16 + zlib.MAX_WBITS)

    @classmethod
    def deflate(cls, chunk: bytes) -> _Inflater:
        # RFC 9110 means the zlib format; some servers send bare deflate instead.
        has_zlib_header = chunk[0] & 0x0F == zlib.DEFLATED
        return cls(zlib.MAX_WBITS if has_zlib_header else -zlib.MAX_WBITS)

    @property
    def ended(self) -> bool:
        return self._inflater.eof

    @property
    def rest(self) -> bytes:
        return self._inflater.unused_data

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        more = True
        while more:
            piece = self._inflater.decompress(chunk, PIECE)
            if piece:
                yield piece
            chunk = self._inflater.unconsumed_tail
            # A full piece may have left some behind inside, although all input is consumed.
            more = not self.ended and (chunk != b"" or len(piece) == PIECE)


class _Brotli:
    rest = b""

    def __init__(self, _: bytes) -> None:
        self._decoder = brotli.Decompressor()

    @property
    def ended(self) -> bool:
        return bool(self._decoder.is_finished())

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        # Asked until it is empty: it may have more to give out although it says that it can accept more.
        while piece := self._decoder.process(chunk, output_buffer_limit=PIECE):
            yield piece
            chunk = b""


class _Zstandard:
    def __init__(self, _: bytes) -> None:
        self._decoder = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})

    @property
    def ended(self) -> bool:
        return self._decoder.eof

    @property
    def rest(self) -> bytes:
        return self._decoder.unused_data

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        more = True
        while more:
            piece = self._decoder.decompress(chunk, PIECE)
            if piece:
                yield piece
            chunk = b""
            more = not self.ended and not self._decoder.needs_input


_DECODERS: dict[str, Callable[[bytes], _Decoder]] = {
    "gzip": _Inflater.gzip,
    "x-gzip": _Inflater.gzip,
    "deflate": _Inflater.deflate,
    "br": _Brotli,
    "zstd": _Zstandard,
}
