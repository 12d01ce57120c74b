"""Many notices signed together: each row is checked alone, filed or kept as a draft, once however often it is tried."""
