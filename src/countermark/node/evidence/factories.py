"""Pictures for tests."""

from io import BytesIO

from PIL import Image

from countermark.node.evidence.models import Capture
from countermark.node.evidence.services import keep_picture
from countermark.node.parties.access import Member


def picture_bytes(
    width: int = 64, height: int = 48, *, colour: tuple[int, int, int] = (120, 80, 40), kind: str = "JPEG"
) -> bytes:
    """A plain picture; another colour gives other bytes."""
    drawn = BytesIO()
    Image.new("RGB", (width, height), colour).save(drawn, kind)
    return drawn.getvalue()


def make_capture(member: Member, *, colour: tuple[int, int, int] = (120, 80, 40)) -> Capture:
    """A kept picture of a member's organisation; `member` needs LISTINGS_IMPORT."""
    return keep_picture(member, picture_bytes(colour=colour), source="test")
