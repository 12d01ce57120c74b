"""STIX 2.1 objects from what was said. Pure. Nothing is called malicious that a court has not found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from countermark.node.exchange.facades import planning
from countermark.node.exchange.facades.frame import EXTENSION, party_id
from countermark.node.exchange.facades.lens import Said, plain
from countermark.node.exchange.facades.marking import marking_of
from countermark.node.exchange.rules.naming import spelled
from countermark.proof.entries import DataClass, write_moment

#: Type of an object as TAXII names it.
MEDIA_TYPE = "application/stix+json;version=2.1"
#: Longest name that tools show.
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of one object, with what its reader may see.

    Attributes:
        stix_id: its id.
        created, version: of its first version, and of this one.
        revoked: whether this version takes it back.
        about: object that it speaks of, empty when none.
        state: of a case, or of a relationship its source.
        cause: the entry that made this version.
        words: the entry that has its words; None when there are none any more.
    """

    stix_id: str
    created: datetime
    version: datetime
    revoked: bool = False
    about: str = ""
    state: Mapping[str, Any] = field(default_factory=dict)
    cause: Said
    words: Said | None = None

    @property
    def type(self) -> str:
        """STIX type."""
        return self.stix_id.partition("--")[0]

    @property
    def subject(self) -> str:
        """Opaque id of what it is about."""
        return (self.words or self.cause).entry.subject

    def text(self, name: str) -> str:
        """A field of its words; empty when there are none."""
        return self.words.text(name) if self.words and not self.revoked else ""


def stix_object(one: Version) -> dict[str, Any] | None:
    """The object; None for an address that nobody may see any more."""
    if one.type == planning.URL:
        return _url(one)
    made = _head(one) | _BODIES[one.type](one)
    if one.revoked:
        made["revoked"] = True
    return made


def stix_time(moment: datetime) -> str:
    """A time as STIX writes it, in milliseconds."""
    return write_moment(moment)


def _head(one: Version) -> dict[str, Any]:
    data_class = one.words.strictest if one.words and not one.revoked else DataClass.PUBLIC
    return {
        "type": one.type,
        "spec_version": "2.1",
        "id": one.stix_id,
        "created_by_ref": party_id(one.cause.publisher if one.words is None else one.words.publisher),
        "created": stix_time(one.created),
        "modified": stix_time(one.version),
        "object_marking_refs": [marking_of(data_class)],
        "extensions": {EXTENSION: {"extension_type": "property-extension", **_ours(one)}},
    }


def _ours(one: Version) -> dict[str, Any]:
    """The extension: where it comes from, and every field that may be seen."""
    entry, words = one.cause.entry, None if one.revoked else one.words
    ours: dict[str, Any] = {
        "entry_id": one.cause.entry_id,
        "entry_type": entry.type,
        "feed": entry.feed,
        "feed_place": entry.seq,
        "publisher": one.cause.publisher,
        "subject": one.subject,
        "happened_at": entry.time,
        "agreement": entry.agreement,
        "purpose": entry.purpose,
    }
    if words is not None:
        ours |= {"words_in": words.entry_id, "words_class": str(words.strictest)}
        if words.entry.retain_until:
            ours["retain_until"] = words.entry.retain_until
        if words.fields:
            ours["fields"] = {name: plain(value) for name, value in words.fields.items()}
    if one.type == planning.INCIDENT:
        ours["case"] = {name: value for name, value in one.state.items() if value}
    if one.revoked and isinstance((entry.data or {}).get("why"), str):
        ours["withdrawn_why"] = str((entry.data or {})["why"])[:40]
    return ours


def _url(one: Version) -> dict[str, Any] | None:
    address = one.text("url")
    if not address or one.words is None:
        return None
    mark = marking_of(one.words.classes["url"])
    return {"type": "url", "spec_version": "2.1", "id": one.stix_id, "value": address, "object_marking_refs": [mark]}


def _infrastructure(one: Version) -> dict[str, Any]:
    """A listing: an offer on a marketplace. That it infringes is said by a finding, if by anyone."""
    place, external = one.text("marketplace"), one.text("external_id")
    name = one.text("title") or " ".join(filter(None, (place, external))) or one.subject
    made: dict[str, Any] = {"name": name[:_LONGEST_NAME], "infrastructure_types": ["unknown"], "labels": ["listing"]}
    if one.text("description"):
        made["description"] = one.text("description")
    if one.text("captured_at"):
        made["last_seen"] = one.text("captured_at")
    reference = {"source_name": place, "external_id": external, "url": one.text("url")}
    known = {key: value for key, value in reference.items() if value}
    if place and len(known) > 1:
        made["external_references"] = [known]
    return made


def _note(one: Version) -> dict[str, Any]:
    kind = one.words.entry.type if one.words else one.cause.entry.type
    refs = [one.about or party_id(one.cause.publisher)]
    if kind == "finding.shared":
        return _finding(one) | {"object_refs": refs}
    if kind in {"case.commented", "case.corrected"}:
        return {"content": one.text("text") or _GONE, "labels": ["comment"], "object_refs": refs}
    label = spelled(kind.replace(".", " "))
    return {"abstract": label, "content": one.text("explanation") or label, "labels": [kind], "object_refs": refs}


def _finding(one: Version) -> dict[str, Any]:
    """A finding is a note, never an indicator: tools block what indicators name, and this is an allegation."""
    words = one.words
    if words is None or one.revoked:
        return {"content": _GONE, "labels": ["finding"]}
    summary = ", ".join(filter(None, (spelled(words.text("kind")), words.text("level"), words.text("status"))))
    parts = [summary or "finding"]
    parts += [f"For: {one}" for one in words.texts("reasons_for")]
    parts += [f"Against: {one}" for one in words.texts("reasons_against")]
    parts += [f"Wrong when: {one}" for one in words.texts("wrong_when")]
    made: dict[str, Any] = {"abstract": parts[0][:_LONGEST_NAME], "content": "\n".join(parts), "labels": ["finding"]}
    risk = words.text("risk")
    return made | {"confidence": round(100 * float(risk))} if _is_share(risk) else made


def _incident(one: Version) -> dict[str, Any]:
    name = one.text("title") or one.subject
    made: dict[str, Any] = {"name": name[:_LONGEST_NAME], "labels": [f"case-{one.state.get('state', 'open')}"]}
    return made | {"description": one.text("summary")} if one.text("summary") else made


def _relationship(one: Version) -> dict[str, Any]:
    return {"relationship_type": "consists-of", "source_ref": one.state.get("source", ""), "target_ref": one.about}


def _is_share(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False


_GONE = "Taken back, or its words were deleted."
_BODIES = {
    planning.INFRASTRUCTURE: _infrastructure,
    planning.NOTE: _note,
    planning.INCIDENT: _incident,
    planning.RELATIONSHIP: _relationship,
}
