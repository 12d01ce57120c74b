"""What was found, why, what speaks against it, and from which versions it can be recomputed."""

from enum import StrEnum

import msgspec

from countermark.model.signal import Span

#: Version of the published finding schema; raised when a field changes its meaning.
SCHEMA_VERSION = 1


class Kind(StrEnum):
    """What sort of finding it is. The last two are not infringing by default."""

    OBVIOUS_FAKE = "obvious_fake"
    UNAUTHORISED_USE = "unauthorised_use"
    MASKED_MARK = "masked_mark"
    CONFUSING_LOOKALIKE = "confusing_lookalike"
    COPIED_PHOTO = "copied_photo"
    GREY_MARKET = "grey_market"
    GENUINE_RESALE = "genuine_resale"


#: Kinds that allege no infringement by themselves (exhaustion, parallel import).
LAWFUL_BY_DEFAULT = frozenset({Kind.GREY_MARKET, Kind.GENUINE_RESALE})


class Level(StrEnum):
    """Risk as a word; the limits between them are in the policy."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Direction(StrEnum):
    """Whether a reason speaks for infringement or against it."""

    FOR = "for"
    AGAINST = "against"


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One signal as it counted: which value, against which reference, with which weight, and how it can be wrong.

    Attributes:
        signal, version: which measurement, at which version.
        direction: for or against infringement; the sign of `weight` agrees with it.
        value: strength in [0, 1].
        weight: contribution to the log-odds of infringement (natural logarithm), signed, rounded to 6 places.
        sentence: the reason in English words, complete by itself.
        wrong_when: how it can be wrong, one sentence.
        right_id, reference, listing_image, spans, facts: as in `Signal`.
    """

    signal: str
    version: int
    direction: Direction
    value: float
    weight: float
    sentence: str
    wrong_when: str
    right_id: str = ""
    reference: str = ""
    listing_image: str = ""
    spans: tuple[Span, ...] = ()
    facts: dict[str, str] = {}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One listing that may infringe the rights of one house: alleged, explained, recomputable.

    Attributes:
        id: `fnd_…`, derived from listing content, brand, engine, policy and reference hashes: the same inputs give
            the same id, so a repeated scan doubles nothing.
        listing_id, marketplace, external_id: the listing.
        seller_id: the shop.
        brand: the house whose rights may be infringed.
        right_id: the right that carries most weight, empty when only the brand is known.
        kind: what sort of finding.
        risk: probability of infringement in [0, 1], rounded to 6 places.
        level: the risk as a word.
        expected_harm: risk times what is at stake, in harm points (policy, section harm); orders the queue.
        base: log-odds before any reason.
        reasons: for and against, largest absolute weight first.
        engine_version, policy_hash, reference_hash, listing_hash: what to recompute it from; hashes are SHA-256 in hex.
        schema_version: of this record.
    """

    id: str
    listing_id: str
    marketplace: str
    external_id: str
    seller_id: str
    brand: str
    right_id: str
    kind: Kind
    risk: float
    level: Level
    expected_harm: float
    base: float
    reasons: tuple[Reason, ...]
    engine_version: str
    policy_hash: str
    reference_hash: str
    listing_hash: str
    schema_version: int = SCHEMA_VERSION

    def reasons_for(self) -> tuple[Reason, ...]:
        """What speaks for infringement, strongest first."""
        return tuple(r for r in self.reasons if r.direction is Direction.FOR)

    def reasons_against(self) -> tuple[Reason, ...]:
        """What speaks against it, strongest first."""
        return tuple(r for r in self.reasons if r.direction is Direction.AGAINST)
