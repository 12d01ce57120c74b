"""Capture a page as evidence: asked for, captured in a process of its own, sealed, stamped."""

from pathlib import Path

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.evidence import custody
from countermark.node.evidence.capturing.fetching import NotCaptured, check_url
from countermark.node.evidence.capturing.orders import CaptureRecord, Surroundings
from countermark.node.evidence.isolating import captured
from countermark.node.evidence.models import Evidence, EvidenceFile, EvidenceStamp
from countermark.node.evidence.retaining import last_day
from countermark.node.evidence.stamping import NotStamped, authorities, stamp
from countermark.node.evidence.store import store
from countermark.node.kernel import claims
from countermark.node.kernel.claims import State
from countermark.node.kernel.errors import Invalid
from countermark.node.kernel.ids import new_id
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Permission
from countermark.proof.entries import write_moment
from countermark.proof.seals import SEALED, Seal, SealedFile, digest

#: Seconds of a claim, longer than a capture may take; and times that one is tried.
_CLAIM, _TRIES = 180.0, 3


def request_capture(member: Member, url: str, *, listing_id: str = "", retention: str = "routine") -> str:
    """Ask for a page to be captured; a worker does it. Gives the id, `evd_…`.

    Raises NotPermitted (EVIDENCE_CAPTURE), Invalid (an address that cannot be captured, an unknown class).
    """
    member.require(Permission.EVIDENCE_CAPTURE)
    try:
        check_url(url)
    except NotCaptured as problem:
        raise Invalid.of("url", "not-an-address", str(problem), problem.mend) from problem
    if retention not in Evidence.Retention.values:
        raise Invalid.of("retention", "unknown-class", "There is no such class.", "Write routine or case.")
    with transaction.atomic():
        row = Evidence.objects.create(
            organisation_id=member.organisation_id,
            public_id=new_id("evd"),
            listing_id=listing_id,
            url=url,
            requested_by=member.actor,
            retention=retention,
        )
        custody.add(row, member.actor, "asked", {"listing": listing_id} if listing_id else {})
        _trail(row, member.actor, "evidence.asked")
    return row.public_id


def capture_now(member: Member, url: str, *, listing_id: str = "", retention: str = "routine") -> str:
    """Ask for a page and capture it here and now; gives the id.

    Raises as `request_capture`, and Invalid when the page was not reached.
    """
    evidence_id = request_capture(member, url, listing_id=listing_id, retention=retention)
    row = claims.claim(Evidence.objects.filter(public_id=evidence_id), member.actor, _CLAIM)
    if row is not None:
        _run(row, member.actor)
    row = Evidence.objects.get(public_id=evidence_id)
    if row.state == State.FAILED:
        raise Invalid.of("url", "not-captured", row.reason)
    return evidence_id


def claim_capture(worker: str) -> str | None:
    """Claim the capture that waits longest; gives its id, None when none waits."""
    row = claims.claim(Evidence.objects.all(), worker, _CLAIM, tries=_TRIES)
    return row.public_id if row else None


def run_capture(evidence_id: str, worker: str) -> bool:
    """Do a capture that was claimed; says whether it was sealed."""
    return _run(Evidence.objects.get(public_id=evidence_id), worker)


def workers_claiming() -> list[str]:
    """Names of workers that hold captures."""
    held = Evidence.objects.filter(state=State.RUNNING).exclude(claimed_by="")
    return list(held.values_list("claimed_by", flat=True).distinct())


def release_claims(worker: str) -> int:
    """Let what a worker held wait again; says how many."""
    rows = Evidence.objects.filter(state=State.RUNNING, claimed_by=worker)
    return sum(claims.give_back(row, worker, count_try=True) for row in rows)


def _run(row: Evidence, worker: str) -> bool:
    try:
        with captured(row.url) as (folder, record):
            _seal(row, worker, folder, record)
    except Invalid as problem:
        with transaction.atomic():
            if claims.finish(row, worker, State.FAILED, problem.detail):
                custody.add(row, _actor(worker), "failed", {})
        return False
    add_stamps(row)
    return True


def _actor(worker: str) -> str:
    return worker if worker.startswith("usr_") else "worker"


def _seal(row: Evidence, worker: str, folder: Path, record: CaptureRecord) -> None:
    kept, files = store(), []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        data = path.read_bytes()
        files.append(SealedFile(f"data/{path.relative_to(folder).as_posix()}", kept.keep_evidence(data), len(data)))
    files.sort(key=lambda one: one.name)
    moment = now()
    sealer = Organisation.objects.get(pk=row.organisation_id).name
    seal = Seal(row.public_id, write_moment(moment), sealer, tuple(files)).to_bytes()
    with transaction.atomic():
        if not claims.finish(row, worker, State.DONE):
            return  # another worker had it meanwhile; the files are the same bytes or nobody's
        until = last_day(moment.date(), row.retention)
        Evidence.objects.filter(pk=row.pk).update(seal=seal.decode(), sealed_at=moment, retain_until=until)
        row.refresh_from_db()
        EvidenceFile.objects.bulk_create(
            EvidenceFile(evidence=row, name=one.name.removeprefix("data/"), sha256=one.sha256, size=one.size)
            for one in files
        )
        offset = record.clock_offset_seconds
        seen = {
            "began": record.began,
            "ended": record.ended,
            "tools": " ".join(f"{k}/{v}" for k, v in record.tools.items()),
        }
        if offset is not None:
            seen["clock_offset_seconds"] = str(offset)
        if record.surroundings is not None:
            seen |= _surroundings(record.surroundings)
        custody.add(row, _actor(worker), "captured", seen)
        custody.add(row, _actor(worker), SEALED, {"seal": digest(seal), "files": str(len(files))})
        _trail(row, _actor(worker), "evidence.sealed")


def _surroundings(found: Surroundings) -> dict[str, str]:
    """What was there before the first request, as facts of the line of custody; capture.json has all of it."""
    kept = {True: "kept by a time service", False: "kept by nobody", None: "not known"}[found.clock_kept]
    new = found.profile_is_new and not found.files_left
    return {
        "began_clean": "yes" if new else "no",
        "addresses": " ".join(found.addresses)[:500],
        "from": " ".join(found.own_addresses)[:200],
        "machine": found.machine,
        "clock": kept,
    }


def add_stamps(row: Evidence) -> list[str]:
    """Ask each authority that has not stamped the seal yet; gives what went wrong, a sentence each.

    Outside of any transaction: an authority may take its time. What fails is asked again at the next check or export.
    """
    known = set(row.stamps.values_list("url", flat=True))
    problems = []
    for url, certificates in authorities():
        if url in known or not row.seal:
            continue
        found = stamp(row.seal.encode(), url, certificates)
        if isinstance(found, NotStamped):
            problems.append(f"{url}: {found.problem}")
            continue
        with transaction.atomic():
            EvidenceStamp(
                evidence=row,
                authority=found.said.authority[:300],
                url=url[:300],
                token=found.token,
                certificates=found.certificates,
                stamped_at=found.said.time,
            ).save()
            custody.add(
                row, "system", "stamped", {"authority": found.said.authority, "time": write_moment(found.said.time)}
            )
    return problems


def _trail(row: Evidence, actor: str, action: str) -> None:
    audit.record(
        actor=actor,
        organisation=row.organisation_id,
        action=action,
        target=row.public_id,
        detail={"listing": row.listing_id},
    )
