"""Tables of the exchange: agreements, feeds, the log, and how things stand with each partner."""

from countermark.node.exchange.models.agreements import (
    Agreement,
    AgreementSignature,
    AgreementVersion,
    Identity,
    Parcel,
    Standing,
)
from countermark.node.exchange.models.facades import Placed, ReadHour, ReadToken, Shelf
from countermark.node.exchange.models.feeds import (
    Beside,
    Contradiction,
    Deletion,
    Feed,
    FeedEntry,
    Inbound,
    Refusal,
    Submission,
)
from countermark.node.exchange.models.logs import (
    Checkpoint,
    Cosignature,
    Log,
    LogLeaf,
    Nonce,
    ReceiptProof,
    SeenCheckpoint,
    TreeNode,
)

__all__ = [
    "Agreement",
    "AgreementSignature",
    "AgreementVersion",
    "Beside",
    "Checkpoint",
    "Contradiction",
    "Cosignature",
    "Deletion",
    "Feed",
    "FeedEntry",
    "Identity",
    "Inbound",
    "Log",
    "LogLeaf",
    "Nonce",
    "Parcel",
    "Placed",
    "ReadHour",
    "ReadToken",
    "ReceiptProof",
    "Refusal",
    "SeenCheckpoint",
    "Shelf",
    "Standing",
    "Submission",
    "TreeNode",
]
