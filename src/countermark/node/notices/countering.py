"""A seller answers: no account, one link, plain words. What it writes is kept, and passed on to the brand."""

from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from countermark.law.asked import Paper
from countermark.law.drafts import Draft, Facts, Item, Signed
from countermark.law.preflight import preflight
from countermark.node.audit import services as audit
from countermark.node.exchange.rules.actions import NODE, Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.kernel.errors import Conflict, FieldProblem, Invalid, Problem
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import new_id
from countermark.node.kernel.time import now
from countermark.node.notices import answering, lawyer, links, papers, permits, recording
from countermark.node.notices.attachments import Attachment
from countermark.node.notices.models import Counter, CounterPaper, Notice
from countermark.node.notices.reasons import COUNTER_REASONS
from countermark.node.notices.recording import Done
from countermark.node.notices.states import Deed, Side, Stage
from countermark.node.parties.kinds import OrganisationKind

log = structlog.get_logger(__name__)

LONGEST_WORDS, LONGEST_FIELD = 8_000, 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a seller sends.

    Attributes:
        reason: a code of `COUNTER_REASONS`.
        words: why nothing is infringed.
        fields: what the law asks besides, by id.
        declared: id of a declaration to the version of the words that were shown.
        signer: name under the declarations.
        papers: invoices, authorisations.
        pass_identity: the seller wants its name and address to go to the brand.
    """

    reason: str
    words: str
    fields: dict[str, str] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)
    signer: str = ""
    papers: tuple[Attachment, ...] = ()
    pass_identity: bool = False


def counter(token: str, answer: Answer) -> str:
    """Take a seller's answer; gives its id (`cnt_…`). What it says is kept also while the brand cannot be reached.

    Raises:
        NotFound (the link), Invalid, LawRefuses.
    """
    with transaction.atomic():
        link = links.follow(token)
        notice = recording.lock_of(link.notice.organisation_id, link.notice.public_id)
        moment = now()
        if not answering.may_answer_again(notice, moment):
            said = _("You have answered already. This page shows what happened next.")
            raise Conflict(said, code="answered-already")
        _check(notice, answer, moment)
        row = _keep(notice, answer, moment)
        given = counter_facts(row.public_id, consents=True)
        recording.record(notice, Done(deed=Deed.COUNTER, at=moment, actor="seller", given=given, reason=answer.reason))
        audit.record(
            actor="system", organisation=notice.organisation_id, action="notice.countered", target=notice.public_id
        )
    pass_on(notice.pk)
    return row.public_id


def pass_on_all(most: int = 200) -> int:
    """For a worker: pass on every answer that the brand has not been told of."""
    told = Count("happenings__entry", filter=Q(happenings__deed=Deed.FORWARD), distinct=True)
    rows = Notice.objects.filter(side=Side.RECEIVED, stage=Stage.COUNTERED)
    waiting = rows.annotate(said=Count("counters", distinct=True), told=told).filter(said__gt=F("told"))
    return sum(pass_on(key) for key in waiting.order_by("pk").values_list("pk", flat=True)[:most])


def pass_on(key: int) -> bool:
    """Tell the brand what the seller answered; False when that is not possible now, and a worker tries again."""
    try:
        with transaction.atomic():
            notice = Notice.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=key)
            row = _next_to_pass_on(notice)
            if row is None:
                return False
            entry = permits.say(notice.agreed, _role(notice, row), _message(notice, row))
            recording.record(notice, Done(deed=Deed.FORWARD, at=now(), actor="node", entry=entry.entry_id))
    except Problem as problem:
        log.warning("notice.counter_waits", code=problem.code)
        return False
    return True


def _next_to_pass_on(notice: Notice) -> Counter | None:
    """The oldest answer that the brand has not been told of: they are passed on in their order, each once."""
    told = notice.happenings.filter(deed=Deed.FORWARD).values("entry").distinct().count()
    row: Counter | None = notice.counters.order_by("pk")[told : told + 1].first()
    return row


def counter_facts(reference: str, *, consents: bool) -> dict[str, str]:
    """References for what the laws ask a counter-notice to bring; the words stay in their own table."""
    asked = ("complaint", "prima_facie", "true_identity", "identity", "work_location", "preliminary_proof")
    found = dict.fromkeys((*asked, "proof", "signature", "perjury_statement"), reference)
    return found | {"jurisdiction_consent": reference if consents else ""}


def _check(notice: Notice, answer: Answer, moment: datetime) -> None:
    texts = [answer.words, answer.signer, *answer.fields.values()]
    if not is_storable(*texts) or len(answer.words) > LONGEST_WORDS or any(len(t) > LONGEST_FIELD for t in texts[1:]):
        raise Invalid.of("words", "not-text", _("A text is too long, or holds a character that cannot be stored."), "")
    problems = _legal(notice, answer, moment)
    if all(one.code != answer.reason for one in COUNTER_REASONS):
        problems.insert(0, FieldProblem("reason", "reason-unknown", _("Choose a reason."), _("One of the list.")))
    if problems:
        raise Invalid(problems)


def _legal(notice: Notice, answer: Answer, moment: datetime) -> list[FieldProblem]:
    paper = papers.read(notice.paper)
    signed = tuple(
        Signed(declaration=name, version=version, signer=answer.signer, at=moment)
        for name, version in answer.declared.items()
    )
    draft = Draft(
        paper=Paper.COUNTER,
        items=(Item(id=notice.public_id, url=paper.url or "https://unknown.example"),),
        fields={"facts": answer.words, "signature": answer.signer, **answer.fields},
        signed=signed,
    )
    facts = Facts(day=moment.date(), markets=())
    found = preflight(lawyer.law_of(lawyer.read(notice.matter)), draft, facts)
    return [answering.problem_in_words(notice.regime, p) for p in found if p.blocks and p.field != "items"]


def _keep(notice: Notice, answer: Answer, moment: datetime) -> Counter:
    declarations = {one.id: one.text for one in answering.wanted(notice.regime)[1]}
    row = Counter(
        notice=notice,
        public_id=new_id("cnt"),
        reason=answer.reason,
        words=answer.words.strip(),
        fields={**answer.fields, "signer": answer.signer, "pass_identity": "yes" if answer.pass_identity else ""},
        declared=[declarations[one] for one in answer.declared if one in declarations],
        hashes=[one.sha256 for one in answer.papers],
        received_at=moment,
    )
    row.save()
    for one in answer.papers:
        CounterPaper(counter=row, name=one.name, media_type=one.media_type, sha256=one.sha256, data=one.data).save()
    return row


def _role(notice: Notice, row: Counter) -> str:
    """No machine sends personal data unasked; the seller has asked when it ticked so."""
    if not row.fields.get("pass_identity"):
        return NODE
    roles = permits.standing_of(notice.agreed).terms.roles(Action.REVEAL, OrganisationKind.MARKETPLACE)
    return next(iter(roles), NODE)


def _message(notice: Notice, row: Counter) -> permits.Message:
    fields: dict[str, object] = {
        "counter_notice_id": row.public_id,
        "notice_id": notice.public_id,
        "regime": notice.regime,
        "ground": row.reason,
        "statement": row.words,
        "evidence_hashes": list(row.hashes),
        "good_faith": bool(row.declared),
        "consents_to_court": notice.regime == "us-dmca",
        "received_at": row.received_at,
        "forwarded_at": now(),
    }
    if row.fields.get("pass_identity"):
        fields |= {"seller_name": row.fields.get("signer", ""), "seller_address": row.fields.get("contact", "")}
    return permits.Message(
        type="notice.countered",
        subject=notice.public_id,
        kind=ItemKind.COUNTER_NOTICE,
        action=Action.SHARE,
        fields=fields,
        key=f"counter {row.public_id}",
    )
