"""Proceedings for tests, opened and told as a person does."""

from datetime import date

from countermark.node.parties.access import Member
from countermark.node.proceedings import happening, opening
from countermark.node.proceedings.happening import Said
from countermark.node.proceedings.opening import Opening


def make_proceeding(member: Member, regime: str = "eu-customs", since: date = date(2026, 4, 1), **more: object) -> str:
    """A proceeding; gives its id."""
    given = {"about": "Parcel at Roissy", "place": "FR", "zone": "Europe/Paris"} | more
    return opening.open_one(member, Opening(regime=regime, since=since, **given))  # type: ignore[arg-type]


def tell(member: Member, name: str, event: str, day: str, **facts: str) -> None:
    """Write that something happened."""
    happening.happened(member, name, Said(event=event, day=date.fromisoformat(day), facts=facts))
