"""Files of a case: chosen, held for a moment, sent beside an entry, and given back as downloads."""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta

from countermark.node.audit import services as audit
from countermark.node.cases.models import Attachment, Case, StagedFile
from countermark.node.cases.states import AttachedKind
from countermark.node.exchange.models import FeedEntry
from countermark.node.kernel.beginnings import ENDINGS, media_type_by_beginning
from countermark.node.kernel.errors import Invalid, NotFound
from countermark.node.kernel.ids import is_id, new_id
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

#: A page of a feed holds 8 MiB; a file of half of that always fits on one.
LARGEST_FILE = 4 * 1024 * 1024
_TEXTS = {"csv": "text/csv", "txt": "text/plain"}
MEDIA_TYPES = ENDINGS | {v: k for k, v in _TEXTS.items()}
HELD_FOR = timedelta(hours=24)
#: Files that one person holds at once.
MOST_HELD = 10
_NAME = re.compile(r"[^\w. ()-]+")
LONGEST_NAME = 120


def stage(member: Member, name: str, data: bytes) -> StagedFile:
    """Hold a file until the member has seen what the partner will see, and confirmed; forgotten after a day.

    Args:
        member: who brings it, CASES_EDIT.
        name: as its owner calls it.
        data: its bytes, at most LARGEST_FILE.

    Raises:
        NotPermitted; Invalid, too large, empty, or none of the kinds that can be attached.
    """
    member.require(Permission.CASES_EDIT)
    media_type = media_type_of(name, data)
    own = StagedFile.objects.filter(organisation_id=member.organisation_id, user_id=member.user_id)
    StagedFile.objects.filter(at__lt=now() - HELD_FOR).delete()
    kept = own.order_by("-pk").values_list("pk", flat=True)[: MOST_HELD - 1]
    own.exclude(pk__in=list(kept)).delete()
    return StagedFile.objects.create(
        organisation_id=member.organisation_id,
        user_id=member.user_id,
        public_id=new_id("fil"),
        name=clean_name(name, media_type),
        media_type=media_type,
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
    )


def staged(member: Member, file_id: str) -> StagedFile:
    """A file that the member holds. Raises NotFound."""
    rows = StagedFile.objects.filter(organisation_id=member.organisation_id, user_id=member.user_id)
    found = rows.filter(public_id=file_id).first() if is_id("fil", file_id) else None
    if found is None:
        raise NotFound("file", file_id)
    return found


def media_type_of(name: str, data: bytes) -> str:
    """What a file is, by its bytes; a text by its name too.

    Raises:
        Invalid: empty, too large, or none of the kinds.
    """
    if not data:
        raise Invalid.of("file", "empty", "The file is empty.", "Choose another one.")
    if len(data) > LARGEST_FILE:
        mend = f"Attach at most {LARGEST_FILE // 1024 // 1024} MiB."
        raise Invalid.of("file", "too-large", "The file is too large.", mend)
    known = media_type_by_beginning(data)
    if known:
        return known
    ending = name.rpartition(".")[2].lower()
    if ending in _TEXTS and _is_text(data):
        return _TEXTS[ending]
    mend = "Attach a PDF, a PNG or JPEG picture, or a CSV or TXT text in UTF-8."
    raise Invalid.of("file", "media-type", "It is none of the kinds that can be attached.", mend)


def clean_name(name: str, media_type: str) -> str:
    """A name to show and to save under: no folders, no strange characters, the ending of what it is."""
    last = name.replace("\\", "/").rpartition("/")[2]
    stem = _NAME.sub("_", last.rpartition(".")[0] or last).strip(" .")[:LONGEST_NAME]
    return f"{stem or 'file'}.{MEDIA_TYPES[media_type]}"


def place(case: Case, entry: FeedEntry, data: bytes, party: str) -> bool:
    """Tie bytes that lie beside an entry to the attachment which described them; says whether there is one."""
    sha256 = hashlib.sha256(data).hexdigest()
    rows = Attachment.objects.filter(case=case, kind=AttachedKind.FILE, party=party, sha256=sha256, content=None)
    row = rows.order_by("pk").first()
    if row is None:
        return False
    row.content = entry
    row.save(update_fields=["content"])
    return True


@dataclass(frozen=True, slots=True)
class Download:
    """A file to give to a browser, which is told to save it and never to guess what it is."""

    name: str
    media_type: str
    data: bytes


def download(member: Member, case_id: str, file_id: str) -> Download:
    """The bytes of an attached file; written to the trail.

    Raises:
        NotPermitted (CASES_VIEW, PERSONAL_DATA_VIEW); NotFound, also when its bytes never came or were deleted.
    """
    member.require(Permission.CASES_VIEW)
    member.require(Permission.PERSONAL_DATA_VIEW)
    rows = Attachment.objects.select_related("content__beside").filter(
        case__organisation_id=member.organisation_id, case__public_id=case_id[:30], kind=AttachedKind.FILE
    )
    row = rows.filter(ref=file_id).first() if is_id("fil", file_id) else None
    beside = getattr(row.content, "beside", None) if row is not None and row.content is not None else None
    if beside is None:
        raise NotFound("file", file_id)
    # What a partner calls its bytes decides nothing: they are looked at again, and saved as what they are.
    try:
        media_type = media_type_of(f"file.{MEDIA_TYPES.get(beside.media_type, '')}", bytes(beside.data))
    except Invalid:
        media_type = "application/octet-stream"
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action="case.file_taken",
        target=case_id,
        detail={"file": file_id},
    )
    return Download(f"{file_id}.{MEDIA_TYPES.get(media_type, 'bin')}", media_type, bytes(beside.data))


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(ord(character) < 32 and character not in "\t\r\n" for character in text)
