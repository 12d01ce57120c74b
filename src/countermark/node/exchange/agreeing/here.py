"""Sign an agreement on the node itself, for organisations that keep the organisation's key beside it."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from countermark.node.exchange.agreeing.drafting import LONGEST_REASON, locked
from countermark.node.exchange.agreeing.signing import sign
from countermark.node.exchange.agreeing.versions import latest, opened
from countermark.node.exchange.keeping.passphrases import Passphrase
from countermark.node.exchange.keeping.pems import read_organisation_key
from countermark.node.exchange.keeping.problems import BrokenFolder, WrongPassphrase
from countermark.node.exchange.models import Agreement
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.parties.access import Member
from countermark.proof.agreements import MOST_BYTES, SignedAgreement, sign_agreement
from countermark.proof.encoding import from_base64url
from countermark.proof.ijson import read_object
from countermark.proof.refusals import Refused
from countermark.proof.shapes import as_record

#: A signed agreement as a file: base64 and two signatures around it.
MOST_FILE = MOST_BYTES * 2


def key_lies_here() -> bool:
    """Whether the file of the organisation's key lies on the node (COUNTERMARK_ORGANISATION_KEY)."""
    return bool(settings.COUNTERMARK_ORGANISATION_KEY) and Path(settings.COUNTERMARK_ORGANISATION_KEY).is_file()


@sensitive_variables("passphrase", "private")
def sign_here(member: Member, name: str, digest: str, passphrase: str) -> Agreement:
    """Sign the document under discussion with the organisation's key that lies on the node.

    The passphrase is used once and kept nowhere.

    Raises:
        NotPermitted (AGREEMENTS_MANAGE), NotFound; Conflict, as `sign`, or no key lies here; Invalid, a wrong
            passphrase, a file that is no key, or the key of somebody else.
    """
    with transaction.atomic():
        row = locked(member, name)
    if not key_lies_here():
        raise Conflict("The organisation's key does not lie on this node. Sign elsewhere and bring the signature.")
    if not row.pending:
        raise Conflict("There is nothing to sign.")
    document = opened(latest(row, row.pending))
    try:
        private = read_organisation_key(Path(settings.COUNTERMARK_ORGANISATION_KEY), Passphrase(passphrase))
    except WrongPassphrase as problem:
        mend = "Type the passphrase of the organisation's key, not that of the node."
        raise Invalid.of("passphrase", "wrong-passphrase", "The passphrase does not open the key.", mend) from problem
    except BrokenFolder as problem:
        mend = "Sign on the machine where the key lies, and bring the signature."
        raise Invalid.of("passphrase", "no-key", "The file of the key cannot be read.", mend) from problem
    return sign(member, name, digest, sign_agreement(document, private))


def signature_in(text: str, party: str, digest: str) -> str:
    """The signature of one party in what a person brought: its 86 characters, or the file of the command.

    Args:
        text: as pasted, or the content of the file.
        party: whose signature is wanted.
        digest: of the document that it must be for.

    Raises:
        Invalid: neither of the two, another document, or without that party's signature.
    """
    bare = text.strip()
    if not bare:
        mend = "Paste it, or choose the file that “countermark node keys sign-agreement” wrote."
        raise Invalid.of("signature", "missing", "There is no signature.", mend)
    if not bare.startswith("{"):
        return _bare(bare)
    try:
        signed = as_record(read_object(bare.encode()), SignedAgreement)
        document = from_base64url(signed.agreement, "not-an-entry")
    except Refused as refused:
        mend = "Choose the file that “countermark node keys sign-agreement” wrote, unchanged."
        raise Invalid.of("signature", refused.code, "This is no signed agreement.", mend) from refused
    return _of_party(signed, document, party, digest)


def _bare(text: str) -> str:
    if len(text) > LONGEST_REASON or len("".join(text.split())) != 86:
        mend = "Paste the 86 characters of the signature, or the whole file."
        raise Invalid.of("signature", "form", "This is no signature.", mend)
    return "".join(text.split())


def _of_party(signed: SignedAgreement, document: bytes, party: str, digest: str) -> str:
    if hashlib.sha256(document).hexdigest() != digest:
        mend = "Download the document that stands here now, and sign that."
        raise Invalid.of("signature", "other-document", "It is a signature for another document.", mend)
    if party not in signed.signatures:
        mend = "Sign it with your organisation's key first."
        raise Invalid.of("signature", "not-ours", "Your organisation's signature is not in this file.", mend)
    return signed.signatures[party]
