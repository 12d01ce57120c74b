"""The door to the engine: the only place of the node that prepares and runs a scan plan."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TypeVar

from countermark.judge import ENGINE_VERSION, Policy, load_policy, parse_policy
from countermark.model import ImageSource, ImageUnavailable, Portfolio, from_json
from countermark.node.evidence.selectors import StoreImages
from countermark.node.findings.models import Snapshot
from countermark.scan import LookBack, ScanPlan

__all__ = ["ENGINE_VERSION", "CountingImages", "forget_plans", "is_ready", "look_back_of", "plan_of", "shipped_policy"]

#: Plans kept ready in one process: scans take turns, so more than one is in use; each holds a few megabytes.
PLANS_KEPT = 3

K = TypeVar("K")
V = TypeVar("V")

_plans: OrderedDict[int, ScanPlan] = OrderedDict()
_look_backs: OrderedDict[tuple[int, str], LookBack] = OrderedDict()


def shipped_policy() -> Policy:
    """The policy that a new scan uses, with the bytes of its file."""
    return load_policy()


def plan_of(snapshot: int) -> ScanPlan:
    """The plan of a snapshot; made once in a process, the least recently used thrown out first."""
    plan = _plans.get(snapshot)
    if plan is None:
        row = Snapshot.objects.get(pk=snapshot)
        portfolio = from_json(bytes(row.portfolio), Portfolio)
        plan = ScanPlan.prepare(portfolio, StoreImages(), parse_policy(bytes(row.policy)))
        _shelve(_plans, snapshot, plan)
    _plans.move_to_end(snapshot)
    return plan


def look_back_of(snapshot: int, right_id: str) -> LookBack:
    """One right (`rgt_…`) of a snapshot, ready to be held against listings; kept as plans are.

    Raises KeyError: the snapshot has no such right.
    """
    place = snapshot, right_id
    found = _look_backs.get(place)
    if found is None:
        portfolio = from_json(bytes(Snapshot.objects.get(pk=snapshot).portfolio), Portfolio)
        found = LookBack.prepare(portfolio, right_id, StoreImages())
        _shelve(_look_backs, place, found)
    _look_backs.move_to_end(place)
    return found


def is_ready(snapshot: int) -> bool:
    """Whether `plan_of` would answer at once."""
    return snapshot in _plans


def forget_plans() -> None:
    """Empty the shelf (tests: each has its own database, in which row numbers begin again)."""
    _plans.clear()
    _look_backs.clear()


def _shelve(shelf: "OrderedDict[K, V]", name: K, made: V) -> None:
    shelf[name] = made
    while len(shelf) > PLANS_KEPT:
        shelf.popitem(last=False)


@dataclass
class CountingImages:
    """An `ImageSource` that remembers which pictures of the store could not be read.

    Pictures that a listing only names were never here; they are not counted, as no scan ever saw them.
    """

    source: ImageSource
    unreadable: set[str] = field(default_factory=set)

    def read(self, uri: str) -> bytes:
        """As the source does, keeping the content address when it raises ImageUnavailable."""
        try:
            return self.source.read(uri)
        except ImageUnavailable:
            if uri.startswith("sha256:"):
                self.unreadable.add(uri)
            raise
