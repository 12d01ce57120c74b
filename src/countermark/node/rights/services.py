"""Write rights. Every write leaves an audit row in the same transaction."""

from django.db import IntegrityError, transaction

from countermark.model import ImageRole, derive_id
from countermark.node.audit import services as audit
from countermark.node.evidence.services import keep_picture
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import is_id, new_id
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.rights.facts import BrandFacts, RightFacts, check_brand, check_right
from countermark.node.rights.importing import import_portfolio
from countermark.node.rights.models import Brand, Reference, Right
from countermark.node.rights.writing import brand_named, fill_brand, fill_right

__all__ = [
    "BrandFacts",
    "RightFacts",
    "add_reference",
    "add_right",
    "edit_right",
    "import_portfolio",
    "reinstate_right",
    "remove_reference",
    "save_brand",
    "withdraw_right",
]

#: Reference pictures of one right.
MOST_REFERENCES = 500


def add_right(member: Member, facts: RightFacts) -> str:
    """Add a right; gives its id (`rgt_…`). A house that is not known yet is added too.

    Raises NotPermitted (RIGHTS_EDIT), Invalid, Conflict (the same right is there: its id is the pointer).
    """
    member.require(Permission.RIGHTS_EDIT)
    check_right(facts)
    core_id = derive_id("rgt", facts.brand.strip(), facts.kind, facts.office, facts.number, facts.title)
    with transaction.atomic():
        right = Right(
            organisation_id=member.organisation_id,
            core_id=core_id,
            brand=brand_named(member.organisation_id, facts.brand),
        )
        fill_right(right, facts)
        try:
            with transaction.atomic():
                right.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(
                "This right is here already: same house, kind, office, number and title.",
                code="right-exists",
                pointer=core_id,
            ) from error
        _record(member, "right.added", core_id, {"brand": right.brand.name, "kind": right.kind})
    return core_id


def edit_right(member: Member, right_id: str, facts: RightFacts) -> tuple[str, ...]:
    """Make a right what the facts say; gives the names of the fields that changed. Its id stays.

    Raises NotPermitted (RIGHTS_EDIT), NotFound, Invalid, Conflict (it is withdrawn).
    """
    member.require(Permission.RIGHTS_EDIT)
    check_right(facts)
    with transaction.atomic():
        right = _lock(member, right_id)
        if right.withdrawn_at:
            raise Conflict("This right is withdrawn; take that back before you change it.", code="right-withdrawn")
        changed = fill_right(right, facts)
        if right.brand.name != facts.brand.strip():
            changed["brand"] = (right.brand.name, facts.brand.strip())
            right.brand = brand_named(member.organisation_id, facts.brand)
        if changed:
            right.save()
            _record(member, "right.edited", right_id, _as_detail(changed))
    return tuple(sorted(changed))


def withdraw_right(member: Member, right_id: str, reason: str) -> None:
    """Stop relying on a right: the next scan no longer uses it. Findings and decisions that rest on it stay.

    Raises NotPermitted (RIGHTS_EDIT), NotFound, Invalid (no reason), Conflict (it is withdrawn already).
    """
    member.require(Permission.RIGHTS_EDIT)
    if not 3 <= len(reason.strip()) <= 500 or not is_storable(reason):
        raise Invalid.of(
            "reason", "reason-missing", "The reason is empty or too long.", "Say why in 3 to 500 characters."
        )
    with transaction.atomic():
        right = _lock(member, right_id)
        if right.withdrawn_at:
            raise Conflict("This right is withdrawn already.", code="right-withdrawn")
        right.withdrawn_at, right.withdrawn_reason = now(), reason.strip()
        right.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        _record(member, "right.withdrawn", right_id, {"reason": reason.strip()})


def reinstate_right(member: Member, right_id: str) -> None:
    """Rely on a withdrawn right again. Raises NotPermitted (RIGHTS_EDIT), NotFound, Conflict (it is not withdrawn)."""
    member.require(Permission.RIGHTS_EDIT)
    with transaction.atomic():
        right = _lock(member, right_id)
        if not right.withdrawn_at:
            raise Conflict("This right is not withdrawn.", code="right-not-withdrawn")
        right.withdrawn_at, right.withdrawn_reason = None, ""
        right.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        _record(member, "right.reinstated", right_id)


def add_reference(member: Member, right_id: str, data: bytes, role: ImageRole = ImageRole.OFFICIAL) -> str:
    """Add an official picture to a right; gives its id (`ref_…`). The same picture in the same role is added once.

    Raises NotPermitted (RIGHTS_EDIT), NotFound, Invalid (the picture, or too many of them).
    """
    member.require(Permission.RIGHTS_EDIT)
    if role is ImageRole.OFFERED:
        raise Invalid.of("role", "role-wrong", "A reference is an official photo or a logo.", "Choose one of the two.")
    with transaction.atomic():
        _lock(member, right_id)
    # Looking at the picture takes long: no lock is held meanwhile.
    capture = keep_picture(member, data, source=f"reference of {right_id}")
    with transaction.atomic():
        right = _lock(member, right_id)
        known = right.references.filter(capture=capture, role=role).first()
        if known is not None:
            return known.public_id
        if right.references.count() >= MOST_REFERENCES:
            raise Invalid.of("picture", "too-many", f"A right has at most {MOST_REFERENCES} pictures.", "Remove some.")
        reference = Reference.objects.create(right=right, public_id=new_id("ref"), capture=capture, role=role)
        detail = {"reference": reference.public_id, "picture": capture.public_id, "role": role.value}
        _record(member, "right.reference_added", right_id, detail)
    return reference.public_id


def remove_reference(member: Member, reference_id: str) -> None:
    """Take an official picture away from its right; the picture itself stays as evidence.

    Raises NotPermitted (RIGHTS_EDIT), NotFound.
    """
    member.require(Permission.RIGHTS_EDIT)
    if not is_id("ref", reference_id):
        raise NotFound("reference picture", reference_id)
    with transaction.atomic():
        rows = Reference.objects.select_related("right", "capture").filter(
            right__organisation_id=member.organisation_id, public_id=reference_id
        )
        reference = rows.first()
        if reference is None:
            raise NotFound("reference picture", reference_id)
        right_id, picture = reference.right.core_id, reference.capture.public_id
        reference.delete()
        _record(member, "right.reference_removed", right_id, {"reference": reference_id, "picture": picture})


def save_brand(member: Member, facts: BrandFacts) -> None:
    """Add a house, or make the one of that name what the facts say. Raises NotPermitted (RIGHTS_EDIT), Invalid."""
    member.require(Permission.RIGHTS_EDIT)
    check_brand(facts)
    with transaction.atomic():
        brand = brand_named(member.organisation_id, facts.name)
        Brand.objects.select_for_update().get(pk=brand.pk)
        if fill_brand(brand, facts):
            counts = {
                "price_bands": len(facts.price_bands),
                "authorised_sellers": len(facts.authorised_sellers),
                "never_made": len(facts.never_made),
            }
            _record(member, "brand.saved", f"brand:{brand.name}", counts)


def _lock(member: Member, right_id: str) -> Right:
    if not is_storable(right_id):
        raise NotFound("right")
    rows = Right.objects.select_for_update(of=("self",)).select_related("brand")
    right = rows.filter(organisation_id=member.organisation_id, core_id=right_id).first()
    if right is None:
        raise NotFound("right", right_id)
    return right


def _as_detail(changed: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Old and new value of each field that changed; rights hold no personal data."""
    detail = {"fields": ", ".join(sorted(changed))}
    for name, (before, after) in sorted(changed.items()):
        detail |= {f"{name}_before": before, f"{name}_after": after}
    return detail


def _record(member: Member, action: str, target: str, detail: dict[str, str] | dict[str, int] | None = None) -> None:
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action=action,
        target=target,
        detail=dict(detail or {}),
    )
