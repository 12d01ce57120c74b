"""Read channels and messages, as one member sees them; and what other rooms ask of them."""

import json

from django.db.models import Count, F, Q, QuerySet

from countermark.law.lawbook import shipped_lawbook
from countermark.law.statement.validating import TEXTS
from countermark.node.channels.letters import Cargo
from countermark.node.channels.models import Channel, Dispatch, Report
from countermark.node.channels.outbox import BY_HAND, place_of
from countermark.node.channels.shelf import all_connectors, connector
from countermark.node.channels.shown import ChannelShown, ConnectorShown, DispatchShown, ToldShown
from countermark.node.kernel.pages import page_by_row
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission

State = Dispatch.State
_MOST_FAILURES = 20


def connectors_for(member: Member) -> tuple[ConnectorShown, ...]:
    """Connectors that an organisation of this kind can use: notices by a rights holder, statements by a marketplace."""
    sends = _sent_by(member.organisation_kind)
    return tuple(
        ConnectorShown(
            id=one.id,
            title=one.title,
            says=one.says,
            carries=tuple(sorted(one.carries & sends)),
            wants=one.wants,
            platform=one.platform,
        )
        for one in all_connectors().values()
        if one.carries & sends
    )


def channels(member: Member) -> tuple[ChannelShown, ...]:
    """Every open channel, by name, with its newest failures. Raises NotPermitted (CHANNELS_VIEW)."""
    member.require(Permission.CHANNELS_VIEW)
    waits = Q(dispatches__state__in=(State.WAITING, State.UNSURE))
    rows = _open(member.organisation_id).annotate(
        waiting=Count("dispatches", filter=waits),
        failed=Count("dispatches", filter=Q(dispatches__state=State.FAILED)),
        sent=Count("dispatches", filter=Q(dispatches__state=State.SENT)),
    )
    return tuple(_channel(one) for one in rows.order_by("name"))


def dispatches(member: Member, channel_id: str, cursor: str = "") -> tuple[tuple[DispatchShown, ...], str | None]:
    """One page of a channel's messages, newest first. Raises NotPermitted (CHANNELS_VIEW)."""
    member.require(Permission.CHANNELS_VIEW)
    rows = Dispatch.objects.filter(channel__organisation_id=member.organisation_id, channel__public_id=channel_id[:40])
    found, following = page_by_row(rows.select_related("channel"), cursor, 50)
    return tuple(dispatch_shown(one) for one in found), following


def of_subject(member: Member, subject: str) -> tuple[DispatchShown, ...]:
    """Everything that was sent about a thing, oldest first, with all that was said of it."""
    rows = Dispatch.objects.filter(channel__organisation_id=member.organisation_id, subject=subject[:40])
    return tuple(
        dispatch_shown(one, told=True)
        for one in rows.select_related("channel").prefetch_related("told").order_by("pk")[:50]
    )


def open_channels(organisation_id: int, cargo: Cargo) -> tuple[Channel, ...]:
    """Channels of an organisation that carry something, by name; for rooms that choose one."""
    return tuple(one for one in _open(organisation_id).order_by("name") if cargo in connector(one.connector).carries)


def untaken(subject_start: str, most: int = 200) -> list[tuple[int, str, Report]]:
    """Reports that the room of their subject has not looked at: organisation, subject, report; in order."""
    news = Dispatch.objects.filter(cargo=Cargo.NOTICE, reports__gt=F("taken"), subject__startswith=subject_start)
    keys = list(news.order_by("pk").values_list("pk", flat=True)[:most])
    if not keys:
        return []
    found = Report.objects.filter(dispatch__in=keys, number__gt=F("dispatch__taken")).select_related(
        "dispatch__channel"
    )
    return [(one.dispatch.channel.organisation_id, one.dispatch.subject, one) for one in found.order_by("pk")]


def mark_taken(report: Report) -> None:
    """The room of the subject has looked at a report, whatever it made of it."""
    Dispatch.objects.filter(pk=report.dispatch_id, taken__lt=report.number).update(taken=report.number)


def dispatch_shown(row: Dispatch, *, told: bool = False) -> DispatchShown:
    """A message for a screen."""
    mendable = row.cargo == Cargo.STATEMENT and row.state == State.FAILED
    return DispatchShown(
        id=row.public_id,
        channel=row.channel.public_id,
        channel_name=row.channel.name,
        connector_title=connector(row.channel.connector).title,
        cargo=row.cargo,
        subject=row.subject,
        reference=row.reference,
        state=row.state,
        status=row.status,
        raw_status=row.raw_status,
        status_at=row.status_at,
        made_at=row.made_at,
        sent_at=row.sent_at,
        attempts=row.attempts,
        their_id=row.their_id,
        detail=row.detail,
        mend=row.mend,
        by_hand=row.problem == BY_HAND,
        file=row.their_id if connector(row.channel.connector).files else "",
        texts=_texts(row) if mendable else (),
        told=tuple(_told(one) for one in row.told.all()) if told else (),
    )


def _told(one: Report) -> ToldShown:
    return ToldShown(raw=one.raw, status=one.status, detail=one.detail, at=one.at)


def _texts(row: Dispatch) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in json.loads(row.body).items() if name in TEXTS and isinstance(text, str))


def _channel(row: Channel) -> ChannelShown:
    found = connector(row.connector)
    failures = Dispatch.objects.filter(channel=row, state=State.FAILED).select_related("channel").order_by("-pk")
    counted = row.__dict__
    return ChannelShown(
        id=row.public_id,
        name=row.name,
        marketplace=row.marketplace,
        connector=row.connector,
        connector_title=found.title,
        carries=tuple(sorted(found.carries)),
        wants=found.wants,
        details=dict(row.details),
        platform=shipped_lawbook().platforms.get(row.platform, row.platform),
        platform_id=row.platform,
        platform_fixed=bool(found.platform),
        missing=found.missing(place_of(row)),
        address=row.details.get("address", "") if found.approves else "",
        needs_approval=found.approves and row.approved_at is None,
        paused_at=row.paused_at,
        last_sent_at=row.last_sent_at,
        waiting=counted["waiting"],
        failed=counted["failed"],
        sent=counted["sent"],
        problem=row.detail,
        mend=row.mend,
        next_try=row.next_try if row.next_try and row.next_try > now() else None,
        failures=tuple(dispatch_shown(one) for one in failures[:_MOST_FAILURES]),
    )


def _open(organisation_id: int) -> QuerySet[Channel]:
    return Channel.objects.filter(organisation_id=organisation_id, closed_at=None).select_related("organisation")


def _sent_by(kind: OrganisationKind) -> frozenset[Cargo]:
    if kind is OrganisationKind.MARKETPLACE:
        return frozenset({Cargo.STATEMENT})
    return frozenset(Cargo) - {Cargo.STATEMENT} if kind is OrganisationKind.RIGHTS_HOLDER else frozenset()


def in_trouble() -> tuple[str, ...]:
    """For the doctor: names of channels that failed last time, and of those that hold messages nobody could send."""
    rows = Channel.objects.filter(closed_at=None).filter(~Q(problem="") | Q(dispatches__state=State.FAILED))
    return tuple(rows.order_by("name").values_list("name", flat=True).distinct())
