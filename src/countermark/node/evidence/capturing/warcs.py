"""The recording: WARC 1.1 (ISO 28500), a request and an answer for each fetch, with digests."""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import httpx
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

#: Taken off by the client before we see the body; a header that speaks of it would make the record wrong.
_CHUNKED = b"transfer-encoding"


class Warc:
    """A recording under way. Close it."""

    def __init__(self, path: Path, about: dict[str, str]) -> None:
        self._file: BinaryIO = path.open("wb")
        self._writer = WARCWriter(self._file, gzip=True, warc_version="1.1")
        self._writer.write_record(self._writer.create_warcinfo_record(path.name, about))

    def write(self, url: str, response: httpx.Response, packed: bytes, began: str, there: str) -> None:
        """Record one request and its answer; `packed` is the body as it came, `there` the address that answered."""
        about = {"WARC-Date": began}
        if there:
            about["WARC-IP-Address"] = there
        version = response.extensions.get("http_version", b"HTTP/1.1").decode("ascii", "replace")
        headers = [pair for pair in response.headers.raw if pair[0].lower() != _CHUNKED]
        status = f"{response.status_code} {response.reason_phrase}".strip()
        answer = self._writer.create_warc_record(
            url,
            "response",
            payload=BytesIO(packed),
            http_headers=StatusAndHeaders(status, _texts(headers), protocol=version, is_http_request=False),
            warc_headers_dict=dict(about),
        )
        asked = StatusAndHeaders(
            f"{response.request.url.raw_path.decode('ascii')} {version}",
            _texts(response.request.headers.raw),
            protocol="GET",
            is_http_request=True,
        )
        request = self._writer.create_warc_record(
            url, "request", payload=BytesIO(b""), http_headers=asked, warc_headers_dict=dict(about)
        )
        self._writer.write_request_response_pair(request, answer)

    def close(self) -> None:
        """Write the last bytes."""
        self._file.close()


def _texts(pairs: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs]
