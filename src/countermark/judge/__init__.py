"""The judge: signals to a risk that can be recomputed, a kind, and reasons for and against."""

from countermark.judge.counterfactuals import Counterfactual, counterfactuals
from countermark.judge.judging import ENGINE_VERSION, Judge
from countermark.judge.policy import Policy
from countermark.judge.policy_file import load_policy, parse_policy
from countermark.judge.recomputing import recompute
from countermark.judge.rendering import Depth, render_text
from countermark.judge.wording import Language
from countermark.judge.words import Explanation, explain, sentence_for

__all__ = [
    "ENGINE_VERSION",
    "Counterfactual",
    "Depth",
    "Explanation",
    "Judge",
    "Language",
    "Policy",
    "counterfactuals",
    "explain",
    "load_policy",
    "parse_policy",
    "recompute",
    "render_text",
    "sentence_for",
]
