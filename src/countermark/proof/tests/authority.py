"""A timestamp authority of our own for tests: OpenSSL behind a loopback server, with a root made for the occasion."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# Without `certs` on purpose: OpenSSL 3.0 then writes the set of certificates out of order, which strict readers refuse.
_CONFIG = """
[req]
distinguished_name = dn
prompt = no
[dn]
CN = {name}
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[stamper]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = main
[main]
dir = {folder}
serial = {folder}/serial
signer_cert = {folder}/stamper.pem
signer_key = {folder}/stamper.key
signer_digest = sha256
ess_cert_id_alg = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
crypto_device = builtin
"""


@dataclass(frozen=True)
class Authority:
    """A folder with a root, a key that stamps, and OpenSSL's configuration."""

    folder: Path

    @classmethod
    def made(cls, folder: Path, name: str = "Stamps of the Test", *, usage: str = "stamper") -> "Authority":
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config").write_text(_CONFIG.format(folder=folder, name=name))
        (folder / "serial").write_text("01\n")
        one = cls(folder)
        new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "3650")
        one._run("req", "-x509", *new, "-keyout", "root.key", "-out", "root.pem", "-extensions", "root")
        signed = ("-CA", "root.pem", "-CAkey", "root.key", "-subj", f"/CN={name} 1")
        extensions = ("-extensions", usage) if usage else ()
        one._run("req", "-x509", *new, *signed, "-keyout", "stamper.key", "-out", "stamper.pem", *extensions)
        return one

    @property
    def pem(self) -> bytes:
        return (self.folder / "root.pem").read_bytes()

    def stamp(self, request: bytes) -> bytes:
        """Answer a request."""
        question = self.folder / "question.tsq"
        question.write_bytes(request)
        self._run("ts", "-reply", "-queryfile", str(question), "-out", "answer.tsr")
        return (self.folder / "answer.tsr").read_bytes()

    def _run(self, tool: str, *arguments: str) -> None:
        command = ["openssl", tool, "-config", "config", *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr


@contextmanager
def served(authority: Authority) -> Iterator[str]:
    """The address at which an authority answers."""
    one_at_a_time = threading.Lock()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            with one_at_a_time:
                answer = authority.stamp(request)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
