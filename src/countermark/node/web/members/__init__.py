"""Members: who belongs to the organisation, and in which role."""
