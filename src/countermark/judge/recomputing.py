"""Compute a stored finding again from its own record, and say why when that is not possible."""

from countermark.judge.judging import ENGINE_VERSION
from countermark.judge.policy import Policy
from countermark.judge.weighing import log_odds_of, risk_of
from countermark.model import Finding, InvalidRecord, Level


def recompute(finding: Finding, policy: Policy) -> tuple[float, Level]:
    """Risk and word of a finding, from the values it records and the policy kept with it, bit for bit.

    It weighs every recorded value by the policy's curves again and compares each weight.

    Raises:
        InvalidRecord: when engine or policy are not those that made the finding, or when what is stored does not follow
            from them: then the record was changed.
    """
    if finding.engine_version != ENGINE_VERSION:
        raise InvalidRecord(
            "engine version",
            f"the finding was made by {finding.engine_version!r}, this is {ENGINE_VERSION!r}.",
            f"Install countermark {finding.engine_version} to recompute it.",
        )
    check_made_by(finding, policy)
    for reason in finding.reasons:
        curve = policy.weights.get(reason.signal)
        if curve is None or curve.at(reason.value) != reason.weight:
            raise _changed(f"the weight of {reason.signal}")
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


def _changed(what: str) -> InvalidRecord:
    return InvalidRecord(
        "finding", f"{what} does not follow from its values and its policy.", "Scan again; do not rely on this record."
    )
