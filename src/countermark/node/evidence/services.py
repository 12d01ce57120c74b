"""Keep one picture for a member. Imports of many use `keeping`, which does the same in two steps."""

from django.db import transaction

from countermark.formats.picture import RefusedPicture
from countermark.node.audit import services as audit
from countermark.node.evidence.keeping import put_in_store, rows_for
from countermark.node.evidence.models import Capture
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission


def keep_picture(member: Member, data: bytes, *, source: str) -> Capture:
    """Keep a picture: the original unmodified, found again by its hash; the same bytes are kept once.

    Args:
        member: who brings it; needs RIGHTS_EDIT or LISTINGS_IMPORT.
        data: the bytes, whatever anyone says they are.
        source: how it came, in a few words (`reference of rgt_…`); never a path or a name from outside.

    Raises NotPermitted, Invalid (with what is wrong with the picture and how to mend it).
    """
    if not member.may(Permission.LISTINGS_IMPORT):
        member.require(Permission.RIGHTS_EDIT)
    try:
        picture = put_in_store(data)
    except RefusedPicture as refused:
        raise Invalid.of(
            "picture", f"picture-{refused.code}", refused.message[:1].upper() + refused.message[1:], refused.mend
        ) from refused
    with transaction.atomic():
        known = Capture.objects.filter(organisation_id=member.organisation_id, sha256=picture.sha256).first()
        if known is not None:
            return known
        capture = rows_for(member.organisation_id, [picture], source)[picture.sha256]
        audit.record(
            actor=member.actor,
            organisation=member.organisation_id,
            action="picture.kept",
            target=capture.public_id,
            detail={"sha256": capture.sha256, "source": capture.source},
        )
    return capture
