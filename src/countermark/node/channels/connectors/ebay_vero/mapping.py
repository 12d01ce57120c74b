"""Fields of a letter as eBay's report has them, and its limits.

Source: §5 of the rule catalogue; reference of `createVeroReport`: `reportItems` of `itemId`, `veroReasonCodeId`,
`detailedMessage`, `messageToSeller`, `patent`, `countries`, `copyEmailToRightsOwner`.
"""

import re
from collections.abc import Mapping
from typing import Any

from countermark.node.channels.connector import Limits
from countermark.node.kernel.errors import FieldProblem

MOST_ITEMS, LONGEST_MESSAGE, LONGEST_PATENT = 150, 1000, 15
#: Codes that ask for more: a message of its own, the number of a patent, countries.
NEEDS_MESSAGE, NEEDS_PATENT, NEEDS_COUNTRIES = frozenset({"9052", "7052"}), frozenset({"9048"}), frozenset({"9037"})
LIMITS = Limits(
    in_a_call=MOST_ITEMS,
    longest={"explanation": LONGEST_MESSAGE, "message_to_seller": LONGEST_MESSAGE},
    needed=("item_id",),
)
_CODE = re.compile(r"[0-9]{1,8}")
_ITEM = re.compile(r"[0-9]{6,20}")


def item(fields: Mapping[str, str], codes: Mapping[str, str]) -> dict[str, Any]:
    """One item of a report."""
    code = code_of(fields, codes)
    made: dict[str, Any] = {
        "itemId": fields["item_id"].strip(),
        "veroReasonCodeId": code,
        "detailedMessage": fields.get("explanation", ""),
        "copyEmailToRightsOwner": True,
    }
    if fields.get("message_to_seller"):
        made["messageToSeller"] = fields["message_to_seller"]
    if code in NEEDS_PATENT:
        made["patent"] = fields.get("right_number", "")
    if code in NEEDS_COUNTRIES:
        made["countries"] = fields.get("countries", "").replace(",", " ").split() or [fields.get("country", "")]
    return made


def code_of(fields: Mapping[str, str], codes: Mapping[str, str]) -> str:
    """eBay's reason code of a letter: the one that was written in it, else the one that was set for its ground."""
    return fields.get("reason_code", "").strip() or codes.get(fields.get("ground", ""), "")


def problems(fields: Mapping[str, str], codes: Mapping[str, str]) -> tuple[FieldProblem, ...]:
    """What eBay would refuse about a letter, besides lengths."""
    code, found = code_of(fields, codes), []
    if not code:
        title = fields.get("ground_title") or fields.get("ground", "")
        said = f"No reason code of eBay is set for “{title}”."
        found.append(FieldProblem("codes", "ebay-no-code", said, "Add it to the channel, or choose another reason."))
    elif not _CODE.fullmatch(code):
        said = "eBay's reason codes are numbers of at most 8 digits."
        found.append(FieldProblem("reason_code", "ebay-code", said, "Choose a code of the list that eBay gives."))
    if fields.get("item_id") and not _ITEM.fullmatch(fields["item_id"].strip()):
        said = "eBay knows items by digits; this offer has another id."
        found.append(FieldProblem("items", "ebay-item", said, "Bring the listing in with eBay's item number."))
    if code in NEEDS_MESSAGE and not fields.get("explanation", "").strip():
        said = f"Code {code} needs words of your own."
        found.append(FieldProblem("explanation", "ebay-message", said, "Write what infringes."))
    if code in NEEDS_PATENT and not 0 < len(fields.get("right_number", "")) <= LONGEST_PATENT:
        said = f"Code {code} needs a patent number of at most {LONGEST_PATENT} characters."
        found.append(FieldProblem("right", "ebay-patent", said, "Choose a patent with its number."))
    if code in NEEDS_COUNTRIES and not fields.get("country"):
        found.append(FieldProblem("country", "ebay-country", f"Code {code} needs a country.", "Choose one."))
    return tuple(found)
