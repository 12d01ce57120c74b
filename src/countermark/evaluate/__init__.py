"""Findings against the truth: how often right, how much found, and whether a stated risk comes true."""

from countermark.evaluate.conformal import Bound, bound_from_decisions, bound_of
from countermark.evaluate.rendering import render_bound, render_text
from countermark.evaluate.report import Report, evaluate
from countermark.evaluate.share import Share

__all__ = ["Bound", "Report", "Share", "bound_from_decisions", "bound_of", "evaluate", "render_bound", "render_text"]
