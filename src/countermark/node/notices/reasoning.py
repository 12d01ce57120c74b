"""The statement of reasons that a seller is given: the law's builder, filled with what this decision says."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

import rfc8785

from countermark.law.statement.building import build_statement, seller_sections
from countermark.law.statement.decision import Decision, Measure, Origin, puid_of
from countermark.model import RightKind
from countermark.node.notices import lawyer, papers, reasons
from countermark.node.notices.models import Notice, Statement
from countermark.node.notices.states import Deed

_CONTENT = {"picture_only": ("IMAGE",), "text_only": ("TEXT",)}
_REDRESS = {
    "eu-dsa": (
        "You can complain to us, free of charge, within six months: use the answer on this page.",
        "You can go to a certified out-of-court dispute settlement body.",
        "You can go to court.",
    ),
}
_PLAIN_REDRESS = ("You can answer with a counter-notice on this page.", "You can go to court.")


def state_reasons(notice: Notice, deed: Deed, reason: str, at: datetime) -> Statement:
    """Write the statement of a restriction; its hash is the reference that the law's record keeps."""
    paper = papers.read(notice.paper)
    decision = _decision(notice, paper, deed, reason, at)
    sections = [list(one) for one in seller_sections(decision)]
    if deed is Deed.PARTLY:
        sections[0][1] = f"{reasons.words_of(reason)}. It applies from {decision.applies_from.isoformat()}."
    filing: dict[str, Any] | None = build_statement(decision) if notice.regime == "eu-dsa" else None
    digest = hashlib.sha256(rfc8785.dumps(sections)).hexdigest()
    statement = Statement(notice=notice, sections=sections, filing=filing, sha256=digest, at=at)
    statement.save()
    return statement


def right_in_words(paper: papers.Filed) -> str:
    """The right relied on, as a register names it; a register number of a partner is quoted, never resolved."""
    number = f"{paper.right_office} {paper.right_number}".strip()
    return " ".join(part for part in (paper.right_title or paper.brand, f"({number})" if number else "") if part)


def _decision(notice: Notice, paper: papers.Filed, deed: Deed, reason: str, at: datetime) -> Decision:
    law = lawyer.regime(notice.regime).file
    ground = next((one.title for one in law.asked.grounds if one.id == paper.ground), paper.ground)
    on_terms = reason == "terms"
    kinds = (RightKind(paper.right_kind),) if paper.right_kind in set(RightKind) else ()
    return Decision(
        puid=puid_of(secrets.token_bytes(16)),
        measures=(Measure.REMOVED,),
        posted=(notice.filed_at or at).date(),
        applies_from=at.date(),
        facts=f"The notice says: {ground}. Right relied on: {right_in_words(paper)}.",
        law="" if on_terms else f"{ground}, {law.title}",
        terms="Our terms on counterfeit goods" if on_terms else "",
        explanation=f"{reasons.words_of(reason)}.",
        kinds=kinds,
        content=_CONTENT.get(reason, ("PRODUCT",)),
        origin=Origin.NOTICE,
        notifier=notice.other_side,
        redress=_REDRESS.get(notice.regime, _PLAIN_REDRESS),
    )
