"""Bring a whole portfolio in: added where it is new, changed where it differs, left alone where it is the same."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.db import transaction

from countermark import model
from countermark.formats.picture import RefusedPicture
from countermark.model import ImageRef, ImageSource, ImageUnavailable
from countermark.model.problem import excerpt_of
from countermark.node.audit import services as audit
from countermark.node.evidence.keeping import SafePicture, put_in_store, rows_for
from countermark.node.kernel.errors import FieldProblem, Invalid
from countermark.node.kernel.ids import new_id
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.rights.facts import check_brand, check_right
from countermark.node.rights.models import Brand, Reference, Right
from countermark.node.rights.records import facts_of_brand, facts_of_record
from countermark.node.rights.shown import ImportedRights
from countermark.node.rights.writing import brand_named, fill_brand, fill_right

#: Refused pictures that a report names; the rest are counted by their absence.
MOST_TOLD = 200


class Reading(Protocol):
    """What `countermark.formats.read_portfolio` gives."""

    @property
    def portfolio(self) -> model.Portfolio:
        """Houses and rights, pictures named."""
        ...

    @property
    def images(self) -> ImageSource:
        """Where the bytes of the pictures are."""
        ...


@dataclass
class _Counts:
    brands: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    references: int = 0
    refused: list[str] = field(default_factory=list)


def import_portfolio(member: Member, reading: Reading) -> ImportedRights:
    """Bring rights in, with their pictures: all of them, or (when one is not acceptable) none.

    Running it again with the same files changes nothing. Rights of the organisation that the files do not name stay;
    a withdrawn right stays withdrawn. A picture that cannot be taken is told and its right kept.

    Raises NotPermitted (RIGHTS_EDIT), Invalid (names the right or house and the field).
    """
    member.require(Permission.RIGHTS_EDIT)
    portfolio = reading.portfolio
    _check(portfolio)
    counts = _Counts()
    # Decoding pictures takes long: it is done before the transaction, which then only writes rows.
    pictures = [_pictures_of(right, reading.images, counts) for right in portfolio.rights]
    with transaction.atomic():
        for brand in portfolio.brands:
            counts.brands += _write_brand(member, brand)
        for right, kept in zip(portfolio.rights, pictures, strict=True):
            row = _write_right(member, right, counts)
            counts.references += _write_references(member, row, right, kept)
        if counts.brands or counts.added or counts.changed or counts.references:
            _record(member, counts)
    return ImportedRights(
        brands=counts.brands,
        added=counts.added,
        changed=counts.changed,
        unchanged=counts.unchanged,
        references=counts.references,
        pictures_refused=tuple(counts.refused[:MOST_TOLD]),
    )


def _check(portfolio: model.Portfolio) -> None:
    problems: list[FieldProblem] = []
    for brand in portfolio.brands:
        try:
            check_brand(facts_of_brand(brand))
        except Invalid as invalid:
            problems += _named(f"house “{excerpt_of(brand.name, 60)}”", invalid)
    for right in portfolio.rights:
        try:
            check_right(facts_of_record(right))
        except Invalid as invalid:
            problems += _named(f"right “{excerpt_of(right.title, 60)}”", invalid)
    if problems:
        raise Invalid(problems[:MOST_TOLD])


def _named(what: str, invalid: Invalid) -> list[FieldProblem]:
    return [FieldProblem(p.field, p.code, f"{what}, {p.field}: {p.message}", p.mend) for p in invalid.problems]


def _pictures_of(right: model.Right, images: ImageSource, counts: _Counts) -> list[tuple[ImageRef, SafePicture]]:
    kept = []
    for reference in right.references:
        try:
            kept.append((reference, put_in_store(images.read(reference.uri))))
        except (ImageUnavailable, RefusedPicture) as error:
            counts.refused.append(f"{excerpt_of(right.title, 60)}, {excerpt_of(reference.uri)}: {error}")
    return kept


def _write_brand(member: Member, brand: model.Brand) -> bool:
    facts = facts_of_brand(brand)
    is_new = not Brand.objects.filter(organisation_id=member.organisation_id, name=facts.name.strip()).exists()
    return fill_brand(brand_named(member.organisation_id, facts.name), facts) or is_new


def _write_right(member: Member, right: model.Right, counts: _Counts) -> Right:
    facts = facts_of_record(right)
    rows = Right.objects.select_for_update(of=("self",)).filter(organisation_id=member.organisation_id)
    row = rows.filter(core_id=right.id).first()
    is_new = row is None
    row = row or Right(organisation_id=member.organisation_id, core_id=right.id)
    brand = brand_named(member.organisation_id, facts.brand)
    moved = row.brand_id != brand.pk
    row.brand = brand
    changed = fill_right(row, facts)
    if is_new or changed or moved:
        row.save()
    counts.added += is_new
    counts.changed += not is_new and bool(changed or moved)
    counts.unchanged += not (is_new or changed or moved)
    return row


def _write_references(
    member: Member, row: Right, right: model.Right, kept: Sequence[tuple[ImageRef, SafePicture]]
) -> int:
    captures = rows_for(member.organisation_id, [picture for _, picture in kept], f"reference of {right.id}")
    there = set(row.references.values_list("capture_id", "role"))
    wanted = {(captures[picture.sha256].pk, reference.role.value): None for reference, picture in kept}
    missing = [key for key in wanted if key not in there]
    Reference.objects.bulk_create(
        Reference(right=row, public_id=new_id("ref"), capture_id=capture, role=role) for capture, role in missing
    )
    return len(missing)


def _record(member: Member, counts: _Counts) -> None:
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action="portfolio.imported",
        detail={
            "brands": counts.brands,
            "rights_added": counts.added,
            "rights_changed": counts.changed,
            "references": counts.references,
            "pictures_refused": len(counts.refused),
        },
    )
