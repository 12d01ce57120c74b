"""What a reviewer may say about a finding, and the reasons to choose from."""

from enum import StrEnum
from typing import NamedTuple

from countermark.model import Level
from countermark.node.findings.states import FindingState


class Verdict(StrEnum):
    """A decision is one of these. `withdrawn` is written by undo, never chosen."""

    INFRINGING = "infringing"
    NOT_INFRINGING = "not_infringing"
    UNSURE = "unsure"
    ESCALATE = "escalate"
    WITHDRAWN = "withdrawn"


class ReasonCode(NamedTuple):
    """One reason to choose from: its code, kept for ever, and its label in English."""

    code: str
    label: str


#: The reasons of each verdict, in the order of the keys 1 to 9. Codes are never renamed; a reason that is no longer
#: offered moves to RETIRED_REASONS, so that old decisions keep their words.
REASONS: dict[Verdict, tuple[ReasonCode, ...]] = {
    Verdict.INFRINGING: (
        ReasonCode("counterfeit", "Counterfeit goods under the mark"),
        ReasonCode("mark_used", "Mark used without permission"),
        ReasonCode("mark_disguised", "Mark written in disguise"),
        ReasonCode("lookalike_mark", "Confusingly similar mark"),
        ReasonCode("photo_copied", "Official photo copied"),
        ReasonCode("logo_used", "Logo used as a picture"),
        ReasonCode("never_made", "The house never made this"),
        ReasonCode("design_copied", "Protected design copied"),
        ReasonCode("infringing_other", "Other infringement (say which in the note)"),
    ),
    Verdict.NOT_INFRINGING: (
        ReasonCode("genuine_resale", "Genuine goods, resold"),
        ReasonCode("authorised_seller", "Authorised seller"),
        ReasonCode("word_means_other", "The word means something else here"),
        ReasonCode("compatible_part", "Accessory or part that says what it fits"),
        ReasonCode("photo_licensed", "Photo used with permission"),
        ReasonCode("parallel_import", "Grey market, not pursued"),
        ReasonCode("no_right_there", "No right in that territory or class"),
        ReasonCode("not_infringing_other", "Other (say why in the note)"),
    ),
    Verdict.UNSURE: (
        ReasonCode("pictures_unclear", "Pictures do not show enough"),
        ReasonCode("needs_expert", "Needs a product expert"),
        ReasonCode("language", "Needs someone who reads the language"),
        ReasonCode("unsure_other", "Other"),
    ),
    Verdict.ESCALATE: (
        ReasonCode("legal_question", "Legal question"),
        ReasonCode("large_seller", "Large or known seller"),
        ReasonCode("safety", "Danger to health or safety"),
        ReasonCode("partner_interest", "A partner should be told first"),
        ReasonCode("escalate_other", "Other (say why in the note)"),
    ),
}

RETIRED_REASONS: tuple[ReasonCode, ...] = ()

#: Reasons that mean nothing without a note.
NEEDS_NOTE = frozenset({"infringing_other", "not_infringing_other", "escalate_other"})

#: What may be said in each queue. Counsel is the last instance here: an escalated finding is decided, or skipped.
ALLOWED: dict[FindingState, tuple[Verdict, ...]] = {
    FindingState.OPEN: (Verdict.INFRINGING, Verdict.NOT_INFRINGING, Verdict.UNSURE, Verdict.ESCALATE),
    FindingState.SECOND_LOOK: (Verdict.INFRINGING, Verdict.NOT_INFRINGING, Verdict.UNSURE, Verdict.ESCALATE),
    FindingState.ESCALATED: (Verdict.INFRINGING, Verdict.NOT_INFRINGING),
}


def reason_label(code: str) -> str:
    """The words of a reason, retired ones included; the code itself when it is unknown."""
    for reasons in (*REASONS.values(), RETIRED_REASONS):
        for reason in reasons:
            if reason.code == code:
                return reason.label
    return code


def is_reason_of(verdict: Verdict, code: str) -> bool:
    """Whether a reason may be given for a verdict today."""
    return any(reason.code == code for reason in REASONS.get(verdict, ()))


def needs_note(verdict: Verdict, level: Level, code: str) -> bool:
    """Whether a note is compulsory: to escalate, to clear a high risk, or when the reason says nothing by itself."""
    if verdict is Verdict.ESCALATE or code in NEEDS_NOTE:
        return True
    return verdict is Verdict.NOT_INFRINGING and level is Level.HIGH


def state_after(verdict: Verdict, queue: FindingState) -> FindingState:
    """Where a finding goes with a verdict.

    Unsure sends it to someone else's second look; a second unsure sends it to counsel, so that nothing circles.
    """
    if verdict is Verdict.ESCALATE:
        return FindingState.ESCALATED
    if verdict is Verdict.UNSURE:
        return FindingState.ESCALATED if queue is FindingState.SECOND_LOOK else FindingState.SECOND_LOOK
    return FindingState.DECIDED
