"""What can be signed: a rule of a regime, or a way of counting, as it is in force today."""

from dataclasses import dataclass

from countermark.law.lawbook import shipped_lawbook
from countermark.law.tags import Source, Tag
from countermark.model import InvalidRecord
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.time import now


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A rule, or a way of counting.

    Attributes:
        id: `regime/rule`, or `CN-CIV`.
        title, says: for people.
        tag: that of its weakest source.
        version: hash of what it says.
        sources: where it stands.
        time: how long, in words; empty when it has none.
        basis: statute, contract or policy; `counting` for a way of counting.
        counts_by: id of the way of counting that it uses; empty if none.
        valid: from when to when, in words.
    """

    id: str
    title: str
    says: str
    tag: Tag
    version: str
    sources: tuple[Source, ...]
    time: str = ""
    basis: str = ""
    counts_by: str = ""
    valid: str = ""


def subject(rule: str) -> Subject:
    """A rule or way of counting by its name. Raises NotFound."""
    book = shipped_lawbook()
    if rule in book.counting:
        how = book.counting[rule]
        return Subject(
            id=how.id,
            title=how.title,
            says=how.says,
            tag=how.tag,
            version=how.version,
            sources=how.sources,
            basis="counting",
        )
    regime_id, _, rule_id = rule.partition("/")
    found = next((one for one in subjects(regime_id) if one.id == f"{regime_id}/{rule_id}"), None)
    if found is None:
        raise NotFound("rule", rule)
    return found


def subjects(regime_id: str) -> tuple[Subject, ...]:
    """Every rule of a regime that is in force today, or the last row of one that is not. Raises NotFound."""
    book = shipped_lawbook()
    try:
        regime = book.regime(regime_id)
    except InvalidRecord as unknown:
        raise NotFound("regime", regime_id) from unknown
    today, chosen = now().date(), {}
    for rule in regime.file.rules:
        if rule.id not in chosen or rule.is_in_force(today):
            chosen[rule.id] = rule
    return tuple(
        Subject(
            id=f"{regime.id}/{rule.id}",
            title=rule.title,
            says=rule.says,
            tag=rule.tag,
            version=rule.version,
            sources=rule.sources,
            time=rule.time.period if rule.time else "",
            basis=rule.basis,
            counts_by=rule.time.count if rule.time and not rule.time.is_qualitative else "",
            valid=_valid(rule.valid_from or regime.file.valid_from, rule.valid_to or regime.file.valid_to),
        )
        for rule in chosen.values()
    )


def _valid(begin: object, end: object) -> str:
    return f"{begin} – {end}" if end else f"{begin} –"
