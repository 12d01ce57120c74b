"""Who is on a house's list of authorised sellers, and how surely."""

from collections.abc import Iterable

from countermark.model import AuthorisedSeller, Seller
from countermark.model.text import fold_plain

#: Strength of a match by the marketplace's own id, which nobody can copy.
BY_ID = 1.0
#: Strength of a match that rests on a name, which a counterfeiter can copy.
BY_NAME = 0.7


class AuthorisedList:
    """The authorised sellers of one house, made ready for looking up.

    An entry with a marketplace and an id is matched by these alone. An entry without an id is matched by its name, on
    its marketplace when it names one. An entry with an id but no marketplace needs id and name: ids of two marketplaces
    can coincide. Names of marketplaces are compared folded, as those of sellers are.
    """

    def __init__(self, entries: Iterable[AuthorisedSeller]) -> None:
        self._ids: set[tuple[str, str]] = set()
        self._names: set[tuple[str, str]] = set()
        self._ids_with_names: set[tuple[str, str]] = set()
        places: dict[str, set[str]] = {}
        for entry in entries:
            folded, place = fold_plain(entry.name), fold_plain(entry.marketplace)
            if folded and place:
                places.setdefault(folded, set()).add(entry.marketplace)
            if entry.external_id and place:
                self._ids.add((place, entry.external_id))
            elif entry.external_id and folded:
                self._ids_with_names.add((entry.external_id, folded))
            elif folded:
                self._names.add((place, folded))
        self._places = {name: tuple(sorted(found)) for name, found in places.items()}

    def match(self, seller: Seller) -> tuple[float, str] | None:
        """How strongly the seller is on the list, and in words by what; None when it is not."""
        place = fold_plain(seller.marketplace)
        if (place, seller.external_id) in self._ids:
            return BY_ID, "by the marketplace's own id of the shop"
        if not seller.name or not (self._names or self._ids_with_names):
            return None
        folded = fold_plain(seller.name)
        if (seller.external_id, folded) in self._ids_with_names:
            return BY_NAME, "by an id of no named marketplace, and by name"
        if (place, folded) in self._names or ("", folded) in self._names:
            return BY_NAME, "by name alone"
        return None

    def match_elsewhere(self, seller: Seller) -> str | None:
        """Another marketplace on which a shop of the same name is listed; None when there is none.

        Such a shop may sell genuine goods outside the channel that it was given. A name can be copied.
        """
        folded = fold_plain(seller.name)
        places = self._places.get(folded, ()) if folded else ()
        here = fold_plain(seller.marketplace)
        return next((place for place in places if fold_plain(place) != here), None)
