"""Jobs: the worker that does what takes longer than a page may."""
