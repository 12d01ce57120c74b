"""Pages of conduct: what waits, the record of a seller, the record of one who files, and what a seller answers."""
