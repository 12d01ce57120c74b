"""Registered logos inside photographs: a network proposes places, a second one lays each upright and compares."""

from countermark.signals.image.logos.finder import LogoFinder, LogoMatch, LogoReference, Options

__all__ = ["LogoFinder", "LogoMatch", "LogoReference", "Options"]
