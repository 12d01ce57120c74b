"""Review: queues, leases and the decisions people take on findings."""
