"""What was found about a person, as a ZIP of JSON and of plain text that anybody can read."""

import io
import zipfile
from typing import Any

import msgspec

from countermark.node.insight.about_person import Findings, Held

#: So that the same findings give the same file.
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_WORDS = {
    "where": "Record",
    "id": "Id",
    "by": "Found by",
    "since": "Here since",
    "came_from": "Came from",
    "given_to": "Given to",
    "agreement": "Agreement",
    "purpose": "Purpose",
    "retain_until": "Kept until",
    "on_hold": "Legal hold",
}


def packed(found: Findings) -> bytes:
    """The ZIP: `about.json` and `about.txt`, nothing else."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (("about.json", _json(found)), ("about.txt", text_of(found).encode())):
            info = zipfile.ZipInfo(name, _NO_DATE)
            info.external_attr = 0o600 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return written.getvalue()


def text_of(found: Findings) -> str:
    """For reading: no markup, no control characters, one record after another."""
    bound = "" if found.complete else " A bound was reached: this is NOT everything. Ask again more narrowly."
    lines = [
        f"What {found.organisation} holds about one person",
        f"Asked {found.at:%Y-%m-%d %H:%M} UTC. {len(found.things)} records.{bound}",
    ]
    for number, thing in enumerate(found.things, 1):
        lines += ["", f"{number}.", *_lines(thing)]
    return "\n".join(lines) + "\n"


def _json(found: Findings) -> bytes:
    return msgspec.json.format(msgspec.json.encode(found), indent=2)


def _lines(thing: Held) -> list[str]:
    facts: list[tuple[str, Any]] = [(words, getattr(thing, name)) for name, words in _WORDS.items()]
    said = [f"   {name}: {_plain(text)}" for name, text in thing.says.items() if text]
    return [f"{words}: {_plain(str(value))}" for words, value in facts if value not in ("", None, False)] + said


def _plain(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text)
