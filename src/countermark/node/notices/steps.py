"""Which events of each law a deed is; a law that has no such step refuses it, and this says so."""

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
    Deed.KEEP: ("uphold", "tell_complainant"),
    Deed.RESTORE: ("reverse", "tell_complainant", "carry_out_reversal"),
    Deed.PUT_BACK: ("put_back",),
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

#: Regime -> deed -> events, in order.
STEPS: dict[str, dict[Deed, Chain]] = {
    "eu-dsa": _DSA,
    "cn-goods": _CN_GOODS,
    "cn-copyright": _CN_COPYRIGHT,
    "us-dmca": _DMCA,
    "platform-generic": _PLATFORM,
}

_HOLDER = frozenset({Deed.FILE, Deed.ANSWER, Deed.SUIT, Deed.WITHDRAW})


def actor_of(deed: Deed) -> str:
    """Who does it, as the regimes call that side."""
    if deed is Deed.COUNTER:
        return "seller"
    return "rights_holder" if deed in _HOLDER else "platform"


#: In this state of a law a marketplace restores by another event: the notice is gone, so nothing is decided any more.
_PUT_BACK = ("withdrawn_down", ("put_back",))


def chain_of(regime: str, deed: Deed, state: str = "") -> Chain | None:
    """The events of a deed under a law, in the state that the law has reached; None where it knows no such step."""
    if deed is Deed.RESTORE and state == _PUT_BACK[0]:
        return _PUT_BACK[1]
    found = Deed.REMOVE if deed is Deed.PARTLY else deed
    return STEPS[regime].get(found)
