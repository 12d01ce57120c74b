"""What is counted, in plain sentences: the same for the officer, the filer and the seller."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from countermark.evaluate.share import Share
from countermark.node.conduct.misuse import Factors, Track
from countermark.node.conduct.payments import Grounds, Machine, Proved
from countermark.node.conduct.policy import Policy, Quality
from countermark.node.conduct.quality import ALL, Rate, Tier
from countermark.node.conduct.states import ActKind, MeasureKind, Standing
from countermark.node.conduct.strikes import Count

KIND_WORDS = {
    MeasureKind.WARNING: "Warning",
    MeasureKind.LISTING_LIMIT: "Limit on listings",
    MeasureKind.SUSPENSION: "Suspension of the shop",
    MeasureKind.PAYMENT_HOLD: "Hold on payments",
    MeasureKind.NO_PROCESSING: "Notices or answers are not treated",
    MeasureKind.PAYMENT_END: "End of payment services",
}
PROVED_WORDS = {
    Proved.ALLEGED: "an allegation; nobody has decided on it yet",
    Proved.UPHELD: "a decision of a platform",
    Proved.FOUND: "a decision of a court or an authority",
}
MACHINE_WORDS = {
    Machine.NONE: "no machine took part",
    Machine.POINTED: "a machine pointed to the shop; people looked and decided",
}
STANDING_WORDS = {
    Standing.PROPOSED: "waits for a second person",
    Standing.DECLINED: "was proposed and declined",
    Standing.RUNNING: "holds",
    Standing.APPEALED: "holds; the answer waits for a decision",
    Standing.ENDED: "is over",
    Standing.ENDED_UNHEARD: "is over; the answer waits for a decision",
    Standing.LIFTED: "was lifted before its end",
    Standing.REVERSED: "was reversed: it should not have been taken",
}
ACT_WORDS = {
    ActKind.PROPOSED: "Written",
    ActKind.CONFIRMED: "Decided",
    ActKind.DECLINED: "Declined",
    ActKind.TOLD: "Told",
    ActKind.RECEIVED: "Read by the person",
    ActKind.APPEALED: "Answered",
    ActKind.UPHELD: "The answer did not convince",
    ActKind.REVERSED: "The answer convinced",
    ActKind.LIFTED: "Lifted",
}
#: What `payees.figures` counts.
FIGURE_WORDS = {
    "payment_hold": "Pay-outs held",
    "payment_end": "Payment services ended",
    "appealed": "Answers of sellers",
    "upheld": "Answers that did not convince",
    "reversed": "Reversed on an answer",
    "lifted": "Lifted before their end",
}
LEFT_WORDS = {
    "reversed": "the offer came back",
    "withdrawn": "the notice was withdrawn",
    "contested": "the seller has answered; not decided yet",
    "over": "older than the policy counts",
    "no_points": "the policy gives no points for this reason",
}
TIER_WORDS = {
    Tier.FEW: "too few decisions to say",
    Tier.GOOD: "good",
    Tier.NEAR: "near the limit",
    Tier.BEYOND: "beyond the limit; it may be chance",
    Tier.SURELY_BEYOND: "beyond the limit, and not by chance",
}
#: Number and share, for each of the three things that are counted.
_COUNTED = {
    Track.OFFERS: (
        gettext_noop("%(n)d offers in %(days)d days were decided against them."),
        gettext_noop("%(n)d of %(total)d offers: %(share)s."),
    ),
    Track.ANSWERS: (
        gettext_noop("%(n)d answers in %(days)d days were decided against them."),
        gettext_noop("%(n)d of %(total)d answers: %(share)s."),
    ),
    Track.NOTICES: (
        gettext_noop("%(n)d notices in %(days)d days were decided against them."),
        gettext_noop("%(n)d of %(total)d notices: %(share)s."),
    ),
}


def strikes_sentence(count: Count, policy: Policy) -> str:
    """What counts against a seller, in one or two sentences."""
    if not count.strikes:
        return _("No strike counts against this seller now.")
    number = len(count.strikes)
    ends = f"{count.next_end:%Y-%m-%d}" if count.next_end else ""
    said = ngettext(
        "%(n)d strike counts, together %(points)s. The oldest ends on %(day)s. "
        "A suspension may be proposed from %(rung)d points, after a warning.",
        "%(n)d strikes count, together %(points)s. The oldest ends on %(day)s. "
        "A suspension may be proposed from %(rung)d points, after a warning.",
        number,
    )
    rung = policy.measures.suspension.from_points
    return said % {"n": number, "points": _points(count.points), "day": ends, "rung": rung}


def factor_lines(factors: Factors) -> tuple[tuple[str, str], ...]:
    """The four factors in the active language: name, and sentence with its numbers."""
    number, share = _COUNTED[factors.track]
    facts = {
        "n": factors.number,
        "days": factors.days,
        "total": factors.total,
        "share": _percent(factors.share),
    }
    return (
        (_("Number"), _(number) % facts),
        (_("Share"), _(share) % facts),
        (_("Gravity and consequences"), _gravity(factors)),
        (_("Intention"), _intention(factors)),
    )


def ground_lines(grounds: Grounds) -> tuple[tuple[str, str], ...]:
    """What a measure about payments rests on, in the active language: name, and words."""
    lines = (
        (_("It rests on"), _(PROVED_WORDS[grounds.label])),
        (_("Decided by"), grounds.decided_by),
        (_("Reference of that decision"), grounds.decision),
        (_("Facts and evidence"), grounds.evidence),
        (_("Automation"), _(MACHINE_WORDS[grounds.machine])),
    )
    return tuple((name, words) for name, words in lines if words)


def frequent_sentence(factors: Factors, policy: Policy) -> str:
    """Whether the policy calls it frequent, with its numbers."""
    wanted = getattr(policy.misuse, factors.track.value)
    asked = {"n": wanted.number, "share": _percent(wanted.share)}
    if factors.is_frequent:
        return _("The policy calls this frequent: it asks for %(n)d and %(share)s.") % asked
    return _("The policy does not call this frequent: it asks for %(n)d and %(share)s, both.") % asked


def rate_sentences(rate: Rate, policy: Quality) -> tuple[str, str]:
    """Success rate and rate of successful answers, with their bounds."""
    success, countered = rate.success, rate.countered
    if not success.n or success.low is None or success.high is None:
        return (_("Nothing was decided in this time."), "")
    first = _("%(hits)d of %(n)d stand: %(share)s (95 %% interval %(low)s to %(high)s; limit %(limit)s).")
    second = _(
        "%(hits)d of %(n)d came back after the seller's answer: %(share)s (%(low)s to %(high)s; limit %(limit)s)."
    )
    return first % _bounds(success, policy.success.limit), second % _bounds(countered, policy.countered.limit)


def _bounds(one: Share, limit: float) -> dict[str, int | str]:
    return {
        "hits": one.hits,
        "n": one.n,
        "share": _percent(one.value),
        "low": _percent(one.low),
        "high": _percent(one.high),
        "limit": _percent(limit),
    }


def reserve_sentence(rate: Rate) -> str:
    """How far the limit is."""
    if rate.tier is Tier.FEW:
        return ""
    if not rate.reserve:
        return _("No further notice may fall without going under the limit.")
    said = ngettext(
        "%(n)d of these notices may still fall before the limit is reached.",
        "%(n)d of these notices may still fall before the limit is reached.",
        rate.reserve,
    )
    return said % {"n": rate.reserve}


def ground_words(ground: str) -> str:
    """A ground as it is read in a list."""
    return gettext_noop("All reasons together") if ground == ALL else ground.replace("-", " ").capitalize()


def _gravity(factors: Factors) -> str:
    if factors.track is Track.NOTICES:
        if not factors.consequences:
            return _("No offer was wrongly down.")
        said = _("%(n)d offers were wrongly down, the longest for %(days)d days.")
        return said % {"n": factors.consequences, "days": factors.gravest}
    if not factors.number:
        return _("Nothing counts.")
    said = _("The gravest has %(points)s; %(n)d of them have.")
    return said % {"points": _points(factors.gravest), "n": factors.consequences}


def _intention(factors: Factors) -> str:
    after = factors.after_warning
    lines = [
        _("%(n)d came after the warning that is proved to have arrived.") % {"n": after}
        if factors.warned and after
        else _("None came after the warning that is proved to have arrived.")
        if factors.warned
        else _("No warning in force has arrived, so none shows.")
    ]
    if factors.unshown:
        lines.append(_("%(n)d named a right that was not shown.") % {"n": factors.unshown})
    return " ".join(lines)


def _points(number: int) -> str:
    return ngettext("%(n)d point", "%(n)d points", number) % {"n": number}


def _percent(share: float | None) -> str:
    return f"{number_format(round(100 * (share or 0), 1), 1)} %"
