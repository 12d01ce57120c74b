"""Names that mean something between two sides only: of our people, and of shops."""

import base64
import hmac
import secrets

from countermark.node.cases.models import PseudonymKey
from countermark.node.exchange.models import Agreement
from countermark.node.parties.access import Member
from countermark.node.parties.models import Membership

_KEY_BYTES, _TOKEN_CHARACTERS = 32, 16


class Pseudonyms:
    """Makes and recognises the pseudonyms of one agreement.

    HMAC-SHA-256 under a random key of that agreement: the partner cannot count back to a row number, and two partners
    cannot put their pseudonyms together.
    """

    def __init__(self, agreement: Agreement) -> None:
        row, _ = PseudonymKey.objects.get_or_create(
            agreement=agreement, defaults={"key": secrets.token_bytes(_KEY_BYTES)}
        )
        self._key = bytes(row.key)
        self._organisation = agreement.organisation_id

    def of_user(self, user_id: int) -> str:
        """Of one of our people: `m-` and 16 characters."""
        return f"m-{self._token(f'member:{user_id}')}"

    def of_shop(self, seller_id: str) -> str:
        """Of a shop (`slr_…`): `s-` and 16 characters."""
        return f"s-{self._token(f'shop:{seller_id}')}"

    def users(self) -> dict[str, tuple[int, str]]:
        """Pseudonym -> row number and name, of everyone who belongs to our organisation now."""
        rows = Membership.objects.filter(organisation_id=self._organisation).select_related("user")
        return {self.of_user(row.user_id): (row.user_id, row.user.name or row.user.email) for row in rows}

    def is_of(self, member: Member, token: str) -> bool:
        """Whether a pseudonym is the member's."""
        return hmac.compare_digest(self.of_user(member.user_id), token)

    def _token(self, text: str) -> str:
        digest = hmac.digest(self._key, text.encode(), "sha256")
        return base64.b32encode(digest).decode()[:_TOKEN_CHARACTERS].lower()
