"""Capture, seal and bag of a listing with ten pictures, and verification of a bag of 100 MB.

    python -m benchmarks evidence_bags

Goals on two cores: under 10 s and under 5 s. The peer for verification is `sha256sum` over the same files.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path


def run(_size: str) -> dict[str, float]:
    """Seconds of each step, and the ratio of verification to sha256sum."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = _capture(folder) | _verify(folder)
    for label, value in found.items():
        print(f"{label:45} {value:8.2f}")
    return found


def _capture(folder: Path) -> dict[str, float]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "countermark.node.config.settings.test"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from countermark.node.evidence import bagging, collecting
    from countermark.node.evidence.tests.shop import pages, shop
    from countermark.node.parties.factories import make_member
    from countermark.node.parties.permissions import Role
    from countermark.proof.tests.authority import Authority, served

    call_command("migrate", verbosity=0)
    authority = Authority.made(folder / "authority")
    with shop(pages(10)) as address, served(authority) as url, (folder / "one.zip").open("wb") as out:
        settings.TIMESTAMP_AUTHORITIES = ((url, authority.pem),)
        member = make_member(role=Role.COUNSEL)
        start = time.perf_counter()
        evidence_id = collecting.capture_now(member, f"{address}/offer")
        sealed = time.perf_counter()
        bagging.export_bag(member, evidence_id, out)
        done = time.perf_counter()
    return {"capture, seal, timestamp (s)": sealed - start, "bag (s)": done - sealed}


def _verify(folder: Path) -> dict[str, float]:
    from countermark.proof.bag_files import write_zip
    from countermark.proof.bag_verifying import verify_bag
    from countermark.proof.bags import make_bag

    payload = {f"{number:03d}.bin": os.urandom(1_000_000) for number in range(100)}
    for name, data in payload.items():
        (folder / name).write_bytes(data)
    with (folder / "large.zip").open("wb") as out:
        write_zip(make_bag(payload, {}, {}), out)
    start = time.perf_counter()
    assert verify_bag(folder / "large.zip").holds
    ours = time.perf_counter() - start
    start = time.perf_counter()
    subprocess.run(["sha256sum", *payload], cwd=folder, check=True, capture_output=True)
    peer = time.perf_counter() - start
    return {"verify 100 MB (s)": ours, "sha256sum of the same (s)": peer, "ratio": ours / peer}
