"""Registered logos inside photographs: a network proposes places, a second one lays each upright and compares."""

from countermark.signals.image.logos.finder import LogoFinder, LogoMatch, LogoReference, Options
from countermark.signals.image.logos.stage import LogoLeftOut, LogoStage

__all__ = ["LogoFinder", "LogoLeftOut", "LogoMatch", "LogoReference", "LogoStage", "Options"]
