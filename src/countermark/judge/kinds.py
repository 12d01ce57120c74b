"""What sort of finding it is: the policy's table of kinds, read from the top."""

from collections.abc import Mapping, Sequence

from countermark.judge.policy import CONDITION_PREFIX, KindRule, Term
from countermark.judge.weighing import Weighed
from countermark.model import Condition, Kind


def kind_of(rules: Sequence[KindRule], weighed: Sequence[Weighed], condition: Condition) -> Kind:
    """The kind named by the first rule that holds; the last rule of a policy always does.

    Args:
        rules: the policy's table.
        weighed: what counted for and against.
        condition: state of the goods as the listing claims it.
    """
    values = {w.signal.name: w.signal.value for w in weighed}
    values[CONDITION_PREFIX + condition] = 1.0
    outweighed = sum(w.weight for w in weighed) < 0
    return next(rule.kind for rule in rules if _holds(rule, values, outweighed=outweighed))


def _holds(rule: KindRule, values: Mapping[str, float], *, outweighed: bool) -> bool:
    if rule.outweighed and not outweighed:
        return False
    if rule.all and not all(_counted(term, values) for term in rule.all):
        return False
    if rule.any and not any(_counted(term, values) for term in rule.any):
        return False
    return not any(_counted(term, values) for term in rule.none)


def _counted(term: Term, values: Mapping[str, float]) -> bool:
    value = values.get(term.name)
    return value is not None and value >= term.least
