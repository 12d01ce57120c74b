"""Statements of reasons of a marketplace on their way to the Transparency Database: each once, as it was written."""

from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from countermark.node.channels import outbox
from countermark.node.channels.letters import Cargo, Letter
from countermark.node.channels.models import Channel, Dispatch
from countermark.node.channels.selectors import open_channels
from countermark.node.kernel.errors import Invalid
from countermark.node.notices.models import Notice, Statement
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.models import Organisation


def hand_over(statement: Statement) -> bool:
    """Put a statement on its way, in the transaction of the decision; False where there is no channel yet."""
    notice: Notice = statement.notice
    channel = next(iter(open_channels(notice.organisation_id, Cargo.STATEMENT)), None)
    if channel is None or statement.filing is None:
        return False
    _put(channel, statement)
    return True


def hand_over_missed(most: int = 500) -> int:
    """For a worker: put on its way what was decided before there was a channel; says how many."""
    return sum(
        _put_all(channel, most)
        for row in Organisation.objects.filter(kind=OrganisationKind.MARKETPLACE)
        for channel in open_channels(row.pk, Cargo.STATEMENT)[:1]
    )


def _put_all(channel: Channel, most: int) -> int:
    key = Concat(Value("statement "), Cast(OuterRef("pk"), CharField()))
    known = Dispatch.objects.filter(channel__organisation_id=channel.organisation_id, key=key)
    rows = Statement.objects.filter(notice__organisation_id=channel.organisation_id, filing__isnull=False)
    missed = list(rows.filter(~Exists(known)).select_related("notice").order_by("pk")[:most])
    for one in missed:
        _put(channel, one)
    return len(missed)


def _put(channel: Channel, statement: Statement) -> None:
    document: Mapping[str, Any] = statement.filing or {}
    made = Letter(
        cargo=Cargo.STATEMENT,
        subject=statement.notice.public_id,
        key=f"statement {statement.pk}",
        reference=document["puid"],
        document=document,
    )
    try:
        outbox.put(channel, made)
    except Invalid as problem:
        # A decision stands although its statement cannot go as it is: a person corrects it on the page of channels.
        outbox.put_failed(channel, made, problem)
