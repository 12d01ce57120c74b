"""The person answers a measure; somebody who had no part in it decides. A measure that is reversed was never one."""

from django.db import transaction

from countermark.node.conduct import doors, judging, lawful
from countermark.node.conduct.misuse import Track
from countermark.node.conduct.models import Act, Measure
from countermark.node.conduct.recording import Done, add, check_words, lock, must, restricts
from countermark.node.conduct.states import AWAITED, ActKind, Standing
from countermark.node.conduct.telling import read_by_person
from countermark.node.kernel.errors import NotFound
from countermark.node.notices import links
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

#: A measure that has been told can be answered while it holds, and after its end as long as the law's time runs.
_ANSWERABLE = frozenset({Standing.RUNNING, Standing.ENDED})


@transaction.atomic
def appeal(token: str, measure_id: str, words: str) -> None:
    """A seller answers a measure on its page. Raises NotFound (the link), Invalid, Conflict, LawRefusesMeasure."""
    measure, acts = _of_link(token, measure_id)
    _appeal(measure, acts, Done(kind=ActKind.APPEALED, by=None, words=check_words(words)))


@transaction.atomic
def record_appeal(member: Member, measure_id: str, words: str) -> None:
    """Take down what a filer answered under the agreement, in its own words; a seller answers on its page.

    Raises:
        NotPermitted (NOTICES_DECIDE), NotFound, Invalid, Conflict, LawRefusesMeasure.
    """
    member.require(Permission.NOTICES_DECIDE)
    measure, acts = lock(member.organisation_id, measure_id)
    must(measure.track == Track.NOTICES, "A seller answers on its own page.", "not-a-filer")
    _appeal(measure, acts, Done(kind=ActKind.APPEALED, by=member.user_id, words=check_words(words)))


@transaction.atomic
def appeal_of_filer(measure: Measure, acts: list[Act], words: str) -> None:
    """A filer answers under the agreement; its node signed the words. Raises Invalid, Conflict, LawRefusesMeasure."""
    _appeal(measure, acts, Done(kind=ActKind.APPEALED, by=None, words=check_words(words)))


@transaction.atomic
def acknowledge(token: str, measure_id: str) -> None:
    """A seller says that it has read a measure. Raises NotFound (the link), Conflict."""
    measure, acts = _of_link(token, measure_id)
    read_by_person(measure, acts)


@transaction.atomic
def decide(member: Member, measure_id: str, words: str, *, reverse: bool) -> None:
    """Decide on an answer; whoever proposed or confirmed the measure cannot.

    Raises:
        NotPermitted (NOTICES_SANCTION), NotFound, Invalid, Conflict.
    """
    member.require(Permission.NOTICES_SANCTION)
    measure, acts = lock(member.organisation_id, measure_id)
    must(judging.standing(measure, acts) in AWAITED, "No answer waits for a decision.", "no-appeal")
    must(member.user_id not in took_part(measure, acts), "Another person hears the answer.", "took-part")
    said, kind = check_words(words), ActKind.REVERSED if reverse else ActKind.UPHELD
    done = Done(kind=kind, by=member.user_id, words=said)
    add(measure, acts, done, _event(measure, acts, reverse=reverse), reasons=said, qualified_staff=member.actor)


def took_part(measure: Measure, acts: list[Act]) -> set[int]:
    """Row numbers of the people who proposed or confirmed a measure."""
    confirmed = {one.by_id for one in acts if one.kind == ActKind.CONFIRMED and one.by_id is not None}
    return {measure.by_id} | confirmed


def _event(measure: Measure, acts: list[Act], *, reverse: bool) -> str:
    if restricts(measure):
        return "reverse" if reverse else "uphold"
    return "forget_warning" if reverse and lawful.read(acts[-1].matter).state == "warned" else ""


def _appeal(measure: Measure, acts: list[Act], done: Done) -> None:
    must(not any(one.kind == ActKind.APPEALED for one in acts), "It was answered already.", "answered-already")
    standing = judging.standing(measure, acts)
    must(standing in _ANSWERABLE, "There is nothing to answer now.", "nothing-to-answer")
    must(restricts(measure) or standing is Standing.RUNNING, "The warning is over.", "warning-over")
    if restricts(measure):
        add(measure, acts, done, "complain", by="seller", complaint=measure.public_id)
    else:
        add(measure, acts, done)


def _of_link(token: str, measure_id: str) -> tuple[Measure, list[Act]]:
    organisation_id, subject = _whose(token)
    measure, acts = lock(organisation_id, measure_id)
    hidden = judging.standing(measure, acts) in {Standing.PROPOSED, Standing.DECLINED}
    # A proposal is nothing to the person yet, and another seller's measure is nobody's business.
    if not subject or measure.subject != subject or hidden:
        raise NotFound("measure", measure_id)
    return measure, acts


def _whose(token: str) -> tuple[int, str]:
    """Organisation and seller of a link: to a notice of a marketplace, or to a measure of a payment platform."""
    door = doors.find(token)
    if door is not None:
        return door.measure.organisation_id, door.measure.subject
    notice = links.follow(token).notice
    return notice.organisation_id, notice.seller
