"""Tables of this room: pictures, captured pages and their exhibits, test purchases."""

from countermark.node.evidence.models.pages import (
    Capture,
    CustodyEvent,
    Evidence,
    EvidenceFile,
    EvidenceStamp,
    Exhibit,
    ExportApproval,
    ExportRecord,
)
from countermark.node.evidence.models.purchases import (
    DeletionReceipt,
    Purchase,
    PurchaseExhibit,
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
    "Exhibit",
    "ExportApproval",
    "ExportRecord",
    "Purchase",
    "PurchaseExhibit",
    "PurchaseFile",
    "PurchaseLine",
    "PurchaseStamp",
]
