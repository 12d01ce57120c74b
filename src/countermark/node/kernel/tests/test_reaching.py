"""Connections go to the address that was checked, to no other, and end in time."""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import BoundedSemaphore, Event

import httpcore
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from countermark.node.kernel import reaching
from countermark.node.kernel.addresses import AddressRefused, Reach
from countermark.node.kernel.deadlines import TooSlow, deadline, left
from countermark.node.kernel.reaching import GuardedBackend, look_up, open_client
from countermark.node.kernel.tests.loopback import answer, read_request, saying, serving

DEMO = Reach(allow_loopback_http=True)


def _code(url: str, *answers: str) -> str:
    """Code of the refusal; what the resolver answers, where it is not the system's."""
    with (
        open_client(Reach(), resolver=lambda host, port: list(answers) or look_up(host, port)) as client,
        pytest.raises(AddressRefused) as caught,
    ):
        client.get(url)
    return caught.value.code


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/", "loopback"),
        ("https://localhost/", "loopback"),
        ("https://2130706433/", "loopback"),
        ("https://0x7f.1/", "loopback"),
        ("https://127.1/", "loopback"),
        ("https://0/", "unspecified"),
        ("https://[::1]/", "loopback"),
        ("https://[::ffff:127.0.0.1]/", "ipv4-inside"),
        ("https://[64:ff9b::7f00:1]/", "nat64"),
        ("https://[2002:7f00:1::]/", "6to4"),
        ("https://169.254.169.254/latest/meta-data/", "metadata"),
        ("http://93.184.215.14/", "scheme"),
        ("http://127.0.0.1/", "loopback"),
        ("ftp://93.184.215.14/", "scheme"),
    ],
)
def test_no_spelling_of_an_inner_address_is_asked(url, code):
    assert _code(url) == code


def test_a_name_with_public_and_inner_addresses_is_not_asked():
    assert _code("https://bazaar.example/", "93.184.215.14", "10.0.0.1") == "mixed-answers"


def test_a_name_that_changes_its_answer_is_refused_at_the_next_connection():
    """The first answer is used for one connection, without asking again; each new connection asks and checks."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    asked = []

    def resolver(host: str, _port: int) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    with (
        serving(saying(answer(headers="Connection: close"))) as port,
        open_client(DEMO, resolver=resolver) as client,
    ):
        url = f"http://bazaar.example:{port}/"
        assert client.get(url).status_code == 200
        assert len(asked) == 1
        with pytest.raises(AddressRefused, match="private"):
            client.get(url)


def test_a_connection_that_ends_elsewhere_than_it_should_is_refused(monkeypatch):
    class Elsewhere(httpcore.SyncBackend):
        """What a resolver in between, or a changed library, could do."""

        def connect_tcp(self, host: str, port: int, *rest):
            return super().connect_tcp("127.0.0.1", port, *rest)

    backend = GuardedBackend(Reach(), lambda _host, _port: ["93.184.215.14"], secure=True)
    monkeypatch.setattr(backend, "_plain", Elsewhere())
    with serving(saying(b"")) as port, pytest.raises(AddressRefused) as caught:
        backend.connect_tcp("bazaar.example", port)
    assert caught.value.code == "rebinding"


def test_the_next_address_is_tried_when_the_first_does_not_answer():
    with (
        serving(saying(answer())) as port,
        open_client(DEMO, resolver=lambda _host, _port: ["::1", "127.0.0.1"]) as client,
    ):
        assert client.get(f"http://bazaar.example:{port}/").json() == {}


def test_a_socket_of_this_machine_is_no_way_around():
    with pytest.raises(AddressRefused):
        GuardedBackend(DEMO, secure=False).connect_unix_socket("/run/postgresql/.s.PGSQL.5432")


def test_proxies_of_the_environment_are_not_used(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(saying(answer())) as port, open_client(DEMO) as client:
        assert client.get(f"http://127.0.0.1:{port}/").status_code == 200


def test_a_redirect_is_not_followed():
    moved = answer(status="302 Found", headers="Location: http://169.254.169.254/latest/")
    with serving(saying(moved)) as port, open_client(DEMO) as client:
        assert client.get(f"http://127.0.0.1:{port}/").status_code == 302


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "nobody.invalid"])
def test_a_name_that_nobody_knows_is_a_failed_connection(name):
    def resolver(host: str, port: int) -> list[str]:
        if host.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, port)

    with open_client(Reach(), resolver=resolver) as client, pytest.raises(httpx.ConnectError):
        client.get(f"https://{name}/")


def test_a_resolver_that_hangs_is_left_behind():
    asked, free = Event(), Event()

    def resolver(_host: str, _port: int) -> list[str]:
        asked.set()
        free.wait(5)
        return []

    with open_client(Reach(), resolver=resolver) as client, deadline(0.1), pytest.raises(httpx.ConnectTimeout):
        client.get("https://bazaar.example/")
    free.set()
    assert asked.is_set()


def test_names_are_not_looked_up_without_end_at_once(monkeypatch):
    monkeypatch.setattr(reaching, "_LOOKING_UP", BoundedSemaphore(1))
    free = Event()

    def resolver(_host: str, _port: int) -> list[str]:
        free.wait(5)
        return []

    with open_client(Reach(), resolver=resolver, patience=0.05) as client:
        for words in ("not found in time", "Too many names"):
            with pytest.raises(httpx.ConnectTimeout, match=words):
                client.get("https://bazaar.example/")
    free.set()


def _drip(connection: socket.socket) -> None:
    read_request(connection)
    for byte in answer(b"{}" + b" " * 10_000):
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


def test_a_byte_now_and_then_does_not_hold_the_line_open():
    """Each read is quick, so only a deadline over all of them ends this."""
    with (
        serving(_drip) as port,
        open_client(DEMO) as client,
        deadline(0.2),
        pytest.raises((TooSlow, httpx.ReadTimeout)),
    ):
        client.get(f"http://127.0.0.1:{port}/")


def test_a_server_that_never_speaks_ends_by_patience():
    def wait(connection: socket.socket) -> None:
        read_request(connection)
        connection.recv(1)

    with serving(wait) as port, open_client(DEMO, patience=0.1) as client, pytest.raises(httpx.ReadTimeout):
        client.get(f"http://127.0.0.1:{port}/")


def test_the_nearer_of_two_deadlines_holds():
    with deadline(60), deadline(600):
        assert (left(None) or 0) <= 60
        assert left(1) == 1
    assert left(None) is None
    with deadline(0), pytest.raises(TooSlow):
        left(5)


@pytest.fixture(scope="module")
def certified(tmp_path_factory) -> tuple[ssl.SSLContext, ssl.SSLContext, str]:
    """What a server of bazaar.example needs, what trusts it, and its certificate as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bazaar.example")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("bazaar.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder: Path = tmp_path_factory.mktemp("tls")
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "chain.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "chain.pem", folder / "key.pem")
    return server, ssl.create_default_context(cadata=pem.decode()), pem.decode()


def test_the_certificate_must_name_the_host_although_the_connection_goes_to_an_address(certified):
    server, trusting, _ = certified
    with (
        serving(saying(answer(headers="Connection: close")), tls=server) as port,
        open_client(DEMO, tls=trusting, resolver=lambda _host, _port: ["127.0.0.1"]) as client,
    ):
        assert client.get(f"https://bazaar.example:{port}/").status_code == 200
        with pytest.raises(httpx.ConnectError, match="certificate"):
            client.get(f"https://alto-pay.example:{port}/")


def test_a_certificate_that_nobody_vouches_for_is_refused(certified):
    server, *_ = certified
    with (
        serving(saying(answer()), tls=server) as port,
        open_client(DEMO, resolver=lambda _host, _port: ["127.0.0.1"]) as client,
        pytest.raises(httpx.ConnectError, match="certificate"),
    ):
        client.get(f"https://bazaar.example:{port}/")
