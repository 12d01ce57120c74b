"""All findings under filters; one finding with its reasons in three depths."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from countermark.model import Level
from countermark.node.evidence.purchases import viewing as purchases
from countermark.node.findings import selectors
from countermark.node.findings.shown import FindingRow
from countermark.node.findings.states import WAITING, FindingState
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission
from countermark.node.review import selectors as review
from countermark.node.review.facts import fact_lines
from countermark.node.web import choices, lists, narrowing
from countermark.node.web.door import with_member
from countermark.node.web.evidence import evidence_of, picture_address
from countermark.node.web.findings.drawing import steps_of
from countermark.node.web.lists import FilterForm
from countermark.node.web.narrowing import Narrowing
from countermark.node.web.purchases.words import STAGE
from countermark.node.web.words import word


@require_safe
@with_member
def findings(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The list, most expected harm first."""
    wanted = narrowing.read(request.GET)
    cursor = request.GET.get("after", "")[:100]
    page = selectors.findings(member, wanted.filters, cursor)
    filters = _filters(member, wanted)
    shown = {
        "rows": [_row(row) for row in page.rows],
        "levels": _levels(member, wanted, filters),
        "may_file": _may_file(member),
        "help_text": _("Every finding, whatever its state. The queue of Review holds those that wait."),
    }
    return lists.render_list(
        request, "findings/list.html", shown, filters=filters, cursor=cursor, next_cursor=page.next_cursor
    )


@require_safe
@with_member
def finding(request: HttpRequest, member: Member, finding_id: str) -> HttpResponseBase:
    """One finding: summary, evidence, reasons, facts, history, and what to recompute it from."""
    detail = selectors.finding(member, finding_id)
    explained = selectors.explanation(member, detail)
    state = detail.row.state
    # A second look is blind: whoever could still give it must not read here what the queue hides.
    blind = state is FindingState.SECOND_LOOK
    shown = {
        "finding": detail,
        "explanation": explained,
        "evidence": evidence_of(detail, explained, most=50),
        "waterfall": steps_of(explained),
        "judged_as_now": selectors.is_judged_as_now(detail),
        "facts": choices.facts_in_words(fact_lines(detail.record, detail.listing, detail.seller, detail.right)),
        "decisions": () if blind else review.history_of(member, finding_id),
        "blind": blind,
        "waits": state in WAITING,
        "may_open_case": member.may(Permission.CASES_EDIT),
        "may_share": member.may(Permission.EXCHANGE_SHARE),
        "may_file": _may_file(member),
        "purchases": [(r, STAGE[r.stage]) for r in purchases.purchases_of_listing(member, detail.row.listing_id)],
        "finding_id": finding_id,
        "help_text": _("A finding is at most an allegation. Its record never changes; decisions stand beside it."),
    }
    return render(request, "findings/detail.html", shown)


def _may_file(member: Member) -> bool:
    return member.organisation_kind is OrganisationKind.RIGHTS_HOLDER and member.may(Permission.NOTICES_FILE)


def _filters(member: Member, wanted: Narrowing) -> FilterForm:
    state = narrowing.select(
        "state", wanted.given.get("state", ""), [(s.value, word("finding_state", s)) for s in FindingState]
    )
    fields = narrowing.selects(wanted, choices.brands(member), choices.marketplaces(member))
    given = {name: value for name, value in wanted.given.items() if name != "queue"}
    return FilterForm(reverse("web:findings"), given, _("Title, finding or listing id"), (*fields, state))


def _levels(member: Member, wanted: Narrowing, filters: FilterForm) -> list[dict[str, Any]]:
    counted = selectors.level_counts(member, wanted.filters)
    return [
        {
            "level": level,
            "count": counted[level],
            "current": wanted.filters.level is level,
            "address": filters.address(level="" if wanted.filters.level is level else level.value),
        }
        for level in Level
    ]


def _row(row: FindingRow) -> dict[str, Any]:
    return {
        "finding": row,
        "address": reverse("web:finding", args=[row.core_id]),
        "thumb": picture_address(row.capture_id, "thumb"),
    }
