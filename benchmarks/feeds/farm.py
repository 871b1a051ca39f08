"""A private nginx on loopback that serves the feeds as two hundred outlets' servers would.

Ten feeds to an address, 127.0.1.1 to 127.0.1.200, on one port. Each file lies beside its packed form, which clients
that take gzip are sent, as caches do (`gzip_static`), so that packing costs nobody time. ETag and Last-Modified are
nginx's own, of the file's time and size.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.feeds.corpus import Corpus, packed

ADDRESSES = 200
WORKERS = 2
HOW_SERVED = f"nginx, {WORKERS} workers, {ADDRESSES} addresses, packed beforehand (gzip), ETag and Last-Modified"
_PATIENCE = 10.0
_CONFIGURATION = """\
daemon off;
{user}
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  types {{ application/xml xml; }}
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000;
  gzip_static on;
  gzip_vary on;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
{listening}
    root {folder}/root/$server_addr;
  }}
}}
"""


class Farm:
    """Serves the feeds of a corpus from a folder of its own while the context lasts."""

    def __init__(self, corpus: Corpus, folder: Path) -> None:
        """Serve from `folder`, which exists and is empty, on the file system of the corpus."""
        self._corpus = corpus
        self._folder = folder
        self._port = _free_port()
        self._changed: set[int] = set()
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Lay out the files and start nginx; raise `RuntimeError` with its words where it does not answer."""
        for place in range(ADDRESSES):
            (self._folder / "root" / _address(place)).mkdir(parents=True)
        for feed in self._corpus.feeds:
            self._lay(feed.number)
        (self._folder / "nginx.conf").write_text(self._configuration(), "ascii")
        self._server = subprocess.Popen(
            [nginx() or "nginx", "-c", self._folder / "nginx.conf", "-e", self._folder / "error.log"]
        )
        until = time.monotonic() + _PATIENCE
        while not _answers(self._port):
            if self._server.poll() is not None or time.monotonic() > until:
                self._stop()
                message = f"nginx does not start: {(self._folder / 'error.log').read_text('utf-8', 'replace')}"
                raise RuntimeError(message)
            time.sleep(0.05)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End nginx."""
        self._stop()

    def _stop(self) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait()

    def _configuration(self) -> str:
        listening = "\n".join(f"    listen {_address(place)}:{self._port};" for place in range(ADDRESSES))
        # Started by root, nginx would read as nobody, to whom temporary folders are closed.
        user = "user root;" if os.geteuid() == 0 else ""
        return _CONFIGURATION.format(user=user, workers=WORKERS, folder=self._folder, listening=listening)

    def urls(self) -> Sequence[str]:
        """Return the address of each feed, by number."""
        return [f"http://{_address(feed.number)}:{self._port}/{feed.number}.xml" for feed in self._corpus.feeds]

    def restore(self) -> None:
        """Serve every feed as it was at first, with the validators it had."""
        for number in self._changed:
            self._lay(number)
        self._changed.clear()

    def publish(self, number: int, body: bytes) -> None:
        """Serve another body from now on."""
        self.prepare(number, body)
        self.reveal(number)

    def prepare(self, number: int, body: bytes) -> None:
        """Lay another body ready, so that it can appear at once."""
        for place, content in zip(self._places(number), (body, packed(body)), strict=True):
            _coming(place).write_bytes(content)

    def reveal(self, number: int) -> None:
        """Serve from now on what was laid ready."""
        for place in self._places(number):
            _coming(place).replace(place)
        self._changed.add(number)

    def _lay(self, number: int) -> None:
        for place in self._places(number):
            with suppress(FileNotFoundError):
                place.unlink()
            place.hardlink_to(self._corpus.folder / place.name)

    def _places(self, number: int) -> tuple[Path, Path]:
        """Return where a feed and its packed form are served from."""
        place = self._folder / "root" / _address(number)
        return place / f"{number}.xml", place / f"{number}.xml.gz"


def _coming(place: Path) -> Path:
    return place.with_name(f"{place.name}.new")


def nginx() -> str | None:
    """Return where nginx is; None where it is not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def _address(number: int) -> str:
    return f"127.0.1.{number % ADDRESSES + 1}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_address(0), 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection((_address(0), port), timeout=1):
        return True
    return False
