"""The command line."""

import os

# Before anything imports numpy. Its products of small matrices would start a thread for each core, which wait for one
# another by turning round: beside other work that takes fifty times the processor time. Whoever sets it, decides.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
