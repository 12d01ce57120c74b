"""Our card: how this node introduces itself to a partner."""

from countermark.node.exchange.agreeing.versions import identity_of, our_party
from countermark.node.exchange.documents import Card
from countermark.node.exchange.models import Identity
from countermark.node.kernel.errors import Conflict
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission
from countermark.proof.agreements import Party
from countermark.proof.keys import PublicKey
from countermark.proof.refusals import Refused


def our_card(organisation_id: int) -> Card:
    """Names, kind and public keys of an organisation.

    Raises:
        Conflict: no key ceremony was held yet.
    """
    kind = identity_of(organisation_id).organisation.kind
    return Card(party=our_party(organisation_id), kind=OrganisationKind(kind))


def introduce(member: Member, party: str, node: str, key: PublicKey) -> Identity:
    """Set under which names and key the organisation speaks; once, as partners know it by them from then on.

    Args:
        member: an administrator.
        party: id in small letters, such as `maison-aurelle`.
        node: its address without https://, such as `node.aurelle.example`.
        key: the organisation's public key.

    Raises:
        NotPermitted (AGREEMENTS_MANAGE); Conflict, it is set to something else; Refused, a wrong form.
    """
    member.require(Permission.AGREEMENTS_MANAGE)
    Party(party, member.organisation_name, node, key.text, ())
    if len(node) > 200 or "/" in node or "+" in node:
        raise Refused("not-an-entry", "A node's name is its address without https:// and without a path.")
    row, made = Identity.objects.get_or_create(
        organisation_id=member.organisation_id, defaults={"party": party, "node": node, "key": key.text}
    )
    if not made and (row.party, row.node, row.key) != (party, node, key.text):
        raise Conflict(f"This organisation is known to partners as {row.party} at {row.node}; that cannot be changed.")
    return row
