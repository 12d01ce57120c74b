"""Bring listings in. Pages request and cancel; workers claim and run; the command reads a folder at once."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import structlog
from django.db import DatabaseError, transaction

from countermark import model
from countermark.formats.codes import read_language
from countermark.formats.problems import Unfit
from countermark.model import ImageSource
from countermark.model.problem import excerpt_of
from countermark.node.audit import services as audit
from countermark.node.evidence.archives import PictureArchive
from countermark.node.kernel.claims import claim
from countermark.node.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from countermark.node.kernel.ids import is_id, new_id
from countermark.node.kernel.time import now
from countermark.node.listings.importing import (
    CLAIM_SECONDS,
    LONGEST_MARKETPLACE,
    TRIES,
    KeepGoing,
    Progress,
    Reading,
    end,
    images_of,
    note_end,
)
from countermark.node.listings.models import Import, Listing
from countermark.node.listings.pictures import Gathered
from countermark.node.listings.selectors import summary_of
from countermark.node.listings.shown import ImportShown
from countermark.node.listings.spooling import Spool
from countermark.node.listings.states import ENDED, ImportOutcome
from countermark.node.listings.storing import Incoming, store
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

log = structlog.get_logger(__name__)

_NAME_SHOWN = 200
#: Title of a listing that forgot what it said.
FORGOTTEN = "[deleted]"


def request_import(
    member: Member,
    file: BinaryIO,
    name: str,
    *,
    pictures: BinaryIO | None = None,
    marketplace: str = "",
    language: str = "",
) -> str:
    """Take a file of listings in and put it in the queue; gives the import's id (`imp_…`).

    Args:
        member: who brings it; needs LISTINGS_IMPORT.
        file: the listings, in any format that `countermark scan` reads; read to its end, never rewound.
        name: what its owner calls it: shown, and its ending may tell the format; never used as a path.
        pictures: a ZIP archive of the pictures that the listings name; checked at once.
        marketplace: for rows that name none.
        language: BCP 47 tag for texts that name none.

    Raises NotPermitted, Invalid (each field with its mend).
    """
    member.require(Permission.LISTINGS_IMPORT)
    _check(marketplace, language)
    import_id = new_id("imp")
    spool = Spool(import_id)
    try:
        taken = spool.take_listings(file, name)
        archive = spool.take_pictures(pictures) if pictures is not None else None
        if path := spool.pictures():
            PictureArchive(path)
        with transaction.atomic():
            row = _create(member, import_id, name, marketplace=marketplace, language=language)
            row.size, row.sha256, row.pictures_size = taken.size, taken.sha256, archive.size if archive else 0
            row.save()
            _record(member, row, "import.requested", {"bytes": row.size, "sha256": row.sha256})
    except BaseException:
        spool.remove()
        raise
    return import_id


def cancel_import(member: Member, import_id: str) -> ImportShown:
    """Ask an import to stop: one that waits ends at once, a running one at its next batch. Rows kept so far stay.

    Raises NotPermitted (LISTINGS_IMPORT), NotFound, Conflict (it has ended).
    """
    member.require(Permission.LISTINGS_IMPORT)
    with transaction.atomic():
        rows = Import.objects.select_for_update(of=("self",)).select_related("requested_by")
        rows = rows.filter(organisation_id=member.organisation_id, public_id=import_id)
        row = rows.first() if is_id("imp", import_id) else None
        if row is None:
            raise NotFound("import", import_id)
        if row.state in ENDED:
            raise Conflict(f"This import has already ended ({row.state}).", code="import-ended")
        row.cancel_requested = True
        waits = row.state == Import.State.QUEUED
        if waits:
            row.state, row.ended_at = Import.State.CANCELLED, now()
        row.save()
        _record(member, row, "import.cancel_requested")
        if waits:
            note_end(row, member.actor)
    if waits:
        Spool(import_id).remove()
    return summary_of(row)


def claim_import(worker: str) -> str | None:
    """Claim the import that waits longest, or whose worker's claim has ended; gives its id, None when none waits."""
    while (row := claim(Import.objects.order_by("pk"), worker, CLAIM_SECONDS)) is not None:
        if row.attempts <= TRIES:
            return row.public_id
        end(row, worker, Import.State.FAILED, f"It was tried {TRIES} times; each time its worker died.")
    return None


def run_import(import_id: str, worker: str, keep_going: KeepGoing = lambda: True) -> ImportOutcome:
    """Read what is left of a claimed import, batch by batch, each committed together with how far it is.

    Killed at any moment and claimed again, it goes on where it stood: nothing is lost and nothing doubled.
    `keep_going` is asked between batches. An error of the database is raised; any other is kept as the reason, and
    the import tried again up to TRIES times.
    """
    row = Import.objects.filter(public_id=import_id, state=Import.State.RUNNING, claimed_by=worker).first()
    if row is None:
        return ImportOutcome.LOST
    source = Spool(import_id).listings()
    if source is None:
        return end(row, worker, Import.State.FAILED, "Its file is no longer here. Bring it in again.")
    Import.objects.filter(pk=row.pk, started_at__isnull=True).update(started_at=now())
    return _guarded(row, worker, lambda: Reading(row, worker, source, images_of(row), keep_going).run())


def import_folder(
    member: Member,
    listings_path: Path,
    images: ImageSource,
    *,
    marketplace: str = "",
    language: str = "",
    progress: Progress = lambda _done, _total: None,
) -> ImportShown:
    """Bring in a file of this machine, here and now, with pictures from a folder; for the command line.

    Run again after a kill, it begins from the start: rows that are there are not doubled.
    Raises NotPermitted (LISTINGS_IMPORT), Invalid (there is no such file).
    """
    member.require(Permission.LISTINGS_IMPORT)
    _check(marketplace, language)
    if not listings_path.is_file():
        raise Invalid.of("listings", "no-such-file", "There is no such file of listings.", "Check the path.")
    worker = f"command/{os.getpid()}/{new_id('imp')}"
    with transaction.atomic():
        row = _create(member, new_id("imp"), listings_path.name, marketplace=marketplace, language=language)
        row.size, row.started_at, row.attempts = listings_path.stat().st_size, now(), 1
        # Claimed from the start: no worker may take it, as only this process has its file.
        row.state, row.claimed_by = Import.State.RUNNING, worker
        row.claimed_until = now() + timedelta(seconds=CLAIM_SECONDS)
        row.save()
        _record(member, row, "import.requested", {"bytes": row.size})
    _guarded(row, worker, lambda: Reading(row, worker, listings_path, images, progress=progress).run(), tries=1)
    return summary_of(Import.objects.select_related("requested_by").get(pk=row.pk))


def keep_shared(organisation: int, record: model.Listing) -> Listing:
    """Keep one listing that a partner shared, named and checked; its pictures are those of it that we have.

    Call inside the transaction of what refers to it; the caller writes the trail. Gives its row.
    """
    pictures = tuple(
        Gathered(image.uri, None, "The partner named it; its bytes did not come.") for image in record.images
    )
    store(organisation, [Incoming(record, pictures)], None)
    return Listing.objects.get(organisation_id=organisation, core_id=record.id)


def forget_shared(row: Listing) -> None:
    """Forget what a partner's listing said, when what it came with was deleted; that there was one stays, by its ids.

    The shop's name goes too, unless a listing of our own names it. Call inside the transaction of what refers to it.
    """
    row.title, row.title_language, row.description, row.description_language = FORGOTTEN, None, None, None
    row.brand_text = row.category = row.search_text = ""
    row.url, row.content_hash, row.updated_at = None, "0" * 64, now()
    row.save()
    shop = row.seller
    if not shop.listings.exclude(pk=row.pk).exclude(title=FORGOTTEN).exists():
        shop.name = shop.search_text = ""
        shop.save(update_fields=["name", "search_text"])


def release_claims(worker: str) -> int:
    """Give back every import that a worker known to be dead still claims; returns how many. The try still counts."""
    held = Import.objects.filter(state=Import.State.RUNNING, claimed_by=worker)
    return held.update(state=Import.State.QUEUED, claimed_by="", claimed_until=None)


def workers_claiming() -> tuple[str, ...]:
    """Names of the workers that hold a claim right now."""
    running = Import.objects.filter(state=Import.State.RUNNING)
    return tuple(running.order_by().values_list("claimed_by", flat=True).distinct())


def _guarded(row: Import, worker: str, read: Callable[[], ImportOutcome], tries: int = TRIES) -> ImportOutcome:
    try:
        return read()
    except DatabaseError:
        raise
    except Exception as error:  # one bad file must not end the worker; its reason is kept and shown
        log.warning("import.failed", import_id=row.public_id, error=type(error).__name__, exc_info=True)
        reason = error.detail if isinstance(error, Invalid) else f"It met an error of ours ({type(error).__name__})."
        if isinstance(error, Invalid) or row.attempts >= tries:
            return end(row, worker, Import.State.FAILED, reason)
        held = Import.objects.filter(pk=row.pk, state=Import.State.RUNNING, claimed_by=worker)
        again = held.update(state=Import.State.QUEUED, reason=reason[:500], claimed_by="", claimed_until=None)
        return ImportOutcome.RETRY if again else ImportOutcome.LOST


def _check(marketplace: str, language: str) -> None:
    problems = []
    if len(marketplace) > LONGEST_MARKETPLACE or not marketplace.isprintable():
        problems.append(
            FieldProblem(
                "marketplace", "marketplace-wrong", "The name is too long or cannot be printed.", "Shorten it."
            )
        )
    try:
        if language:
            read_language(language)
    except Unfit:
        problems.append(
            FieldProblem("language", "language-wrong", "That is no language tag.", "Write it like fr or zh-Hans.")
        )
    if problems:
        raise Invalid(problems)


def _create(member: Member, import_id: str, name: str, *, marketplace: str, language: str) -> Import:
    shown = excerpt_of(name.replace("\\", "/").rpartition("/")[2], _NAME_SHOWN - 1) or "listings"
    return Import.objects.create(
        organisation_id=member.organisation_id,
        public_id=import_id,
        name=shown[:_NAME_SHOWN],
        requested_by_id=member.user_id,
        marketplace=marketplace.strip(),
        language=language.strip(),
    )


def _record(member: Member, row: Import, action: str, detail: dict[str, str | int] | None = None) -> None:
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action=action,
        target=row.public_id,
        detail=dict(detail or {}),
    )
