"""The yearly ledger of those who file: notices by provider, reason and what was done. No personal data. PR-16.

Source: Reg. (EU) 2022/2065 art. 22(3): a trusted flagger reports at least once a year, in categories by provider, type
of content and action taken.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from statistics import median

from countermark.node.conduct import reading
from countermark.node.conduct.cases import Case, Fate
from countermark.node.conduct.words import ground_words
from countermark.node.exchange.models import Agreement
from countermark.node.kernel.cells import harmless
from countermark.node.kernel.errors import NotFound
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission

COLUMNS = ("year", "filer", "provider", "reason", "action_taken", "notices", "median_hours_to_decision")
_ACTIONS = {
    Fate.WAITING: "waiting",
    Fate.UPHELD: "removed",
    Fate.CONTESTED: "removed, contested",
    Fate.REFUSED: "refused",
    Fate.REVERSED: "removed, then back",
    Fate.WITHDRAWN: "withdrawn",
}


def yearly(member: Member, agreement_name: str, year: int) -> str:
    """The ledger of one agreement and one calendar year (UTC, by the day of filing) as CSV.

    Raises:
        NotPermitted (NOTICES_VIEW), NotFound.
    """
    member.require(Permission.NOTICES_VIEW)
    rows = Agreement.objects.filter(organisation_id=member.organisation_id, name=agreement_name[:60])
    agreement = rows.first()
    if agreement is None or not 2000 <= year <= 9998:
        raise NotFound("ledger", f"{agreement_name} {year}")
    decides = member.organisation_kind is OrganisationKind.MARKETPLACE
    sides = (agreement.partner_name, member.organisation_name)
    filer, provider = sides if decides else reversed(sides)
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    cases = reading.filed_between(member.organisation_id, agreement.name, start, end)
    return _csv((str(year), filer, provider, *line) for line in lines(cases))


def lines(cases: Iterable[tuple[Case, datetime]]) -> list[tuple[str, str, str, str]]:
    """Reason, action, number, median hours from filing to the first decision; by reason and action.

    Args:
        cases: each with the moment of its filing.
    """
    hours: dict[tuple[str, str], list[float]] = defaultdict(list)
    number: dict[tuple[str, str], int] = defaultdict(int)
    for case, filed in cases:
        key = (ground_words(case.ground or "other"), _ACTIONS[case.fate])
        number[key] += 1
        if case.decided_at is not None:
            hours[key].append(max(0.0, (case.decided_at - filed).total_seconds() / 3600))
    return [
        (
            reason,
            action,
            str(number[reason, action]),
            f"{median(times):.1f}" if (times := hours[reason, action]) else "",
        )
        for reason, action in sorted(number)
    ]


def _csv(rows: Iterable[tuple[str, ...]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()
