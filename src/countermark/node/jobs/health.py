"""Whether a node is well: what an administrator asks with `countermark node doctor`."""

import ctypes
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from countermark.node.channels import selectors as channels
from countermark.node.exchange import reaching
from countermark.node.exchange.keeping import KeyProblem, usable_keys
from countermark.node.exchange.keeping.manifest import OPERATIONAL
from countermark.node.findings import services as findings
from countermark.node.jobs.identity import surely_dead
from countermark.node.kernel.time import now
from countermark.node.parties import selectors as parties

GOOD, BAD, UNSURE = "good", "bad", "look"
#: A key that ends within this time is to be renewed now: partners must learn of the new one first.
_RENEW_BEFORE = timedelta(days=30)
_LEAST_SPACE = 1024**3
#: A running exchange asks each partner every half minute, one that is away every five; a partner may ask for patience.
_ASKED_WITHIN = timedelta(minutes=15)
#: State that adjtimex(2) gives when nothing keeps the clock (TIME_ERROR), and more bytes than its struct has.
_NOT_KEPT, _TIMEX_BYTES = 5, 512


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what.
        state: good, look (a person should) or bad.
        sentence: what was seen, and what to do.
    """

    name: str
    state: str
    sentence: str

    def as_plain(self) -> dict[str, str]:
        """For `--json`."""
        return {"state": self.state, "sentence": self.sentence}


def examine() -> list[Check]:
    """Look at everything; a check that fails itself is bad, and the others still run."""
    database = _database()
    checks = [database, _store(), _space()]
    if database.state == BAD:
        return checks
    checks += [_tables(), _organisation(), _workers(), _channels(), *_keys()]
    return [*checks, _clock(), *_asking(), *_partners()]


def _database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Check("database", BAD, f"It does not answer ({type(error).__name__}). Look at DATABASE_URL.")
    return Check("database", GOOD, f"{connection.display_name} answers.")


def _tables() -> Check:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return Check("tables", BAD, f"{len(missing)} migrations wait. Run: countermark node manage migrate")
    return Check("tables", GOOD, "They are as this version wants them.")


def _store() -> Check:
    folder = Path(settings.COUNTERMARK_STORE)
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if os.access(folder, os.W_OK | os.X_OK):
        return Check("store", GOOD, "It can be written.")
    return Check("store", BAD, "It cannot be written. Look at COUNTERMARK_STORE and who owns it.")


def _space() -> Check:
    free = shutil.disk_usage(_existing(Path(settings.COUNTERMARK_HOME))).free
    if free < _LEAST_SPACE:
        return Check("space", UNSURE, f"{free // 1024**2} MiB are free. A full disk stops everything.")
    return Check("space", GOOD, f"{free // 1024**3} GiB are free.")


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)


def _organisation() -> Check:
    if parties.has_organisation():
        return Check("organisation", GOOD, "It is set up.")
    return Check("organisation", BAD, "There is none. Run: countermark node init")


def _workers() -> Check:
    dead = [worker for worker in findings.workers_claiming() if surely_dead(worker)]
    if dead:
        return Check("workers", UNSURE, f"{len(dead)} ended in the middle of their work; a running one takes it over.")
    return Check("workers", GOOD, "None left its work behind.")


def _channels() -> Check:
    names = channels.in_trouble()
    if names:
        return Check("channels", UNSURE, f"Look at the page of channels: {', '.join(names[:5])}.")
    return Check("channels", GOOD, "Nothing stands still in them.")


def _keys() -> list[Check]:
    if not settings.COUNTERMARK_NODE_NAME:
        return [Check("keys", UNSURE, "This node speaks to no partner: COUNTERMARK_NODE_NAME is not set.")]
    return [_guarded(f"key for {purpose}", lambda one=purpose: _key(one)) for purpose in OPERATIONAL]  # type: ignore[misc]


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except KeyProblem as problem:
        return Check(name, BAD, problem.detail)


def _key(purpose: str) -> Check:
    name = f"key for {purpose}"
    newest = max((key.end for key in usable_keys(purpose)), default=None)  # type: ignore[arg-type]
    if newest is None:
        return Check(name, BAD, f"There is none. Run: countermark node keys renew {purpose}")
    left = newest - now()
    if left < _RENEW_BEFORE:
        return Check(name, UNSURE, f"It ends in {left.days} days. Run: countermark node keys renew {purpose}")
    return Check(name, GOOD, f"Valid for {left.days} more days.")


def _clock() -> Check:
    """What the kernel knows of the clock (adjtimex): entries and requests from another time are refused."""
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        state = -1
    if state < 0:
        return Check("clock", UNSURE, "The system does not say whether a time server keeps it. Look yourself.")
    if state == _NOT_KEPT:
        return Check("clock", UNSURE, "No time server keeps it. Partners refuse what is a minute off. Set one up.")
    return Check("clock", GOOD, "A time server keeps it.")


def _asking() -> list[Check]:
    last = reaching.asked_last()
    if last is None:
        return []
    if now() - last > _ASKED_WITHIN:
        sentence = f"Partners were last asked at {last:%Y-%m-%d %H:%M} UTC. Run: countermark node exchange"
        return [Check("exchange", UNSURE, sentence)]
    return [Check("exchange", GOOD, "It asks partners for what they say.")]


def _partners() -> list[Check]:
    found = [*reaching.reach_ourselves(), *reaching.reach_partners()]
    return [Check(f"{one.who} ({one.node})", GOOD if one.well else BAD, one.sentence) for one in found]
