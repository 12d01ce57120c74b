"""Open a channel, approve its address, pause it, close it."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from countermark.law.lawbook import shipped_lawbook
from countermark.node.audit import services as audit
from countermark.node.channels.models import Channel, Dispatch
from countermark.node.channels.outbox import place_of
from countermark.node.channels.shelf import connector
from countermark.node.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import is_id, new_id
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

LONGEST_NAME, LONGEST_TEXT = 120, 8_000
#: Channels that one organisation may have.
MOST = 200


@transaction.atomic
def open_channel(
    member: Member,
    connector_id: str,
    *,
    name: str,
    marketplace: str = "",
    platform: str = "",
    details: Mapping[str, str] | None = None,
) -> str:
    """Open a channel; gives its id, `chn_…`. One whose address needs approval sends nothing before.

    `platform`: whose programme the other side follows (`ebay`, `taobao`); empty = notices run under the law.

    Raises:
        NotPermitted (CHANNELS_MANAGE), Invalid.
    """
    member.require(Permission.CHANNELS_MANAGE)
    found = connector(connector_id)
    texts = {one.name: (details or {}).get(one.name, one.text).strip() for one in found.wants}
    _check_texts(name, marketplace, texts)
    if Channel.objects.filter(organisation_id=member.organisation_id).count() >= MOST:
        raise Conflict(f"There are {MOST} channels already.", code="too-many-channels")
    row = Channel(
        organisation_id=member.organisation_id,
        public_id=new_id("chn"),
        connector=found.id,
        name=name.strip(),
        marketplace=marketplace.strip() or found.title,
        platform=_platform(found.platform, platform),
        details=texts,
        made_by=member.actor,
    )
    _check_details(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        said = "There is a channel of this name."
        raise Invalid.of("name", "channel-known", said, "Choose another name, or change that one.") from error
    _trail(member, row, "channel.opened")
    return row.public_id


@transaction.atomic
def change(
    member: Member, channel_id: str, *, marketplace: str, details: Mapping[str, str], platform: str | None = None
) -> None:
    """Change what people wrote; an approval of the address is over when the address changes.

    `platform` as for `open_channel`, None = as it is; a notice that is filed keeps what it runs under.

    Raises:
        NotPermitted (CHANNELS_MANAGE), NotFound, Invalid.
    """
    row = _managed(member, channel_id)
    wants = connector(row.connector).wants
    texts = {one.name: details.get(one.name, row.details.get(one.name, "")).strip() for one in wants}
    _check_texts(row.name, marketplace, texts)
    if texts.get("address") != row.details.get("address"):
        row.approved_by, row.approved_at = "", None
    row.marketplace, row.details = marketplace.strip() or row.marketplace, texts
    if platform is not None:
        row.platform = _platform(connector(row.connector).platform, platform)
    _check_details(row)
    row.next_try = None
    row.save()
    _trail(member, row, "channel.changed")


@transaction.atomic
def approve(member: Member, channel_id: str, address: str) -> None:
    """Approve an address, as it was read on the page: from here on mail goes there.

    Raises:
        NotPermitted (CHANNELS_MANAGE), NotFound, Conflict: it was changed meanwhile.
    """
    row = _managed(member, channel_id)
    if not connector(row.connector).approves or row.details.get("address") != address:
        raise Conflict("The address was changed meanwhile. Read it again.", code="address-changed")
    row.approved_by, row.approved_at, row.next_try = member.actor, now(), None
    row.save(update_fields=["approved_by", "approved_at", "next_try"])
    _trail(member, row, "channel.approved")


@transaction.atomic
def pause(member: Member, channel_id: str) -> None:
    """Send nothing through it until somebody lets it go on. Raises NotPermitted (CHANNELS_SEND), NotFound."""
    row = own(member, channel_id, Permission.CHANNELS_SEND)
    row.paused_by, row.paused_at = member.actor, now()
    row.save(update_fields=["paused_by", "paused_at"])
    _trail(member, row, "channel.paused")


@transaction.atomic
def go_on(member: Member, channel_id: str) -> None:
    """Let a paused channel go on, and one that was left alone be tried at once. As `pause`."""
    row = own(member, channel_id, Permission.CHANNELS_SEND)
    row.paused_by, row.paused_at, row.next_try = "", None, None
    row.save(update_fields=["paused_by", "paused_at", "next_try"])
    _trail(member, row, "channel.resumed")


@transaction.atomic
def close(member: Member, channel_id: str) -> None:
    """Close it for good. Raises NotPermitted (CHANNELS_MANAGE), NotFound, Conflict: something is still to go."""
    row = _managed(member, channel_id)
    waits = (Dispatch.State.WAITING, Dispatch.State.UNSURE)
    if Dispatch.objects.filter(channel=row, state__in=waits).exists():
        raise Conflict("Messages still wait in it. Send them or give them up first.", code="channel-busy")
    row.closed_at = now()
    row.save(update_fields=["closed_at"])
    _trail(member, row, "channel.closed")


def own(member: Member, channel_id: str, permission: Permission) -> Channel:
    """A channel of the member's organisation, locked; NotPermitted, NotFound."""
    member.require(permission)
    rows = Channel.objects.select_for_update(of=("self",)).select_related("organisation")
    found = rows.filter(organisation_id=member.organisation_id, public_id=channel_id[:40], closed_at=None).first()
    if found is None or not is_id("chn", channel_id):
        raise NotFound("channel", channel_id)
    return found


def _managed(member: Member, channel_id: str) -> Channel:
    return own(member, channel_id, Permission.CHANNELS_MANAGE)


def _platform(fixed: str, wanted: str) -> str:
    """The platform of a channel: that of its connector, else one that has a programme here. Raises Invalid."""
    if not fixed and wanted and wanted not in shipped_lawbook().platforms:
        raise Invalid.of("platform", "platform-unknown", "No programme of this platform is known.", "Choose another.")
    return fixed or wanted


def _check_texts(name: str, marketplace: str, texts: Mapping[str, str]) -> None:
    if not is_storable(name, marketplace, *texts.values()):
        raise Invalid.of("name", "not-text", "A text holds a character that cannot be stored.", "Type it again.")
    if not name.strip() or len(name) > LONGEST_NAME or len(marketplace) > 200:
        raise Invalid.of("name", "name-wrong", "The name is missing or too long.", "Write a few words.")
    for field, text in texts.items():
        if len(text) > LONGEST_TEXT:
            raise Invalid.of(field, "too-long", f"It is longer than {LONGEST_TEXT:,} characters.", "Shorten it.")


def _check_details(row: Channel) -> None:
    """What was written must fit; that a secret or an approval is missing can be mended later."""
    names = {one.name for one in connector(row.connector).wants}
    wrong = [one for one in connector(row.connector).missing(place_of(row)) if one.field in names]
    if wrong:
        raise Invalid(FieldProblem(one.field, one.code, one.message, one.mend) for one in wrong)


def _trail(member: Member, row: Channel, action: str) -> None:
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action=action,
        target=row.public_id,
        detail={"connector": row.connector, "name": row.name},
    )
