"""A matter again from its events, and a matter under a newer version of its law."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from countermark.law.advancing import advance
from countermark.law.matter import Event, Happened, Matter
from countermark.law.regime import Regime
from countermark.model import InvalidRecord

#: The event that a change of version leaves in the log. No regime may have one of this name.
MIGRATED = "migrated"


def replay(versions: Mapping[str, Regime], matter: Matter, targets: Mapping[str, str] | None = None) -> Matter:
    """Compute a matter again from its opening and its events; equal to it, or somebody changed it.

    Args:
        versions: every version of the regime that the matter went through, by hash.
        matter: its log, opening, place and zone are used, nothing that was computed.
        targets: the service targets of then.

    Raises:
        MoveRefused: an event of the log was never possible.
        InvalidRecord: a version is missing.
    """
    steps = list(matter.log)
    version = steps[0].version if steps else matter.version
    regime = _version(versions, version)
    assert regime.file.procedure is not None
    again = msgspec.structs.replace(
        matter, version=version, state=regime.file.procedure.first, facts=matter.given, log=(), clocks=()
    )
    for step in steps:
        if step.event.name == MIGRATED:
            regime = _version(versions, step.event.facts["to"])
            again = _migrated(again, regime, step.event)
        else:
            again = advance(regime, again, step.event, targets=targets).matter
    return again


def migrate(matter: Matter, new: Regime, *, at: datetime, by: str, reason: str) -> Matter:
    """Move a matter to another version of its regime: the only way in which a change of law reaches it.

    What already runs keeps the dates it was given; what starts later is counted by the new version.

    Args:
        matter: under the version it has pinned.
        new: the version to go to.
        at: when it was decided.
        by: who decided.
        reason: why, in words.

    Raises:
        InvalidRecord: another regime, no reason, a state that the new version lacks, or a moment in the past.
    """
    if new.id != matter.regime or new.version == matter.version:
        raise InvalidRecord("regime", "it is not another version of the same regime.", "Choose one that is.")
    if not reason.strip() or not by.strip():
        raise InvalidRecord("reason", "nobody says why the law of a matter changes.", "Name person and reason.")
    if at < matter.latest:
        raise InvalidRecord("at", "it lies before what happened last.", "Check the moment.")
    facts = {"from": matter.version, "to": new.version, "reason": reason}
    return _migrated(matter, new, Event(name=MIGRATED, at=at, by=by, facts=facts))


def _migrated(matter: Matter, new: Regime, event: Event) -> Matter:
    if new.file.procedure is None or new.file.procedure.state(matter.state) is None:
        raise InvalidRecord("state", f"the new version has no state {matter.state}.", "Close the matter first.")
    happened = Happened(event=event, state=matter.state, rule="", version=matter.version)
    return msgspec.structs.replace(matter, version=new.version, log=(*matter.log, happened))


def _version(versions: Mapping[str, Regime], version: str) -> Regime:
    found = versions.get(version)
    if found is None:
        raise InvalidRecord("versions", f"version {version[:12]} is missing.", "Load the file that was kept with it.")
    return found
