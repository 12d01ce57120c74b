"""Exchange: agreements with partners, and the signed feeds that pass between their nodes and this one."""
