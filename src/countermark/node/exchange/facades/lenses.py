"""Lenses from what is stored: terms of all versions, how the agreement stands, who reads."""

from countermark.node.exchange.agreeing.versions import identity_of, readable_terms
from countermark.node.exchange.facades.lens import Lens
from countermark.node.exchange.models import Agreement, AgreementVersion
from countermark.node.exchange.rules.terms import Terms
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission, Role
from countermark.proof.refusals import Refused


def for_reader(agreement: Agreement, member: Member, *, personal: bool) -> Lens:
    """How a member sees an agreement through a tool.

    Args:
        agreement: the member's own.
        member: whose role counts, as it is now.
        personal: whether personal data were asked for.
    """
    allowed = personal and member.may(Permission.PERSONAL_DATA_VIEW)
    return _lens(agreement, str(member.role), member.organisation_kind, personal=allowed)


def for_placing(agreement: Agreement) -> Lens:
    """What decides on places: every reader sees the same ones, so it looks as one who may take out, without persons."""
    kind = identity_of(agreement.organisation_id).organisation.kind
    return _lens(agreement, Role.ADMINISTRATOR, kind, personal=False)


def _lens(agreement: Agreement, role: str, kind: str, *, personal: bool) -> Lens:
    reader = identity_of(agreement.organisation_id).party
    terms = {one.digest: _terms(one) for one in AgreementVersion.objects.filter(agreement=agreement).order_by("pk")}
    return Lens(
        terms=terms,
        now_terms=terms.get(agreement.digest),
        state=agreement.state,
        sides={reader: str(kind), agreement.partner: agreement.partner_kind},
        reader=reader,
        role=role,
        personal=personal,
        today=now().date(),
    )


def _terms(version: AgreementVersion) -> Terms | None:
    try:
        return readable_terms(version)
    except Refused:
        return None
