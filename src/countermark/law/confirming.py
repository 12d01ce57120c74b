"""Which rules may act by themselves."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from countermark.law.regime import Regime
from countermark.law.tags import Review, is_signed


def unconfirmed(regime: Regime, rules: Iterable[str], reviews: Sequence[Review], day: date) -> Iterator[str]:
    """Rules, and the ways of counting they use, on which no machine may act yet.

    Args:
        regime: of the rules.
        rules: ids within it.
        reviews: signatures; one counts for the very version of a rule that it names.
        day: on which the rules are in force.

    Yields:
        `regime/rule`, or the id of a counting rule.
    """
    for rule_id in dict.fromkeys(rules):
        rule = regime.rule(rule_id, day)
        name = f"{regime.id}/{rule.id}"
        if not rule.tag.is_confirmed and not is_signed(name, rule.version, reviews):
            yield name
        if rule.time is None or rule.time.is_qualitative:
            continue
        how = regime.counting[rule.time.count]
        if not how.tag.is_confirmed and not is_signed(how.id, how.version, reviews):
            yield how.id
