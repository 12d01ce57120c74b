"""The review screen: one finding in front of one person."""
