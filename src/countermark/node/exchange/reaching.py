"""Whether partners can be reached, know us, and agree with us about the time: asked now, by `node doctor`."""

from dataclasses import dataclass

from countermark.node.exchange.lines import EXCHANGE_PATH, fetch_card, line_to
from countermark.node.exchange.models import Agreement, Identity
from countermark.node.exchange.rings import terms_of
from countermark.node.exchange.states import IN_FORCE
from countermark.node.exchange.wire.partner_problems import PartnerProblem, PartnerRefused
from countermark.proof.refusals import Refused

_CLOCK = {"too-old": "behind theirs", "from-the-future": "ahead of theirs"}


@dataclass(frozen=True, slots=True)
class Reached:
    """How a node answered.

    Attributes:
        who: name of the organisation.
        node: its address.
        well: whether everything is as it should be.
        sentence: what was seen, and what to do about it.
    """

    who: str
    node: str
    well: bool
    sentence: str


def reach_ourselves() -> list[Reached]:
    """Whether each organisation's node is found under its own name, with its own key, as partners will look for it."""
    return [_ourselves(row) for row in Identity.objects.select_related("organisation")]


def reach_partners() -> list[Reached]:
    """Whether each partner under an agreement in force answers, has the key that was agreed, and lets us in."""
    rows = Agreement.objects.filter(state__in=IN_FORCE).order_by("name")
    return [_partner(row) for row in rows]


def _ourselves(row: Identity) -> Reached:
    name = row.organisation.name
    try:
        card = fetch_card(row.organisation_id, row.node)
    except (PartnerProblem, Refused, ValueError) as error:
        sentence = f"Partners cannot reach you at {row.node}{EXCHANGE_PATH}: {error}"
        return Reached(name, row.node, well=False, sentence=sentence)
    if card.party.key != row.key:
        sentence = "Another node answers under your name: its key is not yours."
        return Reached(name, row.node, well=False, sentence=sentence)
    return Reached(name, row.node, well=True, sentence="Partners reach you under your name.")


def _partner(row: Agreement) -> Reached:
    agreed = next(party for party in terms_of(row)[-1].parties if party.id == row.partner)
    try:
        card = fetch_card(row.organisation_id, row.partner_node)
        if card.party.key != agreed.key:
            return _said(row, "What answers there has another key than the one you agreed on. Call them.")
        with line_to(row) as line:
            line.get(f"/agreements/{row.name}/entries", {"after": 2**40, "most": 1})
    except PartnerRefused as refused:
        clock = _CLOCK.get(refused.code)
        if clock:
            return _said(row, f"Their node refuses your requests: your clock is {clock}. Set it by a time server.")
        return _said(row, f"Their node refuses your requests: {refused}")
    except (PartnerProblem, Refused, ValueError) as error:
        return _said(row, f"Not reached: {error}")
    sentence = "Answers, with the agreed key, and accepts your requests."
    return Reached(row.partner_name, row.partner_node, well=True, sentence=sentence)


def _said(row: Agreement, sentence: str) -> Reached:
    return Reached(row.partner_name, row.partner_node, well=False, sentence=sentence)
