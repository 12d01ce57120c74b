"""Whether the items of a draft can be notified: there, located, not notified before, not authorised."""

from collections import Counter
from collections.abc import Iterator

from countermark.law.asked import Paper
from countermark.law.drafts import Draft, Earlier, Facts, Item, Problem, Standing
from countermark.law.regime import Regime

#: Schemes of a location that a person can open.
_SCHEMES = ("https://", "http://")


def listing_problems(regime: Regime, draft: Draft, facts: Facts) -> Iterator[Problem]:
    """Everything that stands against the items of a draft."""
    if not draft.items:
        yield Problem("items", "no-items", "The paper is about nothing.", "Choose at least one listing.")
    most = regime.file.asked.most_items
    if most and len(draft.items) > most:
        message = f"{len(draft.items)} items are more than the {most} that one paper can hold."
        yield Problem("items", "too-many-items", message, "Split it.")
    for item_id, times in Counter(item.id for item in draft.items).items():
        if times > 1:
            yield Problem("items", "item-twice", f"{item_id} stands {times} times.", "Keep one.", item=item_id)
    for item in draft.items:
        yield from location_problems(item)
        if draft.paper is Paper.NOTICE:
            yield from _seen(item, facts)
            yield from _honest(item, draft)
            yield from _earlier(regime, item, draft, facts)


def location_problems(item: Item) -> Iterator[Problem]:
    """Whether an item says where exactly it is."""
    host = item.url.partition("://")[2].partition("/")[0]
    if not item.url.startswith(_SCHEMES) or not host:
        message = f"{item.id} has no exact location."
        yield Problem("items", "location-missing", message, "Give the address of the page.", item=item.id)


def _seen(item: Item, facts: Facts) -> Iterator[Problem]:
    if item.live is False:
        message = f"{item.id} is no longer there."
        yield Problem("items", "listing-gone", message, "Leave it out; keep the capture.", item=item.id)
    elif item.live is None or item.seen is None or (facts.day - item.seen).days > facts.seen_within:
        message = f"Nobody has looked at {item.id} in the last {facts.seen_within} days."
        yield Problem("items", "listing-stale", message, "Look again and capture.", blocks=False, item=item.id)


def _honest(item: Item, draft: Draft) -> Iterator[Problem]:
    if item.seller_is_authorised:
        message = f"The house itself supplies or allows the seller of {item.id}."
        yield Problem("items", "seller-authorised", message, "Leave it out, or end the authorisation.", item=item.id)
    if item.genuine_resale and draft.ground != "grey-market":
        message = f"{item.id} looks like a genuine product that was sold before."
        mend = "Leave it out, or show why the right is not exhausted."
        yield Problem("items", "genuine-resale", message, mend, blocks=False, item=item.id)


def _earlier(regime: Regime, item: Item, draft: Draft, facts: Facts) -> Iterator[Problem]:
    rights = {right.id for right in draft.rights}
    for one in facts.earlier:
        if one.item == item.id and one.right in rights:
            yield from _against(regime, one, draft)


def _against(regime: Regime, earlier: Earlier, draft: Draft) -> Iterator[Problem]:
    item = earlier.item
    if earlier.standing is Standing.OPEN:
        message = f"A notice about {item} and this right is open."
        yield Problem("items", "duplicate", message, "Add to that one instead.", item=item)
    elif earlier.standing is Standing.DOWN:
        message = f"A notice about this right has taken {item} down."
        yield Problem("items", "already-down", message, "If it came back, say so and withdraw the old one.", item=item)
    elif earlier.standing is Standing.RESTORED_FINAL and _bars_second_notice(regime):
        message = f"{item} was restored after an explanation; this regime allows no second notice."
        yield Problem("items", "no-second-notice", message, "Go to court, or leave it.", item=item)
    elif earlier.standing in (Standing.RESTORED, Standing.RESTORED_FINAL):
        message = f"{item} came back after the seller answered an earlier notice about this right."
        mend = "Send only with new facts; repeating a notice that failed is a sign of bad faith."
        yield Problem("items", "restored-before", message, mend, blocks=False, item=item)
    elif earlier.standing is Standing.REJECTED and earlier.ground == draft.ground:
        message = f"A notice about {item} for the same reason was rejected."
        mend = "Send only with new facts or for another reason."
        yield Problem("items", "rejected-before", message, mend, blocks=False, item=item)


def _bars_second_notice(regime: Regime) -> bool:
    """A regime bars it by barring the event `notice` in a state after restoration."""
    procedure = regime.file.procedure
    return procedure is not None and any(
        one.event == "notice" and any(state.startswith("restored") for state in one.leaving) for one in procedure.barred
    )
