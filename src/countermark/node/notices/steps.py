"""Which events of each law a deed is; a law that has no such step refuses it, and this says so."""

from collections.abc import Collection

from countermark.node.notices.states import Deed

Chain = tuple[str, ...]

_DSA: dict[Deed, Chain] = {
    Deed.FILE: ("notice",),
    Deed.RECEIVE: ("confirm_receipt",),
    Deed.PRIORITY: ("give_priority",),
    # The regulation knows no question to the notifier: asking is allowed, and no clock stops for it.
    Deed.ASK: (),
    Deed.ANSWER: (),
    Deed.REMOVE: ("restrict", "send_statement", "tell_notifier"),
    Deed.REFUSE: ("reject", "tell_notifier"),
    Deed.COUNTER: ("complain",),
    Deed.FORWARD: (),
    Deed.ARRIVE: (),
    Deed.COMPLAIN: ("complain",),
    Deed.KEEP: ("uphold", "tell_complainant"),
    Deed.RESTORE: ("reverse", "tell_complainant", "carry_out_reversal"),
    Deed.PUT_BACK: ("put_back",),
    Deed.BODY: ("go_to_body",),
    Deed.SELLER_BODY: ("go_to_body",),
    Deed.EXTEND: ("extend_settlement",),
    Deed.SETTLE: ("settle",),
    Deed.SUIT: ("sue",),
    Deed.WITHDRAW: ("withdraw",),
}
_CN_GOODS: dict[Deed, Chain] = {
    Deed.FILE: ("notice",),
    Deed.RECEIVE: (),
    Deed.ASK: ("find_incomplete",),
    Deed.ANSWER: ("notice",),
    Deed.REMOVE: ("take_measures", "forward_notice"),
    Deed.REFUSE: ("find_incomplete",),
    Deed.COUNTER: ("statement",),
    Deed.FORWARD: ("forward_statement",),
    Deed.ARRIVE: ("statement_arrived",),
    Deed.RESTORE: ("lift",),
    Deed.PUT_BACK: ("put_back",),
    Deed.SUIT: ("filed",),
    Deed.WITHDRAW: ("withdraw",),
}
_CN_COPYRIGHT: dict[Deed, Chain] = {
    Deed.FILE: ("notice",),
    Deed.RECEIVE: (),
    Deed.ASK: ("find_incomplete",),
    Deed.ANSWER: ("notice",),
    Deed.REMOVE: ("remove", "forward_notice"),
    Deed.REFUSE: ("find_incomplete",),
    Deed.COUNTER: ("explain",),
    Deed.FORWARD: ("forward_explanation",),
    Deed.ARRIVE: (),
    Deed.RESTORE: ("restore",),
    Deed.PUT_BACK: ("put_back",),
    Deed.SUIT: ("sue",),
    Deed.WITHDRAW: ("withdraw",),
}
_DMCA: dict[Deed, Chain] = {
    Deed.FILE: ("notice",),
    Deed.RECEIVE: (),
    Deed.ASK: ("find_incomplete",),
    Deed.ANSWER: ("notice",),
    Deed.REMOVE: ("remove", "tell_subscriber"),
    Deed.REFUSE: ("find_incomplete",),
    Deed.COUNTER: ("counter",),
    Deed.FORWARD: ("send_copy",),
    Deed.ARRIVE: (),
    Deed.RESTORE: ("restore",),
    Deed.LATE: ("restore_late",),
    Deed.PUT_BACK: ("put_back",),
    Deed.SUIT: ("suit_notice",),
    Deed.WITHDRAW: ("withdraw",),
}
_PLATFORM: dict[Deed, Chain] = {
    Deed.FILE: ("submit",),
    Deed.RECEIVE: ("receive",),
    Deed.REVIEW: ("review",),
    Deed.FAIL: ("fail",),
    Deed.ASK: ("ask",),
    Deed.ANSWER: ("answer",),
    Deed.REMOVE: ("take_down", "tell_seller"),
    Deed.REFUSE: ("reject",),
    Deed.COUNTER: ("counter",),
    Deed.FORWARD: ("forward_counter",),
    Deed.ARRIVE: (),
    Deed.KEEP: ("reject_counter",),
    Deed.RESTORE: ("accept_counter", "reinstate"),
    Deed.SUIT: ("escalate",),
    Deed.WITHDRAW: ("withdraw",),
}
_EBAY: dict[Deed, Chain] = {
    Deed.FILE: ("report",),
    Deed.RECEIVE: ("receive",),
    Deed.REVIEW: ("process",),
    Deed.FAIL: ("fail",),
    Deed.ASK: ("ask",),
    Deed.ANSWER: ("answer",),
    Deed.REMOVE: ("remove",),
    Deed.REFUSE: ("reject",),
    # The seller writes to the owner first.
    Deed.COUNTER: ("contact_owner",),
    Deed.FORWARD: (),
    Deed.ARRIVE: (),
    Deed.REPLY: ("answer_seller",),
    Deed.KEEP: ("keep_down",),
    Deed.RESTORE: ("reinstate",),
    Deed.SUIT: ("escalate",),
    Deed.WITHDRAW: ("withdraw",),
}
_ALIBABA: dict[Deed, Chain] = {
    Deed.FILE: ("submit",),
    Deed.RECEIVE: (),
    Deed.REVIEW: (),
    Deed.FAIL: ("fail",),
    Deed.ASK: ("ask",),
    Deed.ANSWER: ("answer",),
    Deed.ASK_SELLER: ("ask_seller",),
    Deed.REMOVE: ("remove",),
    Deed.REFUSE: ("reject",),
    Deed.COUNTER: ("counter",),
    Deed.FORWARD: (),
    Deed.ARRIVE: (),
    Deed.ACCEPT: ("accept_answer",),
    Deed.KEEP: ("refuse_answer",),
    Deed.RESTORE: ("accept_answer",),
    Deed.SUIT: ("escalate",),
    Deed.WITHDRAW: ("withdraw",),
}

#: Regime -> deed -> events, in order.
STEPS: dict[str, dict[Deed, Chain]] = {
    "eu-dsa": _DSA,
    "cn-goods": _CN_GOODS,
    "cn-copyright": _CN_COPYRIGHT,
    "us-dmca": _DMCA,
    "platform-generic": _PLATFORM,
    "platform-ebay": _EBAY,
    "platform-alibaba": _ALIBABA,
}
#: Added to a state that a complaint of whoever filed led to: the seller's leads to the same one.
CONTESTED = " by the filer"
#: Added to the state after a body has decided, where nothing is restricted: the offer was left up, or came back.
NOTHING_DOWN = " with nothing down"
#: Where a fact of the case makes a deed another event: on eBay, copyright has a counter notice of its own.
_WITH_FACT: dict[tuple[str, Deed, str], Chain] = {
    ("platform-ebay", Deed.COUNTER, "copyright"): ("counter",),
}
#: Where the state does: a seller who got no answer of the owner turns to eBay with its next one.
_IN_STATE: dict[tuple[str, Deed, str], Chain | None] = {
    ("platform-ebay", Deed.COUNTER, "seller_contacts"): ("turn_to_ebay",),
    ("platform-ebay", Deed.RESTORE, "countered"): ("reinstate_after_counter",),
    # Still incomplete after an answer: it is where it was.
    **{(law, Deed.ASK, "incomplete"): () for law in ("cn-goods", "cn-copyright", "us-dmca")},
    # Whoever filed contests a refusal: the host decides on the notice once more, and nothing is down that could stay
    # down or come back.
    ("eu-dsa", Deed.REMOVE, "complaint_open" + CONTESTED): (
        "reverse",
        "tell_complainant",
        "restrict",
        "send_statement",
        "tell_notifier",
    ),
    ("eu-dsa", Deed.REFUSE, "complaint_open" + CONTESTED): ("uphold", "tell_complainant"),
    **{
        ("eu-dsa", deed, state + CONTESTED): None
        for deed in (Deed.KEEP, Deed.RESTORE, Deed.PUT_BACK, Deed.WITHDRAW)
        for state in ("complaint_open", "upheld")
    },
}
#: A body has decided, and the marketplace follows it: what is down comes back, what is up goes down.
_IN_STATE |= {
    ("eu-dsa", Deed.REMOVE, "settlement_decided"): None,
    ("eu-dsa", Deed.PUT_BACK, "settlement_decided" + NOTHING_DOWN): None,
    ("eu-dsa", Deed.PUT_BACK, "settlement_decided" + CONTESTED): None,
}
#: What a platform without a node tells of itself: written down as told, whatever its own clocks were.
_TOLD: dict[tuple[str, Deed], Chain] = {
    ("platform-ebay", Deed.REMOVE): ("remove_told",),
    ("platform-ebay", Deed.KEEP): ("keep_told",),
    ("platform-ebay", Deed.RESTORE): ("reinstate_told",),
    ("platform-alibaba", Deed.REMOVE): ("remove_told",),
    ("platform-alibaba", Deed.COUNTER): ("counter_told",),
    ("platform-alibaba", Deed.KEEP): ("refuse_told",),
    ("platform-alibaba", Deed.RESTORE): ("accept_told",),
}
#: A notice that lacks what its law asks for, and an answer after which it still does: where the law knows an incomplete
#: notice, no time begins with either. The DSA knows none: it is taken and decided on all the same.
_LACKING: dict[tuple[str, Deed], Chain] = {
    ("eu-dsa", Deed.FILE): ("notice_lacking",),
    **{(law, deed): () for law in ("cn-goods", "cn-copyright", "us-dmca") for deed in (Deed.FILE, Deed.ANSWER)},
}
#: Laws under which the decision on an incomplete notice is owed all the same.
GOES_ON = frozenset({"eu-dsa"})
#: How often a seller can answer, where once is not all; the states of the law may allow less.
ANSWERS = {"platform-ebay": 6, "platform-alibaba": 3}
#: States in which the seller has the next move when a waiting time of the rights holder is over.
SELLERS_TURN = frozenset({("platform-ebay", "seller_contacts")})

_HOLDER = frozenset(
    {Deed.FILE, Deed.ANSWER, Deed.REPLY, Deed.ACCEPT, Deed.COMPLAIN, Deed.SUIT, Deed.WITHDRAW, Deed.BODY}
)


def actor_of(deed: Deed) -> str:
    """Who does it, as the regimes call that side."""
    if deed in {Deed.COUNTER, Deed.SELLER_BODY}:
        return "seller"
    if deed in {Deed.EXTEND, Deed.SETTLE}:
        return "dispute_body"
    return "rights_holder" if deed in _HOLDER else "platform"


def chain_of(
    regime: str,
    deed: Deed,
    *,
    state: str = "",
    facts: Collection[str] = (),
    told: bool = False,
    lacking: bool = False,
) -> Chain | None:
    """The events of a deed under a law; None where the law knows no such step.

    Args:
        regime, deed: which.
        state, facts: of the matter (state as `lawyer.state_of`): some laws spell a deed otherwise by them.
        told: a platform without a node said that it did this; nobody here saw it happen.
        lacking: what came lacks something that the law asks for.
    """
    if lacking and (regime, deed) in _LACKING:
        return _LACKING[regime, deed]
    found = Deed.REMOVE if deed is Deed.PARTLY else deed
    if told and (regime, found) in _TOLD:
        return _TOLD[regime, found]
    for fact in facts:
        if (regime, found, fact) in _WITH_FACT:
            return _WITH_FACT[regime, found, fact]
    return _IN_STATE.get((regime, found, state), STEPS[regime].get(found))
