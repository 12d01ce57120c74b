"""Capture, seal, exhibit and bag of a listing with ten pictures, and verification of a bag of 100 MB.

    python -m benchmarks evidence_bags

Goals on two cores: under 10 s and under 5 s. The pictures are of 1,200 pixels a side, as shops show them; two timestamp
authorities stamp the seal, the first also the exhibit. The peer for verification is `sha256sum` over the same files.
"""

import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

Figures = dict[str, float | str]
Found = TypeVar("Found")


def run(_size: str) -> Figures:
    """Seconds of each step, and the ratio of verification to sha256sum."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = _capture(folder) | _verify(folder)
    for label, value in found.items():
        print(f"{label:45} {value if isinstance(value, str) else format(value, '8.2f')}")
    return found


def _capture(folder: Path) -> Figures:
    os.environ["DJANGO_SETTINGS_MODULE"] = "countermark.node.config.settings.test"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from countermark.node.evidence import bagging, collecting, isolating
    from countermark.node.evidence.exhibits.making import Hand, make_exhibit
    from countermark.node.evidence.exhibits.rendering import can_draw
    from countermark.node.evidence.tests.shop import pages, shop
    from countermark.node.parties.factories import make_member
    from countermark.node.parties.permissions import Role
    from countermark.proof import PrivateKey, verify_bag
    from countermark.proof.tests.authority import Authority, served

    call_command("migrate", verbosity=0)
    first, second = (Authority.made(folder / name) for name in ("first", "second"))
    key = PrivateKey.generate()
    offer = pages(10) | {f"/p{n}.jpg": ("image/jpeg", _photograph(n)) for n in range(10)}
    hand = Hand(key, datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC))
    path = folder / "one.zip"
    with shop(offer) as address, served(first) as one, served(second) as two, path.open("wb") as out:
        settings.TIMESTAMP_AUTHORITIES = ((one, first.pem), (two, second.pem))
        member = make_member(role=Role.COUNSEL)
        evidence_id, capture = _timed(lambda: collecting.capture_now(member, f"{address}/offer"))
        exhibit = 0.0
        if can_draw():
            _, exhibit = _timed(lambda: make_exhibit(member, evidence_id, "fr", lambda: hand))
        _, bag = _timed(lambda: bagging.export_bag(member, evidence_id, out))
    report = verify_bag(path)
    assert report.holds, report.failure
    return {
        "browser": isolating.browser() or "none: the page was not drawn",
        "bag of the listing (MB)": path.stat().st_size / 1e6,
        "capture, seal, two timestamps (s)": capture,
        "exhibit, signed and stamped (s)": exhibit if can_draw() else "not drawn: Pango is missing",
        "bag (s)": bag,
        "capture, seal, exhibit and bag (s)": capture + exhibit + bag,
    }


def _photograph(seed: int) -> bytes:
    """A JPEG of 1,200 pixels a side that packs as badly as a photograph."""
    from PIL import Image, ImageFilter

    noise = Image.frombytes("RGB", (1200, 1200), _bytes(seed, 3 * 1200 * 1200)).filter(ImageFilter.GaussianBlur(2))
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=85)
    return out.getvalue()


def _bytes(seed: int, count: int) -> bytes:
    from random import Random

    return Random(seed).randbytes(count)


def _timed(act: Callable[[], Found]) -> tuple[Found, float]:
    start = time.perf_counter()
    found = act()
    return found, time.perf_counter() - start


def _verify(folder: Path) -> Figures:
    from countermark.proof import standalone_file
    from countermark.proof.bag_files import write_zip
    from countermark.proof.bag_verifying import verify_bag
    from countermark.proof.bags import make_bag

    payload = {f"{number:03d}.bin": os.urandom(1_000_000) for number in range(100)}
    for name, data in payload.items():
        (folder / name).write_bytes(data)
    path = folder / "large.zip"
    with path.open("wb") as out:
        write_zip(make_bag(payload, {}, {}), out)
    report, ours = _timed(lambda: verify_bag(path))
    assert report.holds
    alone = [sys.executable, "-I", str(standalone_file()), str(path)]
    _, script = _timed(lambda: subprocess.run(alone, check=True, capture_output=True))
    _, peer = _timed(lambda: subprocess.run(["sha256sum", *payload], cwd=folder, check=True, capture_output=True))
    return {
        "verify 100 MB (s)": ours,
        "the same by the stand-alone program (s)": script,
        "sha256sum of the same (s)": peer,
        "ratio": ours / peer,
    }
