"""Measures as screens are given them: to members with what they can do, to the seller without names."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from countermark.model.decoding import convert
from countermark.node.conduct import judging
from countermark.node.conduct.appeals import took_part
from countermark.node.conduct.misuse import Factors, Track
from countermark.node.conduct.models import Act, Measure
from countermark.node.conduct.payments import Grounds
from countermark.node.conduct.shown import ActShown, MeasureShown, ToSeller
from countermark.node.conduct.states import AWAITED, IN_FORCE, ActKind, MeasureKind, Standing
from countermark.node.conduct.telling import WAYS
from countermark.node.conduct.words import ACT_WORDS, KIND_WORDS, STANDING_WORDS, factor_lines, ground_lines
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

_HIDDEN_FROM_SELLER = frozenset({Standing.PROPOSED, Standing.DECLINED})


def measures(rows: Iterable[Measure], member: Member) -> tuple[MeasureShown, ...]:
    """Measures with their acts, as one member sees them."""
    return tuple(_shown(one, judging.acts_of(one), member) for one in rows)


def to_seller(rows: Iterable[Measure]) -> tuple[ToSeller, ...]:
    """Measures as the seller reads them; proposals are nothing to it yet."""
    pairs = ((one, judging.acts_of(one)) for one in rows)
    return tuple(_told(one, acts) for one, acts in pairs if judging.standing(one, acts) not in _HIDDEN_FROM_SELLER)


def _shown(measure: Measure, acts: list[Act], member: Member) -> MeasureShown:
    standing = judging.standing(measure, acts)
    told = any(one.kind in judging.REACHED for one in acts)
    decides, sanctions = member.may(Permission.NOTICES_DECIDE), member.may(Permission.NOTICES_SANCTION)
    proposed, holds = standing is Standing.PROPOSED, standing in IN_FORCE
    of_filer = measure.track == Track.NOTICES
    return MeasureShown(
        id=measure.public_id,
        kind=measure.kind,
        kind_words=KIND_WORDS[MeasureKind(measure.kind)],
        track=measure.track,
        subject=measure.subject,
        standing=standing,
        standing_words=STANDING_WORDS[standing],
        in_force=holds,
        is_told=told,
        made_on=measure.made_on,
        ends_on=measure.ends_on,
        answer_by=_answer_by(acts),
        reasons=measure.reasons,
        detail=measure.detail,
        factors=_factors(measure),
        points=measure.points,
        policy=measure.policy,
        acts=tuple(_act(one, member) for one in acts),
        can_confirm=proposed and sanctions and member.user_id != measure.by_id,
        can_decline=proposed and decides,
        can_tell=decides and holds,
        can_link=decides and not proposed and standing is not Standing.DECLINED and _has_page(measure),
        can_lift=decides and standing is Standing.RUNNING,
        can_answer=decides and of_filer and _may_be_answered(measure, acts, standing),
        can_decide=sanctions and standing in AWAITED and member.user_id not in took_part(measure, acts),
    )


def _told(measure: Measure, acts: list[Act]) -> ToSeller:
    standing = judging.standing(measure, acts)
    answer = next((one.said for one in acts if one.kind == ActKind.APPEALED), "")
    outcome = next((one for one in acts if one.kind in {ActKind.UPHELD, ActKind.REVERSED, ActKind.LIFTED}), None)
    return ToSeller(
        id=measure.public_id,
        kind_words=KIND_WORDS[MeasureKind(measure.kind)],
        standing_words=STANDING_WORDS[standing],
        in_force=standing in IN_FORCE,
        made_on=measure.made_on,
        ends_on=measure.ends_on,
        answer_by=_answer_by(acts),
        reasons=measure.reasons,
        detail=measure.detail,
        factors=_factors(measure),
        is_read=any(one.kind == ActKind.RECEIVED for one in acts),
        can_answer=_may_be_answered(measure, acts, standing),
        answer=answer,
        steps=tuple((one.at, _(ACT_WORDS[ActKind(one.kind)])) for one in acts if one.kind != ActKind.PROPOSED),
        by_two=any(one.kind == ActKind.CONFIRMED and one.by_id != measure.by_id for one in acts),
        outcome=f"{_(ACT_WORDS[ActKind(outcome.kind)])}: {outcome.words}" if outcome else "",
    )


def _has_page(measure: Measure) -> bool:
    return measure.notice_id is not None or measure.track == Track.PAYMENTS


def _may_be_answered(measure: Measure, acts: list[Act], standing: Standing) -> bool:
    if any(one.kind == ActKind.APPEALED for one in acts):
        return False
    last = _answer_by(acts)
    in_time = last is None or now().date() <= last
    after = measure.kind != MeasureKind.WARNING and standing is Standing.ENDED
    return in_time and (standing is Standing.RUNNING or after)


def _answer_by(acts: list[Act]) -> date | None:
    return next((one.answer_by for one in reversed(acts) if one.answer_by), None)


def _factors(measure: Measure) -> tuple[tuple[str, str], ...]:
    if measure.track == Track.PAYMENTS:
        return ground_lines(convert(measure.factors, Grounds))
    return factor_lines(convert(measure.factors, Factors))


def _act(one: Act, member: Member) -> ActShown:
    # What a person wrote by itself, or what was taken down of it, may hold anything about anybody.
    hidden = one.kind == ActKind.APPEALED and not member.may(Permission.PERSONAL_DATA_VIEW)
    by = (one.by.name or one.by.email) if one.by is not None and member.may(Permission.PERSONAL_DATA_VIEW) else ""
    proof = ", ".join(filter(None, (WAYS.get(one.facts.get("way", ""), ""), _when(one), one.facts.get("receipt", ""))))
    return ActShown(
        words_of_kind=ACT_WORDS[ActKind(one.kind)],
        at=one.at,
        by=by or ("the person itself" if one.by_id is None else f"usr_{one.by_id}"),
        words="" if hidden else one.said,
        proof=proof,
        hidden=hidden,
    )


def _when(one: Act) -> str:
    return str(one.facts.get("when", ""))[:16].replace("T", " ")
