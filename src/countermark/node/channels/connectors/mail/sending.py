"""Send a mail each. No server tells whether a mail arrived, so one whose handing over was cut waits for a person."""

import json
import smtplib
from collections.abc import Mapping, Sequence
from email.utils import formatdate

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email

from countermark.node.channels.connector import (
    Arrived,
    Limits,
    Outcome,
    Parcel,
    Place,
    Refused,
    Seen,
    TryLater,
    Unsure,
    Wanted,
)
from countermark.node.channels.connectors.mail import rendering
from countermark.node.channels.letters import Cargo, Letter
from countermark.node.channels.line import Line
from countermark.node.channels.statuses import Status
from countermark.node.kernel.errors import FieldProblem

#: Bytes of all papers of one mail; many servers take no more.
LARGEST = 15 * 1024 * 1024
_LOOK_UP = "Look at the mail server, or ask the recipient, whether it went out. Then send again, or mark it as told."


class Mail:
    """See `connector.Connector`."""

    id = "mail"
    title = "E-mail"
    says = "A mail with papers to one address. A person approves the address before anything goes there."
    carries = frozenset(Cargo) - {Cargo.STATEMENT}
    limits = Limits(in_a_call=1, longest={"explanation": 10_000}, enclosed=10)
    wants = (
        Wanted("address", "Address", "Of the office that takes notices, such as notices@bazaar.example."),
        Wanted("reply_to", "Answers to", "Address of yours that people read; empty for the node's own sender."),
    )
    repeats_safely = False
    looks = False
    approves = True
    files = False
    platform = ""

    def missing(self, place: Place) -> tuple[FieldProblem, ...]:
        """A mail server, an address, and its approval."""
        found = []
        for name in ("address", "reply_to"):
            if (written := place.details.get(name, "")) or name == "address":
                found += _address_problems(name, written)
        if not found and not place.approved:
            said = "Nobody has approved the address of this channel yet."
            found.append(
                FieldProblem("approval", "not-approved", said, "Let somebody who may approve it on “Channels”.")
            )
        if settings.EMAIL_BACKEND.endswith(".dummy.EmailBackend"):
            said = "The node has no mail server."
            found.append(FieldProblem("server", "not-set-up", said, "Set COUNTERMARK_EMAIL_HOST and start it again."))
        return tuple(found)

    def check(self, letter: Letter, place: Place) -> tuple[FieldProblem, ...]:
        """Papers that are too large together."""
        del place
        if sum(len(one.data) for one in letter.enclosed) > LARGEST:
            said = f"The papers are larger than {LARGEST // 1024**2} MB together."
            return (FieldProblem("evidence", "channel-too-large", said, "Leave some out, or make them smaller."),)
        return ()

    def known(self, place: Place, ground: str) -> Mapping[str, str]:
        """Nothing."""
        del place, ground
        return {}

    def render(self, letter: Letter, place: Place) -> str:
        """Subject and text as JSON; the address is that of the channel when the mail goes."""
        del place
        return json.dumps(
            {"subject": rendering.subject_of(letter), "text": rendering.text_of(letter)}, ensure_ascii=False
        )

    def send(self, parcels: Sequence[Parcel], place: Place, line: Line) -> list[Outcome]:
        """Hand each over to the mail server."""
        del line
        return [self._send(one, place) for one in parcels]

    def find(self, parcels: Sequence[Parcel], place: Place, line: Line) -> list[Outcome]:
        """Nobody can be asked."""
        del place, line
        return [Unsure(_LOOK_UP) for _ in parcels]

    def look(self, parcels: Sequence[Parcel], place: Place, line: Line) -> list[Seen]:
        """Answers come as mail, to people."""
        del place, line
        return [Seen("", Status.UNKNOWN) for _ in parcels]

    def _send(self, parcel: Parcel, place: Place) -> Outcome:
        connection = get_connection()
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise _not_reached(error) from error
        try:
            message = _message(parcel, place)
            message.connection = connection
            message.send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
            return _refused(error)
        except OSError as error:
            raise TryLater("cut", "The connection to the mail server was cut.", nothing_sent=False) from error
        finally:
            connection.close()
        return Arrived(str(message.extra_headers["Message-ID"]), "handed to the mail server", Status.SUBMITTED)


def _refused(error: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> Refused:
    """What the server says of a mail that it will not take. Raises TryLater: it will, later."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = min((one[0] for one in error.recipients.values()), default=500)
    else:
        code = error.smtp_code
    if code < 500:
        raise TryLater("later", f"The mail server asks to try later (code {code}).")
    return Refused("refused", f"The mail server refused it (code {code}).", "Look at the address, then send it again.")


def _not_reached(error: Exception) -> TryLater:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        mend = "Look at COUNTERMARK_EMAIL_USER and the file of its password."
        return TryLater("token", "The mail server does not accept the name or password.", mend=mend)
    return TryLater("not-reached", "The mail server cannot be reached.", mend="Look at COUNTERMARK_EMAIL_HOST.")


def _address_problems(name: str, written: str) -> list[FieldProblem]:
    try:
        validate_email(written)
    except ValidationError:
        return [FieldProblem(name, "not-an-address", "This is no mail address.", "Write one, and only one.")]
    return []


def _message(parcel: Parcel, place: Place) -> EmailMessage:
    said, node = json.loads(parcel.body), settings.COUNTERMARK_NODE_NAME or "localhost"
    message = EmailMessage(
        subject=said["subject"],
        body=said["text"],
        to=[place.details["address"]],
        reply_to=[place.details["reply_to"]] if place.details.get("reply_to") else None,
        # The same at every try, so that a recipient can tell a mail that came twice.
        headers={"Message-ID": f"<{parcel.reference}@{node}>", "Date": formatdate(parcel.began.timestamp())},
    )
    for one in parcel.enclosed:
        message.attach(one.name, one.data, one.media_type)
    return message
