"""What a member can do in a case, each as a record that makes the drafts of its entries."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from countermark.node.cases.addressing import MOST_MENTIONS, read_addressee
from countermark.node.cases.permits import Draft, Under
from countermark.node.cases.pseudonyms import Pseudonyms
from countermark.node.cases.states import AttachedKind, CaseEntry, Outcome
from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member
from countermark.proof.commitments import Carried

LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_COMMENT = 200, 4000, 10_000
_LISTS = {AttachedKind.LISTING: "listing_ids", AttachedKind.FINDING: "finding_ids", AttachedKind.FILE: "file_ids"}


@dataclass(frozen=True, slots=True)
class Scene:
    """In which case, under which agreement, and by whom something is about to be said."""

    where: Under
    member: Member
    case_id: str
    opened_by: str
    purpose: str
    territories: tuple[str, ...]

    def author(self) -> dict[str, object]:
        """Who acts; the agreement decides whether the partner reads the pseudonym alone or the name too."""
        token = Pseudonyms(self.where.agreement).of_user(self.member.user_id)
        return {"author_token": token, "author_name": self.member.name}

    def draft(
        self, kind: CaseEntry, action: Action, fields: Mapping[str, object], *, item: ItemKind = ItemKind.CASE
    ) -> Draft:
        """An entry about this case. A case belongs to whoever opened it; comments and files to their author."""
        owner = self.opened_by if item is ItemKind.CASE and action is not Action.CORRECT else self.where.party
        return Draft(
            type=kind,
            subject=self.case_id,
            action=action,
            kind=item,
            fields={"case_id": self.case_id, **fields, **self.author()},
            purpose=self.purpose,
            territories=self.territories,
            owner=owner,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Open a joint case.

    Attributes:
        title: what it is called, compulsory.
        summary: what it is about.
        brands: houses concerned.
    """

    title: str
    summary: str = ""
    brands: tuple[str, ...] = ()

    def drafts(self, scene: Scene) -> list[Draft]:
        """One `case.opened`."""
        fields = {
            "title": _line(self.title, "title", LONGEST_TITLE),
            "summary": _text(self.summary, "summary", LONGEST_SUMMARY, required=False),
            "brands": list(self.brands),
            "territories": list(scene.territories),
        }
        return [scene.draft(CaseEntry.OPENED, Action.OPEN_CASE, fields)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """Write a comment; `mentions` are addresses of people, roles or sides who are asked to look."""

    text: str
    mentions: tuple[str, ...] = ()
    comment_id: str = ""

    def drafts(self, scene: Scene) -> list[Draft]:
        """One `case.commented`."""
        if len(self.mentions) > MOST_MENTIONS:
            mend = f"Choose at most {MOST_MENTIONS}, or a whole side."
            raise Invalid.of("mentions", "too-many", "Too many people are mentioned.", mend)
        asked = [str(read_addressee(one, scene.where.parties, "mentions")) for one in dict.fromkeys(self.mentions)]
        text = _text(self.text, "text", LONGEST_COMMENT)
        fields = {"comment_id": self.comment_id, "text": text, "mentions": asked}
        return [scene.draft(CaseEntry.COMMENTED, Action.COMMENT, fields, item=ItemKind.COMMENT)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """Say who has the case in hand: a side, a role on it, or one of our people (`party`, `party/role`, `party/m-…`)."""

    to: str

    def drafts(self, scene: Scene) -> list[Draft]:
        """One `case.assigned`."""
        to = str(read_addressee(self.to, scene.where.parties, "assignee"))
        return [scene.draft(CaseEntry.ASSIGNED, Action.ASSIGN, {"assigned_to": to})]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDue:
    """Say by which day the case is due."""

    on: date

    def drafts(self, scene: Scene) -> list[Draft]:
        """One `case.due_set`."""
        return [scene.draft(CaseEntry.DUE_SET, Action.SET_DUE, {"due_on": self.on})]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachItem:
    """Attach a listing or finding that the partner has, or is given in the same act."""

    kind: AttachedKind
    ref: str
    sharing: tuple[Draft, ...] = ()

    def drafts(self, scene: Scene) -> list[Draft]:
        """What gives the thing to the partner, then `case.attached`."""
        attached = scene.draft(CaseEntry.ATTACHED, Action.ATTACH, {_LISTS[self.kind]: [self.ref]})
        return [*self.sharing, attached]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachMany:
    """Attach several listings or findings with one entry; each that the partner lacks is given in the same act."""

    items: tuple[AttachItem, ...]

    def drafts(self, scene: Scene) -> list[Draft]:
        """What gives the things to the partner, then one `case.attached` that names all of them."""
        named: dict[str, list[str]] = {}
        for item in self.items:
            named.setdefault(_LISTS[item.kind], []).append(item.ref)
        attached = scene.draft(CaseEntry.ATTACHED, Action.ATTACH, dict(named))
        return [*(draft for item in self.items for draft in item.sharing), attached]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachFile:
    """Attach a file: its description, and its bytes where the agreement lets them leave.

    Attributes:
        file_id: `fil_…`.
        data: its bytes.
        shows_persons: whether persons can be recognised in it.
    """

    file_id: str
    name: str
    media_type: str
    data: bytes = field(repr=False)
    description: str = ""
    shows_persons: bool = False

    def drafts(self, scene: Scene) -> list[Draft]:
        """`case.attached`, then `case.file` with the bytes beside it."""
        sha256 = hashlib.sha256(self.data).hexdigest()
        fields = {
            "file_id": self.file_id,
            "name": self.name,
            "media_type": self.media_type,
            "size": len(self.data),
            "sha256": sha256,
            "description": _text(self.description, "description", LONGEST_SUMMARY, required=False),
            "shows_persons": self.shows_persons,
        }
        described = scene.draft(CaseEntry.ATTACHED, Action.ATTACH, fields, item=ItemKind.FILE)
        content = Draft(
            type=CaseEntry.FILE,
            subject=scene.case_id,
            action=Action.ATTACH,
            kind=ItemKind.FILE,
            fields={"content": f"{self.media_type}, SHA-256 {sha256}"},
            purpose=scene.purpose,
            territories=scene.territories,
            carried=Carried.with_salt(self.data, self.media_type),
        )
        return [described, content]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detach:
    """Take something out of the case again; the history keeps that it was there."""

    kind: AttachedKind
    ref: str

    def drafts(self, scene: Scene) -> list[Draft]:
        """One `case.detached`."""
        return [scene.draft(CaseEntry.DETACHED, Action.ATTACH, {_LISTS[self.kind]: [self.ref]})]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase:
    """Close the case, with how it ended."""

    outcome: Outcome

    def drafts(self, scene: Scene) -> list[Draft]:
        """One `case.closed`."""
        return [scene.draft(CaseEntry.CLOSED, Action.CLOSE_CASE, {"outcome": self.outcome.value})]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """Open the case again."""

    def drafts(self, scene: Scene) -> list[Draft]:
        """One `case.reopened`."""
        return [scene.draft(CaseEntry.REOPENED, Action.CLOSE_CASE, {"state": "open"})]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct:
    """Correct an own comment, or the title and summary of a case one opened. Nothing is overwritten.

    Attributes:
        entry: id of the entry that is corrected.
        of: its type, `case.commented` or `case.opened`.
        text: of a comment; the title of a case.
        summary: of a case.
    """

    entry: str
    of: CaseEntry
    text: str
    summary: str = ""

    def drafts(self, scene: Scene) -> list[Draft]:
        """One `case.corrected` that points at the entry."""
        if self.of is CaseEntry.COMMENTED:
            said = {"text": _text(self.text, "text", LONGEST_COMMENT), "corrects": self.entry}
            return [scene.draft(CaseEntry.CORRECTED, Action.CORRECT, said, item=ItemKind.COMMENT)]
        title = _line(self.text, "title", LONGEST_TITLE)
        summary = _text(self.summary, "summary", LONGEST_SUMMARY, required=False)
        fields = {"title": title, "summary": summary, "corrects": self.entry}
        return [scene.draft(CaseEntry.CORRECTED, Action.CORRECT, fields)]


Act = (
    OpenCase | Comment | Assign | SetDue | AttachItem | AttachMany | AttachFile | Detach | CloseCase | Reopen | Correct
)


def _line(said: str, name: str, longest: int) -> str:
    return _bounded(" ".join(said.replace("\0", "").split()), name, longest, required=True)


def _text(said: str, name: str, longest: int, *, required: bool = True) -> str:
    plain = said.replace("\0", "").replace("\r\n", "\n").strip()
    return _bounded(plain, name, longest, required=required)


def _bounded(said: str, name: str, longest: int, *, required: bool) -> str:
    if required and not said:
        raise Invalid.of(name, "missing", "There is nothing in it.", "Write something.")
    if len(said) > longest:
        raise Invalid.of(name, "too-long", "It is too long.", f"Use at most {longest:,} characters.")
    if any("\ud800" <= character <= "\udfff" for character in said):
        raise Invalid.of(name, "broken", "It holds half a character.", "Type it again.")
    return said
