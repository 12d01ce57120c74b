"""The law as screens: regimes, rules with their tags, and who stands for which."""
