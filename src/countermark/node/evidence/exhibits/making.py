"""Make a paper once, sign it, keep it; whoever asks again is given the same bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from cryptography import x509
from django.db import IntegrityError, transaction

from countermark.node.audit import services as audit
from countermark.node.evidence import custody
from countermark.node.evidence.collecting import add_stamps
from countermark.node.evidence.exhibits.facts import LANGUAGES, contents_of, words
from countermark.node.evidence.exhibits.rendering import page_of, pdf_of
from countermark.node.evidence.models import Evidence, Exhibit, Purchase, PurchaseExhibit
from countermark.node.evidence.stamping import ask_authority, authorities
from countermark.node.evidence.store import digest, store
from countermark.node.evidence.viewing import OpenedFile, sealed_row
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Permission
from countermark.node.parties.selectors import actor_names
from countermark.proof.bag_exhibits import FOLDER
from countermark.proof.keys import Signer
from countermark.proof.refusals import Refused
from countermark.proof.timestamps import read_authorities

#: Line of custody that names a paper and its hash.
MADE = "exhibit"
EXHIBIT = "exhibit"


@dataclass(frozen=True, slots=True)
class Hand:
    """What signs papers: a key for evidence, and from when to when it is good."""

    signer: Signer
    valid_from: datetime
    valid_until: datetime


def make_exhibit(member: Member, evidence_id: str, language: str, hand: Callable[[], Hand]) -> Exhibit:
    """The exhibit of a piece in a language: made now, or the one that was made before.

    Args:
        member: needs EVIDENCE_EXPORT.
        evidence_id: `evd_…`.
        language: `fr`, `zh` or `en`.
        hand: gives what signs; asked only when a paper is made.

    Raises NotPermitted, NotFound, Conflict (not sealed, deleted, changed in the store), Invalid (another language).
    """
    member.require(Permission.EVIDENCE_EXPORT)
    check_language(language)
    row = sealed_row(member, evidence_id)
    known: Exhibit | None = row.exhibits.filter(kind=EXHIBIT, language=language).first()
    if known is not None:
        return known
    add_stamps(row)
    signs = hand()
    made = contents_of(row, actor_names(member), language, signs.signer.public)
    page = page_of("exhibit.html", {"w": words(language), "facts": made.facts, "language": language})
    pdf = pdf_of(page, made.pictures, language)
    data, authority = signed(pdf, signs, row.organisation_id)
    return keep(member, row, EXHIBIT, language, f"exhibit-{language}.pdf", data, authority)


def check_language(language: str) -> None:
    """Make sure that there are exhibits in a language. Raises Invalid."""
    if language not in LANGUAGES:
        raise Invalid.of("language", "unknown-language", "There is no exhibit in this language.", "Write fr, zh or en.")


def keep(
    member: Member, row: Evidence, kind: str, language: str, name: str, data: bytes, authority: bytes = b""
) -> Exhibit:
    """Keep a paper that was made, with its line of custody; of two made at once the first counts."""
    sha256 = store().keep_evidence(data)
    try:
        with transaction.atomic():
            paper = Exhibit(
                evidence=row,
                kind=kind,
                language=language,
                name=name,
                sha256=sha256,
                size=len(data),
                certificates=authority,
                made_by=member.actor,
                made_at=now(),
            )
            paper.save()
            custody.add(row, member.actor, MADE, {"file": name, "sha256": sha256})
            audit.record(
                actor=member.actor,
                organisation=row.organisation_id,
                action="evidence.exhibit",
                target=row.public_id,
                detail={"kind": kind, "language": language},
            )
    except IntegrityError:
        first: Exhibit = row.exhibits.get(kind=kind, language=language)
        return first
    return paper


def open_exhibit(member: Member, evidence_id: str, name: str) -> OpenedFile:
    """A paper byte for byte as it was made; leaves a line of custody.

    Raises NotPermitted (EVIDENCE_EXPORT), NotFound, Conflict (deleted, or changed in the store).
    """
    member.require(Permission.EVIDENCE_EXPORT)
    row = sealed_row(member, evidence_id)
    paper = row.exhibits.filter(name=name[:60]).first()
    if paper is None:
        raise NotFound("paper of this evidence", name)
    data = paper_bytes(paper)
    with transaction.atomic():
        custody.add(row, member.actor, "opened", {"file": paper.name})
    return OpenedFile(f"{row.public_id}-{paper.name}", "application/octet-stream", data)


def paper_bytes(paper: Exhibit | PurchaseExhibit) -> bytes:
    """The stored bytes; raises Conflict when they are not what was made."""
    try:
        data = store().evidence_path(paper.sha256).read_bytes()
    except OSError as error:
        raise Conflict(f"{paper.name} is not in the store any more.", code="evidence-lost") from error
    if digest(data) != paper.sha256:
        raise Conflict(f"{paper.name} in the store is no longer what was made.", code="evidence-changed")
    return data


def papers_for_bag(row: Evidence | Purchase) -> dict[str, bytes | Path]:
    """Every paper that was made, under its name in a bag; custody names each, so none can be left out unseen.

    Raises Conflict when one is not what was made.
    """
    found: dict[str, bytes | Path] = {}
    for one in row.exhibits.order_by("name"):
        found[f"{FOLDER}{one.name}"] = paper_bytes(one)
        if one.certificates:
            found[f"{FOLDER}{one.name.removesuffix('pdf')}pem"] = bytes(one.certificates)
    return found


def signed(pdf: bytes, signs: Hand, organisation_id: int) -> tuple[bytes, bytes]:
    """The signed PDF, and the certificates by which its timestamp is believed; empty when nobody stamped it."""
    # What signs a PDF takes as long to load as Django: a process that signs none goes without.
    from countermark.proof.pades.certificates import SignerNames  # noqa: PLC0415
    from countermark.proof.pades.checking import check_pdf  # noqa: PLC0415
    from countermark.proof.pades.signing import sign_pdf  # noqa: PLC0415

    organisation = Organisation.objects.get(pk=organisation_id).name
    names = SignerNames(organisation, signs.valid_from, signs.valid_until)
    for url, pem in authorities():
        try:
            data = sign_pdf(pdf, signs.signer, names, partial(ask_authority, url))
            check_pdf(data, [_believed(pem)])
        except Refused:
            continue  # the next authority; without any, the paper says by itself when it was made
        return data, pem
    return sign_pdf(pdf, signs.signer, names), b""


def _believed(pem: bytes) -> tuple[x509.Certificate, ...]:
    return read_authorities(pem)
