"""No second notice: under the Chinese rules for works on a network, what came back after an explanation stays back."""

from countermark.node.notices import papers
from countermark.node.notices.models import Notice
from countermark.node.notices.papers import Filed
from countermark.node.notices.states import Side

#: State in law after which only a court decides; cn-copyright/no-second-notice.
FINAL = "restored_final"
WHY = (
    "This work was restored after the seller's explanation. The law allows no second notice about it at the same "
    "place; only a court can decide."
)


def is_barred(organisation_id: int, partner: str, regime: str, paper: Filed) -> bool:
    """Whether a partner may not file this notice, because one about the same work at the same place was answered."""
    rows = Notice.objects.filter(
        organisation_id=organisation_id,
        side=Side.RECEIVED,
        regime=regime,
        law_state=FINAL,
        agreement__partner=partner,
    )
    said = (papers.read(text) for text in rows.values_list("paper", flat=True).iterator(500))
    return any((one.external_id, one.right_id) == (paper.external_id, paper.right_id) for one in said)
