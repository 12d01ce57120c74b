"""Mail to an address that a person approved: the statutory way to a marketplace that has no other."""

from countermark.node.channels.connectors.mail.sending import Mail

CONNECTOR = Mail()
