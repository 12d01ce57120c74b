"""A test purchase for tests: fields that are accepted, and a film that is as small as a film can be."""

import io
from collections.abc import Sequence

from countermark.node.evidence.factories import picture_bytes
from countermark.node.evidence.purchases import recording
from countermark.node.evidence.purchases.acts import Act
from countermark.node.evidence.purchases.recording import Upload
from countermark.node.parties.access import Member

LISTING = "lst_00000000000000000000000000"
ORDER = {
    "at": "2026-03-01T09:00:00+00:00",
    "buyer": "Mira Vale, agency Nord",
    "buyer_class": "agency",
    "account": "buyer 3",
    "order_number": "BZ-7781",
    "price": "89,90",
    "currency": "eur",
    "payment_class": "card",
    "payment_reference": "ends in 4417",
}
WORDS: dict[Act, dict[str, str]] = {
    Act.ORDER: ORDER,
    Act.RECEIVE: {
        "at": "2026-03-01T10:00:00+00:00",
        "by": "Ana Roche",
        "carrier": "Colis Vite",
        "tracking": "CV 1234 5678",
        "place": "Paris, desk of the maison",
        "witness": "Jon Ek",
    },
    Act.OPEN: {
        "at": "2026-03-01T11:00:00+00:00",
        "by": "Ana Roche",
        "witness": "Jon Ek",
        "place": "Paris",
        "found": "One tote, one card.",
    },
    Act.SEAL: {"at": "2026-03-01T11:10:00+00:00", "by": "Ana Roche", "seals": "A-101\nA-102"},
    Act.STORE: {"at": "2026-03-01T11:20:00+00:00", "place": "Cabinet 4", "intact": "yes"},
    Act.HAND_OVER: {
        "at": "2026-03-01T12:00:00+00:00",
        "to": "Lena Hart",
        "purpose": "Examination",
        "intact": "yes",
    },
    Act.EXAMINE: {
        "at": "2026-03-01T13:00:00+00:00",
        "expert": "Lena Hart",
        "competence": "Head of leather goods of the maison, 14 years.",
        "intact": "yes",
        "conclusion": "counterfeit",
        "features": "Stitching of 6 per inch instead of 9\nSerial number of another model",
    },
    Act.CLOSE: {"at": "2026-03-01T14:00:00+00:00", "why": "finished"},
    Act.ADD: {"at": "2026-03-01T14:00:00+00:00", "note": "Label of the parcel."},
}


def box(kind: bytes, content: bytes = b"") -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def film(length: int = 64) -> bytes:
    """The boxes of an MP4 around bytes that no player would show."""
    return box(b"ftyp", b"isom\0\0\0\0isom") + box(b"moov", b"\0" * 8) + box(b"mdat", b"\x2a" * length)


def upload(data: bytes, name: str = "IMG_0001") -> Upload:
    return Upload(io.BytesIO(data), len(data), name)


def paper() -> Upload:
    return upload(b"%PDF-1.7\n%%EOF\n", "opinion.pdf")


def done(member: Member, purchase_id: str, act: Act, files: Sequence[Upload] = (), **words: str) -> None:
    """Record one act with the words above, some of them changed."""
    brings = {Act.OPEN: [upload(film(), "unpacking.mp4"), upload(picture_bytes(), "a.jpg")], Act.EXAMINE: [paper()]}
    recording.record(member, purchase_id, act, WORDS[act] | words, files or brings.get(act, ()))


#: The acts of a purchase from the parcel to the opinion.
WHOLE_PURCHASE = (Act.RECEIVE, Act.OPEN, Act.SEAL, Act.STORE, Act.HAND_OVER, Act.EXAMINE)


def bought(member: Member, *acts: Act, listing: str = LISTING) -> str:
    """A purchase with its order and some more acts; gives its id."""
    purchase_id = recording.order(member, listing, ORDER)
    for act in acts:
        done(member, purchase_id, act)
    return purchase_id
