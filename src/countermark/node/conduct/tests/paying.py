"""A payment platform with people for each look, and what it holds."""

from dataclasses import dataclass, replace
from datetime import timedelta

from countermark.node.conduct import measures, payments
from countermark.node.conduct.payments import Hold
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.factories import make_member, make_organisation
from countermark.node.parties.permissions import Role

REASONS = "The marketplace upheld three notices against the shop; pay-outs for these orders wait until it has answered."
HELD = "Pay-outs for the orders of the shop since 1 November"
EVIDENCE = "Three decisions of the marketplace, each with the page of the offer as it was captured."


@dataclass
class Payer:
    """Everybody of a payment platform who has a say."""

    officer: Member
    counsel: Member
    other: Member
    payee: str = "payee-7f3a"

    def wants(self, kind: str = "payment_hold", **more: object) -> Hold:
        """A measure about its payee."""
        made = Hold(
            payee=self.payee,
            kind=kind,
            held=HELD,
            reasons=REASONS,
            ends_on=now().date() + timedelta(days=30),
            label="upheld",
            decided_by="Bazaar",
            decision="dec-2026-118",
            evidence=EVIDENCE,
            machine="pointed",
        )
        return replace(made, **more)  # type: ignore[arg-type]

    def holds(self, **more: str) -> tuple[str, str]:
        """It holds pay-outs; the id, and the seller's link."""
        name = payments.propose(self.officer, self.wants(**more))
        return name, measures.link_for(self.officer, name)


def make_payer(name: str = "Alto Pay") -> Payer:
    """A payment platform with an officer and two counsels."""
    organisation = make_organisation(name, "payment")
    officer, counsel, other = (make_member(role, organisation) for role in (Role.OFFICER, Role.COUNSEL, Role.COUNSEL))
    return Payer(officer, counsel, other)
