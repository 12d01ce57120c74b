"""What was exchanged, in the words of tools that companies have: STIX over TAXII, MISP, CSV. Read-only."""
