"""A named person stands for a rule that no good source confirms; until then no machine acts on it."""

from datetime import UTC

from django.db import transaction

from countermark.law.tags import Review
from countermark.node.audit import services as audit
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.time import now
from countermark.node.lawbook import reading
from countermark.node.lawbook.models import RuleReview
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

LONGEST_WORDS, LEAST_WORDS, LONGEST_NAME = 2_000, 10, 200


def sign(member: Member, rule: str, version: str, *, words: str, name: str) -> None:
    """Sign one version of a rule.

    Args:
        member: LAWBOOK_SIGN.
        rule: `regime/rule`, or the id of a way of counting.
        version: hash of the rule as the person read it; another one in force means that it has changed meanwhile.
        words: what was read and how it was confirmed.
        name: the reviewer's, as signed.

    Raises:
        NotPermitted, NotFound, Invalid (words, name); Conflict: the rule has changed, is confirmed by its sources, or
            is signed already.
    """
    member.require(Permission.LAWBOOK_SIGN)
    subject = reading.subject(rule)
    _check_words(words)
    if not name.strip() or len(name) > LONGEST_NAME or not is_storable(name):
        raise Invalid.of("name", "name-missing", "A signature has a name.", "Write your name in full.")
    if subject.version != version:
        raise Conflict("The rule has changed since you read it. Read it again.", code="rule-changed")
    if subject.tag.is_confirmed:
        raise Conflict("Its sources confirm this rule; it needs no signature.", code="rule-confirmed")
    with transaction.atomic():
        if standing(member.organisation_id, rule, version) is not None:
            raise Conflict("This version is signed already.", code="signed-already")
        _write(member, rule, version, RuleReview.Act.SIGNED, words, name)


def take_back(member: Member, rule: str, version: str, *, words: str) -> None:
    """Take a signature back: from now on no machine acts on the rule. Raises as `sign`."""
    member.require(Permission.LAWBOOK_SIGN)
    _check_words(words)
    with transaction.atomic():
        row = standing(member.organisation_id, rule, version)
        if row is None:
            raise Conflict("This version is not signed.", code="not-signed")
        _write(member, rule, version, RuleReview.Act.TAKEN_BACK, words, member.name or member.actor)


def standing(organisation_id: int, rule: str, version: str) -> RuleReview | None:
    """The signature under a version, unless it was taken back."""
    rows = RuleReview.objects.filter(organisation_id=organisation_id, rule=rule, version=version)
    newest: RuleReview | None = rows.order_by("-pk").first()
    return newest if newest is not None and newest.act == RuleReview.Act.SIGNED else None


def reviews(organisation_id: int) -> tuple[Review, ...]:
    """Every signature of an organisation that stands, as the law's engine asks for them."""
    newest: dict[tuple[str, str], RuleReview] = {}
    for row in RuleReview.objects.filter(organisation_id=organisation_id).order_by("pk"):
        newest[row.rule, row.version] = row
    return tuple(
        Review(rule=row.rule, version=row.version, reviewer=f"usr_{row.by_id}", day=row.at.astimezone(UTC).date())
        for row in newest.values()
        if row.act == RuleReview.Act.SIGNED
    )


def _check_words(words: str) -> None:
    if not LEAST_WORDS <= len(words.strip()) <= LONGEST_WORDS or not is_storable(words):
        raise Invalid.of(
            "words",
            "words-missing",
            f"Say what was read, in {LEAST_WORDS} to {LONGEST_WORDS:,} characters.",
            "Name the text, its edition and what it says.",
        )


def _write(member: Member, rule: str, version: str, act: str, words: str, name: str) -> None:
    RuleReview(
        organisation_id=member.organisation_id,
        rule=rule,
        version=version,
        act=act,
        words=words.strip(),
        by_id=member.user_id,
        name=name.strip(),
        at=now(),
    ).save()
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action=f"rule.{act}",
        target=rule[:80],
        detail={"version": version},
    )
