"""The records of the trade: what is offered, what is protected, what was measured, what was found."""

from countermark.model.finding import Direction, Finding, Kind, Level, Reason
from countermark.model.ids import derive_id, kind_of_id
from countermark.model.image import ImageRef, ImageRole, ImageSource, ImageUnavailable
from countermark.model.listing import Condition, Listing, Seller
from countermark.model.money import Price, UnknownCurrency
from countermark.model.problem import InvalidRecord, RowProblem
from countermark.model.right import (
    AuthorisedSeller,
    Brand,
    NeverMade,
    Portfolio,
    PriceBand,
    Right,
    RightKind,
    RightStatus,
)
from countermark.model.serial import from_json, json_schema, to_json
from countermark.model.signal import Signal, SignalExample, SignalSpec, Span
from countermark.model.text import Text

__all__ = [
    "AuthorisedSeller",
    "Brand",
    "Condition",
    "Direction",
    "Finding",
    "ImageRef",
    "ImageRole",
    "ImageSource",
    "ImageUnavailable",
    "InvalidRecord",
    "Kind",
    "Level",
    "Listing",
    "NeverMade",
    "Portfolio",
    "Price",
    "PriceBand",
    "Reason",
    "Right",
    "RightKind",
    "RightStatus",
    "RowProblem",
    "Seller",
    "Signal",
    "SignalExample",
    "SignalSpec",
    "Span",
    "Text",
    "UnknownCurrency",
    "derive_id",
    "from_json",
    "json_schema",
    "kind_of_id",
    "to_json",
]
