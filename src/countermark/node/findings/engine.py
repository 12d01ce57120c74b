"""The door to the engine: the only place of the node that prepares and runs a scan plan."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from django.conf import settings

from countermark.formats.arrow import listings_to_batch
from countermark.judge import ENGINE_VERSION, Policy, load_policy, parse_policy
from countermark.model import Finding, ImageSource, ImageUnavailable, InvalidRecord, Portfolio, from_json
from countermark.node.evidence.selectors import StoreImages
from countermark.node.findings.beside import plan_arguments
from countermark.node.findings.models import Snapshot
from countermark.node.listings.models import Listing
from countermark.node.listings.records import as_record
from countermark.scan import LookBack, ScanPlan
from countermark.signals.image import Unreadable

__all__ = [
    "ENGINE_VERSION",
    "CountingImages",
    "forget_plans",
    "is_ready",
    "look_back_of",
    "plan_of",
    "policy_in_use",
    "policy_of",
    "run_plan",
]

#: Plans kept ready in one process: scans take turns, so more than one is in use; each holds a few megabytes.
PLANS_KEPT = 3

K = TypeVar("K")
V = TypeVar("V")

_plans: OrderedDict[int, ScanPlan] = OrderedDict()
_look_backs: OrderedDict[tuple[int, str], LookBack] = OrderedDict()


def policy_in_use() -> Policy:
    """The policy that a new scan uses, with the bytes of its file: of COUNTERMARK_POLICY, or the shipped one."""
    own: bytes = settings.COUNTERMARK_POLICY
    return _parsed(own) if own else _shipped()


def policy_of(organisation: int | None, digest: str) -> Policy | None:
    """The policy with this hash; None when no scan of the organisation kept it and it is not in use either.

    One that this version of the engine can no longer read counts as not kept: a page must not fail over it.
    """
    in_use = policy_in_use()
    if digest == in_use.digest:
        return in_use
    if organisation is None:
        return None
    kept = Snapshot.objects.filter(organisation_id=organisation, policy_hash=digest).values_list("policy", flat=True)
    source = kept.first()
    try:
        return _parsed(bytes(source)) if source is not None else None
    except InvalidRecord:
        return None


@lru_cache(maxsize=1)
def _shipped() -> Policy:
    return load_policy()


@lru_cache(maxsize=16)
def _parsed(source: bytes) -> Policy:
    return parse_policy(source)


def plan_of(snapshot: int) -> ScanPlan:
    """The plan of a snapshot; made once in a process, the least recently used thrown out first.

    Raises NetworkChanged: the snapshot needs a learned network that the node no longer has.
    """
    plan = _plans.get(snapshot)
    if plan is None:
        row = Snapshot.objects.select_related("market").get(pk=snapshot)
        portfolio = from_json(bytes(row.portfolio), Portfolio)
        beside = plan_arguments(bytes(row.beside), row.market)
        plan = ScanPlan.prepare(portfolio, StoreImages(), _parsed(bytes(row.policy)), **beside)
        _shelve(_plans, snapshot, plan)
    _plans.move_to_end(snapshot)
    return plan


def run_plan(plan: ScanPlan, rows: Sequence[Listing], images: ImageSource) -> tuple[list[Finding], list[Unreadable]]:
    """What a plan finds in some listings (`seller` and `pictures` loaded), and the pictures it could not look at."""
    unreadable: list[Unreadable] = []
    found = plan.run(listings_to_batch([as_record(row) for row in rows]), images, unreadable)
    return found, unreadable


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

    Pictures that a listing only names were never here; they are not among them, as no scan ever saw them.
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
