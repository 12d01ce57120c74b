"""A shop on this machine, as a page to capture."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from countermark.node.evidence.factories import picture_bytes


def pages(count: int = 3) -> dict[str, tuple[str, bytes]]:
    pictures = {f"/p{n}.jpg": ("image/jpeg", picture_bytes(colour=(n * 20 % 256, 80, 40))) for n in range(count)}
    named = "".join(f'<img src="{path}">' for path in pictures)
    text = f"<!doctype html><title>Offer</title><h1>Sac Aurelle 包</h1>{named}<img src='/broken.png'>"
    return {
        "/offer": ("text/html; charset=utf-8", text.encode()),
        "/broken.png": ("image/png", b"no picture"),
        **pictures,
    }


@contextmanager
def shop(contents: dict[str, tuple[str, bytes]]) -> Iterator[str]:
    """The shop's address, without a stroke at its end."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/moved"):
                self.send_response(302)
                self.send_header(
                    "Location", {"/moved": "/offer", "/moved-in": "http://10.0.0.1/"}.get(self.path, self.path)
                )
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            kind, data = contents.get(self.path, ("", b""))
            self.send_response(200 if kind else 404)
            if self.path == "/bomb":
                self.send_header("Content-Encoding", "gzip")
                data = gzip.compress(data)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
