"""A mail server that answers as RFC 5321 lets one answer: takes a mail, refuses it for good or for now, or hangs up."""

import smtplib
from typing import Any, ClassVar

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FakeServer(BaseEmailBackend):
    """`took`: mails it has; `troubles`: what the next ones meet."""

    took: ClassVar[list[EmailMessage]] = []
    troubles: ClassVar[list[str]] = []

    def open(self) -> bool:
        if self.troubles and self.troubles[0] == "away":
            self.troubles.pop(0)
            raise ConnectionRefusedError
        if self.troubles and self.troubles[0] == "password":
            self.troubles.pop(0)
            raise smtplib.SMTPAuthenticationError(535, b"no")
        return True

    def send_messages(self, email_messages: Any) -> int:
        match self.troubles.pop(0) if self.troubles else "":
            case "unknown":
                raise smtplib.SMTPRecipientsRefused({"x": (550, b"No such user")})
            case "greylisted":
                raise smtplib.SMTPDataError(451, b"Try again later")
            case "cut":
                raise smtplib.SMTPServerDisconnected
            case "taken and cut":
                self.took.extend(email_messages)
                raise smtplib.SMTPServerDisconnected
        self.took.extend(email_messages)
        return len(email_messages)
