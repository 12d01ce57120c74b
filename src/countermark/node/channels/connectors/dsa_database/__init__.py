"""The DSA Transparency Database of the Commission."""

from countermark.node.channels.connectors.dsa_database.sending import DsaDatabase

CONNECTOR = DsaDatabase()
