"""Which objects an entry makes, changes or takes back. Pure: what is on the shelf already is asked of `Known`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from countermark.node.exchange.appending import KEEPING_TYPES
from countermark.node.exchange.facades.ids import observable_id, stix_id
from countermark.node.exchange.facades.lens import Said
from countermark.node.exchange.rules.kinds import ItemKind

#: Listings, findings and files named in a case, at most.
MOST_ITEMS = 500
#: Of the exchange itself: nothing that was found or done.
_UPKEEP = ("agreement.", "key.", "retention.", "receipt")
INFRASTRUCTURE, NOTE, INCIDENT, URL, RELATIONSHIP = "infrastructure", "note", "incident", "url", "relationship"


class Known(Protocol):
    """The newest version of an object, as far as planning asks."""

    stix_id: str
    type: str
    revoked: bool
    about: str
    state: dict[str, Any]
    content_id: int | None


class Shelved(Protocol):
    """What is on the shelf already."""

    def newest(self, key: str) -> Known | None:
        """The newest version of a key."""

    def with_words_of(self, entry_ids: list[str]) -> list[tuple[str, Known]]:
        """Key and newest version of everything whose words are in these entries."""

    def same_feed(self, content_id: int, row: int) -> bool:
        """Whether two entries, by row, stand in one feed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One version to be put on the shelf.

    Attributes:
        key: what its versions have in common.
        stix_id: of the object.
        revoked: whether it takes the object back.
        about: object that it speaks of.
        content: row of the entry that has its words; None when there are none.
        state: of a case, or of a listing which address it has.
        at: when it was written; None = when its entry happened.
    """

    key: str
    stix_id: str
    revoked: bool = False
    about: str = ""
    content: int | None = None
    state: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


def steps(said: Said, row: int, shelf: Shelved, *, ours: bool) -> Iterator[Step]:
    """What one entry does.

    Args:
        said: the entry, without personal data.
        row: its row.
        shelf: what is there.
        ours: whether it stands in the reader's own feed.
    """
    kind = said.entry.type
    if kind == "listing.shared":
        yield from _listing(said, row, shelf, ours=ours)
    elif kind == "finding.shared":
        yield _finding(said, row, shelf, ours=ours)
    elif kind == "withdrawn":
        yield from _withdrawn(said, shelf, ours=ours)
    elif kind == "retention.deleted":
        # The partner's deletion is of its copy; only ours takes words away here.
        yield from _erased(said, shelf) if ours else ()
    elif kind.startswith("case."):
        yield from _of_case(said, row, shelf)
    elif kind not in KEEPING_TYPES and not kind.startswith(_UPKEEP):
        yield Step(f"e:{said.entry_id}", stix_id(NOTE, said.entry_id), content=row)


def key_of(subject: str, *, ours: bool) -> str:
    """Key of something that one side shared."""
    return f"{'o' if ours else 't'}:{subject}"


def _listing(said: Said, row: int, shelf: Shelved, *, ours: bool) -> Iterator[Step]:
    key = key_of(said.entry.subject, ours=ours)
    known = _alive(shelf, key)
    identifier = known.stix_id if known else stix_id(INFRASTRUCTURE, said.entry_id)
    address = said.text("url")
    url = observable_id(URL, {"value": address}) if address else ""
    before = str(known.state.get("url", "")) if known else ""
    yield Step(key, identifier, content=row, state={"url": url})
    if before and before != url:
        yield _revoke_relation(identifier, before)
    if not url:
        return
    if known is None or shelf.newest(url) is None:
        yield Step(url, url, content=row)
    relation = _relation_key(identifier, url)
    if _alive(shelf, relation) is None:
        made = stix_id(RELATIONSHIP, identifier, url, said.entry_id)
        yield Step(relation, made, about=url, content=row, state={"source": identifier})


def _finding(said: Said, row: int, shelf: Shelved, *, ours: bool) -> Step:
    key = key_of(said.entry.subject, ours=ours)
    known = _alive(shelf, key)
    listing = said.text("listing_id")
    found = _alive(shelf, key_of(listing, ours=ours)) or _alive(shelf, key_of(listing, ours=not ours))
    about = found.stix_id if found and listing else ""
    return Step(key, known.stix_id if known else stix_id(NOTE, said.entry_id), about=about, content=row)


def _withdrawn(said: Said, shelf: Shelved, *, ours: bool) -> Iterator[Step]:
    key = key_of(said.entry.subject, ours=ours)
    known = _alive(shelf, key)
    if known is None:
        return
    yield Step(key, known.stix_id, revoked=True, about=known.about, state=known.state)
    if known.state.get("url"):
        yield _revoke_relation(known.stix_id, str(known.state["url"]))


def _erased(said: Said, shelf: Shelved) -> Iterator[Step]:
    named = (said.entry.data or {}).get("entries")
    entries = [one for one in named if isinstance(one, str)] if isinstance(named, list) else []
    for key, known in shelf.with_words_of(entries):
        if known.revoked or known.type == URL:  # an observable has no versions; it is read no more
            continue
        gone = known.type == RELATIONSHIP
        content = None if gone else known.content_id
        yield Step(key, known.stix_id, revoked=gone, about=known.about, content=content, state=known.state)


def _of_case(said: Said, row: int, shelf: Shelved) -> Iterator[Step]:
    entry, case = said.entry, said.entry.subject
    known = _alive(shelf, case)
    if entry.type == "case.opened":
        if known is None:
            state = {"state": "open", "items": [], "assigned_to": "", "due_on": "", "outcome": ""}
            yield Step(case, stix_id(INCIDENT, said.entry_id), content=row, state=state)
        return
    if entry.type == "case.commented":
        about = known.stix_id if known else ""
        yield Step(f"c:{said.entry_id}", stix_id(NOTE, said.entry_id), about=about, content=row)
        return
    if entry.type == "case.corrected" and said.kind is ItemKind.COMMENT:
        key = f"c:{said.text('corrects')}"
        comment = _alive(shelf, key)
        if comment and comment.content_id and shelf.same_feed(comment.content_id, row):
            yield Step(key, comment.stix_id, about=comment.about, content=row)
        return
    if known is None or entry.type == "case.file":
        return
    content = known.content_id
    if entry.type == "case.corrected" and content and shelf.same_feed(content, row):
        content = row
    yield Step(case, known.stix_id, content=content, state=_changed(dict(known.state), said))


def _changed(state: dict[str, Any], said: Said) -> dict[str, Any]:
    """How a case stands after an entry, in the order in which this node learnt of them."""
    match said.entry.type:
        case "case.assigned":
            state["assigned_to"] = said.text("assigned_to")
        case "case.due_set":
            state["due_on"] = said.text("due_on")
        case "case.closed":
            state["state"], state["outcome"] = "closed", said.text("outcome")
        case "case.reopened":
            state["state"], state["outcome"] = "open", ""
        case "case.attached" | "case.detached":
            there = [str(one) for one in state.get("items", [])]
            named = [one for name in ("listing_ids", "finding_ids", "file_ids", "file_id") for one in _ids(said, name)]
            rest = [one for one in there if one not in named]
            state["items"] = (rest + named if said.entry.type == "case.attached" else rest)[:MOST_ITEMS]
    return state


def _ids(said: Said, name: str) -> tuple[str, ...]:
    return said.texts(name) or tuple(filter(None, (said.text(name),)))


def _alive(shelf: Shelved, key: str) -> Known | None:
    """The newest version of a key, unless it was taken back: STIX lets nothing follow a revoked version."""
    known = shelf.newest(key)
    return None if known is None or known.revoked else known


def _relation_key(source: str, target: str) -> str:
    return f"r:{source.partition('--')[2]}:{target.partition('--')[2]}"


def _revoke_relation(source: str, url: str) -> Step:
    """Nothing to revoke is not possible here: whoever has an address has its relationship too."""
    return Step(_relation_key(source, url), "", revoked=True, about=url, state={"source": source})
