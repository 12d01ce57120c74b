"""Whether partners can be reached, know us, and agree with us about the time: asked now, by `node doctor`."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.db.models.functions import Coalesce

from countermark.node.exchange.lines import EXCHANGE_PATH, fetch_card, line_to
from countermark.node.exchange.models import Agreement, Identity, Standing
from countermark.node.exchange.rings import terms_of
from countermark.node.exchange.states import IN_FORCE
from countermark.node.exchange.wire.partner_problems import PartnerProblem, PartnerRefused
from countermark.node.kernel.time import now
from countermark.proof.refusals import Refused

#: A request from further ahead is refused (`wire.signed_requests`).
_CLOCK_SECONDS = 60
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


def asked_last() -> datetime | None:
    """When any partner was last asked for entries, or since when one could be; None where there is none to ask."""
    rows = Standing.objects.filter(agreement__state__in=IN_FORCE)
    found = rows.aggregate(last=Coalesce(Max("asked_at"), Max("agreement__since")))
    last: datetime | None = found["last"]
    return last


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
            answer = line.get(f"/agreements/{row.name}/entries", {"after": 2**40, "most": 1})
    except PartnerRefused as refused:
        clock = _CLOCK.get(refused.code)
        if clock:
            return _said(row, f"Their node refuses your requests: your clock is {clock}. Set it by a time server.")
        return _said(row, f"Their node refuses your requests: {refused}")
    except (PartnerProblem, Refused, ValueError) as error:
        return _said(row, f"Not reached: {error}")
    off = 0 if answer.date is None else round((answer.date - now()).total_seconds())
    if abs(off) > _CLOCK_SECONDS:
        how = f"{abs(off)} seconds {'ahead of' if off > 0 else 'behind'} yours"
        return _said(row, f"Answers, but its clock is {how}. Compare yours with a time server, then tell them.")
    sentence = "Answers, with the agreed key, accepts your requests, and its clock agrees with yours."
    return Reached(row.partner_name, row.partner_node, well=True, sentence=sentence)


def _said(row: Agreement, sentence: str) -> Reached:
    return Reached(row.partner_name, row.partner_node, well=False, sentence=sentence)
