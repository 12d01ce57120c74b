"""The judge: signals to a risk that can be recomputed, a kind, and reasons for and against."""

from countermark.judge.judging import ENGINE_VERSION, Judge
from countermark.judge.policy import Policy
from countermark.judge.policy_file import load_policy, parse_policy
from countermark.judge.rendering import render_text
from countermark.judge.words import Explanation, explain, sentence_for

__all__ = [
    "ENGINE_VERSION",
    "Explanation",
    "Judge",
    "Policy",
    "explain",
    "load_policy",
    "parse_policy",
    "render_text",
    "sentence_for",
]
