"""Files that a channel has written, for a person who brings them to the partner."""

from pathlib import Path

from django.conf import settings

from countermark.node.audit import services as audit
from countermark.node.channels.models import Dispatch
from countermark.node.channels.shelf import connector
from countermark.node.kernel.errors import NotFound
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission


def file_of(member: Member, channel_id: str, name: str) -> bytes:
    """The bytes of a file; it may hold who signed a notice, so each look is written to the trail.

    Raises:
        NotPermitted (CHANNELS_SEND), NotFound: no message of this channel went into a file of that name, or it is gone.
    """
    member.require(Permission.CHANNELS_SEND)
    rows = Dispatch.objects.filter(channel__organisation_id=member.organisation_id, channel__public_id=channel_id[:40])
    row = rows.filter(their_id=name[:200]).select_related("channel").first()
    if row is None or not connector(row.channel.connector).files:
        raise NotFound("file")
    try:
        # The name is one that the connector made: nothing of it comes from the address.
        data = (Path(settings.COUNTERMARK_CHANNEL_FOLDER) / row.channel.public_id / row.their_id).read_bytes()
    except OSError as error:
        raise NotFound("file any more") from error
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action="channel.file_saved",
        target=row.channel.public_id,
        detail={"file": row.their_id},
    )
    return data
