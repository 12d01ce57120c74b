"""What a learned policy says about itself: from which decisions, how, and how well on decisions it never saw."""

from typing import Any

import msgspec

from countermark.model import InvalidRecord
from countermark.model.decoding import convert


class Measured(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Figures on the newest decisions, which neither trained nor calibrated.

    Attributes:
        decisions, infringing: how many, and how many of them infringing.
        log_loss: mean of -ln of the probability given to what was decided.
        brier, calibration_error: as in `evaluate.Reliability`.
    """

    decisions: int
    infringing: int
    log_loss: float
    brier: float
    calibration_error: float


class Learned(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a policy's base and weights came from decisions.

    Attributes:
        method: which candidate did best: `lines` with its pull, or `boosted`.
        decisions, infringing: all that were given, the last about each finding; and those that said infringing.
        first, last: moments of the oldest and the newest, ISO 8601 in UTC.
        trained_on, calibrated_on: how many of the oldest trained, how many after them calibrated; the rest measured.
        started_from: SHA-256 of the policy it began with.
        base_rate: stated share of infringing findings the base was moved to; None: as decided.
        before, after: the figures of the starting policy and of this one.
    """

    method: str
    decisions: int
    infringing: int
    first: str
    last: str
    trained_on: int
    calibrated_on: int
    started_from: str
    base_rate: float | None = None
    before: Measured
    after: Measured


def read_learned(raw: Any) -> Learned:
    """Read the section `learned` of a policy.

    Raises:
        InvalidRecord: naming what is missing or wrong in it.
    """
    try:
        return convert(raw, Learned)
    except msgspec.ValidationError as error:
        raise InvalidRecord(
            "policy, learned", f"{str(error).rstrip('.')}.", "Leave the section as countermark learn wrote it, or out."
        ) from error
