"""The wire: requests between two nodes, signed and checked, and the client that sends them. Knows no tables."""
