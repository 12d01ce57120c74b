"""Make the exhibit of a test purchase: once for each language and last act, signed, kept as bytes."""

from collections.abc import Callable

from django.db import IntegrityError, transaction

from countermark.node.audit import services as audit
from countermark.node.evidence import custody, retaining
from countermark.node.evidence.exhibits.making import MADE, Hand, check_language, paper_bytes, signed
from countermark.node.evidence.exhibits.rendering import page_of, pdf_of
from countermark.node.evidence.models import Purchase, PurchaseExhibit
from countermark.node.evidence.purchases.chain import Chain, chain_of, purchase_row
from countermark.node.evidence.purchases.checking import check_chain
from countermark.node.evidence.purchases.paper_facts import Offer, contents_of, purchase_words
from countermark.node.evidence.purchases.stamps import stamp_lines
from countermark.node.evidence.purchases.viewing import check_stored
from countermark.node.evidence.store import store
from countermark.node.evidence.viewing import OpenedFile
from countermark.node.kernel.errors import Conflict, NotFound
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.parties.selectors import actor_names
from countermark.proof.refusals import Refused


def make_purchase_exhibit(
    member: Member,
    purchase_id: str,
    language: str,
    hand: Callable[[], Hand],
    offer: Callable[[str], Offer | None] = lambda _: None,
) -> PurchaseExhibit:
    """The exhibit of a purchase as it stands at its last act: made now, or the one that was made before.

    Lines that are no acts, such as the one of the paper itself, make no new paper.

    Args:
        member: needs EVIDENCE_PURCHASE and EVIDENCE_EXPORT.
        purchase_id: `prc_…`.
        language: `fr`, `zh` or `en`.
        hand: gives what signs; asked only when a paper is made.
        offer: gives the listing by its id, from a higher room; asked only when a paper is made.

    Raises NotPermitted, NotFound, Conflict (deleted, changed in the store, or nothing draws here), Invalid (another
    language).
    """
    member.require(Permission.EVIDENCE_EXPORT)
    check_language(language)
    row = purchase_row(member, purchase_id)
    _check_kept(row)
    known = _known(row, _whole(row).last_act.seq, language)
    if known is not None:
        return known
    stamp_lines(row)
    # Read again before the files are looked at: an act that was recorded meanwhile is shown, so its files count too.
    chain, signs = _whole(row), hand()
    for one in row.files.order_by("name"):
        check_stored(one)
    made = contents_of(row, chain, actor_names(member), language, signs.signer.public, offer(row.listing_id))
    page = page_of("purchase.html", {"w": purchase_words(language), "facts": made.facts, "language": language})
    data, authority = signed(pdf_of(page, made.pictures, language), signs, row.organisation_id)
    return _keep(member, row, chain.last_act.seq, language, data, authority)


def open_purchase_exhibit(member: Member, purchase_id: str, name: str) -> OpenedFile:
    """A paper byte for byte as it was made; leaves a line of the chain.

    Raises NotPermitted (EVIDENCE_PURCHASE, EVIDENCE_EXPORT), NotFound, Conflict (deleted, or changed in the store).
    """
    member.require(Permission.EVIDENCE_EXPORT)
    row = purchase_row(member, purchase_id)
    paper = row.exhibits.filter(name=name[:60]).first()
    if paper is None:
        raise NotFound("paper of this purchase", name)
    _check_kept(row)
    data = paper_bytes(paper)
    with transaction.atomic():
        custody.add(row, member.actor, "opened", {"file": paper.name})
    return OpenedFile(f"{row.public_id}-{paper.name}", "application/octet-stream", data)


def _check_kept(row: Purchase) -> None:
    if row.deleted_at is not None:
        raise Conflict("Its files were deleted when their time was over; the chain stays.", code="deleted")


def _whole(row: Purchase) -> Chain:
    """The chain, which hangs together and names the files that are there; no paper is made of anything less."""
    try:
        check_chain(row)
        chain = chain_of(row)
    except Refused as refused:
        raise Conflict(str(refused), code="broken-custody") from refused
    if chain.lost:
        raise Conflict(chain.lost[0], code="evidence-changed")
    return chain


def _known(row: Purchase, seq: int, language: str) -> PurchaseExhibit | None:
    found: PurchaseExhibit | None = row.exhibits.filter(seq=seq, language=language).first()
    return found


def _keep(member: Member, row: Purchase, seq: int, language: str, data: bytes, authority: bytes) -> PurchaseExhibit:
    """Keep a paper that was made, with its line of the chain; of two made at once the first counts."""
    name, sha256 = f"exhibit-{language}-{seq:04d}.pdf", store().keep_evidence(data)
    paper = PurchaseExhibit(
        purchase=row,
        seq=seq,
        language=language,
        name=name,
        sha256=sha256,
        size=len(data),
        certificates=authority,
        made_by=member.actor,
        made_at=now(),
    )
    try:
        with transaction.atomic():
            _check_kept(Purchase.objects.select_for_update().get(pk=row.pk))
            paper.save()
            custody.add(row, member.actor, MADE, {"file": name, "sha256": sha256})
            audit.record(
                actor=member.actor,
                organisation=row.organisation_id,
                action="purchase.exhibit",
                target=row.public_id,
                detail={"line": seq, "language": language},
            )
    except (Conflict, IntegrityError) as problem:
        if not retaining.is_needed(sha256):
            store().evidence_path(sha256).unlink(missing_ok=True)
        first = _known(row, seq, language)
        if first is None or isinstance(problem, Conflict):
            raise
        return first
    return paper
