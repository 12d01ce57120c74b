"""Who plays in the demo: three invented organisations and their people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """One person of an organisation."""

    name: str
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class Cast:
    """One organisation.

    Attributes:
        party: its id in agreements, and the name of its folder.
        name: for people.
        kind: rights_holder, marketplace or payment.
        people: the first one founds the organisation.
    """

    party: str
    name: str
    kind: str
    people: tuple[Person, ...]


AURELLE = Cast(
    "maison-aurelle",
    "Maison Aurelle",
    "rights_holder",
    (
        Person("Odile Marchetti", "admin@aurelle.example", "administrator"),
        Person("Ana Duval", "ana@aurelle.example", "analyst"),
        Person("Claire Benoit", "counsel@aurelle.example", "counsel"),
        Person("Oscar Lind", "officer@aurelle.example", "officer"),
        Person("Rui Reader", "reader@aurelle.example", "reader"),
    ),
)
BAZAAR = Cast(
    "bazaar",
    "Bazaar",
    "marketplace",
    (
        Person("Lin Wanqing", "admin@bazaar.example", "administrator"),
        Person("Mateo Okafor", "officer@bazaar.example", "officer"),
    ),
)
ALTO_PAY = Cast(
    "alto-pay",
    "Alto Pay",
    "payment",
    (
        Person("Ilse Brandt", "admin@altopay.example", "administrator"),
        Person("Noor Haddad", "risk@altopay.example", "officer"),
    ),
)
#: In the order of their ports; the first holds the rights and scans.
TEAM = (AURELLE, BAZAAR, ALTO_PAY)
