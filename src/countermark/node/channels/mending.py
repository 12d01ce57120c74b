"""What a person does with a message that did not go: again, corrected, told in another way, given up."""

import json
from collections.abc import Mapping

from django.db import transaction

from countermark.law.statement.validating import TEXTS, validate
from countermark.node.audit import services as audit
from countermark.node.channels.letters import Cargo
from countermark.node.channels.models import Channel, Dispatch
from countermark.node.channels.outbox import BY_HAND
from countermark.node.channels.reporting import tell
from countermark.node.channels.statuses import Status
from countermark.node.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

State = Dispatch.State
#: Answers that a person can write down, and characters of one.
HEARD = (
    Status.RECEIVED,
    Status.CLARIFICATION_REQUIRED,
    Status.TAKEN_DOWN,
    Status.REJECTED,
    Status.COUNTERED,
    Status.COUNTER_REJECTED,
    Status.COUNTER_ACCEPTED,
    Status.REINSTATED,
)
LONGEST_ANSWER = 200


@transaction.atomic
def again(member: Member, dispatch_id: str) -> None:
    """Send a failed message again as it is. Raises NotPermitted (CHANNELS_SEND), NotFound, Conflict."""
    row = _own(member, dispatch_id)
    if row.state != State.FAILED or row.problem == BY_HAND:
        raise Conflict("This message does not wait for a new try.", code="not-failed")
    _wait(row)
    _trail(member, row, "dispatch.retried")


@transaction.atomic
def rewrite(member: Member, dispatch_id: str, texts: Mapping[str, str]) -> None:
    """Correct the texts of a statement that was not taken, and send it again under the same identifier.

    Raises:
        NotPermitted (CHANNELS_SEND), NotFound, Conflict, Invalid: what the database would still refuse.
    """
    row = _own(member, dispatch_id)
    if row.cargo != Cargo.STATEMENT or row.state != State.FAILED:
        raise Conflict("Only a statement that was not taken can be corrected.", code="not-failed")
    document = json.loads(row.body)
    changed = {name: text.strip() for name, text in texts.items() if name in TEXTS and name in document}
    if not is_storable(*changed.values()):
        raise Invalid.of("texts", "not-text", "A text holds a character that cannot be stored.", "Type it again.")
    faults = [one for one in validate(document | changed).faults if one.blocks]
    if faults:
        raise Invalid(FieldProblem(one.field, one.code, one.message, one.mend) for one in faults)
    row.body = json.dumps(document | changed, ensure_ascii=False, sort_keys=True)
    _wait(row)
    _trail(member, row, "dispatch.rewritten")


@transaction.atomic
def told(member: Member, dispatch_id: str) -> None:
    """Say that the other side has it: told by hand, or seen to have arrived. Raises as `again`."""
    row = _own(member, dispatch_id)
    if row.state != State.FAILED:
        raise Conflict("This message does not wait for anybody.", code="not-failed")
    row.state, row.sent_at, row.problem, row.detail, row.mend = State.SENT, now(), "", "", ""
    tell(row, "by hand", Status.SUBMITTED)
    row.save()
    _trail(member, row, "dispatch.told")


@transaction.atomic
def heard(member: Member, dispatch_id: str, status: str, words: str) -> None:
    """Write down what the other side answered in another way, in its own words. Raises as `again`, and Invalid."""
    row = _own(member, dispatch_id)
    if row.state != State.SENT:
        raise Conflict("The message has not gone yet, so nobody can have answered it.", code="not-sent")
    if status not in HEARD:
        raise Invalid.of("status", "status-unknown", "Say what the answer means.", "Choose one of the list.")
    if not words.strip() or len(words) > LONGEST_ANSWER or not is_storable(words):
        said = f"Write what was answered, in at most {LONGEST_ANSWER} characters."
        raise Invalid.of("words", "words-missing", said, "No names of persons.")
    tell(row, words.strip(), Status(status))
    row.save()
    _trail(member, row, "dispatch.heard")


@transaction.atomic
def give_up(member: Member, dispatch_id: str) -> None:
    """Give a message up that has not gone. Raises as `again`."""
    row = _own(member, dispatch_id)
    if row.state not in {State.FAILED, State.WAITING}:
        raise Conflict("The message is under way, or has arrived.", code="gone")
    row.state, row.next_look = State.DROPPED, None
    row.save()
    _trail(member, row, "dispatch.given_up")


def _wait(row: Dispatch) -> None:
    row.state, row.batch, row.began_at = State.WAITING, "", None
    row.problem = row.detail = row.mend = ""
    row.save()
    Channel.objects.filter(pk=row.channel_id).update(next_try=None)


def _own(member: Member, dispatch_id: str) -> Dispatch:
    member.require(Permission.CHANNELS_SEND)
    rows = Dispatch.objects.select_for_update(of=("self",)).select_related("channel")
    own = rows.filter(channel__organisation_id=member.organisation_id)
    found: Dispatch | None = own.filter(public_id=dispatch_id[:40]).first()
    if found is None or not is_id("dsp", dispatch_id):
        raise NotFound("message", dispatch_id)
    return found


def _trail(member: Member, row: Dispatch, action: str) -> None:
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action=action,
        target=row.public_id,
        detail={"subject": row.subject, "cargo": row.cargo},
    )
