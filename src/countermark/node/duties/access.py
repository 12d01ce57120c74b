"""Everything about one person, the desk's own requests among it: what an access request is answered with."""

from countermark.node.duties.models import PersonRequest
from countermark.node.insight.about_person import MOST_FOUND, Findings, Held, about_person
from countermark.node.insight.matching import Person
from countermark.node.parties.access import Member


def everything_about(member: Member, person: Person) -> Findings:
    """As `about_person`, with what the person asked before. Raises NotPermitted."""
    found = about_person(member, person)
    for row in PersonRequest.objects.filter(organisation_id=member.organisation_id, erased_at=None).order_by("pk"):
        says = {"name": row.name, "contact": row.contact, "words": row.words, "answer": row.answer}
        by = next(filter(None, (person.found_in(text) for text in says.values())), "")
        if by and len(found.things) < MOST_FOUND:
            found.things.append(Held(where="request of a person", id=row.public_id, by=by, says=says))
        elif by:
            found.complete = False
    return found
