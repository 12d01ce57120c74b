"""Put a letter on its way, in the transaction of the act that it speaks of; a worker sends it."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from countermark.node.channels.connector import Place, over_limits
from countermark.node.channels.letters import Cargo, Letter
from countermark.node.channels.models import Channel, Dispatch, Enclosure
from countermark.node.channels.shelf import connector
from countermark.node.evidence.receipts import GoneFile, gone
from countermark.node.kernel.errors import FieldProblem, Invalid
from countermark.node.kernel.ids import new_id
from countermark.node.kernel.time import now

BY_HAND = "by-hand"
_BY_HAND_MEND = "Tell the other side through its own page or by post, then mark it as told."


def place_of(channel: Channel) -> Place:
    """The channel as its connector sees it."""
    return Place(
        id=channel.public_id,
        organisation=channel.organisation.name,
        marketplace=channel.marketplace,
        details=channel.details,
        approved=channel.approved_at is not None,
        loopback=settings.COUNTERMARK_CHANNEL_LOOPBACK,
    )


def problems_of(channel: Channel, letter: Letter) -> tuple[FieldProblem, ...]:
    """Everything that a channel would refuse about a letter: its limits, and its own rules."""
    found, place = connector(channel.connector), place_of(channel)
    if letter.cargo not in found.carries:
        return (
            FieldProblem("channel", "channel-not-carried", f"{found.title} does not carry messages of this kind.", ""),
        )
    return (*found.missing(place), *over_limits(found.limits, letter), *found.check(letter, place))


def put(channel: Channel, letter: Letter, *, checked: bool = False) -> Dispatch:
    """Put a letter on its way; the same key again is the same dispatch.

    What the channel cannot carry is put as well, as failed, so that a person tells it in another way and says so.

    Args:
        channel: of the sender's organisation.
        letter: what is to go.
        checked: its problems were looked at before, and stand in the row already.

    Raises:
        Invalid: the channel would refuse it.
    """
    known = Dispatch.objects.filter(channel=channel, key=letter.key).first()
    if known is not None:
        return known
    carried = letter.cargo in connector(channel.connector).carries
    if carried and not checked and (problems := problems_of(channel, letter)):
        raise Invalid(problems)
    row = Dispatch(channel=channel, public_id=new_id("dsp"), cargo=letter.cargo, subject=letter.subject, key=letter.key)
    row.reference = letter.reference or row.public_id
    row.body = connector(channel.connector).render(_named(letter, row, now()), place_of(channel)) if carried else ""
    if not carried:
        row.state, row.problem, row.mend = Dispatch.State.FAILED, BY_HAND, _BY_HAND_MEND
        row.detail = f"{connector(channel.connector).title} does not carry messages of this kind."
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return Dispatch.objects.get(channel=channel, key=letter.key)
    if carried:
        Enclosure.objects.bulk_create(
            Enclosure(dispatch=row, name=one.name, media_type=one.media_type, sha256=one.sha256, data=one.data)
            for one in letter.enclosed
        )
    return row


def put_failed(channel: Channel, letter: Letter, problem: Invalid) -> Dispatch:
    """Put a letter that the channel would refuse: it waits for a person, with everything that stands against it."""
    row = put(channel, letter, checked=True)
    row.state, row.problem, row.detail = Dispatch.State.FAILED, problem.problems[0].code[:40], problem.detail[:1000]
    row.mend = "Correct the texts below, then send it again."
    row.save()
    return row


def forget(organisation_id: int, subject: str) -> tuple[GoneFile, ...]:
    """Delete the texts of every message about a notice, with what lay beside them; how each fared stays.

    What was not sent by then is given up. A statement for the public database holds nothing personal, and stays. In the
    transaction of whoever writes the receipt; gives what that names.
    """
    rows = Dispatch.objects.filter(channel__organisation_id=organisation_id, subject=subject).order_by("pk")
    rows = rows.exclude(cargo=Cargo.STATEMENT)
    found = [gone(one.public_id, one.body.encode()) for one in rows if one.body]
    beside = Enclosure.objects.filter(dispatch__in=rows).select_related("dispatch")
    found += [
        GoneFile(f"{one.dispatch.public_id}/{one.sha256[:12]}", one.sha256, len(one.data), "deleted") for one in beside
    ]
    beside.delete()
    rows.exclude(state=Dispatch.State.SENT).update(state=Dispatch.State.DROPPED)
    rows.update(body="", next_look=None)
    return tuple(found)


def _named(letter: Letter, row: Dispatch, moment: datetime) -> Letter:
    if letter.cargo is Cargo.STATEMENT:
        return letter
    named = {"kind": letter.cargo.value, "reference": row.reference, "sent_on": moment.date().isoformat()}
    return Letter(
        cargo=letter.cargo,
        subject=letter.subject,
        key=letter.key,
        reference=row.reference,
        fields={**letter.fields, **named, "sender": row.channel.organisation.name},
        enclosed=letter.enclosed,
    )
