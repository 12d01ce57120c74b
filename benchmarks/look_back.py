"""From saving a right to its findings in the queue, over listings that a node already holds.

Fills a temporary node (SQLite) with invented listings, each with a picture of its own up to `PICTURES`; a few name the
new mark or show an edited copy of its official photo. Then the right is saved and one worker does what waits. The
pictures were fingerprinted before, as scans do; how long that took is told beside it. The peer is what one would do
without look-backs: a scan of everything with the same rights by the same worker, on the same rows (at most
`PEER_LISTINGS`, told as seconds a thousand listings, as it decodes every picture).
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from io import BytesIO

SIZES = {"small": (10_000,), "full": (10_000, 100_000)}
PICTURES = 10_000
PEER_LISTINGS = 10_000
NAMED, COPIED = 12, 8
#: The motif of the official photo: no listing's own picture has it.
OFFICIAL = 10**9
WORDS = ("wool", "linen", "garden", "leather", "vintage", "blue", "tote", "scarf", "lamp", "watch", "belt", "shoe")


def picture(seed: int, quality: int = 85, side: int = 256) -> bytes:
    """A JPEG with something on it; the same seed is the same motif."""
    from PIL import Image

    out = BytesIO()
    noise = Image.frombytes("RGB", (12, 12), random.Random(seed).randbytes(432))
    noise.resize((side, side), Image.Resampling.BICUBIC).save(out, "JPEG", quality=quality)
    return out.getvalue()


def fill(member, number: int) -> None:
    """Write the listings, a thousand at a time, as an import does."""
    from django.db import transaction

    from countermark.model import ImageRef, Text
    from countermark.node.evidence.keeping import put_in_store
    from countermark.node.listings.factories import make_record
    from countermark.node.listings.pictures import Gathered
    from countermark.node.listings.storing import Incoming, store

    chance = random.Random(3)
    kept = [Gathered(f"{seed}.jpg", put_in_store(picture(seed))) for seed in range(min(number, PICTURES))]
    copy = Gathered("copy.jpg", put_in_store(picture(OFFICIAL, quality=40, side=180)))
    step = number // (NAMED + COPIED)
    for start in range(0, number, 1_000):
        batch = []
        for row in range(start, min(start + 1_000, number)):
            title = " ".join(chance.choices(WORDS, k=6)) + f" {row}"
            special, rest = divmod(row, step)
            named, copied = rest == 0 and special < NAMED, rest == 0 and NAMED <= special < NAMED + COPIED
            title = f"Quellmara replica {title}, 1:1 mirror quality" if named else title
            shown = copy if copied else kept[row % len(kept)]
            record = make_record(
                title=Text(title), brand_text="", external_id=str(row), images=(ImageRef(uri=shown.uri),)
            )
            batch.append(Incoming(record, (shown,)))
        with transaction.atomic():
            store(member.organisation_id, batch, None)


def measure(number: int) -> dict[str, object]:
    """Everything for one size; runs in a process of its own, whose environment names the database."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from countermark.node.evidence.services import keep_picture
    from countermark.node.findings import fingerprints, selectors, services
    from countermark.node.findings.models import Finding
    from countermark.node.findings.parts import StoreImages
    from countermark.node.jobs.desk import Desk
    from countermark.node.jobs.worker import work_until_idle
    from countermark.node.kernel.ids import new_id
    from countermark.node.parties.factories import make_member
    from countermark.node.parties.permissions import Role
    from countermark.node.rights.factories import make_facts, make_right
    from countermark.node.rights.models import Reference, Right
    from countermark.node.rights.services import add_right

    member = make_member(Role.COUNSEL)
    for house in range(20):
        make_right(member, brand=f"Halbrecht {house}", mark=f"Halbrecht {house}x", title=f"Halbrecht {house}")
    fill(member, number)
    began = time.perf_counter()
    shown = fingerprints.shown_in(fingerprints.Run(member.organisation_id, 0, 1 << 40))
    made = fingerprints.keep_missing(shown, StoreImages())
    fingerprinting = time.perf_counter() - began

    official = keep_picture(member, picture(OFFICIAL, quality=95, side=600), source="benchmark")
    began = time.perf_counter()
    facts = {"brand": "Quellmara", "mark": "Quellmara", "title": "Quellmara, word mark", "number": "1"}
    right_id = add_right(member, make_facts(**facts))
    right = Right.objects.get(core_id=right_id)
    Reference.objects.create(right=right, public_id=new_id("ref"), capture=official, role="official")
    services.look_back(member, right_id)
    saved = time.perf_counter() - began
    desk, first = Desk("benchmark/1/1", lambda: True), None
    while desk.turn():
        if first is None and Finding.objects.filter(right=right).exists():
            first = time.perf_counter() - began
    all_seen = time.perf_counter() - began
    outcome = selectors.look_back(member, right_id)
    assert outcome is not None
    figures: dict[str, object] = {
        "listings": number,
        "expected": NAMED + COPIED,
        "found": outcome.findings_made,
        "saving_seconds": round(saved, 3),
        "first_finding_seconds": round(first or 0, 2),
        "all_findings_seconds": round(all_seen, 2),
        "listings_a_second": round(number / all_seen),
        "fingerprints_made": made,
        "fingerprints_a_second": round(made / fingerprinting),
    }
    if number <= PEER_LISTINGS:
        before = Finding.objects.count()
        began = time.perf_counter()
        services.request_scan(member)
        work_until_idle()
        taken = time.perf_counter() - began
        assert Finding.objects.count() == before, "the scan of everything and the look-back disagree"
        figures |= {"scan_of_everything_seconds": round(taken, 2), "times_as_fast": round(taken / all_seen, 1)}
    return figures


def in_a_process(number: int) -> dict[str, object]:
    """Measure in a fresh node; the figures come back as the last line of the process's output."""
    with tempfile.TemporaryDirectory(prefix="countermark-bench-") as home:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "countermark.node.config.settings.demo",
            "COUNTERMARK_HOME": home,
            "DATABASE_URL": f"sqlite:///{home}/bench.sqlite3",
            "COUNTERMARK_LOG_LEVEL": "ERROR",
            "OMP_NUM_THREADS": "1",
        }
        command = [sys.executable, "-m", "benchmarks.look_back", "--measure", str(number)]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return figures


def run(size: str) -> dict[str, object]:
    """Figures by how many listings the node holds."""
    figures: dict[str, object] = {}
    for number in SIZES[size]:
        figures[str(number)] = one = in_a_process(number)
        print(
            f"   {number:,} listings: {one['found']} of {one['expected']} found; the first after "
            f"{one['first_finding_seconds']} s, all after {one['all_findings_seconds']} s "
            f"({one['listings_a_second']:,} listings a second)"
        )
        if "times_as_fast" in one:
            print(
                f"      a scan of everything: {one['scan_of_everything_seconds']} s, "
                f"{one['times_as_fast']} times as long"
            )
    return figures


if __name__ == "__main__":
    if "--measure" in sys.argv:
        print(json.dumps(measure(int(sys.argv[-1]))))
    else:
        run("full" if "--full" in sys.argv else "small")
