"""What is to be sent, before any connector gave it its form: plain fields of one list of names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Cargo(StrEnum):
    """What a letter is."""

    NOTICE = "notice"
    WITHDRAWAL = "withdrawal"
    ANSWER = "answer"
    SUIT = "suit"
    STATEMENT = "statement"


#: Every field that a letter can hold, with its meaning: what a mapping or a column may name.
FIELDS: Mapping[str, str] = {
    "kind": "notice, withdrawal, answer or suit",
    "reference": "our reference of the message, the same at every try",
    "notice_id": "our id of the notice (ntc_…)",
    "sent_on": "day, YYYY-MM-DD (UTC)",
    "sender": "organisation that sends",
    "marketplace": "marketplace of the offer",
    "item_id": "the marketplace's id of the offer",
    "url": "address of the offer",
    "title": "title of the offer",
    "country": "country to which it is directed, ISO 3166-1",
    "brand": "house whose right it is",
    "right_title": "title of the right",
    "right_kind": "trademark, design, copyright or patent",
    "right_office": "office of the register",
    "right_number": "number in the register",
    "right_owner": "owner",
    "law": "law or programme under which it is filed",
    "ground": "id of the ground",
    "ground_title": "the ground in words",
    "explanation": "what infringes and why",
    "evidence": "kind and SHA-256 of each piece of evidence, a line each",
    "declarations": "the words that were signed",
    "signer": "who signed them; personal data",
    "contact": "where to answer; personal data",
    "reason": "why a notice is withdrawn",
    "reason_code": "the platform's own code of the reason",
    "message_to_seller": "what the platform may pass on to the seller",
    "countries": "where the goods may not be sold",
    "patent_numbers": "numbers of the patents relied on",
    "platform_name": "which platform of its group it is about",
    "complaint_type": "listing or store",
    "words": "an answer, or where and when a suit was filed",
}


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A paper that goes along."""

    name: str
    media_type: str
    sha256: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Something to be sent.

    Attributes:
        cargo: what it is.
        subject: what it is about, `ntc_…`.
        key: makes one dispatch out of many tries, within a channel.
        reference: what the other side knows it by; empty = the dispatch's own id.
        fields: by names of `FIELDS`.
        document: for a statement: the JSON of the Transparency Database.
        enclosed: papers.
    """

    cargo: Cargo
    subject: str
    key: str
    reference: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)
    enclosed: tuple[Enclosed, ...] = ()
