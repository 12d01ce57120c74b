"""Rights for tests."""

from itertools import count

from countermark.model import RightKind, RightStatus, derive_id
from countermark.node.evidence.factories import make_capture
from countermark.node.kernel.ids import new_id
from countermark.node.parties.access import Member
from countermark.node.rights.facts import RightFacts
from countermark.node.rights.models import Brand, Reference, Right
from countermark.node.rights.writing import brand_named, fill_right

_numbers = count(1)


def make_brand(member: Member, name: str = "Corvane") -> Brand:
    """A house of the member's organisation."""
    return brand_named(member.organisation_id, name)


def make_facts(**more: object) -> RightFacts:
    """Facts of a word mark; without a title, of a new one each time."""
    given: dict[str, object] = {
        "brand": "Corvane",
        "kind": RightKind.TRADEMARK.value,
        "title": f"Corvane, word mark {next(_numbers)}",
        "mark": "Corvane",
        "territories": ("EU",),
        "classes": (18, 25),
        "office": "EM",
        "number": "018000001",
        "status": RightStatus.IN_FORCE.value,
    }
    return RightFacts(**(given | more))  # type: ignore[arg-type]


def make_right(member: Member, **more: object) -> Right:
    """A right of the member's organisation, whatever the member may do; `more` as in `RightFacts`."""
    facts = make_facts(**more)
    core_id = derive_id("rgt", facts.brand, facts.kind, facts.office, facts.number, facts.title)
    right = Right(
        organisation_id=member.organisation_id, core_id=core_id, brand=brand_named(member.organisation_id, facts.brand)
    )
    fill_right(right, facts)
    right.save()
    return right


def make_reference(member: Member, right: Right, *, colour: tuple[int, int, int] = (10, 20, 30)) -> Reference:
    """An official photo of a right; `member` needs LISTINGS_IMPORT or RIGHTS_EDIT."""
    capture = make_capture(member, colour=colour)
    return Reference.objects.create(right=right, public_id=new_id("ref"), capture=capture, role="official")
