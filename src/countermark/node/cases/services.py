"""Work on joint cases. Every write: the entry for the partner, the case and the audit row, together or not at all."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.db import IntegrityError, transaction

from countermark.node.audit import services as audit
from countermark.node.cases import files, sharing
from countermark.node.cases.acts import (
    Act,
    Assign,
    AttachFile,
    AttachItem,
    AttachMany,
    CloseCase,
    Comment,
    Correct,
    Detach,
    OpenCase,
    Reopen,
    Scene,
    SetDue,
)
from countermark.node.cases.models import Attachment, Case, CaseEvent
from countermark.node.cases.permits import Under, named, under
from countermark.node.cases.previews import ItemPreview, previews_of
from countermark.node.cases.recording import facts_of, new_case, record
from countermark.node.cases.saying import Said, say
from countermark.node.cases.states import AttachedKind, CaseEntry, CaseState, Outcome, SharedEntry
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.ids import is_id, new_id
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

#: Things attached by one act: a person reads the preview of each.
MOST_ATTACHED = 50
#: What may still be said in a closed case.
_WHEN_CLOSED = (Comment, Reopen, Correct)
_CASE_TYPES = frozenset(map(str, CaseEntry))


def open_case(
    member: Member,
    agreement: str,
    opening: OpenCase,
    *,
    purpose: str,
    territories: Iterable[str] = (),
    case_id: str = "",
    listings: Sequence[str] = (),
    findings: Sequence[str] = (),
) -> str:
    """Open a joint case under an agreement; gives its id (`cas_…`).

    Args:
        member: needs CASES_EDIT, and a role that the agreement lets open cases.
        agreement: its name.
        opening: what it is called and about.
        purpose: id of a purpose of the agreement.
        territories: countries it concerns; none = all that the agreement covers.
        case_id: made before by `new_case_id`, so that a form sent twice opens one case; empty = a new one.
        listings, findings: attached at once.

    Raises:
        NotPermitted, NotFound; Conflict, the agreement does not allow it, or the case is there; Invalid.
    """
    with transaction.atomic():
        scene = new_scene(member, agreement, purpose, territories, case_id)
        if Case.objects.filter(organisation_id=member.organisation_id, public_id=scene.case_id).exists():
            raise Conflict("This case is open already.", code="case-there")
        try:
            _open(member, scene, opening)
        except IntegrityError as error:
            raise Conflict("This case is open already.", code="case-there") from error
        for kind, refs in ((AttachedKind.LISTING, listings), (AttachedKind.FINDING, findings)):
            for ref in refs:
                perform(member, scene.case_id, attaching(member, scene.where, kind, ref, scene.purpose))
    return scene.case_id


def new_case_id() -> str:
    """An id for a case that is about to be opened."""
    return new_id("cas")


def comment(member: Member, case_id: str, text: str, mentions: Iterable[str] = (), comment_id: str = "") -> None:
    """Write a comment; sent twice with one `comment_id` (`cmt_…`) it is said once.

    Raises:
        NotPermitted (CASES_EDIT, or the agreement), NotFound, Conflict, Invalid.
    """
    perform(member, case_id, Comment(text=text, mentions=tuple(mentions), comment_id=_comment_id(comment_id)))


def assign(member: Member, case_id: str, to: str) -> None:
    """Say who has the case in hand: `party`, `party/role` or `party/m-…`. Raises as `comment`."""
    perform(member, case_id, Assign(to=to))


def set_due(member: Member, case_id: str, on: date) -> None:
    """Say by which day the case is due. Raises as `comment`."""
    perform(member, case_id, SetDue(on=on))


def attach_listing(member: Member, case_id: str, listing_id: str) -> None:
    """Attach a listing; the partner is given it in the same act when it does not have it. Raises as `comment`."""
    _attach(member, case_id, AttachedKind.LISTING, listing_id)


def attach_finding(member: Member, case_id: str, finding_id: str) -> None:
    """Attach a finding; the partner is given it in the same act when it does not have it. Raises as `comment`."""
    _attach(member, case_id, AttachedKind.FINDING, finding_id)


def attach_file(
    member: Member, case_id: str, staged_id: str, *, description: str = "", shows_persons: bool = False
) -> None:
    """Attach a file that was staged with `files.stage`; its bytes leave where the agreement names the content.

    Raises:
        As `comment`; NotFound, nothing was staged under that id by this member.
    """
    with transaction.atomic():
        staged = files.staged(member, staged_id)
        act = staged_act(member, staged_id, description, shows_persons=shows_persons)
        perform(member, case_id, act)
        staged.delete()


def staged_act(member: Member, staged_id: str, description: str, *, shows_persons: bool) -> AttachFile:
    """What attaching a staged file says. Raises NotFound."""
    staged = files.staged(member, staged_id)
    return AttachFile(
        file_id=staged.public_id,
        name=staged.name,
        media_type=staged.media_type,
        data=bytes(staged.data),
        description=description,
        shows_persons=shows_persons,
    )


def detach(member: Member, case_id: str, kind: str, ref: str) -> None:
    """Take something out of the case again. Raises as `comment`; NotFound, it is not attached."""
    case = case_row(member, case_id)
    if not Attachment.objects.filter(case=case, kind=kind, ref=ref[:30], attached=True).exists():
        raise NotFound("attachment", ref)
    perform(member, case_id, Detach(kind=AttachedKind(kind), ref=ref))


def close_case(member: Member, case_id: str, outcome: str) -> None:
    """Close the case with how it ended (an `Outcome`). Raises as `comment`."""
    if outcome not in Outcome.values:
        raise Invalid.of("outcome", "outcome", "Say how the case ended.", "Choose one of the outcomes.")
    perform(member, case_id, CloseCase(outcome=Outcome(outcome)))


def reopen(member: Member, case_id: str) -> None:
    """Open a closed case again. Raises as `comment`; Conflict, it is open."""
    perform(member, case_id, Reopen())


def correct(member: Member, case_id: str, entry: str, text: str, summary: str = "") -> None:
    """Correct a comment of our side, or title and summary of a case we opened; the first words stay in the history.

    Args:
        entry: id of the entry that is corrected.
        text: the comment, or the title.
        summary: of the case.

    Raises:
        As `comment`; NotFound, our side said no such thing in this case.
    """
    perform(member, case_id, correcting(member, case_id, entry, text, summary))


def correcting(member: Member, case_id: str, entry: str, text: str, summary: str = "") -> Correct:
    """What a correction says. Raises NotFound."""
    case = case_row(member, case_id)
    kinds = (CaseEntry.COMMENTED, CaseEntry.OPENED)
    found = CaseEvent.objects.filter(case=case, entry_hash=entry[:64], type__in=kinds).first()
    if found is None or found.party != under(case.agreement).party:
        raise NotFound("comment of your side", "")
    return Correct(entry=found.entry_hash, of=CaseEntry(found.type), text=text, summary=summary)


def attaching(member: Member, where: Under, kind: AttachedKind, ref: str, purpose: str) -> AttachItem:
    """What attaching a listing or finding says, with what gives it to the partner where that is needed.

    Raises:
        NotFound: neither we nor the partner has it.
    """
    return AttachItem(kind=kind, ref=ref, sharing=sharing.needed(member, where, kind, ref, purpose))


def attaching_by_id(member: Member, case_id: str, ref: str) -> AttachItem:
    """What attaching `lst_…` or `fnd_…` to a case says. Raises NotFound, NotPermitted."""
    _, scene = scene_of(member, case_id)
    kind = AttachedKind.LISTING if ref.startswith("lst_") else AttachedKind.FINDING
    return attaching(member, scene.where, kind, ref, scene.purpose)


def attaching_many(member: Member, case_id: str, kind: AttachedKind, refs: Sequence[str]) -> AttachMany:
    """What attaching several listings or findings to a case says; those that are attached already are passed over.

    Raises:
        NotFound, NotPermitted; Invalid, none is left to attach, or more than MOST_ATTACHED.
    """
    case, scene = scene_of(member, case_id)
    wanted = list(dict.fromkeys(ref[:30] for ref in refs))
    there = Attachment.objects.filter(case=case, kind=kind, ref__in=wanted[: MOST_ATTACHED + 1], attached=True)
    known = set(there.values_list("ref", flat=True))
    new = [ref for ref in wanted if ref not in known]
    if not 0 < len(new) <= MOST_ATTACHED:
        raise Invalid.of("refs", "number", f"Choose 1 to {MOST_ATTACHED} that are not attached yet.", "Choose anew.")
    return AttachMany(items=tuple(attaching(member, scene.where, kind, ref, scene.purpose) for ref in new))


def preview_attaching(member: Member, scene: Scene, kind: AttachedKind, ref: str) -> tuple[ItemPreview, ...]:
    """Field by field what the partner would see of something attached to a case that is about to be opened."""
    act = attaching(member, scene.where, kind, ref, scene.purpose)
    return previews_of(member, scene.where, act.drafts(scene))


def perform(member: Member, case_id: str, act: Act) -> None:
    """Do something in a case.

    Raises:
        NotPermitted (CASES_EDIT, or the agreement); NotFound; Conflict, the case is closed, or the agreement does not
            allow it now; Invalid.
    """
    member.require(Permission.CASES_EDIT)
    with transaction.atomic():
        case, scene = scene_of(member, case_id)
        _check_state(case, act)
        said = say(member, scene.where, act.drafts(scene), _keys(act))
        _take_in(case, scene.where, said)
        _note(member, case, said)


def preview(member: Member, case_id: str, act: Act) -> tuple[ItemPreview, ...]:
    """Field by field what the partner would see of something in a case, and why not of the rest.

    Raises:
        NotPermitted (CASES_EDIT), NotFound, Conflict, Invalid.
    """
    member.require(Permission.CASES_EDIT)
    case, scene = scene_of(member, case_id)
    _check_state(case, act)
    return previews_of(member, scene.where, act.drafts(scene))


def preview_opening(member: Member, scene: Scene, act: OpenCase) -> tuple[ItemPreview, ...]:
    """The same for a case that is about to be opened."""
    return previews_of(member, scene.where, act.drafts(scene))


def new_scene(member: Member, agreement: str, purpose: str, territories: Iterable[str], case_id: str) -> Scene:
    """Where a new case would be opened. Raises NotPermitted, NotFound, Conflict, Invalid."""
    member.require(Permission.CASES_EDIT)
    where = named(member, agreement)
    case_id = case_id or new_case_id()
    if not is_id("cas", case_id):
        raise Invalid.of("", "case-id", "The form was changed on its way.", "Open the form again.")
    return Scene(
        where=where,
        member=member,
        case_id=case_id,
        opened_by=where.party,
        purpose=purpose[:80],
        territories=tuple(dict.fromkeys(territories)) or tuple(where.terms.territories),
    )


def case_row(member: Member, case_id: str) -> Case:
    """The row of a case of the member's organisation. Raises NotFound."""
    rows = Case.objects.select_related("agreement__organisation", "titled")
    row = (
        rows.filter(organisation_id=member.organisation_id, public_id=case_id).first()
        if is_id("cas", case_id)
        else None
    )
    if row is None:
        raise NotFound("case", case_id)
    return row


def scene_of(member: Member, case_id: str) -> tuple[Case, Scene]:
    """A case, and under what something is said in it. Raises NotFound, Conflict."""
    case = case_row(member, case_id)
    where = under(case.agreement)
    scene = Scene(where, member, case.public_id, case.opened_by, case.purpose, tuple(case.territories))
    return case, scene


def _open(member: Member, scene: Scene, act: OpenCase) -> None:
    said = say(member, scene.where, act.drafts(scene))[0]
    case = new_case(
        scene.where,
        said.entry,
        scene.case_id,
        opened_by=scene.where.party,
        purpose=scene.purpose,
        territories=scene.territories,
    )
    record(case, scene.where, said.entry, facts_of(said.fields, scene.where.parties), scene.where.party)
    _note(member, case, [said])


def _attach(member: Member, case_id: str, kind: AttachedKind, ref: str) -> None:
    with transaction.atomic():
        _, scene = scene_of(member, case_id)
        perform(member, case_id, attaching(member, scene.where, kind, ref, scene.purpose))


def _check_state(case: Case, act: Act) -> None:
    if case.state == CaseState.CLOSED and not isinstance(act, _WHEN_CLOSED):
        raise Conflict("This case is closed. Open it again first.", code="case-closed")
    if case.state == CaseState.OPEN and isinstance(act, Reopen):
        raise Conflict("This case is open.", code="case-open")


def _take_in(case: Case, where: Under, said: Sequence[Said]) -> None:
    for one in said:
        if one.draft.type not in _CASE_TYPES:
            sharing.note_shared(where, one)
        elif not CaseEvent.objects.filter(entry=one.entry).exists():
            record(case, where, one.entry, facts_of(one.fields, where.parties), where.party)
            if one.draft.is_bytes and one.draft.carried is not None:
                files.place(case, one.entry, one.draft.carried.data, where.party)


def _note(member: Member, case: Case, said: Sequence[Said]) -> None:
    for one in said:
        detail: dict[str, str] = {"entry": one.entry.entry_id, "agreement": case.agreement.name}
        if one.draft.subject != case.public_id:
            detail["item"] = one.draft.subject
        audit.record(
            actor=member.actor,
            organisation=member.organisation_id,
            action=_action(one.draft.type),
            target=case.public_id,
            detail=detail,
        )


def _action(kind: str) -> str:
    return f"exchange.{kind.replace('.', '_')}" if kind in set(SharedEntry) else kind


def _keys(act: Act) -> list[str]:
    return [f"comment:{act.comment_id}"] if isinstance(act, Comment) and act.comment_id else []


def _comment_id(given: str) -> str:
    if given and not is_id("cmt", given):
        raise Invalid.of("", "comment-id", "The form was changed on its way.", "Open the form again.")
    return given or new_id("cmt")


def with_id(act: Comment) -> Comment:
    """A comment with an id, so that sending its form twice says it once."""
    return replace(act, comment_id=_comment_id(act.comment_id))
