"""Speaks for one node inside its own process: reads one JSON request a line, calls a service, writes one JSON answer.

The node's environment says which node. Nothing of the tests runs inside the node's own server and exchange.
"""

import base64
import hashlib
import json
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from countermark.node.exchange import logs, receiving, retention
from countermark.node.exchange.agreeing import cards, drafting, lifecycle, signing
from countermark.node.exchange.agreeing.versions import latest, opened
from countermark.node.exchange.answering import write_add_checkpoint
from countermark.node.exchange.appending import Statement, append_all
from countermark.node.exchange.appending_many import append_many
from countermark.node.exchange.applying import arrived_of
from countermark.node.exchange.documents import read_card
from countermark.node.exchange.keeping import key_folder
from countermark.node.exchange.models import (
    Agreement,
    Beside,
    Contradiction,
    Deletion,
    Feed,
    FeedEntry,
    Inbound,
    Parcel,
    Refusal,
    Standing,
)
from countermark.node.exchange.pages import Page, PageEntry, beside_of, page_after, read_page, write_page
from countermark.node.exchange.rings import signed_versions
from countermark.node.insight import selectors as insight
from countermark.node.kernel.time import now
from countermark.node.parties import selectors as parties
from countermark.node.parties import services as membership
from countermark.proof import PrivateKey
from countermark.proof.agreements import Purpose, sign_agreement
from countermark.proof.commitments import Carried
from countermark.proof.encoding import from_base64url, to_base64url
from countermark.proof.entries import DataClass, sign_entry, write_moment
from countermark.proof.extracts import Contradiction as ProvenContradiction
from countermark.proof.extracts import Extract, ExtractEntry, Logged, write_extract
from countermark.proof.ijson import read_object
from tests.exchange.twists import EFFECTS

Answer = Any
#: Opens the organisation's key of a test; a real one lies on a stick in a safe.
_PASSPHRASE = b"open"


def setup(name: str, kind: str, party: str, node: str) -> Answer:
    """Found the organisation and introduce it; gives its card."""
    if not connection.introspection.table_names():
        migrate()
    if not parties.has_organisation():
        membership.found_organisation(name=name, kind=kind, admin_email=f"admin@{party}.example", password="x" * 16)
    key = PrivateKey.generate()
    _key_file().write_bytes(key.to_pem(_PASSPHRASE))
    cards.introduce(parties.operator(""), party, node, key.public)
    return card()


def migrate() -> Answer:
    """Make the tables, and the one in which effects are counted."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {EFFECTS} (entry_id varchar(64), subject varchar(120), seq bigint, at bigint)")
    connection.close()
    return None


def _key_file() -> Path:
    return Path(settings.COUNTERMARK_HOME) / "organisation.pem"


def _organisation_key() -> PrivateKey:
    return PrivateKey.from_pem(_key_file().read_bytes(), _PASSPHRASE)


def card() -> Answer:
    """How this node introduces itself, as JSON text."""
    return msgspec.json.encode(cards.our_card(parties.operator("").organisation_id)).decode()


def draft_and_offer(card_text: str, terms: dict[str, Any]) -> Answer:
    """Draft an agreement with whom a card introduces, offer it, and sign it."""
    member = parties.operator("")
    row = drafting.draft(member, read_card(card_text.encode()), terms)
    drafting.offer(member, row.name)
    return row.name


def sign(name: str) -> Answer:
    """Compare fingerprints and sign what is under discussion."""
    member = parties.operator("")
    row = signing.confirm_fingerprint(member, name)
    version = latest(row, row.pending)
    signing.sign(member, name, version.digest, sign_agreement(opened(version), _organisation_key()))
    return version.digest


def agreements() -> Answer:
    """Id and state of each agreement."""
    return {row.name: row.state for row in Agreement.objects.all()}


def say(
    name: str,
    first: int = 0,
    count: int = 1,
    size: int = 20,
    beside: bool = False,
    dated: bool = True,
    apart: bool = True,
    key: str = "",
) -> Answer:
    """Say `count` comments, numbered from `first`: each in a transaction of its own, or all in one."""
    row = Agreement.objects.get(name=name)
    statements = [_comment(number, size, key, beside=beside, dated=dated) for number in range(first, first + count)]
    if not apart:
        return [entry.entry_id for entry in append_many(row, statements)]
    return [entry.entry_id for one in statements for entry in append_all(row, [one])]


def _comment(number: int, size: int, key: str, *, beside: bool, dated: bool) -> Statement:
    common: dict[str, Any] = {
        "type": "case.commented",
        "subject": f"cas_{number % 7}",
        "purpose": "counterfeit-removal",
        "key": key and f"{key}-{number}",
    }
    text = {"number": number, "text": "x" * size}
    if beside:
        data = Carried.with_salt(json.dumps(text).encode())
        until = now().date() if dated else None
        return Statement(**common, data_class=DataClass.PERSONAL, beside=data, retain_until=until)
    return Statement(**common, data_class=DataClass.TRADER_PUBLIC, data=text)


def work_together(name: str, first: int, findings: int, cases: int, comments: int) -> Answer:
    """Share findings, open cases, close every second one, and comment: what figures count."""
    row = Agreement.objects.get(name=name)
    said: list[tuple[str, str, dict[str, Any]]] = []
    for number in range(first, first + findings):
        seen = {"kind": ("obvious_fake", "grey_market")[number % 2], "level": ("high", "low")[number % 3 == 0]}
        said.append(("finding.shared", f"fnd_{number}", seen))
    for number in range(first, first + cases):
        said.append(("case.opened", f"cas_{number}", {"case_id": f"cas_{number}"}))
        if number % 2:
            said.append(("case.closed", f"cas_{number}", {"case_id": f"cas_{number}", "outcome": "stopped"}))
    said += [("case.commented", f"cas_{first}", {"text": "Seen."})] * comments
    common: dict[str, Any] = {"purpose": "counterfeit-removal", "data_class": DataClass.TRADER_PUBLIC}
    for kind, subject, fields in said:
        append_all(row, [Statement(type=kind, subject=subject, data={"v": 1, "fields": fields}, **common)])
    return len(said)


def figures(name: str) -> Answer:
    """What this node counts from both feeds of an agreement: the code that people compare, digest, places, totals.

    `waiting` is how many entries are not counted yet, receipts aside: the last of those nobody signs for.
    """
    found = insight.figures(parties.operator(""), name)
    total = msgspec.to_builtins(found.figures.total)
    heads = {place.feed: [place.counted, place.head] for place in found.places}
    behind = [FeedEntry.objects.filter(feed__name=place.feed, seq__gt=place.counted) for place in found.places]
    waiting = sum(rows.exclude(type="receipt").count() for rows in behind)
    figures = {"code": found.figures.code, "digest": found.figures.digest, "places": heads, "total": total}
    return figures | {"waiting": waiting}


def entries(ours: bool) -> Answer:
    """Place and id of every entry of a feed."""
    rows = FeedEntry.objects.filter(feed__ours=ours).order_by("seq")
    return list(rows.values_list("seq", "entry_id", "type"))


def digest(ours: bool) -> Answer:
    """Length of a feed, and a SHA-256 over place, id and type of each entry: the same on both nodes."""
    found, length = hashlib.sha256(), 0
    for seq, entry_id, kind in (
        FeedEntry.objects.filter(feed__ours=ours).order_by("seq").values_list("seq", "entry_id", "type").iterator()
    ):
        length += 1
        assert seq == length, f"place {length} is missing"
        found.update(f"{seq} {entry_id} {kind}\n".encode())
    return [length, found.hexdigest()]


def commented(ours: bool) -> Answer:
    """Number of comments in a feed, and a SHA-256 over their ids in order."""
    ids = FeedEntry.objects.filter(feed__ours=ours, type="case.commented").order_by("seq")
    return _digest_of(ids.values_list("entry_id", flat=True).iterator())


def effects_digest() -> Answer:
    """Number of effects, a SHA-256 over their entries by place, and whether those on a subject came in its order."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT subject, seq FROM {EFFECTS} ORDER BY at")
        last: dict[str, int] = {}
        in_order = True
        while rows := cursor.fetchmany(1000):
            for subject, seq in rows:
                in_order &= seq > last.get(subject, 0)
                last[subject] = seq
        cursor.execute(f"SELECT entry_id FROM {EFFECTS} ORDER BY seq")
        return [*_digest_of(_each(cursor)), in_order]


def _each(cursor: Any) -> Iterator[str]:
    while rows := cursor.fetchmany(1000):
        for (entry_id,) in rows:
            yield entry_id


def _digest_of(ids: Iterable[str]) -> list[Any]:
    found, count = hashlib.sha256(), 0
    for entry_id in ids:
        count += 1
        found.update(entry_id.encode())
    return [count, found.hexdigest()]


def applied() -> Answer:
    """How many entries are in which state of being applied."""
    states = Inbound.objects.values_list("state", flat=True)
    return {state: list(states).count(state) for state in set(states)}


def waiting() -> Answer:
    """How many entries are not applied yet."""
    # By the states themselves: asked for what is not done, a database looks through all that is.
    return Inbound.objects.filter(state__in=["queued", "running", "failed"]).count()


def heads() -> Answer:
    """Head, state and reason of both feeds."""
    return {("ours" if feed.ours else "theirs"): [feed.seq, feed.state, feed.reason] for feed in Feed.objects.all()}


def standing() -> Answer:
    """How the talk goes."""
    row = Standing.objects.get()
    return {
        "receipt_in": row.receipt_in_seq,
        "receipt_out": row.receipt_out_seq,
        "witnessed": row.witnessed_us_size,
        "failures": row.failures,
        "problem": row.problem,
        "witness_problem": row.witness_problem,
    }


def refusals() -> Answer:
    """Codes of what was refused."""
    return list(Refusal.objects.order_by("id").values_list("code", flat=True))


def contradictions() -> Answer:
    """Proofs of contradictions."""
    return list(Contradiction.objects.values("what", "first", "second"))


def parcels() -> Answer:
    """What waits to be brought."""
    return list(Parcel.objects.order_by("id").values_list("kind", "state", "reason"))


def receive_page(name: str, page: str) -> Answer:
    """Store a page that came on another way."""
    result = receiving.receive(Agreement.objects.get(name=name), read_page(base64.b64decode(page)))
    return [result.stored, result.known, result.code]


def page(name: str, after: int, most: int = 500) -> Answer:
    """A page of our feed as it goes to the partner, base64."""
    feed = Feed.objects.get(agreement__name=name, ours=True)
    return base64.b64encode(write_page(page_after(feed, after, most))).decode()


def forged_page(name: str, seq: int, text: str, kid: str = "", days: int = 0) -> Answer:
    """A page with another statement for a place of our feed, signed by one of our keys whether or not it may.

    Args:
        name: of the agreement.
        seq: place; the one after the last takes what is next to it.
        text: what it says.
        kid: of the key; empty takes the first one for entries.
        days: by which its time lies ahead.
    """
    feed = Feed.objects.get(agreement__name=name, ours=True)
    like = FeedEntry.objects.get(feed=feed, seq=min(seq, feed.seq))
    said = arrived_of(like).entry
    prev = said.prev if seq <= feed.seq else feed.digest
    moment = write_moment(now() + timedelta(days=days))
    entry = msgspec.structs.replace(
        said,
        seq=seq,
        prev=prev,
        time=moment,
        type="case.commented",
        data={"text": text},
        data_ref=None,
        data_class=DataClass.PUBLIC,
        agreement=feed.agreement.digest,
        retain_until=None,
    )
    kept = [one for one in key_folder().all_keys() if one.purpose is Purpose.ENTRIES and kid in ("", one.kid)]
    signed = sign_entry(entry, key_folder().open(kept[0]))
    one = PageEntry(signed.token, to_base64url(bytes(like.leaf_salt)))
    made = Page(feed=feed.name, entries=(one,), head=max(seq, feed.seq), state=feed.state)
    return base64.b64encode(write_page(made)).decode()


def renew(purpose: str) -> Answer:
    """Make the next key for a purpose; gives the ids of all for it, oldest first."""
    key_folder().renew(Purpose(purpose), now())
    return [one.kid for one in key_folder().all_keys() if one.purpose == purpose]


def revoke(kid: str) -> Answer:
    """Revoke a key from this moment on, as the command does; the exchange tells the partner."""
    return key_folder().revoke(kid, now()).kid


def kids(ours: bool) -> Answer:
    """Which key signed each entry of a feed, in order."""
    tokens = FeedEntry.objects.filter(feed__ours=ours).order_by("seq").values_list("token", flat=True)
    return [read_object(from_base64url(token.split(".")[0]))["kid"] for token in tokens]


def extract(name: str, first: int, last: int, contradictions: bool = False) -> Answer:
    """Entries of our feed with all their proofs, as a file for a stranger, base64."""
    row = Agreement.objects.get(name=name)
    changes = FeedEntry.objects.filter(feed__agreement=row, type__startswith="key.").order_by("id")
    entries = FeedEntry.objects.filter(feed__agreement=row, feed__ours=True, seq__gte=first, seq__lte=last)
    found = Contradiction.objects.filter(agreement=row) if contradictions else ()
    written = write_extract(
        Extract(
            agreements=tuple(signed_versions(row)),
            key_changes=tuple(changes.values_list("token", flat=True)),
            entries=tuple(_extracted(row, one) for one in entries.order_by("seq")),
            contradictions=tuple(ProvenContradiction(one.what, one.first, one.second) for one in found),
        )
    )
    return base64.b64encode(written).decode()


def _extracted(row: Agreement, entry: FeedEntry) -> ExtractEntry:
    proof = logs.log_proof(entry, row)
    logged = None if proof is None else Logged(to_base64url(bytes(entry.leaf_salt)), proof.text)
    return ExtractEntry(entry.token, beside_of(entry), logged)


def refused_in_full() -> Answer:
    """Everything that was refused: code and sentence."""
    return list(Refusal.objects.order_by("id").values_list("code", "detail"))


def failed() -> Answer:
    """Entries that could not be applied: type and code."""
    return list(Inbound.objects.filter(state="failed").values_list("entry__type", "code"))


def beside_left() -> Answer:
    """How many entries still have bytes beside them, and how many deletions are noted."""
    return [Beside.objects.count(), Deletion.objects.count()]


def delete_due() -> Answer:
    """Delete what is due."""
    return retention.delete_all_due()


def add_checkpoint(name: str) -> Answer:
    """The request by which we would ask the partner to witness our newest checkpoint, base64; old size 0."""
    asked = logs.to_witness(Agreement.objects.get(name=name), 0)
    return None if asked is None else base64.b64encode(write_add_checkpoint(asked)).decode()


def checkpoint() -> Answer:
    """Sign the log now."""
    row = logs.publish_checkpoint(parties.operator("").organisation_id)
    return None if row is None else row.size


def end(name: str) -> Answer:
    """Give notice."""
    return lifecycle.give_notice(parties.operator(""), name, "The season is over.").state


def effects() -> Answer:
    """Entry, subject and place of everything that was applied, in the order in which it was."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT entry_id, subject, seq FROM {EFFECTS} ORDER BY at")
        return cursor.fetchall()


def say_at(name: str, number: int) -> Answer:
    """Say one comment; gives its id and the nanosecond at which it was committed."""
    (entry_id,) = say(name, first=number)
    return [entry_id, time.time_ns()]


def effects_at() -> Answer:
    """Entry and nanosecond of everything that was applied."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT entry_id, at FROM {EFFECTS}")
        return cursor.fetchall()


def copy_database(to: str) -> Answer:
    """A copy of the database as it is now (SQLite)."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [to])


_ACTS: dict[str, Callable[..., Answer]] = {
    name: act for name, act in list(globals().items()) if callable(act) and getattr(act, "__module__", "") == __name__
}


def main(asked_here: Path, answered_here: Path) -> None:
    """Answer until the input ends."""
    with asked_here.open() as asking, answered_here.open("w") as answering:
        for line in asking:
            answering.write(json.dumps(_answer(json.loads(line))) + "\n")
            answering.flush()


def _answer(asked: dict[str, Any]) -> dict[str, Answer]:
    try:
        return {"ok": _ACTS[asked["act"]](**asked["with"])}
    except Exception as error:
        traceback.print_exc()
        return {"error": type(error).__name__, "detail": str(error)}
