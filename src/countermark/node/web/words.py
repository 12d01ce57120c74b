"""The words of the trade as pages print them. Codes stay in addresses and records; people read these."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Word = str | _StrPromise
else:
    #: A word in the reader's language, put in only when it is shown.
    Word = str | Promise

VERDICT: Mapping[str, Word] = {
    "infringing": _("Infringing"),
    "not_infringing": _("Not infringing"),
    "unsure": _("Unsure"),
    "escalate": _("Escalate"),
    "withdrawn": _("Taken back"),
}
#: A verdict as a thing that was said.
JUDGED: Mapping[str, Word] = {**VERDICT, "escalate": _("Escalated")}
LEVEL: Mapping[str, Word] = {
    "high": pgettext_lazy("risk", "High"),
    "medium": pgettext_lazy("risk", "Medium"),
    "low": pgettext_lazy("risk", "Low"),
}
KIND: Mapping[str, Word] = {
    "obvious_fake": _("Obvious fake"),
    "unauthorised_use": _("Unauthorised use of a mark"),
    "masked_mark": _("Masked mark"),
    "confusing_lookalike": _("Confusing look-alike"),
    "copied_photo": _("Copied photo"),
    "grey_market": _("Grey market"),
    "genuine_resale": _("Genuine resale"),
}
FINDING_STATE: Mapping[str, Word] = {
    "open": pgettext_lazy("finding", "Open"),
    "second_look": _("Second look"),
    "escalated": _("Escalated"),
    "decided": _("Decided"),
    "superseded": _("Replaced by a newer finding"),
    "lapsed": _("No longer found"),
}
WORK_STATE: Mapping[str, Word] = {
    "queued": _("Waiting"),
    "preparing": _("Preparing"),
    "running": _("Running"),
    "done": _("Done"),
    "failed": _("Failed"),
    "cancelled": _("Cancelled"),
}
#: What a picture of a listing lacks, and what its owner can do about it.
LACK: Mapping[str, Word] = {
    "never_came": _("It never came"),
    "lost": _("No longer in the store"),
    "refused": _("Cannot be read"),
}
LACK_MEND: Mapping[str, Word] = {
    "never_came": _("Import the list again with an archive (ZIP) that holds the picture, then scan again."),
    "lost": _("Import the listing again with the picture, or put the store back from a backup; then scan again."),
}
COMPARISON: Mapping[str, Word] = {
    "same": _("same"),
    "differs": _("differs"),
    "unknown": _("unknown"),
}
CONDITION: Mapping[str, Word] = {
    "new": pgettext_lazy("condition of goods", "New"),
    "used": _("Used"),
    "refurbished": _("Refurbished"),
    "unknown": _("Not said"),
}
RIGHT_KIND: Mapping[str, Word] = {
    "trademark": _("Trademark"),
    "design": _("Design"),
    "copyright": _("Copyright"),
    "patent": _("Patent"),
}
RIGHT_STATUS: Mapping[str, Word] = {
    "in_force": _("In force"),
    "pending": _("Pending"),
    "lapsed": _("Lapsed"),
    "withdrawn": pgettext_lazy("right", "Withdrawn"),
    "unknown": _("Not known"),
}
IMAGE_ROLE: Mapping[str, Word] = {
    "official": _("Official photo"),
    "logo": _("Logo"),
    "offered": _("Offered"),
}
ROLE: Mapping[str, Word] = {
    "analyst": _("Analyst"),
    "counsel": _("Counsel"),
    "officer": _("Officer"),
    "administrator": _("Administrator"),
    "reader": _("Reader"),
}
DIRECTION: Mapping[str, Word] = {
    "for": pgettext_lazy("a reason speaks", "For"),
    "against": pgettext_lazy("a reason speaks", "Against"),
}
PARTY: Mapping[str, Word] = {
    "rights_holder": _("Brand"),
    "marketplace": _("Marketplace"),
    "payment": _("Payment"),
}
AGREEMENT_STATE: Mapping[str, Word] = {
    "draft": _("Draft"),
    "offered": _("Offered by you"),
    "received": _("Offered by the partner"),
    "agreed": _("In force"),
    "suspended": _("Suspended"),
    "ended": _("Ended"),
    "declined": _("Declined"),
}
FEED_STATE: Mapping[str, Word] = {
    "open": pgettext_lazy("feed", "Open"),
    "frozen": _("Stands still"),
    "ended": _("Ended"),
}
KEY_PURPOSE: Mapping[str, Word] = {
    "organisation": _("the organisation"),
    "entries": _("entries"),
    "log": _("the log"),
    "witness": _("witnessing"),
    "http": _("requests"),
    "evidence": _("evidence"),
}
KEY_STATE: Mapping[str, Word] = {
    "used": _("In use"),
    "ends_soon": _("Ends soon"),
    "older": _("Older, still good"),
    "not_yet": _("Not yet valid"),
    "ended": _("Ended"),
    "revoked": _("Revoked"),
}
DATA_CLASS: Mapping[str, Word] = {
    "PUBLIC": _("Public"),
    "TRADER_PUBLIC": _("Public about a trader"),
    "PSEUDONYM": _("Pseudonym"),
    "PERSONAL": _("Personal"),
    "SENSITIVE": _("Sensitive"),
}
CASE_STATE: Mapping[str, Word] = {
    "open": pgettext_lazy("case", "Open"),
    "closed": pgettext_lazy("case", "Closed"),
}
#: Entries about cases and shared things, as what somebody did.
CASE_ENTRY: Mapping[str, Word] = {
    "case.opened": _("opened the case"),
    "case.commented": _("wrote"),
    "case.assigned": _("put it into the hands of"),
    "case.due_set": _("set the day it is due"),
    "case.attached": _("attached"),
    "case.detached": _("took out"),
    "case.closed": _("closed the case"),
    "case.reopened": _("opened the case again"),
    "case.corrected": _("corrected"),
    "case.file": _("sent the bytes of the file"),
    "listing.shared": _("shares the listing"),
    "finding.shared": _("shares the finding"),
}
CASE_ACT: Mapping[str, Word] = {
    "comment": _("Write a comment"),
    "assign": _("Assign the case"),
    "due": _("Set the due day"),
    "attach": _("Attach a listing or finding"),
    "file": _("Attach a file"),
    "detach": _("Take out of the case"),
    "close": _("Close the case"),
    "reopen": _("Open the case again"),
    "correct": _("Correct what was said"),
}
OUTCOME: Mapping[str, Word] = {
    "stopped": _("The offers are gone"),
    "partly": _("Some of the offers are gone"),
    "lawful": _("Nothing unlawful was found"),
    "mistake": _("It was opened by mistake"),
    "court": _("It goes on in court"),
    "other": _("Otherwise"),
}
TAKEN_BACK: Mapping[str, Word] = {
    "mistake": _("It was shared by mistake"),
    "wrong": _("It turned out to be wrong"),
    "not_needed": _("It is no longer needed"),
    "asked": _("Someone concerned asked for it"),
}
ATTACHED_KIND: Mapping[str, Word] = {
    "listing": _("Listing"),
    "finding": _("Finding"),
    "file": _("File"),
}
DELETED_WHY: Mapping[str, Word] = {
    "retention": _("by retention"),
    "ended": _("after the end of the agreement"),
    "request": _("on request"),
}
CARGO: Mapping[str, Word] = {
    "notice": _("Notice"),
    "withdrawal": _("Withdrawal"),
    "answer": pgettext_lazy("to a question", "Answer"),
    "suit": _("Suit or complaint"),
    "statement": _("Statement of reasons"),
}
DISPATCH_STATE: Mapping[str, Word] = {
    "waiting": _("Waiting"),
    "unsure": _("Under way"),
    "sent": _("Sent"),
    "failed": _("Not sent"),
    "dropped": _("Given up"),
}
PLATFORM_STATUS: Mapping[str, Word] = {
    "submitted": _("Handed over"),
    "submission_failed": _("Not taken"),
    "received": _("Received"),
    "clarification_required": _("More is asked"),
    "under_review": _("Under review"),
    "rejected": _("Rejected"),
    "taken_down": _("Taken down"),
    "countered": _("The seller has answered"),
    "counter_accepted": _("The seller's answer was accepted"),
    "counter_rejected": _("The seller's answer was rejected"),
    "reinstated": _("The offer is back"),
    "withdrawn_by_complainant": _("Withdrawn"),
    "escalated": _("Escalated"),
    "unknown": _("A word that is not known here"),
}
FAMILIES: Mapping[str, Mapping[str, Word]] = {
    "verdict": VERDICT,
    "judged": JUDGED,
    "level": LEVEL,
    "kind": KIND,
    "finding_state": FINDING_STATE,
    "work_state": WORK_STATE,
    "comparison": COMPARISON,
    "condition": CONDITION,
    "lack": LACK,
    "lack_mend": LACK_MEND,
    "right_kind": RIGHT_KIND,
    "right_status": RIGHT_STATUS,
    "image_role": IMAGE_ROLE,
    "role": ROLE,
    "direction": DIRECTION,
    "party": PARTY,
    "agreement_state": AGREEMENT_STATE,
    "feed_state": FEED_STATE,
    "key_purpose": KEY_PURPOSE,
    "key_state": KEY_STATE,
    "data_class": DATA_CLASS,
    "case_state": CASE_STATE,
    "case_entry": CASE_ENTRY,
    "case_act": CASE_ACT,
    "outcome": OUTCOME,
    "taken_back": TAKEN_BACK,
    "attached_kind": ATTACHED_KIND,
    "deleted_why": DELETED_WHY,
    "cargo": CARGO,
    "dispatch_state": DISPATCH_STATE,
    "platform_status": PLATFORM_STATUS,
}


def word(family: str, code: object) -> Word:
    """The words for a code; the code itself, readable, when it is newer than these pages."""
    text = str(code)
    return FAMILIES[family].get(text, text.replace("_", " "))
