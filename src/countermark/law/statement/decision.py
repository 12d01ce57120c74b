"""A decision about an offer, as the platform knows it, before it is put into words for seller and database."""

from datetime import date
from enum import StrEnum

import msgspec

from countermark.model import InvalidRecord, RightKind


class Measure(StrEnum):
    """What was done. The value is the database's; its beginning says in which of the four fields it goes."""

    REMOVED = "DECISION_VISIBILITY_CONTENT_REMOVED"
    DISABLED = "DECISION_VISIBILITY_CONTENT_DISABLED"
    DEMOTED = "DECISION_VISIBILITY_CONTENT_DEMOTED"
    LABELLED = "DECISION_VISIBILITY_CONTENT_LABELLED"
    PAYMENT_SUSPENDED = "DECISION_MONETARY_SUSPENSION"
    PAYMENT_ENDED = "DECISION_MONETARY_TERMINATION"
    SERVICE_PARTLY_SUSPENDED = "DECISION_PROVISION_PARTIAL_SUSPENSION"
    SERVICE_SUSPENDED = "DECISION_PROVISION_TOTAL_SUSPENSION"
    SERVICE_PARTLY_ENDED = "DECISION_PROVISION_PARTIAL_TERMINATION"
    SERVICE_ENDED = "DECISION_PROVISION_TOTAL_TERMINATION"
    ACCOUNT_SUSPENDED = "DECISION_ACCOUNT_SUSPENDED"
    ACCOUNT_ENDED = "DECISION_ACCOUNT_TERMINATED"

    @property
    def words(self) -> str:
        """What the seller reads."""
        return _WORDS[self]


_WORDS = {
    Measure.REMOVED: "The offer was removed.",
    Measure.DISABLED: "The offer can no longer be seen.",
    Measure.DEMOTED: "The offer is shown further down.",
    Measure.LABELLED: "The offer carries a label.",
    Measure.PAYMENT_SUSPENDED: "Payments are held back.",
    Measure.PAYMENT_ENDED: "Payments are ended.",
    Measure.SERVICE_PARTLY_SUSPENDED: "A part of the service is suspended.",
    Measure.SERVICE_SUSPENDED: "The service is suspended.",
    Measure.SERVICE_PARTLY_ENDED: "A part of the service is ended.",
    Measure.SERVICE_ENDED: "The service is ended.",
    Measure.ACCOUNT_SUSPENDED: "The account is suspended.",
    Measure.ACCOUNT_ENDED: "The account is closed.",
}


class Origin(StrEnum):
    """What the decision goes back to."""

    NOTICE = "SOURCE_ARTICLE_16"
    TRUSTED_FLAGGER = "SOURCE_TRUSTED_FLAGGER"
    OTHER_NOTICE = "SOURCE_TYPE_OTHER_NOTIFICATION"
    OWN_INITIATIVE = "SOURCE_VOLUNTARY"


class Automation(StrEnum):
    """How much of the decision a machine took."""

    NONE = "AUTOMATED_DECISION_NOT_AUTOMATED"
    PARTLY = "AUTOMATED_DECISION_PARTIALLY"
    WHOLLY = "AUTOMATED_DECISION_FULLY"


class Besides(StrEnum):
    """What else the offer is; each adds a category and keywords."""

    UNSAFE = "unsafe"
    FAKE_SHOP = "fake_shop"
    HIDDEN_TRADER = "hidden_trader"


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A restriction and its reasons; article 17(3) DSA. No personal data in any text of it.

    Attributes:
        puid: identifier in the database; random, see `puid_of`.
        measures: at least one, at most one about payments, service and account each.
        until: last day of the restriction; None = for good or until lifted.
        countries: where it applies, ISO 3166; Member States, IS, LI, NO.
        posted: when the offer was posted.
        applies_from: first day of the restriction.
        facts: facts and circumstances relied on.
        law: legal ground, when the content is illegal; else empty.
        terms: clause of the terms, when it is not compatible with them; else empty.
        explanation: why, on that ground.
        also_illegal: for a decision under the terms: whether the content is illegal as well.
        kinds: rights that are infringed.
        besides: what else the offer is.
        content: kinds of content (`PRODUCT`, `IMAGE`, `TEXT`, …).
        language: of the offer, ISO 639-1; empty when not known.
        origin: what the decision goes back to.
        notifier: who notified; only where strictly necessary, a company or office, never a person.
        detected_by_machine: whether automated means found it.
        automation: how much a machine decided.
        ean: 13 digits; empty when the goods have none.
        redress: ways of redress, in sentences; at least one.
        reference_url: page of the law or of the terms.
        business: whether the account is that of a business; None when not known.
    """

    puid: str
    measures: tuple[Measure, ...]
    posted: date
    applies_from: date
    facts: str
    explanation: str
    redress: tuple[str, ...]
    origin: Origin
    law: str = ""
    terms: str = ""
    also_illegal: bool | None = None
    until: date | None = None
    countries: tuple[str, ...] = ()
    kinds: tuple[RightKind, ...] = ()
    besides: tuple[Besides, ...] = ()
    content: tuple[str, ...] = ("PRODUCT",)
    language: str = ""
    notifier: str = ""
    detected_by_machine: bool = False
    automation: Automation = Automation.NONE
    ean: str = ""
    reference_url: str = ""
    business: bool | None = None

    def __post_init__(self) -> None:
        if bool(self.law) == bool(self.terms):
            raise InvalidRecord("law", "a decision rests on the law or on the terms, one of them.", "Name one ground.")
        if not self.redress:
            raise InvalidRecord(
                "redress", "no way of redress is named (art. 17(3)(f)).", "Name complaint, out-of-court body and court."
            )


def puid_of(entropy: bytes) -> str:
    """An identifier that means nothing, from at least 16 random bytes: hexadecimal.

    Raises:
        ValueError: fewer bytes, or all the same: it must never be used twice.
    """
    if len(entropy) < 16 or len(set(entropy)) < 4:
        raise ValueError("an identifier needs 16 random bytes")
    return entropy.hex()
