"""What an agreement lets a notice do: asked before anything is said, and again of everything that comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from countermark.node.exchange.agreeing.versions import identity_of, readable_terms
from countermark.node.exchange.appending import Statement, append
from countermark.node.exchange.applying import Arrived, CannotApply
from countermark.node.exchange.models import Agreement, AgreementVersion, FeedEntry
from countermark.node.exchange.rules.actions import NODE, Action
from countermark.node.exchange.rules.incoming import read_incoming, sift
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.permitting import may, may_arrive
from countermark.node.exchange.rules.previewing import HiddenField, Preview, outgoing, preview
from countermark.node.exchange.rules.standing import Actor, Item, Permit, Side, Standing
from countermark.node.exchange.rules.terms import Terms
from countermark.node.exchange.rules.values import Value
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.proof.commitments import Carried
from countermark.proof.entries import DataClass

#: Purpose under which notices travel when an agreement names several.
REMOVAL = "counterfeit-removal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something to be said about a notice.

    Attributes:
        type: of the entry.
        subject: id of the notice.
        kind: of the item that it carries.
        action: the outward act.
        owner: party that stated the notice or counter-notice; empty = we.
        country: ISO 3166-1 alpha-2.
        fields: name to value.
        key: makes one entry out of many tries.
    """

    type: str
    subject: str
    kind: ItemKind
    action: Action
    fields: Mapping[str, object]
    owner: str = ""
    country: str = ""
    key: str = ""


def partners(member: Member) -> tuple[Agreement, ...]:
    """Agreements in force with marketplaces, by name."""
    rows = Agreement.objects.filter(
        organisation_id=member.organisation_id, partner_kind=OrganisationKind.MARKETPLACE, state="agreed"
    )
    return tuple(rows.order_by("partner_name", "name")[:200])


def partner_named(member: Member, name: str) -> Agreement:
    """An agreement of the member's organisation; NotFound."""
    found = Agreement.objects.filter(organisation_id=member.organisation_id, name=name[:40]).first()
    if found is None:
        raise NotFound("agreement", name)
    return found


def standing_of(agreement: Agreement) -> Standing:
    """How an agreement stands.

    Raises:
        Conflict: nothing is agreed, or its terms cannot be read here.
    """
    return _standing(agreement, agreement.digest)


def _when_said(arrived: Arrived) -> Standing:
    """The terms that an entry names, as the agreement stood when it was said. Raises Conflict."""
    return _standing(arrived.agreement, arrived.entry.agreement).when_said(arrived.happened_at)


def _standing(agreement: Agreement, digest: str) -> Standing:
    terms = _terms(agreement.pk, digest)
    identity = identity_of(agreement.organisation_id)
    ours = Side(identity.party, identity.organisation.kind)
    return Standing(
        terms=terms,
        sides=(ours, Side(agreement.partner, agreement.partner_kind)),
        state=agreement.state,
        since=agreement.since,
        valid_until=agreement.ends_at,
    )


@lru_cache(maxsize=64)
def _terms(agreement: int, digest: str) -> Terms:
    """Terms of a version; a digest says the same for ever."""
    version = AgreementVersion.objects.filter(agreement_id=agreement, digest=digest).first()
    if version is None:
        raise Conflict("Nothing is agreed with this partner yet.", code="not-agreed")
    terms = readable_terms(version)
    if terms is None:
        raise Conflict("The terms with this partner name no exchange of notices.", code="not-agreed")
    return terms


@dataclass(frozen=True, slots=True)
class Voice:
    """How we stand to one partner, read once for many messages.

    Attributes:
        agreement: under which we speak.
        standing: how it stands.
        us: our own side.
    """

    agreement: Agreement
    standing: Standing
    us: Side

    @classmethod
    def under(cls, agreement: Agreement) -> "Voice":
        """Ours under an agreement. Raises Conflict: nothing is agreed, or its terms cannot be read here."""
        standing = standing_of(agreement)
        return cls(agreement, standing, standing.sides[0])

    def permit(self, role: str, message: Message) -> Permit:
        """Whether we may say it now."""
        item = Item(
            kind=message.kind,
            owner=message.owner or self.us.party,
            territories=(message.country,) if message.country else _any_territory(self.standing),
            purpose=_purpose(self.standing.terms),
        )
        return may(Actor(self.us.party, self.us.kind, role), message.action, item, self.standing, now())

    def preview(self, role: str, message: Message) -> Preview:
        """What would leave. An answer travels in the fields of the item that it answers, as if its owner sent them."""
        actor = Actor(self.us.party, self.us.kind, role)
        terms = self.standing.terms
        if message.owner and message.owner != self.us.party:
            kind = _source(self.standing, message.owner)
            roles = terms.roles(message.action, kind)
            actor = Actor(message.owner, kind, roles[0] if roles else "")
        return preview(message.kind, message.fields, terms, _purpose(terms), actor, now(), action=message.action)

    def statement(self, role: str, message: Message) -> Statement:
        """What the feed says: exactly what the agreement lets through.

        Raises:
            Conflict: the agreement forbids it, with the sentence of the rule.
            Invalid: nothing of it would reach the partner.
        """
        given = self.permit(role, message)
        if not given.allow:
            raise Conflict(given.sentence, code=f"not-agreed-{given.reason}")
        seen = self.preview(role, message)
        out = outgoing(seen)
        return Statement(
            type=message.type,
            subject=message.subject,
            purpose=seen.purpose,
            data_class=out.data_class,
            data=out.open,
            beside=Carried.with_salt(out.beside) if out.beside is not None else None,
            retain_until=out.retain_until,
            key=message.key,
        )


def permit(agreement: Agreement, role: str, message: Message) -> Permit:
    """Whether we may say it now."""
    return Voice.under(agreement).permit(role, message)


def hidden(agreement: Agreement, role: str, message: Message) -> tuple[HiddenField, ...]:
    """What of it would not reach the partner, and the rule that hides it."""
    return Voice.under(agreement).preview(role, message).hidden


def say(agreement: Agreement, role: str, message: Message) -> FeedEntry:
    """Say it: exactly what the agreement lets through, in the caller's transaction.

    Raises:
        Conflict, Invalid: as `Voice.statement`, and what the feed itself refuses.
    """
    return append(agreement, Voice.under(agreement).statement(role, message))


def say_back(arrived: Arrived, message: Message, code: str, untold: str) -> FeedEntry:
    """What a node answers to an entry by itself, in the transaction that applies it.

    Raises:
        CannotApply: `code` and `untold`, where the agreement lets nothing of it be said: the entry is kept and shown.
    """
    try:
        return say(arrived.agreement, NODE, message)
    except (Conflict, Invalid) as refused:
        raise CannotApply(code, untold) from refused


def taken(arrived: Arrived, kind: ItemKind, action: Action, *, ours: bool = False) -> dict[str, Value]:
    """The fields of a partner's entry that were agreed; `ours`: it speaks of something that we stated.

    Raises:
        CannotApply: the agreement does not let the partner say this, or it is no item of that kind.
    """
    try:
        standing = _when_said(arrived)
        read = read_incoming(arrived.entry.data, arrived.carried)
    except (Conflict, Invalid) as refused:
        raise CannotApply("wrong-data", refused.detail) from refused
    if read.kind != kind:
        raise CannotApply("wrong-data", f"It carries another kind of item than {kind}.")
    partner = arrived.agreement.partner
    owner = identity_of(arrived.organisation_id).party if ours else partner
    item = Item(kind=kind, owner=owner, purpose=arrived.entry.purpose, territories=_any_territory(standing))
    allowed = may_arrive(partner, action, item, standing, arrived.happened_at)
    if not allowed.allow:
        raise CannotApply("not-agreed", allowed.sentence)
    source = _source(standing, owner)
    kept, _refused = sift(read, standing.terms, arrived.entry.purpose, source)
    return {field.field: field.value for field in kept}


@dataclass(frozen=True, slots=True, kw_only=True)
class BytesPermit:
    """Whether the bytes of a paper may go.

    Attributes:
        denied: sentence of the rule that keeps them here; empty when they may go.
        purpose, data_class, retain_until: under which they go, and the day on which the partner deletes them.
    """

    denied: str
    purpose: str = ""
    data_class: DataClass = DataClass.PERSONAL
    retain_until: date | None = None


def bytes_may_go(agreement: Agreement, role: str, words: str) -> BytesPermit:
    """Whether a member of that role may pass the bytes of a paper on; `words` stand for the bytes."""
    try:
        standing, us = standing_of(agreement), identity_of(agreement.organisation_id)
    except Conflict as problem:
        return BytesPermit(denied=problem.detail)
    actor, purpose = Actor(us.party, us.organisation.kind, role), _purpose(standing.terms)
    content = {"content": words}
    seen = preview(ItemKind.FILE, content, standing.terms, purpose, actor, now(), action=Action.ATTACH)
    if not seen.shown:
        return BytesPermit(denied=" ".join(one.sentence for one in seen.hidden))
    fields = {one.field: one.data_class for one in seen.shown}
    item = Item(ItemKind.FILE, us.party, fields, _any_territory(standing), purpose, seen.retain_until)
    given = may(actor, Action.ATTACH, item, standing, now())
    denied = "" if given.allow else given.sentence
    return BytesPermit(denied=denied, purpose=purpose, data_class=seen.data_class, retain_until=seen.retain_until)


def bytes_may_come(arrived: Arrived) -> None:
    """Whether a partner may pass the bytes of a paper on to us. Raises CannotApply when the agreement does not."""
    try:
        standing = _when_said(arrived)
    except Conflict as refused:
        raise CannotApply("not-agreed", refused.detail) from refused
    partner, fields = arrived.agreement.partner, {"content": arrived.entry.data_class}
    until = arrived.entry.retain_until
    day = date.fromisoformat(until) if until else None
    item = Item(ItemKind.FILE, partner, fields, _any_territory(standing), arrived.entry.purpose, day)
    allowed = may_arrive(partner, Action.ATTACH, item, standing, arrived.happened_at)
    if not allowed.allow:
        raise CannotApply("not-agreed", allowed.sentence)


def _source(standing: Standing, owner: str) -> str:
    """Kind of the party whose item it is: a decision travels in the fields of the notice that it answers."""
    side = standing.side(owner)
    return side.kind if side else ""


def _any_territory(standing: Standing) -> tuple[str, ...]:
    """What is said of a notice concerns the country that was asked about when it was filed."""
    return standing.terms.territories[:1]


def _purpose(terms: Terms) -> str:
    if terms.purpose(REMOVAL) is not None:
        return REMOVAL
    return next((one.id for one in terms.purposes), REMOVAL)
