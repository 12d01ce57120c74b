"""The policy of conduct of a platform, read strictly: a section without a source does not load."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
from django.conf import settings

from countermark.formats.safe_yaml import read_mapping
from countermark.law.recourse import Body, check_bodies
from countermark.law.tags import Source
from countermark.model import InvalidRecord
from countermark.model.decoding import convert

SHIPPED = Path(__file__).with_name("policy.yaml")
FORMAT = "countermark-conduct/1"

_Days = Annotated[int, msgspec.Meta(ge=1, le=3660)]
_Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
_Points = Annotated[int, msgspec.Meta(ge=0, le=100)]
_Sources = Annotated[tuple[Source, ...], msgspec.Meta(min_length=1)]


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the policy; a word that nobody knows is refused, not skipped."""


class Strikes(_Section, frozen=True):
    """When an upheld notice counts against a seller.

    Attributes:
        window_days: a strike counts so long after the decision.
        together_days: upheld notices of one house within so many days of the first are one strike.
        contested_count: whether a case counts while the seller's answer is open.
        points: ground of the notice -> points; 0 = never a strike.
        points_otherwise: for a ground that is not named.
    """

    sources: _Sources
    window_days: _Days
    together_days: Annotated[int, msgspec.Meta(ge=0, le=60)]
    contested_count: bool
    points: dict[str, _Points]
    points_otherwise: _Points

    def points_of(self, ground: str) -> int:
        """Points of a strike on a ground."""
        return self.points.get(ground, self.points_otherwise)


class Rung(_Section, frozen=True):
    """What a kind of measure asks for: points from which it is possible, longest time, whether two persons decide."""

    longest_days: _Days
    from_points: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    four_eyes: bool


class Measures(_Section, frozen=True):
    """One rung for each kind of measure."""

    sources: _Sources
    warning: Rung
    listing_limit: Rung
    suspension: Rung
    payment_hold: Rung
    no_processing: Rung


class Span(_Section, frozen=True):
    """What a measure about payments asks for: its longest time, and whether two persons decide."""

    longest_days: _Days
    four_eyes: bool


class Payments(_Section, frozen=True):
    """Holds of pay-outs and ends of payment services; `bodies` can be asked besides, empty where none is named."""

    sources: _Sources
    payment_hold: Span
    payment_end: Span
    bodies: tuple[Body, ...]


class Frequent(_Section, frozen=True):
    """From which number and which share of all conduct is called frequent; both are asked."""

    number: Annotated[int, msgspec.Meta(ge=1)]
    share: _Share


class Misuse(_Section, frozen=True):
    """The test of misuse, alike for sellers, for their answers and for those who file."""

    sources: _Sources
    window_days: _Days
    offers: Frequent
    answers: Frequent
    notices: Frequent
    unfounded: tuple[str, ...]


class Limit(_Section, frozen=True):
    """A rate: its limit, and the value at which the alarm goes before."""

    limit: _Share
    alarm: _Share


class Quality(_Section, frozen=True):
    """Rates of one who files: months that are looked at, fewest decisions for a tier, and the two limits."""

    sources: _Sources
    months: Annotated[int, msgspec.Meta(ge=1, le=24)]
    fewest: Annotated[int, msgspec.Meta(ge=1)]
    success: Limit
    countered: Limit


class Policy(_Section, frozen=True):
    """The whole policy; `version` is the SHA-256 of its file and stands with every measure."""

    format: str
    strikes: Strikes
    measures: Measures
    payments: Payments
    misuse: Misuse
    quality: Quality
    version: str = ""

    def rung(self, kind: str) -> Rung:
        """What a kind of measure asks for."""
        found: Rung = getattr(self.measures, kind)
        return found

    def span(self, kind: str) -> Span:
        """What a kind of measure about payments asks for."""
        found: Span = getattr(self.payments, kind)
        return found


def read_policy(data: bytes, name: str = "policy.yaml") -> Policy:
    """Read a policy.

    Raises:
        InvalidRecord: no such file, an unknown or missing key, a number out of range, no source, an alarm that comes
            after its limit, an end of payment services by one person, a body that lacks a language or a source.
    """
    content = read_mapping(data, name)
    if content.get("format") != FORMAT or "version" in content:
        raise InvalidRecord(name, "it is no policy of conduct.", f"Write `format: {FORMAT}`, and no `version`.")
    try:
        policy = convert(content, Policy)
    except msgspec.ValidationError as error:
        raise InvalidRecord(name, f"{error}.", "Start from a copy of the shipped policy.") from error
    rates = policy.quality
    if rates.success.alarm < rates.success.limit or rates.countered.alarm > rates.countered.limit:
        raise InvalidRecord(name, "an alarm of `quality` comes after its limit.", "Let it go before.")
    if not policy.payments.payment_end.four_eyes:
        message = "`payments.payment_end` lets one person end a service."
        raise InvalidRecord(name, message, "Write `four_eyes: true`.")
    check_bodies(f"{name}, payments.bodies", policy.payments.bodies)
    return msgspec.structs.replace(policy, version=hashlib.sha256(data).hexdigest())


@cache
def _parsed(data: bytes) -> Policy:
    return read_policy(data)


def policy_in_use() -> Policy:
    """The policy of this node: that of COUNTERMARK_CONDUCT, or the shipped one."""
    return _parsed(settings.COUNTERMARK_CONDUCT or SHIPPED.read_bytes())
