"""The database: SQLite by default, PostgreSQL by DATABASE_URL."""

from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from countermark.node.config.environment import text

#: Seconds that a writer of SQLite waits for the one before it.
BUSY_SECONDS = 30

_SQLITE_START = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA foreign_keys=ON; "
    # INSERT OR REPLACE then fires the delete triggers of append-only tables too.
    "PRAGMA recursive_triggers=ON; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA cache_size=-65536;"
)


def database(default: Path, *, synchronous: str = "FULL") -> dict[str, Any]:
    """Django's description of the database that DATABASE_URL names; a SQLite file at `default` when it names none.

    `synchronous` is SQLite's. FULL: with less, a power cut may take back what a partner has received already, and the
    node would then say something else in its place.
    """
    address = text("DATABASE_URL")
    found: dict[str, Any] = (
        dict(dj_database_url.parse(address)) if address else {"ENGINE": "django.db.backends.sqlite3"}
    )
    if not address:
        found["NAME"] = default
    engine = found["ENGINE"]
    if engine == "django.db.backends.sqlite3":
        return found | {"OPTIONS": _sqlite(synchronous)}
    if engine == "django.db.backends.postgresql":
        return found | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    raise ImproperlyConfigured("DATABASE_URL must name SQLite (sqlite:///…) or PostgreSQL 15 or newer (postgres://…).")


def _sqlite(synchronous: str) -> dict[str, Any]:
    # IMMEDIATE: a transaction takes the write lock when it begins, so it waits its turn instead of failing half-way.
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": BUSY_SECONDS,
        "init_command": _SQLITE_START.format(synchronous=synchronous),
    }
