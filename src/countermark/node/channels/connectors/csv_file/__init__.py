"""Files that a partner fetches or a person uploads: one CSV for each call, columns as the partner has them."""

from countermark.node.channels.connectors.csv_file.sending import CsvFile

CONNECTOR = CsvFile()
