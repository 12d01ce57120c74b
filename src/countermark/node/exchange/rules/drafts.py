"""Good first drafts of terms, for the three pairs that meet."""

from countermark.node.exchange.rules.actions import DEEDS, NODE, Action, Reach
from countermark.node.exchange.rules.fields import FIELDS, PERSONAL, PSEUDONYM, PUBLIC, TRADER
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.term_parts import Ending, ItemTerms, LegalBasis, Onward, Purpose, Terms, Times
from countermark.node.exchange.rules.territories import EU
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Role
from countermark.proof.entries import DataClass

_HOLDER, _MARKET, _PAYMENT = OrganisationKind
Sides = tuple[OrganisationKind, OrganisationKind]

EUROPEAN_UNION = tuple(sorted(EU))
#: Three years, the usual limitation of claims; a year of work; 90 days for what is personal and not yet proven.
_RETENTION = {PUBLIC: 1095, TRADER: 365, PSEUDONYM: 365, PERSONAL: 90}

REMOVAL, REPEAT, RISK, FIGURES = "counterfeit-removal", "repeat-infringers", "payment-risk", "joint-figures"
_WORDS = {
    REMOVAL: "Find listings that infringe rights of the rights holder, give notice of them, decide on the notices with "
    "due process, and restore what was removed by mistake.",
    REPEAT: "Recognise shops that infringe again under another name, without exchanging identities.",
    RISK: "Let a payment platform weigh the risk of a payee whose shop sells counterfeits, and report what it did.",
    FIGURES: "Count together what was found, removed, contested and restored, so that both sides show the same.",
}
_UP_TO = {REMOVAL: PERSONAL, REPEAT: PSEUDONYM, RISK: PSEUDONYM, FIGURES: PSEUDONYM}

_GDPR = ("GDPR", "Art. 6(1)(f)")
_BASIS_WORDS = {
    _HOLDER: "Legitimate interest in defending its rights against infringement; the balance of interests is recorded.",
    _MARKET: "Legitimate interest in keeping infringing offers from its buyers, beside its duties as a host "
    "(Regulation (EU) 2022/2065, Art. 16, 17 and 20).",
    _PAYMENT: "Legitimate interest in preventing fraud (recital 47) in payments for goods that may not be sold.",
}

_WORKERS = {
    _HOLDER: (Role.ANALYST, Role.COUNSEL, Role.ADMINISTRATOR),
    _MARKET: (Role.OFFICER, Role.COUNSEL, Role.ADMINISTRATOR),
    _PAYMENT: (Role.OFFICER, Role.COUNSEL, Role.ADMINISTRATOR),
}
_SIGNERS = (Role.COUNSEL, Role.ADMINISTRATOR)

#: Fields that a first draft leaves out, although they could be named: identities are given case by case, with a basis.
#: The names of the team itself are in it: a history whose lines nobody wrote is no joint work.
_LEFT_OUT = {
    ItemKind.LISTING: {"seller_phone", "seller_email", "seller_contacts", "seller_name"},
    ItemKind.FINDING: {"signals"},
    ItemKind.COUNTER_NOTICE: {"seller_name", "seller_address", "seller_phone", "seller_email"},
    ItemKind.SELLER: {"name", "address", "phone", "email", "bank_account", "court_order"},
}


def standard_terms(kind_a: OrganisationKind, kind_b: OrganisationKind) -> Terms:
    """A draft that two organisations can sign as it is, or change first.

    Args:
        kind_a, kind_b: kinds of the two parties, in the order of the agreement; they differ.

    Raises:
        Invalid: two organisations of one kind; nobody has drafted that pair.
    """
    sides = (OrganisationKind(kind_a), OrganisationKind(kind_b))
    if frozenset(sides) not in _ITEMS:
        raise Invalid.of(
            "sides",
            "no-draft",
            "There is no draft for two organisations of one kind.",
            "Choose a rights holder, a marketplace or a payment platform as the partner.",
        )
    items = _ITEMS[frozenset(sides)]
    names = dict.fromkeys(name for purposes, _ in items.values() for name in purposes)
    return Terms(
        v=1,
        sides=sides,
        purposes=tuple(_purpose(name, sides) for name in names),
        items={kind: _item(kind, purposes, sources) for kind, (purposes, sources) in items.items()},
        territories=EUROPEAN_UNION,
        retention=dict(_RETENTION),
        grants=_grants(sides, frozenset(items)),
        times=Times(receipt_hours=24, answer_hours=72, checkpoint_minutes=5),
        ending=_ENDING,
        onward=Onward(),
    )


_ENDING = Ending(
    notice_days=30,
    deletes=(DataClass.PERSONAL, DataClass.SENSITIVE),
    delete_days=30,
    after=(
        Action.ACKNOWLEDGE,
        Action.CONFIRM_DELETION,
        Action.CORRECT,
        Action.EXPORT,
        Action.READ,
        Action.WITHDRAW,
    ),
)

_Purposes = tuple[str, ...]
#: Pair -> kind of item -> purposes, and the sides it comes from.
_ITEMS: dict[frozenset[OrganisationKind], dict[ItemKind, tuple[_Purposes, tuple[OrganisationKind, ...]]]] = {
    frozenset({_HOLDER, _MARKET}): {
        ItemKind.LISTING: ((REMOVAL, REPEAT), (_HOLDER, _MARKET)),
        ItemKind.FINDING: ((REMOVAL, REPEAT), (_HOLDER, _MARKET)),
        ItemKind.CASE: ((REMOVAL, REPEAT), (_HOLDER, _MARKET)),
        ItemKind.COMMENT: ((REMOVAL, REPEAT), (_HOLDER, _MARKET)),
        ItemKind.FILE: ((REMOVAL, REPEAT), (_HOLDER, _MARKET)),
        ItemKind.EVIDENCE: ((REMOVAL,), (_HOLDER, _MARKET)),
        ItemKind.NOTICE: ((REMOVAL,), (_HOLDER,)),
        ItemKind.COUNTER_NOTICE: ((REMOVAL,), (_MARKET,)),
        ItemKind.MEASURE: ((REMOVAL,), (_MARKET,)),
        ItemKind.SELLER: ((REPEAT,), (_HOLDER, _MARKET)),
        ItemKind.FIGURES: ((FIGURES,), (_HOLDER, _MARKET)),
    },
    frozenset({_HOLDER, _PAYMENT}): {
        ItemKind.LISTING: ((RISK,), (_HOLDER,)),
        ItemKind.FINDING: ((RISK,), (_HOLDER,)),
        ItemKind.CASE: ((RISK,), (_HOLDER, _PAYMENT)),
        ItemKind.COMMENT: ((RISK,), (_HOLDER, _PAYMENT)),
        ItemKind.FILE: ((RISK,), (_HOLDER, _PAYMENT)),
        ItemKind.EVIDENCE: ((RISK,), (_HOLDER, _PAYMENT)),
        ItemKind.SELLER: ((RISK,), (_HOLDER, _PAYMENT)),
        ItemKind.PAYMENT_ACTION: ((RISK,), (_PAYMENT,)),
        ItemKind.FIGURES: ((FIGURES,), (_HOLDER, _PAYMENT)),
    },
    frozenset({_MARKET, _PAYMENT}): {
        ItemKind.LISTING: ((RISK,), (_MARKET,)),
        ItemKind.FINDING: ((RISK,), (_MARKET,)),
        ItemKind.CASE: ((RISK,), (_MARKET, _PAYMENT)),
        ItemKind.COMMENT: ((RISK,), (_MARKET, _PAYMENT)),
        ItemKind.FILE: ((RISK,), (_MARKET, _PAYMENT)),
        ItemKind.EVIDENCE: ((RISK,), (_MARKET, _PAYMENT)),
        ItemKind.SELLER: ((RISK,), (_MARKET, _PAYMENT)),
        ItemKind.PAYMENT_ACTION: ((RISK,), (_PAYMENT,)),
        ItemKind.FIGURES: ((FIGURES,), (_MARKET, _PAYMENT)),
    },
}


def _purpose(name: str, sides: Sides) -> Purpose:
    law, article = _GDPR
    bases = tuple(LegalBasis(side=side, law=law, article=article, words=_BASIS_WORDS[side]) for side in sides)
    return Purpose(id=name, words=_WORDS[name], bases=bases, up_to=_UP_TO[name])


def _item(kind: ItemKind, purposes: _Purposes, sources: tuple[OrganisationKind, ...]) -> ItemTerms:
    """Every field under its least class, but those left out and those above what the purposes carry."""
    most = max((_UP_TO[name] for name in purposes), key=tuple(DataClass).index)
    allowed = tuple(DataClass)[: tuple(DataClass).index(most) + 1]
    named = {
        name: field.least
        for name, field in FIELDS[kind].items()
        if name not in _LEFT_OUT.get(kind, ()) and field.least in allowed
    }
    return ItemTerms(purposes=purposes, shared_by=sources, fields=named)


def _grants(sides: Sides, kinds: frozenset[ItemKind]) -> dict[Action, dict[OrganisationKind, tuple[str, ...]]]:
    return {
        action: {side: roles for side in sides if (roles := _roles(action, side))}
        for action in Action
        if action not in _NOT_GRANTED and (not DEEDS[action].kinds or DEEDS[action].kinds & kinds)
    }


#: Nothing is passed on unless a draft is changed to say so.
_NOT_GRANTED = frozenset({Action.PASS_ON})
_ONE_SIDE = {Action.NOTIFY: frozenset({_HOLDER}), Action.REPORT_ACTION: frozenset({_PAYMENT})}
_BY_ITSELF = frozenset({Action.SHARE, Action.WITHDRAW, Action.ACKNOWLEDGE, Action.CONFIRM_DELETION, Action.CORRECT})


def _roles(action: Action, side: OrganisationKind) -> tuple[str, ...]:
    if side not in _ONE_SIDE.get(action, frozenset(_WORKERS)):
        return ()
    if action is Action.READ:
        return (*_WORKERS[side], Role.READER, NODE)
    if action is Action.ROTATE_KEY:
        return (Role.ADMINISTRATOR,)
    if action is Action.EXPORT or DEEDS[action].reach is Reach.AGREEMENT:
        return _SIGNERS
    return (*_WORKERS[side], NODE) if action in _BY_ITSELF else _WORKERS[side]
