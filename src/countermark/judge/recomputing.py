"""Compute a stored finding again from its own record, and say why when that is not possible."""

from countermark.judge.judging import ENGINE_VERSION, WITHOUT_PICTURES
from countermark.judge.policy import Policy
from countermark.judge.weighing import log_odds_of, risk_of
from countermark.model import Direction, Finding, InvalidRecord, Level, derive_id

#: Engines that weighed as this one does. What they measured may differ; a finding records what was measured. Whoever
#: changes `weighing.py` or `Curve` empties this set: an old finding then needs the engine that made it.
WEIGHED_ALIKE = frozenset({"0.1.0", "0.2.0", "0.3.0", "0.4.0", "0.5.0", "0.6.0", "0.7.0"})


def recompute(finding: Finding, policy: Policy) -> tuple[float, Level]:
    """Risk and word of a finding, from the values it records and the policy kept with it, bit for bit.

    It weighs every recorded value by the policy's curves again, compares each weight, and derives the id from the
    hashes beside it. Findings of every engine that weighed alike can be recomputed, however long ago they were made.

    Raises:
        InvalidRecord: when engine or policy are not those that made the finding, or when what is stored does not follow
            from them: then the record was changed.
    """
    if finding.engine_version not in WEIGHED_ALIKE:
        raise InvalidRecord(
            "engine version",
            f"the finding was made by {finding.engine_version!r}, this is {ENGINE_VERSION!r}.",
            f"Install countermark {finding.engine_version} to recompute it.",
        )
    check_made_by(finding, policy)
    if finding.id not in _ids(finding):
        raise _changed("the id")
    if len({reason.signal for reason in finding.reasons}) != len(finding.reasons):
        raise _changed("a reason that is told twice")
    for reason in finding.reasons:
        curve = policy.weights.get(reason.signal)
        if curve is None or curve.at(reason.value) != reason.weight:
            raise _changed(f"the weight of {reason.signal}")
        if (reason.weight > 0) is not (reason.direction is Direction.FOR):
            raise _changed(f"the side of {reason.signal}")
    if finding.base != policy.base_rate:
        raise _changed("the base")
    risk = risk_of(log_odds_of(finding.base, (reason.weight for reason in finding.reasons)))
    if risk != finding.risk or policy.levels.word(risk) is not finding.level:
        raise _changed("the risk")
    return risk, finding.level


def check_made_by(finding: Finding, policy: Policy) -> None:
    """See that a finding was made with this very policy: another one's numbers would give another answer.

    Raises:
        InvalidRecord: naming both hashes.
    """
    if finding.policy_hash != policy.digest:
        raise InvalidRecord(
            "policy",
            f"the finding was made with policy {finding.policy_hash}, this one is {policy.digest}.",
            "Load the policy that is kept with the scan.",
        )


def _ids(finding: Finding) -> tuple[str, str]:
    """The id that its hashes give, and the one of a scan that looked at no pictures."""
    made_from = (
        finding.listing_hash,
        finding.brand,
        finding.engine_version,
        finding.policy_hash,
        finding.reference_hash,
    )
    return derive_id("fnd", *made_from), derive_id("fnd", *made_from, WITHOUT_PICTURES)


def _changed(what: str) -> InvalidRecord:
    return InvalidRecord(
        "finding", f"{what} does not follow from its values and its policy.", "Scan again; do not rely on this record."
    )
