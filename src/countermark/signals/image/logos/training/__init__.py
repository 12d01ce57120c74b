"""Make composites of marks on photographs and train the shipped weights from them (never imported at run time)."""
