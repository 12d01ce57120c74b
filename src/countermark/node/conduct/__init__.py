"""Conduct: strikes, measures and rates of sellers and of those who file, counted alike for both."""
