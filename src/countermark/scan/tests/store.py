"""A store that speaks S3, as a process of its own on this machine: what it answers is what a real one answers."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.fs as pafs
import pytest

from countermark.scan import places

#: What nobody may ever read anywhere.
KEY, SECRET = "AKIACOUNTERMARKTEST1", "a-secret-that-no-sentence-repeats"
_SERVER = """
import sys, threading
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
"""


@dataclass(frozen=True)
class Store:
    """A running store with two empty buckets, `days` and `found`."""

    port: int

    def address(self, path: str) -> str:
        """`bucket/folder` as a person writes it for a scan."""
        return f"s3://{path}?endpoint_override=127.0.0.1:{self.port}&scheme=http&region=eu-west-1"

    def upload(self, folder: Path, path: str) -> None:
        """Every file below a folder of this machine."""
        filesystem, root = places.open_place(self.address(path))
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            with filesystem.open_output_stream(f"{root}/{file.relative_to(folder)}") as stream:
                stream.write(file.read_bytes())

    def files(self, path: str) -> dict[str, bytes]:
        """Name and bytes of every object below a folder."""
        filesystem, root = places.open_place(self.address(path))
        found = filesystem.get_file_info(pafs.FileSelector(root, recursive=True))
        names = sorted(one.path for one in found if one.type == pafs.FileType.File)
        return {name.removeprefix(f"{root}/"): filesystem.open_input_file(name).read() for name in names}

    def ask_for_rights(self) -> None:
        """From now on a request needs a key that the store knows; it knows none."""
        self._tell("reset-auth", b"0")

    def forget(self) -> None:
        """Empty, and open to all again."""
        self._tell("reset-auth", b"inf")
        self._tell("reset", b"")

    def _tell(self, what: str, data: bytes) -> None:
        address, kind = f"http://127.0.0.1:{self.port}/moto-api/{what}", {"Content-Type": "text/plain"}
        urllib.request.urlopen(urllib.request.Request(address, data, kind), timeout=30).close()


@pytest.fixture(scope="session")
def _running() -> Iterator[Store]:
    # Its own environment: nothing of the tests' credentials or proxies.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "INITIAL_NO_AUTH"))}
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=kept,
    ) as server:
        assert server.stdout is not None
        said = server.stdout.readline()
        assert said.strip().isdigit(), "the store did not start"
        yield Store(int(said))
        server.terminate()


@pytest.fixture
def store(_running: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    places._open_address.cache_clear()
    _running.forget()
    given = f"endpoint_override=127.0.0.1:{_running.port}&scheme=http&region=eu-west-1&allow_bucket_creation=true"
    filesystem, _ = pafs.FileSystem.from_uri(f"s3://days?{given}")
    filesystem.create_dir("days")
    filesystem.create_dir("found")
    yield _running
    places._open_address.cache_clear()
