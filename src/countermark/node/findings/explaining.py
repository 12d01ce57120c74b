"""A finding in words; the one place of the node where findings are explained."""

from django.utils.translation import get_language

from countermark.judge import Explanation, Language, explain
from countermark.judge.words import ReasonLine
from countermark.model import Finding
from countermark.node.findings.engine import policy_of

__all__ = ["Explanation", "ReasonLine", "explanation", "language_of_reader"]

#: The language of a page to the language of an explanation.
_LANGUAGES = {"fr": Language.FR, "zh-hans": Language.ZH}


def explanation(record: Finding, organisation: int | None) -> Explanation:
    """The summary, the reasons for and against with their weights, and the versions it rests on.

    It is written in the language of whoever reads. Where the policy that made the finding is kept here, it also says
    which single change would change the word; where it is not, `policy_known` is False. Without an organisation only
    the policy in use is asked.
    """
    return explain(record, language_of_reader(), policy_of(organisation, record.policy_hash))


def language_of_reader() -> Language:
    """The language of the page, as the preferences or the browser chose it; English where there is no translation."""
    return _LANGUAGES.get((get_language() or "").lower(), Language.EN)
