"""What an exhibit says, gathered from the sealed files, the stamps and custody; and the pictures that it shows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import yaml
from cryptography import x509
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from countermark.formats.picture import RefusedPicture, decode_rgb
from countermark.model.decoding import decode
from countermark.node.evidence import custody
from countermark.node.evidence.capturing.orders import CaptureRecord, Fetch
from countermark.node.evidence.models import Evidence, EvidenceStamp, PurchaseStamp
from countermark.node.evidence.showing import shown_copy
from countermark.node.evidence.store import Form
from countermark.node.evidence.viewing import stored_bytes
from countermark.node.parties.models import Organisation
from countermark.proof.keys import PublicKey
from countermark.proof.seals import digest
from countermark.proof.timestamps import read_authorities, serial_of, spoken_fingerprint

LANGUAGES = {"fr": "français", "zh": "中文", "en": "English"}
#: Pixels of a part of the screenshot, at most; parts; steps and pictures that one paper shows.
_SLICE, _MOST_SLICES, _MOST_STEPS, _MOST_PICTURES = 1500, 12, 40, 40
_TITLE = 300


@dataclass(frozen=True, slots=True)
class Contents:
    """What a template shows, and the bytes that it names `exhibit:NAME`."""

    facts: dict[str, Any]
    pictures: dict[str, bytes] = field(default_factory=dict)


@lru_cache(maxsize=8)
def words(language: str) -> dict[str, Any]:
    """Every sentence of our papers in a language of LANGUAGES."""
    text = (Path(__file__).with_name("words") / f"{language}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def contents_of(row: Evidence, names: dict[str, str], language: str, key: PublicKey) -> Contents:
    """Everything an exhibit shows of a sealed piece.

    Args:
        row: the piece.
        names: of people, by actor (`usr_…`).
        language: of LANGUAGES.
        key: that will sign it.

    Raises:
        Conflict: a file in the store is not what was sealed. Refused: a line of custody cannot be read.
    """
    files = {one.name: one for one in row.files.order_by("name")}
    chains = [stored_bytes(one) for name, one in files.items() if name.startswith("certificates/")]
    record = decode(stored_bytes(files["capture.json"]), CaptureRecord)
    organisation = Organisation.objects.get(pk=row.organisation_id).name
    pictures: dict[str, bytes] = {}
    shown_pictures = []
    for number, one in enumerate(record.pictures[:_MOST_PICTURES]):
        shown = _picture(stored_bytes(files[one.file])) if one.file in files else b""
        if shown:
            pictures[f"picture-{number}"] = shown
        shown_pictures.append({**msgspec.structs.asdict(one), "shown": f"picture-{number}" if shown else ""})
    slices = _slices(stored_bytes(files["screenshot.png"])) if "screenshot.png" in files else []
    pictures |= {f"slice-{number}": one for number, one in enumerate(slices)}
    facts = {
        "evidence": row.public_id,
        "listing": row.listing_id,
        "organisation": organisation,
        "organisation_plain": re.sub(r'["\\<>\n\r]', " ", organisation),
        "person": names.get(row.requested_by, row.requested_by),
        "page_title": _title(stored_bytes(files["page.html"])) if "page.html" in files else "",
        "asked": record.asked,
        "final": record.final,
        "began": record.began,
        "ended": record.ended,
        "clock_offset": record.clock_offset_seconds,
        "tools": ", ".join(f"{name} {version}" for name, version in record.tools.items()),
        "way": _way(record),
        "chain": chain_of(chains, record),
        "encrypted": record.final.startswith("https://"),
        "slices": [f"slice-{number}" for number in range(len(slices))],
        "screenshot_sha256": files["screenshot.png"].sha256 if "screenshot.png" in files else "",
        "screenshot_problem": record.screenshot_problem,
        "cut": record.cut or len(slices) == _MOST_SLICES,
        "pictures": shown_pictures,
        "files": list(files.values()),
        "seal": digest(row.seal.encode()),
        "sealed_at": f"{row.sealed_at:%Y-%m-%d %H:%M:%S}",
        "stamps": stamps_of(row.stamps.order_by("id")),
        "custody": _custody(row, names, words(language)),
        "key_id": key.kid,
        "key_spoken": key.spoken,
    }
    return Contents(facts, pictures)


def stamps_of(rows: Iterable[EvidenceStamp | PurchaseStamp]) -> list[dict[str, Any]]:
    """Each timestamp: when, by whom, its number, and the fingerprint of the root that it is believed by."""
    return [
        {
            "at": f"{one.stamped_at:%Y-%m-%d %H:%M:%S} UTC",
            "authority": one.authority,
            "serial": serial_of(bytes(one.token)),
            "fingerprint": spoken_fingerprint(read_authorities(bytes(one.certificates))[0]),
        }
        for one in rows
    ]


def _way(record: CaptureRecord) -> list[Fetch]:
    """The steps from the address asked for to the page."""
    steps: list[Fetch] = []
    for one in record.fetches[:_MOST_STEPS]:
        steps.append(one)
        if one.url == record.final:
            break
    return steps


def chain_of(files: list[bytes], record: CaptureRecord) -> list[dict[str, str]]:
    """The certificates that the server of the page showed, out of the PEM files that were kept."""
    wanted = next((one.certificates for one in reversed(_way(record))), ())
    found: dict[str, x509.Certificate] = {}
    for pem in files:
        for one in x509.load_pem_x509_certificates(pem):
            found[spoken_fingerprint(one).replace(":", "").lower()] = one
    return [_certificate(sha256, found.get(sha256)) for sha256 in wanted]


def _certificate(sha256: str, one: x509.Certificate | None) -> dict[str, str]:
    if one is None:
        return {"sha256": sha256, "subject": "–", "issuer": "–", "valid": "–"}
    return {
        "sha256": sha256,
        "subject": one.subject.rfc4514_string(),
        "issuer": one.issuer.rfc4514_string(),
        "valid": f"{one.not_valid_before_utc:%Y-%m-%d} – {one.not_valid_after_utc:%Y-%m-%d}",
    }


def _custody(row: Evidence, names: dict[str, str], said: dict[str, Any]) -> list[dict[str, Any]]:
    known = {**names, "system": said["system"], "worker": said["worker"]}
    return [
        {
            "seq": line.seq,
            "at": line.at,
            "who": known.get(line.actor, line.actor),
            "act": said["acts"].get(line.action, line.action),
            "digest": line.digest,
        }
        for line in custody.lines_of(row)
    ]


def _title(page: bytes) -> str:
    node = LexborHTMLParser(page).css_first("title")
    return node.text(strip=True)[:_TITLE] if node else ""


def _picture(original: bytes) -> bytes:
    try:
        return shown_copy(original, Form.THUMB)
    except RefusedPicture:
        return b""


def _slices(png: bytes) -> list[bytes]:
    """The picture of the page in parts that fit on a page of paper, decoded and encoded again."""
    try:
        whole = Image.fromarray(decode_rgb(png))
    except RefusedPicture:
        return []
    parts = []
    for top in range(0, min(whole.height, _SLICE * _MOST_SLICES), _SLICE):
        made = BytesIO()
        whole.crop((0, top, whole.width, min(top + _SLICE, whole.height))).save(made, "JPEG", quality=80)
        parts.append(made.getvalue())
    return parts
