"""Fields that can be named in an agreement at all, and the least class that each may have."""

from dataclasses import dataclass
from enum import StrEnum

from countermark.node.exchange.rules.kinds import ItemKind
from countermark.proof.entries import BESIDE_ONLY, DataClass

#: Classes from the least strict to the strictest.
CLASSES = tuple(DataClass)
_RANK = {data_class: rank for rank, data_class in enumerate(CLASSES)}

PUBLIC, TRADER, PSEUDONYM, PERSONAL, SENSITIVE = CLASSES


class Shape(StrEnum):
    """What a value looks like. There is no shape for an object: nothing unnamed can travel inside a named field."""

    CODE = "code"  # one line, at most 2,000 characters
    TEXT = "text"  # at most 20,000 characters
    TEXTS = "texts"  # at most 200 texts of at most 2,000 characters
    COUNT = "count"  # whole number, not negative
    AMOUNT = "amount"  # a decimal number, written as text
    FLAG = "flag"  # yes or no
    DATE = "date"  # 2026-03-01
    MOMENT = "moment"  # 2026-03-01T09:30:00.000Z


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one kind of item.

    Attributes:
        least: the least strict class that an agreement may give it.
        shape: what its value looks like.
        words: what it is, for people who read the agreement.
        erasable: people write it freely, so nobody can promise that it names no one: it lies beside the entry,
            whatever its class, and can be erased.
    """

    least: DataClass
    shape: Shape
    words: str
    erasable: bool = False

    @property
    def beside(self) -> bool:
        """Whether it lies beside an entry even under its least class."""
        return self.erasable or self.least in BESIDE_ONLY


def rank(data_class: DataClass) -> int:
    """Place of a class among the classes, 0 for the least strict."""
    return _RANK[data_class]


def strictest(classes: "list[DataClass] | tuple[DataClass, ...]") -> DataClass:
    """The strictest of some classes; PUBLIC of none."""
    return max(classes, key=rank, default=PUBLIC)


_C, _T, _L, _N, _A, _F, _D, _M = (
    Shape.CODE,
    Shape.TEXT,
    Shape.TEXTS,
    Shape.COUNT,
    Shape.AMOUNT,
    Shape.FLAG,
    Shape.DATE,
    Shape.MOMENT,
)

#: `listing` follows `countermark.model.Listing`, with what a seller writes about himself apart.
_LISTING = {
    "listing_id": Field(PUBLIC, _C, "our id of the listing"),
    "marketplace": Field(PUBLIC, _C, "name of the marketplace"),
    "external_id": Field(PUBLIC, _C, "the marketplace's id of the listing"),
    "url": Field(PUBLIC, _C, "where a person can look at it"),
    "title": Field(TRADER, _T, "title as shown to buyers"),
    "title_language": Field(PUBLIC, _C, "language of the title"),
    "description": Field(TRADER, _T, "description as shown to buyers", erasable=True),
    "description_language": Field(PUBLIC, _C, "language of the description"),
    "brand_text": Field(TRADER, _C, "what its brand field says"),
    "category": Field(PUBLIC, _C, "category path of the marketplace"),
    "condition": Field(PUBLIC, _C, "condition as claimed"),
    "price_amount": Field(TRADER, _A, "price of one unit"),
    "price_currency": Field(PUBLIC, _C, "currency of the price"),
    "stock": Field(TRADER, _N, "units offered"),
    "ships_from": Field(TRADER, _C, "country it ships from"),
    "product_code": Field(PUBLIC, _C, "GTIN, EAN, UPC or ISBN"),
    "picture_hashes": Field(TRADER, _L, "SHA-256 of its pictures, in the order shown"),
    "captured_at": Field(PUBLIC, _M, "when it was seen"),
    "listing_hash": Field(PUBLIC, _C, "SHA-256 of its content"),
    "removed_at": Field(PUBLIC, _M, "when it was taken down"),
    "seller_token": Field(PSEUDONYM, _C, "pseudonym of the shop for this partner alone"),
    "seller_shop_id": Field(TRADER, _C, "the marketplace's id of the shop, as buyers see it"),
    "seller_country": Field(TRADER, _C, "country where the shop says to be"),
    "seller_since": Field(TRADER, _D, "day the shop opened"),
    "seller_sales": Field(TRADER, _N, "completed sales that the marketplace shows"),
    "seller_name": Field(PERSONAL, _C, "name of the shop, which may be a person's"),
    "seller_phone": Field(PERSONAL, _C, "telephone number in the offer"),
    "seller_email": Field(PERSONAL, _C, "e-mail address in the offer"),
    "seller_contacts": Field(PERSONAL, _L, "other contacts in the offer, such as messenger names"),
}

#: `finding` follows `countermark.model.Finding`; base and expected harm stay at home: they are one side's weighing.
_FINDING = {
    "finding_id": Field(PUBLIC, _C, "id of the finding"),
    "listing_id": Field(PUBLIC, _C, "our id of the listing"),
    "marketplace": Field(PUBLIC, _C, "name of the marketplace"),
    "external_id": Field(PUBLIC, _C, "the marketplace's id of the listing"),
    "seller_token": Field(PSEUDONYM, _C, "pseudonym of the shop for this partner alone"),
    "brand": Field(PUBLIC, _C, "house whose rights may be infringed"),
    "right_id": Field(PUBLIC, _C, "our id of the right that weighs most"),
    "right_number": Field(PUBLIC, _C, "registration number of that right"),
    "kind": Field(PSEUDONYM, _C, "kind of finding"),
    "risk": Field(PSEUDONYM, _A, "probability of infringement, 0 to 1"),
    "level": Field(PSEUDONYM, _C, "the risk as a word"),
    "reasons_for": Field(PSEUDONYM, _L, "what speaks for infringement, in sentences"),
    "reasons_against": Field(PSEUDONYM, _L, "what speaks against it, in sentences"),
    "wrong_when": Field(PSEUDONYM, _L, "how each reason can be wrong"),
    "signals": Field(PSEUDONYM, _L, "names and versions of the measurements that counted"),
    "status": Field(PSEUDONYM, _C, "alleged, upheld by a reviewer, withdrawn, found by a court"),
    "decided_at": Field(PUBLIC, _M, "when a reviewer decided"),
    "engine_version": Field(PUBLIC, _C, "version that computed it"),
    "policy_hash": Field(PUBLIC, _C, "SHA-256 of the policy"),
    "reference_hash": Field(PUBLIC, _C, "SHA-256 of the references"),
    "listing_hash": Field(PUBLIC, _C, "SHA-256 of the listing as it was judged"),
    "schema_version": Field(PUBLIC, _N, "version of the record"),
}

_CASE = {
    "case_id": Field(PUBLIC, _C, "id of the case"),
    "title": Field(PSEUDONYM, _C, "what the case is called", erasable=True),
    "summary": Field(PSEUDONYM, _T, "what it is about", erasable=True),
    "brands": Field(PUBLIC, _L, "houses concerned"),
    "state": Field(PSEUDONYM, _C, "where it stands"),
    "assigned_to": Field(PSEUDONYM, _C, "side or pseudonym of the member who has it in hand"),
    "due_on": Field(PUBLIC, _D, "day by which it is due"),
    "opened_at": Field(PUBLIC, _M, "when it was opened"),
    "closed_at": Field(PUBLIC, _M, "when it was closed"),
    "outcome": Field(PSEUDONYM, _C, "how it ended"),
    "listing_ids": Field(PUBLIC, _L, "listings in it"),
    "finding_ids": Field(PUBLIC, _L, "findings in it"),
    "notice_ids": Field(PUBLIC, _L, "notices in it"),
    "seller_tokens": Field(PSEUDONYM, _L, "pseudonyms of the shops in it"),
    "file_ids": Field(PUBLIC, _L, "files in it"),
    "territories": Field(PUBLIC, _L, "countries it concerns"),
    "corrects": Field(PUBLIC, _C, "entry that it corrects"),
    "author_token": Field(PSEUDONYM, _C, "pseudonym of the member who acted"),
    "author_name": Field(PERSONAL, _C, "name of the member who acted"),
}

_COMMENT = {
    "comment_id": Field(PUBLIC, _C, "id of the comment"),
    "case_id": Field(PUBLIC, _C, "case it belongs to"),
    "reply_to": Field(PUBLIC, _C, "comment it answers"),
    "text": Field(PSEUDONYM, _T, "what was written", erasable=True),
    "language": Field(PUBLIC, _C, "language it is written in"),
    "author_token": Field(PSEUDONYM, _C, "pseudonym of the member who wrote it"),
    "author_name": Field(PERSONAL, _C, "name of the member who wrote it"),
    "mentions": Field(PSEUDONYM, _L, "sides, roles or pseudonyms of members who are asked to look"),
    "corrects": Field(PUBLIC, _C, "entry that it corrects"),
    "written_at": Field(PUBLIC, _M, "when it was written"),
}

_FILE = {
    "file_id": Field(PUBLIC, _C, "id of the file"),
    "case_id": Field(PUBLIC, _C, "case it belongs to"),
    "evidence_id": Field(PUBLIC, _C, "id of the evidence"),
    "name": Field(PSEUDONYM, _C, "name of the file", erasable=True),
    "media_type": Field(PUBLIC, _C, "type of its content"),
    "size": Field(PUBLIC, _N, "size in bytes"),
    "sha256": Field(PSEUDONYM, _C, "SHA-256 of its bytes"),
    "captured_at": Field(PUBLIC, _M, "when it was captured"),
    "sealed_at": Field(PUBLIC, _M, "when it was sealed"),
    "description": Field(PSEUDONYM, _T, "what it shows", erasable=True),
    "shows_persons": Field(PUBLIC, _F, "whether persons can be recognised in it"),
    "author_token": Field(PSEUDONYM, _C, "pseudonym of the member who attached it"),
    "author_name": Field(PERSONAL, _C, "name of the member who attached it"),
    "content": Field(PERSONAL, _T, "its bytes: as base64url when small, else beside an entry of their own"),
}

#: `evidence`: that something was sealed, and when; nothing of what it shows, and of which listing.
_EVIDENCE = {
    "evidence_id": Field(PUBLIC, _C, "id of the evidence"),
    "seal": Field(PUBLIC, _C, "SHA-256 of its seal, or of the line of the last act of a purchase"),
    "sealed_at": Field(PUBLIC, _M, "when it was sealed"),
    "files": Field(PUBLIC, _N, "files that it stands for"),
    "stamped_at": Field(PUBLIC, _M, "by when a timestamp authority had seen it"),
    "authority": Field(PUBLIC, _C, "name on that authority's certificate"),
}

#: `notice`: what DSA Art. 16(2), Article 42 of the E-Commerce Law and 17 USC 512(c)(3) ask for.
_NOTICE = {
    "notice_id": Field(PUBLIC, _C, "id of the notice"),
    "regime": Field(PUBLIC, _C, "law under which it is sent"),
    "ground": Field(PSEUDONYM, _C, "code of the ground"),
    "explanation": Field(PSEUDONYM, _T, "why the listing infringes", erasable=True),
    "listing_ids": Field(PUBLIC, _L, "listings concerned"),
    "urls": Field(PUBLIC, _L, "their exact addresses"),
    "external_ids": Field(PUBLIC, _L, "the marketplace's ids of them"),
    "brand": Field(PUBLIC, _C, "house concerned"),
    "country": Field(PUBLIC, _C, "country to which the offer is directed"),
    "right_id": Field(PUBLIC, _C, "our id of the right relied on"),
    "right_office": Field(PUBLIC, _C, "register of the right"),
    "right_number": Field(PUBLIC, _C, "registration number of the right"),
    "right_owner": Field(PUBLIC, _C, "owner of the right"),
    "measure": Field(PSEUDONYM, _C, "what is asked for"),
    "evidence_ids": Field(PUBLIC, _L, "evidence relied on"),
    "evidence_hashes": Field(PSEUDONYM, _L, "SHA-256 of that evidence"),
    "good_faith": Field(PUBLIC, _F, "statement of good faith was made"),
    "accuracy": Field(PUBLIC, _F, "statement of accuracy was made"),
    "statement": Field(PUBLIC, _T, "wording of these statements"),
    "sender": Field(PUBLIC, _C, "organisation that sends it"),
    "sender_address": Field(PUBLIC, _T, "business address of that organisation"),
    "signer_name": Field(PERSONAL, _C, "name of the person who signs"),
    "signer_contact": Field(PERSONAL, _C, "business contact of that person"),
    "sent_at": Field(PUBLIC, _M, "when it was sent"),
    "answer_by": Field(PUBLIC, _M, "when an answer is due"),
    "status": Field(PSEUDONYM, _C, "where it stands"),
    "decision": Field(PSEUDONYM, _C, "what was decided on it"),
    "decision_reasons": Field(PSEUDONYM, _T, "why it was decided so", erasable=True),
    "decided_at": Field(PUBLIC, _M, "when it was decided"),
    "redress": Field(PUBLIC, _T, "how the decision can be contested"),
    "automated": Field(PUBLIC, _F, "whether a machine decided alone"),
    "withdrawn_reason": Field(PSEUDONYM, _C, "why it was withdrawn"),
    "was_error": Field(PSEUDONYM, _F, "whether it was a mistake to send it"),
}

_COUNTER_NOTICE = {
    "counter_notice_id": Field(PUBLIC, _C, "id of the counter-notice"),
    "notice_id": Field(PUBLIC, _C, "notice it answers"),
    "regime": Field(PUBLIC, _C, "law under which it is made"),
    "ground": Field(PSEUDONYM, _C, "code of the seller's ground"),
    "statement": Field(PSEUDONYM, _T, "what the seller says", erasable=True),
    "language": Field(PUBLIC, _C, "language it is written in"),
    "evidence_ids": Field(PUBLIC, _L, "what the seller relies on"),
    "evidence_hashes": Field(PSEUDONYM, _L, "SHA-256 of that"),
    "good_faith": Field(PUBLIC, _F, "statement of good faith was made"),
    "consents_to_court": Field(PUBLIC, _F, "the seller accepts the court's jurisdiction"),
    "received_at": Field(PUBLIC, _M, "when the marketplace received it"),
    "forwarded_at": Field(PUBLIC, _M, "when it was passed on"),
    "restore_after": Field(PUBLIC, _M, "earliest restoration"),
    "restore_before": Field(PUBLIC, _M, "latest restoration"),
    "answer": Field(PSEUDONYM, _C, "what was answered"),
    "answer_reasons": Field(PSEUDONYM, _T, "why it was answered so", erasable=True),
    "answered_at": Field(PUBLIC, _M, "when it was answered"),
    "seller_token": Field(PSEUDONYM, _C, "pseudonym of the shop for this partner alone"),
    "seller_name": Field(PERSONAL, _C, "name of the seller"),
    "seller_address": Field(PERSONAL, _T, "address of the seller"),
    "seller_phone": Field(PERSONAL, _C, "telephone number of the seller"),
    "seller_email": Field(PERSONAL, _C, "e-mail address of the seller"),
}

_SELLER = {
    "seller_token": Field(PSEUDONYM, _C, "pseudonym of the shop for this partner alone"),
    "marketplace": Field(PUBLIC, _C, "name of the marketplace"),
    "shop_id": Field(TRADER, _C, "the marketplace's id of the shop, as buyers see it"),
    "shop_url": Field(TRADER, _C, "address of the shop"),
    "country": Field(TRADER, _C, "country where the shop says to be"),
    "since": Field(TRADER, _D, "day the shop opened"),
    "sales": Field(TRADER, _N, "completed sales that the marketplace shows"),
    "trader_name": Field(TRADER, _C, "company name in a public register"),
    "trader_register": Field(TRADER, _C, "that register, and the number in it"),
    "trader_address": Field(TRADER, _T, "company's address in that register"),
    "trader_status": Field(TRADER, _C, "company or single person, as shown to buyers"),
    "upheld_notices": Field(PSEUDONYM, _N, "notices that were upheld"),
    "reversed_notices": Field(PSEUDONYM, _N, "notices that were withdrawn or reversed"),
    "strikes": Field(PSEUDONYM, _N, "warnings that still count"),
    "measure": Field(PSEUDONYM, _C, "warned, suspended, closed"),
    "label": Field(PSEUDONYM, _C, "upheld by the platform, or found by a court"),
    "decision_id": Field(PUBLIC, _C, "decision that it rests on"),
    "expires_on": Field(PUBLIC, _D, "last day on which it counts"),
    "link_tokens": Field(PSEUDONYM, _L, "pseudonyms of shops linked to it, with proof"),
    "link_reasons": Field(PSEUDONYM, _L, "why they are linked, in sentences"),
    "payee_token": Field(PSEUDONYM, _C, "pseudonym of the payee for this partner alone"),
    "name": Field(PERSONAL, _C, "name of the seller"),
    "address": Field(PERSONAL, _T, "address of the seller"),
    "phone": Field(PERSONAL, _C, "telephone number of the seller"),
    "email": Field(PERSONAL, _C, "e-mail address of the seller"),
    "court_order": Field(PSEUDONYM, _C, "order or statute under which identity is given"),
    "bank_account": Field(SENSITIVE, _C, "account number, only where a court ordered it"),
}

#: `figures` are counts, never rows of persons; prices and margins have no field (competition law).
_FIGURES = {
    "measure": Field(PUBLIC, _C, "what is counted"),
    "unit": Field(PUBLIC, _C, "unit of the value"),
    "period_from": Field(PUBLIC, _D, "first day"),
    "period_until": Field(PUBLIC, _D, "last day"),
    "territory": Field(PUBLIC, _C, "country"),
    "brand": Field(PUBLIC, _C, "house"),
    "count": Field(PSEUDONYM, _N, "how many"),
    "out_of": Field(PSEUDONYM, _N, "out of how many"),
    "value": Field(PSEUDONYM, _A, "value, where it is no count"),
    "low": Field(PSEUDONYM, _A, "lower end of the interval"),
    "high": Field(PSEUDONYM, _A, "upper end of the interval"),
    "too_few": Field(PUBLIC, _F, "left out because too few are concerned"),
    "method": Field(PUBLIC, _T, "how it is counted"),
    "method_version": Field(PUBLIC, _C, "version of that"),
}

#: `payment_action`: never an account, a balance, a suspicious-activity report or another client.
_PAYMENT_ACTION = {
    "action_id": Field(PUBLIC, _C, "id of the report"),
    "payee_token": Field(PSEUDONYM, _C, "pseudonym of the payee for this partner alone"),
    "seller_token": Field(PSEUDONYM, _C, "pseudonym of the shop for this partner alone"),
    "case_id": Field(PUBLIC, _C, "case it belongs to"),
    "decision_id": Field(PUBLIC, _C, "decision it rests on"),
    "match": Field(PSEUDONYM, _C, "yes, no, cannot say"),
    "action": Field(PSEUDONYM, _C, "none, review, hold, terminated"),
    "acted_at": Field(PUBLIC, _M, "when it was done"),
    "expires_on": Field(PUBLIC, _D, "day on which a hold ends by itself"),
    "can_be_contested": Field(PUBLIC, _F, "the payee was told how to contest it"),
}

#: Kind of item -> its fields, in the order in which they are shown.
FIELDS: dict[ItemKind, dict[str, Field]] = {
    ItemKind.LISTING: _LISTING,
    ItemKind.FINDING: _FINDING,
    ItemKind.CASE: _CASE,
    ItemKind.COMMENT: _COMMENT,
    ItemKind.FILE: _FILE,
    ItemKind.EVIDENCE: _EVIDENCE,
    ItemKind.NOTICE: _NOTICE,
    ItemKind.COUNTER_NOTICE: _COUNTER_NOTICE,
    ItemKind.SELLER: _SELLER,
    ItemKind.FIGURES: _FIGURES,
    ItemKind.PAYMENT_ACTION: _PAYMENT_ACTION,
}

#: What never leaves a node. These names are in no table above, and asking for one says why.
NEVER: dict[str, str] = {
    "password": "passwords stay where they are",
    "private_key": "private keys stay where they are",
    "secret": "secrets stay where they are",
    "session": "sessions stay where they are",
    "token": "access tokens stay where they are; pseudonyms have names of their own",
    "internal_note": "internal notes belong to one side alone",
    "note": "notes of reviewers belong to one side alone; write a comment instead",
    "member_email": "addresses of members belong to their organisation",
    "email_of_member": "addresses of members belong to their organisation",
    "reviewer": "who decided inside an organisation is its own affair",
    "decided_by": "who decided inside an organisation is its own affair",
    "expected_harm": "expected harm is one side's own weighing",
    "base": "the base rate is one side's own weighing",
    "kyc_file": "files of identity checks have no way out (DSA Art. 30(6))",
    "id_document": "identity documents have no way out (DSA Art. 30(6))",
    "birth_date": "dates of birth are part of identity checks and have no way out",
    "suspicious_report": "suspicious-activity reports are confidential by law",
    "balance": "balances are confidential by law",
    "transactions": "transactions are confidential by law",
    "other_clients": "other clients are not concerned",
    "card_number": "card numbers have no way out",
    "margin": "margins and sales plans are not exchanged (competition law)",
    "sales_plan": "margins and sales plans are not exchanged (competition law)",
}
