"""What an organisation is in the joint work."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """Which of the three parties it is."""

    RIGHTS_HOLDER = "rights_holder"
    MARKETPLACE = "marketplace"
    PAYMENT = "payment"
