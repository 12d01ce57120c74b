"""Speaks for one node inside its own process: reads one JSON request a line, calls a service, writes one JSON answer.

The node's environment says which node. Nothing of the tests runs inside the node's own server and exchange.
"""

import base64
import json
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from countermark.node.exchange import logs, receiving
from countermark.node.exchange.agreeing import cards, drafting, lifecycle, signing
from countermark.node.exchange.agreeing.versions import latest, opened
from countermark.node.exchange.appending import Statement, append_all
from countermark.node.exchange.documents import read_card
from countermark.node.exchange.models import (
    Agreement,
    Contradiction,
    Feed,
    FeedEntry,
    Inbound,
    Parcel,
    Refusal,
    Standing,
)
from countermark.node.exchange.pages import read_page
from countermark.node.kernel.time import now
from countermark.node.parties import selectors as parties
from countermark.node.parties import services as membership
from countermark.proof import PrivateKey
from countermark.proof.agreements import sign_agreement
from countermark.proof.commitments import Carried
from countermark.proof.entries import DataClass
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
    import msgspec

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
    name: str, first: int = 0, count: int = 1, size: int = 20, beside: bool = False, apart: bool = True, key: str = ""
) -> Answer:
    """Say `count` comments, numbered from `first`: each in a transaction of its own, or all in one."""
    row = Agreement.objects.get(name=name)
    statements = [_comment(number, size, key, beside=beside) for number in range(first, first + count)]
    batches = [[one] for one in statements] if apart else [statements]
    return [entry.entry_id for batch in batches for entry in append_all(row, batch)]


def _comment(number: int, size: int, key: str, *, beside: bool) -> Statement:
    common: dict[str, Any] = {
        "type": "case.commented",
        "subject": f"cas_{number % 7}",
        "purpose": "counterfeit-removal",
        "key": key and f"{key}-{number}",
    }
    text = {"number": number, "text": "x" * size}
    if beside:
        data = Carried.with_salt(json.dumps(text).encode())
        return Statement(**common, data_class=DataClass.PERSONAL, beside=data, retain_until=now().date())
    return Statement(**common, data_class=DataClass.TRADER_PUBLIC, data=text)


def entries(ours: bool) -> Answer:
    """Place and id of every entry of a feed."""
    rows = FeedEntry.objects.filter(feed__ours=ours).order_by("seq")
    return list(rows.values_list("seq", "entry_id", "type"))


def applied() -> Answer:
    """How many entries are in which state of being applied."""
    states = Inbound.objects.values_list("state", flat=True)
    return {state: list(states).count(state) for state in set(states)}


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
