"""Judge one listing against one house: a risk, a word, a kind, and every reason for and against."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from countermark.judge.harm import expected_harm
from countermark.judge.kinds import kind_of
from countermark.judge.policy import Policy
from countermark.judge.policy_file import check_against
from countermark.judge.sentences import Template, template_of
from countermark.judge.weighing import Weighed, log_odds_of, risk_of, weigh
from countermark.model import Direction, Finding, Listing, Reason, Signal, SignalSpec, derive_id, to_json

#: Raised whenever the same listing, references and policy could give another finding.
ENGINE_VERSION = "0.7.0"

#: Part of the id of a finding whose scan did not look at pictures.
WITHOUT_PICTURES = "without pictures"
#: Price signals, whose facts say which band the price was compared with.
PRICE_SIGNALS = ("price.below_band", "price.within_band")


@dataclass(frozen=True, slots=True)
class _Known:
    """What of a spec goes into a reason."""

    version: int
    direction: Direction
    template: Template
    wrong_when: str


class Judge:
    """Weighs signals by one policy. Pure: reads no clock and no file; the same arguments give the same finding.

    Args:
        policy: weights, limits, kinds and harm.
        specs: every signal that may occur, of all families.
        reference_hash: SHA-256 in hex of the reference side; goes into each finding.

    Raises:
        InvalidRecord: when policy and specs do not speak of the same signals with the same signs, or a sentence of a
            spec has a broken place.
    """

    def __init__(self, policy: Policy, specs: Sequence[SignalSpec], reference_hash: str) -> None:
        check_against(policy, specs)
        self.policy = policy
        self.reference_hash = reference_hash
        self._known = {
            spec.name: _Known(spec.version, Direction(spec.speaks), template_of(spec.sentence), spec.wrong_when)
            for spec in specs
        }

    def judge(
        self, listing: Listing, brand: str, signals: Iterable[Signal], *, pictures_seen: bool = True
    ) -> Finding | None:
        """Judge what was measured about a listing and a house that its words or pictures point to.

        The prior of the policy holds for such pairs only: ask about no house of which no mark, logo or photo was found.

        Args:
            listing: as captured.
            brand: the house.
            signals: everything measured; those that name another house are left out.
            pictures_seen: False when the scan did not look at pictures; such a finding has an id of its own, because
                the same listing may have other reasons once its pictures are seen.

        Returns:
            The finding; None when nothing speaks for infringement or the risk is below the policy's `report`.

        Raises:
            InvalidRecord: for a signal that the policy does not know, or a value outside [0, 1].
        """
        weighed = weigh(signals, brand, self.policy.weights)
        if not any(w.weight > 0 for w in weighed):
            return None
        risk = risk_of(log_odds_of(self.policy.base_rate, map(attrgetter("weight"), weighed)))
        if risk < self.policy.report:
            return None
        return self._finding(listing, brand, weighed, risk, pictures_seen=pictures_seen)

    def _finding(
        self, listing: Listing, brand: str, weighed: list[Weighed], risk: float, *, pictures_seen: bool
    ) -> Finding:
        policy = self.policy
        kind = kind_of(policy.kinds, weighed, listing.condition)
        price = next((w.signal for w in weighed if w.signal.name in PRICE_SIGNALS), None)
        listing_hash = hashlib.sha256(to_json(listing)).hexdigest()
        made_from = (listing_hash, brand, ENGINE_VERSION, policy.digest, self.reference_hash)
        return Finding(
            id=derive_id("fnd", *made_from, *(() if pictures_seen else (WITHOUT_PICTURES,))),
            listing_id=listing.id,
            marketplace=listing.marketplace,
            external_id=listing.external_id,
            seller_id=listing.seller.id,
            brand=brand,
            right_id=_weightiest_right(weighed),
            kind=kind,
            risk=risk,
            level=policy.levels.word(risk),
            expected_harm=expected_harm(risk, kind, listing, price, policy.harm),
            base=policy.base_rate,
            reasons=tuple(self._reason(w, brand) for w in weighed),
            engine_version=ENGINE_VERSION,
            policy_hash=policy.digest,
            reference_hash=self.reference_hash,
            listing_hash=listing_hash,
        )

    def _reason(self, weighed: Weighed, brand: str) -> Reason:
        signal, known = weighed.signal, self._known[weighed.signal.name]
        return Reason(
            signal=signal.name,
            version=known.version,
            direction=known.direction,
            value=signal.value,
            weight=weighed.weight,
            sentence=known.template.fill(signal.facts, brand),
            wrong_when=known.wrong_when,
            right_id=signal.right_id,
            reference=signal.reference,
            listing_image=signal.listing_image,
            spans=signal.spans,
            facts=signal.facts,
        )


def _weightiest_right(weighed: Sequence[Weighed]) -> str:
    """The right with most weight for infringement, the first by id among equals; empty when none is named."""
    totals: dict[str, float] = {}
    for w in weighed:
        if w.signal.right_id and w.weight > 0:
            totals[w.signal.right_id] = totals.get(w.signal.right_id, 0.0) + w.weight
    return min(totals, key=lambda right_id: (-round(totals[right_id], 6), right_id), default="")
