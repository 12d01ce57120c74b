"""Where a new finding enters when an earlier one of the same listing and house exists: the rules, as one function."""

from dataclasses import dataclass

from countermark.model import Level
from countermark.node.findings.states import WAITING, FindingState

_RANK = {Level.LOW: 0, Level.MEDIUM: 1, Level.HIGH: 2}


@dataclass(frozen=True, slots=True)
class Standing:
    """What matters about the earlier finding.

    Attributes:
        state: where it stands.
        level: its risk as a word.
        content_hash: content of the listing it was made from.
    """

    state: FindingState
    level: Level
    content_hash: str


def entry_state(level: Level, content_hash: str, earlier: Standing | None) -> FindingState:
    """State in which a new finding enters.

    - Nothing earlier, or it lapsed: it waits for a first decision.
    - The earlier one still waits: the new one takes its place in the same queue.
    - The earlier one was decided: the decision was about the listing, not about our figures. While the listing's
      content is the same and the risk is not a higher word than the person saw, the decision stands; a change of
      policy or of references must not make people decide everything again. Otherwise it waits, with the earlier
      decision shown beside it.
    """
    if earlier is None:
        return FindingState.OPEN
    if earlier.state in WAITING:
        return earlier.state
    if earlier.state is FindingState.DECIDED:
        same_content = earlier.content_hash == content_hash
        higher = _RANK[level] > _RANK[earlier.level]
        return FindingState.DECIDED if same_content and not higher else FindingState.OPEN
    return FindingState.OPEN
