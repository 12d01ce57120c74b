"""Which procedures an organisation can open here, and what each of them asks at its opening."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from countermark.law.lawbook import shipped_lawbook
from countermark.law.procedure import Procedure
from countermark.law.regime import Regime
from countermark.law.statement.personal_data import KINDS, find_personal_data
from countermark.node.kernel.errors import Invalid, NotFound
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission

#: Regimes by whose proceeding it is, in the order of the page.
OPENED_BY = {
    OrganisationKind.RIGHTS_HOLDER: (
        "eu-customs-application",
        "eu-customs",
        "cn-customs-recordal",
        "cn-customs",
        "udrp",
    ),
    OrganisationKind.MARKETPLACE: ("us-inform",),
}
#: Who writes down what happened.
_WRITES = {
    OrganisationKind.RIGHTS_HOLDER: Permission.NOTICES_FILE,
    OrganisationKind.MARKETPLACE: Permission.NOTICES_DECIDE,
}
UTC = "UTC"
#: Names that mean another zone on another machine: what is pinned is counted the same everywhere.
_ZONES_OF_A_MACHINE = frozenset({"localtime", "posixrules", "Factory"})
#: What no number of a paper looks like; the other kinds are met in dockets too.
_PLAINLY_PERSONAL = frozenset({"account", "birth", "mail"})


def regimes_of(member: Member) -> tuple[Regime, ...]:
    """Procedures that the member's organisation can open; none for a payment platform."""
    return tuple(shipped_lawbook().regime(one) for one in OPENED_BY.get(member.organisation_kind, ()))


def regime_of(member: Member, regime_id: str) -> Regime:
    """One of them. Raises NotFound."""
    found = next((one for one in regimes_of(member) if one.id == regime_id), None)
    if found is None:
        raise NotFound("procedure", regime_id)
    return found


def writing(member: Member) -> Permission:
    """The permission to write in proceedings of this organisation."""
    return _WRITES.get(member.organisation_kind, Permission.NOTICES_FILE)


def may_write(member: Member) -> bool:
    """Whether the member may open proceedings and write down what happened."""
    return bool(regimes_of(member)) and member.may(writing(member))


def facts_at_opening(regime: Regime) -> tuple[str, ...]:
    """Facts of the case on which rules or moves depend and which no move sets: a person knows them from the start."""
    moves = _procedure(regime).moves
    asked = {one for rule in regime.file.rules for one in (*rule.holds_if, *rule.unless)}
    asked |= {one for move in moves for one in (*move.holds_if, *move.unless)}
    return tuple(sorted(asked - {one for move in moves for one in move.sets}))


def zone_of(regime: Regime, wanted: str) -> str:
    """The zone in which days are counted: that of the law, or the one of the case. Raises Invalid."""
    if regime.file.zone:
        return regime.file.zone
    name = wanted.strip() or UTC
    try:
        # The empty name is none: a zone of this machine would be another one on the next.
        return ZoneInfo("" if name in _ZONES_OF_A_MACHINE else name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        mend = "Write it as Europe/Paris, or leave it empty for UTC."
        raise Invalid.of("zone", "zone-unknown", "This time zone is not known.", mend) from error


def refuse_personal(words: str, field: str) -> None:
    """Refuse what is plainly data of a person: its words stay for years after it is closed. Raises Invalid."""
    found = next((one for one in find_personal_data(words) if one.kind in _PLAINLY_PERSONAL), None)
    if found is not None:
        message = f"It holds {KINDS[found.kind]}, and what is written here stays for years."
        raise Invalid.of(field, "personal-data", message, "Write the number of the paper that holds it instead.")


def is_closed(regime: Regime, state: str) -> bool:
    """Whether nothing more can happen in a state."""
    found = _procedure(regime).state(state)
    return found is None or found.closed


def _procedure(regime: Regime) -> Procedure:
    assert regime.file.procedure is not None
    return regime.file.procedure
