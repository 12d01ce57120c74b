"""The one page of a seller, as its link opens it, in one language."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from countermark.law.deadlines import Clock, day_in
from countermark.law.matter import Matter
from countermark.law.recourse import Body, shipped_recourse
from countermark.law.rule import Role
from countermark.law.wording import day_in_words, said
from countermark.node.kernel.time import now
from countermark.node.notices import answering, lawyer, links, papers, reasoning, telling
from countermark.node.notices.languages import language_of
from countermark.node.notices.models import Counter, Happening, Notice
from countermark.node.notices.reasons import COUNTER_REASONS, answer_words_of
from countermark.node.notices.shown import AnsweredShown, BodyShown, SellerView
from countermark.node.notices.states import Deed, Stage, Told

#: What happened, as the seller is told it; `{market}` decided, `{partner}` notified.
HISTORY = {
    Deed.FILE: gettext_noop("%(partner)s sent us a notice about your offer."),
    Deed.ASK: gettext_noop("We asked %(partner)s for more."),
    Deed.ANSWER: gettext_noop("%(partner)s answered our question."),
    Deed.ASK_SELLER: gettext_noop("We put the complaint of %(partner)s to you. Your offer stayed up."),
    Deed.ACCEPT: gettext_noop("%(partner)s accepted your answer."),
    Deed.REPLY: gettext_noop("%(partner)s answered you."),
    Deed.REMOVE: gettext_noop("We removed your offer."),
    Deed.PARTLY: gettext_noop("We removed a part of your offer."),
    Deed.REFUSE: gettext_noop("We refused the notice."),
    Deed.COUNTER: gettext_noop("You answered."),
    Deed.FORWARD: gettext_noop("We passed your answer on to %(partner)s."),
    Deed.ARRIVE: gettext_noop("Your answer has arrived at %(partner)s."),
    Deed.KEEP: gettext_noop("We looked at your answer. The offer stays down."),
    Deed.RESTORE: gettext_noop("We put your offer back."),
    Deed.LATE: gettext_noop("We put your offer back, later than the law allows."),
    Deed.PUT_BACK: gettext_noop("We put your offer back."),
    Deed.SUIT: gettext_noop("%(partner)s told us that it went to a court or an authority."),
    Deed.BODY: gettext_noop("%(partner)s took our decision to a certified dispute settlement body."),
    Deed.SELLER_BODY: gettext_noop("You took our decision to a certified dispute settlement body."),
    Deed.EXTEND: gettext_noop("The dispute settlement body takes longer: it finds the dispute highly complex."),
    Deed.SETTLE: gettext_noop("The dispute settlement body has closed the dispute. Its decision does not bind."),
    Deed.WITHDRAW: gettext_noop("%(partner)s withdrew its notice."),
}
#: How it stands, in one sentence.
STANDING = {
    Stage.AT_SELLER: gettext_noop("Your offer is up. There is a complaint, and you can answer it."),
    Stage.DOWN: gettext_noop("Your offer is down. You can answer."),
    Stage.COUNTERED: gettext_noop("Your offer is down. Your answer is being looked at."),
    Stage.KEPT: gettext_noop("Your offer stays down after your answer."),
    Stage.RESTORED: gettext_noop("Your offer may be shown again."),
    Stage.IN_COURT: gettext_noop("A court or an authority has the matter. Your offer stays down until it has decided."),
    Stage.WITHDRAWN: gettext_noop("The notice was withdrawn. What has no other ground comes back."),
    Stage.REFUSED: gettext_noop("The notice was refused. Your offer may be shown."),
    Stage.OPEN: gettext_noop("The notice is being looked at."),
    Stage.ASKED: gettext_noop("The notice is being looked at."),
}


def seller_language(token: str) -> str:
    """The language that is stored for the seller of a link; empty when none is. Raises NotFound."""
    row = links.follow(token).notice.tellings.order_by("-pk").first()
    return language_of(row.language) if row else ""


def seller_view(token: str, language: str) -> SellerView:
    """What a seller sees behind a link; `language` is the active one. Raises NotFound: unknown or over."""
    link = links.follow(token)
    row, paper, matter = link.notice, papers.read(link.notice.paper), lawyer.read(link.notice.matter)
    law = lawyer.regime(row.regime).file
    fields, declarations = answering.form_in(row.regime, language)
    answered = row.counters.order_by("-pk").first()
    reply = row.happenings.filter(deed=Deed.REPLY).exclude(words=None).order_by("-number").first()
    chance = next((one for one in matter.running if one.role is Role.CHANCE), None)
    until = chance.due.last if chance and chance.due else None
    recourse = shipped_recourse()[row.regime]
    names = {"market": row.organisation.name, "partner": row.other_side}
    ground = next((one.title for one in law.asked.grounds if one.id == paper.ground), paper.ground)
    return SellerView(
        marketplace=names["market"],
        brand=paper.brand,
        partner=names["partner"],
        title=row.title,
        url=web_address(paper.url),
        law=said(law.title, language),
        right=reasoning.right_in_words(paper),
        ground=said(ground, language),
        evidence=tuple(dict.fromkeys(said(law.asked.evidence.get(p.kind, p.kind), language) for p in paper.evidence)),
        standing=_standing(row, matter, language),
        undecided=row.stage == Stage.AT_SELLER or not (row.words_gone_at or row.statements.exists()),
        reply=reply.note if reply else "",
        sections=_statement(row, language),
        explanation=paper.explanation,
        until=until,
        days_left=max(0, (until - day_in(now(), matter.zone)).days) if until else None,
        firm=_is_firm(chance),
        counted=recourse.counted.get(language, "") if until else "",
        answer_is=recourse.answer[language],
        then=recourse.next[language],
        bodies=bodies_in(recourse.bodies, language),
        fields=fields,
        declarations=declarations,
        reasons=tuple((one.code, _(one.words)) for one in COUNTER_REASONS),
        can_answer=answering.may_answer_again(row, now()) and not lawyer.refusal(matter, Deed.COUNTER, now()),
        answered=_answered(answered) if answered else None,
        outcome=telling.sections_of(row.tellings.filter(what=Told.ANSWER).order_by("-pk").first(), language),
        steps=_steps(row, names),
        expires_at=link.expires_at,
    )


def _standing(row: Notice, matter: Matter, language: str) -> str:
    """How it stands in one sentence; an offer that a platform leaves up while it hears the seller is not down."""
    if row.stage == Stage.COUNTERED and not row.statements.exists():
        return _("Your offer is up. Your answer is being looked at.")
    waits = matter.clock("owner-answers")
    if row.stage == Stage.COUNTERED and waits is not None and waits.due is not None and waits.due.last is not None:
        day = day_in_words(waits.due.last, language)
        told = _("Your offer is down. The rights holder has your answer, and can answer you until %(day)s.")
        return told % {"day": day} + " " + _("Without an answer you can then write here again.")
    return _(STANDING.get(Stage(row.stage), ""))


def web_address(url: str) -> str:
    """An address that may be made a link: of the web, and nothing else."""
    return url if url.startswith(("https://", "http://")) else ""


def _statement(row: Notice, language: str) -> tuple[tuple[str, str], ...]:
    kinds = (Told.STATEMENT, Told.COMPLAINT)
    told = telling.sections_of(row.tellings.filter(what__in=kinds).order_by("-pk").first(), language)
    if told:
        return told
    older = row.statements.order_by("-pk").first()
    return tuple((one[0], one[1]) for one in older.sections) if older else ()


def _is_firm(chance: Clock | None) -> bool:
    return chance is None or chance.due is None or bool(getattr(chance.due, "is_firm", True))


def bodies_in(bodies: Iterable[Body], language: str) -> tuple[BodyShown, ...]:
    """Whom a seller can ask besides, in one language."""
    return tuple(
        BodyShown(
            name=one.name[language],
            says=one.says[language],
            url=one.url,
            sources=tuple(source.norm for source in one.sources),
            is_checked=all(source.tag.is_confirmed for source in one.sources),
        )
        for one in bodies
    )


def _answered(one: Counter) -> AnsweredShown:
    return AnsweredShown(
        reason=_(answer_words_of(one.reason)),
        words=one.words,
        papers=tuple(paper.name for paper in one.papers.defer("data").order_by("pk")),
        received_at=one.received_at,
    )


def _steps(row: Notice, names: dict[str, str]) -> tuple[tuple[datetime, str], ...]:
    """One line for each deed: a deed may be several events in law."""
    seen: list[Happening] = []
    for one in row.happenings.order_by("number"):
        if not seen or seen[-1].deed != one.deed:
            seen.append(one)
    return tuple((one.at, _(HISTORY[Deed(one.deed)]) % names) for one in seen if Deed(one.deed) in HISTORY)
