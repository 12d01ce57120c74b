"""Tests of what several rooms hold together."""
