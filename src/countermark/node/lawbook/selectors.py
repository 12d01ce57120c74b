"""Regimes and rules with their tags, and where each stands for one organisation."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop

from countermark.law.lawbook import shipped_lawbook
from countermark.law.tags import Tag
from countermark.node.lawbook.models import RuleReview
from countermark.node.lawbook.reading import Subject, subject, subjects
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a rule may be relied on.

    Attributes:
        code: confirmed, signed or waiting.
        words: for people.
        by, at: who signed, and when; empty unless signed. The name is hidden from one who may not see personal data.
    """

    code: str
    words: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in a list."""

    subject: Subject
    standing: Standing


@dataclass(frozen=True, slots=True)
class RegimeRow:
    """A regime in the list: how many of its rules a machine may act on."""

    id: str
    title: str
    version: str
    rules: int
    confirmed: int
    signed: int

    @property
    def waiting(self) -> int:
        """Rules on which nothing acts by itself."""
        return self.rules - self.confirmed - self.signed


@dataclass(frozen=True, slots=True)
class ReviewShown:
    """One act of a reviewer."""

    act: str
    words: str
    name: str
    at: datetime
    is_this_version: bool


CONFIRMED = Standing("confirmed", gettext_noop("Its sources confirm it."))
WAITING = Standing("waiting", gettext_noop("Nothing acts on it by itself until a named reviewer signs it."))


def title_of(regime_id: str) -> str:
    """The title of a regime, in English; its id when it is unknown."""
    found = shipped_lawbook().regimes.get(regime_id)
    return found.file.title if found else regime_id


def regimes(member: Member) -> tuple[RegimeRow, ...]:
    """Every regime, as it is in force. Raises NotPermitted (NOTICES_VIEW)."""
    signed = _newest(member)
    found = []
    for regime in shipped_lawbook().regimes.values():
        rows = [_standing(member, one, signed).code for one in subjects(regime.id)]
        title, version = regime.file.title, regime.version
        found.append(RegimeRow(regime.id, title, version, len(rows), rows.count("confirmed"), rows.count("signed")))
    return tuple(found)


def rules(member: Member, regime_id: str) -> tuple[RuleRow, ...]:
    """The rules of a regime. Raises NotPermitted (NOTICES_VIEW), NotFound."""
    signed = _newest(member)
    return tuple(RuleRow(one, _standing(member, one, signed)) for one in subjects(regime_id))


def counting(member: Member) -> tuple[RuleRow, ...]:
    """The ways of counting. Raises NotPermitted (NOTICES_VIEW)."""
    signed = _newest(member)
    found = (subject(name) for name in shipped_lawbook().counting)
    return tuple(RuleRow(one, _standing(member, one, signed)) for one in found)


def rule(member: Member, name: str) -> RuleRow:
    """One rule or way of counting. Raises NotPermitted (NOTICES_VIEW), NotFound."""
    signed, found = _newest(member), subject(name)
    return RuleRow(found, _standing(member, found, signed))


def history(member: Member, name: str) -> tuple[ReviewShown, ...]:
    """What reviewers did with a rule, newest first. Raises NotPermitted (NOTICES_VIEW), NotFound."""
    member.require(Permission.NOTICES_VIEW)
    here = subject(name).version
    rows = RuleReview.objects.filter(organisation_id=member.organisation_id, rule=name[:120]).order_by("-pk")[:100]
    return tuple(ReviewShown(row.act, row.words, _name(member, row), row.at, row.version == here) for row in rows)


def _newest(member: Member) -> dict[tuple[str, str], RuleReview]:
    member.require(Permission.NOTICES_VIEW)
    rows = RuleReview.objects.filter(organisation_id=member.organisation_id).order_by("pk")
    return {(row.rule, row.version): row for row in rows}


def _standing(member: Member, one: Subject, signed: dict[tuple[str, str], RuleReview]) -> Standing:
    if one.tag.is_confirmed:
        return CONFIRMED
    row = signed.get((one.id, one.version))
    if row is None or row.act != RuleReview.Act.SIGNED:
        return WAITING
    return Standing("signed", gettext_noop("A named reviewer stands for it."), _name(member, row), row.at)


def _name(member: Member, row: RuleReview) -> str:
    return row.name if member.may(Permission.PERSONAL_DATA_VIEW) else ""


def tag_of(regime_id: str, rule_id: str) -> Tag | None:
    """The tag of a rule as it is in force, for screens that name one; None when it is gone."""
    regime = shipped_lawbook().regimes.get(regime_id)
    found = next((one for one in regime.file.rules if one.id == rule_id), None) if regime else None
    return found.tag if found else None
