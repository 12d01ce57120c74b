"""Whether the rights of a notice can be relied on: in force, here, for these goods, by this sender."""

from collections.abc import Iterator

from countermark.law.drafts import Draft, Facts, Mandate, Problem
from countermark.law.regime import Regime
from countermark.law.territories import reaches
from countermark.model import Right, RightKind, RightStatus


def rights_problems(regime: Regime, draft: Draft, facts: Facts) -> Iterator[Problem]:
    """Everything that stands against the rights of a draft."""
    if not draft.rights:
        yield Problem("rights", "no-rights", "The notice relies on no right.", "Choose the right that is infringed.")
    for right in draft.rights:
        if right.kind not in regime.file.applies.kinds:
            kinds = " or ".join(regime.file.applies.kinds)
            message = f"{regime.file.title} is for a {kinds}, not for the {right.kind} {right.title!r}."
            yield Problem("rights", "regime-needs-other-right", message, "Choose the regime for this right.")
        yield from _in_force(right, facts)
        yield from _territory(right, facts)
        if regime.file.asked.class_matters and right.kind is RightKind.TRADEMARK:
            yield from _class(right, facts)
        if regime.file.asked.needs_mandate:
            yield from _mandate(right, facts)


def _in_force(right: Right, facts: Facts) -> Iterator[Problem]:
    name, day = repr(right.title), facts.day.isoformat()
    if right.valid_to and right.valid_to < facts.day:
        message = f"{name} ended on {right.valid_to.isoformat()}."
        yield Problem("rights", "right-expired", message, "Renew it, or rely on another right.")
    elif right.valid_from and right.valid_from > facts.day:
        message = f"{name} begins only on {right.valid_from.isoformat()}."
        yield Problem("rights", "right-not-yet", message, "Wait, or rely on another right.")
    elif right.status in (RightStatus.LAPSED, RightStatus.PENDING):
        message = f"{name} is {right.status} on {day}."
        yield Problem("rights", "right-not-in-force", message, "Rely on a right that is in force.")
    elif right.status is RightStatus.UNKNOWN and not _needs_no_register(right):
        message = f"Nobody knows whether {name} is in force on {day}."
        yield Problem("rights", "right-unknown", message, "Check the register, and note the status and the day.")


def _needs_no_register(right: Right) -> bool:
    return right.kind is RightKind.COPYRIGHT


def _territory(right: Right, facts: Facts) -> Iterator[Problem]:
    if right.kind is RightKind.COPYRIGHT and not right.territories:
        return  # protected in every state of the Berne Convention without register
    for market in facts.markets:
        if not reaches(right.territories, market):
            held = ", ".join(right.territories) or "nowhere"
            message = f"{right.title!r} is protected in {held}, and the offer is directed to {market}."
            yield Problem("rights", "wrong-territory", message, "Rely on a right that is in force there.")


def _class(right: Right, facts: Facts) -> Iterator[Problem]:
    if not facts.classes:
        message = "Nobody has said in which Nice class the goods lie."
        yield Problem("classes", "class-unknown", message, "Choose the class, or explain.", blocks=False)
    elif right.classes and not set(right.classes) & set(facts.classes):
        held = ", ".join(map(str, right.classes))
        goods = ", ".join(map(str, facts.classes))
        message = f"{right.title!r} is registered for class {held}; the goods lie in {goods}."
        mend = "Rely on a mark for these goods; a mark with a reputation needs an explanation of its own."
        yield Problem("classes", "class-mismatch", message, mend)


def _mandate(right: Right, facts: Facts) -> Iterator[Problem]:
    if right.brand in facts.acts_for_itself:
        return
    held = [one for one in facts.mandates if one.brand == right.brand]
    if not held:
        message = f"The sender does not own {right.brand} and shows no authorisation."
        yield Problem("mandate", "no-mandate", message, "Add the authorisation of the owner.")
        return
    living = [one for one in held if _lives(one, facts)]
    if not living:
        message = f"The authorisation for {right.brand} is over or was taken back."
        yield Problem("mandate", "mandate-over", message, "Have it renewed.")
        return
    for market in facts.markets:
        if not any(not one.territories or reaches(one.territories, market) for one in living):
            message = f"The authorisation for {right.brand} does not reach {market}."
            yield Problem("mandate", "mandate-territory", message, "Have it extended to this market.")


def _lives(mandate: Mandate, facts: Facts) -> bool:
    return not mandate.revoked and (mandate.valid_to or facts.day) >= facts.day
