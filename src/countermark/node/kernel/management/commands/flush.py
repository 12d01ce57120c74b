"""`flush`, which empties every table: allowed between tests, refused everywhere else."""

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from countermark.node.kernel.guards import lifted


class Command(flush.Command):
    """Empty the database of a test, records included; a node keeps its records."""

    help = "Empty the database between tests. Refused on a node: its records are never emptied."

    def handle(self, **options: Any) -> None:
        """Refuse unless it is a test's database; else empty it with the guards away."""
        with lifted(connections[options["database"]]):
            super().handle(**options)
