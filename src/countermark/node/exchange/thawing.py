"""Let a feed go on that stood still, after people have looked: one proposes, another confirms, the partner is told."""

from enum import StrEnum

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.exchange.appending import say_for_exchange
from countermark.node.exchange.models import Agreement, Feed, FeedEntry
from countermark.node.exchange.receipting import grow_feed_tree
from countermark.node.exchange.states import IN_FORCE, FeedState
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.entries import said_in
from countermark.proof.extracts import RECEIPT, receipted
from countermark.proof.ijson import Plain
from countermark.proof.refusals import Refused

#: Type of the entry that tells the partner.
THAWED = "feed.resumed"
_AT_ONCE = 500


class ThawReason(StrEnum):
    """What people found. A code: it goes to the partner and into the trail, where free text could name a person."""

    DATA_RESTORED = "data-restored"
    STATEMENT_AGREED = "statement-agreed"
    FALSE_ALARM = "false-alarm"


def propose(member: Member, name: str, reason: str) -> None:
    """Propose that a feed goes on; nothing changes until another person confirms. Proposed again, the last one counts.

    Args:
        member: AGREEMENTS_MANAGE.
        name: of the feed.
        reason: a `ThawReason`.

    Raises:
        NotPermitted, NotFound; Invalid, no such reason; Conflict, it does not stand still.
    """
    if reason not in set(ThawReason):
        raise Invalid.of("reason", "reason", "There is no such reason.", f"Choose one of {', '.join(ThawReason)}.")
    with transaction.atomic():
        feed = _standing_still(member, name)
        Feed.objects.filter(pk=feed.pk).update(thaw_by=member.actor, thaw_reason=reason, thaw_at=now())
        _note(member, feed, "feed.thaw_proposed", reason=reason)


def withdraw(member: Member, name: str) -> None:
    """Take a proposal back, one's own or another's.

    Raises:
        NotPermitted, NotFound; Conflict, it does not stand still or nobody has proposed anything.
    """
    with transaction.atomic():
        feed = _standing_still(member, name)
        _check_proposed(feed)
        Feed.objects.filter(pk=feed.pk).update(**_NOTHING_PROPOSED)
        _note(member, feed, "feed.thaw_withdrawn", reason=feed.thaw_reason, proposed_by=feed.thaw_by)


def confirm(member: Member, name: str) -> None:
    """Let the feed go on as another person proposed, and tell the partner in our feed.

    What stands here stays: a partner that contradicts it again freezes its feed again.

    Raises:
        NotPermitted, NotFound.
        Conflict: it does not stand still, nobody or the member itself proposed it, our own feed stands still beside
            the partner's so that nothing can be said, or the partner has signed for what we do not have.
    """
    with transaction.atomic():
        feed = _standing_still(member, name)
        _check_proposed(feed)
        if feed.thaw_by == member.actor:
            raise Conflict("You proposed it yourself. Another administrator must look and confirm.", code="same-person")
        if feed.ours:
            _check_has_all(feed)
        Feed.objects.filter(pk=feed.pk).update(state=FeedState.OPEN, reason="", changed_at=now(), **_NOTHING_PROPOSED)
        _tell(feed)
        _note(
            member,
            feed,
            "feed.thawed",
            reason=feed.thaw_reason,
            proposed_by=feed.thaw_by,
            was=feed.reason,
            seq=feed.seq,
        )


_NOTHING_PROPOSED: dict[str, object] = {"thaw_by": "", "thaw_reason": "", "thaw_at": None}


def _standing_still(member: Member, name: str) -> Feed:
    member.require(Permission.AGREEMENTS_MANAGE)
    if "\0" in name:
        raise NotFound("feed", "")
    # Ours first, as whoever appends does: two locks in two orders would wait for one another.
    rows = Feed.objects.filter(organisation_id=member.organisation_id, agreement__feeds__name=name[:120])
    locked = list(Feed.objects.select_for_update().filter(pk__in=rows.values("pk")).order_by("-ours", "pk"))
    feed = next((one for one in locked if one.name == name), None)
    if feed is None:
        raise NotFound("feed", name)
    if feed.state != FeedState.FROZEN:
        raise Conflict("This feed does not stand still.", code="not-frozen")
    return feed


def _check_proposed(feed: Feed) -> None:
    if not feed.thaw_by:
        raise Conflict("Nobody has proposed that this feed goes on.", code="not-proposed")


def _check_has_all(ours: Feed) -> None:
    """Make sure that we have everything the partner signed for: whoever goes on without it contradicts itself."""
    receipts = FeedEntry.objects.filter(feed__agreement=ours.agreement_id, feed__ours=False, type=RECEIPT)
    for token in receipts.order_by("-seq").values_list("token", flat=True)[:_AT_ONCE]:
        try:
            name, seq, root = receipted(said_in(token))
        except Refused:
            continue
        if name == ours.name and (seq > ours.seq or grow_feed_tree(ours, seq).root(seq) != root):
            raise Conflict(
                f"The partner has signed for {seq} entries of this feed, and this database holds other ones or fewer "
                f"({ours.seq}). Bring back the newest backup first: going on would contradict what was signed.",
                code="rolled-back",
            )


def _tell(feed: Feed) -> None:
    agreement = Agreement.objects.get(pk=feed.agreement_id)
    if agreement.state not in IN_FORCE:
        return
    if not Feed.objects.filter(agreement=agreement, ours=True, state=FeedState.OPEN).exists():
        raise Conflict(
            "Our own feed stands still too, so the partner cannot be told. Let that one go on first.", code="frozen"
        )
    data: dict[str, Plain] = {
        "feed": feed.name,
        "seq": feed.seq,
        "digest": feed.digest,
        "was": feed.reason,
        "reason": feed.thaw_reason,
    }
    say_for_exchange(agreement, THAWED, feed.name, data)


def _note(member: Member, feed: Feed, action: str, **detail: str | int) -> None:
    audit.record(
        actor=member.actor, organisation=member.organisation_id, action=action, target=feed.name, detail=detail
    )
