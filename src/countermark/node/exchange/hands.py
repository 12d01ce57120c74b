"""The hand that signs papers about evidence: the node's key for evidence, which agreements name."""

from countermark.node.evidence.exhibits.making import Hand
from countermark.node.exchange.signing import public_keys_of, signer_of
from countermark.node.kernel.errors import Conflict
from countermark.node.parties.access import Member
from countermark.proof.agreements import Purpose


def evidence_hand(member: Member) -> Hand:
    """What signs for the member's organisation now.

    Raises:
        KeyProblem: there is no key for evidence, or nobody who signs with it.
        Conflict: it was replaced a moment ago.
    """
    signer = signer_of(member.organisation_id, Purpose.EVIDENCE)
    for key in public_keys_of(member.organisation_id):
        if key.public == signer.public:
            return Hand(signer, key.start, key.end)
    raise Conflict("The key for evidence was just replaced. Try again.", code="no-key")
