"""Proceedings beside notices: customs, domain names, identity of traders. What happened, and which clocks run."""
