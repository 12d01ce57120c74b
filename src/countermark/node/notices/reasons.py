"""The one vocabulary: why a marketplace refuses or asks, and why a seller says that it is wrong."""

from typing import NamedTuple

from countermark.node.notices.states import Deed


class Code(NamedTuple):
    """One reason: its code, kept for ever, and its words in English."""

    code: str
    words: str


REASONS: dict[Deed, tuple[Code, ...]] = {
    Deed.ASK_SELLER: (
        Code("in_account", "The complaint lies in the seller's account, which has seen it"),
        Code("receipt", "The seller has confirmed that the complaint arrived"),
    ),
    Deed.REMOVE: (
        Code("infringes", "The offer infringes the right that the notice names"),
        Code("terms", "The offer breaks our terms on counterfeit goods"),
        Code("repeat", "The seller repeats what was removed before"),
        Code("no_answer", "The seller gave no answer in time"),
        Code("answer_fails", "The answer does not show that the offer is lawful"),
        Code("body", "A certified body has decided so, and we follow it"),
    ),
    Deed.PARTLY: (
        Code("picture_only", "Only the picture was removed"),
        Code("text_only", "Only the text was changed"),
        Code("country_only", "The offer is hidden in the countries of the right"),
    ),
    Deed.REFUSE: (
        Code("not_located", "The offer cannot be found at the address"),
        Code("right_not_shown", "The right is not shown, or not in force there"),
        Code("no_infringement", "We see no infringement"),
        Code("exhausted", "The goods were sold before with the owner's consent"),
        Code("authorised", "The seller shows an authorisation"),
        Code("incomplete", "The notice lacks what the law asks for"),
        Code("not_ours", "The offer is not on this marketplace"),
    ),
    Deed.ASK: (
        Code("show_right", "Show the register extract"),
        Code("show_comparison", "Show how the goods differ from the genuine ones"),
        Code("show_mandate", "Show that you may act for the owner"),
        Code("locate", "Give the exact address of the offer"),
        Code("incomplete", "The notice lacks what the law asks for"),
    ),
    Deed.KEEP: (
        Code("not_convincing", "The answer does not show that the offer is lawful"),
        Code("proof_missing", "The answer brings no proof"),
    ),
    Deed.RESTORE: (
        Code("answer_convinces", "The seller has shown that the offer is lawful"),
        Code("time_over", "The time in which the rights holder could sue is over"),
        Code("our_mistake", "We removed it by mistake"),
    ),
    Deed.LATE: (
        Code("window_missed", "We missed the days in which the law lets us restore"),
        Code("learned_late", "We learned only later that no suit was filed"),
    ),
    Deed.PUT_BACK: (
        Code("notice_withdrawn", "The notice was withdrawn"),
        Code("removed_wrongly", "We should not have removed it"),
        Code("body", "A certified body has decided so, and we follow it"),
    ),
}

COUNTER_REASONS: tuple[Code, ...] = (
    Code("own_right", "The right is mine"),
    Code("authorised", "I may sell these goods: the owner or its distributor allows it"),
    Code("exhausted", "The goods are genuine and were sold before by the owner or with its consent"),
    Code("not_used", "I do not use the mark, picture or design"),
    Code("wrong_listing", "This is not the offer that the notice means"),
    Code("other", "Another reason, told below"),
)

WITHDRAWALS: tuple[Code, ...] = (
    Code("error", "The notice was a mistake"),
    Code("settled", "The seller and we have settled"),
    Code("not_pursued", "We no longer pursue it"),
)

#: Where a suit or complaint was filed.
SUITS: tuple[Code, ...] = (
    Code("suit", "A suit at a court"),
    Code("complaint", "A complaint to an authority"),
    Code("order", "An order of a court"),
)
#: What a certified body decided.
BODY_OUTCOMES: tuple[Code, ...] = (
    Code("upheld", "The body upheld the decision"),
    Code("partly_reversed", "The body reversed a part of the decision"),
    Code("reversed", "The body reversed the decision"),
    Code("ended", "The dispute ended without a decision of the body"),
)
#: The paper that shows it.
SUIT_PAPERS: tuple[Code, ...] = (
    Code("stamped_filing", "The filing with the stamp of its receipt"),
    Code("acceptance", "The notice that the case was accepted"),
    Code("docket_extract", "An extract of the docket"),
    Code("order", "The order itself"),
)


def is_reason_of(deed: Deed, code: str) -> bool:
    """Whether a reason can be given for a decision."""
    return any(one.code == code for one in REASONS.get(deed, ()))


def words_of(code: str) -> str:
    """The words of a code; the code itself when a newer partner sent one that is unknown here."""
    known = (*(one for codes in REASONS.values() for one in codes), *COUNTER_REASONS, *WITHDRAWALS, *BODY_OUTCOMES)
    return next((one.words for one in known if one.code == code), code)


def answer_words_of(code: str) -> str:
    """The words of a seller's reason: some codes are also reasons of a decision, with other words."""
    return next((one.words for one in COUNTER_REASONS if one.code == code), code)


def words_in(codes: tuple[Code, ...], code: str) -> str:
    """The words of a code of one list; the code itself when it is not in it."""
    return next((one.words for one in codes if one.code == code), code)
