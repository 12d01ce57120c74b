"""What the agreement allows: asked before anything is said, and again of what the partner said."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from countermark.node.exchange.agreeing.versions import identity_of, latest, parties_of, readable_terms
from countermark.node.exchange.applying import Arrived, CannotApply
from countermark.node.exchange.models import Agreement, AgreementVersion
from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.incoming import read_incoming, sift
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.permitting import may, may_arrive
from countermark.node.exchange.rules.previewing import Preview, ShownField, preview
from countermark.node.exchange.rules.standing import Actor, Item, Permit, Side, Standing
from countermark.node.exchange.rules.terms import Terms
from countermark.node.exchange.states import TALKING
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.proof.commitments import Carried

#: Denials that have to do with who asks; all others with how things stand.
_WHO = frozenset({"side-not-granted", "role-not-granted", "role-never", "role-unknown", "personal-needs-role"})
_OFFERED: Literal["offered"] = "offered"


@dataclass(frozen=True, slots=True)
class Draft:
    """What someone is about to say.

    Attributes:
        type: of the entry.
        subject: its subject.
        action: what the agreement is asked for.
        kind: of the item that the entry carries.
        fields: name -> value, with everything there is; the agreement decides what leaves.
        purpose: id of a purpose.
        territories: countries it concerns.
        owner: party that stated the item; empty = we.
        carried: bytes of a file, which lie beside an entry of their own; None for everything else.
    """

    type: str
    subject: str
    action: Action
    kind: ItemKind
    fields: Mapping[str, object]
    purpose: str
    territories: tuple[str, ...]
    owner: str = ""
    carried: Carried | None = None

    @property
    def is_bytes(self) -> bool:
        """Whether it is the bytes of a file: what cannot leave is then left out, and its description goes alone."""
        return self.carried is not None


@dataclass(frozen=True, slots=True)
class Under:
    """One agreement, as its rules need it.

    Attributes:
        agreement: our row of it.
        terms: of the version in force.
        standing: how it stands.
        party, partner: ids of us and of the other side.
    """

    agreement: Agreement
    terms: Terms
    standing: Standing
    party: str
    partner: str

    @property
    def parties(self) -> tuple[str, str]:
        """Us, then the partner."""
        return self.party, self.partner

    def kind_of(self, party: str) -> str:
        """Which kind of organisation a side is."""
        side = self.standing.side(party)
        return side.kind if side else ""

    def actor(self, member: Member) -> Actor:
        """A member as the rules know people."""
        return Actor(self.party, str(member.organisation_kind), str(member.role))

    def preview(self, member: Member, draft: Draft) -> Preview:
        """Field by field what the partner would see."""
        return preview(
            draft.kind, draft.fields, self.terms, draft.purpose, self.actor(member), now(), action=draft.action
        )

    def permit(self, member: Member, draft: Draft, seen: Preview) -> Permit:
        """Whether the member may say it now; asked with exactly the fields that would leave."""
        item = Item(
            kind=draft.kind,
            owner=draft.owner or self.party,
            fields={field.field: field.data_class for field in seen.shown},
            territories=draft.territories,
            purpose=draft.purpose,
            retain_until=seen.retain_until,
        )
        return may(self.actor(member), draft.action, item, self.standing, now())

    def may_reveal(self, member: Member, kind: str, owner: str, purpose: str, until: date | None) -> bool:
        """Whether the member may see personal data of an item that lies here."""
        item = Item(kind, owner, {}, tuple(self.terms.territories[:1]), purpose, until)
        return may(self.actor(member), Action.REVEAL, item, self.standing, now()).allow


def require(permit: Permit) -> None:
    """Turn a denial into a problem that a person can act on.

    Raises:
        NotPermitted: the person or the side may not; Conflict: the agreement or the thing does not allow it.
    """
    if permit.allow:
        return
    if permit.reason in _WHO:
        raise NotPermitted(permit.sentence)
    raise Conflict(permit.sentence, code=permit.reason)


def named(member: Member, name: str) -> Under:
    """The agreement of that name in the member's organisation.

    Raises:
        NotFound; Conflict, it has no terms yet that can be read.
    """
    row = Agreement.objects.filter(organisation_id=member.organisation_id, name=name[:40]).first()
    if row is None:
        raise NotFound("agreement", name)
    return under(row)


def under(agreement: Agreement) -> Under:
    """An agreement row with its terms.

    Raises:
        Conflict: neither version of it is in force, or its terms are of a newer kind.
    """
    if not agreement.version:
        raise Conflict("Both sides have to sign first.", code="not-yet-agreed")
    return _under(agreement, latest(agreement, agreement.version))


def _under(agreement: Agreement, version: AgreementVersion) -> Under:
    terms = readable_terms(version)
    if terms is None:
        raise Conflict("The terms of this agreement cannot be read here. Offer an amendment.", code="terms")
    party = identity_of(agreement.organisation_id).party
    ours = str(agreement.organisation.kind)
    sides = tuple(Side(one.id, ours if one.id == party else str(agreement.partner_kind)) for one in parties_of(version))
    standing = Standing(
        terms=terms,
        sides=(sides[0], sides[1]),
        state=str(agreement.state) if agreement.state in TALKING else _OFFERED,
        since=agreement.since,
        valid_until=agreement.ends_at,
    )
    return Under(agreement, terms, standing, party, agreement.partner)


@dataclass(frozen=True, slots=True)
class Taken:
    """What may be kept of an entry of the partner.

    Attributes:
        under: the agreement, in the version under which it was said.
        fields: those that were agreed, as the sender stated them; None when their bytes were deleted before.
    """

    under: Under
    fields: dict[str, object] | None


def take(arrived: Arrived, action: Action, kind: ItemKind, owner: str = "") -> Taken:
    """Read what a partner's entry carries, ask whether it may come, and keep what was agreed.

    Args:
        arrived: the entry.
        action: what it does.
        kind: that its content must have.
        owner: party that stated the item; empty = the sender.

    Raises:
        CannotApply: with the reason of the rules, or of the reader.
    """
    where = said_under(arrived)
    if arrived.carried is None and arrived.entry.data is None:
        _ask(arrived, where, action, kind, owner, {})
        return Taken(where, None)
    try:
        item = read_incoming(arrived.entry.data, arrived.carried)
    except Invalid as error:
        raise CannotApply(error.code, error.detail) from error
    if item.kind is not kind:
        raise CannotApply("wrong-kind", f"It carries an item of the kind {item.kind}, not {kind}.")
    kept, _refused = sift(item, where.terms, arrived.entry.purpose, where.kind_of(where.partner))
    _ask(arrived, where, action, kind, owner, {field.field: field.data_class for field in kept})
    return Taken(where, as_values(kept))


def as_values(shown: tuple[ShownField, ...]) -> dict[str, object]:
    """Shown fields as name -> value."""
    return {field.field: list(field.value) if isinstance(field.value, tuple) else field.value for field in shown}


def said_under(arrived: Arrived) -> Under:
    """The agreement in the version that an entry names; the state in which it was when the entry was said.

    Raises:
        CannotApply: that version is not here, or its terms cannot be read.
    """
    agreement = Agreement.objects.select_related("organisation").get(pk=arrived.agreement.pk)
    version = AgreementVersion.objects.filter(agreement=agreement, digest=arrived.entry.agreement).first()
    if version is None:
        raise CannotApply("wrong-agreement", "It names a version of the agreement that is not here.")
    try:
        found = _under(agreement, version)
    except Conflict as error:
        raise CannotApply(error.code, error.detail) from error
    return replace(found, standing=found.standing.when_said(arrived.happened_at))


def _ask(arrived: Arrived, where: Under, action: Action, kind: ItemKind, owner: str, fields: Mapping[str, str]) -> None:
    until = arrived.entry.retain_until
    item = Item(
        kind=kind,
        owner=owner or where.partner,
        fields=fields,
        # Countries are the sender's word; where an entry names none, those of the agreement are meant.
        territories=tuple(where.terms.territories),
        purpose=arrived.entry.purpose,
        retain_until=None if until is None else date.fromisoformat(until),
    )
    permit = may_arrive(where.partner, action, item, where.standing, arrived.happened_at)
    if not permit.allow:
        raise CannotApply(permit.reason, permit.sentence)
