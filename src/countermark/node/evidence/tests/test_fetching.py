"""What the capturing process records of each answer, and how little a hostile page can make it hold."""

import gzip
import hashlib
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from warcio.archiveiterator import ArchiveIterator

from countermark.node.evidence import isolating
from countermark.node.evidence.capturing import browser, fetching
from countermark.node.evidence.capturing.browser import Browser
from countermark.node.evidence.capturing.fetching import Recorder
from countermark.node.evidence.capturing.orders import MIB, CaptureRecord, Order
from countermark.node.evidence.capturing.warcs import Warc
from countermark.node.evidence.exhibits.facts import chain_of
from countermark.node.evidence.tests.shop import shop
from countermark.node.kernel.deadlines import deadline
from countermark.node.kernel.reaching import open_client
from countermark.node.kernel.tests.loopback import answer, saying, serving

# warcio leaves its temporary files to the garbage collector.
pytestmark = [pytest.mark.enable_socket, pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")]
NAME = "bazaar.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, bytes]:
    """A server's side of TLS, and its certificate as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, moment = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "both.pem").write_bytes(pem + private)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "both.pem")
    return server, pem


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Callable[..., Recorder]]:
    """Makes a recorder into `tmp_path`; closes it, and its recording, at the end."""
    made: list[Recorder] = []

    def make(addresses: tuple[str, ...] = ("127.0.0.1",), **bounds: int) -> Recorder:
        order = Order(url="http://x.example/", folder=str(tmp_path), loopback=True, **bounds)  # type: ignore[arg-type]
        warc = Warc(tmp_path / "page.warc.gz", {})
        made.append(Recorder(order, warc, tmp_path / "certificates", lambda _host, _port: list(addresses)))
        return made[-1]

    yield make
    for one in made:
        one.close()
        one.warc.close()


def recorded(folder: Path) -> list[tuple[str, str]]:
    """Address on the network and status of each answer in the recording."""
    with (folder / "page.warc.gz").open("rb") as file:
        return [
            (one.rec_headers.get_header("WARC-IP-Address"), one.http_headers.get_statuscode())
            for one in ArchiveIterator(file, check_digests="raise")
            if one.rec_type == "response"
        ]


@pytest.mark.parametrize("headers", ["", "Connection: close"])
def test_dns_tls_time_and_hash_of_an_answer_are_recorded(
    recorder, certificate, headers: str, monkeypatch, tmp_path: Path
) -> None:
    server, pem = certificate
    trusted = ssl.create_default_context(cadata=pem.decode())
    monkeypatch.setattr(fetching, "open_client", lambda reach, **more: open_client(reach, tls=trusted, **more))
    ahead = f"Date: {datetime.now(UTC) - timedelta(seconds=90):%a, %d %b %Y %H:%M:%S} GMT"
    page = answer(b"<p>An offer", headers="\n".join(filter(None, [headers, ahead])))
    with serving(saying(page), tls=server) as port:
        one = recorder()
        found = one.fetch(f"https://{NAME}:{port}/offer").seen
        one.close()
        one.warc.close()
    assert found.problem == ""
    assert found.addresses == ("127.0.0.1",)
    der = x509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)
    assert found.certificates == (hashlib.sha256(der).hexdigest(),)
    assert [file.read_bytes() for file in (tmp_path / "certificates").iterdir()] == [pem]
    assert found.sha256 == hashlib.sha256(b"<p>An offer").hexdigest()
    record = CaptureRecord(
        asked=found.url, final=found.url, began=found.began, ended=found.ended, clock_offset_seconds=one.offset,
        fetches=(found,), pictures=(), screenshot="", screenshot_problem="", cut=False, tools={},
    )  # fmt: skip
    (shown,) = chain_of([file.read_bytes() for file in (tmp_path / "certificates").iterdir()], record)
    assert (shown["subject"], shown["sha256"]) == (f"CN={NAME}", found.certificates[0])
    assert one.offset is not None
    assert 85 <= one.offset <= 100
    assert recorded(tmp_path) == [("127.0.0.1", "200")]


def test_a_certificate_that_nobody_vouches_for_is_a_problem_with_a_name(recorder, certificate) -> None:
    with serving(saying(answer()), tls=certificate[0]) as port:
        found = recorder().fetch(f"https://{NAME}:{port}/").seen
    assert "certificate" in found.problem
    assert found.addresses == ("127.0.0.1",)


def test_the_recording_names_the_address_that_answered_not_the_first_of_the_name(recorder, tmp_path: Path) -> None:
    """The first address of a name is often one that does not answer; evidence must not say that it did."""
    with serving(saying(answer())) as port:
        one = recorder(("::1", "127.0.0.1"))
        found = one.fetch(f"http://{NAME}:{port}/").seen
        one.close()
        one.warc.close()
    assert (found.addresses, found.answered_by) == (("::1", "127.0.0.1"), "127.0.0.1")
    assert recorded(tmp_path) == [("127.0.0.1", "200")]


def test_many_small_bombs_do_not_unfold_to_more_than_one_large_one_may(recorder) -> None:
    bomb = gzip.compress(bytes(MIB))
    with serving(saying(answer(bomb, headers="Content-Encoding: gzip\nConnection: close"))) as port:
        one = recorder(item=2 * MIB, total=4 * MIB)
        bodies = [one.fetch(f"http://{NAME}:{port}/{n}").body for n in range(8)]
    assert [len(body) for body in bodies] == [MIB] * 4 + [0] * 4
    assert all(one.size == len(bomb) for one in one.fetches)  # what came over the wire is recorded all the same


RESTLESS = """<!doctype html><title>Offer</title><h1>An offer</h1><p style="height: 5000px">Long</p><p id="end">End</p>
<script>
  setInterval(() => fetch("/tick?" + Date.now()), 100);
  new IntersectionObserver((seen) => seen[0].isIntersecting && fetch("/seen")).observe(document.querySelector("#end"));
</script>"""


@pytest.mark.skipif(not isolating.browser(), reason="no browser on this machine")
def test_a_page_that_never_rests_is_drawn_and_what_waits_for_a_reader_is_asked_for(
    recorder, monkeypatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(browser, "RESTLESS", 1.0)
    with shop({"/offer": ("text/html", RESTLESS.encode())}) as address, deadline(60):
        one = recorder()
        with Browser(isolating.browser(), tmp_path / "profile", 60.0) as drawing:
            data, cut = drawing.picture(one, f"{address}/offer", 12_000)
    assert f"{address}/seen" in {fetch.url for fetch in one.fetches}
    assert not cut
    assert int.from_bytes(data[16:20], "big") == browser.WIDTH
    assert 5000 < int.from_bytes(data[20:24], "big") < 5500  # the height of the page, not of the window
