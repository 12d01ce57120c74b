"""Pre-flight: everything that stands against a notice or counter-notice before it is sent, with how to mend it.

Sources: the fields, declarations and reasons of each regime's file; `docs/reference/law.md` lists every code.
"""

from collections.abc import Iterator
from datetime import date

from countermark.law.asked import Asked, Declaration, Field, Ground, Paper
from countermark.law.drafts import Draft, Facts, Problem
from countermark.law.regime import Regime
from countermark.law.relying import rights_problems
from countermark.law.standing import listing_problems, location_problems
from countermark.law.tags import Source

#: Codes that say that something is not there, or says nothing.
_LACKS = frozenset(
    {
        "evidence-not-enough",
        "field-missing",
        "field-not-listed",
        "field-thin",
        "location-missing",
        "not-signed",
        "reason-unknown",
        "signer-missing",
    }
)


def preflight(regime: Regime, draft: Draft, facts: Facts) -> tuple[Problem, ...]:
    """Check a draft under a regime.

    Args:
        regime: that the paper is sent under.
        draft: what is to be sent.
        facts: what the caller knows today: territory, classes, mandate, listings, earlier matters.

    Returns:
        Problems, those that block first, then in the order of the paper. Empty when it can be sent.
    """
    found = [
        *_in_force(regime, facts.day),
        *_fields(regime.file.asked, draft),
        *_declarations(regime.file.asked, draft, facts.day),
        *listing_problems(regime, draft, facts),
    ]
    if draft.paper is Paper.NOTICE:
        found += _ground(regime, draft)
        found += rights_problems(regime, draft, facts)
    return tuple(sorted(found, key=lambda problem: not problem.blocks))


def missing(regime: Regime, draft: Draft, day: date) -> tuple[Problem, ...]:
    """What a notice lacks of what its regime asks to be written, as whoever receives it can see.

    Nothing is asked about the world: whether a right is in force or an offer is gone is for a person to weigh. A text
    that is too long or evidence that the regime does not know is no lack.

    Args:
        regime: that it came under.
        draft: what it says.
        day: on which it came.
    """
    found = (
        *(problem for item in draft.items for problem in location_problems(item)),
        *_fields(regime.file.asked, draft),
        *_declarations(regime.file.asked, draft, day),
        *_ground(regime, draft),
    )
    return tuple(one for one in found if one.code in _LACKS)


def can_be_sent(problems: tuple[Problem, ...]) -> bool:
    """Whether nothing blocks; warnings are for a person to weigh."""
    return not any(problem.blocks for problem in problems)


def wanted_fields(asked: Asked, draft: Draft) -> tuple[Field, ...]:
    """The fields that this paper has under a regime, for its rights and its reason."""
    kinds = {right.kind for right in draft.rights}
    return tuple(
        one
        for one in asked.fields
        if draft.paper in one.of
        and (not one.kinds or kinds & set(one.kinds))
        and (not one.reasons or draft.ground in one.reasons)
    )


def wanted_declarations(asked: Asked, paper: Paper) -> tuple[Declaration, ...]:
    """The sentences to be signed for a paper."""
    return tuple(one for one in asked.declarations if paper in one.of)


def _in_force(regime: Regime, day: date) -> Iterator[Problem]:
    if not regime.is_in_force(day):
        yield Problem(
            "regime", "regime-not-in-force", f"{regime.id} is not in force on {day.isoformat()}.", "Choose another."
        )


def _fields(asked: Asked, draft: Draft) -> Iterator[Problem]:
    for one in wanted_fields(asked, draft):
        text = draft.fields.get(one.id, "").strip()
        where = _norms(one.sources)
        if not text:
            if one.needed:
                yield Problem(one.id, "field-missing", f"{one.title} is missing ({where}).", one.mend)
            continue
        if one.one_of and text not in one.one_of:
            yield Problem(one.id, "field-not-listed", f"{one.title} is none of the list ({where}).", one.mend)
        if len(text) < one.shortest:
            yield Problem(one.id, "field-thin", f"{one.title} says too little ({where}).", one.mend)
        if one.longest and len(text) > one.longest:
            over = len(text) - one.longest
            yield Problem(
                one.id,
                "field-too-long",
                f"{one.title} is {over} characters over the limit of {one.longest} ({where}).",
                "Shorten it.",
            )


def _declarations(asked: Asked, draft: Draft, day: date) -> Iterator[Problem]:
    signed = {one.declaration: one for one in draft.signed}
    for wanted in wanted_declarations(asked, draft.paper):
        where, found = _norms(wanted.sources), signed.get(wanted.id)
        if found is None:
            yield Problem(
                wanted.id, "not-signed", f"Nobody has signed: “{wanted.text}” ({where}).", "Have it read and signed."
            )
        elif found.version != wanted.version:
            yield Problem(
                wanted.id, "signed-other-words", "Other words were signed than those asked for now.", "Sign again."
            )
        elif not found.signer.strip():
            yield Problem(wanted.id, "signer-missing", "The signature names nobody.", "Say who signs.")
        elif found.at.date() > day:
            yield Problem(wanted.id, "signed-later", "It was signed on a day to come.", "Check the clock.")


def _ground(regime: Regime, draft: Draft) -> Iterator[Problem]:
    grounds = {one.id: one for one in regime.file.asked.grounds}
    if not grounds:
        return
    ground = grounds.get(draft.ground)
    if ground is None:
        yield Problem(
            "ground",
            "reason-unknown",
            f"{regime.id} knows no reason {draft.ground[:40]!r}.",
            f"Choose one of: {', '.join(grounds)}.",
        )
        return
    yield from _evidence(regime.file.asked, ground, draft)
    for right in draft.rights:
        if right.kind not in ground.kinds:
            kinds = " or ".join(ground.kinds)
            yield Problem(
                "rights",
                "reason-needs-other-right",
                f"{ground.title} rests on a {kinds}, not on the {right.kind} {right.title!r}.",
                "Choose another right or another reason.",
            )


def _evidence(asked: Asked, ground: Ground, draft: Draft) -> Iterator[Problem]:
    have = {one.kind for one in draft.evidence}
    for demand in ground.evidence:
        if not have & set(demand):
            words = " or ".join(asked.evidence[kind] for kind in demand)
            yield Problem(
                "evidence",
                "evidence-not-enough",
                f"{ground.title} needs: {words} ({_norms(ground.sources)}).",
                "Add one of these, or choose a reason that your evidence carries.",
            )
    for one in draft.evidence:
        if one.kind not in asked.evidence:
            yield Problem(
                "evidence",
                "evidence-unknown",
                f"This regime does not know evidence of the kind {one.kind[:40]!r}.",
                "It is sent along, but counts for nothing here.",
                blocks=False,
            )


def _norms(sources: tuple[Source, ...]) -> str:
    return "; ".join(str(source) for source in sources)
