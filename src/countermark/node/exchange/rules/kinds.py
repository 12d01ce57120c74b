"""Kinds of items that two nodes can exchange."""

from enum import StrEnum


class ItemKind(StrEnum):
    """What an item is. Nothing else can be named in an agreement."""

    LISTING = "listing"
    FINDING = "finding"
    CASE = "case"
    COMMENT = "comment"
    FILE = "file"
    EVIDENCE = "evidence"
    NOTICE = "notice"
    COUNTER_NOTICE = "counter_notice"
    SELLER = "seller"
    FIGURES = "figures"
    PAYMENT_ACTION = "payment_action"
    MEASURE = "measure"
