"""A page of 100 objects over TAXII with ever more entries behind it: at the beginning, in the middle, at the end.

Ours is asked through Django's test client, with token, counting and the rules of the agreement, from SQLite. The peer
is `medallion`'s memory backend, asked directly for objects of ours in the same run: without HTTP, token or database. It
is asked with few objects and with twice as many, as long as a page stays within seconds.
"""

import json
import logging
import math
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from countermark.node.exchange.factories import Side

SIZES = {"small": (1_000, 10_000, 100_000), "full": (1_000, 10_000, 100_000, 1_000_000)}
LIMIT, BATCH = 100, 2_000
#: Entries that are said, signed and taken in one by one; beyond them rows are copied, which is sooner and reads alike.
SAID = 100_000
#: Requests that are timed at each place.
REQUESTS = 15
#: Objects that the peer holds, and the longest time that a page of it may be expected to take.
PEER_OBJECTS, PEER_SECONDS = (125, 250, 500, 1_000, 2_000), 10.0
ACCEPT, MEDIA_TYPE = "application/taxii+json;version=2.1", "application/stix+json;version=2.1"


def run(size: str) -> dict[str, object] | None:
    try:
        from medallion.backends.memory_backend import MemoryBackend
    except ImportError:
        return None
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/node.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countermark.node.config.settings.test")
        import django
        from django.conf import settings

        django.setup()
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        settings.ALLOWED_HOSTS = ["*"]
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from countermark.node.exchange.facades.factories import make_sharing_team

        side, found = make_sharing_team().brand, {}
        for number in SIZES[size]:
            filled = _fill(side, number)
            found[f"{number:,} entries"] = one = _measure(side) | filled
            print(f"   {number:>9,} entries  {json.dumps(one)}", flush=True)
        peer = _peer(side, MemoryBackend)
        print(f"   {json.dumps(peer)}", flush=True)
    first, last = (found[f"{number:,} entries"]["page ms"] for number in (SIZES[size][0], SIZES[size][-1]))
    grown = round(max(last.values()) / max(first.values()), 2)
    print(f"   slowest page, most entries over fewest: {grown}")
    return {"objects a page": LIMIT, "by size": found, "slowest page, most over fewest": grown, "peer": peer}


def _fill(side: "Side", number: int) -> dict[str, float]:
    """Say findings until there are so many entries, signed and written in batches; then put them on the shelf."""
    from countermark.node.exchange.facades import placing

    while side.feed.seq < min(number, SAID):
        _say(side, min(BATCH, number - side.feed.seq))
    shelf, before = placing.shelf_of(side.agreement), time.perf_counter()
    if number > SAID:
        _copy(side, number)
        return {}
    placed = shelf.place
    while placing.take_in(shelf):
        pass
    shelf.refresh_from_db()
    spent = time.perf_counter() - before
    return {"taken in a second": round((shelf.place - placed) / spent)}


def _say(side: "Side", count: int) -> None:
    from django.db import transaction

    from countermark.node.exchange.entry_ids import entry_uuid
    from countermark.node.exchange.models import FeedEntry
    from countermark.node.kernel.time import now
    from countermark.proof.agreements import Purpose
    from countermark.proof.entries import DataClass, Entry, read_moment, sign_entry, write_moment

    digest = side.agreement.digest
    feed, signer, moment = side.feed, side.keys.signer(side.organisation_id, Purpose.ENTRIES), now()
    rows = []
    for _ in range(count):
        feed.seq += 1
        entry = Entry(
            feed=feed.name,
            seq=feed.seq,
            prev=feed.digest,
            id=entry_uuid(moment),
            type="finding.shared",
            subject=f"fnd_{feed.seq}",
            time=write_moment(moment),
            agreement=digest,
            purpose="counterfeit-removal",
            data_class=DataClass.PSEUDONYM,
            data=_content(feed.seq),
        )
        signed = sign_entry(entry, signer)
        feed.digest = signed.digest
        rows.append(
            FeedEntry(
                feed=feed,
                seq=entry.seq,
                token=signed.token,
                entry_id=signed.entry_id,
                digest=signed.digest,
                leaf_salt=bytes(32),
                type=entry.type,
                subject=entry.subject,
                data_class=entry.data_class,
                happened_at=read_moment(entry.time),
                recorded_at=moment,
            )
        )
    with transaction.atomic():
        FeedEntry.objects.bulk_create(rows, batch_size=500)
        feed.save(update_fields=["seq", "digest"])


def _copy(side: "Side", number: int) -> None:
    """Bring feed and shelf to so many entries with copies of the last one and of what it placed."""
    import datetime
    import uuid

    from django.db import transaction

    from countermark.node.exchange.facades import placing
    from countermark.node.exchange.models import FeedEntry, Placed

    shelf, feed = placing.shelf_of(side.agreement), side.feed
    shelf.refresh_from_db()
    like = FeedEntry.objects.get(feed=feed, seq=feed.seq)
    placed = list(Placed.objects.filter(shelf=shelf, cause=like).order_by("place"))
    tick = datetime.timedelta(microseconds=1)
    while feed.seq < number:
        many = min(BATCH, number - feed.seq)
        entries = [_like(like, seq=feed.seq + one, entry_id=uuid.uuid4().hex * 2) for one in range(1, many + 1)]
        with transaction.atomic():
            entries = FeedEntry.objects.bulk_create(entries, batch_size=500)
            rows = []
            for entry in entries:
                for one in placed:
                    shelf.place += 1
                    shelf.added_at += tick
                    new = {"place": shelf.place, "added_at": shelf.added_at, "cause": entry, "content": entry}
                    rows.append(_like(one, key=f"bench {shelf.place}", stix_id=f"{one.type}--{uuid.uuid4()}", **new))
            Placed.objects.bulk_create(rows, batch_size=500)
            feed.seq += many
            shelf.ours_seq = feed.seq
            feed.save(update_fields=["seq"])
            shelf.save(update_fields=["place", "added_at", "ours_seq"])


def _like(row: Any, **new: object) -> Any:
    """A row as another one is, not saved, but for what is named."""
    same = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if not one.primary_key}
    names = {row._meta.get_field(name).attname: name for name in new}
    return type(row)(**{name: value for name, value in same.items() if name not in names}, **new)


def _content(number: int) -> dict[str, Any]:
    fields = {
        "finding_id": f"fnd_{number}",
        "listing_id": f"lst_{number}",
        "brand": "Maison Aurelle",
        "kind": "obvious_fake",
        "risk": "0.930000",
        "level": "high",
        "status": "alleged",
        "reasons_for": [
            "The price is a tenth of the usual one.",
            "The mark is written with a letter of another script.",
        ],
    }
    from countermark.node.exchange.rules.fields import FIELDS
    from countermark.node.exchange.rules.kinds import ItemKind

    classes = {name: str(FIELDS[ItemKind.FINDING][name].least) for name in fields}
    return {"v": 1, "kind": "finding", "fields": fields, "classes": classes}


def _measure(side: "Side") -> dict[str, Any]:
    from django.test import Client

    from countermark.node.exchange.facades import placing
    from countermark.node.exchange.facades.factories import make_token

    shelf = placing.shelf_of(side.agreement)
    headers = {"Authorization": f"Bearer {make_token(side)}", "Accept": ACCEPT}
    address, client = f"/taxii2/root/collections/{shelf.public_id}/objects/", Client()
    shelf.refresh_from_db()
    places = {"beginning": 0, "middle": shelf.place // 2, "end": max(0, shelf.place - LIMIT)}

    def ask(after: int) -> None:
        answer = client.get(address, {"limit": LIMIT, "next": after}, headers=headers)
        assert answer.status_code == 200, answer.content
        assert len(answer.json()["objects"]) == LIMIT

    return {"page ms": {name: _median(lambda after=place: ask(after)) for name, place in places.items()}}  # type: ignore[misc]


def _peer(side: "Side", backend: type) -> dict[str, Any]:
    """The first page of medallion with twice as many objects each time, until a page would take too long.

    It compares every object with every line of its manifest, parsing both dates each time, and every object with
    every other: the time of a page grows with the square. Asked for 10,000 objects it is at work for many minutes,
    which looks as if it hung. What it would take is said from the last two sizes, and is not asked.
    """
    objects, manifest = _held(side, PEER_OBJECTS[-1])
    taken: dict[int, float] = {}
    for number in PEER_OBJECTS:
        before = list(taken.values())[-2:]
        expected = before[1] * before[1] / before[0] if len(before) == 2 else 0.0
        if expected > PEER_SECONDS:
            break
        ask = _asking(backend, objects[:number], manifest[:number])
        start = time.perf_counter()
        assert len(ask()["objects"]) == LIMIT
        taken[number] = time.perf_counter() - start
    *_, (less, shorter), (more, longer) = taken.items()
    power = math.log(longer / shorter) / math.log(more / less)
    return {
        "medallion's first page ms, by objects": {str(one): round(1000 * spent, 1) for one, spent in taken.items()},
        "medallion grows with the power of": round(power, 2),
        "medallion of 10,000 objects, from that, s": round(longer * (10_000 / more) ** power),
    }


def _held(side: "Side", number: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The first objects of our shelf, and the lines of a manifest for them."""
    from countermark.node.exchange.facades import tokens
    from countermark.node.exchange.facades.factories import make_token
    from countermark.node.exchange.facades.reading import Asked, books

    book = books(tokens.opened(make_token(side)))[0]
    objects: list[dict[str, Any]] = []
    manifest: list[dict[str, Any]] = []
    after, more = 0, True
    while more and len(objects) < number:
        page = book.page(Asked(limit=500, after=after))
        for row, one in zip(page.rows, book.objects(page), strict=True):
            if "version" in one:  # of an extension-definition: the peer takes it for a time and gives up
                continue
            objects.append(one)
            line = {"id": one["id"], "date_added": f"{row.added_at:%Y-%m-%dT%H:%M:%S.%f}Z"}
            line |= {"version": one.get("modified", one.get("created")), "media_type": MEDIA_TYPE}
            manifest.append(line)
        after, more = page.last, page.more
    return objects, manifest


def _asking(backend: type, objects: list[dict[str, Any]], manifest: list[dict[str, Any]]) -> Callable[[], Any]:
    collection = {"id": "c", "media_types": [], "objects": objects, "manifest": manifest}
    held = backend()
    held.data = {"/discovery": {}, "root": {"collections": [collection]}}
    allowed = ("id", "type", "version", "spec_version")
    asked = {"added_after": "2000-01-01T00:00:00.000000Z", "limit": str(LIMIT)}
    return lambda: held.get_objects("root", "c", dict(asked), allowed, LIMIT)[0]


def _median(act: Callable[[], object]) -> float:
    spent: list[float] = []
    act()
    for _ in range(REQUESTS):
        start = time.perf_counter()
        act()
        spent.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(spent), 1)
