"""Suspend, resume and end an agreement in force. Each act is an entry, so both sides know it, and when."""

from datetime import datetime, timedelta

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.exchange.agreeing.drafting import check_reason, locked, note
from countermark.node.exchange.agreeing.versions import latest, opened
from countermark.node.exchange.appending import say_for_exchange
from countermark.node.exchange.models import Agreement, Feed
from countermark.node.exchange.states import IN_FORCE, AgreementState, FeedState
from countermark.node.kernel.errors import Conflict
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.proof.entries import write_moment


@transaction.atomic
def suspend(member: Member, name: str, reason: str) -> Agreement:
    """Let nothing new pass until we resume; receipts, withdrawals and keys still do.

    Raises:
        NotPermitted (AGREEMENTS_MANAGE), NotFound; Invalid, no reason; Conflict, not in force or suspended by us.
    """
    row, words = _in_force(member, name), check_reason(reason)
    if row.suspended_by_us:
        raise Conflict("You have suspended it already.")
    say_for_exchange(row, "agreement.suspended", row.name, {"reason": words})
    row.suspended_by_us = True
    settle(row)
    note(member, "agreement.suspended", row)
    return row


@transaction.atomic
def resume(member: Member, name: str) -> Agreement:
    """Take our suspension back; the partner's own, if there is one, stays.

    Raises:
        NotPermitted (AGREEMENTS_MANAGE), NotFound; Conflict, we have not suspended it.
    """
    row = _in_force(member, name)
    if not row.suspended_by_us:
        raise Conflict("You have not suspended it.")
    say_for_exchange(row, "agreement.resumed", row.name, {})
    row.suspended_by_us = False
    settle(row)
    note(member, "agreement.resumed", row)
    return row


@transaction.atomic
def give_notice(member: Member, name: str, reason: str) -> Agreement:
    """End an agreement, after the days of notice that it names; with none, at once.

    A partner that named a later end keeps nobody in it: our own notice then brings the earlier one.

    Raises:
        NotPermitted (AGREEMENTS_MANAGE), NotFound; Invalid, no reason; Conflict, not in force or it ends by then.
    """
    row, words = _in_force(member, name), check_reason(reason)
    moment = now() + timedelta(days=notice_days(row))
    if row.ends_at is not None and row.ends_at <= moment:
        raise Conflict("Notice was given already.")
    row.ends_at = moment
    say_for_exchange(row, "agreement.ended", row.name, {"reason": words, "ends_at": write_moment(row.ends_at)})
    row.save(update_fields=["ends_at"])
    note(member, "agreement.notice_given", row)
    end_if_due(row)
    return row


def notice_days(row: Agreement) -> int:
    """Days of notice that the version in force names; none when it names none."""
    ending = opened(latest(row, row.version)).terms.get("ending")
    days = ending.get("notice_days") if isinstance(ending, dict) else None
    return days if isinstance(days, int) and not isinstance(days, bool) and 0 <= days <= 3660 else 0


def end_if_due(row: Agreement) -> bool:
    """Let an agreement whose notice has run out end; says whether it did. In a transaction."""
    if row.ends_at is None or row.ends_at > now() or row.state == AgreementState.ENDED:
        return False
    row.state, row.since, row.pending = AgreementState.ENDED, now(), 0
    row.save(update_fields=["state", "since", "pending"])
    Feed.objects.filter(agreement=row, state=FeedState.OPEN, ours=False).update(state=FeedState.ENDED)
    audit.record(actor="system", organisation=row.organisation_id, action="agreement.ended", target=row.name, detail={})
    return True


def end_all_due() -> int:
    """Let every agreement end whose notice has run out; says how many did."""
    ended = 0
    due = Agreement.objects.filter(ends_at__lte=now(), state__in=IN_FORCE).values_list("pk", flat=True)
    for key in list(due):
        with transaction.atomic():
            ended += end_if_due(Agreement.objects.select_for_update().get(pk=key))
    return ended


def partner_suspended(row: Agreement, *, suspended: bool) -> None:
    """The partner's entry said that it suspends, or resumes."""
    row.suspended_by_them = suspended
    settle(row)


def partner_gave_notice(row: Agreement, ends_at: datetime) -> None:
    """The partner's entry gave notice; the earlier end counts, but never before the notice that was agreed."""
    least = now() + timedelta(days=notice_days(row))
    moment = max(ends_at, least - timedelta(days=1))
    row.ends_at = moment if row.ends_at is None else min(moment, row.ends_at)
    row.save(update_fields=["ends_at"])
    end_if_due(row)


def settle(row: Agreement) -> None:
    """Bring the state in line with who has suspended it."""
    state = AgreementState.SUSPENDED if row.suspended_by_us or row.suspended_by_them else AgreementState.AGREED
    if row.state != state and row.state in IN_FORCE:
        row.state, row.since = state, now()
    row.save(update_fields=["state", "since", "suspended_by_us", "suspended_by_them"])


def _in_force(member: Member, name: str) -> Agreement:
    row = locked(member, name)
    if row.state not in IN_FORCE:
        raise Conflict("The agreement is not in force.", code="not-agreed")
    return row
