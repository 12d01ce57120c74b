"""Tables of this room: pictures, captured pages, test purchases."""

from countermark.node.evidence.models.pages import Capture, CustodyEvent, Evidence, EvidenceFile, EvidenceStamp
from countermark.node.evidence.models.purchases import (
    DeletionReceipt,
    Purchase,
    PurchaseFile,
    PurchaseLine,
    PurchaseStamp,
)

__all__ = [
    "Capture",
    "CustodyEvent",
    "DeletionReceipt",
    "Evidence",
    "EvidenceFile",
    "EvidenceStamp",
    "Purchase",
    "PurchaseFile",
    "PurchaseLine",
    "PurchaseStamp",
]
