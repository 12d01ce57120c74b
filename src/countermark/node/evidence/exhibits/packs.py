"""Papers of an export: what a court in China, in the United States or in the European Union asks to see beside a bag.

They are drafts for counsel: HTML, which any word processor opens. Sources: China, Provisions on Evidence in Civil
Procedure, Art. 14, 15, 17, 19; United States, Federal Rules of Evidence 902(11), (13), (14) and 28 U.S.C. 1746; the
European Union, Regulation (EU) No 910/2014, Art. 41 and 42.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from countermark.model.decoding import decode
from countermark.node.evidence.capturing.orders import CaptureRecord
from countermark.node.evidence.exhibits.facts import LANGUAGES
from countermark.node.evidence.exhibits.making import EXHIBIT, keep
from countermark.node.evidence.exhibits.rendering import page_of
from countermark.node.evidence.models import Evidence, Exhibit
from countermark.node.evidence.viewing import sealed_row, stored_bytes
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Permission
from countermark.proof.refusals import Refused
from countermark.proof.seals import digest
from countermark.proof.timestamps import check_stamp, read_authorities, spoken_fingerprint, token_facts

#: Kind -> name of the paper.
PACKS = {"cn": "cn-evidence-list", "us": "us-certificate", "eu": "eu-token-report"}
#: What each file shows, by how its name begins; the words are in `words/packs-*.yaml`.
_PURPOSES = (
    ("page.warc.gz", "recording"),
    ("page.html", "page"),
    ("screenshot", "screenshot"),
    ("pictures/", "picture"),
    ("certificates/", "certificate"),
    ("capture.json", "record"),
)


@lru_cache(maxsize=8)
def pack_words(language: str) -> dict[str, Any]:
    """Every sentence of these papers in a language of LANGUAGES."""
    text = (Path(__file__).with_name("words") / f"packs-{language}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def make_pack(member: Member, evidence_id: str, kind: str, language: str) -> Exhibit:
    """A paper of an export, made now or before; raises as `make_exhibit`, and Invalid for another kind."""
    member.require(Permission.EVIDENCE_EXPORT)
    if kind not in PACKS or language not in LANGUAGES:
        raise Invalid.of("pack", "unknown-pack", "There is no such paper.", "Write cn, us or eu, and fr, zh or en.")
    row = sealed_row(member, evidence_id)
    known: Exhibit | None = row.exhibits.filter(kind=kind, language=language).first()
    if known is not None:
        return known
    said = pack_words(language)
    shown = {"w": said, "language": language, **_facts(row, said["cn"]["purposes"])}
    page = page_of(f"pack_{kind}.html", shown)
    return keep(member, row, kind, language, f"{PACKS[kind]}-{language}.html", page.encode())


def _facts(row: Evidence, purposes: dict[str, str]) -> dict[str, Any]:
    files = list(row.files.order_by("name"))
    record = decode(stored_bytes(next(f for f in files if f.name == "capture.json")), CaptureRecord)
    papers = list(row.exhibits.filter(kind=EXHIBIT).order_by("name"))
    listed = [
        {"number": number, "name": f"data/{f.name}", "sha256": f.sha256, "purpose_words": purposes[_purpose(f.name)]}
        for number, f in enumerate(files, start=len(papers) + 1)
    ]
    return {
        "evidence": row.public_id,
        "organisation": Organisation.objects.get(pk=row.organisation_id).name,
        "record": record,
        "tools": ", ".join(f"{name} {version}" for name, version in record.tools.items()),
        "files": listed,
        "papers": papers,
        "seal": digest(row.seal.encode()),
        "sealed_at": f"{row.sealed_at:%Y-%m-%d %H:%M:%S} UTC",
        "tokens": [
            _token(row, bytes(one.token), bytes(one.certificates), one.url) for one in row.stamps.order_by("id")
        ],
    }


def _purpose(name: str) -> str:
    return next((purpose for begins, purpose in _PURPOSES if name.startswith(begins)), "record")


def _token(row: Evidence, token: bytes, pem: bytes, url: str) -> dict[str, Any]:
    believed = read_authorities(pem)
    try:
        check_stamp(token, row.seal.encode(), believed)
        problem = ""
    except Refused as refused:
        problem = str(refused)
    root = believed[0]
    return {
        "facts": token_facts(token),
        "problem": problem,
        "url": url,
        "root": root.subject.rfc4514_string(),
        "fingerprint": spoken_fingerprint(root),
    }
