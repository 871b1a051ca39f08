from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.feeds.unpack import MOST_STREAMS, PIECE, Unpacker
from watchers.ports import FetchError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACKERS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
TEXT = b"<rss version='2.0'><channel><title>Meridian</title></channel></rss>"


def unpacked(encoding: str, *chunks: bytes) -> bytes:
    unpacker = Unpacker(encoding)
    body = b"".join(piece for chunk in chunks for piece in unpacker.pieces(chunk))
    unpacker.finish()
    return body


def cut(packed: bytes, size: int) -> list[bytes]:
    return [packed[at : at + size] for at in range(0, len(packed), size)]


@given(
    encoding=st.sampled_from(sorted(PACKERS)),
    parts=st.lists(st.tuples(st.binary(max_size=40), st.integers(0, 5_000)), max_size=8),
    size=st.integers(1, 70_000),
)
def test_what_is_packed_comes_out_whole_however_it_is_cut(
    encoding: str, parts: list[tuple[bytes, int]], size: int
) -> None:
    body = b"".join(part * times for part, times in parts)
    assert unpacked(encoding, *cut(PACKERS[encoding](body), size)) == body


@pytest.mark.parametrize("encoding", sorted(PACKERS))
def test_a_bomb_is_unpacked_no_further_than_is_asked_for(encoding: str) -> None:
    pieces = Unpacker(encoding).pieces(PACKERS[encoding](b" " * 50_000_000))
    sizes = [len(next(pieces)) for _ in range(20)]

    assert max(sizes) <= 2 * PIECE


@pytest.mark.parametrize("encoding", sorted(PACKERS))
def test_a_body_that_stops_before_its_end_is_refused(encoding: str) -> None:
    packed = PACKERS[encoding](TEXT * 50)

    with pytest.raises(FetchError, match="breaks off before its end"):
        unpacked(encoding, packed[:-5])


@pytest.mark.parametrize("encoding", sorted(PACKERS))
def test_what_is_not_packed_as_it_says_is_refused(encoding: str) -> None:
    with pytest.raises(FetchError, match=f"packed with {encoding}, but it cannot be unpacked"):
        unpacked(encoding, b"\xff<rss/> is plain to see")


@given(encoding=st.sampled_from(sorted(PACKERS)), garbage=st.binary(max_size=300), size=st.integers(1, 50))
def test_whatever_a_server_packs_there_is_an_outcome_in_words(encoding: str, garbage: bytes, size: int) -> None:
    packed = bytearray(PACKERS[encoding](TEXT))
    packed[len(packed) // 2 : len(packed) // 2 + 3] = garbage
    with suppress(FetchError):
        unpacked(encoding, *cut(bytes(packed), size))


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_several_streams_are_one_body_and_endlessly_many_are_none(encoding: str) -> None:
    pack = PACKERS[encoding]
    assert unpacked(encoding, pack(TEXT[:20]) + pack(TEXT[20:])) == TEXT

    with pytest.raises(FetchError, match="packed in more than 200 parts"):
        unpacked(encoding, pack(b"") * (MOST_STREAMS + 1))


def test_padding_after_the_end_is_ignored_as_browsers_do() -> None:
    assert unpacked("gzip", gzip.compress(TEXT) + b"\0" * 8, b"\0" * 8) == TEXT
    assert unpacked("x-gzip", gzip.compress(TEXT) + b"\r\n", b"<!-- 12 ms -->") == TEXT
    assert unpacked("deflate", zlib.compress(TEXT), b"\n") == TEXT
    assert unpacked("br", brotli.compress(TEXT), b"\n") == TEXT


@pytest.mark.parametrize("body", [TEXT, b" " * (PIECE + 1), b" " * (PIECE + 9), b" " * (3 * PIECE)])
def test_bare_deflate_is_understood_to_its_last_byte(body: bytes) -> None:
    squeezer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    assert unpacked("deflate", squeezer.compress(body) + squeezer.flush()) == body


def test_no_window_beyond_eight_megabytes_is_set_aside() -> None:
    wide = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    with pytest.raises(FetchError, match="cannot be unpacked"):
        unpacked("zstd", wide.compress(TEXT * 200_000) + wide.flush())


@pytest.mark.parametrize("encoding", ["compress", "gzip, br", "utf-8", "br" * 100])
def test_a_packing_nobody_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(FetchError, match="packed in a way we did not ask for"):
        Unpacker(encoding)


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_what_is_not_packed_passes(encoding: str) -> None:
    assert unpacked(encoding, TEXT[:9], TEXT[9:]) == TEXT


def test_an_empty_answer_is_empty_however_it_is_packed() -> None:
    assert all(unpacked(encoding) == b"" for encoding in PACKERS)
