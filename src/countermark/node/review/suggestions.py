"""The reason that is preselected: what the strongest signal suggests, so that one key is usually enough."""

from countermark.model import Direction, Finding
from countermark.node.review.verdicts import REASONS, Verdict

#: Signal to reason. Signals that say too little alone (a replica word, a low price) suggest a counterfeit.
_FOR = {
    "listing.never_made": "never_made",
    "image.copied_photo": "photo_copied",
    "image.logo_file": "logo_used",
    "image.logo_in_photo": "logo_used",
    "image.masked_logo": "logo_used",
    "text.disguised_mark": "mark_disguised",
    "text.lookalike": "lookalike_mark",
    "text.mark": "mark_used",
    "text.replica_word": "counterfeit",
    "text.wording": "counterfeit",
    "price.below_band": "counterfeit",
}
_AGAINST = {
    "seller.authorised": "authorised_seller",
    "text.genuine_context": "genuine_resale",
    "seller.established": "genuine_resale",
    "price.within_band": "genuine_resale",
}


def suggested_reason(finding: Finding, verdict: Verdict = Verdict.INFRINGING) -> str:
    """Code of the reason to preselect for a verdict: that of the weightiest signal that has one, else the first."""
    table, direction = (_FOR, Direction.FOR) if verdict is Verdict.INFRINGING else (_AGAINST, Direction.AGAINST)
    if verdict in {Verdict.INFRINGING, Verdict.NOT_INFRINGING}:
        for reason in sorted(finding.reasons, key=lambda r: -abs(r.weight)):
            if reason.direction is direction and reason.signal in table:
                return table[reason.signal]
    return REASONS[verdict][0].code
