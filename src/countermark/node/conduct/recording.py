"""Write measures and what is done with them; the law is asked at each step. Nothing else writes either."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import msgspec

from countermark.law.matter import Matter
from countermark.node.audit import services as audit
from countermark.node.conduct import judging, lawful
from countermark.node.conduct.misuse import Track
from countermark.node.conduct.models import Act, Appeal, Measure
from countermark.node.conduct.states import ActKind, MeasureKind
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind

LONGEST = 4_000
SHORTEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One act: what, by whom (None: the person whom the measure is about), its words and facts."""

    kind: ActKind
    by: int | None
    words: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def lock(organisation_id: int, measure_id: str) -> tuple[Measure, list[Act]]:
    """A measure, locked, and what was done with it; NotFound."""
    rows = Measure.objects.select_for_update(of=("self",)).filter(organisation_id=organisation_id)
    found = rows.filter(public_id=measure_id[:40]).first()
    if found is None or not is_id("msr", measure_id):
        raise NotFound("measure", measure_id)
    return found, judging.acts_of(found)


def record(measure: Measure, matter: Matter, done: Done, number: int, at: datetime) -> Act:
    """Write an act with the matter after it, and its line in the trail; what a person answers lies beside."""
    said, answers = done.words.strip(), done.kind is ActKind.APPEALED
    act = Act(
        measure=measure,
        number=number,
        kind=done.kind,
        by_id=done.by,
        words="" if answers else said,
        facts=dict(done.facts),
        matter=lawful.write(matter),
        answer_by=lawful.answer_by(matter),
        at=at,
    )
    act.save()
    if answers:
        Appeal(act=act, words=said).save()
    audit.record(
        actor=f"usr_{done.by}" if done.by is not None else "system",
        organisation=measure.organisation_id,
        action=f"measure.{done.kind}",
        target=measure.public_id,
        detail={"kind": measure.kind, "subject": measure.subject, "ends_on": measure.ends_on.isoformat()},
    )
    return act


def add(measure: Measure, acts: list[Act], done: Done, event: str = "", *, by: str = "platform", **facts: str) -> Act:
    """Do one act; `event`: what it is under the law, empty where the law has no word for it; `by`: whose act that is.

    Raises:
        LawRefusesMeasure: nothing is written.
    """
    moment, matter = now(), lawful.read(acts[-1].matter)
    if event:
        matter = lawful.after(matter, event, moment, by, facts_of(measure) | facts)
    return record(measure, matter, done, len(acts) + 1, moment)


def facts_of(measure: Measure) -> dict[str, str]:
    """References for what the law asks a measure to bring."""
    same = {"reasons": measure.reasons, "redress": lawful.REDRESS, "until": measure.ends_on.isoformat()}
    if measure.track == Track.PAYMENTS:
        named = ", ".join(filter(None, (measure.factors[one] for one in ("label", "decided_by", "decision"))))
        return same | {"ground": named, "machine": measure.factors["machine"]}
    four = measure.factors
    return same | {
        "number": str(four["number"]),
        "share": f"{float(four['share']):.1%}",
        "gravity": _gravity(measure),
        "intention": f"{four['after_warning']} after a warning, {four['unshown']} for a right that was not shown",
    }


def _gravity(measure: Measure) -> str:
    """The gravest case and the consequences as `misuse.Factors` counts them, with what is counted."""
    gravest, consequences = measure.factors["gravest"], measure.factors["consequences"]
    if measure.track == Track.NOTICES:
        return f"{consequences} offers wrongly down, {gravest} days at the longest"
    if measure.track == Track.ANSWERS:
        return f"{gravest} days at the gravest, {consequences} cases as grave"
    return f"{gravest} points for the gravest case, {consequences} cases with the most points"


def check_words(words: str, what: str = "words") -> str:
    """Words of a person, of a length that says something. Raises Invalid."""
    said = words.strip()
    if not SHORTEST <= len(said) <= LONGEST or not is_storable(said):
        raise Invalid.of(what, f"{what}-length", f"Write {SHORTEST} to {LONGEST:,} characters.", "Say why.")
    return said


def check_end(day: date | None, today: date, longest: int) -> date:
    """The last day of a measure: there is one, after today, at most `longest` days ahead. Raises Invalid."""
    last = today + timedelta(days=longest)
    if day is None or not today < day <= last:
        raise Invalid.of(
            "ends_on",
            "no-end",
            f"Every measure ends by a date; the policy lets this one last {longest} days at most.",
            f"Write a day after {today.isoformat()} and not after {last.isoformat()}.",
        )
    return day


def marketplace_only(member: Member) -> None:
    """Raises NotPermitted: only a marketplace takes measures."""
    if member.organisation_kind is not OrganisationKind.MARKETPLACE:
        raise NotPermitted("Only a marketplace keeps a record of sellers and takes measures.")


def payment_only(member: Member) -> None:
    """Raises NotPermitted: only a payment platform holds pay-outs or ends payment services."""
    if member.organisation_kind is not OrganisationKind.PAYMENT:
        raise NotPermitted("Only a payment platform holds pay-outs and ends payment services.")


def must(condition: bool, detail: str, code: str) -> None:  # noqa: FBT001 - reads like a sentence
    """Raises Conflict with a detail unless the condition holds."""
    if not condition:
        raise Conflict(detail, code=code)


def restricts(measure: Measure) -> bool:
    """Whether it takes something away; a warning does not."""
    return measure.kind != MeasureKind.WARNING


def beginning(measure: Measure) -> str:
    """What the decision of a measure is under its law; empty for a warning, which counts once it has arrived."""
    if measure.track == Track.PAYMENTS:
        return "end" if measure.kind == MeasureKind.PAYMENT_END else "hold"
    return "suspend" if restricts(measure) else ""


def as_json(factors: msgspec.Struct) -> dict[str, object]:
    """Factors as they are kept beside the measure."""
    made: dict[str, object] = msgspec.to_builtins(factors)
    return made
