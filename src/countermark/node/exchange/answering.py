"""What a partner's node may ask of ours, once its request was found to be its own."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from countermark.node.exchange import logs
from countermark.node.exchange.models import Agreement, Checkpoint, Feed, FeedEntry, SeenCheckpoint, Standing
from countermark.node.exchange.pages import MOST_ENTRIES, page_after, write_page
from countermark.node.exchange.states import TALKING
from countermark.node.exchange.witnessing import note_bad_checkpoint, witness
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.time import now
from countermark.proof.encoding import from_base64, to_base64
from countermark.proof.merkle import LONGEST_PROOF
from countermark.proof.refusals import Refused

#: A partner may wait this long for news, in seconds; between two looks, in seconds.
LONGEST_WAIT, LOOK_EVERY = 25.0, 0.05
#: Questions of one partner that one process holds at once. Its node asks one; a few more are those of a node that was
#: just started again. Each held question keeps a thread, so whoever asks more is answered at once.
MOST_HELD = 4
_held: Counter[int] = Counter()
_lock = Lock()


def entries_after(
    agreement: Agreement,
    after: int,
    most: int = MOST_ENTRIES,
    wait: float = 0.0,
    pause: Callable[[float], None] = time.sleep,
) -> bytes:
    """A page of our feed, as bytes.

    Args:
        agreement: with the partner who asks.
        after: the last place that it has.
        most: entries wanted.
        wait: seconds to wait for news when there are none, at most LONGEST_WAIT.
        pause: lets time pass.

    Raises:
        NotFound: the agreement was never in force.
    """
    feed = _our_feed(agreement)
    if wait > 0 and feed.seq <= after:
        with _place_of(agreement.pk) as free:
            left = min(wait, LONGEST_WAIT) if free else 0.0
            while feed.seq <= after and left > 0:
                pause(LOOK_EVERY)
                left -= LOOK_EVERY
                feed = _our_feed(agreement)
    return write_page(page_after(feed, after, most))


@contextmanager
def _place_of(agreement: int) -> Iterator[bool]:
    """Hold a question of a partner; whether there was a place for it."""
    with _lock:
        _held[agreement] += 1
        free = _held[agreement] <= MOST_HELD
    try:
        yield free
    finally:
        with _lock:
            _held[agreement] -= 1


def heard_of(agreement: Agreement) -> None:
    """The partner asks us something, so it is there: nothing is gained by waiting any longer before we ask it."""
    waiting = Standing.objects.filter(agreement=agreement, next_try__gt=now())
    # Looked at first: nearly always there is nothing to write, and SQLite has one write lock.
    if waiting.exists():
        waiting.update(next_try=now())


def cosign_checkpoint(agreement: Agreement, body: bytes) -> str:
    """Witness the partner's log (C2SP tlog-witness, add-checkpoint): gives our cosignature line.

    Raises:
        OtherSize: we saw another size last.
        Refused: the request, the note or the proof does not hold; noted for the page of refused things.
    """
    old_size, proof, note = read_add_checkpoint(body)
    try:
        return witness(agreement, old_size, proof, note)
    except Refused as refused:
        note_bad_checkpoint(agreement, refused, note)
        raise


def read_add_checkpoint(body: bytes) -> tuple[int, tuple[bytes, ...], str]:
    """Old size, consistency proof and checkpoint of a request to witness.

    Raises:
        Refused: proof-form.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("proof-form", "It is not text.") from error
    head, separator, note = text.partition("\n\n")
    first, *lines = head.split("\n")
    size = first.removeprefix("old ")
    if not separator or not first.startswith("old ") or not (size.isascii() and size.isdigit()) or len(size) > 18:
        raise Refused("proof-form", "It begins with “old” and a size.")
    if len(lines) > LONGEST_PROOF:
        raise Refused("proof-form", "It has too many hashes.")
    return int(size), tuple(from_base64(line, "proof-form") for line in lines), note


def write_add_checkpoint(asked: logs.ToWitness) -> bytes:
    """A request to witness, as `read_add_checkpoint` reads it."""
    hashes = "".join(f"{to_base64(one)}\n" for one in asked.proof)
    return f"old {asked.old_size}\n{hashes}\n{asked.checkpoint.note}".encode()


def proof_of(agreement: Agreement, entry_id: str) -> str:
    """Proof that an entry of ours stands in our log, cosigned by the partner who asks (C2SP tlog-proof).

    Raises:
        NotFound: no such entry in the feed of this agreement, or no witnessed checkpoint holds it yet.
    """
    entry = FeedEntry.objects.filter(feed=_our_feed(agreement), entry_id=entry_id[:64]).first()
    proof = None if entry is None else logs.log_proof(entry, agreement)
    if proof is None:
        raise NotFound("proof")
    return proof.text


def newest_checkpoint(agreement: Agreement) -> str:
    """Our newest checkpoint with its cosignatures.

    Raises:
        NotFound: there is none yet.
    """
    row = Checkpoint.objects.filter(organisation_id=agreement.organisation_id).order_by("-size").first()
    if row is None:
        raise NotFound("checkpoint")
    return logs.witnessed_note(row)


def witnessed_of(agreement: Agreement) -> str:
    """The newest checkpoint of the partner's own log that we cosigned, with our line: it may have lost it.

    Raises:
        NotFound: there is none.
    """
    seen = SeenCheckpoint.objects.filter(organisation_id=agreement.organisation_id, origin=agreement.partner_node)
    row: SeenCheckpoint | None = seen.order_by("-size").first()
    if row is None:
        raise NotFound("checkpoint")
    return f"{row.note}{row.line}"


def may_still_ask(agreement: Agreement) -> bool:
    """Whether a partner may still read: also after the end, so that receipts and deletions reach it."""
    return agreement.state in TALKING


def _our_feed(agreement: Agreement) -> Feed:
    feed: Feed | None = Feed.objects.filter(agreement=agreement, ours=True).first()
    if feed is None:
        raise NotFound("feed")
    return feed
