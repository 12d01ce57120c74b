"""First drafts for the public: a notice with its answer and result, and the essence of a joint arrangement."""

from countermark.node.cases.permits import named
from countermark.node.duties import labels
from countermark.node.duties.labels import WORDS
from countermark.node.duties.redacting import redact
from countermark.node.exchange.rules.term_parts import Terms
from countermark.node.kernel.errors import Conflict
from countermark.node.notices import papers, reasoning
from countermark.node.notices.models import Notice
from countermark.node.notices.reasons import words_of
from countermark.node.notices.selectors import DEED_WORDS
from countermark.node.notices.states import Deed
from countermark.node.parties.access import Member

_FOUND = {True: "infringes", False: "does not infringe"}
_NOT_FOR_THE_PUBLIC = frozenset({Deed.RECEIVE, Deed.FORWARD, Deed.ARRIVE, Deed.MIGRATE})


def of_notice(member: Member, notice_id: str) -> tuple[str, str]:
    """Title and text of a notice, redacted: what was notified, what was stated, what came of it.

    What a seller wrote is never in it: only that it answered, and for which reason.

    Raises:
        NotPermitted, NotFound; Conflict: nothing is decided yet.
    """
    row = labels.notice_row(member, notice_id)
    label = labels.of(row, row.court_findings.all())
    if label is None or not row.decision:
        raise Conflict("Nothing is decided on this notice yet.", code="not-decided")
    said, names = papers.read(row.paper), _names(row)
    lines = [
        f"Offer: {said.title} ({row.marketplace})",
        f"Rights holder: {said.brand}. Right relied on: {reasoning.right_in_words(said)}.",
        f"Law: {row.regime}. What stands today: {WORDS[label]}.",
        "",
        "The notice says:",
        said.explanation,
        "",
        *_steps(row),
    ]
    return redact(f"{said.brand}: {said.title}", names), redact("\n".join(lines), names)


def _names(row: Notice) -> list[str]:
    """Names of the people in the case, to be found whatever shape they have."""
    signers = row.signed.values_list("signer", flat=True)
    fields = [value for one in row.counters.all() for value in one.fields.values() if isinstance(value, str)]
    return [name for name in (*signers, *fields) if name and name != "yes" and len(name) <= 200]


def _steps(row: Notice) -> list[str]:
    lines: list[str] = []
    for one in row.happenings.order_by("number"):
        if Deed(one.deed) in _NOT_FOR_THE_PUBLIC:
            continue
        reason = f" ({words_of(one.reason)})" if one.reason else ""
        line = f"{one.at:%Y-%m-%d}: {DEED_WORDS[Deed(one.deed)]}{reason}."
        if line not in lines:
            lines.append(line)
    courts = [
        f"{one.day.isoformat()}: {one.authority}, {one.docket}: {_FOUND[one.infringes]}."
        for one in row.court_findings.order_by("day", "pk")
    ]
    return lines + courts


def of_agreement(member: Member, name: str) -> tuple[str, str]:
    """Title and text of the essence of a joint arrangement (GDPR art. 26(2)). Raises NotFound, Conflict."""
    where = named(member, name)
    partner = where.agreement.partner_name
    return f"How {member.organisation_name} and {partner} work together", "\n".join(
        [*_purposes(where.terms), "", *_data(where.terms), "", *_rights(member.organisation_name, partner)]
    )


def _purposes(terms: Terms) -> list[str]:
    lines = ["What for, and on which ground:"]
    for purpose in terms.purposes:
        grounds = "; ".join(f"{one.law} {one.article}" for one in purpose.bases)
        lines.append(f"- {purpose.words} ({grounds})")
    return lines


def _data(terms: Terms) -> list[str]:
    kinds = ", ".join(kind.value.replace("_", " ") for kind in terms.items)
    days = ", ".join(f"{name.value.lower()}: {count} days" for name, count in terms.retention.items())
    return [f"What is exchanged: {kinds}.", f"How long the receiver keeps it: {days}."]


def _rights(us: str, partner: str) -> list[str]:
    return [
        f"Each of {us} and {partner} answers for what it holds and says. You can turn to either of them.",
        "Ask what is held about you, have it corrected, object to it, or ask how a decision came about.",
        "Shops are named to the other side by pseudonyms that mean something between the two alone.",
    ]
