"""Folders that a scan reads and writes: on a disk, or in a store with an address, by one set of calls."""

import os
import posixpath
import re
from contextlib import suppress
from functools import cache
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.fs as pafs

#: Addresses that name a store.
SCHEMES = ("s3", "gs", "gcs", "file")
#: What the environment holds and no sentence may repeat.
SECRETS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")

_REFUSED = "the credentials in the environment (AWS_ACCESS_KEY_ID and its kin) do not allow it"
#: What the store answered, and what that means to a person.
_SAID = {
    "NO_SUCH_BUCKET": "there is no such bucket",
    "ACCESS_DENIED": _REFUSED,
    "INVALID_ACCESS_KEY_ID": _REFUSED,
    "INVALID_CLIENT_TOKEN_ID": _REFUSED,
    "SIGNATURE_DOES_NOT_MATCH": _REFUSED,
    "EXPIRED_TOKEN": "the session in the environment (AWS_SESSION_TOKEN) is over",
    "NETWORK_CONNECTION": "it does not answer",
}


class PlaceRefused(ValueError):
    """An address that is not used, and why, in a sentence without its credentials."""


def is_remote(place: str) -> bool:
    """Whether a place has an address, as `s3://bucket/folder`."""
    return "://" in place


def shown(place: str) -> str:
    """A place as sentences name it: an address without user, password and settings."""
    if not is_remote(place):
        return place
    parts = urlsplit(place)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def open_place(place: str) -> tuple[pafs.FileSystem, str]:
    """The file system and path of a folder: a local path, or the address of a store (`s3://bucket/folder`).

    Settings of a store stand behind a question mark (`?region=eu-west-1&endpoint_override=127.0.0.1:9000&scheme=http`);
    credentials come from the environment alone, so that no log, no list of processes and no finding holds them.

    Raises:
        PlaceRefused: credentials stand in the address, or it is none of a store.
        OSError: the store cannot be reached.
    """
    if not is_remote(place):
        return pafs.LocalFileSystem(), os.path.abspath(place)  # noqa: PTH100 - a path for Arrow, not for Python
    return _open_address(place)


@cache
def _open_address(place: str) -> tuple[pafs.FileSystem, str]:
    # One connection each process: without a region or keys, making one asks the network.
    parts = urlsplit(place)
    if parts.scheme not in SCHEMES:
        known = ", ".join(f"{scheme}://" for scheme in SCHEMES)
        raise PlaceRefused(f"{shown(place)}: nothing is known of {parts.scheme}://. Give a folder, or one of {known}.")
    if "@" in parts.netloc:
        raise PlaceRefused(
            f"{shown(place)}: credentials stand in the address, where logs and other users see them. "
            "Put them into the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) and leave them out here."
        )
    try:
        filesystem, path = pafs.FileSystem.from_uri(place)
    except pa.ArrowInvalid as error:
        raise PlaceRefused(f"{shown(place)}: {_without_secrets(str(error))}") from None
    return filesystem, path.rstrip("/")


def why(error: OSError) -> str:
    """What a store answered, in words, without its request numbers and without anything secret."""
    text = str(error)
    bucket = re.search(r"bucket '([^']+)'", text)
    at = f" (bucket {bucket[1]})" if bucket else ""
    code = re.search(r"AWS Error ([A-Z_]+)", text)
    if code and (said := _SAID.get(code[1])):
        return said + at
    if missing := re.search(r"Path does not exist '([^']+)'", text):
        return f"there is no folder {missing[1].rstrip('/')}"
    if "HTTP status 403" in text or "HTTP 403" in text:
        return _REFUSED + at
    first = text.split("\n", 1)[0].partition(" (Request ID")[0]
    return _without_secrets(first)[:300] or type(error).__name__


def put(filesystem: pafs.FileSystem, path: str, data: bytes) -> None:
    """Whole or absent: a store puts an object at its end; on a disk it is written aside and renamed."""
    if not isinstance(filesystem, pafs.S3FileSystem | pafs.GcsFileSystem):
        with suppress(FileExistsError):
            filesystem.create_dir(posixpath.dirname(path), recursive=True)
        aside = posixpath.join(posixpath.dirname(path), f".{posixpath.basename(path)}.{_token()}")
        with filesystem.open_output_stream(aside) as stream:
            stream.write(data)
        filesystem.move(aside, path)
        return
    with filesystem.open_output_stream(path) as stream:
        stream.write(data)


def _without_secrets(text: str) -> str:
    for name in SECRETS:
        if value := os.environ.get(name):
            text = text.replace(value, "…")
    return text


def _token() -> str:
    return f"{os.uname().nodename}-{os.getpid()}"
